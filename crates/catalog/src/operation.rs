//! One operation of ISC's REST API, with the scopes and user levels that open it.

use std::fmt;
use std::str::FromStr;

use crate::scope;

/// One operation: a method on a path, with what a caller needs for it. Operations
/// are ordered by path and then by method.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact that the description states"
)]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation {
    /// The path with its placeholders, such as `/sources/v1/{id}/schemas`.
    pub path: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The description's operation id, such as `listSourcesV1`; unique.
    pub id: &'static str,
    /// The scopes that open it to a token with user context; any one of them is
    /// enough. Empty where the description names none: any token opens it.
    pub scopes: &'static [&'static str],
    /// The user levels that may call it; any one of them is enough. Empty: any
    /// user may call it, also one with no level at all.
    pub levels: &'static [&'static str],
    /// Whether it is experimental: ISC answers 400 unless the request carries
    /// `X-SailPoint-Experimental: true`.
    pub experimental: bool,
    /// Whether a client without user context (an OAuth client that is no
    /// personal access token) may call it.
    pub application_auth: bool,
    /// Whether SailPoint announced that it goes away.
    pub deprecated: bool,
    /// Whether the description says nothing about this operation's security, so
    /// that `scopes` is empty for want of a statement. Read strictly, OpenAPI
    /// makes it inherit the description's default, `sp:scopes:all`. What a tenant
    /// does is not documented, so answers about it carry a caution.
    pub scopes_unstated: bool,
    /// Whether the description names no user levels for it, so that `levels` is
    /// empty for want of a statement; elsewhere an empty list means that the
    /// description says "any user". Some of these are known to ask for a level
    /// all the same, such as `PATCH /auth-users/v1/{id}`.
    pub levels_unstated: bool,
}

impl Operation {
    /// Whether a token with these scopes opens the operation: it names one of
    /// the operation's scopes, or `sp:scopes:all`, or the operation names none.
    ///
    /// A personal access token made without any scope gets `sp:scopes:all` from
    /// ISC; a caller that means such a token has to say so.
    pub fn opened_by<S: AsRef<str>>(&self, scopes: &[S]) -> bool {
        self.scopes.is_empty()
            || scopes.iter().any(|scope| {
                let scope = scope.as_ref();
                scope == scope::ALL || self.scopes.contains(&scope)
            })
    }

    /// Whether a user with these levels may call the operation.
    pub fn callable_at<S: AsRef<str>>(&self, levels: &[S]) -> bool {
        self.levels.is_empty()
            || levels
                .iter()
                .any(|level| self.levels.contains(&level.as_ref()))
    }

    /// Whether the operation only reads: a GET, or a POST that one of ISC's own
    /// `…:read` scopes opens (searching and counting are such POSTs).
    pub fn reads(&self) -> bool {
        match self.method {
            Method::Get => true,
            Method::Post => self.scopes.iter().any(|scope| scope.ends_with(":read")),
            Method::Put | Method::Patch | Method::Delete => false,
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// The HTTP methods that ISC's operations use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or starts something; searches too.
    Post,
    /// Replaces.
    Put,
    /// Changes by JSON Patch.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// Every method, in the order in which operations are sorted.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The method as HTTP writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Method {
    type Err = UnknownMethod;

    /// Reads a method without regard to case.
    fn from_str(text: &str) -> Result<Self, UnknownMethod> {
        Self::ALL
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownMethod {
                text: text.to_owned(),
            })
    }
}

/// A word that is not a method of ISC's operations.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid method \"{text}\"; ISC's operations use GET, POST, PUT, PATCH and DELETE")]
pub struct UnknownMethod {
    /// What was written.
    pub text: String,
}

/// The flag of an experimental operation in the generated table.
pub(crate) const EXPERIMENTAL: u8 = 1;
/// The flag of an operation that clients without user context may call.
pub(crate) const APPLICATION: u8 = 2;
/// The flag of a deprecated operation.
pub(crate) const DEPRECATED: u8 = 4;
/// The flag of an operation whose scopes the description leaves unsaid.
pub(crate) const SCOPES_UNSTATED: u8 = 8;
/// The flag of an operation whose levels the description leaves unsaid.
pub(crate) const LEVELS_UNSTATED: u8 = 16;

/// A row of the generated table.
pub(crate) const fn op(
    method: Method,
    path: &'static str,
    id: &'static str,
    scopes: &'static [&'static str],
    levels: &'static [&'static str],
    flags: u8,
) -> Operation {
    Operation {
        method,
        path,
        id,
        scopes,
        levels,
        experimental: flags & EXPERIMENTAL != 0,
        application_auth: flags & APPLICATION != 0,
        deprecated: flags & DEPRECATED != 0,
        scopes_unstated: flags & SCOPES_UNSTATED != 0,
        levels_unstated: flags & LEVELS_UNSTATED != 0,
    }
}

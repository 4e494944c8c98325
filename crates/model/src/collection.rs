//! Collection read from a tenant, complete or partial with the reason.

use serde::Serialize;
use std::fmt;

/// The rows of a collection, complete or partial.
///
/// Rows that a partial collection lacks are never treated as deleted: code that
/// needs all rows calls [`Collection::complete`] and has to handle its error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Collection<T> {
    /// All rows.
    Complete(T),
    /// Some rows, and why not all.
    Partial {
        /// The rows that could be read.
        found: T,
        /// Why the others could not.
        why: Incomplete,
    },
}

impl<T> Collection<T> {
    /// All rows, or why some are missing.
    pub fn complete(&self) -> Result<&T, &Incomplete> {
        match self {
            Self::Complete(all) => Ok(all),
            Self::Partial { why, .. } => Err(why),
        }
    }

    /// Converts the rows; the collection stays complete or partial.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Collection<U> {
        match self {
            Self::Complete(all) => Collection::Complete(convert(all)),
            Self::Partial { found, why } => Collection::Partial {
                found: convert(found),
                why,
            },
        }
    }

    /// The rows that were found, complete or not. For display, never for a decision.
    pub fn found(&self) -> &T {
        match self {
            Self::Complete(found) | Self::Partial { found, .. } => found,
        }
    }
}

impl<T: Default> Collection<T> {
    /// A collection of which nothing could be read.
    pub fn unread(reason: IncompleteReason, detail: impl Into<String>) -> Self {
        Self::Partial {
            found: T::default(),
            why: Incomplete::new(reason, detail),
        }
    }
}

/// Why a collection is partial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Incomplete {
    /// The kind of cause.
    pub reason: IncompleteReason,
    /// What happened, as text, with the tracking id where ISC gave one.
    pub detail: String,
    /// The request that was not allowed, such as `GET /accounts/v1`, from which the
    /// missing scope follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
}

impl Incomplete {
    /// A reason that no scope would change.
    pub fn new(reason: IncompleteReason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
            call: None,
        }
    }
}

impl fmt::Display for Incomplete {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.reason, self.detail)
    }
}

/// Causes of a partial collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum IncompleteReason {
    /// The caller may not read it (403).
    Forbidden,
    /// The tenant rejects the request, or does not have the object (such as 400 and
    /// 404).
    Refused,
    /// The tenant kept failing until the retries were used up.
    RetriesUsedUp,
    /// A firewall or proxy answered in the tenant's place.
    Intercepted,
    /// A page had fewer rows than it should.
    ShortPage,
    /// The number of rows does not match the total that the tenant stated.
    TotalMismatch,
    /// A row could not be decoded.
    UndecodableRow,
    /// A store of secrets could not be read.
    StoreUnreadable,
    /// Several rows match where only one is possible.
    Ambiguous,
    /// Another fact says that rows are missing.
    Contradicted,
}

impl fmt::Display for IncompleteReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Forbidden => "not allowed",
            Self::Refused => "the tenant rejected the request",
            Self::RetriesUsedUp => "no response after all retries",
            Self::Intercepted => "a firewall or proxy answered instead of ISC",
            Self::ShortPage => "a page had too few rows",
            Self::TotalMismatch => "the number of rows differs from the stated total",
            Self::UndecodableRow => "a row could not be decoded",
            Self::StoreUnreadable => "the store could not be read",
            Self::Ambiguous => "several rows match, but only one is possible",
            Self::Contradicted => "another fact contradicts it",
        })
    }
}

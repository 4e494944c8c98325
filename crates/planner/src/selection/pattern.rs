//! A pattern of `--only` and `--except`: a kind, an address, or an account.

use super::kinds::KINDS;
use globset::{GlobBuilder, GlobMatcher};
use model::Address;
use std::fmt;
use std::str::FromStr;

/// What a pattern of a selection matches: `kind:levels`, an address such as
/// `token/SA-001/*`, or an account by its id or name. In addresses, ids and
/// names `*`, `?`, `[…]` and `{…,…}` are taken as in a shell, and `*` spans
/// slashes too.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Kind(&'static str),
    Address(GlobMatcher),
    /// The text itself, whatever characters it has.
    Exactly,
    Account(GlobMatcher),
}

impl Pattern {
    /// The pattern that matches this address only.
    pub(super) fn exactly(address: &Address) -> Self {
        Self {
            text: address.to_string(),
            what: What::Exactly,
        }
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches the address. `name` is the name of the
    /// account that the address belongs to.
    pub(crate) fn matches(&self, address: &Address, name: Option<&str>) -> bool {
        match &self.what {
            What::Kind(kind) => address.kind() == *kind,
            What::Address(glob) => self.is(glob, &address.to_string()),
            What::Exactly => self.text == address.to_string(),
            What::Account(glob) => address.account().is_some_and(|key| {
                self.is(glob, key.as_str()) || name.is_some_and(|name| self.is(glob, name))
            }),
        }
    }

    /// Whether it matches accounts by id or name, with all that is theirs.
    pub(super) fn is_of_accounts(&self) -> bool {
        matches!(self.what, What::Account(_))
    }

    /// A name may contain characters that are special in a pattern, so the text
    /// itself matches, too.
    fn is(&self, glob: &GlobMatcher, text: &str) -> bool {
        self.text == text || glob.is_match(text)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// An invalid pattern of a selection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// An empty pattern.
    #[error("expected an account's id or name, an address such as levels/SA-001, or kind:levels")]
    Empty,
    /// An unknown kind.
    #[error("there is no kind `{kind}`; {help}")]
    Kind {
        /// The kind.
        kind: String,
        /// What it may have been meant to be, or all kinds.
        help: String,
    },
    /// Unclosed brackets or braces.
    #[error("invalid pattern `{text}`: {why}")]
    Glob {
        /// The pattern.
        text: String,
        /// What is wrong with it.
        why: String,
    },
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        let what = if let Some(kind) = text.strip_prefix("kind:") {
            What::Kind(kind_of(kind)?)
        } else if is_address(text) {
            What::Address(glob(text)?)
        } else {
            What::Account(glob(text)?)
        };
        Ok(Self {
            text: text.to_owned(),
            what,
        })
    }
}

/// The kind of this name.
fn kind_of(text: &str) -> Result<&'static str, PatternError> {
    KINDS
        .into_iter()
        .find(|kind| *kind == text)
        .ok_or_else(|| PatternError::Kind {
            kind: text.to_owned(),
            help: catalog::did_you_mean(text, KINDS).map_or_else(
                || format!("the kinds are {}", KINDS.join(", ")),
                |kind| format!("did you mean kind:{kind}?"),
            ),
        })
}

fn is_address(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(kind, rest)| KINDS.contains(&kind) && !rest.is_empty())
}

fn glob(text: &str) -> Result<GlobMatcher, PatternError> {
    let glob = GlobBuilder::new(text)
        .literal_separator(false)
        .backslash_escape(true)
        .build()
        .map_err(|error| PatternError::Glob {
            text: text.to_owned(),
            why: error.kind().to_string(),
        })?;
    Ok(glob.compile_matcher())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_patterns_match() {
        for (pattern, address, name, expected) in [
            ("SA-001", "levels/SA-001", None, true),
            ("SA-001", "token/SA-001/x", None, true),
            ("SA-001", "levels/SA-0010", None, false),
            ("SA-001", "source/SA-001", None, false),
            ("audit01", "account/SA-001", Some("audit01"), true),
            ("audit*", "account/SA-001", Some("audit01"), true),
            ("SA-*", "invitation/SA-7", None, true),
            ("sa-*", "invitation/SA-7", None, false),
            ("SA-00[12]", "account/SA-002", None, true),
            ("{SA-1,SA-2}", "account/SA-2", None, true),
            ("SA?1", "account/SA/1", None, true),
            ("a\\*b", "account/a*b", None, true),
            ("a\\*b", "account/axb", None, false),
            ("a*b", "account/a*b", None, true),
            ("kind:levels", "levels/SA-001", None, true),
            ("kind:levels", "token/levels/x", None, false),
            ("levels/SA-001", "levels/SA-001", None, true),
            ("levels/SA-001", "token/SA-001/x", None, false),
            ("token/SA-001/*", "token/SA-001/a/b", None, true),
            (
                "source/Service Accounts",
                "source/Service Accounts",
                None,
                true,
            ),
            ("source/*", "schema/x", None, false),
            // Not the name of a kind, so an account whose id has a slash.
            ("team/a", "account/team/a", None, true),
        ] {
            let parsed: Pattern = pattern.parse().unwrap();
            assert_eq!(
                parsed.matches(&address.parse().unwrap(), name),
                expected,
                "{pattern} {address}"
            );
        }
    }

    #[test]
    fn what_is_no_pattern() {
        for (text, says) in [
            ("", "expected an account's id"),
            ("kind:level", "did you mean kind:levels?"),
            ("kind:role", "the kinds are source, schema"),
            ("SA-[0", "invalid pattern"),
            ("{a", "invalid pattern"),
        ] {
            let error = text.parse::<Pattern>().unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}

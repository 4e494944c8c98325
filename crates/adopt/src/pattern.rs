//! Patterns that select accounts by name or id, as in a shell.

use globset::{GlobBuilder, GlobMatcher};
use model::LiveAccount;
use std::str::FromStr;

/// An account's name or id, in which `*` and `?` match any characters.
#[derive(Clone, Debug)]
pub struct AccountPattern {
    text: String,
    glob: GlobMatcher,
}

/// A pattern with brackets or braces that are not closed, for example.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid pattern: {0}")]
pub struct PatternError(String);

impl AccountPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it selects this account, by its name or its id on the source.
    pub fn matches(&self, account: &LiveAccount) -> bool {
        self.is(account.name.as_str()) || self.is(account.native_identity.as_str())
    }

    /// A name may contain characters that are special in a pattern, so the
    /// pattern also matches itself.
    fn is(&self, text: &str) -> bool {
        self.text == text || self.glob.is_match(text)
    }
}

impl FromStr for AccountPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let glob = GlobBuilder::new(text)
            .literal_separator(false)
            .build()
            .map_err(|error| PatternError(error.kind().to_string()))?;
        Ok(Self {
            text: text.to_owned(),
            glob: glob.compile_matcher(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_names_and_themselves() {
        for (pattern, text, expected) in [
            ("hr-*", "hr-import", true),
            ("hr-*", "it-import", false),
            ("SA-00?", "SA-001", true),
            ("team/*", "team/a/b", true),
            ("bot[1]", "bot1", true),
            ("bot[1]", "bot[1]", true),
        ] {
            let parsed: AccountPattern = pattern.parse().unwrap();
            assert_eq!(parsed.is(text), expected, "{pattern} {text}");
        }
        assert!("SA-[0".parse::<AccountPattern>().is_err());
    }
}

//! Access of an unmanaged account: what its identity still holds, as far as it was read.

use crate::{TokenName, UserLevel};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// What the identity of an unmanaged account still holds. What was not read is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Holding {
    /// Its user levels; none where they were not read.
    pub user_levels: Option<BTreeSet<UserLevel>>,
    /// Its tokens that have not expired; none where they were not read.
    pub tokens: Option<Vec<HeldToken>>,
}

/// A token that the identity of an unmanaged account still has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldToken {
    /// Its name.
    pub name: TokenName,
    /// When it expires; none if never.
    pub expires: Option<Timestamp>,
}

impl Holding {
    /// Nothing, which is known.
    pub fn nothing() -> Self {
        Self {
            user_levels: Some(BTreeSet::new()),
            tokens: Some(Vec::new()),
        }
    }

    /// Whether it is known that there is nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::nothing()
    }

    /// What is held, and what was not read, in words.
    pub fn in_words(&self) -> String {
        let Self {
            user_levels,
            tokens,
        } = self;
        let levels = user_levels
            .as_ref()
            .map(|levels| named("user level", levels.iter().map(UserLevel::as_str)));
        let tokens = tokens
            .as_ref()
            .map(|tokens| named("token", tokens.iter().map(|token| token.name.as_str())));
        match (levels, tokens) {
            (Some(levels), Some(tokens)) => format!("holds {levels} and {tokens}"),
            (Some(levels), None) => format!("holds {levels}; tokens not read"),
            (None, Some(tokens)) => format!("holds {tokens}; user levels not read"),
            (None, None) => "user levels and tokens not read".to_owned(),
        }
    }
}

/// Objects of a kind with their names.
fn named<'a>(noun: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.as_slice() {
        [] => format!("no {noun}"),
        [one] => format!("the {noun} {one}"),
        more => format!("the {noun}s {}", more.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_read_is_not_called_nothing() {
        let levels = |names: &[&str]| Some(names.iter().map(|name| (*name).into()).collect());
        let tokens = |names: &[&str]| {
            let held = |name: &&str| HeldToken {
                name: (*name).into(),
                expires: None,
            };
            Some(names.iter().map(held).collect())
        };
        for (user_levels, tokens, expected) in [
            (levels(&[]), tokens(&[]), "holds no user level and no token"),
            (
                levels(&["A", "B"]),
                tokens(&["t"]),
                "holds the user levels A, B and the token t",
            ),
            (
                levels(&["A"]),
                None,
                "holds the user level A; tokens not read",
            ),
            (
                None,
                tokens(&["t", "u"]),
                "holds the tokens t, u; user levels not read",
            ),
            (None, None, "user levels and tokens not read"),
        ] {
            let holding = Holding {
                user_levels,
                tokens,
            };
            assert_eq!(holding.in_words(), expected);
            assert_eq!(
                holding.is_nothing(),
                expected.starts_with("holds no user level and no")
            );
        }
    }
}

//! Which rows of the token list are shown: the selected ones, those that end soon, unused ones.

use super::row::{ListedToken, Standing, TokenList};
use crate::selection::{Pattern, Selection};
use jiff::{SignedDuration, Timestamp};
use model::Address;

/// Which tokens a person asked for.
#[derive(Clone, Debug, Default)]
pub struct TokenFilter {
    /// The accounts and tokens.
    pub selection: Selection,
    /// Only those in use that end within this time, or have ended.
    pub expiring_within: Option<SignedDuration>,
    /// Only those that were not used for this long, and exist for as long.
    pub unused_for: Option<SignedDuration>,
}

impl TokenFilter {
    /// Leaves out what was not asked for. What was not read stays, because it may be
    /// among it.
    pub fn apply(&self, list: &mut TokenList) {
        let now = list.at;
        list.tokens.retain(|token| self.keeps(token, now));
    }

    /// Whether a token is among what was asked for, or may be.
    fn keeps(&self, token: &ListedToken, now: Timestamp) -> bool {
        let Self {
            selection,
            expiring_within,
            unused_for,
        } = self;
        if !selection.selects(&token.address(), Some(token.account_name.as_str())) {
            return false;
        }
        if let Standing::Unread { why: _ } = token.standing {
            return true;
        }
        expiring_within.is_none_or(|within| ends_within(token, within, now))
            && unused_for.is_none_or(|since| is_unused(token, since, now))
    }

    /// The patterns of the selection that match neither a token nor a declared account.
    pub fn unmatched<'a>(
        &'a self,
        list: &TokenList,
        accounts: impl Iterator<Item = (Address, &'a str)>,
    ) -> Vec<&'a str> {
        let accounts: Vec<(Address, &str)> = accounts.collect();
        let patterns = self.selection.only().iter().chain(self.selection.except());
        patterns
            .filter(|pattern| {
                let mut tokens = list.tokens.iter();
                let mut accounts = accounts.iter();
                !tokens.any(|token| {
                    pattern.matches(&token.address(), Some(token.account_name.as_str()))
                }) && !accounts.any(|(address, name)| pattern.matches(address, Some(name)))
            })
            .map(Pattern::as_str)
            .collect()
    }
}

fn ends_within(token: &ListedToken, within: SignedDuration, now: Timestamp) -> bool {
    token.standing.is_in_use()
        && token
            .expires()
            .flatten()
            .is_some_and(|end| end.duration_since(now) <= within)
}

/// ISC keeps the day of the last use only. One that was never used counts from its creation.
fn is_unused(token: &ListedToken, since: SignedDuration, now: Timestamp) -> bool {
    token.token.as_ref().is_some_and(|live| {
        let last = live.last_used.unwrap_or(live.created);
        now.duration_since(last) >= since
    })
}

#[cfg(test)]
mod tests {
    use super::super::row::Missing;
    use super::*;
    use crate::testing::fixtures::{NOW, live_token};
    use std::collections::BTreeMap;

    fn row(name: &str, standing: Standing) -> ListedToken {
        ListedToken {
            account: "SA-001".into(),
            account_name: "audit01".into(),
            identity: Some("i".into()),
            is_doubted: false,
            name: Some(name.into()),
            standing,
            token: Some(live_token(name, "i", &[])),
            scopes: None,
            delivery: None,
            next: None,
            people: crate::ForPeople::default(),
        }
    }

    fn days(days: i64) -> SignedDuration {
        SignedDuration::from_hours(24 * days)
    }

    #[test]
    fn what_ends_soon_is_what_is_in_use() {
        let mut ended = row("ended", Standing::Declared);
        let mut near = row("near", Standing::Issuer);
        let mut far = row("far", Standing::Declared);
        let mut retiring = row(
            "retiring",
            Standing::Retiring {
                of: "a".into(),
                until: NOW,
                rolled_back: false,
            },
        );
        let mut never = row("never", Standing::Undeclared);
        for (row, end) in [
            (&mut ended, Some(-1)),
            (&mut near, Some(30)),
            (&mut far, Some(31)),
            (&mut retiring, Some(1)),
            (&mut never, None),
        ] {
            row.token.as_mut().unwrap().expires = end.map(|end| NOW + days(end));
        }
        let mut missing = row("missing", Standing::Missing(Missing::Planned));
        missing.token = None;
        let mut unread = row("unread", Standing::Unread { why: String::new() });
        unread.token = None;
        let mut list = TokenList {
            at: NOW,
            tokens: vec![ended, near, far, retiring, never, missing, unread],
            incomplete: BTreeMap::new(),
        };
        let filter = TokenFilter {
            expiring_within: Some(days(30)),
            ..TokenFilter::default()
        };
        filter.apply(&mut list);
        let names: Vec<String> = list
            .tokens
            .iter()
            .map(|row| row.name_or_issuer().to_string())
            .collect();
        assert_eq!(names, ["ended", "near", "unread"]);
    }

    #[test]
    fn one_that_was_never_used_counts_from_its_creation() {
        for (created, used, expected) in [
            (-100, Some(-100), true),
            (-100, Some(-90), true),
            (-100, Some(-89), false),
            (-100, None, true),
            (-10, None, false),
        ] {
            let mut row = row("report", Standing::Undeclared);
            let live = row.token.as_mut().unwrap();
            live.created = NOW + days(created);
            live.last_used = used.map(|used| NOW + days(used));
            assert_eq!(
                is_unused(&row, days(90), NOW),
                expected,
                "{created} {used:?}"
            );
        }
    }

    #[test]
    fn tokens_never_used_are_old_valid_and_without_a_use_after_the_day_of_their_proof() {
        for (created, used, expires, expected) in [
            (-30, None, Some(10), true),
            (-30, None, None, true),
            // steersman signs in with what it creates.
            (-30, Some(-30), Some(10), true),
            (-30, Some(-29), Some(10), false),
            (-29, None, Some(10), false),
            (-30, None, Some(0), false),
        ] {
            for (standing, counts) in [
                (Standing::Declared, true),
                (Standing::Issuer, false),
                (Standing::MayBeIssuer, false),
                (Standing::Undeclared, true),
                (Standing::OfSailPoint, false),
                (
                    Standing::Retiring {
                        of: "report".into(),
                        until: NOW,
                        rolled_back: false,
                    },
                    false,
                ),
            ] {
                let mut row = row("report", standing);
                let live = row.token.as_mut().unwrap();
                live.created = NOW + days(created);
                live.last_used = used.map(|used| NOW + days(used));
                live.expires = expires.map(|end| NOW + days(end));
                let found = row.is_never_used(NOW);
                assert_eq!(found, expected && counts, "{row:?}");
            }
        }
    }

    #[test]
    fn patterns_that_match_nothing_are_named() {
        let list = TokenList {
            at: NOW,
            tokens: vec![row("report", Standing::Declared)],
            incomplete: BTreeMap::new(),
        };
        let patterns = [
            "audit01",
            "token/SA-001/rep*",
            "SA-002",
            "nightly",
            "token/SA-001/x",
        ];
        let only = patterns.iter().map(|text| text.parse().unwrap()).collect();
        let filter = TokenFilter {
            selection: Selection::new(only, Vec::new()),
            ..TokenFilter::default()
        };
        let accounts = [(Address::Account("SA-002".into()), "nobody")];
        assert_eq!(
            filter.unmatched(&list, accounts.into_iter()),
            ["nightly", "token/SA-001/x"]
        );
    }
}

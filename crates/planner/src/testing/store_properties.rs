//! Property tests: stores in every state, for every spec.

use super::fixtures::NOW;
use super::generators::{empty, spec};
use super::realized::{enrolled, realized};
use crate::{Allowances, plan};
use model::{
    Action, Address, BlockedReason, Live, Operation, Plan, Spec, StoreKey, StoredToken, TokenId,
    Unasked,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn planned(spec: &Spec, live: &Live) -> Plan {
    plan(spec, live, NOW, &Allowances::default())
}

/// What a place can hold, and what has to come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Delivered,
    Missing,
    Moved,
    Stale,
    Undescribed,
    Foreign,
    Unreadable,
    NotAsked,
}

impl Place {
    const ALL: [Self; 8] = [
        Self::Delivered,
        Self::Missing,
        Self::Moved,
        Self::Stale,
        Self::Undescribed,
        Self::Foreign,
        Self::Unreadable,
        Self::NotAsked,
    ];

    fn stored(self, token: &TokenId) -> StoredToken {
        let present = |client_id: &TokenId, says_own| StoredToken::Present {
            client_id: client_id.clone(),
            says_own,
            rotation: 0,
            previous: None,
        };
        let why = || "no key".to_owned();
        match self {
            Self::Delivered => present(token, false),
            Self::Missing => StoredToken::Absent,
            Self::Moved => StoredToken::Elsewhere {
                at: StoreKey {
                    store: "old".into(),
                    key: "old".to_owned(),
                },
                client_id: token.clone(),
                is_read: true,
            },
            Self::Stale => present(&"gone".into(), true),
            Self::Undescribed => present(&"gone".into(), false),
            Self::Foreign => StoredToken::Foreign {
                why: why(),
                of: None,
            },
            Self::Unreadable => StoredToken::Unreadable { why: why() },
            Self::NotAsked => StoredToken::NotAsked,
        }
    }
}

/// A settled tenant whose places hold what the numbers say.
fn site(spec: &Spec, numbers: &[usize]) -> (Live, BTreeMap<Address, Place>) {
    let mut live = realized(&empty(), &planned(spec, &empty()));
    live = enrolled(&live, &planned(spec, &live));
    live = realized(&live, &planned(spec, &live));
    let mut places = BTreeMap::new();
    let mut numbers = numbers.iter().cycle();
    for (key, account) in &spec.accounts {
        let sources = live.sources.values().filter_map(|one| one.found().as_ref());
        let identity = sources
            .flat_map(|source| source.accounts.found())
            .find(|one| one.name == account.name)
            .and_then(|one| one.identity.clone());
        for name in account.tokens.iter().flat_map(model::TokenSpecs::keys) {
            let token = live
                .tokens
                .found()
                .iter()
                .find(|token| token.name == *name && Some(&token.owner) == identity.as_ref());
            let (Some(token), Some(number)) = (token, numbers.next()) else {
                continue;
            };
            let place = Place::ALL[number % Place::ALL.len()];
            let stored = place.stored(&token.id);
            let tokens = live.stores.tokens.entry(key.clone()).or_default();
            tokens.insert(name.clone(), stored);
            places.insert(Address::Token(key.clone(), name.clone()), place);
        }
    }
    (live, places)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever the stores hold, no token is taken away at once, only certain knowledge
    /// leads to a new secret, everything else is said, and nothing is left to plan.
    #[test]
    fn planner_17_stores_in_every_state(
        spec in spec(),
        numbers in prop::collection::vec(0..8_usize, 1..12),
    ) {
        let (mut live, places) = site(&spec, &numbers);
        for unasked in [Unasked::Assumed, Unasked::Blocked] {
            live.stores.unasked = unasked;
            let plan = planned(&spec, &live);
            for step in &plan.steps {
                prop_assert!(step.action != Action::Delete, "{}", step.address);
                let Operation::ReplaceToken { retire_as, .. } = &step.operation else {
                    return Err(TestCaseError::fail(format!("{step:?}")));
                };
                prop_assert!(retire_as.is_some(), "{}", step.address);
                let place = places.get(&step.address);
                prop_assert!(
                    matches!(place, Some(Place::Missing | Place::Moved | Place::Stale)),
                    "{} {place:?}", step.address
                );
            }
            for (address, place) in &places {
                let blocked = plan.blocked.iter().find(|one| one.address == *address);
                let reason = blocked.map(|one| one.reason);
                let is_planned = plan.steps.iter().any(|step| step.address == *address);
                match place {
                    Place::Delivered | Place::NotAsked => prop_assert_eq!(reason, None),
                    Place::Undescribed | Place::Foreign => {
                        prop_assert_eq!(reason, Some(BlockedReason::ForeignSecret));
                    }
                    Place::Unreadable => prop_assert_eq!(reason, Some(BlockedReason::Unread)),
                    Place::Missing | Place::Moved | Place::Stale => prop_assert!(
                        is_planned || reason == Some(BlockedReason::NoTokenSlot),
                        "{} {:?}", address, reason
                    ),
                }
            }
        }
        let live = realized(&live, &planned(&spec, &live));
        let again = planned(&spec, &live);
        let steps: Vec<_> = again.steps.iter().map(|step| step.address.to_string()).collect();
        // A slot that was taken by the first replacement is the second one's later.
        prop_assert!(steps.is_empty(), "{:?}", steps);
    }
}

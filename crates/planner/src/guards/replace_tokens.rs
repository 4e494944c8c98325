//! Guard that limits how many tokens a plan replaces because their secrets are gone.
//!
//! One secret is deleted by mistake. A store that lacks all of them was not checked out,
//! not mounted, or is another one: each consumer would then lose its token after the
//! overlap.

use super::delete_tokens::tokens_there;
use super::info::{GuardInfo, Lifting};
use super::limit::Limited;
use model::{Limit, Operation, Policy, Reason};

/// The guard. Rotations and changed keys are not counted: files declare them.
pub(super) const GUARD: Limited = Limited {
    info: GuardInfo {
        name: Policy::REPLACE_TOKENS,
        about: "tokens that the plan replaces because their secrets are not in their stores; many at once mean that a store is not the right one",
        default: "10",
        lifting: Lifting::CountOrLimit,
    },
    default: Limit::Count(10),
    words: ("replaces, because their secrets are missing,", "token"),
    count: |step, _| {
        u64::from(
            matches!(step.operation, Operation::ReplaceToken { .. })
                && step.reason == Reason::DeliveryMissing,
        )
    },
    there: tokens_there,
};

#[cfg(test)]
mod tests {
    use crate::testing::fixtures::{
        account, applied_tenant, enroll, guide, live_account, live_token, source_mut,
    };
    use crate::testing::guard_cases::at_its_limit;
    use model::{Collection, IssuerState, Policy, StoredToken};

    #[test]
    fn planner_17_a_store_that_lacks_everything_is_not_believed() {
        at_its_limit(Policy::REPLACE_TOKENS, 10, |count| {
            let (mut spec, mut live) = (guide(), applied_tenant());
            spec.accounts.clear();
            enroll(&mut live);
            source_mut(&mut live).accounts = Collection::Complete(Vec::new());
            for number in 0..count {
                let (key, name) = (format!("SA-{number}"), format!("robot{number}"));
                let identity = format!("i{number}");
                let mut declared = account(&key, &name);
                declared.user_levels = None;
                // Whose identity it is, is not what this is about.
                declared.identity = Some(identity.as_str().into());
                spec.accounts.insert(declared.key.clone(), declared);
                if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
                    accounts.push(live_account(&key, &name, &identity));
                }
                let mut issuer = live_token("issuer", &identity, &[]);
                issuer.id = format!("issuer-{number}").into();
                let client_id = issuer.id.clone();
                let mut token = live_token(
                    "monthly-report",
                    &identity,
                    &["sp:report:read", "sp:search:read"],
                );
                token.id = format!("token-{number}").into();
                if let Collection::Complete(tokens) = &mut live.tokens {
                    tokens.extend([issuer, token]);
                }
                let key = model::AccountKey::from(key.as_str());
                let present = IssuerState::Present {
                    client_id,
                    origin: model::IssuerOrigin::Steersman {
                        replaces: "enrolled".into(),
                        rotation: 0,
                    },
                };
                live.stores.issuers.insert(key.clone(), present);
                let absent = [("monthly-report".into(), StoredToken::Absent)];
                live.stores.tokens.insert(key, absent.into());
            }
            (spec, live)
        });
    }
}

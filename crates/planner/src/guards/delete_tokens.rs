//! Guard that limits how many tokens a plan revokes or disables.

use super::info::{GuardInfo, Lifting};
use super::limit::{Limited, Owners, by_source};
use model::{Limit, Live, Operation, Policy, Reason, SourceName};
use std::collections::BTreeMap;

/// The guard. Replaced tokens whose overlap is over are not counted: their
/// revocation was approved with the replacement.
pub(super) const GUARD: Limited = Limited {
    info: GuardInfo {
        name: Policy::DELETE_TOKENS,
        about: "tokens that the plan revokes or disables, without replaced ones whose overlap is over",
        default: "10",
        lifting: Lifting::CountOrLimit,
    },
    default: Limit::Count(10),
    words: ("revokes", "token"),
    count: |step, _| {
        u64::from(
            matches!(
                step.operation,
                Operation::RevokeToken { .. } | Operation::DisableToken { .. }
            ) && step.reason != Reason::OverlapOver,
        )
    },
    there: tokens_there,
};

/// How many tokens the identities of each source have.
pub(super) fn tokens_there(live: &Live, owners: &Owners<'_>) -> BTreeMap<SourceName, u64> {
    let tokens = live.tokens.found().iter();
    by_source(owners, tokens.map(|token| (&token.owner, 1)))
}

#[cfg(test)]
mod tests {
    use crate::testing::fixtures::{applied_tenant, enroll, guide, live_token};
    use crate::testing::guard_cases::at_its_limit;
    use model::{Collection, Policy, UnmanagedTokens};

    #[test]
    fn ten_tokens_may_go() {
        at_its_limit(Policy::DELETE_TOKENS, 10, |count| {
            let (mut spec, mut live) = (guide(), applied_tenant());
            spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
            enroll(&mut live);
            if let Collection::Complete(tokens) = &mut live.tokens {
                tokens.extend(
                    (0..count).map(|number| live_token(&format!("t{number}"), "identity-1", &[])),
                );
            }
            (spec, live)
        });
    }
}

//! Guard that limits how many scopes a plan removes from tokens.

use super::info::{GuardInfo, Lifting};
use super::limit::{Limited, by_source, count, removed};
use model::{Limit, Operation, Policy};

/// The guard. Scopes of tokens that are revoked altogether are counted by
/// `deleteTokens`.
pub(super) const GUARD: Limited = Limited {
    info: GuardInfo {
        name: Policy::REMOVE_SCOPES,
        about: "scopes that the plan removes from tokens that stay, counted per token and scope",
        default: "20",
        lifting: Lifting::CountOrLimit,
    },
    default: Limit::Count(20),
    words: ("removes", "scope"),
    count: |step, _| match step.operation {
        Operation::UpdateToken { .. } | Operation::ReplaceToken { .. } => removed(step, "scopes"),
        _ => 0,
    },
    there: |live, owners| {
        let tokens = live.tokens.found().iter();
        by_source(
            owners,
            tokens.map(|token| (&token.owner, count(token.effective_scopes().len()))),
        )
    },
};

#[cfg(test)]
mod tests {
    use crate::testing::fixtures::{enroll, guide, live_token};
    use crate::testing::guard_cases::at_its_limit;
    use model::{Collection, Policy};

    #[test]
    fn twenty_scopes_may_go() {
        at_its_limit(Policy::REMOVE_SCOPES, 20, |count| {
            let mut live = crate::testing::fixtures::applied_tenant();
            enroll(&mut live);
            let mut token = live_token(
                "monthly-report",
                "identity-1",
                &["sp:report:read", "sp:search:read"],
            );
            token
                .scopes
                .extend((0..count).map(|number| format!("x:{number}:read").into()));
            if let Collection::Complete(tokens) = &mut live.tokens {
                tokens.push(token);
            }
            (guide(), live)
        });
    }
}

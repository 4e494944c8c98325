//! Guard that limits of how many tokens a plan shortens the expiry.
//!
//! A person may have extended an expiry in ISC for a reason that no file has yet.

use super::delete_tokens::tokens_there;
use super::info::{GuardInfo, Lifting};
use super::limit::Limited;
use model::{Limit, Policy, Reason};

/// The guard.
pub(super) const GUARD: Limited = Limited {
    info: GuardInfo {
        name: Policy::SHORTEN_TOKENS,
        about: "tokens that expire later in ISC than declared, and whose expiry the plan shortens",
        default: "10",
        lifting: Lifting::CountOrLimit,
    },
    default: Limit::Count(10),
    words: ("shortens the expiry of", "token"),
    count: |step, _| u64::from(step.reason == Reason::ExpiryShortened),
    there: tokens_there,
};

#[cfg(test)]
mod tests {
    use crate::testing::fixtures::{applied_tenant, enroll, guide, live_token, token};
    use crate::testing::guard_cases::at_its_limit;
    use crate::testing::scenarios::audit01;
    use jiff::SignedDuration;
    use model::{Collection, Policy};

    #[test]
    fn tokens_8_an_expiry_that_was_extended_by_hand_is_shortened_up_to_a_limit() {
        at_its_limit(Policy::SHORTEN_TOKENS, 10, |count| {
            let (mut spec, mut live) = (guide(), applied_tenant());
            enroll(&mut live);
            let declared = audit01(&mut spec).tokens.as_mut().unwrap();
            *declared = model::TokenSpecs::new();
            for number in 0..count {
                let name = format!("t{number}");
                declared.insert(name.as_str().into(), token(&name));
                let scopes = ["sp:report:read", "sp:search:read"];
                let mut extended = live_token(&name, "identity-1", &scopes);
                extended.expires = extended
                    .expires
                    .map(|end| end + SignedDuration::from_hours(24 * 30));
                if let Collection::Complete(tokens) = &mut live.tokens {
                    tokens.push(extended);
                }
            }
            (spec, live)
        });
    }
}

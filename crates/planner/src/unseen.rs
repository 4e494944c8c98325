//! Identities of which a plan changes something, and that were not looked up for it.
//!
//! An account that has an issuer token of its identity is known to be registered, so a plan
//! without changes reads no identity of it. A change has to know whose the identity is: by
//! its age, and by the source that made it. So what a plan changes is looked up, whatever
//! else made it read more, and it is planned once more with that.

use model::{IdentityId, IdentityTarget, Live, Operation, Plan, Step, TokenId};
use std::collections::BTreeSet;

/// The identities that the tokens, user levels and issuer tokens of a plan's steps belong
/// to, and that were not looked up.
pub fn unseen_identities(live: &Live, plan: &Plan) -> BTreeSet<IdentityId> {
    let changed: BTreeSet<&TokenId> = plan.steps.iter().filter_map(changed_token).collect();
    let of_tokens = live.tokens.found().iter();
    let of_tokens = of_tokens.filter(|token| changed.contains(&token.id));
    let owners = plan.steps.iter().filter_map(|step| owner(&step.operation));
    owners
        .chain(of_tokens.map(|token| &token.owner))
        .filter(|identity| !live.identities.contains_key(*identity))
        .cloned()
        .collect()
}

/// The token that a step changes, where the step does not say whose it is.
fn changed_token(step: &Step) -> Option<&TokenId> {
    match &step.operation {
        Operation::UpdateToken { token, .. } => Some(token),
        _ => None,
    }
}

/// The identity that an operation changes something of, where it is there already and the
/// operation says it.
fn owner(operation: &Operation) -> Option<&IdentityId> {
    match operation {
        Operation::MintToken(new) | Operation::ReplaceToken { new, .. } => Some(&new.identity),
        Operation::DisableToken { owner, .. } | Operation::RevokeToken { owner, .. } => Some(owner),
        Operation::ReplaceIssuer(replacement) => Some(&replacement.new.identity),
        Operation::RollBackToken(back) => Some(&back.identity),
        Operation::Invite { identity, .. } | Operation::SetLevels { identity, .. } => {
            match identity {
                IdentityTarget::Known(identity) => Some(identity),
                IdentityTarget::OfAccount { .. } => None,
            }
        }
        // Its owner is found by the token.
        Operation::UpdateToken { .. }
        | Operation::CreateSource(_)
        | Operation::UpdateSource { .. }
        | Operation::DefineSchema { .. }
        | Operation::ImportRow { .. }
        | Operation::CreateProfile(_)
        | Operation::UpdateProfile { .. }
        | Operation::ProcessIdentities { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, applied_tenant, enroll, guide, source_mut};
    use crate::testing::scenarios::{add_token, audit01, blocked, planned, steps};
    use jiff::SignedDuration;
    use model::{BlockedReason, Collection, Spec, UnmanagedTokens};

    /// An enrolled account whose levels and token are as declared, as its identity was not
    /// looked up. The account had another id before, and its identity is older than its row.
    fn renamed() -> (Spec, Live) {
        let (mut spec, mut live) = (guide(), applied_tenant());
        enroll(&mut live);
        live.identities.clear();
        spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
        audit01(&mut spec).user_levels = None;
        audit01(&mut spec).previously.id = Some("SA-000".into());
        add_token(
            &mut live,
            "monthly-report",
            &["sp:report:read", "sp:search:read"],
        );
        if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
            accounts[0].created = Some(NOW);
        }
        (spec, live)
    }

    /// What a second reading adds.
    fn looked_up(live: &Live) -> Live {
        let mut enrolled = applied_tenant();
        enroll(&mut enrolled);
        let mut read = enrolled.identities.remove("identity-1").unwrap();
        if let Collection::Complete(Some(identity)) = &mut read {
            identity.created = Some(NOW - SignedDuration::from_hours(24 * 30));
        }
        let mut live = live.clone();
        live.identities.insert("identity-1".into(), read);
        live
    }

    #[test]
    fn only_what_a_plan_changes_is_looked_up() {
        let (spec, mut live) = renamed();
        let plan = planned(&spec, &live);
        assert_eq!(steps(&plan), Vec::<String>::new());
        assert_eq!(unseen_identities(&live, &plan), BTreeSet::new());
        add_token(&mut live, "of-a-person", &[]);
        let plan = planned(&spec, &live);
        assert_eq!(steps(&plan), ["- token/SA-001/of-a-person !"]);
        assert_eq!(
            unseen_identities(&live, &plan),
            ["identity-1".into()].into()
        );
        assert_eq!(unseen_identities(&looked_up(&live), &plan), BTreeSet::new());
    }

    #[test]
    fn a_token_that_is_changed_in_place_has_its_owner_looked_up() {
        let (mut spec, live) = renamed();
        let tokens = audit01(&mut spec).tokens.iter_mut().flatten();
        for (_, token) in tokens {
            token.scopes = ["sp:search:read".into()].into();
        }
        let plan = planned(&spec, &live);
        assert!(matches!(
            plan.steps[0].operation,
            Operation::UpdateToken { .. }
        ));
        assert_eq!(
            unseen_identities(&live, &plan),
            ["identity-1".into()].into()
        );
    }

    /// The identity is older than the row, so that nothing shows that it is the account's
    /// own. A plan that reads it for another reason says so, and so does any other.
    #[test]
    fn whose_an_identity_is_does_not_depend_on_what_else_made_the_plan_read_it() {
        let (spec, mut live) = renamed();
        add_token(&mut live, "of-a-person", &[]);
        let live = looked_up(&live);
        let plan = planned(&spec, &live);
        assert_eq!(steps(&plan), Vec::<String>::new());
        assert_eq!(
            blocked(&plan),
            [format!(
                "token/SA-001/of-a-person {:?}",
                BlockedReason::OwnershipUnknown
            )]
        );
    }
}

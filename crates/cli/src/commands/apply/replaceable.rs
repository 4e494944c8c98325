//! Whether declared tokens can be created again, before `token revoke --replace` revokes them.

use super::basis::Basis;
use crate::assessment::Assessment;
use crate::failure::Failure;
use model::{AccountKey, Address, BlockedReason, Plan, TokenName, error_chain};
use planner::{Standing, TokenList};
use std::collections::BTreeSet;

/// Checks that each of these declared tokens could be replaced now: nothing blocks its
/// rotation, and its secret can be delivered. Without that, what uses it would be left with
/// nothing. `selected` plans these tokens alone.
///
/// # Errors
/// The first token that could not, with why and what to do. Nothing is changed.
pub(super) async fn check(
    basis: Basis<'_>,
    assessment: &Assessment,
    list: &TokenList,
    declared: &BTreeSet<Address>,
    selected: fn(Basis<'_>, &Assessment, &BTreeSet<Address>) -> Plan,
) -> Result<(), Failure> {
    let mut trial = Assessment {
        live: assessment.live.clone(),
        plan: assessment.plan.clone(),
        read_at: assessment.read_at,
    };
    trial.live.stores.requested = names(list, declared, |_| true);
    let plan = selected(basis, &trial, declared);
    let blocked = plan.blocked.iter().find(|blocked| {
        // The revocation leaves a slot.
        declared.contains(&blocked.address) && blocked.reason != BlockedReason::NoTokenSlot
    });
    if let Some(blocked) = blocked {
        return Err(Failure::Irreplaceable {
            message: format!(
                "{} is not revoked, because it could not be created again: {}; nothing was changed",
                blocked.address, blocked.message
            ),
            help: format!(
                "{}; to stop it at once in spite of that, run `steersman token disable`",
                blocked.remedy
            ),
            not_allowed: is_a_matter_of_access(blocked.reason),
        });
    }
    for (key, name) in trial.live.stores.requested {
        let account = basis.spec.accounts.get(&key);
        let Some(wanted) = account.and_then(|account| account.tokens.as_ref()?.get(&name)) else {
            continue;
        };
        if let Err(error) = basis.facts.stores.probe(&wanted.deliver).await {
            return Err(Failure::Irreplaceable {
                message: format!(
                    "{} is not revoked, because no new secret can be delivered to {}: {}; nothing was changed",
                    Address::Token(key, name),
                    wanted.deliver,
                    error_chain(&error)
                ),
                help: "make the store writable here; to stop the token at once in spite of that, run `steersman token disable`".to_owned(),
                not_allowed: false,
            });
        }
    }
    Ok(())
}

/// Those of these declared tokens that do not exist.
pub(super) fn gone(
    list: &TokenList,
    declared: &BTreeSet<Address>,
) -> BTreeSet<(AccountKey, TokenName)> {
    names(list, declared, |standing| {
        matches!(standing, Standing::Missing(_))
    })
}

fn names(
    list: &TokenList,
    declared: &BTreeSet<Address>,
    are: impl Fn(&Standing) -> bool,
) -> BTreeSet<(AccountKey, TokenName)> {
    let tokens = list.tokens.iter();
    tokens
        .filter(|token| declared.contains(&token.address()) && are(&token.standing))
        .map(|token| (token.account.clone(), token.name_or_issuer()))
        .collect()
}

/// Whether what blocks is that nobody may create tokens of the account.
fn is_a_matter_of_access(reason: BlockedReason) -> bool {
    matches!(
        reason,
        BlockedReason::NoIssuer | BlockedReason::NotRegistered
    )
}

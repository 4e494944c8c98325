//! User level step: sets the levels of an identity and verifies the result.

use super::checks::{self, Found, Unknown};
use crate::context::Context;
use crate::step_error::StepError;
use model::{Fingerprint, IdentityTarget, LiveUser, Step, TenantWrite, UserLevel};
use std::collections::BTreeSet;

/// Sets an identity's user levels to exactly these, if they are as they were when
/// the plan was made, and reads them back: ISC can leave one out without an error.
pub(super) async fn set<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    identity: &IdentityTarget,
    levels: &BTreeSet<UserLevel>,
) -> Result<Option<String>, StepError> {
    let target = identity;
    let identity = context.results.identity(target)?;
    let LiveUser {
        levels: observed,
        names,
    } = context.tenant.user(&identity).await?;
    checks::is_own(context, target, Found::Names(&names), Unknown::Stops)?;
    if &observed == levels {
        return Ok(None);
    }
    if step.fingerprint.is_some() {
        checks::as_planned(step, Some(&Fingerprint::of(&observed)))?;
    } else {
        // The identity of a new account may have existed before: levels that the
        // plan did not show, and that no guard has counted, are not removed.
        let unseen: Vec<&UserLevel> = observed
            .difference(levels)
            .filter(|level| !is_shown(step, level))
            .collect();
        if !unseen.is_empty() {
            return Err(StepError::Missing {
                what: format!(
                    "identity {identity} already holds {}, which the plan did not show",
                    list(unseen)
                ),
                help: Some(
                    "check whose identity it is; the next plan shows which levels it would lose"
                        .to_owned(),
                ),
            });
        }
    }
    context.tenant.set_user_levels(&identity, levels).await?;
    let back = context.tenant.user_levels(&identity).await?;
    checks::as_written(step, difference(levels, &back))?;
    Ok(None)
}

/// The levels that were not granted or not removed.
fn difference(levels: &BTreeSet<UserLevel>, back: &BTreeSet<UserLevel>) -> Option<String> {
    let missing = list(levels.difference(back).collect());
    let extra = list(back.difference(levels).collect());
    Some(match (missing.as_str(), extra.as_str()) {
        ("", "") => return None,
        (missing, "") => format!("ISC did not grant {missing}"),
        ("", extra) => format!("ISC did not remove {extra}"),
        (missing, extra) => {
            format!("ISC did not grant {missing}, and did not remove {extra}")
        }
    })
}

/// Whether the plan shows that the identity holds this level.
fn is_shown(step: &Step, level: &UserLevel) -> bool {
    step.before
        .as_ref()
        .and_then(|before| before.get("userLevels")?.as_array())
        .is_some_and(|shown| shown.iter().any(|shown| shown == level.as_str()))
}

fn list(levels: Vec<&UserLevel>) -> String {
    levels
        .into_iter()
        .map(UserLevel::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

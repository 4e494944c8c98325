//! User levels.

use crate::context::Context;
use crate::step_error::StepError;
use model::{Fingerprint, IdentityTarget, Step, TenantWrite, UserLevel};
use std::collections::BTreeSet;

/// Makes an identity's user levels exactly these, if they are as they were when
/// the plan was made, and reads them back: a tenant may drop one in silence.
pub(super) async fn set<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    identity: &IdentityTarget,
    levels: &BTreeSet<UserLevel>,
) -> Result<Option<String>, StepError> {
    let identity = context.identity(identity)?;
    let there = context.tenant.user_levels(&identity).await?;
    if &there == levels {
        return Ok(None);
    }
    if step
        .fingerprint
        .as_ref()
        .is_some_and(|planned| planned != &Fingerprint::of(&there))
    {
        return Err(StepError::Stale {
            what: step.address.to_string(),
        });
    }
    // The identity of an account that is new may have been somebody's before:
    // what the plan did not show, and no guard has counted, is not taken away.
    if step.fingerprint.is_none() {
        let unseen: Vec<&UserLevel> = there
            .difference(levels)
            .filter(|level| !is_shown(step, level))
            .collect();
        if !unseen.is_empty() {
            return Err(StepError::Missing {
                what: format!(
                    "identity {identity} holds {} already, which the plan did not know of",
                    list(unseen)
                ),
                help: Some(
                    "see whose identity it is; the next plan shows what it would lose".to_owned(),
                ),
            });
        }
    }
    context.tenant.set_user_levels(&identity, levels).await?;
    let back = context.tenant.user_levels(&identity).await?;
    if &back == levels {
        return Ok(None);
    }
    let missing = list(levels.difference(&back).collect());
    let extra = list(back.difference(levels).collect());
    let detail = match (missing.as_str(), extra.as_str()) {
        (missing, "") => format!("the tenant did not grant {missing}"),
        ("", extra) => format!("the tenant did not take away {extra}"),
        (missing, extra) => {
            format!("the tenant did not grant {missing}, and did not take away {extra}")
        }
    };
    Err(StepError::NotAsWritten {
        what: step.address.to_string(),
        detail,
    })
}

/// Whether the plan says that the identity holds this level.
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

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
    // The identity of an account that is new has whatever levels it comes with.
    if step
        .fingerprint
        .as_ref()
        .is_some_and(|planned| planned != &Fingerprint::of(&there))
    {
        return Err(StepError::Stale {
            what: step.address.to_string(),
        });
    }
    context.tenant.set_user_levels(&identity, levels).await?;
    let back = context.tenant.user_levels(&identity).await?;
    if &back == levels {
        return Ok(None);
    }
    let list = |levels: Vec<&UserLevel>| {
        levels
            .into_iter()
            .map(UserLevel::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
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

//! User level step: sets the levels of an identity and verifies the result.

use super::checks::{self, Found, Unknown};
use crate::context::{Context, Held, RELIED_ON_FOR};
use crate::step_error::StepError;
use model::{
    Fingerprint, IdentityId, IdentityTarget, Step, TenantError, TenantErrorKind, TenantWrite,
    UserLevel,
};
use std::collections::BTreeSet;

/// Sets an identity's user levels to exactly these, with one request, if they are as they
/// were when the plan was made. ISC replaces all levels at once, so it is asked to compare
/// them within the write. Where it cannot, they were read at most 30 seconds before. The
/// response shows what was set: ISC can leave one out without an error.
pub(super) async fn set<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    identity: &IdentityTarget,
    levels: &BTreeSet<UserLevel>,
) -> Result<Option<String>, StepError> {
    /// How often they are read again, where the write waits too long for its turn.
    const ATTEMPTS: usize = 3;
    for _ in 1..ATTEMPTS {
        match attempt(context, step, identity, levels).await {
            Err(StepError::Tenant(error)) if error.kind == TenantErrorKind::TooLate => {}
            result => return result,
        }
    }
    attempt(context, step, identity, levels).await
}

async fn attempt<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    identity: &IdentityTarget,
    levels: &BTreeSet<UserLevel>,
) -> Result<Option<String>, StepError> {
    let target = identity;
    let identity = context.results.identity(target)?;
    let (tenant, results) = (context.tenant, &context.results);
    let held = context.facts.held(tenant, results, &identity).await?;
    match (&held, target) {
        (_, IdentityTarget::Known(_)) => {}
        (Held::Read(user, _), IdentityTarget::OfAccount { .. }) => {
            checks::is_own(context, target, Found::Names(&user.names), Unknown::Stops)?;
        }
        (Held::Compared | Held::Listed(..), IdentityTarget::OfAccount { .. }) => {
            let read = context.facts.identity(tenant, results, &identity).await?;
            checks::is_own(context, target, Found::Whole(&read), Unknown::Stops)?;
        }
    }
    let (observed, within) = match held {
        Held::Read(user, left) => (Some(user.levels), Some(left)),
        Held::Listed(levels, left) => (Some(levels), Some(left)),
        Held::Compared => (None, None),
    };
    let from = match observed {
        Some(observed) if observed == *levels => return Ok(None),
        Some(observed) => {
            may_replace(step, &identity, &observed, levels)?;
            observed
        }
        None => shown(step),
    };
    let from = Some(&from).filter(|_| context.facts.may_compare());
    let told = match tenant
        .set_user_levels(&identity, from, levels, within)
        .await
    {
        Err(error) if from.is_some() && is_rejected(&error) => {
            // They are others by now, or ISC has another reason.
            let now = std::time::Instant::now();
            let observed = tenant.user_levels(&identity).await?;
            if observed == *levels {
                return Ok(None);
            }
            may_replace(step, &identity, &observed, levels)?;
            let within = Some(RELIED_ON_FOR.saturating_sub(now.elapsed()));
            tenant
                .set_user_levels(&identity, None, levels, within)
                .await?
        }
        told => told?,
    };
    let back = match told {
        Some(back) => back,
        None => tenant
            .user_levels(&identity)
            .await
            .map_err(|error| StepError::from(error).after_sending())?,
    };
    checks::as_written(step, difference(levels, &back))?;
    Ok(None)
}

fn is_rejected(error: &TenantError) -> bool {
    matches!(error.kind, TenantErrorKind::Rejected { .. })
}

/// Checks that the observed levels may be replaced: the plan has seen them.
fn may_replace(
    step: &Step,
    identity: &IdentityId,
    observed: &BTreeSet<UserLevel>,
    levels: &BTreeSet<UserLevel>,
) -> Result<(), StepError> {
    if step.fingerprint.is_some() {
        return checks::as_planned(step, Some(&Fingerprint::of(observed)));
    }
    // The identity of a new account may have existed before: levels that the
    // plan did not show, and that no guard has counted, are not removed.
    let shown = shown(step);
    let unseen: Vec<&UserLevel> = observed
        .difference(levels)
        .filter(|level| !shown.contains(*level))
        .collect();
    if unseen.is_empty() {
        return Ok(());
    }
    Err(StepError::Missing {
        what: format!(
            "identity {identity} already holds {}, which the plan did not show",
            list(unseen)
        ),
        help: Some(
            "check whose identity it is; the next plan shows which levels it would lose".to_owned(),
        ),
    })
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

/// The levels that the plan shows that the identity holds.
fn shown(step: &Step) -> BTreeSet<UserLevel> {
    let before = step.before.as_ref();
    let shown = before.and_then(|before| before.get("userLevels")?.as_array());
    let shown = shown.into_iter().flatten();
    shown
        .filter_map(|level| level.as_str().map(UserLevel::from))
        .collect()
}

fn list(levels: Vec<&UserLevel>) -> String {
    levels
        .into_iter()
        .map(UserLevel::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

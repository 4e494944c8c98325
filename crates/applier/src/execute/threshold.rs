//! Raises the delete threshold of a source for one import, and sets it back.

use super::again::Tries;
use crate::context::Context;
use crate::journal::{Conclusion, LeftRaised, RaiseIntent};
use crate::step_error::StepError;
use model::{
    Address, RaisedThreshold, SourceChange, SourceId, SourceName, TenantError, TenantErrorKind,
    TenantWrite,
};
use std::future::Future;

/// Raises the threshold where the plan says so, acts, and sets it back, however the
/// act ended. The journal has it before: after a kill, the next run sets it back. One
/// that another run or a person has set meanwhile stays as it is.
pub(super) async fn raised<T: TenantWrite, V>(
    context: &Context<'_, T>,
    address: &Address,
    (source, name): (&SourceId, &SourceName),
    raise: Option<RaisedThreshold>,
    act: impl Future<Output = Result<V, StepError>>,
) -> Result<V, StepError> {
    let Some(RaisedThreshold { to, back }) = raise else {
        return act.await;
    };
    let intent = RaiseIntent {
        source: source.clone(),
        name: name.clone(),
        to,
        back,
    };
    let id = context
        .journal
        .raise(address, intent)
        .map_err(StepError::RaiseJournal)?;
    let result = match raise_to(context, (source, name), to, back).await {
        Ok(()) => act.await,
        Err(error) => Err(error),
    };
    match (set_back(context, (source, name), to, back).await, result) {
        (Ok(restored), result) => {
            let conclusion = match restored {
                Restored::Back => Conclusion::Done,
                Restored::Changed(now) => {
                    context.progress.notice(
                        address,
                        &format!(
                            "the delete threshold of \"{name}\" was raised to {to}% for the import, and is {now} meanwhile: another run or an admin changed it, so it was not set back to {back}%; check it in ISC"
                        ),
                    );
                    Conclusion::Superseded
                }
            };
            if let Err(error) = context.journal.conclude(id, &conclusion) {
                let error = model::error_chain(&error);
                let text = format!("cannot write the result to the journal: {error}");
                context.progress.notice(address, &text);
            }
            result
        }
        // What was imported is imported. The entry stays in the journal, so that the
        // plan that verifies the run, or the next one, has the threshold in it.
        (Err(error), result) => {
            let why = error.chain();
            context.progress.notice(
                address,
                &format!(
                    "the delete threshold of \"{name}\" is still raised to {to}%, because setting it back to {back}% failed: {why}; run `steersman apply` again, which sets it back, or set it in ISC"
                ),
            );
            result
        }
    }
}

/// Closes the entries of earlier runs whose thresholds are not raised any more.
pub(crate) async fn settle<T: TenantWrite>(context: &Context<'_, T>) {
    for LeftRaised { id, intent } in context.journal.earlier().raised {
        let is_over = match context.tenant.source_named(&intent.name).await {
            Ok(Some(source)) => {
                source.id != intent.source
                    || source.effective_delete_threshold() != i64::from(intent.to)
            }
            Ok(None) => true,
            Err(_) => false,
        };
        if is_over {
            // An entry that stays is looked at again by the next run.
            let _ = context.journal.conclude(id, &Conclusion::Superseded);
        }
    }
}

/// What became of a raised threshold.
enum Restored {
    /// It is what it was before.
    Back,
    /// It is not what this run set, as text.
    Changed(String),
}

/// Raises the threshold, unless another has changed it while ISC asked to wait.
async fn raise_to<T: TenantWrite>(
    context: &Context<'_, T>,
    (source, name): (&SourceId, &SourceName),
    to: u8,
    back: u8,
) -> Result<(), StepError> {
    let mut tries = Tries::new();
    while let Err(error) = set(context, source, to).await {
        tries.after(error)?;
        let observed = context.tenant.source_named(name).await?;
        let now = observed
            .filter(|observed| observed.id == *source)
            .map(|observed| observed.effective_delete_threshold());
        if now == Some(i64::from(to)) {
            return Ok(());
        }
        if now != Some(i64::from(back)) {
            return Err(StepError::Stale {
                what: format!("the delete threshold of source \"{name}\""),
            });
        }
    }
    Ok(())
}

/// Sets the threshold back, if it still is what this run has set.
async fn set_back<T: TenantWrite>(
    context: &Context<'_, T>,
    of: (&SourceId, &SourceName),
    to: u8,
    back: u8,
) -> Result<Restored, TenantError> {
    let mut tries = Tries::new();
    loop {
        match set_back_once(context, of, to, back).await {
            Err(error) => tries.after(error)?,
            restored => return restored,
        }
    }
}

async fn set_back_once<T: TenantWrite>(
    context: &Context<'_, T>,
    (source, name): (&SourceId, &SourceName),
    to: u8,
    back: u8,
) -> Result<Restored, TenantError> {
    let observed = context.tenant.source_named(name).await?;
    let Some(observed) = observed.filter(|observed| observed.id == *source) else {
        return Ok(Restored::Changed("not there".to_owned()));
    };
    let now = observed.effective_delete_threshold();
    // ISC has it in two places; this run sets both.
    let is_ours = [
        observed.delete_threshold,
        observed.connector_delete_threshold,
    ]
    .into_iter()
    .flatten()
    .all(|percent| percent == i64::from(to));
    if is_ours {
        set(context, source, back).await?;
        is_back(context, name, back).await?;
        return Ok(Restored::Back);
    }
    Ok(if now == i64::from(back) {
        Restored::Back
    } else {
        Restored::Changed(format!("{now}%"))
    })
}

async fn set<T: TenantWrite>(
    context: &Context<'_, T>,
    source: &SourceId,
    percent: u8,
) -> Result<(), TenantError> {
    let change = [SourceChange::DeleteThreshold(percent)];
    context.tenant.update_source(source, &change).await
}

async fn is_back<T: TenantWrite>(
    context: &Context<'_, T>,
    name: &SourceName,
    back: u8,
) -> Result<(), TenantError> {
    match context.tenant.source_named(name).await? {
        Some(source) if source.effective_delete_threshold() == i64::from(back) => Ok(()),
        Some(_) | None => Err(TenantError::new(
            format!("setting the delete threshold of \"{name}\" back"),
            TenantErrorKind::Undecodable {
                text: "ISC accepted the change and did not make it".to_owned(),
            },
        )),
    }
}

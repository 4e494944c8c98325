//! Raises the delete threshold of a source for one import, and sets it back.

use crate::context::Context;
use crate::journal::{Conclusion, LeftRaised, RaiseIntent};
use crate::step_error::StepError;
use model::{
    Address, RaisedThreshold, SourceChange, SourceId, SourceName, TenantError, TenantErrorKind,
    TenantWrite,
};
use std::future::Future;

/// Raises the threshold where the plan says so, acts, and sets it back, however the
/// act ended. The journal has it before: after a kill, the next run sets it back.
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
    let result = match set(context, source, to).await {
        Ok(()) => act.await,
        Err(error) => Err(error.into()),
    };
    let restored = match set(context, source, back).await {
        Ok(()) => is_back(context, name, back).await,
        Err(error) => Err(error),
    };
    match (restored, result) {
        (Ok(()), result) => {
            if let Err(error) = context.journal.conclude(id, &Conclusion::Done) {
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

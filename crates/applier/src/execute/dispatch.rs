//! Dispatch of plan units to the code that executes them.

use super::again::with_its_reading;
use super::tokens::{change, disable, mint, replace, roll_back};
use super::{import, invitation, issuer, levels, processing, profile, schema, source};
use crate::context::Context;
use crate::step_error::StepError;
use model::{Address, Operation, Step, StepResult, TenantWrite, Unit};

/// Executes a unit: all rows of an import, invitations, or one step.
pub(crate) async fn unit<'plan, T: TenantWrite>(
    context: &Context<'_, T>,
    unit: &Unit<'plan>,
) -> Vec<(&'plan Address, StepResult)> {
    let steps = unit.steps.as_slice();
    match steps.first().map(|step| &step.operation) {
        Some(Operation::Invite { .. }) => return invitation::run(context, steps).await,
        Some(Operation::ImportRow { .. }) | None => {}
        Some(_) => {
            let mut results = Vec::new();
            for step in steps.iter().copied() {
                let result = match execute(context, step).await {
                    Ok(note) => StepResult::Done { note },
                    Err(error) => context.failed(error),
                };
                results.push((&step.address, result));
            }
            return results;
        }
    }
    rows(context, steps.to_vec()).await
}

/// Sends the rows of a source with one import. A row that has changed since the plan was
/// made, or whose account has another identity by now, is left as it is, and does not stop
/// the others.
async fn rows<'plan, T: TenantWrite>(
    context: &Context<'_, T>,
    mut steps: Vec<&'plan Step>,
) -> Vec<(&'plan Address, StepResult)> {
    let mut results = Vec::new();
    while !steps.is_empty() {
        let result = match import::run(context, &steps).await {
            Ok(()) => StepResult::Done { note: None },
            Err(StepError::RowsChanged(changed)) if !changed.is_empty() => {
                steps.retain(|step| match changed.get(&step.address) {
                    None => true,
                    Some(what) => {
                        let what = what.clone();
                        let failed = context.failed(StepError::Moved { what });
                        results.push((&step.address, failed));
                        false
                    }
                });
                continue;
            }
            Err(error) => context.failed(error),
        };
        results.extend(steps.drain(..).map(|step| (&step.address, result.clone())));
    }
    results
}

async fn execute<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
) -> Result<Option<String>, StepError> {
    // Levels are set and read again together; each time it is seen whose they are.
    if !matches!(
        step.operation,
        Operation::SetLevels { .. } | Operation::ImportRow { .. }
    ) {
        context.facts.check_account(context.tenant, step).await?;
    }
    match &step.operation {
        Operation::CreateSource(new) => source::create(context, step, new).await,
        Operation::UpdateSource { source, changes } => {
            source::update(context, step, source, changes).await
        }
        Operation::DefineSchema {
            source,
            attributes,
            removes,
        } => schema::define(context, step, source, attributes, removes).await,
        // `unit` sends rows together; a single row is an import of its own.
        Operation::ImportRow { .. } => import::run(context, &[step]).await.map(|()| None),
        Operation::CreateProfile(new) => profile::create(context, step, new).await,
        update @ Operation::UpdateProfile { source, .. } => {
            profile::update(context, step, source, update).await
        }
        Operation::ProcessIdentities {
            source,
            profile,
            expect,
            // They were counted before the first write.
            renames: _,
        } => processing::run(context, step, source, profile, expect).await,
        // `unit` sends invitations together.
        Operation::Invite { .. } => Err(StepError::NotBegun),
        Operation::SetLevels { identity, levels } => {
            with_its_reading(|| async {
                context.facts.check_account(context.tenant, step).await?;
                levels::set(context, step, identity, levels).await
            })
            .await
        }
        Operation::MintToken(new) => mint::run(context, step, new).await,
        Operation::UpdateToken {
            token,
            issuer,
            change,
        } => change::update(context, step, token, issuer, change).await,
        Operation::ReplaceToken {
            old,
            retire_as,
            new,
        } => replace::run(context, step, old, retire_as.as_ref(), new).await,
        Operation::DisableToken {
            token,
            owner,
            issuer,
        } => disable::run(context, step, token, owner, issuer.as_ref()).await,
        Operation::ReplaceIssuer(replacement) => {
            Box::pin(issuer::run(context, step, replacement)).await
        }
        Operation::RollBackToken(roll_back) => {
            Box::pin(roll_back::run(context, step, roll_back)).await
        }
        Operation::RevokeToken {
            token,
            owner,
            kept_in,
        } => change::revoke(context, step, (token, owner), kept_in.as_ref()).await,
    }
}

//! Verification of tokens: one list of each owner, after the last step.

use crate::context::{Context, Written};
use crate::step_error::StepError;
use futures::{StreamExt as _, stream};
use model::{Address, Event, LiveToken, StepOutcome, StepResult, TenantWrite, TokenChange};
use std::collections::BTreeMap;

/// Reads the tokens of each owner once, as the owner, and records which steps did not
/// take effect although ISC reported no error.
pub(crate) async fn all<T: TenantWrite>(context: &Context<'_, T>, steps: &mut [StepOutcome]) {
    let mut expected = Vec::new();
    for (owner, tokens) in context.facts.owners() {
        if let Some((issuer, written)) = tokens.lock().await.expected() {
            expected.push((owner, issuer, written));
        }
    }
    let failed: BTreeMap<Address, StepResult> = stream::iter(expected)
        .map(|(owner, issuer, written)| async move {
            let read = || context.tenant.tokens_of(&owner, Some(&issuer));
            let differs = |tokens: &Vec<LiveToken>| {
                let mut written = written.iter();
                written.any(|written| difference(written, tokens).is_some())
            };
            let mut tokens = read().await;
            // The list can be wrong. Two that agree show what became of the step.
            if tokens.as_ref().is_ok_and(differs) {
                tokens = read().await;
            }
            results(context, tokens, written)
        })
        .buffer_unordered(context.options.parallelism.max(1))
        .concat()
        .await
        .into_iter()
        .collect();
    for step in steps {
        let is_done = matches!(step.result, StepResult::Done { .. });
        if let Some(result) = failed.get(&step.address).filter(|_| is_done) {
            step.result = result.clone();
            context.progress.event(Event::Revised {
                address: step.address.clone(),
                result: result.clone(),
            });
        }
    }
}

/// The steps that did not take effect, or of which that is not known.
fn results<T: TenantWrite>(
    context: &Context<'_, T>,
    read: Result<Vec<LiveToken>, model::TenantError>,
    written: Vec<Written>,
) -> Vec<(Address, StepResult)> {
    match read {
        Ok(tokens) => written
            .into_iter()
            .filter_map(|written| {
                let error = StepError::NotAsWritten {
                    what: written.step.to_string(),
                    detail: difference(&written, &tokens)?.to_owned(),
                };
                Some((written.step, context.failed(error)))
            })
            .collect(),
        Err(error) => {
            let result = context.failed(StepError::from(error).after_sending());
            let steps = written.into_iter();
            steps
                .map(|written| (written.step, result.clone()))
                .collect()
        }
    }
}

/// What differs between what was written of a token and what the list shows.
fn difference(written: &Written, tokens: &[LiveToken]) -> Option<&'static str> {
    let Written {
        step: _,
        token,
        is_new,
        change: TokenChange { scopes, expires },
    } = written;
    let live = tokens.iter().find(|live| live.id == *token);
    let other_scopes = |live: &LiveToken| {
        let scopes = scopes.as_ref();
        scopes.is_some_and(|scopes| *scopes != live.scopes)
    };
    // ISC may round the time.
    let expires_otherwise = |live: &LiveToken| {
        expires.is_some_and(|expires| expires.is_some() != live.expires.is_some())
    };
    match live {
        None if *is_new => Some("the new token is not in the list of tokens"),
        Some(live) if *is_new && other_scopes(live) => {
            Some("the new token has other scopes than requested")
        }
        Some(live) if *is_new && live.expires.is_none() && expires_otherwise(live) => {
            Some("the new token never expires, unlike requested")
        }
        // Older versions of ISC let each new token expire.
        Some(_) if *is_new => None,
        Some(live) if !other_scopes(live) && !expires_otherwise(live) => None,
        Some(_) | None => Some("ISC accepted the change without an error, but did not make it"),
    }
}

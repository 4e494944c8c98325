//! Replacement of an issuer token without a plan, such as directly after enrolment.

use super::replace::{Replaced, Tools};
use crate::journal::Journal;
use crate::step_error::StepError;
use crate::stores::Stores;
use jiff::Timestamp;
use model::{IssuerReplacement, TenantWrite, TokenId, TokenName};
use std::sync::{Mutex, PoisonError};

/// The store holds a new issuer token that no person has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerReplaced {
    /// Its id.
    pub token: TokenId,
    /// Its name.
    pub name: TokenName,
    /// Why the earlier one is still valid, where it could not be revoked. The next apply
    /// revokes it.
    pub old_lives: Option<String>,
    /// What a person should know.
    pub notices: Vec<String>,
}

/// The issuer token was not replaced. The store holds the earlier one, which works, unless a
/// notice says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct IssuerNotReplaced {
    /// Why, with all causes and without secrets.
    pub message: String,
    /// What to do; none where the message says it.
    pub help: Option<String>,
    /// What a person should know, such as a token that could not be revoked.
    pub notices: Vec<String>,
}

/// Replaces the issuer token of an account that its store holds: checks the store and the
/// token in it, creates its successor, signs in with that, delivers it, reads it back, and
/// then revokes the earlier one. `planner::issuer_replacement` makes the replacement;
/// `since` is the tenant's time at which the tenant was read.
///
/// At every moment the store holds an issuer token that works. Where a run is killed, the
/// next apply finishes or cleans up.
///
/// # Errors
/// Where anything fails. Then the new token is revoked, and the earlier one stays.
pub async fn replace_issuer<T: TenantWrite>(
    replacement: &IssuerReplacement,
    tenant: &T,
    stores: &Stores,
    journal: &Journal,
    since: Timestamp,
) -> Result<IssuerReplaced, IssuerNotReplaced> {
    let redact = |text: &str| stores.redactor().redact(text).into_owned();
    let notices: Mutex<Vec<String>> = Mutex::default();
    let notice = |text: String| {
        let mut notices = notices.lock().unwrap_or_else(PoisonError::into_inner);
        notices.push(redact(&text));
    };
    let tools = Tools {
        tenant,
        stores,
        journal,
        since,
        notice: &notice,
    };
    let replaced = Box::pin(replace(&tools, replacement)).await;
    let notices = notices.into_inner().unwrap_or_else(PoisonError::into_inner);
    match replaced {
        Ok(Replaced {
            credential,
            tokens: _,
            old_lives,
        }) => Ok(IssuerReplaced {
            token: credential.client_id,
            name: replacement.new.name.clone(),
            old_lives: old_lives.map(|why| redact(&why)),
            notices,
        }),
        Err(error) => Err(IssuerNotReplaced {
            message: redact(&error.chain()),
            help: error.help().map(|help| redact(&help)),
            notices,
        }),
    }
}

async fn replace<T: TenantWrite>(
    tools: &Tools<'_, T>,
    replacement: &IssuerReplacement,
) -> Result<Replaced, StepError> {
    let present = tools.prepare(replacement).await?;
    let issuer = &present.document.credential;
    let owner = &replacement.new.identity;
    let tokens = tools.tenant.tokens_of(owner, Some(issuer)).await?;
    tools.replace(replacement, &present, &tokens).await
}

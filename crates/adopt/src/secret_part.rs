//! Finds what of a declared account or source repeats a secret of the run.
//!
//! `[secret]` in a file would be applied like every other text, so nothing that would
//! have to be redacted is declared.

use crate::error::Reason;
use model::{AccountRow, AccountSpec, Redactor};
use std::borrow::Cow;

/// Refuses a text with a secret. `what` names it.
///
/// # Errors
/// A text with a secret.
pub(crate) fn refuse(redactor: &Redactor, what: &str, text: &str) -> Result<(), Reason> {
    let repeats = [redactor.redact(text), redactor.redact_layout(text)]
        .iter()
        .any(|clean| matches!(clean, Cow::Owned(_)));
    if !repeats {
        return Ok(());
    }
    Err(Reason {
        text: format!(
            "{what} repeats a secret of this run, and a file with `[secret]` in its place would be applied; replace that secret in ISC, remove it there, and adopt again"
        ),
        secret: true,
    })
}

/// Refuses an account with a secret in one of its texts, and names the key.
///
/// # Errors
/// An account with a secret.
pub(crate) fn refuse_in_account(redactor: &Redactor, account: &AccountSpec) -> Result<(), Reason> {
    let AccountSpec {
        key: _,
        source: _,
        name,
        row,
        user_levels: _,
        tokens,
        issuer: _,
        issuer_life: _,
        previously: _,
        identity: _,
    } = account;
    if let Some(row) = row {
        let AccountRow {
            id,
            name,
            email,
            purpose,
            attributes,
        } = row;
        let keys = [
            ("`id`", id.as_str()),
            ("`name`", name.as_str()),
            ("`email`", email),
            ("`purpose`", purpose),
        ];
        for (key, text) in keys {
            refuse(redactor, key, text)?;
        }
        for (name, cell) in attributes {
            refuse(redactor, "the name of an attribute", name.as_str())?;
            refuse(redactor, &format!("the attribute `{name}`"), cell)?;
        }
    }
    refuse(redactor, "the account's name", name.as_str())?;
    for (_, token) in tokens.iter().flatten() {
        refuse(redactor, "the name of a token", token.name.as_str())?;
    }
    Ok(())
}

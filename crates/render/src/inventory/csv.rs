//! The inventory as CSV: one row for each token, and one for an account without tokens.

use super::document::{AccountRecord, Approval, InventoryDocument, Management, TokenRecord};
use crate::error::RenderError;
use crate::token_list::{Expiry, TokenState};
use model::visible;

const COLUMNS: [&str; 27] = [
    "tenant",
    "read at",
    "account",
    "name",
    "source",
    "source owner",
    "management",
    "purpose",
    "email",
    "identity",
    "since",
    "user levels",
    "levels approved by commit",
    "token",
    "token state",
    "token purpose",
    "token owners",
    "never used",
    "client id",
    "created",
    "expires",
    "last used",
    "scopes",
    "reads",
    "changes",
    "delivered to",
    "approved by commit",
];

/// What stands for a fact that is not known.
const NOT_KNOWN: &str = "not known";

/// The inventory as CSV with a header; quoted by RFC 4180, with line feeds. A cell that a spreadsheet would take
/// for a formula begins with an apostrophe.
///
/// # Errors
/// None that is known: writing to memory does not fail.
pub fn csv(inventory: &InventoryDocument) -> Result<String, RenderError> {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(RenderError::Csv)?;
    for account in &inventory.accounts {
        if account.tokens.is_empty() {
            let row = row(inventory, account, None);
            writer
                .write_record(row.each_ref().map(|cell| harmless(cell)))
                .map_err(RenderError::Csv)?;
        }
        for token in &account.tokens {
            let row = row(inventory, account, Some(token));
            writer
                .write_record(row.each_ref().map(|cell| harmless(cell)))
                .map_err(RenderError::Csv)?;
        }
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| RenderError::Csv(error.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What formulas begin with.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A cell that a spreadsheet shows and does not compute.
fn harmless(cell: &str) -> String {
    let cell = visible(&cell.replace(['\n', '\r', '\t'], " "));
    // Where a semicolon or a bar separates cells, what follows it is a cell of its own; wide
    // signs count as the usual ones.
    let is_formula = |part: &str| part.trim_start().starts_with(SIGNS);
    if cell.split([';', '|']).any(is_formula) {
        format!("'{cell}")
    } else {
        cell
    }
}

fn row(
    inventory: &InventoryDocument,
    account: &AccountRecord,
    token: Option<&TokenRecord>,
) -> [String; 27] {
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| NOT_KNOWN.to_owned());
    let of = |cell: fn(&TokenRecord) -> String| token.map(cell).unwrap_or_default();
    let AccountRecord {
        account: id,
        name,
        source,
        source_owner,
        management,
        purpose,
        email,
        attributes: _,
        identity,
        since,
        user_levels,
        levels_approval,
        tokens: _,
    } = account;
    [
        inventory.tenant.clone(),
        inventory.read_at.clone(),
        id.clone(),
        name.clone(),
        source.clone(),
        known(source_owner),
        management_word(*management).to_owned(),
        known(purpose),
        known(email),
        known(identity),
        known(since),
        user_levels
            .as_ref()
            .map_or_else(|| NOT_KNOWN.to_owned(), |levels| levels.join(" ")),
        commit(levels_approval.as_ref()),
        of(|token| token.token.name.clone().unwrap_or_default()),
        of(|token| state_word(token.token.state).to_owned()),
        of(|token| token.token.purpose.clone().unwrap_or_default()),
        of(|token| token.token.owners.join(", ")),
        of(|token| if token.token.never_used { "yes" } else { "no" }.to_owned()),
        of(|token| token.token.id.clone().unwrap_or_default()),
        of(|token| token.token.created.clone().unwrap_or_default()),
        of(expires),
        of(last_used),
        of(|token| {
            token
                .token
                .scopes
                .as_ref()
                .map(|all| all.join(" "))
                .unwrap_or_default()
        }),
        of(|token| {
            token
                .allows
                .as_ref()
                .map_or_else(|| NOT_KNOWN.to_owned(), |all| all.reads.to_string())
        }),
        of(|token| {
            token
                .allows
                .as_ref()
                .map_or_else(|| NOT_KNOWN.to_owned(), |all| all.changes.to_string())
        }),
        of(delivered),
        of(|token| commit(token.approval.as_ref())),
    ]
}

pub(super) fn commit(approval: Option<&Approval>) -> String {
    approval
        .and_then(|approval| approval.commit.clone())
        .unwrap_or_else(|| NOT_KNOWN.to_owned())
}

pub(super) fn expires(token: &TokenRecord) -> String {
    if token.token.state == TokenState::Missing {
        return String::new();
    }
    match (token.token.expiry, &token.token.expires) {
        (Expiry::At, Some(at)) => at.clone(),
        (Expiry::Never, _) => "never".to_owned(),
        (Expiry::At | Expiry::Unknown, _) => NOT_KNOWN.to_owned(),
    }
}

pub(super) fn last_used(token: &TokenRecord) -> String {
    if token.token.state == TokenState::Missing {
        return String::new();
    }
    match (&token.token.last_used, &token.token.id) {
        (Some(at), _) => at.clone(),
        (None, Some(_)) => "never".to_owned(),
        (None, None) => NOT_KNOWN.to_owned(),
    }
}

pub(super) fn delivered(token: &TokenRecord) -> String {
    let delivery = token.token.delivery.as_ref();
    delivery.map_or_else(String::new, |delivery| {
        format!("{} ({})", delivery.place, delivery.state)
    })
}

pub(super) fn management_word(management: Management) -> &'static str {
    match management {
        Management::Declared => "declared",
        Management::Unmanaged => "unmanaged",
    }
}

pub(super) fn state_word(state: TokenState) -> &'static str {
    match state {
        TokenState::Declared => "declared",
        TokenState::Issuer => "issuer",
        TokenState::Retiring => "retiring",
        TokenState::Undeclared => "unmanaged",
        TokenState::MayBeIssuer => "may be the issuer",
        TokenState::SailPoint => "SailPoint's",
        TokenState::Missing => "missing",
        TokenState::Unread => "not read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, expected) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("\t=1", "' =1"),
            ("x;=1", "'x;=1"),
            ("|=1", "'|=1"),
            ("＝1+1", "'＝1+1"),
            ("plain = text", "plain = text"),
        ] {
            assert_eq!(harmless(cell), expected);
        }
    }
}

//! Which accounts have an issuer that works: judged from the stores' files and the
//! tenant, before a run and after it.

use crate::fault::{Fault, Promise};
use crate::files::{Account, ELSEWHERE, Files};
use crate::tenant::{Row, Token, View};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

const MINTS: &str = "sp:my-personal-access-tokens:manage";

/// How a person names an issuer here, and how tokens that replace issuers begin.
const NAMES: [&str; 2] = ["issuer", "steersman-issuer~"];

/// Whether the token is one that mints others, by its name.
pub(crate) fn is_issuer(token: &Token) -> bool {
    token.name == NAMES[0] || token.name.starts_with(NAMES[1])
}

/// What a file of a store holds: the token's id, and its secret.
pub(crate) fn stored(folder: &Path, file: &str) -> Option<(String, String)> {
    let text = std::fs::read_to_string(folder.join(file)).ok()?;
    let document: Value = serde_json::from_str(&text).ok()?;
    let text = |field: &str| document[field].as_str().map(str::to_owned);
    Some((text("clientId")?, text("clientSecret")?))
}

/// The declared account's row in the tenant.
pub(crate) fn row<'a>(view: &'a View, account: &Account) -> Option<&'a Row> {
    match &account.row {
        Some(row) => view.row(&row.source, &row.id),
        None => view
            .rows_of(ELSEWHERE)
            .find(|(_, row)| row.name == account.name)
            .map(|(_, row)| row),
    }
}

/// Whether the account's tokens can be managed: it is registered, and the store holds
/// a token of its own that mints.
pub(crate) fn works(view: &View, folder: &Path, account: &Account, identity: &str) -> bool {
    let active = view
        .identities
        .get(identity)
        .is_some_and(|identity| identity.status == "ACTIVE");
    let Some((id, secret)) = stored(folder, &account.issuer_file()) else {
        return false;
    };
    active
        && view.tokens.get(&id).is_some_and(|token| {
            token.owner == identity
                && token.secret == secret
                && token.is_alive(view.now)
                && (token.scopes.contains(MINTS) || token.scopes.is_empty())
        })
}

/// The ids of the accounts, with their identities, whose issuer works.
pub(crate) fn working(files: &Files, view: &View, folder: &Path) -> BTreeSet<(String, String)> {
    let accounts = files.accounts.iter();
    accounts
        .filter(|account| account.tokens.is_some())
        .filter_map(|account| Some((account, row(view, account)?.identity.clone()?)))
        .filter(|(account, identity)| works(view, folder, account, identity))
        .map(|(account, identity)| (account.id().to_owned(), identity))
        .collect()
}

/// An issuer that worked before a run works after it, however the run ended.
pub(crate) fn still_work(
    before: &BTreeSet<(String, String)>,
    files: &Files,
    view: &View,
    folder: &Path,
) -> Result<(), Fault> {
    for account in &files.accounts {
        let Some(identity) = row(view, account).and_then(|row| row.identity.clone()) else {
            continue;
        };
        let worked = before.contains(&(account.id().to_owned(), identity.clone()));
        if worked && !works(view, folder, account, &identity) {
            return Err(Fault::new(
                Promise::SecretsWork,
                format!("the issuer of {} worked before the run", account.id()),
            ));
        }
    }
    Ok(())
}

//! Key, name and CSV row of an account, by the kind of its source.

use crate::code::Code;
use crate::decode::{Text, missing_key};
use crate::finding::Finding;
use crate::lower::context::Context;
use crate::lower::profiles::Profile;
use crate::raw::RawAccount;
use model::{AccountKey, AccountName, AccountRow, NativeIdentity};
use std::sync::Arc;

/// The key and name of an account, as far as they are written, and its row where
/// steersman writes one.
pub(super) struct Identified {
    pub(super) key: Option<AccountKey>,
    pub(super) name: Option<AccountName>,
    pub(super) row: Option<AccountRow>,
}

/// The key, name and row of an account on a managed source, whose texts are taken out.
pub(super) fn managed_row(
    account: &mut RawAccount,
    profile: Option<&Profile>,
    context: &mut Context<'_>,
) -> Identified {
    const WHAT: &str = "a service account on a managed source";
    if let Some(name) = &account.account {
        context.findings.push(
            Finding::new(
                Code::KeyNotHere,
                "`account` is allowed only on a source with `managed: false`",
            )
            .at(name.span, "not allowed on a managed source")
            .help("write `id`, `name`, `email` and `purpose`, or a `source` with `managed: false`"),
        );
    }
    let place = account.place();
    for (key, is_missing) in [
        ("id", account.id.is_none()),
        ("name", account.name.is_none()),
        ("email", account.email.is_none()),
        ("purpose", account.purpose.is_none()),
    ] {
        // A key that is written in the profile was meant for the account.
        let is_misplaced = profile.is_some_and(|profile| profile.broken.contains(&key));
        if is_missing && !account.has_unreadable(key) && !is_misplaced {
            missing_key(key, WHAT, place, context.findings);
        }
    }
    let name = account
        .name
        .as_ref()
        .map(|name| AccountName::new(name.as_str()));
    // One text for both.
    let id: Option<Arc<str>> = account.id.as_ref().map(|id| id.as_str().into());
    let row = AccountRow {
        email: text(account.email.as_deref_mut()),
        purpose: text(account.purpose.as_deref_mut()),
        attributes: account
            .attributes
            .iter()
            .flat_map(|named| &named.entries)
            .map(|(name, value)| (name.value.as_str().into(), value.value.clone()))
            .collect(),
        id: NativeIdentity::new(id.clone().unwrap_or_default()),
        name: name.clone().unwrap_or_else(|| "".into()),
    };
    Identified {
        key: id.map(AccountKey::new),
        name,
        row: Some(row),
    }
}

/// A text, or nothing where the key is missing, which was reported.
fn text(written: Option<&mut Text>) -> String {
    let value = written.map(|text| std::mem::take(&mut text.value));
    value.unwrap_or_default()
}

/// The key and name of an account on a source with `managed: false`.
pub(super) fn unmanaged_name(account: &RawAccount, context: &mut Context<'_>) -> Identified {
    let attributes = account.attributes.as_ref().map(|named| named.head);
    for (key, span) in [
        ("id", account.id.as_ref().map(|text| text.span)),
        ("name", account.name.as_ref().map(|text| text.span)),
        ("email", account.email.as_ref().map(|text| text.span)),
        ("purpose", account.purpose.as_ref().map(|text| text.span)),
        ("attributes", attributes),
    ] {
        if let Some(span) = span {
            context.findings.push(
                Finding::new(
                    Code::KeyNotHere,
                    format!("`{key}` is allowed only on a managed source"),
                )
                .at(span, "not allowed on a source with `managed: false`")
                .help("remove it; `account: NAME` alone identifies the account"),
            );
        }
    }
    if account.account.is_none() && !account.has_unreadable("account") {
        missing_key(
            "account",
            "a service account on a source with `managed: false`",
            account.place(),
            context.findings,
        );
    }
    let name = account
        .account
        .as_ref()
        .map(|name| AccountName::new(name.as_str()));
    Identified {
        key: name.as_ref().map(|name| AccountKey::new(name.as_str())),
        name,
        row: None,
    }
}

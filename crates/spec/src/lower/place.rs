//! Lowers store locations: checks store and placeholders, fills placeholders in.

use super::context::Context;
use super::shared_texts::SharedTexts;
use super::template;
use crate::code::Code;
use crate::decode::{Needed, Text, did_you_mean, one_of};
use crate::finding::Finding;
use crate::raw::{RawDelivery, RawField, RawFormat, RawPlace};
use crate::suggestion::Fix;
use model::{
    AccountKey, AccountName, AccountSpec, DeliveredForm, Readable, SecretField, StoreKey,
    StoreName, StoreSpec, TokenName,
};
use std::collections::BTreeMap;

/// The placeholders of the key that a token is delivered to.
pub(super) const TOKEN: &[&str] = &["tenant", "account", "id", "source", "token"];

/// The placeholders of the key of an issuer token.
pub(super) const ISSUER: &[&str] = &["tenant", "account", "id", "source"];

/// What the placeholders of an account's keys stand for.
#[derive(Clone, Copy)]
pub(super) struct Holder<'a> {
    pub(super) tenant: &'a str,
    pub(super) account: &'a AccountName,
    pub(super) id: &'a AccountKey,
    pub(super) source: &'a str,
}

/// Whether a place can be used: its store is declared, and its placeholders
/// are known. Reports what is not.
pub(super) fn check(
    place: &RawPlace,
    placeholders: &[&str],
    stores: &BTreeMap<StoreName, StoreSpec>,
    context: &mut Context<'_>,
) {
    check_store(&place.store, stores, context);
    check_key(&place.store, &place.key, placeholders, context);
}

/// Reports a store that no file declares.
pub(super) fn check_store(
    store: &Text,
    stores: &BTreeMap<StoreName, StoreSpec>,
    context: &mut Context<'_>,
) {
    let is_declared = stores.contains_key(store.as_str())
        // One that could not be lowered was reported.
        || context.declared_stores.contains(store.as_str());
    if store.is_known() && !is_declared && context.complete.stores {
        let names = stores.keys().map(StoreName::as_str);
        let meant = did_you_mean(&store.value, names.clone());
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if stores.is_empty() => {
                "declare it under `stores`, such as `stores: {local: {directory: .steersman/secrets}}`"
                    .to_owned()
            }
            None => format!("declare it under `stores`, or use {}", one_of(names)),
        };
        context.findings.push(
            Finding::new(
                Code::UnknownStore,
                format!("no file declares the store `{}`", store.value),
            )
            .at(store.span, "undeclared store")
            .help(help)
            // Another team's store may be called nearly the same.
            .fix(
                meant
                    .and_then(|meant| store.instead(meant))
                    .map(Fix::if_decided),
            ),
        );
    }
}

/// Reports unknown placeholders of a key, and notes one without `{tenant}`.
fn check_key(store: &Text, key: &Text, placeholders: &[&str], context: &mut Context<'_>) {
    context.shared_keys.note(store, key);
    check_placeholders(key, placeholders, context);
}

/// Reports unknown placeholders of a key.
pub(super) fn check_placeholders(key: &Text, placeholders: &[&str], context: &mut Context<'_>) {
    for (offset, placeholder) in template::placeholders(&key.value) {
        let word = placeholder.trim_matches(['{', '}']);
        if !placeholders.contains(&word) {
            context
                .findings
                .push(template::unknown(key, offset, placeholder, placeholders));
        }
    }
}

/// Where a token's secret is delivered, and in which form.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) place: RawPlace,
    pub(super) form: DeliveredForm,
}

/// A delivery that can be made: its place can be used, and its secret can be recognized
/// when it is read back. Reports what cannot. None where its place is not written in full.
pub(super) fn delivery(
    written: RawDelivery,
    stores: &BTreeMap<StoreName, StoreSpec>,
    context: &mut Context<'_>,
) -> Option<Delivery> {
    let RawDelivery {
        head,
        broken,
        store: Needed(store),
        key: Needed(key),
        format,
        field,
    } = written;
    if let (Some(format), Some(field)) = (&format, &field) {
        context.findings.push(
            Finding::new(
                Code::ExclusiveKeys,
                "a single value is delivered as it is, without a format",
            )
            .at(field.span, "single value")
            .at(format.span, "format of all values")
            .help("keep `field`, or keep `format`"),
        );
    }
    let spec = store.as_ref().and_then(|store| stores.get(store.as_str()));
    if let (Some(field), Some(store)) = (&field, &store)
        && spec.is_some_and(|spec| spec.readable() == Readable::Yes)
    {
        context.findings.push(
            Finding::new(
                Code::FieldInReadableStore,
                format!(
                    "a single value does not say whose it is, and the store `{}` can be read",
                    store.value
                ),
            )
            .at(field.span, "single value")
            .help("remove `field`, or write `format: dotenv`; a single value is for stores that cannot be read"),
        );
    }
    let form = match (
        field.map(|field| field.value),
        format.map(|format| format.value),
    ) {
        (Some(RawField::BaseUrl), _) => DeliveredForm::Field(SecretField::BaseUrl),
        (Some(RawField::ClientId), _) => DeliveredForm::Field(SecretField::ClientId),
        (Some(RawField::ClientSecret), _) => DeliveredForm::Field(SecretField::ClientSecret),
        (None, Some(RawFormat::Dotenv)) => DeliveredForm::Dotenv,
        (None, Some(RawFormat::Sail)) => DeliveredForm::Sail,
        (None, Some(RawFormat::Json) | None) => DeliveredForm::Json,
    };
    if let Some(store) = &store {
        check_store(store, stores, context);
    }
    if let (Some(store), Some(key)) = (&store, &key) {
        check_key(store, key, TOKEN, context);
    }
    let place = RawPlace {
        head,
        broken,
        store: store?,
        key: key?,
    };
    Some(Delivery { place, form })
}

/// A place that is not known: its store is none that a file declares.
pub(super) fn unknown() -> StoreKey {
    StoreKey {
        store: StoreName::new(String::new()),
        key: String::new(),
    }
}

/// The key of an account's issuer token that a text with placeholders stands for.
///
/// # Errors
/// A placeholder that issuer tokens do not have.
pub fn issuer_key(text: &str, account: &AccountSpec, tenant: &str) -> Result<String, String> {
    let mut placeholders = template::placeholders(text);
    let is_unknown = |(_, word): &(usize, &str)| !ISSUER.contains(&word.trim_matches(['{', '}']));
    if let Some((_, unknown)) = placeholders.find(is_unknown) {
        return Err(unknown.to_owned());
    }
    let values = [
        ("tenant", tenant),
        ("account", account.name.as_str()),
        ("id", account.key.as_str()),
        ("source", account.source.as_str()),
    ];
    Ok(template::fill(text, &values))
}

/// The place with its placeholders filled in. A key that is not known may have any
/// of them, so each secret gets one of its own.
pub(super) fn fill(
    place: &RawPlace,
    of: Holder<'_>,
    token: Option<&TokenName>,
    texts: &mut SharedTexts,
) -> StoreKey {
    let Holder {
        tenant,
        account,
        id,
        source,
    } = of;
    let token = token.map(|token| ("token", token.as_str()));
    let values = [
        ("tenant", tenant),
        ("account", account.as_str()),
        ("id", id.as_str()),
        ("source", source),
        // Only a token's own key has this placeholder.
        token.unwrap_or_default(),
    ];
    let mut key = template::fill(&place.key.value, &values);
    if !place.key.is_known() {
        for value in std::iter::once(account.as_str()).chain(token.map(|(_, name)| name)) {
            key.push('/');
            key.push_str(value);
        }
    }
    StoreKey {
        store: StoreName::new(texts.shared(place.store.as_str())),
        key,
    }
}

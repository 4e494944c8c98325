//! Lowers store locations: checks store and placeholders, fills placeholders in.

use super::context::Context;
use super::template;
use crate::code::Code;
use crate::decode::{did_you_mean, one_of};
use crate::finding::Finding;
use crate::raw::{RawDelivery, RawField, RawFormat, RawPlace};
use model::{DeliveredForm, Readable, SecretField, StoreKey, StoreName, StoreSpec};
use std::collections::BTreeMap;

/// The placeholders of the key that a token is delivered to.
pub(super) const TOKEN: &[&str] = &["account", "token"];

/// The placeholders of the key of an issuer token.
pub(super) const ISSUER: &[&str] = &["account"];

/// Whether a place can be used: its store is declared, and its placeholders
/// are known. Reports what is not.
pub(super) fn check(
    place: &RawPlace,
    placeholders: &[&str],
    stores: &BTreeMap<StoreName, StoreSpec>,
    context: &mut Context<'_>,
) {
    let is_known = place.store.is_known();
    if is_known && !stores.contains_key(place.store.as_str()) && context.complete.stores {
        let names = stores.keys().map(StoreName::as_str);
        let help = match did_you_mean(&place.store.value, names.clone()) {
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
                format!("no file declares the store `{}`", place.store.value),
            )
            .at(place.store.span, "undeclared store")
            .help(help),
        );
    }
    for (offset, placeholder) in template::placeholders(&place.key.value) {
        let word = placeholder.trim_matches(['{', '}']);
        if !placeholders.contains(&word) {
            context.findings.push(template::unknown(
                &place.key,
                offset,
                placeholder,
                placeholders,
            ));
        }
    }
}

/// Where a token's secret is delivered, and in which form.
pub(super) struct Delivery {
    pub(super) place: RawPlace,
    pub(super) form: DeliveredForm,
}

/// A delivery that can be made: its place can be used, and its secret can be recognized
/// when it is read back. Reports what cannot.
pub(super) fn delivery(
    written: RawDelivery,
    stores: &BTreeMap<StoreName, StoreSpec>,
    context: &mut Context<'_>,
) -> Delivery {
    let RawDelivery {
        head,
        broken,
        store,
        key,
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
    let spec = stores.get(store.as_str());
    if let Some(field) = &field
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
    let place = RawPlace {
        head,
        broken,
        store,
        key,
    };
    check(&place, TOKEN, stores, context);
    Delivery { place, form }
}

/// The place with its placeholders filled in. A key that is not known may have any
/// of them, so each secret gets one of its own.
pub(super) fn fill(place: &RawPlace, values: &[(&str, &str)]) -> StoreKey {
    let mut key = template::fill(&place.key.value, values);
    if !place.key.is_known() {
        for (_, value) in values {
            key.push('/');
            key.push_str(value);
        }
    }
    StoreKey {
        store: StoreName::new(place.store.value.clone()),
        key,
    }
}

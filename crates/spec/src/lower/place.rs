//! Lowers store locations: checks store and placeholders, fills placeholders in.

use super::context::Context;
use super::template;
use crate::code::Code;
use crate::decode::{did_you_mean, one_of};
use crate::finding::Finding;
use crate::raw::RawPlace;
use model::{StoreKey, StoreName, StoreSpec};
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

//! Lowers the tokens of one account.

use super::defaults::Defaults;
use super::permissions::permissions;
use super::values::{self, Rotate, WrittenOverlap};
use crate::code::Code;
use crate::decode::List;
use crate::finding::Finding;
use crate::lower::context::{Context, Placed, known, place_of};
use crate::lower::place;
use crate::raw::{RawRotate, RawToken};
use jiff::SignedDuration;
use model::{
    AccountKey, AccountName, Address, StoreName, StoreSpec, TokenLifetime, TokenName, TokenSpec,
    TokenSpecs,
};
use std::collections::BTreeMap;

/// Default lifetime of a token: 90 days, half of ISC's own default.
const LIFETIME: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The account whose tokens are lowered, and what they are lowered with.
pub(in crate::lower) struct Owner<'a> {
    pub(in crate::lower) key: &'a AccountKey,
    pub(in crate::lower) name: &'a AccountName,
    pub(in crate::lower) defaults: &'a Defaults,
    pub(in crate::lower) stores: &'a BTreeMap<StoreName, StoreSpec>,
}

/// The tokens of one account, and whether some were left out because something
/// is wrong with them.
pub(in crate::lower) fn lower(
    list: List<RawToken>,
    owner: &Owner<'_>,
    context: &mut Context<'_>,
) -> (TokenSpecs, bool) {
    let mut lowered = TokenSpecs::new();
    let mut complete = list.complete;
    for token in list.items {
        let name = TokenName::new(token.name.value.clone());
        let address = Address::Token(owner.key.clone(), name.clone());
        if lowered.contains_key(&name) {
            let finding = Finding::new(
                Code::DuplicateToken,
                format!("token `{name}` of `{}` is declared twice", owner.key),
            )
            .at(token.name.span, format!("`{name}` declared again here"));
            let finding = match context.places.exact(&address, "name") {
                Some(first) => finding.at(first.span, format!("`{name}` first declared here")),
                None => finding,
            };
            context
                .findings
                .push(finding.help("remove one of the two, or give it another name"));
            continue;
        }
        match lower_token(name.clone(), &address, token, owner, context) {
            Some(token) => {
                lowered.insert(name, token);
            }
            None => complete = false,
        }
    }
    (lowered, complete)
}

fn lower_token(
    name: TokenName,
    address: &Address,
    token: RawToken,
    owner: &Owner<'_>,
    context: &mut Context<'_>,
) -> Option<TokenSpec> {
    let RawToken {
        head: _,
        broken,
        name: name_text,
        scopes,
        calls,
        access_token_validity,
        expires,
        rotate,
        rotation,
        purpose,
        owners,
        deliver,
    } = token;
    context.places.object(address.clone(), name_text.place());
    context.fields(
        address,
        [
            ("name", Some(name_text.place())),
            ("scopes", scopes.as_ref().map(|list| known(list.head))),
            ("calls", calls.as_ref().map(|list| known(list.head))),
            (
                "accessTokenValidity",
                place_of(access_token_validity.as_ref()),
            ),
            ("expires", place_of(expires.as_ref())),
            ("rotate", rotate.as_ref().map(|rotate| known(rotate.head()))),
            ("rotation", place_of(rotation.as_ref())),
            ("purpose", purpose.as_ref().map(|purpose| purpose.place())),
            ("owners", owners.as_ref().map(|owners| known(owners.head))),
            (
                "deliver",
                deliver.as_ref().map(|place| known(place.key.span)),
            ),
        ],
    );
    let owners = owners.map_or_else(Vec::new, |owners| {
        context.items(address, "owners", &owners.items);
        owners.items.into_iter().map(|owner| owner.value).collect()
    });
    let access_token_validity = match access_token_validity {
        Some(duration) => values::validity(duration, context),
        None => owner.defaults.access_token_validity,
    };
    let expires = expires.map_or_else(
        || {
            owner
                .defaults
                .expires
                .unwrap_or(TokenLifetime::After(LIFETIME))
        },
        |written| values::lifetime(written.value),
    );
    let defaults = owner.defaults.rotate;
    // A token that is not rotated, or does not expire, can be replaced for other reasons.
    let only_overlap = Rotate {
        rotation: None,
        ..defaults
    };
    let Rotate {
        rotation: rotate,
        overlap,
    } = match rotate.map(|rotate| *rotate) {
        Some(written @ RawRotate::Rotation(_)) => values::rotation(&written, context),
        Some(RawRotate::Never(_)) => only_overlap,
        None if expires == TokenLifetime::Never => only_overlap,
        None => defaults,
    };
    let permissions = permissions(address, &name_text, &broken, scopes, calls, context);
    let deliver = deliver.map(|written| place::delivery(*written, owner.stores, context));
    let Some(delivery) = deliver.as_ref().or(owner.defaults.deliver.as_ref()) else {
        if context.complete.defaults && !broken.contains(&"deliver") {
            context.findings.push(
                Finding::new(
                    Code::NoDelivery,
                    format!("token `{name}` has no store location for its secret"),
                )
                .at(name_text.span, "missing `deliver`: ISC shows the secret only once")
                .help(
                    "add `deliver: {store: …, key: …}` to the token, or under `defaults.token` for all tokens",
                ),
            );
        }
        return None;
    };
    let deliver = place::fill(
        &delivery.place,
        &[("account", owner.name.as_str()), ("token", name.as_str())],
    );
    let (scopes, calls) = permissions?;
    Some(TokenSpec {
        name,
        scopes,
        calls,
        access_token_validity,
        expires,
        rotate,
        overlap: WrittenOverlap::of(overlap, rotate.as_ref(), expires),
        rotation: rotation.map_or(0, |rotation| rotation.value.0),
        purpose: purpose.map(|purpose| purpose.value),
        owners,
        deliver,
        form: delivery.form,
    })
}

//! Lowers the tokens of one account.

use super::defaults::Defaults;
use super::permissions::{Named, permissions};
use super::permitted::Permissions;
use super::values::{self, Rotate, WrittenOverlap};
use crate::code::Code;
use crate::decode::{List, Needed, Text};
use crate::finding::Finding;
use crate::lower::context::{Context, Placed, known, place_of};
use crate::lower::place;
use crate::raw::{RawRotate, RawToken};
use crate::span::Span;
use jiff::SignedDuration;
use model::{
    AccountKey, Address, DeliveredForm, StoreName, StoreSpec, TokenLifetime, TokenName, TokenSpec,
    TokenSpecs,
};
use std::collections::BTreeMap;

/// Default lifetime of a token: 90 days, half of ISC's own default.
const LIFETIME: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The account whose tokens are lowered, and what they are lowered with.
pub(in crate::lower) struct Owner<'a> {
    pub(in crate::lower) key: &'a AccountKey,
    /// What its store keys are made of; none where its name is missing.
    pub(in crate::lower) holder: Option<place::Holder<'a>>,
    pub(in crate::lower) defaults: &'a Defaults,
    /// The profile that it takes.
    pub(in crate::lower) profile: Option<&'a Text>,
    /// Keys that are written on the account or in its profile, where they do not belong.
    pub(in crate::lower) misplaced: &'a [&'static str],
    /// Whether the account takes a profile that is not known, and so other defaults.
    pub(in crate::lower) is_taken_unknown: bool,
    pub(in crate::lower) stores: &'a BTreeMap<StoreName, StoreSpec>,
}

/// The tokens of one account, and whether they and their scopes are all that is declared.
/// Those that have no name of their own are put aside.
pub(in crate::lower) fn lower(
    list: List<RawToken>,
    owner: &Owner<'_>,
    context: &mut Context<'_>,
) -> (TokenSpecs, bool) {
    let mut lowered = TokenSpecs::with_capacity(list.items.len());
    let mut complete = list.complete;
    for token in list.items {
        let written = token.name.0.as_ref();
        let name = written.map(|name| TokenName::new(context.texts.shared(name.as_str())));
        let (name, is_aside) = match name {
            Some(name) if !lowered.contains_key(&name) => (name, false),
            Some(name) => {
                let span = written.map_or(token.head, |name| name.span);
                declared_again(&name, span, owner, context);
                let name = context.aside.token(owner.key, name.as_str(), "again");
                (name, true)
            }
            None => (context.aside.token(owner.key, "", "without a name"), true),
        };
        let address = Address::Token(owner.key.clone(), name.clone());
        let (token, is_whole) = lower_token(name, &address, token, owner, context);
        complete &= is_whole && !is_aside;
        // A token whose calls are mocked has too few scopes to be planned.
        if is_aside || (!is_whole && context.findings.errors() == 0) {
            context.aside.tokens.push((owner.key.clone(), token));
        } else {
            lowered.insert(token.name.clone(), token);
        }
    }
    (lowered, complete)
}

fn declared_again(name: &TokenName, span: Span, owner: &Owner<'_>, context: &mut Context<'_>) {
    let finding = Finding::new(
        Code::DuplicateToken,
        format!("token `{name}` of `{}` is declared twice", owner.key),
    )
    .at(span, format!("`{name}` declared again here"));
    let address = Address::Token(owner.key.clone(), name.clone());
    let finding = match context.places.exact(&address, "name") {
        Some(first) => finding.at(first.span, format!("`{name}` first declared here")),
        None => finding,
    };
    context
        .findings
        .push(finding.help("remove one of the two, or give it another name"));
}

/// The token, and whether its scopes and calls are all that is declared.
fn lower_token(
    name: TokenName,
    address: &Address,
    token: RawToken,
    owner: &Owner<'_>,
    context: &mut Context<'_>,
) -> (TokenSpec, bool) {
    let RawToken {
        head,
        broken,
        name: Needed(name_text),
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
    let place = name_text.as_ref().map_or(known(head), Placed::place);
    context.places.object(address.clone(), place);
    context.fields(
        address,
        [
            ("name", name_text.as_ref().map(Placed::place)),
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
                deliver.as_ref().map(|place| known(place.place())),
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
    // A lifetime that cannot be read is compared with nothing.
    let expires_at = expires.as_ref().map(|written| written.span);
    let is_misplaced = |key: &str| owner.misplaced.contains(&key);
    let is_lifetime_unknown = context.findings.errors() > 0
        && (broken.contains(&"expires")
            || (expires.is_none()
                && (owner.defaults.expires_is_doubtful
                    || owner.is_taken_unknown
                    || is_misplaced("expires"))));
    let expires = expires.map_or_else(
        || {
            owner
                .defaults
                .expires
                .unwrap_or(TokenLifetime::After(LIFETIME))
        },
        |written| values::lifetime(written.value),
    );
    let is_rotation_unknown = context.findings.errors() > 0
        && (broken.contains(&"rotate") || (rotate.is_none() && is_misplaced("rotate")));
    let defaults = owner.defaults.rotate;
    let is_rotation_chosen =
        rotate.is_some() || owner.defaults.rotation_is_chosen || owner.is_taken_unknown;
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
    let is_left_to_end = match (expires, is_rotation_chosen) {
        (TokenLifetime::After(life), false) if rotate.is_none() => Some(life),
        (TokenLifetime::After(_) | TokenLifetime::Never, _) => None,
    };
    let (expires, rotate) = match (is_lifetime_unknown, is_rotation_unknown) {
        (true, _) => (TokenLifetime::After(SignedDuration::ZERO), None),
        (false, true) => (expires, None),
        (false, false) => (expires, rotate),
    };
    if let Some(life) = is_left_to_end.filter(|_| !is_lifetime_unknown && !is_rotation_unknown) {
        let at = expires_at.or(owner.defaults.expires_at);
        context.ends.note(at, place.span, &name, life);
    }
    let named = Named {
        name: &name,
        span: place.span,
    };
    let of_token = ["scopes", "calls"]
        .into_iter()
        .filter(|key| is_misplaced(key));
    let unreadable: Vec<&'static str> = broken.iter().copied().chain(of_token).collect();
    let permissions = permissions(address, &named, &unreadable, scopes, calls, context);
    let is_written = deliver.is_some() || broken.contains(&"deliver");
    let own = deliver.and_then(|written| place::delivery(*written, owner.stores, context));
    let default = owner.defaults.deliver.as_ref().filter(|_| !is_written);
    let delivery = own.as_ref().or(default);
    let is_doubtful =
        owner.defaults.deliver_is_doubtful || owner.is_taken_unknown || is_misplaced("deliver");
    if delivery.is_none() && !is_written && !is_doubtful {
        context.findings.push(
            Finding::new(
                Code::NoDelivery,
                format!("token `{name}` has no store location for its secret"),
            )
            .at(place.span, "missing `deliver`: ISC shows the secret only once")
            .help(match owner.profile {
                Some(profile) => format!(
                    "add `deliver: {{store: …, key: …}}` to the token, under `profiles.{}.token`, or under `defaults.token` for all tokens",
                    profile.value
                ),
                None => "add `deliver: {store: …, key: …}` to the token, or under `defaults.token` for all tokens".to_owned(),
            })
            .once_for("token", owner.profile.map_or("", Text::as_str)),
        );
    }
    let deliver = match (delivery, owner.holder, &name_text) {
        (Some(delivery), Some(holder), Some(_)) => {
            place::fill(&delivery.place, holder, Some(&name), &mut context.texts)
        }
        (Some(_) | None, _, _) => place::unknown(),
    };
    let Permissions {
        scopes,
        calls,
        complete,
    } = permissions;
    let token = TokenSpec {
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
        form: delivery.map_or(DeliveredForm::Json, |delivery| delivery.form),
    };
    (token, complete)
}

//! Tokens and their defaults.

use super::context::{Context, Placed, known, place_of};
use super::place;
use crate::code::Code;
use crate::decode::{List, Record, Text};
use crate::diagnostic::Finding;
use crate::raw::{
    Duration, Lifetime, RawDefaults, RawPlace, RawRotate, RawRotation, RawToken, RawTokenDefaults,
};
use crate::span::Spanned;
use jiff::SignedDuration;
use model::{
    AccountKey, AccountName, Address, Rotation, Scope, StoreKey, StoreName, StoreSpec,
    TokenLifetime, TokenName, TokenSpec,
};
use std::collections::{BTreeMap, BTreeSet};

/// How long a token lives where nothing says otherwise: 90 days, half of what
/// ISC itself gives.
const LIFETIME: SignedDuration = SignedDuration::from_hours(90 * 24);

/// For how long ISC lets an access token be valid, in seconds.
const VALIDITY: std::ops::RangeInclusive<i64> = 15..=43_200;

/// The placeholders of the key that a token is delivered to.
const TOKEN_PLACEHOLDERS: &[&str] = &["account", "token"];

/// The placeholders of the key that an issuer lies at.
const ISSUER_PLACEHOLDERS: &[&str] = &["account"];

/// The defaults, ready to be filled in.
pub(super) struct Defaults {
    issuer: Option<RawPlace>,
    deliver: Option<RawPlace>,
    access_token_validity: Option<u32>,
    expires: Option<TokenLifetime>,
    rotate: Option<Rotation>,
}

impl Defaults {
    /// Checks the defaults once, and not again for each token.
    pub(super) fn new(
        defaults: Option<RawDefaults>,
        stores: &BTreeMap<StoreName, StoreSpec>,
        context: &mut Context<'_>,
    ) -> Self {
        let (issuer, token) = defaults.map_or((None, None), |defaults| {
            let RawDefaults {
                head: _,
                broken: _,
                issuer,
                token,
            } = defaults;
            (issuer, token)
        });
        if let Some(issuer) = &issuer {
            place::check(issuer, ISSUER_PLACEHOLDERS, stores, context);
        }
        let Some(token) = token else {
            return Self {
                issuer,
                deliver: None,
                access_token_validity: None,
                expires: None,
                rotate: None,
            };
        };
        let RawTokenDefaults {
            head: _,
            broken: _,
            access_token_validity,
            expires,
            rotate,
            deliver,
        } = token;
        if let Some(deliver) = &deliver {
            place::check(deliver, TOKEN_PLACEHOLDERS, stores, context);
        }
        Self {
            issuer,
            deliver,
            access_token_validity: access_token_validity
                .and_then(|duration| validity(duration, context)),
            expires: expires.map(|lifetime| self::lifetime(lifetime.value)),
            rotate: rotate.as_ref().and_then(rotation),
        }
    }
}

/// Where the issuer of an account lies.
pub(super) fn issuer(
    written: Option<&RawPlace>,
    account: &AccountName,
    defaults: &Defaults,
    stores: &BTreeMap<StoreName, StoreSpec>,
    context: &mut Context<'_>,
) -> Option<StoreKey> {
    if let Some(place) = written {
        place::check(place, ISSUER_PLACEHOLDERS, stores, context);
    }
    written
        .or(defaults.issuer.as_ref())
        .map(|place| place::fill(place, &[("account", account.as_str())]))
}

/// Where tokens are being lowered.
pub(super) struct Owner<'a> {
    pub(super) key: &'a AccountKey,
    pub(super) name: &'a AccountName,
    pub(super) defaults: &'a Defaults,
    pub(super) stores: &'a BTreeMap<StoreName, StoreSpec>,
}

/// The tokens of one account, and whether some were left out because something
/// is wrong with them.
pub(super) fn lower(
    list: List<RawToken>,
    owner: &Owner<'_>,
    context: &mut Context<'_>,
) -> (BTreeMap<TokenName, TokenSpec>, bool) {
    let mut lowered = BTreeMap::new();
    let mut complete = list.complete;
    for token in list.items {
        let name = TokenName::new(token.name.value.clone());
        let address = Address::Token(owner.key.clone(), name.clone());
        if lowered.contains_key(&name) {
            let finding = Finding::new(
                Code::DuplicateToken,
                format!("the token `{name}` is declared twice for `{}`", owner.key),
            )
            .at(token.name.span, "declared again here");
            let finding = match context.places.exact(&address, "name") {
                Some(first) => finding.at(first.span, "first declared here"),
                None => finding,
            };
            context
                .findings
                .push(finding.help("remove one of the two, or give it another name"));
            continue;
        }
        match one(name.clone(), &address, token, owner, context) {
            Some(token) => {
                lowered.insert(name, token);
            }
            None => complete = false,
        }
    }
    (lowered, complete)
}

fn one(
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
        deliver,
    } = token;
    context.places.thing(address.clone(), name_text.place());
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
            (
                "deliver",
                deliver.as_ref().map(|place| known(place.key.span)),
            ),
        ],
    );
    let access_token_validity = match access_token_validity {
        Some(duration) => validity(duration, context),
        None => owner.defaults.access_token_validity,
    };
    let expires = expires.map_or_else(
        || {
            owner
                .defaults
                .expires
                .unwrap_or(TokenLifetime::After(LIFETIME))
        },
        |written| lifetime(written.value),
    );
    let rotate = match rotate {
        Some(written) => rotation(&written),
        // A token that does not end needs no replacement.
        None if expires == TokenLifetime::Never => None,
        None => owner.defaults.rotate,
    };
    let permissions = permissions(address, &name_text, &broken, scopes, calls, context);
    if let Some(deliver) = &deliver {
        place::check(deliver, TOKEN_PLACEHOLDERS, owner.stores, context);
    }
    let Some(place) = deliver.as_ref().or(owner.defaults.deliver.as_ref()) else {
        if context.complete.defaults && !broken.contains(&"deliver") {
            context.findings.push(
                Finding::new(
                    Code::NoDelivery,
                    format!("nothing says where the secret of the token `{name}` is delivered to"),
                )
                .at(name_text.span, "ISC shows the secret once, when it is minted")
                .help(
                    "add `deliver: {store: …, key: …}` to the token, or for all tokens under `defaults.token`",
                ),
            );
        }
        return None;
    };
    let deliver = place::fill(
        place,
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
        deliver,
    })
}

/// The scopes of a token, written or worked out, and the calls as written.
fn permissions(
    address: &Address,
    name: &Text,
    broken: &[&str],
    scopes: Option<List<Text>>,
    calls: Option<List<Text>>,
    context: &mut Context<'_>,
) -> Option<(BTreeSet<Scope>, Vec<String>)> {
    match (scopes, calls) {
        (Some(scopes), None) => {
            context.items(address, "scopes", &scopes.items);
            if scopes.items.is_empty() && scopes.complete {
                context.findings.push(
                    Finding::new(Code::NoScopes, "a token without scopes gets all of them")
                        .at(scopes.head, "ISC takes this for `sp:scopes:all`")
                        .help("name the scopes, or `sp:scopes:default` for what every user may do"),
                );
                return None;
            }
            let complete = scopes.complete;
            let scopes = scopes
                .items
                .into_iter()
                .map(|text| Scope::new(text.value))
                .collect();
            complete.then_some((scopes, Vec::new()))
        }
        (None, Some(calls)) => super::calls::lower(address, calls, context),
        (Some(scopes), Some(calls)) => {
            let (first, second) = if scopes.head < calls.head {
                (scopes.head, calls.head)
            } else {
                (calls.head, scopes.head)
            };
            context.findings.push(
                Finding::new(
                    Code::ExclusiveKeys,
                    "a token has either `scopes` or `calls`",
                )
                .at(second, "this as well")
                .at(first, "this already")
                .help("keep `calls` to have the least scopes worked out, or `scopes` to name them"),
            );
            None
        }
        (None, None) if !broken.is_empty() => None,
        (None, None) => {
            context.findings.push(
                Finding::new(
                    Code::MissingKey,
                    format!("the token `{}` needs `scopes` or `calls`", name.value),
                )
                .at(name.span, "neither is here")
                .help("name the calls that its user makes, such as `calls: [\"POST /search/v1\"]`"),
            );
            None
        }
    }
}

fn lifetime(written: Lifetime) -> TokenLifetime {
    match written {
        Lifetime::After(duration) => TokenLifetime::After(duration),
        Lifetime::Never => TokenLifetime::Never,
    }
}

fn rotation(written: &RawRotate) -> Option<Rotation> {
    match written {
        RawRotate::Never(_) => None,
        RawRotate::Rotation(RawRotation {
            head: _,
            broken: _,
            before,
            overlap,
        }) => Some(Rotation {
            before: before.value.0,
            overlap: overlap
                .as_ref()
                .map_or(model::retiring::DEFAULT_OVERLAP, |overlap| overlap.value.0),
        }),
    }
}

fn validity(written: Spanned<Duration>, context: &mut Context<'_>) -> Option<u32> {
    let seconds = written.value.0.as_secs();
    let fitting = u32::try_from(seconds)
        .ok()
        .filter(|_| VALIDITY.contains(&seconds));
    if fitting.is_none() {
        context.findings.push(
            Finding::new(
                Code::OutOfRange,
                "an access token is valid for 15 seconds to 12 hours",
            )
            .at(written.span, "outside of that")
            .help("write a duration from `15s` to `12h`"),
        );
    }
    fitting
}

impl RawRotate {
    fn head(&self) -> crate::span::Span {
        match self {
            Self::Rotation(rotation) => rotation.head(),
            Self::Never(span) => *span,
        }
    }
}

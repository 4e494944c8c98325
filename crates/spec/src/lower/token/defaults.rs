//! Defaults of tokens, checked once and applied to each token.

use super::issuer::Issuer;
use super::values::{self, Rotate};
use crate::lower::context::Context;
use crate::lower::place;
use crate::raw::{RawDefaults, RawIssuer, RawTokenDefaults};
use model::{StoreName, StoreSpec, TokenLifetime};
use std::collections::BTreeMap;

/// The checked defaults.
pub(in crate::lower) struct Defaults {
    pub(in crate::lower) issuer: Issuer,
    pub(super) deliver: Option<place::Delivery>,
    /// Whether a `deliver` may be declared that could not be read.
    pub(super) deliver_is_doubtful: bool,
    /// Whether a place of issuer tokens may be declared that could not be read.
    pub(in crate::lower) issuer_is_doubtful: bool,
    pub(super) access_token_validity: Option<u32>,
    pub(super) expires: Option<TokenLifetime>,
    /// Whether an `expires` may be declared that could not be read.
    pub(super) expires_is_doubtful: bool,
    pub(super) rotate: Rotate,
}

impl Defaults {
    /// Checks the defaults once, and not again for each token.
    pub(in crate::lower) fn new(
        defaults: Option<RawDefaults>,
        stores: &BTreeMap<StoreName, StoreSpec>,
        context: &mut Context<'_>,
    ) -> Self {
        let is_unread = !context.complete.defaults;
        let (issuer, token, broken) = defaults.map_or_else(Default::default, |defaults| {
            let RawDefaults {
                head: _,
                broken,
                issuer,
                token,
            } = defaults;
            (issuer, token, broken)
        });
        let issuer_is_doubtful = is_unread
            || broken.contains(&"issuer")
            || issuer.as_ref().is_some_and(RawIssuer::is_placed_unreadably);
        let issuer = Issuer::of_defaults(issuer, stores, context);
        let Some(token) = token else {
            return Self {
                issuer,
                issuer_is_doubtful,
                deliver: None,
                deliver_is_doubtful: is_unread || broken.contains(&"token"),
                access_token_validity: None,
                expires: None,
                expires_is_doubtful: is_unread || broken.contains(&"token"),
                rotate: Rotate::default(),
            };
        };
        let RawTokenDefaults {
            head: _,
            broken,
            access_token_validity,
            expires,
            rotate,
            deliver,
        } = token;
        let is_written = deliver.is_some();
        let deliver = deliver.and_then(|written| place::delivery(written, stores, context));
        let rotate = rotate
            .as_ref()
            .map(|rotate| values::rotation(rotate, context))
            .unwrap_or_default();
        Self {
            issuer,
            issuer_is_doubtful,
            deliver_is_doubtful: is_unread
                || broken.contains(&"deliver")
                || (is_written && deliver.is_none()),
            deliver,
            access_token_validity: access_token_validity
                .and_then(|duration| values::validity(duration, context)),
            expires: expires.map(|lifetime| values::lifetime(lifetime.value)),
            expires_is_doubtful: is_unread || broken.contains(&"expires"),
            rotate,
        }
    }
}

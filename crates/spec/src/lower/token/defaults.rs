//! Defaults of tokens, checked once and applied to each token.

use super::issuer::Issuer;
use super::values::{self, Rotate};
use crate::lower::context::Context;
use crate::lower::place;
use crate::raw::{RawDefaults, RawTokenDefaults};
use model::{StoreName, StoreSpec, TokenLifetime};
use std::collections::BTreeMap;

/// The checked defaults.
pub(in crate::lower) struct Defaults {
    pub(in crate::lower) issuer: Issuer,
    pub(super) deliver: Option<place::Delivery>,
    pub(super) access_token_validity: Option<u32>,
    pub(super) expires: Option<TokenLifetime>,
    pub(super) rotate: Rotate,
}

impl Defaults {
    /// Checks the defaults once, and not again for each token.
    pub(in crate::lower) fn new(
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
        let issuer = Issuer::of_defaults(issuer, stores, context);
        let Some(token) = token else {
            return Self {
                issuer,
                deliver: None,
                access_token_validity: None,
                expires: None,
                rotate: Rotate::default(),
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
        let deliver = deliver.map(|written| place::delivery(written, stores, context));
        let rotate = rotate
            .as_ref()
            .map(|rotate| values::rotation(rotate, context))
            .unwrap_or_default();
        Self {
            issuer,
            deliver,
            access_token_validity: access_token_validity
                .and_then(|duration| values::validity(duration, context)),
            expires: expires.map(|lifetime| values::lifetime(lifetime.value)),
            rotate,
        }
    }
}

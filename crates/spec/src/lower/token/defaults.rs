//! Defaults of tokens, checked once and applied to each token.

use super::issuer::Issuer;
use super::values::{self, Rotate};
use crate::lower::context::Context;
use crate::lower::place;
use crate::places::Inherited;
use crate::raw::{RawDefaults, RawIssuer, RawTokenDefaults};
use crate::span::Span;
use model::{StoreName, StoreSpec, TokenLifetime};
use std::collections::BTreeMap;

/// The checked defaults.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each key is written, doubtful or neither, whatever the others are"
)]
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
    /// Where that is written.
    pub(super) expires_at: Option<Span>,
    pub(super) rotate: Rotate,
    /// Where that is written.
    rotate_at: Option<Span>,
    /// Whether a file says how tokens are rotated: also `never`, or in a way that could not
    /// be read.
    pub(super) rotation_is_chosen: bool,
}

impl Defaults {
    /// Checks the defaults once, and not again for each token.
    pub(in crate::lower) fn new(
        defaults: Option<RawDefaults>,
        stores: &BTreeMap<StoreName, StoreSpec>,
        context: &mut Context<'_>,
    ) -> Self {
        let is_unread = !context.complete.defaults;
        let none = Self {
            deliver_is_doubtful: is_unread,
            issuer_is_doubtful: is_unread,
            expires_is_doubtful: is_unread,
            rotation_is_chosen: is_unread,
            ..Self::default()
        };
        let Some(RawDefaults {
            head: _,
            broken,
            issuer,
            token,
        }) = defaults
        else {
            return none;
        };
        none.with(issuer, token, &broken, stores, context)
    }

    /// The defaults of a profile, above these. `broken` are its keys that could not be
    /// read.
    pub(in crate::lower) fn with(
        &self,
        issuer: Option<RawIssuer>,
        token: Option<RawTokenDefaults>,
        broken: &[&'static str],
        stores: &BTreeMap<StoreName, StoreSpec>,
        context: &mut Context<'_>,
    ) -> Self {
        let token_is_broken = broken.contains(&"token");
        let mut own = Self {
            issuer_is_doubtful: self.issuer_is_doubtful
                || broken.contains(&"issuer")
                || issuer.as_ref().is_some_and(RawIssuer::is_placed_unreadably),
            issuer: self.issuer.with(issuer, stores, context),
            deliver_is_doubtful: self.deliver_is_doubtful || token_is_broken,
            expires_is_doubtful: self.expires_is_doubtful || token_is_broken,
            rotation_is_chosen: self.rotation_is_chosen || token_is_broken,
            ..self.clone()
        };
        let Some(token) = token else {
            return own;
        };
        let RawTokenDefaults {
            head: _,
            broken,
            access_token_validity,
            expires,
            rotate,
            deliver,
        } = token;
        if let Some(written) = deliver {
            own.deliver = place::delivery(written, stores, context);
            own.deliver_is_doubtful |= own.deliver.is_none();
        }
        own.deliver_is_doubtful |= broken.contains(&"deliver");
        if let Some(rotate) = &rotate {
            own.rotate = values::rotation(rotate, context);
            own.rotate_at = Some(rotate.head());
        }
        if let Some(duration) = access_token_validity {
            own.access_token_validity = values::validity(duration, context);
        }
        own.rotation_is_chosen |= rotate.is_some() || broken.contains(&"rotate");
        if let Some(lifetime) = expires {
            own.expires = Some(values::lifetime(lifetime.value));
            own.expires_at = Some(lifetime.span);
        }
        own.expires_is_doubtful |= broken.contains(&"expires");
        own
    }

    /// Where the keys are written that accounts and tokens without them take from here.
    pub(in crate::lower) fn places(&self) -> Inherited {
        Inherited {
            issuer: self.issuer.key_at(),
            deliver: self.deliver.as_ref().map(|deliver| deliver.place.key.span),
            expires: self.expires_at,
            rotate: self.rotate_at,
        }
    }
}

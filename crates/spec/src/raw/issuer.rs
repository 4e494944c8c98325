//! Raw type of an issuer token: its place, its lifetime and its rotation.

use super::{Count, Lifetime, RawRotate};
use crate::decode::{Record as _, Text, record};
use crate::span::{Span, Spanned};

record! {
    /// Issuer token of service accounts: the token that creates, changes and rotates the
    /// other tokens of its account, and that replaces itself.
    #[schemars(rename = "Issuer")]
    RawIssuer as "`issuer`" {
        /// Name of the store under `stores`. Default: `defaults.issuer`.
        optional store as "store": Text,
        /// Key in the store. steersman replaces `{account}` by the account name.
        /// Default: `defaults.issuer`.
        #[schemars(example = &"{account}/issuer")]
        optional key as "key": Text,
        /// Time until an issuer token that steersman creates expires, or `never`.
        /// Default: `defaults.issuer`, or else it expires with the one that a person
        /// stored.
        #[schemars(example = &"180d")]
        optional expires as "expires": Spanned<Lifetime>,
        /// Rotation: replacement of the issuer token before it expires, or `never`.
        /// Default: `defaults.issuer`, or else 30 days before it expires, and a third of
        /// `expires` where that is shorter.
        optional rotate as "rotate": RawRotate,
        /// Number that you change to have the issuer token replaced once, such as 1.
        /// Default: `defaults.issuer`, or else 0.
        optional rotation as "rotation": Spanned<Count>,
    }
}

impl RawIssuer {
    /// Whether its store or key is written and could not be read.
    pub(crate) fn is_placed_unreadably(&self) -> bool {
        ["store", "key"]
            .iter()
            .any(|key| self.unreadable().contains(key))
    }

    /// Where to point when its location is meant.
    pub(crate) fn place(&self) -> Span {
        self.key.as_ref().map_or(self.head(), |key| key.span)
    }
}

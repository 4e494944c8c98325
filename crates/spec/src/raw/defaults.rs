//! Raw types of the defaults.

use super::{Duration, Lifetime, RawDelivery, RawIssuer, RawRotate};
use crate::decode::record;
use crate::span::Spanned;

record! {
    /// Defaults of service accounts and tokens that do not set the key.
    #[schemars(rename = "Defaults")]
    RawDefaults as "`defaults`" {
        /// Issuer tokens, which create the other tokens.
        optional issuer as "issuer": RawIssuer,
        /// Defaults of tokens.
        optional token as "token": RawTokenDefaults,
    }
}

record! {
    /// Defaults of tokens.
    #[schemars(rename = "TokenDefaults")]
    RawTokenDefaults as "`defaults.token`" {
        /// Validity of access tokens from this token: 15 seconds to 12 hours.
        /// Omitted: ISC's default.
        optional access_token_validity as "accessTokenValidity": Spanned<Duration>,
        /// Time until a token expires, or `never`. Default: 90 days.
        optional expires as "expires": Spanned<Lifetime>,
        /// Rotation: replacement of tokens before they expire. Omitted: no
        /// rotation.
        optional rotate as "rotate": RawRotate,
        /// Store location of the token secrets.
        optional deliver as "deliver": RawDelivery,
    }
}

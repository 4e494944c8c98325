//! What holds where nothing else is said.

use super::{Duration, Lifetime, RawPlace, RawRotate};
use crate::decode::record;
use crate::span::Spanned;

record! {
    /// What holds for every service account and token that says nothing else.
    #[schemars(rename = "Defaults")]
    RawDefaults as "the defaults" {
        /// Where the issuers lie: the tokens that mint the other tokens.
        optional issuer as "issuer": RawPlace,
        /// The defaults of tokens.
        optional token as "token": RawTokenDefaults,
    }
}

record! {
    /// The defaults of tokens.
    #[schemars(rename = "TokenDefaults")]
    RawTokenDefaults as "the defaults of tokens" {
        /// For how long an access token made with the token is valid: 15
        /// seconds to 12 hours. Left out: ISC's default.
        optional access_token_validity as "accessTokenValidity": Spanned<Duration>,
        /// How long a token lives, or `never`. Left out: 90 days.
        optional expires as "expires": Spanned<Lifetime>,
        /// How tokens are replaced before they end. Left out: they are not.
        optional rotate as "rotate": RawRotate,
        /// Where the secrets are delivered to.
        optional deliver as "deliver": RawPlace,
    }
}

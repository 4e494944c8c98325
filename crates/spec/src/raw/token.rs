//! Raw type of a token.

use super::{Count, Duration, Lifetime, RawDelivery, RawRotate};
use crate::decode::{List, Text, record};
use crate::span::Spanned;

record! {
    /// A personal access token (PAT) of a service account, with `scopes` or
    /// `calls`.
    #[schemars(rename = "Token")]
    RawToken as "a token" {
        /// Token name, unique for the account.
        #[schemars(example = &"monthly-report")]
        needed name as "name": Text,
        /// Scopes of the token: exactly these.
        #[schemars(with = "Option<super::value_schema::Scopes>")]
        optional scopes as "scopes": List<Text>,
        /// API calls of the integration, as method and path. steersman finds the
        /// least scopes that allow them.
        #[schemars(with = "Option<super::value_schema::Calls>", example = super::example::calls_example())]
        optional calls as "calls": List<Text>,
        /// Validity of access tokens from this token: 15 seconds to 12 hours.
        /// Default: `defaults.token`, or else ISC's default.
        optional access_token_validity as "accessTokenValidity": Spanned<Duration>,
        /// Time until the token expires, or `never`. Default: `defaults.token`, or
        /// else 90 days.
        optional expires as "expires": Spanned<Lifetime>,
        /// Rotation: replacement of the token before it expires, or `never`.
        /// Default: `defaults.token`, or else no rotation.
        optional rotate as "rotate": Box<RawRotate>,
        /// Number that you change to rotate the token once, such as 1. Default: 0.
        optional rotation as "rotation": Spanned<Count>,
        /// Purpose of the token, for the people who read the file.
        #[schemars(example = &"Monthly audit report")]
        optional purpose as "purpose": Box<Text>,
        /// People or teams that are responsible for what uses the token.
        #[schemars(example = super::example::owners_example())]
        optional owners as "owners": Box<List<Text>>,
        /// Store location of its secret. Default: `defaults.token`.
        optional deliver as "deliver": Box<RawDelivery>,
    }
}

//! Raw type of named defaults that accounts take.

use super::{RawIssuer, RawTokenDefaults};
use crate::decode::{List, Named, Text, record};

record! {
    /// Named defaults of service accounts, which an account takes with `profile: NAME`.
    /// Each key that the account does not set comes from its profile, and each that
    /// the profile does not set from `defaults`.
    #[schemars(rename = "AccountProfile")]
    RawAccountProfile as "a profile" {
        /// Issuer tokens, which create the other tokens.
        optional issuer as "issuer": RawIssuer,
        /// Defaults of tokens.
        optional token as "token": RawTokenDefaults,
        /// User levels of the accounts: exactly these.
        #[schemars(with = "Option<super::value_schema::UserLevels>")]
        optional user_levels as "userLevels": List<Text>,
        /// Values of the source's additional attributes. An account sets single ones
        /// of them otherwise.
        optional attributes as "attributes": Named<Text>,
    }
}

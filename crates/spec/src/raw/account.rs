//! Raw type of a service account.

use super::{RawIssuer, RawToken};
use crate::decode::{List, Named, Record, Text, record};
use crate::span::Span;

record! {
    /// A service account. On a managed source it has `id`, `name`, `email` and
    /// `purpose`. On a source with `managed: false` it has `account`.
    #[schemars(rename = "Account")]
    RawAccount as "a service account" {
        /// Name of its source. Default: the only managed source.
        optional source as "source": Box<Text>,
        /// Name of a profile under `profiles`, whose keys are the defaults of this account.
        #[schemars(example = &"reporting")]
        optional profile as "profile": Box<Text>,
        /// Account ID, unique on the source. Reports use it as the name.
        #[schemars(example = &"SA-001")]
        optional id as "id": Text,
        /// Account name. With the usual mapping it is also the user name.
        #[schemars(example = &"audit01")]
        optional name as "name": Text,
        /// Email address for the invitation and notices.
        #[schemars(example = &"iam-automation@example.com")]
        optional email as "email": Box<Text>,
        /// Purpose of the account.
        #[schemars(example = &"Automate the monthly audit report")]
        optional purpose as "purpose": Box<Text>,
        /// Values of the source's additional attributes.
        optional attributes as "attributes": Box<Named<Text>>,
        /// Account name on a source with `managed: false`.
        #[schemars(example = &"svc-backup")]
        optional account as "account": Box<Text>,
        /// User levels of the account: exactly these. Omitted: unchanged.
        /// `[]`: none.
        #[schemars(with = "Option<super::value_schema::UserLevels>")]
        optional user_levels as "userLevels": List<Text>,
        /// Tokens of the account. Omitted: unchanged.
        optional tokens as "tokens": List<RawToken>,
        /// Its issuer token, which creates its other tokens. Default for each key:
        /// `defaults.issuer`.
        optional issuer as "issuer": Box<RawIssuer>,
        /// Earlier id or name, to declare a rename.
        optional previously as "previously": Box<RawPreviously>,
        /// ID of the ISC identity that you approve as the account's own. Needed where
        /// ISC correlates the account to an identity that the account did not create.
        #[schemars(example = &"2c9180858082150f0180893dbaf44201")]
        optional identity as "identity": Box<Text>,
    }
}

record! {
    /// Earlier id and name of an account. Without them, a rename is planned as a
    /// deletion and a creation.
    #[schemars(rename = "Previously")]
    RawPreviously as "`previously`" {
        /// Earlier id.
        optional id as "id": Text,
        /// Earlier name.
        optional name as "name": Text,
    }
}

/// The accounts of a file. Each is kept by itself, so that lowering one gives its memory
/// back at once.
pub(crate) type RawAccounts = Vec<Box<RawAccount>>;

impl RawAccount {
    /// Where to point when the account as a whole is meant: what names it, or
    /// else its first key.
    pub(crate) fn place(&self) -> Span {
        [
            self.id.as_ref(),
            self.account.as_deref(),
            self.name.as_ref(),
        ]
        .into_iter()
        .flatten()
        .next()
        .map_or(self.head, |text| text.span)
    }

    /// Whether a key is written, even if it could not be read.
    pub(crate) fn has_unreadable(&self, key: &str) -> bool {
        self.unreadable().contains(&key)
    }
}

//! A service account as it is written.

use super::{RawPlace, RawToken};
use crate::decode::{List, Named, Record, Text, record};
use crate::span::Span;

record! {
    /// A service account. On a managed source it has `id`, `name`, `email` and
    /// `purpose`; on a source with `managed: false` it is found by `account`.
    #[schemars(rename = "Account")]
    RawAccount as "a service account" {
        /// The source it is on. Left out: the only managed source there is.
        optional source as "source": Text,
        /// The account's id, unique on the source, and its name in reports.
        #[schemars(example = &"SA-001")]
        optional id as "id": Text,
        /// The account's name, by the usual mapping also its user name.
        #[schemars(example = &"audit01")]
        optional name as "name": Text,
        /// The address that the invitation and notices go to.
        #[schemars(example = &"iam-automation@example.com")]
        optional email as "email": Text,
        /// What the account is for.
        #[schemars(example = &"Automate the monthly audit report")]
        optional purpose as "purpose": Text,
        /// Values of the source's further attributes.
        optional attributes as "attributes": Named<Text>,
        /// The account's name on a source that is not managed.
        #[schemars(example = &"svc-backup")]
        optional account as "account": Text,
        /// The user levels it is to hold: exactly these. Left out: they are
        /// left alone. `[]`: none.
        #[schemars(with = "Option<super::value_schema::UserLevels>")]
        optional user_levels as "userLevels": List<Text>,
        /// The tokens it is to have. Left out: they are left alone.
        optional tokens as "tokens": List<RawToken>,
        /// Where its issuer lies: the token that mints its other tokens. Left
        /// out: the default.
        optional issuer as "issuer": RawPlace,
        /// What it was called before a rename.
        optional previously as "previously": RawPreviously,
    }
}

record! {
    /// Earlier names, so that a rename is one and no deletion with a creation.
    #[schemars(rename = "Previously")]
    RawPreviously as "earlier names" {
        /// The id it had.
        optional id as "id": Text,
        /// The name it had.
        optional name as "name": Text,
    }
}

impl RawAccount {
    /// Where to point when the account as a whole is meant: what names it, or
    /// else its first key.
    pub(crate) fn place(&self) -> Span {
        [&self.id, &self.account, &self.name]
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

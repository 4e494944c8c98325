//! Cells of an account's row, by the keys that they are written under.

use model::{AccountAttribute, AccountRow};
use std::borrow::Cow;

/// The key of an account that a cell is written under.
#[derive(Clone, Copy)]
pub(super) enum Cell<'a> {
    /// A key of the account itself.
    Key(&'static str),
    /// A key under `attributes`.
    Attribute(&'a AccountAttribute),
}

impl Cell<'_> {
    /// The field under which its place is known.
    pub(super) fn field(self) -> Cow<'static, str> {
        match self {
            Self::Key(key) => key.into(),
            Self::Attribute(name) => format!("attributes={name}.value").into(),
        }
    }
}

/// All cells of a row with their texts.
pub(super) fn cells(row: &AccountRow) -> impl Iterator<Item = (Cell<'_>, &str)> {
    let AccountRow {
        id,
        name,
        email,
        purpose,
        attributes,
    } = row;
    let further = attributes
        .iter()
        .map(|(name, text)| (Cell::Attribute(name), text.as_str()));
    [
        (Cell::Key("id"), id.as_str()),
        (Cell::Key("name"), name.as_str()),
        (Cell::Key("email"), email.as_str()),
        (Cell::Key("purpose"), purpose.as_str()),
    ]
    .into_iter()
    .chain(further)
}

//! Whether a declared account is on its source: present, absent, or unread.

use crate::index::{Index, accounts_read};
use model::{AccountSpec, Incomplete, LiveAccount};

/// Whether an account is on its source.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Presence<'a> {
    /// It is.
    Present(&'a LiveAccount),
    /// It is not, and all accounts of the source were read.
    Absent,
    /// The accounts of the source were not read completely.
    Unread(&'a Incomplete),
}

impl<'a> Presence<'a> {
    /// Looks a declared account up: by its id on a managed source, by its name
    /// on one that others manage.
    pub(crate) fn of(spec: &AccountSpec, index: &'a Index<'a>) -> Self {
        let source = &spec.source;
        let found = match &spec.row {
            Some(row) => index.account(source, &row.id).map(Ok),
            None => index.called(source, spec.name.as_str()),
        };
        match (found, accounts_read(index.live, source)) {
            (Some(Ok(account)), _) => Self::Present(account),
            (Some(Err(why)), _) | (None, Some(Err(why))) => Self::Unread(why),
            (None, Some(Ok(())) | None) => Self::Absent,
        }
    }
}

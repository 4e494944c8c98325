//! Test support: runs tables of spec snippets against one code.

mod snippets;

pub(crate) use snippets::{account, accounts, snippets};

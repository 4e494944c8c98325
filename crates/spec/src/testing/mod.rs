//! Test support: runs tables of spec snippets against one code, and plants mistakes.

mod mistakes;
mod snippets;

pub(crate) use snippets::{account, accounts, snippets};

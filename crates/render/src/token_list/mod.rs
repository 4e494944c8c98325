//! The token list: a table for people, and a document for programs.

mod document;
mod sign_in;
mod table;
mod words;

pub(crate) use document::token_document;
pub use document::{Expiry, TokenDocument, TokenListDocument, TokenState};
pub use sign_in::SignIn;
pub use table::{Shown, token_table};
pub(crate) use words::never_used;

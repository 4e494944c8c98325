//! Tokens of the managed accounts: what each is, for `token list` and the commands that name tokens.

mod filter;
mod list;
mod row;

pub use filter::TokenFilter;
pub use list::token_list;
pub use row::{ForPeople, ListedToken, Missing, Standing, TokenList};

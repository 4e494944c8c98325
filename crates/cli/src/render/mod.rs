//! What a person reads.

pub(crate) mod account_list;
pub(crate) mod html;
pub(crate) mod markdown;
pub(crate) mod outcome_text;
pub(crate) mod style;
pub(crate) mod terminal;

//! What a plan looks like, in each format, for what can happen.

mod case;
mod cases;
mod exit_codes;
mod files;
mod html;
mod many;
mod markdown;
mod schema;
mod text;

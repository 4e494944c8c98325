//! Language of the `filters` parameter: parsed, checked per operation, evaluated on rows.
//!
//! The language is the one of SailPoint's "Standard Collection Parameters": operators in lower
//! case, `not` before `and` before `or`, strings in double quotes with `\"` and `\\`, numbers,
//! `true`, `false`, `null` and RFC 3339 dates.
//! A filter goes through two types.
//! [`Expression`] is what was written; [`Filter`] is an expression whose fields and operators the
//! operation supports and whose literals fit the fields, and only that one can be evaluated.

mod check;
mod error;
mod evaluate;
mod expression;
mod lexer;
mod parser;
mod text;

pub(crate) use check::{Filter, FilterField, Kind, UnsupportedFilter};
pub(crate) use error::ParseFilterError;
pub(crate) use evaluate::{Fields, Value};
pub(crate) use expression::Operator;

pub(crate) use evaluate::order_values;

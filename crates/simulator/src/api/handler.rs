//! Handler of one operation of ISC's API.

use super::call::{Answer, Call};
use crate::errors::Refusal;

/// Answers one operation.
pub(crate) type Handler = fn(&mut Call<'_>) -> Result<Answer, Refusal>;

//! Declared objects beside their observed values, field by field, for records of agreement.
//!
//! The plan says what has to change. This says of every declared object what was compared
//! for that, also where nothing differs: a record keeps digests of it, which later show
//! whether the files or the tenant moved.

mod all;
mod pairs;
mod people;
mod places;
mod ran;

pub use all::compared;
pub use pairs::{Compared, LiveFields};

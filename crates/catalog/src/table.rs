//! Table of all public operations.

use crate::generated::OPERATIONS;
use crate::operation::Operation;

/// All public operations of Identity Security Cloud, sorted by path and then by
/// method.
///
/// The table is part of the binary: there is nothing to load or to parse. It is
/// generated from SailPoint's OpenAPI description by the example
/// `refresh-catalog` of this crate.
pub fn operations() -> &'static [Operation] {
    OPERATIONS
}

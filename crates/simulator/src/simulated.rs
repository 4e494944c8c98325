//! The operations that are simulated, for tests and documents.

use catalog::Operation;

use crate::{api, newer};

/// Every operation that has an answer of its own; the others of ISC answer 501.
pub fn simulated_operations() -> Vec<&'static Operation> {
    newer::operations()
        .filter(|operation| api::handler(operation.id).is_some())
        .collect()
}

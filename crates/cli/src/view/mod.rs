//! What a person is shown of a plan, before it is shown in any format.

pub(crate) mod field;
pub(crate) mod plan;
pub(crate) mod row;

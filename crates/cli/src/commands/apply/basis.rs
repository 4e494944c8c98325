//! What each plan of a run is made with.

use crate::assessment::Facts;
use isc::Reader;
use model::Spec;
use planner::{Allowances, Selection};

/// What each plan of a run is made with.
#[derive(Clone, Copy)]
pub(super) struct Basis<'a> {
    pub(super) spec: &'a Spec,
    pub(super) reader: &'a Reader,
    pub(super) facts: Facts<'a>,
    pub(super) allow: &'a Allowances,
    pub(super) selection: &'a Selection,
}

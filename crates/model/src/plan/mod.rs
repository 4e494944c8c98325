//! Plan: all changes as data, complete before the first write.

pub(crate) mod operation;
pub(crate) mod report;
pub(crate) mod selection;
pub(crate) mod step;

use crate::{
    AccountReport, Blocked, Digest, Estimate, GuardReport, Incomplete, Operation, Problem,
    SelectionReport, SourceName, Step, Unmanaged,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A plan. Immutable, and exact enough that the applier decides nothing.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The tenant's API address.
    pub tenant: String,
    /// The digest of the spec.
    pub spec_digest: Digest,
    /// The digest of the observed state, as far as it was compared.
    pub live_digest: Digest,
    /// When the plan was made, by the tenant's clock.
    pub created_at: Timestamp,
    /// The changes, each after those it depends on.
    pub steps: Vec<Step>,
    /// Declared objects that are blocked, and who can unblock them.
    pub blocked: Vec<Blocked>,
    /// Objects in the tenant that no file declares.
    pub unmanaged: Vec<Unmanaged>,
    /// The guards that refuse the plan, or were lifted.
    pub guards: Vec<GuardReport>,
    /// Parts of the spec that are invalid for this tenant.
    pub problems: Vec<Problem>,
    /// Partial reads, by the name of the collection.
    pub incomplete: BTreeMap<String, Incomplete>,
    /// The stage of each declared account.
    pub accounts: Vec<AccountReport>,
    /// The requests and the time that applying it takes.
    pub estimate: Estimate,
    /// The selection that it was reduced to; none for the whole plan.
    pub selection: Option<SelectionReport>,
}

impl Plan {
    /// Whether it has no steps.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether the plan may be applied: no problem, no refusing guard.
    pub fn is_applyable(&self) -> bool {
        self.problems.is_empty() && !self.guards.iter().any(GuardReport::refuses)
    }

    /// Whether applying it reaches the desired state: nothing is blocked, no read is
    /// partial.
    pub fn is_complete(&self) -> bool {
        self.blocked.is_empty() && self.incomplete.is_empty() && self.problems.is_empty()
    }

    /// The steps grouped into units: all account rows of a source in one import,
    /// every other step by itself. Each unit comes after those it depends on.
    pub fn units(&self) -> Vec<Unit<'_>> {
        let mut units: Vec<Unit<'_>> = Vec::new();
        let mut imports: BTreeMap<&SourceName, usize> = BTreeMap::new();
        for step in &self.steps {
            if let Operation::ImportRow { source_name, .. } = &step.operation {
                if let Some(index) = imports.get(source_name).copied() {
                    if let Some(unit) = units.get_mut(index) {
                        unit.steps.push(step);
                    }
                    continue;
                }
                imports.insert(source_name, units.len());
            }
            units.push(Unit { steps: vec![step] });
        }
        units
    }
}

/// Steps that are executed together.
#[derive(Clone, Debug)]
pub struct Unit<'plan> {
    /// One step, or all account rows of one source.
    pub steps: Vec<&'plan Step>,
}

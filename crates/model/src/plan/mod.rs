//! Everything that has to change, as data, made whole before the first write.

pub(crate) mod operation;
pub(crate) mod report;
pub(crate) mod selection;
pub(crate) mod step;

use crate::{
    AccountReport, Address, Blocked, Digest, Estimate, GuardReport, Incomplete, Operation, Problem,
    SelectionReport, SourceName, Step, Unmanaged,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A plan. Immutable, and so exact that the applier has nothing to decide.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The tenant's API address.
    pub tenant: String,
    /// The digest of the spec.
    pub spec_digest: Digest,
    /// When the plan was made, by the tenant's clock.
    pub created_at: Timestamp,
    /// What to do, in an order in which every step comes after those it waits for.
    pub steps: Vec<Step>,
    /// What cannot be done now, and who can do something about it.
    pub blocked: Vec<Blocked>,
    /// What is there and not declared.
    pub unmanaged: Vec<Unmanaged>,
    /// The guards that have something to say.
    pub guards: Vec<GuardReport>,
    /// What in the spec cannot be carried out at this tenant.
    pub problems: Vec<Problem>,
    /// What could not be read completely, by name of the collection.
    pub incomplete: BTreeMap<String, Incomplete>,
    /// Where each declared account stands.
    pub accounts: Vec<AccountReport>,
    /// What carrying it out will cost.
    pub estimate: Estimate,
    /// The selection that it was cut to; none for the whole plan.
    pub selection: Option<SelectionReport>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether the plan may be applied: no problem, no refusing guard.
    pub fn is_applyable(&self) -> bool {
        self.problems.is_empty() && !self.guards.iter().any(GuardReport::refuses)
    }

    /// Whether applying it leads to all that is declared: nothing blocked,
    /// nothing unread.
    pub fn is_complete(&self) -> bool {
        self.blocked.is_empty() && self.incomplete.is_empty() && self.problems.is_empty()
    }

    /// The steps grouped into what is carried out at once: all account rows of
    /// a source by one import, every other step by itself. In an order in which
    /// every unit comes after those it waits for.
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

/// Steps that are carried out at once.
#[derive(Clone, Debug)]
pub struct Unit<'plan> {
    /// One step, or all account rows of one source.
    pub steps: Vec<&'plan Step>,
}

impl Unit<'_> {
    /// All that the unit waits for, outside itself.
    pub fn depends_on(&self) -> Vec<&Address> {
        let mut all: Vec<&Address> = self
            .steps
            .iter()
            .flat_map(|step| &step.depends_on)
            .filter(|address| !self.steps.iter().any(|step| &step.address == *address))
            .collect();
        all.sort();
        all.dedup();
        all
    }
}

//! The plan: every change as data, complete before the first write.

pub(crate) mod delivery;
pub(crate) mod holding;
pub(crate) mod operation;
pub(crate) mod report;
pub(crate) mod selection;
pub(crate) mod step;

use crate::{
    AccountReport, Address, Blocked, DeliveryReport, Digest, Estimate, GuardReport, Incomplete,
    Operation, Problem, SelectionReport, SourceName, Step, StoreName, StoreSpec, Unmanaged,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A plan. Immutable, and exact enough that the applier decides nothing.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The tenant's API address.
    pub tenant: String,
    /// Who applies it, as people call the user or API client.
    pub user: String,
    /// The stores of the spec: where secrets go, and who can read them there.
    pub stores: BTreeMap<StoreName, StoreSpec>,
    /// The digest of the spec.
    pub spec_digest: Digest,
    /// When the plan was made, by the tenant's clock.
    pub created_at: Timestamp,
    /// The steps. Every step comes after those that it depends on.
    pub steps: Vec<Step>,
    /// What cannot be done now, and who can act.
    pub blocked: Vec<Blocked>,
    /// What exists and no file declares.
    pub unmanaged: Vec<Unmanaged>,
    /// Tokens that may be the issuer tokens of declared accounts, because a store was not
    /// asked. They are not unmanaged.
    pub may_be_issuers: Vec<Address>,
    /// The guards that refuse the plan, or that were lifted.
    pub guards: Vec<GuardReport>,
    /// What in the spec this tenant cannot have.
    pub problems: Vec<Problem>,
    /// Partial reads, by the name of the collection.
    pub incomplete: BTreeMap<String, Incomplete>,
    /// How far each declared account is.
    pub accounts: Vec<AccountReport>,
    /// What the store of each declared secret holds.
    pub deliveries: Vec<DeliveryReport>,
    /// What applying it will cost.
    pub estimate: Estimate,
    /// The selection that it was reduced to; none for the whole plan.
    pub selection: Option<SelectionReport>,
}

impl Plan {
    /// From how many writes of user levels on the applier finds out, with three requests,
    /// whether the tenant compares them within the write. Fewer are read one by one.
    pub const LEVELS_COMPARED_FROM: usize = 5;

    /// Above how many invitations that wait for the same steps the applier reads their
    /// identities, and the accounts of these, all at once.
    pub const INVITED_TOGETHER_ABOVE: usize = 1_000;

    /// Whether it has no steps.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether the plan may be applied: no problem, no refusing guard.
    pub fn is_applyable(&self) -> bool {
        !self.problems.iter().any(Problem::refuses_plan)
            && !self.guards.iter().any(GuardReport::refuses)
    }

    /// Whether a problem of the spec at this tenant blocks something.
    pub fn has_blocking_problem(&self) -> bool {
        !self.problems.iter().all(Problem::is_warning)
    }

    /// Whether applying it reaches the desired state: nothing is blocked, no read is
    /// partial.
    pub fn is_complete(&self) -> bool {
        self.blocked.is_empty()
            && self.incomplete.is_empty()
            && self.problems.iter().all(Problem::is_warning)
    }

    /// The steps grouped into what is done at once: all account rows of a source
    /// by one CSV import, invitations that depend on the same steps by one request for
    /// each [`Unit::INVITATIONS`], every other step by itself. Every unit comes after
    /// those that it depends on.
    pub fn units(&self) -> Vec<Unit<'_>> {
        let mut units: Vec<Unit<'_>> = Vec::new();
        let mut imports: BTreeMap<&SourceName, usize> = BTreeMap::new();
        let mut invitations: BTreeMap<&[Address], usize> = BTreeMap::new();
        for step in &self.steps {
            let next = units.len();
            let together = match &step.operation {
                Operation::ImportRow { source_name, .. } => {
                    Some(*imports.entry(source_name).or_insert(next))
                }
                Operation::Invite { .. } => {
                    let open = invitations.entry(&step.depends_on).or_insert(next);
                    if units.get(*open).is_some_and(Unit::is_full) {
                        *open = next;
                    }
                    Some(*open)
                }
                _ => None,
            };
            match together.and_then(|index| units.get_mut(index)) {
                Some(unit) => unit.steps.push(step),
                None => units.push(Unit { steps: vec![step] }),
            }
        }
        units
    }
}

/// Steps that are done at once.
#[derive(Clone, Debug)]
pub struct Unit<'plan> {
    /// One step, all account rows of one source, or invitations.
    pub steps: Vec<&'plan Step>,
}

impl Unit<'_> {
    /// How many identities one request invites at most.
    pub const INVITATIONS: usize = 100;

    fn is_full(&self) -> bool {
        self.steps.len() >= Self::INVITATIONS
    }
}

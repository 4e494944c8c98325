//! The draft of a plan, which the phases add steps to.

use crate::lookup::Lookup;
use crate::unread;
use model::{
    AccountKey, AccountSpec, Action, Address, Blocked, BlockedReason, DeliveryReport, Fields,
    Fingerprint, Incomplete, IncompleteReason, Operation, Problem, Reason, RowChange, SourceName,
    Step, StoreKey, TokenId, Unmanaged, Who,
};
use std::collections::{BTreeMap, BTreeSet};

/// Collects what the phases plan. The phases run in the guide's order, so a
/// later one can look up what an earlier one has planned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) steps: Vec<Step>,
    pub(crate) blocked: Vec<Blocked>,
    pub(crate) unmanaged: Vec<Unmanaged>,
    /// Tokens that may be issuer tokens, because a store was not asked.
    pub(crate) may_be_issuers: Vec<Address>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) incomplete: BTreeMap<String, Incomplete>,
    /// What the place of each declared secret holds.
    pub(crate) deliveries: Vec<DeliveryReport>,
    /// Sources whose mapping of uid changes.
    pub(crate) remapped: BTreeSet<SourceName>,
    /// Accounts that processing can give no identity, with the reason.
    pub(crate) without_identity: BTreeMap<AccountKey, String>,
    /// How many profiles have to get their new name before that of a source.
    pub(crate) profile_rank: BTreeMap<SourceName, usize>,
    /// How many tokens have to leave their places before a token is delivered.
    pub(crate) delivery_rank: BTreeMap<Address, usize>,
    /// The rows, sources and profiles that are not there or not known to be there, and
    /// that this plan cannot create, and processing that does not run: the remedy and who
    /// can act.
    pub(crate) held: BTreeMap<Address, (String, Who)>,
    /// The accounts whose identities get the names of their changed rows by processing, which
    /// waits for it: only then it is seen that an identity is the row's.
    pub(crate) following: BTreeSet<AccountKey>,
    /// Accounts that are to be renamed once a pending change of their profile is settled.
    /// Until then nothing is planned for their identities.
    pub(crate) unsettled: BTreeSet<AccountKey>,
    /// Why there is a step at an address.
    pub(crate) planned: Lookup<Address, Reason>,
}

/// The parts of a step that every phase states; the rest has usual values.
pub(crate) struct NewStep {
    pub(crate) address: Address,
    pub(crate) action: Action,
    pub(crate) reason: Reason,
    pub(crate) before: Option<Fields>,
    pub(crate) after: Option<Fields>,
    pub(crate) operation: Operation,
}

impl Draft {
    /// Adds a step. The returned reference is for what not every step has.
    pub(crate) fn step(&mut self, new: NewStep) -> &mut Step {
        let NewStep {
            address,
            action,
            reason,
            before,
            after,
            operation,
        } = new;
        let index = self.steps.len();
        self.planned.insert(address.clone(), reason);
        self.steps.push(Step {
            address,
            action,
            reason,
            before,
            after,
            fingerprint: None,
            rests_on: None,
            depends_on: Vec::new(),
            assuming: Vec::new(),
            destructive: action == Action::Delete,
            operation,
        });
        &mut self.steps[index]
    }

    /// Takes back the steps that fit, which no other step waits for afterwards. Returns
    /// their addresses.
    pub(crate) fn withdraw(&mut self, fits: impl Fn(&Step) -> bool) -> Vec<Address> {
        let (withdrawn, kept) = std::mem::take(&mut self.steps).into_iter().partition(fits);
        self.steps = kept;
        let withdrawn: BTreeSet<Address> = Vec::into_iter(withdrawn)
            .map(|step: Step| step.address)
            .collect();
        if !withdrawn.is_empty() {
            for step in &mut self.steps {
                step.depends_on.retain(|first| !withdrawn.contains(first));
            }
        }
        for address in &withdrawn {
            self.planned.remove(address);
        }
        withdrawn.into_iter().collect()
    }

    /// Whether there is a step at the address.
    pub(crate) fn plans(&self, address: &Address) -> bool {
        self.planned.has(address)
    }

    /// Whether a step revokes the token.
    pub(crate) fn revokes(&self, id: &TokenId) -> bool {
        self.revocation(id).is_some()
    }

    /// The step that revokes the token.
    pub(crate) fn revocation(&self, id: &TokenId) -> Option<&Address> {
        let mut steps = self.steps.iter();
        let step = steps.find(
            |step| matches!(&step.operation, Operation::RevokeToken { token, .. } if token == id),
        );
        step.map(|step| &step.address)
    }

    /// Whether the account's id or name changes, so that what is known of its
    /// identity may not hold any more once that is done.
    pub(crate) fn renames(&self, key: &AccountKey) -> bool {
        let reason = self.planned.get(&Address::Account(key.clone()));
        matches!(
            reason,
            Some(Reason::IdChanges | Reason::NameChanges | Reason::UidChanges)
        )
    }

    /// Whether another attribute is to feed the uid of a source's identities, so that
    /// all of them may be replaced.
    pub(crate) fn remaps(&self, source: &SourceName) -> bool {
        self.remapped.contains(source)
    }

    /// Lets the step at the address, if there is one, wait for these.
    pub(crate) fn let_wait(&mut self, address: &Address, first: &[Address]) {
        if first.is_empty() {
            return;
        }
        // It was planned just now.
        if let Some(step) = self
            .steps
            .iter_mut()
            .rev()
            .find(|step| step.address == *address)
        {
            step.after(first.iter().cloned());
        }
    }

    /// Lets the step at the address, if there is one, say what it assumes.
    pub(crate) fn let_assume(&mut self, address: &Address, places: Vec<StoreKey>) {
        if places.is_empty() {
            return;
        }
        if let Some(step) = self
            .steps
            .iter_mut()
            .rev()
            .find(|step| step.address == *address)
        {
            step.assuming = places;
        }
    }

    /// Those of the addresses at which there is a step.
    pub(crate) fn planned(&self, addresses: impl IntoIterator<Item = Address>) -> Vec<Address> {
        addresses
            .into_iter()
            .filter(|address| self.plans(address))
            .collect()
    }

    /// Reports that something cannot be applied now.
    pub(crate) fn block(
        &mut self,
        address: Address,
        reason: BlockedReason,
        message: String,
        remedy: String,
        who: Who,
    ) {
        self.blocked.push(Blocked {
            address,
            reason,
            message,
            remedy,
            who,
        });
    }

    /// Records that what was just blocked at the address may not exist, so that nothing
    /// creates identities.
    pub(crate) fn hold(&mut self, address: &Address) {
        let found = self
            .blocked
            .iter()
            .rev()
            .find(|blocked| blocked.address == *address);
        if let Some(Blocked { remedy, who, .. }) = found {
            self.held
                .insert(address.clone(), (remedy.clone(), who.clone()));
        }
    }

    /// What the identity of an account waits for: its row, its source, the source's
    /// profile or its processing.
    pub(crate) fn held(&self, account: &AccountSpec) -> Option<(&Address, &(String, Who))> {
        if self.held.is_empty() {
            return None;
        }
        let source = &account.source;
        [
            Address::Account(account.key.clone()),
            Address::Source(source.clone()),
            Address::Profile(source.clone()),
            Address::Processing(source.clone()),
        ]
        .iter()
        .find_map(|address| self.held.get_key_value(address))
    }

    /// Whether the row of an account stays as it is, although it should change.
    pub(crate) fn holds(&self, key: &AccountKey) -> bool {
        !self.held.is_empty() && self.held.contains_key(&Address::Account(key.clone()))
    }

    /// Reports that a collection is partial, and blocks what depends on all of it.
    pub(crate) fn block_unread(&mut self, address: Address, collection: &str, why: &Incomplete) {
        self.incomplete.insert(collection.to_owned(), why.clone());
        self.block(
            address,
            BlockedReason::Unread,
            format!("{collection} could not be read completely: {why}"),
            format!(
                "{}; nothing is created or deleted because of it",
                unread::remedy(why)
            ),
            Who::Operator,
        );
    }

    /// Reports that the place of a declared secret could not be read. One cause in
    /// one store is reported once.
    pub(crate) fn unread_store(&mut self, place: &StoreKey, why: &str) {
        self.incomplete
            .entry(format!("the store {}", place.store))
            .or_insert_with(|| Incomplete {
                reason: IncompleteReason::StoreUnreadable,
                detail: why.to_owned(),
                call: None,
            });
    }

    /// Puts everything into the order of the plan.
    pub(crate) fn sort(&mut self) {
        let (ranks, deliveries) = (&self.profile_rank, &self.delivery_rank);
        let rank = |step: &Step| match &step.address {
            Address::Profile(source) => ranks.get(source).copied().unwrap_or_default(),
            Address::Token(..) if !deliveries.is_empty() => {
                let first = step.depends_on.iter().chain([&step.address]);
                let ranks = first.filter_map(|address| deliveries.get(address).copied());
                // What waits for a delivery has its rank.
                let own = deliveries.get(&step.address).copied();
                own.or(ranks.max()).unwrap_or_default()
            }
            _ => 0,
        };
        // Most steps of a phase were added in the order of their addresses, so that sorting
        // them after their phases has little to do.
        let mut order: Vec<(u8, usize)> = self.steps.iter().map(phase).zip(0..).collect();
        order.sort_unstable();
        for phase in order.chunk_by_mut(|left, right| left.0 == right.0) {
            phase.sort_by(|(_, left), (_, right)| {
                let (left, right) = (&self.steps[*left], &self.steps[*right]);
                (rank(left), &left.address).cmp(&(rank(right), &right.address))
            });
        }
        put_in_order(&mut self.steps, order.into_iter().map(|(_, index)| index));
        self.blocked
            .sort_by(|left, right| left.address.cmp(&right.address));
        self.deliveries
            .sort_by(|left, right| (&left.address, left.role).cmp(&(&right.address, right.role)));
        self.unmanaged
            .sort_by(|left, right| left.address.cmp(&right.address));
        self.may_be_issuers.sort();
        self.sort_problems();
    }

    /// Puts the problems into the order of the plan.
    pub(crate) fn sort_problems(&mut self) {
        self.problems
            .sort_by(|left, right| (&left.address, left.code).cmp(&(&right.address, right.code)));
    }
}

/// Puts items into another order, without a copy of them: a step takes hundreds of bytes. The
/// order has the index of each item once.
fn put_in_order<T>(items: &mut [T], order: impl Iterator<Item = usize>) {
    let mut places = vec![0; items.len()];
    for (place, index) in order.enumerate() {
        places[index] = place;
    }
    for index in 0..items.len() {
        while places[index] != index {
            let place = places[index];
            items.swap(index, place);
            places.swap(index, place);
        }
    }
}

/// The phase of a step in the plan: deletions from the token to the row first, then the
/// guide's order. Every step depends only on steps that come before it.
fn phase(step: &Step) -> u8 {
    let is_of_a_deleted_account = step.reason == model::Reason::NotDeclared;
    debug_assert!(step.action != Action::Delete || step.destructive);
    match &step.operation {
        // What waits for nothing may leave its slot to a token that comes.
        Operation::DisableToken { .. } => 0,
        Operation::RevokeToken { .. } if is_of_a_deleted_account || step.depends_on.is_empty() => 0,
        Operation::SetLevels { .. } if is_of_a_deleted_account => 1,
        Operation::CreateSource(_) | Operation::UpdateSource { .. } => 2,
        Operation::DefineSchema { .. } => 3,
        Operation::ImportRow {
            change: RowChange::Upsert { .. } | RowChange::Rename { .. },
            ..
        } => 4,
        Operation::ImportRow {
            change: RowChange::Delete,
            ..
        } => 5,
        Operation::CreateProfile(_) | Operation::UpdateProfile { .. } => 6,
        Operation::ProcessIdentities { .. } => 7,
        Operation::Invite { .. } => 8,
        Operation::SetLevels { .. } => 9,
        Operation::MintToken(_)
        | Operation::UpdateToken { .. }
        | Operation::ReplaceToken { .. }
        | Operation::ReplaceIssuer(_)
        | Operation::RollBackToken(_)
        | Operation::RevokeToken { .. } => 10,
    }
}

/// Adds to a step what not every step has.
pub(crate) trait StepExt {
    /// Records the observed state that apply checks again.
    fn observed(&mut self, fingerprint: Fingerprint) -> &mut Self;
    /// Adds steps that have to be done first and returns the step.
    fn after(&mut self, addresses: impl IntoIterator<Item = Address>) -> &mut Self;
}

impl StepExt for Step {
    fn observed(&mut self, fingerprint: Fingerprint) -> &mut Self {
        self.fingerprint = Some(fingerprint);
        self
    }

    fn after(&mut self, addresses: impl IntoIterator<Item = Address>) -> &mut Self {
        /// Up to how many addresses are looked through one by one.
        const FEW: usize = 8;
        let mut addresses = addresses.into_iter();
        while self.depends_on.len() < FEW {
            let Some(address) = addresses.next() else {
                return self;
            };
            if !self.depends_on.contains(&address) {
                self.depends_on.push(address);
            }
        }
        // Processing waits for every row of its source, so this must not be quadratic.
        let mut seen: BTreeSet<Address> = self.depends_on.iter().cloned().collect();
        for address in addresses {
            if seen.insert(address.clone()) {
                self.depends_on.push(address);
            }
        }
        self
    }
}

/// Fields from pairs of name and value.
pub(crate) fn fields<const N: usize>(pairs: [(&str, serde_json::Value); N]) -> Fields {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn items_are_put_in_any_order(
            order in Just((0..20).collect::<Vec<usize>>()).prop_shuffle(),
        ) {
            let mut items: Vec<String> = (0..20).map(|index| index.to_string()).collect();
            put_in_order(&mut items, order.iter().copied());
            let expected: Vec<String> = order.iter().map(ToString::to_string).collect();
            prop_assert_eq!(items, expected);
        }
    }
}

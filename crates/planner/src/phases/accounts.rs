//! Plans the rows of a managed source: which of them the next CSV import changes.

use crate::classify::account::{self, AccountOutcome, observed_cells};
use crate::classify::identity::moved_off;
use crate::draft::{Draft, NewStep, StepExt};
use crate::outside_names::{self, Whose};
use crate::phases::names;
use crate::phases::own_access;
use crate::phases::rename::Renames;
use crate::presence::Presence;
use crate::problems::AT_TENANT;
use crate::taken_names::TakenNames;
use crate::uid::Feeds;
use crate::view::{live_source, source_ref};
use jiff::SignedDuration;
use model::{
    AccountAttribute, AccountRow, AccountSpec, Action, Address, BlockedReason, Fields, Live,
    LiveAccount, LiveSource, Operation, Problem, ProblemEffect, Reason, RowChange, SourceName,
    Spec, Step, Who,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long an account can be without an identity because ISC has not looked at it yet.
const NEW: SignedDuration = SignedDuration::from_mins(1);

/// Plans the rows of all declared accounts of a source. Rows that go are
/// planned by [`crate::phases::deletion`].
pub(crate) fn plan(
    draft: &mut Draft,
    spec: &Spec,
    live: &Live,
    name: &SourceName,
    uid: &Feeds,
    taken: &TakenNames<'_>,
) {
    let source = live_source(live, name);
    if source.is_none() && !draft.plans(&Address::Source(name.clone())) {
        return;
    }
    if source.is_some_and(|source| source.kind != LiveSource::DELIMITED_FILE) {
        return;
    }
    let accounts = match source.map(|source| source.accounts.complete()) {
        None => Ok(&[][..]),
        Some(accounts) => accounts.map(Vec::as_slice),
    };
    let found: BTreeMap<_, _> = accounts
        .unwrap_or_default()
        .iter()
        .map(|account| (&account.native_identity, account))
        .collect();
    let renames = Renames::of(spec, name, accounts.unwrap_or_default());
    let first = draft.planned([Address::Source(name.clone()), Address::Schema(name.clone())]);
    for account in spec.accounts_of(name) {
        let Some(row) = &account.row else { continue };
        let observed = match (accounts, found.get(&row.id)) {
            (Err(why), _) => Presence::Unread(why),
            (Ok(_), Some(account)) => Presence::Present(account),
            (Ok(_), None) => Presence::Absent,
        };
        if let Presence::Present(now) = observed
            && now.identity.is_none()
            && source.is_some_and(has_profile)
        {
            if let Some(holder) = taken.holder(account, row, Some(now)) {
                names::block_identity(draft, account, &holder);
            } else if let Some(outside) = outside_names::holder(spec, live, taken, account, row)
                && let Some(why) = names::block_outside(draft, account, &outside)
            {
                draft.without_identity.insert(account.key.clone(), why);
            }
        }
        let outcome = account::classify(row, observed, renames.of_account(&account.key), uid);
        Row {
            spec,
            live,
            account,
            declared: row,
            observed: found.get(&row.id).copied(),
            first: &first,
            taken,
        }
        .plan(draft, outcome);
    }
}

/// A declared row, and what every step for it depends on.
struct Row<'a, 't> {
    spec: &'a Spec,
    live: &'a Live,
    account: &'a AccountSpec,
    declared: &'a AccountRow,
    /// The account under its id, where there is one.
    observed: Option<&'a LiveAccount>,
    first: &'a [Address],
    taken: &'a TakenNames<'t>,
}

impl Row<'_, '_> {
    fn plan(&self, draft: &mut Draft, outcome: AccountOutcome<'_>) {
        match outcome {
            AccountOutcome::Matches => {
                // ISC would look at it in vain where another identity has its user name.
                if let Some(observed) = self.without_its_identity()
                    && !draft.without_identity.contains_key(&self.account.key)
                {
                    self.reexamine(draft, observed);
                }
            }
            AccountOutcome::Unread(why) => {
                let collection = format!("the accounts of \"{}\"", self.account.source);
                draft.block_unread(self.address(), &collection, why);
            }
            AccountOutcome::Missing
            | AccountOutcome::IdDiffers(_)
            | AccountOutcome::UidDiffers { .. }
                if self.is_of_another(draft) => {}
            AccountOutcome::Missing => self.create(draft),
            AccountOutcome::IdDiffers(account) | AccountOutcome::UidDiffers { account, .. }
                if own_access::is_own(self.live, account.identity.as_ref()) =>
            {
                own_access::hold(draft, self.live, &self.address(), "rename");
            }
            AccountOutcome::IdDiffers(earlier) => self.change_id(draft, earlier),
            AccountOutcome::EarlierUnclear(accounts) => {
                refuse_choice(draft, self.account, accounts);
            }
            AccountOutcome::EarlierBeside { earlier, row } => {
                block_beside(draft, self.account, earlier);
                self.plan(draft, *row);
            }
            AccountOutcome::UidDiffers { account, is_name } => {
                self.change_uid(draft, account, is_name);
            }
            AccountOutcome::CellsDiffer(observed) => {
                self.update(draft, observed, Reason::FieldsDiffer);
            }
        }
    }

    /// Blocks the row, where an identity outside the declared sources has the user name that
    /// it would get. Returns whether it did.
    fn is_of_another(&self, draft: &mut Draft) -> bool {
        let (spec, live, account) = (self.spec, self.live, self.account);
        let Some(outside) = outside_names::holder(spec, live, self.taken, account, self.declared)
            .filter(|outside| outside.whose != Whose::TakenUp)
        else {
            return false;
        };
        // One that has no identity is blocked already.
        if !draft.without_identity.contains_key(&account.key) {
            names::block_outside(draft, account, &outside);
            draft.hold(&self.address());
        }
        true
    }

    /// A cell changes that feeds the uid of the identity, so that ISC may delete and
    /// recreate the identity, and its tokens with it.
    fn change_uid(&self, draft: &mut Draft, account: &LiveAccount, is_name: bool) {
        let source = live_source(self.live, &self.account.source);
        if let Some(why) = source.and_then(|source| source.profile.complete().err()) {
            // Which cells feed the uid is not known.
            let collection = format!("the identity profile of \"{}\"", self.account.source);
            draft.block_unread(self.address(), &collection, why);
            return;
        }
        let reason = if is_name {
            Reason::NameChanges
        } else {
            Reason::UidChanges
        };
        self.update(draft, account, reason).destructive = true;
    }

    fn create(&self, draft: &mut Draft) {
        self.check_name(draft, None);
        let cells = self.declared.cells();
        draft
            .step(NewStep {
                address: self.address(),
                action: Action::Create,
                reason: Reason::NotInTenant,
                before: None,
                after: Some(as_fields(&cells)),
                operation: self.import(RowChange::Upsert { cells }),
            })
            .after(self.first.iter().cloned());
    }

    /// The account gets another id: one import deletes the earlier row and
    /// creates the new one.
    fn change_id(&self, draft: &mut Draft, earlier: &LiveAccount) {
        self.check_name(draft, Some(earlier));
        let cells = self.declared.cells();
        let step = draft.step(NewStep {
            address: self.address(),
            action: Action::Replace,
            reason: Reason::IdChanges,
            before: Some(as_fields(&observed_cells(earlier, &cells))),
            after: Some(as_fields(&cells)),
            operation: self.import(RowChange::Rename {
                from: earlier.native_identity.clone(),
                cells,
            }),
        });
        step.observed(earlier.fingerprint())
            .after(self.first.iter().cloned());
        step.destructive = true;
    }

    /// The account, if it had an identity that is gone. ISC looks at new rows by
    /// itself, and at all rows where identity processing is due.
    fn without_its_identity(&self) -> Option<&LiveAccount> {
        let account = self.observed?;
        let source = live_source(self.live, &self.account.source)?;
        let profile = source.profile.complete().ok()?.as_ref()?;
        let is_old = account
            .created
            .is_some_and(|created| self.live.observed_at.duration_since(created) > NEW);
        let is_gone = account.identity.is_none() && moved_off(account).is_none();
        (is_gone && is_old && profile.enabled && !profile.refresh_required).then_some(account)
    }

    /// The row is sent as it is, for ISC to look at it again.
    fn reexamine(&self, draft: &mut Draft, observed: &LiveAccount) {
        let cells = self.declared.cells();
        draft
            .step(NewStep {
                address: self.address(),
                action: Action::Run,
                reason: Reason::IdentityGone,
                before: None,
                after: Some(Fields::new()),
                operation: self.import(RowChange::Upsert { cells }),
            })
            .observed(observed.fingerprint())
            .after(self.first.iter().cloned());
    }

    fn update<'d>(
        &self,
        draft: &'d mut Draft,
        observed: &LiveAccount,
        reason: Reason,
    ) -> &'d mut Step {
        self.check_name(draft, Some(observed));
        let cells = self.declared.cells();
        draft
            .step(NewStep {
                address: self.address(),
                action: Action::Update,
                reason,
                before: Some(as_fields(&observed_cells(observed, &cells))),
                after: Some(as_fields(&cells)),
                operation: self.import(RowChange::Upsert { cells }),
            })
            .observed(observed.fingerprint())
            .after(self.first.iter().cloned())
    }

    /// Refuses a name that another row has. A row that only stays without an identity
    /// because of it is blocked already.
    fn check_name(&self, draft: &mut Draft, now: Option<&LiveAccount>) {
        if draft.without_identity.contains_key(&self.account.key) {
            return;
        }
        if let Some(holder) = self.taken.holder(self.account, self.declared, now) {
            names::refuse(draft, self.account, self.declared, now, &holder);
        }
    }

    fn address(&self) -> Address {
        Address::Account(self.account.key.clone())
    }

    fn import(&self, change: RowChange) -> Operation {
        Operation::ImportRow {
            source: source_ref(self.live, &self.account.source),
            source_name: self.account.source.clone(),
            native_identity: self.declared.id.clone(),
            change,
            basis: Arc::default(),
        }
    }
}

/// Accounts exist under both ids. Which of the two is meant to stay cannot be
/// known, so the earlier one is left alone.
fn block_beside(draft: &mut Draft, account: &AccountSpec, earlier: &LiveAccount) {
    let key = &account.key;
    let id = &earlier.native_identity;
    draft.block(
        Address::Account(key.clone()),
        BlockedReason::RenameUnclear,
        format!("{key} was {id} according to `previously`, but both accounts exist"),
        format!("remove `previously` from {key}; {id} is then unmanaged"),
        Who::Operator,
    );
}

fn refuse_choice(draft: &mut Draft, account: &AccountSpec, accounts: &[&LiveAccount]) {
    let name = account.previously.name.as_ref();
    let ids: Vec<&str> = accounts
        .iter()
        .map(|account| account.native_identity.as_str())
        .collect();
    draft.problems.push(Problem {
        code: AT_TENANT,
        address: Address::Account(account.key.clone()),
        field: Some("previously.name".to_owned()),
        message: format!(
            "{} accounts on \"{}\" are named `{}`",
            accounts.len(),
            account.source,
            name.map_or("", AsRef::as_ref)
        ),
        help: format!(
            "name the earlier account by its id: `previously: {{id: …}}` with one of {}",
            ids.join(", ")
        ),
        effect: ProblemEffect::RefusesPlan,
    });
}

/// Whether the source has an identity profile, which gives identities to its accounts.
fn has_profile(source: &LiveSource) -> bool {
    source.profile.complete().is_ok_and(Option::is_some)
}

/// A row's cells as the fields of a step, under the names of the CSV columns.
pub(crate) fn as_fields(cells: &BTreeMap<AccountAttribute, String>) -> Fields {
    cells
        .iter()
        .map(|(column, cell)| (column.to_string(), json!(cell)))
        .collect()
}

//! Checks of a CSV import: that all it rests on is as planned, and what it made.

use super::checks;
use super::import::{Import, first_of, names};
use crate::context::{Context, still_has};
use crate::step_error::StepError;
use model::{
    AccountAttribute, Aggregations, Agreement, Confirmed, ImportMappings, ImportSchema,
    LiveAccount, LiveSource, NativeIdentity, Operation, RowChange, Step, TenantWrite, Witness,
    Witnesses, is_same_cell,
};
use std::collections::{BTreeMap, BTreeSet};

impl Import<'_> {
    /// Sees that the source reads the file as the plan was made for, and keeps as many
    /// deletions back: who changes either while approval is pending changes what the
    /// import does.
    pub(super) async fn check_settings<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
        threshold: Option<i64>,
    ) -> Result<LiveSource, StepError> {
        let stale = |what: String| Err(StepError::Stale { what });
        let observed = context.tenant.source_named(self.name).await?;
        let Some(observed) = observed.filter(|observed| observed.id == self.source) else {
            return stale(format!("source \"{}\"", self.name));
        };
        if observed.file != self.basis.file {
            return stale(format!(
                "how source \"{}\" reads its files (its connector attributes)",
                self.name
            ));
        }
        let now = observed.effective_delete_threshold();
        match threshold {
            Some(planned) if planned != now => stale(format!(
                "the delete threshold of source \"{}\" ({planned}% in the plan, {now}% now)",
                self.name
            )),
            Some(_) | None => Ok(observed),
        }
    }

    /// Sees that the account schema identifies accounts by `id`, and has the attributes that
    /// the plan has seen, or that one of its steps writes. Under another account ID all rows
    /// would become other accounts.
    pub(super) async fn check_schema<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
    ) -> Result<(), StepError> {
        let ImportSchema { seen, defined } = &self.basis.schema;
        let is_as_planned = match context.tenant.account_schema(&self.source).await? {
            Some(now) => {
                let is_by = |attribute: &Option<AccountAttribute>, name| {
                    attribute
                        .as_ref()
                        .is_none_or(|attribute| attribute.as_str() == name)
                };
                let is_seen = match seen {
                    Some(seen) => *seen == now.import_fingerprint(),
                    None => defined.is_none(),
                };
                let is_defined = defined.as_ref().is_some_and(|defined| {
                    let names = now.attributes.iter().map(|attribute| &attribute.name);
                    *defined == names.cloned().collect::<BTreeSet<_>>()
                });
                is_by(&now.identity_attribute, "id") && (is_defined || is_seen)
            }
            None => seen.is_none() && defined.is_none(),
        };
        if is_as_planned {
            return Ok(());
        }
        Err(StepError::Stale {
            what: format!("the account schema of source \"{}\"", self.name),
        })
    }

    /// Sees that ISC deleted no more accounts than the plan: one that was added when the
    /// rows were on their way is in none of them.
    pub(super) fn check_deletions(&self, deletions: Option<u64>) -> Result<(), StepError> {
        let planned = self.changes.values().filter(|change| match change {
            RowChange::Upsert { .. } => false,
            // The row with the earlier id.
            RowChange::Rename { .. } | RowChange::Delete => true,
        });
        let planned = planned.count();
        match deletions {
            Some(deleted) if deleted > u64::try_from(planned).unwrap_or(u64::MAX) => {
                Err(StepError::NotAsWritten {
                    what: format!("the accounts of \"{}\"", self.name),
                    detail: format!(
                        "ISC says that the import deleted {deleted} accounts, and the plan deletes {planned}; the list that it was made of lacked the others, or somebody added them while the import was on its way: compare with the accounts in ISC, and add them again"
                    ),
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Sees that the identity profile has the mappings that the plan has seen, or that one
    /// of its steps writes. ISC makes the identities of imported rows anew by those
    /// that it has by now, which can give them other user names. Returns how many
    /// identities the profile has, where that was read.
    pub(super) async fn check_mappings<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
    ) -> Result<Option<u64>, StepError> {
        let planned = match &self.basis.mappings {
            ImportMappings::Any => return Ok(None),
            ImportMappings::OneOf(planned) => planned,
        };
        let what = match context.tenant.profile_of(&self.source).await? {
            Some(profile) if planned.contains(&profile.mappings_fingerprint()) => {
                return Ok(profile.identity_count);
            }
            Some(profile) => format!("the identity profile \"{}\"", profile.name),
            None => format!("the identity profile of source \"{}\"", self.name),
        };
        Err(StepError::Stale { what })
    }

    /// Sees that each account of the plan is listed again. One that is not may have been
    /// deleted, or the list is short; the import would delete it.
    pub(super) fn check_listed(&self, before: &[LiveAccount]) -> Result<(), StepError> {
        let listed: BTreeSet<&NativeIdentity> = before
            .iter()
            .map(|account| &account.native_identity)
            .collect();
        let missing: Vec<&NativeIdentity> = self
            .basis
            .accounts
            .iter()
            .filter(|id| !listed.contains(id))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let planned = self.basis.accounts.len();
        Err(StepError::UnsafeImport(format!(
            "when the plan was made, \"{}\" had {planned} accounts; now {} of them are not listed ({}), and the import would delete them",
            self.name,
            missing.len(),
            names(missing)
        )))
    }

    /// Sees that the accounts that the steps change are as when the plan was made, with the
    /// same identities. Those that are not are named, so that the others can be imported.
    pub(super) fn check_fingerprints(
        steps: &[&Step],
        before: &[LiveAccount],
    ) -> Result<(), StepError> {
        let mut changed = BTreeMap::new();
        for step in steps {
            let Operation::ImportRow {
                native_identity,
                change,
                ..
            } = &step.operation
            else {
                continue;
            };
            let find =
                |id: &NativeIdentity| before.iter().find(|account| &account.native_identity == id);
            let observed = match change {
                // The new id has to be free, and the earlier row as it was.
                RowChange::Rename { .. } if find(native_identity).is_some() => None,
                RowChange::Rename { from, .. } => find(from),
                RowChange::Upsert { .. } | RowChange::Delete => find(native_identity),
            };
            let as_planned = match (&step.fingerprint, observed) {
                (Some(planned), Some(account)) => planned == &account.fingerprint(),
                (None, None) => true,
                (Some(_), None) => false,
                // Created since the plan was made: fine where it is as declared.
                (None, Some(account)) => matches(account, change),
            };
            if !as_planned {
                changed.insert(step.address.clone(), checks::stale(step).chain());
                continue;
            }
            // With the row goes the identity that was made of it.
            if let (Some(on), Some(account)) = (&step.rests_on, observed)
                && let Err(error) = still_has(on, account.identity.as_ref())
            {
                changed.insert(step.address.clone(), error.chain());
            }
        }
        if changed.is_empty() {
            Ok(())
        } else {
            Err(StepError::RowsChanged(changed))
        }
    }

    pub(super) fn check_result(
        &self,
        before: &[LiveAccount],
        after: &[LiveAccount],
        doubt: Option<&str>,
    ) -> Result<(), StepError> {
        let after: BTreeMap<&NativeIdentity, &LiveAccount> = after
            .iter()
            .map(|account| (&account.native_identity, account))
            .collect();
        let mut wrong = Vec::new();
        let mut renamed = BTreeSet::new();
        for (id, change) in &self.changes {
            match (change, after.get(id)) {
                (RowChange::Delete, None) => {}
                (RowChange::Delete, Some(_)) => wrong.push(format!("{id} still exists")),
                (RowChange::Upsert { .. } | RowChange::Rename { .. }, None) => {
                    wrong.push(format!("{id} does not exist"));
                }
                (RowChange::Upsert { .. } | RowChange::Rename { .. }, Some(account)) => {
                    if !matches(account, change) {
                        wrong.push(format!("{id} differs from what was sent"));
                    }
                }
            }
            if let RowChange::Rename { from, .. } = change {
                renamed.insert(from);
                if after.contains_key(from) {
                    wrong.push(format!("{from} still exists beside {id}"));
                }
            }
        }
        for account in before {
            let id = &account.native_identity;
            if self.changes.contains_key(id) || renamed.contains(id) {
                continue;
            }
            match after.get(id) {
                None => wrong.push(format!("{id} is missing although its row was sent")),
                Some(found) if found.cells != account.cells => {
                    wrong.push(format!(
                        "{id} has changed although its row was sent unchanged"
                    ));
                }
                Some(_) => {}
            }
        }
        if wrong.is_empty() {
            return Ok(());
        }
        let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
        let mut detail = format!("after the import {}", first_of(&wrong));
        if let Some(doubt) = doubt {
            detail.push_str("; ");
            detail.push_str(doubt);
        }
        Err(StepError::NotAsWritten {
            what: format!("the accounts of \"{}\"", self.name),
            detail,
        })
    }

    /// The aggregations of the source, where the plan rests on them.
    pub(super) async fn aggregations<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
    ) -> Result<Option<Aggregations>, StepError> {
        match self.basis.confirmed {
            Confirmed::NotAsked => Ok(None),
            Confirmed::LackingAtMost(_) | Confirmed::ByPerson => {
                Ok(Some(context.tenant.aggregations(&self.source).await?))
            }
        }
    }

    /// Sees that what confirmed the list of accounts when the plan was made confirms the
    /// list of now, too: accounts that were added since are in no plan.
    pub(super) fn check_confirmed(
        &self,
        source: &LiveSource,
        identities: Option<u64>,
        aggregations: Option<&Aggregations>,
        before: &[LiveAccount],
    ) -> Result<(), StepError> {
        let Some(aggregations) = aggregations else {
            return Ok(());
        };
        let witnesses = Witnesses {
            identities,
            aggregations,
            never_read: source.never_read,
        };
        let why = match (
            witnesses.agreement(before, &self.basis.foreign),
            self.basis.confirmed,
        ) {
            (Agreement::Agrees, _) | (Agreement::NotKnown(_), Confirmed::ByPerson) => {
                return Ok(());
            }
            (Agreement::Short { missing, .. }, Confirmed::LackingAtMost(approved))
                if missing <= approved =>
            {
                return Ok(());
            }
            (Agreement::NotKnown(why), _) => format!("nothing confirms it: {why}"),
            (Agreement::Short { missing, witness }, _) => {
                let shows = match witness {
                    Witness::Identities(count) => {
                        format!("its identity profile has {count} identities")
                    }
                    Witness::Aggregation(total) => {
                        format!("its last aggregation read {total} accounts")
                    }
                };
                format!("{shows}, so at least {missing} are not listed")
            }
        };
        Err(StepError::UnsafeImport(format!(
            "the list of the accounts of \"{}\" has {} now, and {why}; the import would delete what is not listed",
            self.name,
            before.len()
        )))
    }
}

/// Whether an account has all cells that a change sets. An attribute without a
/// value and an empty cell are the same.
fn matches(account: &LiveAccount, change: &RowChange) -> bool {
    match change {
        RowChange::Delete => false,
        RowChange::Upsert { cells } | RowChange::Rename { cells, .. } => {
            cells.iter().all(|(column, cell)| {
                let found = account.cells.get(column).map_or("", String::as_str);
                is_same_cell(column.as_str(), cell, found)
            })
        }
    }
}

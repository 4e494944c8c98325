//! CSV import step: sends all rows of a source in one import and verifies them.

use super::threshold;
use crate::context::Context;
use crate::poll::{self, Answer, Stopping};
use crate::rows;
use crate::step_error::{StepError, may_have_happened};
use model::{
    Address, Collection, ImportBasis, ImportMappings, LiveAccount, NativeIdentity, Operation,
    RowChange, SourceId, SourceName, Step, TaskState, TenantWrite, is_same_cell,
};
use std::collections::{BTreeMap, BTreeSet};

/// Sends the full state of a source's accounts with the changes of these steps.
///
/// The accounts are read just before: a changed row has to be as it was when
/// the plan was made, and no row may vanish that no step deletes. They are read
/// again afterwards, because an import that ends with a warning can have deleted
/// nothing.
pub(super) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    steps: &[&Step],
) -> Result<(), StepError> {
    let import = Import::of(context, steps)?;
    import
        .wait_for_others(context, Stopping::GivesUp)
        .await
        .map_err(|error| match error {
            StepError::Stopped { .. } => StepError::NotBegun,
            other => other,
        })?;

    let columns = context.tenant.csv_columns(&import.source).await?;
    let before = accounts(context, &import)
        .await?
        .map_err(|unread| StepError::UnsafeImport(unread.to_string()))?;
    import.check_listed(&before)?;
    Import::check_fingerprints(steps, &before)?;
    let unsafe_import = |error: rows::RowError| StepError::UnsafeImport(error.to_string());
    let csv =
        rows::csv(&columns, &before, &import.changes, &import.basis.file).map_err(unsafe_import)?;
    let vanishing = rows::vanishing(&before, &import.changes, &csv, &import.basis.file);
    if !vanishing.is_empty() {
        return Err(StepError::UnsafeImport(format!(
            "it would delete accounts that no step deletes: {}",
            names(vanishing)
        )));
    }

    import.check_settings(context).await?;
    import.check_mappings(context).await?;

    let address = import
        .addresses
        .first()
        .cloned()
        .unwrap_or(Address::Source(import.name.clone()));
    let doubt = threshold::raised(
        context,
        &address,
        (&import.source, import.name),
        import.basis.raised,
        import.send(context, csv),
    )
    .await?;
    let after = accounts(context, &import).await??;
    import.check_result(&before, &after, doubt.as_deref())?;
    if let Some(doubt) = doubt {
        context
            .progress
            .notice(&address, &format!("all rows are as sent, although {doubt}"));
    }
    Ok(())
}

/// An import as the steps of a plan make it up.
struct Import<'plan> {
    source: SourceId,
    name: &'plan SourceName,
    changes: BTreeMap<&'plan NativeIdentity, &'plan RowChange>,
    basis: &'plan ImportBasis,
    addresses: Vec<Address>,
}

impl<'plan> Import<'plan> {
    fn of<T: TenantWrite>(
        context: &Context<'_, T>,
        steps: &[&'plan Step],
    ) -> Result<Self, StepError> {
        let mut import: Option<Self> = None;
        for step in steps {
            let Operation::ImportRow {
                source,
                source_name,
                native_identity,
                change,
                basis,
            } = &step.operation
            else {
                continue;
            };
            let import = match &mut import {
                Some(import) => import,
                None => import.insert(Self {
                    source: context.results.source(source)?,
                    name: source_name,
                    changes: BTreeMap::new(),
                    basis,
                    addresses: Vec::new(),
                }),
            };
            import.changes.insert(native_identity, change);
            import.addresses.push(step.address.clone());
        }
        import.ok_or_else(|| StepError::Missing {
            what: "no row to import".to_owned(),
            help: None,
        })
    }

    /// Sends the rows and waits for the end of the import. Returns a reason to
    /// doubt that all rows were imported, where there is one.
    async fn send<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
        csv: Vec<u8>,
    ) -> Result<Option<String>, StepError> {
        let task = match context
            .tenant
            .import_accounts(&self.source, csv, self.basis.reexamine)
            .await
        {
            Ok(task) => poll::task_end(context, &self.addresses, "import", &task).await?,
            // The import is idempotent, but ISC may be running it: wait for its end,
            // then verify.
            Err(error) if may_have_happened(&error) => {
                self.wait_for_others(context, Stopping::Waits).await?;
                return Ok(Some(error.chain()));
            }
            Err(error) => return Err(error.into()),
        };
        let messages = task.messages.join("; ");
        match task.state {
            TaskState::Success | TaskState::Running => Ok(None),
            TaskState::Warning if messages.is_empty() => {
                Ok(Some("the import ended with a warning".to_owned()))
            }
            TaskState::Warning => Ok(Some(format!("the import ended with a warning: {messages}"))),
            // Reading the accounts back shows what it did.
            TaskState::Unknown(status) => Ok(Some(format!(
                "the import ended with the status {status}, which steersman does not know"
            ))),
            TaskState::Failed(status) => Err(StepError::Task {
                task: "import",
                status,
                messages,
            }),
        }
    }

    /// ISC runs one aggregation of a source at a time.
    async fn wait_for_others<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
        stopping: Stopping,
    ) -> Result<(), StepError> {
        let timeout = context.options.task_timeout;
        poll::until(
            context,
            &self.addresses,
            timeout,
            stopping,
            || async {
                Ok(
                    match context.tenant.running_aggregation(&self.source).await? {
                        None => Answer::Ready(()),
                        Some(task) => {
                            Answer::Pending(format!("another aggregation (task {task}) is running"))
                        }
                    },
                )
            },
            |on| StepError::Timeout {
                what: on,
                seconds: timeout.as_secs(),
                help: "run `steersman apply` again when it has ended, or wait longer with --wait"
                    .to_owned(),
            },
        )
        .await
    }

    /// Sees that the source reads the file as the plan was made for, and keeps as many
    /// deletions back: who changes either while approval is pending changes what the
    /// import does.
    async fn check_settings<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
    ) -> Result<(), StepError> {
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
        let threshold = observed.effective_delete_threshold();
        match self.basis.threshold {
            Some(planned) if planned != threshold => stale(format!(
                "the delete threshold of source \"{}\" ({planned}% in the plan, {threshold}% now)",
                self.name
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// Sees that the identity profile has the mappings that the plan has seen, or that one
    /// of its steps writes. ISC makes the identities of imported rows anew by those
    /// that it has by now, which can give them other user names.
    async fn check_mappings<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
    ) -> Result<(), StepError> {
        let planned = match &self.basis.mappings {
            ImportMappings::Any => return Ok(()),
            ImportMappings::OneOf(planned) => planned,
        };
        let what = match context.tenant.profile_of(&self.source).await? {
            Some(profile) if planned.contains(&profile.mappings_fingerprint()) => return Ok(()),
            Some(profile) => format!("the identity profile \"{}\"", profile.name),
            None => format!("the identity profile of source \"{}\"", self.name),
        };
        Err(StepError::Stale { what })
    }

    /// Sees that each account of the plan is listed again. One that is not may have been
    /// deleted, or the list is short; the import would delete it.
    fn check_listed(&self, before: &[LiveAccount]) -> Result<(), StepError> {
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

    fn check_fingerprints(steps: &[&Step], before: &[LiveAccount]) -> Result<(), StepError> {
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
                return Err(StepError::Stale {
                    what: step.address.to_string(),
                });
            }
        }
        Ok(())
    }

    fn check_result(
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
}

/// All accounts; the inner error is a partial read.
async fn accounts<T: TenantWrite>(
    context: &Context<'_, T>,
    import: &Import<'_>,
) -> Result<Result<Vec<LiveAccount>, StepError>, StepError> {
    Ok(match context.tenant.accounts(&import.source).await? {
        Collection::Complete(accounts) => Ok(accounts),
        Collection::Partial { why, .. } => Err(StepError::Unread {
            what: format!("the accounts of \"{}\"", import.name),
            why,
        }),
    })
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

fn names(ids: Vec<&NativeIdentity>) -> String {
    let ids: Vec<&str> = ids.into_iter().map(NativeIdentity::as_str).collect();
    first_of(&ids)
}

/// The first of some texts, and how many more there are: one cause can concern each row
/// of a source.
fn first_of(texts: &[&str]) -> String {
    const SHOWN: usize = 10;
    match texts.split_at_checked(SHOWN) {
        Some((first, rest)) if !rest.is_empty() => {
            format!("{}, and {} more", first.join(", "), rest.len())
        }
        Some(_) | None => texts.join(", "),
    }
}

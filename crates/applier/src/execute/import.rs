//! CSV import step: sends all rows of a source in one import and verifies them.

use super::again::Tries;
use super::threshold;
use crate::context::Context;
use crate::poll::{self, Answer, Stopping};
use crate::rows;
use crate::step_error::{StepError, may_have_happened};
use model::{
    AccountAttribute, Address, Collection, ImportBasis, ImportMappings, ImportSchema, LiveAccount,
    NativeIdentity, Operation, RowChange, SourceId, SourceName, Step, TaskId, TaskState,
    TenantError, TenantErrorKind, TenantWrite, is_same_cell,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::Instant;

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
    let first = import
        .prepare(context, steps, import.basis.threshold)
        .await?;

    let address = import
        .addresses
        .first()
        .cloned()
        .unwrap_or(Address::Source(import.name.clone()));
    let (before, sent) = threshold::raised(
        context,
        &address,
        (&import.source, import.name),
        import.basis.raised,
        import.send(context, steps, first),
    )
    .await?;
    let Sent { doubt, deletions } = sent;
    let after = accounts(context, &import)
        .await
        .flatten()
        .map_err(StepError::after_sending)?;
    import.check_deletions(deletions)?;
    import.check_result(&before, &after, doubt.as_deref())?;
    if let Some(doubt) = doubt {
        context
            .progress
            .notice(&address, &format!("all rows are as sent, although {doubt}"));
    }
    Ok(())
}

/// The rows of an import, and what they rest on.
struct Prepared {
    before: Vec<LiveAccount>,
    /// When the accounts had been read.
    read_at: Instant,
    csv: Vec<u8>,
}

impl Prepared {
    /// Whether they were read too long ago: accounts that were added since would be
    /// deleted. With the time that the request may wait for its turn, it is half a minute.
    fn is_old(&self) -> bool {
        const FRESH: Duration = Duration::from_secs(10);
        self.read_at.elapsed() > FRESH
    }
}

/// An import that has ended.
struct Sent {
    /// A reason to doubt that all rows were imported, where there is one.
    doubt: Option<String>,
    /// How many accounts ISC says that it deleted.
    deletions: Option<u64>,
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

    /// Waits for its turn, reads all that the import rests on, checks it, and makes the
    /// rows. The delete threshold has to be this one.
    async fn prepare<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
        steps: &[&Step],
        threshold: Option<i64>,
    ) -> Result<Prepared, StepError> {
        self.wait_for_others(context, Stopping::GivesUp)
            .await
            .map_err(|error| match error {
                StepError::Stopped { .. } => StepError::NotBegun,
                other => other,
            })?;
        let columns = context.tenant.csv_columns(&self.source).await?;
        let unread = |unread: StepError| StepError::UnsafeImport(unread.to_string());
        let mut before = accounts(context, self).await?.map_err(unread)?;
        let mut read_at = Instant::now();
        let mut csv = self.rows(steps, &columns, &before)?;
        self.check_settings(context, threshold).await?;
        self.check_schema(context).await?;
        let identities = self.check_mappings(context).await?;
        let listed = before
            .iter()
            .filter(|account| account.identity.is_some())
            .count();
        if identities.is_some_and(|identities| identities > u64::try_from(listed).unwrap_or(0)) {
            // The list may be short, or an identity outlives its account for a while.
            let again = accounts(context, self).await?.map_err(unread)?;
            read_at = Instant::now();
            let kept: BTreeSet<_> = again
                .iter()
                .map(|account| &account.native_identity)
                .collect();
            let lost = before.iter().map(|account| &account.native_identity);
            let lost: Vec<_> = lost.filter(|id| !kept.contains(id)).collect();
            if !lost.is_empty() {
                return Err(StepError::UnsafeImport(format!(
                    "of two lists of the accounts of \"{}\" one lacks {}",
                    self.name,
                    names(lost)
                )));
            }
            csv = self.rows(steps, &columns, &again)?;
            before = again;
        }
        Ok(Prepared {
            before,
            read_at,
            csv,
        })
    }

    /// The rows, if nothing speaks against sending them.
    fn rows(
        &self,
        steps: &[&Step],
        columns: &[String],
        before: &[LiveAccount],
    ) -> Result<Vec<u8>, StepError> {
        self.check_listed(before)?;
        Self::check_fingerprints(steps, before)?;
        let (changes, file) = (&self.changes, &self.basis.file);
        let csv = rows::csv(columns, before, changes, file)
            .map_err(|error| StepError::UnsafeImport(error.to_string()))?;
        let vanishing = rows::vanishing(before, changes, &csv, file);
        if vanishing.is_empty() {
            return Ok(csv);
        }
        Err(StepError::UnsafeImport(format!(
            "it would delete accounts that no step deletes: {}",
            names(vanishing)
        )))
    }

    /// Sends the rows and waits for the end of the import. Where they have become old, or
    /// ISC asks to wait, they are made anew of another reading. Returns the accounts that
    /// the rows were made of.
    async fn send<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
        steps: &[&Step],
        first: Prepared,
    ) -> Result<(Vec<LiveAccount>, Sent), StepError> {
        let threshold = match self.basis.raised {
            Some(raised) => Some(i64::from(raised.to)),
            None => self.basis.threshold,
        };
        let mut prepared = first;
        let mut tries = Tries::new();
        loop {
            let begun = if prepared.is_old() {
                let doing = format!("importing the accounts of the source {}", self.name);
                Err(TenantError::new(doing, TenantErrorKind::TooLate))
            } else {
                let (csv, reexamine) = (prepared.csv, self.basis.reexamine);
                let tenant = context.tenant;
                tenant.import_accounts(&self.source, csv, reexamine).await
            };
            match begun {
                Err(error) if error.asks_to_read_again() => {
                    tries.after(error)?;
                    prepared = self.prepare(context, steps, threshold).await?;
                }
                begun => return Ok((prepared.before, self.end(context, begun).await?)),
            }
        }
    }

    async fn end<T: TenantWrite>(
        &self,
        context: &Context<'_, T>,
        begun: Result<TaskId, TenantError>,
    ) -> Result<Sent, StepError> {
        let task = match begun {
            Ok(task) => poll::task_end(context, &self.addresses, "import", &task)
                .await
                .map_err(StepError::after_sending)?,
            // The import is idempotent, but ISC may be running it: wait for its end,
            // then verify.
            Err(error) if may_have_happened(&error) => {
                self.wait_for_others(context, Stopping::Waits)
                    .await
                    .map_err(StepError::after_sending)?;
                return Ok(Sent {
                    doubt: Some(error.chain()),
                    deletions: None,
                });
            }
            Err(error) => return Err(error.into()),
        };
        let deletions = task.deletions;
        let sent = |doubt| Ok(Sent { doubt, deletions });
        let messages = task.messages.join("; ");
        match task.state {
            TaskState::Success | TaskState::Running => sent(None),
            TaskState::Warning if messages.is_empty() => {
                sent(Some("the import ended with a warning".to_owned()))
            }
            TaskState::Warning => {
                sent(Some(format!("the import ended with a warning: {messages}")))
            }
            // Reading the accounts back shows what it did.
            TaskState::Unknown(status) => sent(Some(format!(
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
        threshold: Option<i64>,
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
        let now = observed.effective_delete_threshold();
        match threshold {
            Some(planned) if planned != now => stale(format!(
                "the delete threshold of source \"{}\" ({planned}% in the plan, {now}% now)",
                self.name
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// Sees that the account schema identifies accounts by `id`, and has the attributes that
    /// the plan has seen, or that one of its steps writes. Under another account ID all rows
    /// would become other accounts.
    async fn check_schema<T: TenantWrite>(
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
    fn check_deletions(&self, deletions: Option<u64>) -> Result<(), StepError> {
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
                        "ISC says that the import deleted {deleted} accounts, and the plan deletes {planned}; somebody added accounts while the import was on its way: find out who did, and add them again"
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
    async fn check_mappings<T: TenantWrite>(
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

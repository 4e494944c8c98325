//! CSV import step: sends all rows of a source in one import and verifies them.

use super::again::Tries;
use super::threshold;
use crate::context::Context;
use crate::poll::{self, Answer, Stopping};
use crate::rows;
use crate::step_error::{StepError, may_have_happened};
use model::{
    Address, Collection, ImportBasis, LiveAccount, NativeIdentity, Operation, RowChange, SourceId,
    SourceName, Step, TaskId, TaskState, TenantError, TenantErrorKind, TenantWrite,
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
    let read = async || {
        let read = accounts(context, &import).await.flatten();
        read.map_err(StepError::after_sending)
    };
    let after = read().await?;
    import.check_deletions(deletions)?;
    let result = import.check_result(&before, &after, doubt.as_deref());
    // The list can be wrong. Two that agree show what became of the rows.
    if result.is_err() {
        import.check_result(&before, &read().await?, doubt.as_deref())?;
    }
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
pub(super) struct Import<'plan> {
    pub(super) source: SourceId,
    pub(super) name: &'plan SourceName,
    pub(super) changes: BTreeMap<&'plan NativeIdentity, &'plan RowChange>,
    pub(super) basis: &'plan ImportBasis,
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
        let aggregations = self.aggregations(context).await?;
        let unread = |unread: StepError| StepError::UnsafeImport(unread.to_string());
        let mut before = accounts(context, self).await?.map_err(unread)?;
        let mut read_at = Instant::now();
        let mut csv = self.rows(steps, &columns, &before)?;
        let source = self.check_settings(context, threshold).await?;
        self.check_schema(context).await?;
        let identities = self.check_mappings(context).await?;
        // The profile does not count those that it did not make.
        let listed: BTreeSet<_> = before
            .iter()
            .filter_map(|account| account.identity.as_ref())
            .filter(|identity| !self.basis.foreign.contains(*identity))
            .collect();
        let listed = u64::try_from(listed.len()).unwrap_or(u64::MAX);
        if identities.is_some_and(|identities| identities > listed) {
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
        self.check_confirmed(&source, identities, aggregations.as_ref(), &before)?;
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

pub(super) fn names(ids: Vec<&NativeIdentity>) -> String {
    let ids: Vec<&str> = ids.into_iter().map(NativeIdentity::as_str).collect();
    first_of(&ids)
}

/// The first of some texts, and how many more there are: one cause can concern each row
/// of a source.
pub(super) fn first_of(texts: &[&str]) -> String {
    const SHOWN: usize = 10;
    match texts.split_at_checked(SHOWN) {
        Some((first, rest)) if !rest.is_empty() => {
            format!("{}, and {} more", first.join(", "), rest.len())
        }
        Some(_) | None => texts.join(", "),
    }
}

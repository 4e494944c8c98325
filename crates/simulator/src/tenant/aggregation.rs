//! CSV imports of delimited file sources: the file is the full state of the source.

use std::collections::BTreeSet;

use serde_json::Value;

use super::records::{
    About, Completion, Event, FileSettings, Origin, Severity, TaskKind, TaskMessage, Work,
    WorkDone, counts,
};
use super::rows::{Rows, check_header, read_rows, text_of};
use super::{Tenant, delays};
use crate::errors::Refusal;

/// ISC's message when an aggregation of the same source is still running.
const ALREADY_RUNNING: &str = "This aggregation failed because the currently running aggregation must complete before the next one can start";

impl Tenant {
    /// Starts an aggregation. A delimited file source needs a file, whose header must name exactly
    /// the attributes of the account schema. Unless it is optimized, unchanged rows are looked at, too.
    pub(crate) fn submit_aggregation(
        &mut self,
        launcher: &str,
        source_id: &str,
        file: Option<&[u8]>,
        optimized: bool,
    ) -> Result<String, Refusal> {
        let source = self.source(source_id)?;
        let about: About = self.about_source(source_id);
        let (work, rows) = match (source.is_delimited_file(), file) {
            (true, None) => return Err(Refusal::missing("The file of accounts")),
            (true, Some(bytes)) => {
                let csv = text_of(source, bytes)?;
                check_header(source, &csv)?;
                let rows = csv.lines().count().saturating_sub(1);
                (
                    Work::Aggregate {
                        source: source_id.to_owned(),
                        csv,
                        optimized,
                    },
                    rows,
                )
            }
            (false, Some(_)) => {
                return Err(Refusal::bad_request(
                    "Only sources of the type DelimitedFile take a file of accounts.",
                ));
            }
            (false, None) => (Work::AggregateDirectly, 0),
        };
        let running = self.is_aggregating(source_id);
        let id = if running {
            self.record_failed_task(
                TaskKind::AccountAggregation,
                launcher,
                about,
                ALREADY_RUNNING,
            )
        } else {
            let rows = i32::try_from(rows).unwrap_or(i32::MAX);
            let duration = delays::AGGREGATION + delays::AGGREGATION_PER_ROW * rows;
            self.start_task(
                TaskKind::AccountAggregation,
                launcher,
                about,
                work,
                duration,
            )
        };
        if let Some(task) = self.tasks.get_mut(&id) {
            task.attributes
                .insert("appId".into(), Value::String(source_id.to_owned()));
            task.attributes.insert(
                "optimizedAggregation".into(),
                Value::String(if optimized { "enabled" } else { "disabled" }.into()),
            );
        }
        Ok(id)
    }

    /// Submits the removal of all accounts of a source.
    pub(crate) fn submit_account_removal(
        &mut self,
        launcher: &str,
        source: &str,
    ) -> Result<String, Refusal> {
        self.source(source)?;
        let about = self.about_source(source);
        let work = Work::RemoveAccounts {
            source: source.to_owned(),
        };
        Ok(self.start_task(
            TaskKind::AccountRemoval,
            launcher,
            about,
            work,
            delays::AGGREGATION,
        ))
    }

    pub(super) fn aggregate(&mut self, source_id: &str, csv: &str, optimized: bool) -> WorkDone {
        let Some(source) = self.sources.get(source_id).cloned() else {
            return WorkDone::with(Completion::Error, Severity::Error, "The source is gone.");
        };
        let Rows { accounts, skipped } = match read_rows(&source, csv) {
            Ok(rows) => rows,
            Err(reason) => return WorkDone::with(Completion::Error, Severity::Error, reason),
        };
        let keeps_missing = FileSettings::of(&source).is_ok_and(|settings| settings.keeps_missing);
        let wanted: BTreeSet<&String> = accounts.keys().collect();
        let existing = self.accounts.count_of_source(source_id);
        let gone: Vec<String> = self
            .accounts
            .of_source(source_id)
            .filter(|account| !keeps_missing && !wanted.contains(&account.native_identity))
            .map(|account| account.id.clone())
            .collect();
        let threshold = usize::try_from(source.delete_threshold).unwrap_or(0);
        let too_many = gone.len() * 100 > existing * threshold;

        let mut done = WorkDone::success();
        let scanned = accounts.len();
        let (mut created, mut updated) = (0, 0);
        for (native, attributes) in accounts {
            let name = source.display_name_of(&attributes, &native);
            let existed = self
                .accounts
                .by_native_identity(source_id, &native)
                .is_some();
            let changed = self.put_account(source_id, native, name, attributes, Origin::Aggregated);
            created += usize::from(!existed);
            updated += usize::from(existed && changed);
        }
        let mut deleted = 0;
        if too_many && !gone.is_empty() {
            done.completion = Completion::Warning;
            done.messages.push(TaskMessage {
                severity: Severity::Warn,
                text: format!(
                    "The delete phase was skipped: {} of {existing} accounts would be deleted, more than the threshold of {threshold} percent.",
                    gone.len(),
                ),
            });
        } else {
            deleted = gone.len();
            for id in &gone {
                self.accounts.remove(id);
            }
            if deleted > 0 {
                self.after(delays::IDENTITY_DELETION, Event::IdentityDeletion);
            }
        }
        if skipped > 0 {
            done.completion = Completion::Warning;
            done.messages.push(TaskMessage {
                severity: Severity::Warn,
                text: format!(
                    "{skipped} rows without a value of the identity attribute were skipped."
                ),
            });
        }
        done.counts = counts(&[
            ("total", scanned),
            ("created", created),
            ("updated", updated),
            ("deleted", deleted),
            ("markedForDeletion", gone.len()),
        ]);
        if !optimized {
            self.forget_examinations(source_id);
        }
        self.source_was_read(source_id);
        done
    }
}

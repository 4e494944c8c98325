//! CSV imports of delimited file sources: the file is the full state of the source.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::records::{
    About, AttributeKind, Completion, Event, Origin, Severity, Source, TaskKind, TaskMessage, Work,
    WorkDone, counts,
};
use super::{Tenant, delays};
use crate::errors::Refusal;

const BYTE_ORDER_MARK: char = '\u{feff}';
/// ISC's message when an aggregation of the same source is still running.
const ALREADY_RUNNING: &str = "This aggregation failed because the currently running aggregation must complete before the next one can start";

impl Tenant {
    /// Starts an aggregation. A delimited file source needs a file, whose header must name exactly
    /// the attributes of the account schema.
    pub(crate) fn submit_aggregation(
        &mut self,
        launcher: &str,
        source_id: &str,
        file: Option<&[u8]>,
    ) -> Result<String, Refusal> {
        let source = self.source(source_id)?;
        let about: About = self.about_source(source_id);
        let (work, rows) = match (source.is_delimited_file(), file) {
            (true, None) => return Err(Refusal::missing("The file of accounts")),
            (true, Some(bytes)) => {
                let csv = std::str::from_utf8(bytes)
                    .map_err(|_| Refusal::illegal_value("The file is not encoded in UTF-8."))?;
                check_header(source, csv)?;
                let rows = csv.lines().count().saturating_sub(1);
                (
                    Work::Aggregate {
                        source: source_id.to_owned(),
                        csv: csv.to_owned(),
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
                Value::String("enabled".into()),
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

    pub(super) fn aggregate(&mut self, source_id: &str, csv: &str) -> WorkDone {
        let Some(source) = self.sources.get(source_id).cloned() else {
            return WorkDone::with(Completion::Error, Severity::Error, "The source is gone.");
        };
        let Rows { accounts, skipped } = match read_rows(&source, csv) {
            Ok(rows) => rows,
            Err(reason) => return WorkDone::with(Completion::Error, Severity::Error, reason),
        };
        let wanted: BTreeSet<&String> = accounts.keys().collect();
        let existing = self.accounts.count_of_source(source_id);
        let gone: Vec<String> = self
            .accounts
            .of_source(source_id)
            .filter(|account| !wanted.contains(&account.native_identity))
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
        self.source_was_read(source_id);
        done
    }
}

/// Refuses a header that is not the account schema's.
fn check_header(source: &Source, csv: &str) -> Result<(), Refusal> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(true)
        .from_reader(csv.as_bytes());
    let mut header: Vec<String> = reader
        .headers()
        .map_err(|error| {
            Refusal::illegal_value(format!("The header of the file cannot be read: {error}"))
        })?
        .iter()
        .map(str::to_owned)
        .collect();
    // The reader is kind to byte order marks; the tenant takes one for a part of the first name.
    if csv.starts_with(BYTE_ORDER_MARK)
        && let Some(first) = header.first_mut()
    {
        first.insert(0, BYTE_ORDER_MARK);
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let schema = source.account_attribute_names();
    let unknown: Vec<&str> = header
        .iter()
        .copied()
        .filter(|column| !schema.contains(column))
        .collect();
    let missing: Vec<&str> = schema
        .iter()
        .copied()
        .filter(|name| !header.contains(name))
        .collect();
    if unknown.is_empty() && missing.is_empty() && header.len() == schema.len() {
        return Ok(());
    }
    let mut reasons = Vec::new();
    if !unknown.is_empty() {
        reasons.push(format!("unknown columns: {}", unknown.join(", ")));
    }
    if !missing.is_empty() {
        reasons.push(format!("missing columns: {}", missing.join(", ")));
    }
    if reasons.is_empty() {
        reasons.push("a column is there twice".into());
    }
    Err(Refusal::illegal_value(format!(
        "The header of the file does not match the account schema; {}.",
        reasons.join("; ")
    )))
}

struct Rows {
    accounts: BTreeMap<String, Map<String, Value>>,
    skipped: usize,
}

/// Reads the rows; those with the same id are merged into one account.
fn read_rows(source: &Source, csv: &str) -> Result<Rows, String> {
    let Some(schema) = source.account_schema() else {
        return Err("The source has no account schema.".into());
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(true)
        .from_reader(csv.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let columns: Vec<_> = header
        .iter()
        .map(|column| {
            schema
                .attributes
                .iter()
                .find(|attribute| attribute.name == column)
        })
        .collect();
    let mut rows = Rows {
        accounts: BTreeMap::new(),
        skipped: 0,
    };
    for record in reader.records() {
        let record = record.map_err(|error| format!("The file cannot be read: {error}"))?;
        let mut attributes = Map::new();
        for (cell, attribute) in record.iter().zip(&columns) {
            let Some(attribute) = attribute else { continue };
            let value = if cell.is_empty() {
                Value::Null
            } else if attribute.is_multi {
                Value::Array(
                    cell.split(',')
                        .map(|part| Value::String(part.trim().to_owned()))
                        .collect(),
                )
            } else if attribute.kind == AttributeKind::Boolean {
                cell.parse()
                    .map_or_else(|_| Value::String(cell.to_owned()), Value::Bool)
            } else {
                Value::String(cell.to_owned())
            };
            attributes.insert(attribute.name.clone(), value);
        }
        match source.native_identity_of(&attributes) {
            None => rows.skipped += 1,
            Some(native) => match rows.accounts.entry(native) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(attributes);
                }
                std::collections::btree_map::Entry::Occupied(mut place) => {
                    merge(place.get_mut(), attributes);
                }
            },
        }
    }
    Ok(rows)
}

/// Lists are joined; of other values the last that is not empty counts.
fn merge(account: &mut Map<String, Value>, row: Map<String, Value>) {
    for (name, value) in row {
        match (account.get_mut(&name), value) {
            (_, Value::Null) => {}
            (Some(Value::Array(list)), Value::Array(more)) => {
                for entry in more {
                    if !list.contains(&entry) {
                        list.push(entry);
                    }
                }
            }
            (_, value) => {
                account.insert(name, value);
            }
        }
    }
}

//! The record of a tenant, `--record FILE` of `apply` and `drift`: form, reading, JSON Schema.

use super::document::ApplyReport;
use super::record_error::RecordError;
use super::run_by::{Commit, RunBy};
use crate::drift::Agreement;
use crate::error::RenderError;
use crate::gate::json_text;
use crate::notice::NoticeState;
use crate::saved_plan::values;
use camino::Utf8Path;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The version of the file's form. It changes when a reader would have to.
const FORMAT_VERSION: u32 = 2;
/// An earlier version that is read, too: it has no `tenant` and no `agreement`.
const EARLIER: u32 = 1;
/// The value of `steersman` in the file.
const WHAT: &str = "record";

/// The record of a tenant, for auditors and for the next run: the last apply, and when
/// files and tenant last agreed. Secrets are never part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// What this is: `record`.
    pub steersman: String,
    /// The version of this form, 2.
    pub format_version: u32,
    /// The tenant: its API address, or that it is simulated.
    #[serde(default)]
    pub tenant: String,
    /// Who applied the last plan; where none was applied, who read the tenant.
    pub who: RunBy,
    /// The Git commit of the spec, of the same run.
    pub commit: Commit,
    /// What was applied last, and how it ended; null where nothing was applied.
    pub run: Option<ApplyReport>,
    /// When files and tenant last agreed; null where no run has compared them.
    #[serde(default)]
    pub agreement: Option<Agreement>,
    /// Which notices were sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notices: Option<NoticeState>,
}

impl Record {
    /// The record after an apply.
    pub fn of_apply(
        who: RunBy,
        commit: Commit,
        run: ApplyReport,
        agreement: Option<Agreement>,
    ) -> Self {
        Self {
            steersman: WHAT.to_owned(),
            format_version: FORMAT_VERSION,
            tenant: run.tenant.clone(),
            who,
            commit,
            run: Some(run),
            agreement,
            notices: None,
        }
    }

    /// The record after a run that only read. What an earlier record says of the last
    /// apply stays.
    pub fn of_reading(earlier: Option<Self>, tenant: String, agreement: Agreement) -> Self {
        let notices = earlier.as_ref().and_then(|earlier| earlier.notices.clone());
        let (who, commit, run) = match earlier {
            Some(earlier) => (earlier.who, earlier.commit, earlier.run),
            None => (agreement.who.clone(), agreement.commit.clone(), None),
        };
        Self {
            steersman: WHAT.to_owned(),
            format_version: FORMAT_VERSION,
            tenant,
            who,
            commit,
            run,
            agreement: Some(agreement),
            notices,
        }
    }

    /// This record after another run has replaced the file meanwhile: the later apply, and
    /// of each object the later agreement.
    #[must_use]
    pub fn beside(self, other: Self) -> Self {
        let begun = |record: &Self| {
            let run = record.run.as_ref();
            run.and_then(|run| run.started_at.parse::<jiff::Timestamp>().ok())
        };
        let (who, commit, run) = if begun(&self) < begun(&other) {
            (other.who, other.commit, other.run)
        } else {
            (self.who, self.commit, self.run)
        };
        let agreement = match (self.agreement, other.agreement) {
            (Some(one), Some(two)) => Some(one.beside(two)),
            (one, two) => one.or(two),
        };
        Self {
            who,
            commit,
            run,
            agreement,
            ..self
        }
    }

    /// Checks that it is a record of this tenant.
    ///
    /// # Errors
    /// A record of another tenant.
    pub fn check_tenant(&self, path: &Utf8Path, tenant: &str) -> Result<(), RecordError> {
        if self.tenant == tenant {
            return Ok(());
        }
        Err(RecordError::OtherTenant {
            path: path.to_owned(),
            recorded: self.tenant.clone(),
            tenant: tenant.to_owned(),
        })
    }

    /// Reads the content of a file.
    ///
    /// # Errors
    /// Content that is damaged, of another format version, or no record at all.
    pub fn parse(path: &Utf8Path, bytes: &[u8]) -> Result<Self, RecordError> {
        Self::recognise(path, bytes)?;
        let mut record: Self =
            serde_json::from_slice(bytes).map_err(|error| damaged(path, &error))?;
        if let Some(run) = record.run.as_ref().filter(|_| record.tenant.is_empty()) {
            record.tenant.clone_from(&run.tenant);
        }
        record.format_version = FORMAT_VERSION;
        match record.agreement.as_ref().map_or(Ok(()), Agreement::check) {
            Ok(()) => Ok(record),
            Err(cause) => Err(RecordError::Damaged {
                path: path.to_owned(),
                cause,
            }),
        }
    }

    /// Checks that the content of a file is a record of this format. The run in it is not
    /// read.
    ///
    /// # Errors
    /// Content that is damaged, of another format version, or no record at all.
    pub fn recognise(path: &Utf8Path, bytes: &[u8]) -> Result<(), RecordError> {
        let head: Head<'_> = serde_json::from_slice(bytes).map_err(|error| {
            // JSON of another form, such as a list, or no JSON at all, such as a spec.
            let is_object = bytes.trim_ascii_start().starts_with(b"{");
            if error.is_data() || !(is_object || bytes.trim_ascii().is_empty()) {
                RecordError::Foreign {
                    path: path.to_owned(),
                }
            } else {
                damaged(path, &error)
            }
        })?;
        let what = head.steersman.map(RawValue::get).and_then(text);
        if what.as_deref() != Some(WHAT) {
            return Err(RecordError::Foreign {
                path: path.to_owned(),
            });
        }
        let format = head.format_version.map(RawValue::get);
        let version: Option<u32> = format.and_then(|format| format.parse().ok());
        if !version.is_some_and(|version| [FORMAT_VERSION, EARLIER].contains(&version)) {
            return Err(RecordError::Format {
                path: path.to_owned(),
                format: format.map_or_else(|| "none".to_owned(), shortened),
                readable: FORMAT_VERSION,
            });
        }
        // A value takes many times the two bytes that it can have in the file.
        let parts = [head.run, head.agreement].into_iter().flatten();
        if parts.map(|part| values(part.get())).sum::<usize>() > MOST_VALUES {
            return Err(RecordError::Damaged {
                path: path.to_owned(),
                cause: format!("more than {MOST_VALUES} values"),
            });
        }
        Ok(())
    }

    /// The content of the file.
    ///
    /// # Errors
    /// None that is known: keys are texts, and numbers are finite.
    pub fn text(&self) -> Result<String, RenderError> {
        let mut text = json_text(self).map_err(|source| RenderError::Json {
            what: "the record",
            source,
        })?;
        text.push('\n');
        Ok(text)
    }

    /// The JSON Schema of the file.
    pub fn schema() -> schemars::Schema {
        let mut schema = SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Self>();
        schema.insert("title".to_owned(), "steersman record".into());
        schema
    }
}

/// What is read of a file before all of it is.
#[derive(Deserialize)]
struct Head<'f> {
    #[serde(borrow)]
    steersman: Option<&'f RawValue>,
    #[serde(borrow, rename = "formatVersion")]
    format_version: Option<&'f RawValue>,
    #[serde(borrow)]
    run: Option<&'f RawValue>,
    #[serde(borrow)]
    agreement: Option<&'f RawValue>,
}

/// How many values run and agreement may have: a hundred thousand steps fit.
const MOST_VALUES: usize = 2_500_000;

fn damaged(path: &Utf8Path, error: &serde_json::Error) -> RecordError {
    RecordError::Damaged {
        path: path.to_owned(),
        cause: error.to_string(),
    }
}

/// The text that a value of a file is.
fn text(value: &str) -> Option<String> {
    serde_json::from_str(value).ok()
}

/// A value of a file in a message.
fn shortened(value: &str) -> String {
    const MOST: usize = 40;
    value.chars().take(MOST).collect()
}

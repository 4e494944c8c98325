//! `steersman report`: an inventory for auditors; read-only.

use crate::arguments::{CommandArguments, JournalArgument, SpecArguments, TenantArguments};
use crate::assessment::{Facts, assess};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::loading::load_spec;
use crate::output::Output;
use crate::redaction::redactor;
use crate::session::Session;
use crate::whole_file::{self, Readers};
use crate::{caller_notes, journals, records, stores};
use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use model::{Spec, TenantRead as _, Unasked};
use planner::Allowances;
use render::apply_report::{Commit, Record};
use render::inventory::{self, InventoryDocument};
use render::{gate_plain, redact_json};
use std::str::FromStr;

/// Report who may do what, for auditors; read-only
///
/// Example: `steersman report accounts --record record.json --out html=report.html`
///
/// Lists all accounts of the managed sources with user levels and tokens: what their scopes
/// allow, since when, last use, expiry, and where each secret is delivered. Exits with 8 if
/// something could not be read.
#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
    #[command(flatten)]
    commands: CommandArguments,
    #[command(flatten)]
    journal: JournalArgument,
    /// The record of the last apply, with the commit that was approved
    ///
    /// Example: `--record record.json`
    ///
    /// What the run of the record did not change stays "not known".
    #[arg(long, value_name = "FILE")]
    record: Option<Utf8PathBuf>,
    /// Output format
    ///
    /// Example: `--format csv`
    ///
    /// `steersman schema report` has the schema of JSON.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Html)]
    format: Format,
    /// Write the report to a file, and not to standard output; repeatable
    ///
    /// Example: `--out html=report.html --out csv=report.csv`
    #[arg(long, value_name = "FORMAT=FILE")]
    out: Vec<Target>,
}

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One page for a browser, without network
    Html,
    /// A table, with a row for each token
    Csv,
    /// JSON for programs
    Json,
}

/// A format and its file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    format: Format,
    file: Utf8PathBuf,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected FORMAT=FILE, with FORMAT one of html, csv, json".to_owned();
        let (format, file) = text.split_once('=').ok_or_else(wrong)?;
        if file.is_empty() {
            return Err(wrong());
        }
        Ok(Self {
            format: Format::from_str(format, false).map_err(|_| wrong())?,
            file: file.into(),
        })
    }
}

impl Report {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        for (index, target) in self.out.iter().enumerate() {
            let earlier = self.out.iter().take(index);
            if earlier.clone().any(|other| other.file == target.file) {
                return Err(Failure::Usage {
                    message: format!("two outputs have the destination {}", target.file),
                    help: "use a different file for each `--out`".to_owned(),
                });
            }
            whole_file::check(&target.file)?;
        }
        let record = self.record.as_deref().map(records::read).transpose()?;
        let (spec, _) = load_spec(&self.spec, &self.tenant, output)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = self.report(&spec, &session, record.as_ref(), output).await;
        session.close().await?;
        result
    }

    async fn report(
        &self,
        spec: &Spec,
        session: &Session,
        record: Option<&Record>,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let stores = stores::open(spec, session, self.commands);
        let facts = Facts {
            stores: &stores,
            earlier: &journals::earlier(session, self.journal.path(), output)?,
            unasked: Unasked::Assumed,
            settled: Facts::NOTHING_SETTLED,
        };
        let mut assessment = assess(spec, session.reader(), facts, &Allowances::default()).await?;
        if !planner::wanted(spec, &assessment.live.stores.issuers).tokens {
            assessment.live.tokens = session.reader().tokens().await?;
        }
        caller_notes::show(&assessment.live, session, output);
        stores::show_notices(&stores, output);
        stores::show_not_asked(&stores, output);
        let tenant = session.tenant_name();
        let record = record.filter(|record| {
            let is_same = record.tenant == tenant;
            if !is_same {
                output.talk(&format!(
                    "warning: the record is of {}, not of {tenant}; it is not used",
                    record.tenant
                ));
            }
            is_same
        });
        let list = planner::token_list(spec, &assessment.live, &assessment.plan);
        let document = InventoryDocument::new(spec, &assessment.live, &list, &tenant, record);
        for target in &self.out {
            let text = rendered(target.format, &document)?;
            whole_file::write(&target.file, text.as_bytes(), Readers::Anybody)?;
            output.talk(&format!("wrote {}", target.file));
        }
        if let Some(note) = without_commit(record) {
            output.talk(note);
        }
        if self.out.is_empty() {
            output.document(&rendered(self.format, &document)?);
        }
        Ok(if list.incomplete.is_empty() {
            if document.complete {
                Exit::Done
            } else {
                Exit::Unread
            }
        } else {
            Exit::of_partial_read(list.incomplete.values())
        })
    }
}

/// Why no commit is known, and how it becomes known; none where one is.
fn without_commit(record: Option<&Record>) -> Option<&'static str> {
    match record {
        None => Some(
            "note: \"approved by commit\" is not known without `--record FILE`, a record of the tenant that `apply --record FILE` wrote",
        ),
        Some(Record { run: None, .. }) => Some(
            "note: \"approved by commit\" is not known: the record has no apply yet; `apply --record FILE` adds it",
        ),
        Some(Record {
            commit: Commit::None | Commit::Unknown { .. },
            ..
        }) => Some(
            "note: \"approved by commit\" is not known: the last apply ran on files without a Git commit; commit them, then apply",
        ),
        Some(Record {
            commit: Commit::Known { .. },
            ..
        }) => None,
    }
}

fn rendered(format: Format, document: &InventoryDocument) -> Result<String, Failure> {
    let plain = |text: &str| {
        let text = redactor().redact_layout(text).into_owned();
        gate_plain(&text).into_owned()
    };
    Ok(match format {
        Format::Html => plain(&inventory::html(document)?),
        Format::Csv => plain(&inventory::csv(document)?),
        Format::Json => {
            let mut text = redact_json(&document.text()?, redactor())?.into_owned();
            text.push('\n');
            text
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_format_and_file() {
        let html = Target {
            format: Format::Html,
            file: "a=b.html".into(),
        };
        assert_eq!("html=a=b.html".parse(), Ok(html));
        for text in ["", "html", "html=", "text=x", "=x"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}

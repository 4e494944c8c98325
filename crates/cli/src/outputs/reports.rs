//! `apply --format`, `--out`, `--events` and `--record`: the reports of an apply.

use super::target::{Format as Kind, Place, Target};
use crate::answers::Format;
use crate::event_file::EventFile;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git_commit;
use crate::output::Output;
use crate::records::{self, Notices};
use crate::redaction::redactor;
use crate::run_log::{End, RunLog};
use crate::whole_file::{self, Readers};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use render::apply_report::{self, ApplyReport, Record};
use render::{Completion, gate_plain, redact_json};
use std::sync::Arc;

/// How the result of an apply is printed, and the files that it is written to.
#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// Format of the report on standard output
    ///
    /// Example: `--format json`
    ///
    /// With json, standard output has the report alone; the plan and the questions go
    /// to standard error.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Also write the report: text, json, markdown or html; repeatable
    ///
    /// Example: `--out json=report.json --out markdown=report.md`
    ///
    /// With - for FILE, the report replaces the text on standard output.
    #[arg(long, value_name = "FORMAT=FILE")]
    out: Vec<Target>,
    /// Write each event as a line of JSON, as it happens
    ///
    /// Example: `--events events.jsonl`
    ///
    /// The file is emptied when the run begins, and a pipe must have a reader.
    /// `steersman schema events` has the schema of a line.
    #[arg(long, value_name = "FILE")]
    events: Option<Utf8PathBuf>,
    /// Write the record of the run: who, what, when, with ISC's tracking ids
    ///
    /// Example: `--record record.json`
    ///
    /// It is read before the run, and replaced at its end. It also has digests of when
    /// files and tenant last agreed, for `drift`. `steersman show FILE` prints it.
    #[arg(long, value_name = "FILE")]
    record: Option<Utf8PathBuf>,
}

impl ReportArguments {
    /// The file of the record, with `--record`.
    pub(crate) fn record(&self) -> Option<&Utf8Path> {
        self.record.as_deref()
    }

    /// Checks that no two outputs have the same destination, and that each format is
    /// one of a report. `metrics` is the file of `--metrics`.
    ///
    /// # Errors
    /// Wrong usage.
    pub(crate) fn check(&self, metrics: Option<&Utf8PathBuf>) -> Result<(), Failure> {
        let mut places: Vec<Place> = Vec::new();
        if self.format == Format::Json {
            places.push(Place::StandardOutput);
        }
        let files = [self.events.as_ref(), self.record.as_ref(), metrics];
        let files = files.into_iter().flatten().cloned().map(Place::File);
        places.extend(files);
        places.extend(self.out.iter().map(|target| target.place.clone()));
        for (index, place) in places.iter().enumerate() {
            if places.iter().take(index).any(|other| other == place) {
                return Err(Failure::Usage {
                    message: format!("two outputs have the destination {place}"),
                    help: "use a different file for each output".to_owned(),
                });
            }
        }
        for target in &self.out {
            match target.format {
                Kind::Text | Kind::Json | Kind::Markdown | Kind::Html => {}
                Kind::Sarif | Kind::Github | Kind::Gitlab | Kind::Junit => {
                    return Err(Failure::Usage {
                        message: "sarif, github, gitlab and junit are formats of `plan --out`"
                            .to_owned(),
                        help: "write the report of an apply as text, json, markdown or html"
                            .to_owned(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Sees that all files can be written, before anything is changed, and opens the
    /// log of the run.
    ///
    /// # Errors
    /// A file that cannot be written, or a record that is none.
    pub(crate) fn open(&self, output: &mut Output) -> Result<Arc<RunLog>, Failure> {
        for target in &self.out {
            match &target.place {
                Place::StandardOutput => {}
                Place::File(path) => whole_file::check(path)?,
            }
        }
        let earlier = match &self.record {
            Some(path) => {
                records::check(path)?;
                records::read_if_there(path)?
            }
            None => None,
        };
        let events = self.events.as_deref().map(EventFile::create).transpose()?;
        if self.on_standard_output().is_some() {
            output.keep_for_document();
        }
        let log = RunLog::new(events, output);
        if let Some(record) = earlier {
            log.found(record);
        }
        Ok(Arc::new(log))
    }

    /// Checks that the record is of this tenant.
    ///
    /// # Errors
    /// A record of another tenant.
    pub(crate) fn check_tenant(&self, log: &RunLog, tenant: &str) -> Result<(), Failure> {
        match (&self.record, log.earlier()) {
            (Some(path), Some(record)) => records::check_tenant(path, record, tenant),
            (_, None) | (None, _) => Ok(()),
        }
    }

    /// Whether a record is written.
    pub(crate) fn keeps_record(&self) -> bool {
        self.record.is_some()
    }

    /// Writes all reports of a run that has ended. All are written, also where one
    /// cannot be. A lost one changes the exit code, which the others then have, too.
    pub(crate) fn write(
        &self,
        log: &RunLog,
        spec: Option<&Utf8Path>,
        end: &End,
        (exit, notices): (Exit, &Notices),
        output: &mut Output,
    ) -> Exit {
        let after = |is_lost: bool| {
            if is_lost {
                exit.with_lost_result()
            } else {
                exit
            }
        };
        let commands = output.completion().clone();
        let is_cut = log.is_cut() || output.is_cut();
        let first = after(is_cut);
        let report = log.run_ended(end, first);
        let mut failures = self.write_files(log, &report, (spec, notices), &commands);
        log.last_event(end, after(is_cut || !failures.is_empty()));
        failures.extend(log.lost());
        if let Some(kind) = self.on_standard_output() {
            let report = log.run_ended(end, after(is_cut || !failures.is_empty()));
            match rendered(kind, &report, &commands) {
                Ok(text) => output.document(&text),
                Err(failure) => failures.push(failure),
            }
        }
        let last = after(is_cut || output.is_cut() || !failures.is_empty());
        if last != first {
            // What could not be written then is known.
            drop(self.write_files(log, &log.run_ended(end, last), (spec, notices), &commands));
        }
        for failure in &failures {
            failure.report(output);
        }
        last
    }

    /// Writes the reports that are files, and the record.
    fn write_files(
        &self,
        log: &RunLog,
        report: &ApplyReport,
        (spec, notices): (Option<&Utf8Path>, &Notices),
        commands: &Completion,
    ) -> Vec<Failure> {
        let mut failures = Vec::new();
        for target in &self.out {
            if let Place::File(path) = &target.place {
                let written = rendered(target.format, report, commands)
                    .and_then(|text| whole_file::write(path, text.as_bytes(), Readers::Anybody));
                failures.extend(written.err());
            }
        }
        if let (Some(path), Some(who)) = (&self.record, log.who()) {
            let commit = git_commit::of(spec.unwrap_or(Utf8Path::new(".")));
            let record = Record::of_apply(who.clone(), commit, report.clone(), log.agreement());
            failures.extend(records::keep(path, &record, notices).err());
        }
        failures
    }

    /// The format that replaces the text on standard output.
    fn on_standard_output(&self) -> Option<Kind> {
        match self.format {
            Format::Json => Some(Kind::Json),
            Format::Text => self
                .out
                .iter()
                .find(|target| target.place == Place::StandardOutput)
                .map(|target| target.format),
        }
    }
}

fn rendered(format: Kind, report: &ApplyReport, commands: &Completion) -> Result<String, Failure> {
    let plain = |text: String| {
        let text = anstream::adapter::strip_str(&text).to_string();
        let text = commands.of(&text).into_owned();
        let text = redactor().redact_layout(&text).into_owned();
        gate_plain(&text).into_owned()
    };
    Ok(match format {
        Kind::Json => redact_json(&report.text()?, redactor())?.into_owned(),
        Kind::Markdown => plain(apply_report::markdown(report)),
        Kind::Html => plain(apply_report::html(report)?),
        Kind::Text | Kind::Sarif | Kind::Github | Kind::Gitlab | Kind::Junit => {
            plain(apply_report::report_text(report))
        }
    })
}

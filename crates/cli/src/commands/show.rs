//! `steersman show`: prints a record, a saved plan or an event file; offline.

use crate::answers::Format;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::redaction::redactor;
use crate::spec_files::{plain, read_up_to};
use crate::{answers, records};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use render::apply_report::{EventLine, events_text, record_text};
use render::redact_json;
use render::saved_plan::{FileDigest, SavedPlan, saved_plan_text};
use serde::Deserialize;

/// How large a file may be: 64 MiB, as records and saved plans.
const MOST_BYTES: u64 = 64 << 20;

/// Show a record, a saved plan or an event file; offline
///
/// Example: `steersman show plan.json`
///
/// A record is what `--record FILE` wrote, a saved plan `plan --save FILE`, and an event
/// file `apply --events FILE`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The file that a run wrote
    file: Utf8PathBuf,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What a file is.
enum Kind {
    Record,
    SavedPlan,
    Events,
}

impl Show {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let bytes = self.bytes().unwrap_or_default();
        match (kind(&bytes), self.format) {
            // What is nothing of these is refused as a record is.
            (Kind::Record, format) => {
                let record = records::read(&self.file)?;
                match format {
                    Format::Text => output.data(&record_text(&record)),
                    Format::Json => {
                        output.document(&redact_json(&record.text()?, redactor())?);
                    }
                }
            }
            (Kind::SavedPlan, format) => {
                let saved = SavedPlan::parse(&self.file, &bytes)?;
                match format {
                    Format::Text => {
                        let digest = FileDigest::of(&bytes);
                        output.data(&saved_plan_text(&saved, &digest));
                    }
                    Format::Json => output.document(&redact_json(&saved.text()?, redactor())?),
                }
            }
            (Kind::Events, format) => {
                let events = events(&self.file, &bytes)?;
                match format {
                    Format::Text => output.data(&events_text(&events)),
                    Format::Json => {
                        output.document(&redact_json(&answers::json(&events)?, redactor())?);
                    }
                }
            }
        }
        Ok(Exit::Done)
    }

    /// The content of the file; none where it cannot be read, which its reader says.
    fn bytes(&self) -> Option<Vec<u8>> {
        let real = self.file.canonicalize_utf8().map_err(|error| plain(&error));
        let bytes = read_up_to(&self.file, &real.ok()?, MOST_BYTES).ok()?;
        u64::try_from(bytes.len())
            .is_ok_and(|length| length <= MOST_BYTES)
            .then_some(bytes)
    }
}

/// What the beginning of a file says that it is.
fn kind(bytes: &[u8]) -> Kind {
    #[derive(Deserialize)]
    struct Head {
        #[serde(default)]
        steersman: Option<String>,
        #[serde(default)]
        event: Option<String>,
    }
    let of = |bytes: &[u8]| serde_json::from_slice::<Head>(bytes).ok();
    let first = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    if of(first).is_some_and(|head| head.event.is_some()) {
        return Kind::Events;
    }
    match of(bytes).and_then(|head| head.steersman).as_deref() {
        Some("saved plan") => Kind::SavedPlan,
        _ => Kind::Record,
    }
}

/// The events of a file. The last line of a run that was killed can be cut.
fn events(path: &Utf8Path, bytes: &[u8]) -> Result<Vec<EventLine>, Failure> {
    let lines: Vec<&[u8]> = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect();
    let mut events = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        match serde_json::from_slice(line) {
            Ok(event) => events.push(event),
            Err(_) if index + 1 == lines.len() && index > 0 => {}
            Err(error) => {
                return Err(Failure::File {
                    message: format!("{path}:{}: this is no event: {error}", index + 1),
                    help: Some("name the file that `apply --events FILE` wrote".to_owned()),
                    source: None,
                });
            }
        }
    }
    Ok(events)
}

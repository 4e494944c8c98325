//! `steersman show`: prints the record of a tenant; offline.

use crate::answers::Format;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::records;
use crate::redaction::redactor;
use camino::Utf8PathBuf;
use clap::Args;
use render::apply_report::record_text;
use render::redact_json;

/// Show the record of the last apply and comparison; offline
///
/// Example: `steersman show record.json`
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The file that `--record FILE` of `apply` or `drift` wrote
    file: Utf8PathBuf,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Show {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let record = records::read(&self.file)?;
        match self.format {
            Format::Text => output.data(&record_text(&record)),
            Format::Json => {
                let text = record.text()?;
                output.document(&redact_json(&text, redactor())?);
            }
        }
        Ok(Exit::Done)
    }
}

//! `--out FORMAT=FILE` of a report: text, json, markdown or html.

use super::target::{Format as Kind, Place, Target};
use crate::answers::Format;
use crate::failure::Failure;
use crate::redaction::redactor;
use crate::whole_file::{self, Readers};
use camino::Utf8PathBuf;
use clap::Args;
use render::{gate_plain, redact_json};

/// The files that a report is written to.
#[derive(Debug, Args)]
pub(crate) struct ReportTargets {
    /// Also write the report: text, json, markdown or html; repeatable
    ///
    /// Example: `--out json=drift.json --out markdown=drift.md`
    ///
    /// With - for FILE, the report replaces the text on standard output.
    #[arg(long, value_name = "FORMAT=FILE")]
    out: Vec<Target>,
}

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportKind {
    Text,
    Json,
    Markdown,
    Html,
}

impl ReportKind {
    fn of(kind: Kind) -> Result<Self, Failure> {
        Ok(match kind {
            Kind::Text => Self::Text,
            Kind::Json => Self::Json,
            Kind::Markdown => Self::Markdown,
            Kind::Html => Self::Html,
            Kind::Sarif | Kind::Github | Kind::Gitlab | Kind::Junit => {
                return Err(Failure::Usage {
                    message: "sarif, github, gitlab and junit are formats of `plan --out`"
                        .to_owned(),
                    help: "write the report as text, json, markdown or html".to_owned(),
                });
            }
        })
    }
}

impl ReportTargets {
    /// Checks that no two outputs have the same destination, none is one of the other
    /// files, and all can be written. `written` is a file that the run writes besides, and
    /// that is none of the others either.
    ///
    /// # Errors
    /// Wrong usage, or a file that cannot be written.
    pub(crate) fn check<'a>(
        &self,
        format: Format,
        (written, others): (Option<&Utf8PathBuf>, impl Iterator<Item = &'a Utf8PathBuf>),
    ) -> Result<(), Failure> {
        let twice = |place: &Place| Failure::Usage {
            message: format!("two outputs have the destination {place}"),
            help: "use a different file for each output".to_owned(),
        };
        let mut places: Vec<Place> = others.cloned().map(Place::File).collect();
        if let Some(written) = written {
            let place = Place::File(written.clone());
            if places.contains(&place) {
                return Err(twice(&place));
            }
            places.push(place);
        }
        if format == Format::Json {
            places.push(Place::StandardOutput);
        }
        for target in &self.out {
            ReportKind::of(target.format)?;
            if places.contains(&target.place) {
                return Err(twice(&target.place));
            }
            places.push(target.place.clone());
            if let Place::File(path) = &target.place {
                whole_file::check(path)?;
            }
        }
        Ok(())
    }

    /// Writes the report to all files. Returns what replaces the text on standard output,
    /// if an output does.
    ///
    /// # Errors
    /// A report that cannot be rendered, or a file that cannot be written.
    pub(crate) fn write(
        &self,
        format: Format,
        render: impl Fn(ReportKind) -> Result<String, Failure>,
    ) -> Result<Option<String>, Failure> {
        let mut shown = match format {
            Format::Json => Some(safe(ReportKind::Json, &render)?),
            Format::Text => None,
        };
        for target in &self.out {
            let text = safe(ReportKind::of(target.format)?, &render)?;
            match &target.place {
                Place::StandardOutput => shown = Some(text),
                Place::File(path) => {
                    whole_file::write(path, text.as_bytes(), Readers::Anybody)?;
                }
            }
        }
        Ok(shown)
    }
}

/// The report without secrets, color and control characters.
fn safe(
    kind: ReportKind,
    render: impl Fn(ReportKind) -> Result<String, Failure>,
) -> Result<String, Failure> {
    let text = render(kind)?;
    Ok(match kind {
        ReportKind::Json => redact_json(&text, redactor())?.into_owned(),
        ReportKind::Text | ReportKind::Markdown | ReportKind::Html => {
            let text = anstream::adapter::strip_str(&text).to_string();
            let text = redactor().redact_layout(&text).into_owned();
            gate_plain(&text).into_owned()
        }
    })
}

//! `--out FORMAT=FILE` and related flags: writes a plan in several formats.

use super::target::{Format, Place, Target};
use crate::answers::Format as Answer;
use crate::failure::Failure;
use crate::plan_redaction::{finished, refuse_repeated};
use crate::terminal_size;
use crate::whole_file::{self, Readers};
use clap::Args;
use model::{Plan, Redactor};
use render::Completion;
use render::diagnostics::{self, Annotation, Diagnostics};
use render::plan_document::PlanDocument;
use render::terminal::{self, Layout};
use render::view::PlanView;
use render::{RenderError, gate_plain, html, markdown};

/// How a plan is printed, and the files that it is written to.
#[derive(Debug, Args)]
pub(crate) struct OutputArguments {
    /// Also write text, json, markdown, html, sarif or github; repeatable
    ///
    /// Example: `--out json=plan.json --out markdown=-`
    ///
    /// With - for FILE, the format replaces the text on standard output. sarif, github,
    /// gitlab and junit have the problems of the files and of the tenant, not the plan.
    #[arg(long, value_name = "FORMAT=FILE")]
    out: Vec<Target>,
    /// Maximum size of the Markdown in bytes; GitHub allows 65536
    ///
    /// Example: `--markdown-limit 30000`
    ///
    /// Sections that do not fit are cut, and named at the end.
    #[arg(long, value_name = "BYTES", default_value_t = 65536, value_parser = clap::value_parser!(u32).range(2048..))]
    markdown_limit: u32,
    /// Format on standard output; json is the plan document
    ///
    /// Example: `--format json`
    ///
    /// The same as `--out json=-`. `steersman schema plan` has its schema.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Answer::Text)]
    format: Answer,
    /// Print long lists in full
    #[arg(long)]
    full: bool,
    /// Only count the accounts that wait for a person
    #[arg(long)]
    pub(crate) hide_waiting: bool,
}

/// What replaces the text on standard output.
pub(crate) enum Shown {
    /// Text that passes the gate.
    Text(String),
    /// Commands for GitHub, made from diagnostics and escaped.
    Annotations(Vec<Annotation>),
    /// The plan document, whose values were redacted.
    Document(String),
}

impl OutputArguments {
    /// Checks that no two outputs have the same destination.
    ///
    /// # Errors
    /// Wrong usage.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        for (index, target) in self.out.iter().enumerate() {
            if self
                .out
                .iter()
                .take(index)
                .any(|other| other.place == target.place)
            {
                return Err(Failure::Usage {
                    message: format!("two outputs have the destination {}", target.place),
                    help: "use a different file for each `--out`".to_owned(),
                });
            }
        }
        let on_standard_output = |target: &Target| target.place == Place::StandardOutput;
        if self.format == Answer::Json && self.out.iter().any(on_standard_output) {
            return Err(Failure::Usage {
                message: "two outputs have the destination standard output".to_owned(),
                help: "use either `--format json` or `--out FORMAT=-`".to_owned(),
            });
        }
        Ok(())
    }

    /// Writes the plan and its problems to all files. Returns what replaces the
    /// text on standard output, if an output does.
    ///
    /// # Errors
    /// A plan that repeats a secret of others than the operator, or a file that cannot be
    /// written.
    pub(crate) fn write(
        &self,
        plan: &Plan,
        view: &PlanView,
        diagnostics: &Diagnostics<'_>,
        redactor: &Redactor,
        commands: &Completion,
    ) -> Result<Option<Shown>, Failure> {
        let mut shown = None;
        for Target { format, place } in &self.out {
            if let (Format::Github, Place::StandardOutput) = (format, place) {
                shown = Some(Shown::Annotations(diagnostics.annotations()));
                continue;
            }
            let text = self.render(*format, plan, view, diagnostics, (redactor, commands))?;
            // A tenant can hold a secret of this run in a name.
            let text = match format {
                Format::Json => text,
                Format::Text
                | Format::Markdown
                | Format::Html
                | Format::Sarif
                | Format::Github
                | Format::Gitlab
                | Format::Junit => finished(&text, plan, redactor)?,
            };
            refuse_repeated(plan, redactor)?;
            match place {
                Place::StandardOutput if *format == Format::Json => {
                    shown = Some(Shown::Document(text));
                }
                Place::StandardOutput => shown = Some(Shown::Text(text)),
                Place::File(path) => {
                    whole_file::write(path, text.as_bytes(), Readers::Anybody)?;
                }
            }
        }
        if self.format == Answer::Json {
            let text = self.render(Format::Json, plan, view, diagnostics, (redactor, commands))?;
            refuse_repeated(plan, redactor)?;
            shown = Some(Shown::Document(text));
        }
        Ok(shown)
    }

    /// The plan as text for the terminal.
    pub(crate) fn terminal(&self, view: &PlanView, commands: &Completion) -> String {
        let layout = Layout::terminal(terminal_size::columns(), self.full);
        terminal::plan_and_waiting(view, layout.with_commands(commands))
    }

    fn render(
        &self,
        format: Format,
        plan: &Plan,
        view: &PlanView,
        diagnostics: &Diagnostics<'_>,
        (redactor, commands): (&Redactor, &Completion),
    ) -> Result<String, RenderError> {
        match format {
            Format::Text => {
                let layout = Layout::file(self.full).with_commands(commands);
                let text = terminal::plan_and_waiting(view, layout);
                Ok(gate_plain(&text).into_owned())
            }
            Format::Json => PlanDocument::of(plan)
                .with_not_read(diagnostics.not_read())
                .redacted_text(redactor),
            Format::Markdown => {
                let limit = usize::try_from(self.markdown_limit).unwrap_or(usize::MAX);
                Ok(gate_plain(&markdown::render(view, limit)).into_owned())
            }
            Format::Html => Ok(gate_plain(&html::render(view)?).into_owned()),
            Format::Sarif => diagnostics.render(diagnostics::Format::Sarif),
            Format::Gitlab => diagnostics.render(diagnostics::Format::Gitlab),
            Format::Junit => diagnostics.render(diagnostics::Format::Junit),
            Format::Github => {
                let annotations = diagnostics.annotations();
                Ok(annotations
                    .iter()
                    .map(|one| format!("{one}\n"))
                    .collect::<Vec<_>>()
                    .concat())
            }
        }
    }
}

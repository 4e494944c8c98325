//! `--out FORMAT=FILE` and what belongs to it.

use super::target::{Format, Place, Target};
use crate::failure::Failure;
use crate::terminal_size;
use crate::whole_file::{self, Readers};
use clap::Args;
use model::Plan;
use render::plan_document::PlanDocument;
use render::terminal::{self, Layout};
use render::view::PlanView;
use render::{RenderError, html, markdown};

/// How a plan is shown, and in which files it is written.
#[derive(Debug, Args)]
pub(crate) struct OutputArguments {
    /// Write the plan to a file as well: text, json, markdown or html;
    /// repeatable. With - for FILE it goes to standard output in place of the
    /// usual text
    #[arg(long, value_name = "FORMAT=FILE")]
    out: Vec<Target>,
    /// The most bytes that the Markdown may have; what does not fit is named.
    /// GitHub takes comments of 65536
    #[arg(long, value_name = "BYTES", default_value_t = 65536, value_parser = clap::value_parser!(u32).range(2048..))]
    markdown_limit: u32,
    /// Show long lists to their ends
    #[arg(long)]
    full: bool,
}

impl OutputArguments {
    /// Sees that no two outputs go to the same place.
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
                    message: format!("two outputs go to {}", target.place),
                    help: "give each --out a file of its own".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Writes the plan to all files, each whole. What is to go to standard
    /// output is returned.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn write(&self, plan: &Plan, view: &PlanView) -> Result<Option<String>, Failure> {
        let mut shown = None;
        for Target { format, place } in &self.out {
            let text = self.render(*format, plan, view)?;
            match place {
                Place::StandardOutput => shown = Some(text),
                Place::File(path) => {
                    whole_file::write(path, text.as_bytes(), Readers::Anybody)?;
                }
            }
        }
        Ok(shown)
    }

    /// The plan as it is shown on a terminal.
    pub(crate) fn terminal(&self, view: &PlanView) -> String {
        terminal::plan_and_waiting(view, Layout::terminal(terminal_size::columns(), self.full))
    }

    fn render(&self, format: Format, plan: &Plan, view: &PlanView) -> Result<String, RenderError> {
        match format {
            Format::Text => Ok(terminal::plan_and_waiting(view, Layout::file(self.full))),
            Format::Json => PlanDocument::of(plan).text(),
            Format::Markdown => {
                let limit = usize::try_from(self.markdown_limit).unwrap_or(usize::MAX);
                Ok(markdown::render(view, limit))
            }
            Format::Html => html::render(view),
        }
    }
}

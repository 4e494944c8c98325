//! `steersman scopes`: least privilege, answered offline from the catalog.

mod explain;
mod least;
mod least_text;
mod list;

use crate::answers::{Format, json};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use clap::{Args, Subcommand};
use least::Answer;

/// Find the least scopes for calls, and explain scopes; offline
///
/// Example: `steersman scopes for "POST /search/v1"`
#[derive(Debug, Args)]
pub(crate) struct Scopes {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// Find the least scopes and user levels for calls
    ///
    /// Example: `steersman scopes for "POST /search/v1" --level REPORT_ADMIN`
    For(For),
    /// Show the operations that a scope allows, and the user levels needed
    ///
    /// Example: `steersman scopes explain sp:search:read`
    Explain(Explain),
    /// List the scopes of ISC
    ///
    /// Example: `steersman scopes list report`
    List(List),
}

#[derive(Debug, Args)]
struct For {
    /// Method and path, for example "POST /search/v1", or an operation id
    #[arg(value_name = "CALL", required = true)]
    calls: Vec<String>,
    /// User level of the account: show which calls it allows; repeatable
    #[arg(long = "level", value_name = "LEVEL")]
    levels: Vec<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct Explain {
    /// Scope to explain, for example sp:search:read
    #[arg(value_name = "SCOPE")]
    scope: String,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct List {
    /// Only scopes whose name contains this text
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Scopes {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let text = match &self.question {
            Question::For(question) => {
                let answer = Answer::new(&question.calls, &question.levels)?;
                match question.format {
                    Format::Text => answer.text(),
                    Format::Json => json(&answer)?,
                }
            }
            Question::Explain(question) => {
                let explanation = explain::explain(&question.scope)?;
                match question.format {
                    Format::Text => explanation.text(),
                    Format::Json => json(&explanation)?,
                }
            }
            Question::List(question) => {
                let entries = list::list(question.text.as_deref().unwrap_or_default());
                match question.format {
                    Format::Text => list::text(&entries),
                    Format::Json => json(&entries)?,
                }
            }
        };
        output.data(&text);
        Ok(Exit::Done)
    }
}

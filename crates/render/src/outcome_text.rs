//! What became of a plan, for a terminal.

use crate::count::counted;
use model::{Outcome, StepResult};
use owo_colors::OwoColorize;
use std::fmt::Write as _;

/// All that did not go as planned, the notices, and a summary line.
pub fn outcome_text(outcome: &Outcome) -> String {
    let mut text = String::new();
    for step in &outcome.steps {
        match &step.result {
            StepResult::Done { note: None } => {}
            StepResult::Done { note: Some(note) } => {
                let _ = writeln!(text, "{} {}: {note}", "done".green(), step.address);
            }
            StepResult::Failed { error, help } => {
                let _ = writeln!(text, "{} {}: {error}", "failed".red().bold(), step.address);
                if let Some(help) = help {
                    let _ = writeln!(text, "  {} {help}", "help:".cyan());
                }
            }
            StepResult::Skipped { because } => {
                let _ = writeln!(
                    text,
                    "{} {}: waits for {because}, which was not done",
                    "skipped".yellow(),
                    step.address
                );
            }
            StepResult::NeverTried => {
                let _ = writeln!(
                    text,
                    "{} {}: the run was interrupted",
                    "never tried".yellow(),
                    step.address
                );
            }
        }
    }
    for notice in &outcome.notices {
        let _ = writeln!(text, "{} {notice}", "note:".yellow().bold());
    }
    let _ = writeln!(text, "{} {}", "Applied:".bold(), summary(outcome));
    text
}

fn summary(outcome: &Outcome) -> String {
    let done = outcome.count(|result| matches!(result, StepResult::Done { .. }));
    let failed = outcome.count(|result| matches!(result, StepResult::Failed { .. }));
    let skipped = outcome.count(|result| matches!(result, StepResult::Skipped { .. }));
    let never = outcome.count(|result| matches!(result, StepResult::NeverTried));
    let mut parts = vec![
        format!("{} done", counted(done, "step"))
            .green()
            .to_string(),
    ];
    if failed > 0 {
        parts.push(format!("{failed} failed").red().to_string());
    }
    if skipped > 0 {
        parts.push(format!("{skipped} skipped").yellow().to_string());
    }
    if never > 0 {
        parts.push(format!("{never} never tried").yellow().to_string());
    }
    parts.join(", ")
}

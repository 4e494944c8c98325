//! Outcome of an apply as text: results of the steps, notices, counts.

use crate::count::counted;
use model::{Outcome, StepOutcome, StepResult, visible};
use owo_colors::OwoColorize;
use std::fmt::Write as _;

/// The steps that did not complete or have a note, the notices, and a summary line.
pub fn outcome_text(outcome: &Outcome) -> String {
    let mut text = String::new();
    let alike = outcome
        .steps
        .chunk_by(|left, right| is_alike(&left.result, &right.result));
    for alike in alike.flat_map(each_or_together) {
        let Some(step) = alike.first() else { continue };
        let address = addresses(alike);
        match &step.result {
            StepResult::Done { note: None } => {}
            StepResult::Done { note: Some(note) } => {
                let _ = writeln!(text, "{} {address}: {}", "done".green(), visible(note));
            }
            StepResult::Failed { error, help } => {
                let _ = writeln!(
                    text,
                    "{} {address}: {}",
                    "failed".red().bold(),
                    visible(error)
                );
                if let Some(help) = help {
                    let _ = writeln!(text, "  {} {}", "help:".cyan(), visible(help));
                }
            }
            StepResult::Skipped { because } => {
                let _ = writeln!(
                    text,
                    "{} {address}: depends on {}, which did not complete",
                    "skipped".yellow(),
                    visible(&because.to_string())
                );
            }
            StepResult::NeverTried => {
                let _ = writeln!(
                    text,
                    "{} {address}: the run was interrupted",
                    "not attempted".yellow(),
                );
            }
        }
    }
    for notice in &outcome.notices {
        let _ = writeln!(text, "{} {}", "note:".yellow().bold(), visible(notice));
    }
    let _ = writeln!(text, "{} {}", "Applied:".bold(), summary(outcome));
    text
}

/// Whether two steps ended because of one cause, which is reported once.
fn is_alike(left: &StepResult, right: &StepResult) -> bool {
    match left {
        StepResult::Failed { .. } | StepResult::Skipped { .. } | StepResult::NeverTried => {
            left == right
        }
        StepResult::Done { .. } => false,
    }
}

/// Steps with one result, to be reported together: all that failed of one cause, and
/// others where they are many. A few are reported by name.
fn each_or_together(alike: &[StepOutcome]) -> std::slice::Chunks<'_, StepOutcome> {
    const FEW: usize = 10;
    let have_failed = matches!(
        alike.first().map(|step| &step.result),
        Some(StepResult::Failed { .. })
    );
    if have_failed || alike.len() > FEW {
        alike.chunks(alike.len().max(1))
    } else {
        alike.chunks(1)
    }
}

/// The address of the first of some steps, and how many more there are.
fn addresses(steps: &[StepOutcome]) -> String {
    let first = steps
        .first()
        .map_or_else(String::new, |step| visible(&step.address.to_string()));
    match steps.len().saturating_sub(1) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
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
        parts.push(format!("{never} not attempted").yellow().to_string());
    }
    parts.join(", ")
}

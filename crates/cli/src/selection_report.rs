//! What a selection did, for a person.

use crate::failure::Failure;
use crate::render::style::counted;
use model::{Because, Plan, SelectionReport};
use owo_colors::OwoColorize;
use std::fmt::Write as _;

/// Refuses words that select or except nothing.
///
/// # Errors
/// Wrong usage, with what was probably meant.
pub(crate) fn refuse_unmatched(plan: &Plan) -> Result<(), Failure> {
    let unmatched = plan
        .selection
        .as_ref()
        .map_or(&[][..], |report| report.unmatched.as_slice());
    if unmatched.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = unmatched
        .iter()
        .map(|one| format!("`{}`", one.pattern))
        .collect();
    let meant: Vec<String> = unmatched
        .iter()
        .filter_map(|one| Some(format!("`{}`", one.did_you_mean.as_ref()?)))
        .collect();
    Err(Failure::Usage {
        message: format!(
            "nothing that is declared, planned or reported matches {}",
            words.join(", ")
        ),
        help: if meant.is_empty() {
            "--only and --except take an account's id or name, an address such as levels/SA-001, or kind:levels".to_owned()
        } else {
            format!("did you mean {}?", meant.join(", "))
        },
    })
}

/// What was pulled in, what went with what is excepted, and how much is left out.
pub(crate) fn text(report: &SelectionReport) -> String {
    let SelectionReport {
        only,
        except,
        pulled_in,
        left_out,
        not_selected,
        unmatched: _,
    } = report;
    let words = |name: &str, words: &[String]| {
        words
            .iter()
            .map(|word| format!("{name} {word}"))
            .collect::<Vec<_>>()
    };
    let said = [words("only", only), words("except", except)].concat();
    let mut text = format!("{} {}\n", "Selected:".bold(), said.join(", "));
    for Because { address, because } in pulled_in {
        let _ = writeln!(text, "  also {address}, because {because} needs it");
    }
    for Because { address, because } in left_out {
        let _ = writeln!(
            text,
            "  {} {address}, because it needs {because}, which is excepted",
            "not".yellow()
        );
    }
    let _ = writeln!(
        text,
        "  {}",
        format!(
            "{} of the whole plan not selected",
            counted(*not_selected, "step")
        )
        .dimmed()
    );
    text
}

//! The report of an apply as Markdown, for a comment or a job summary.

use super::document::{ApplyReport, ResultDocument};
use super::text::{counts, sent};
use crate::markdown::{code, prose};
use std::fmt::Write as _;

/// The report as Markdown.
pub fn markdown(report: &ApplyReport) -> String {
    let ending = report.ending.map_or("did not end", |ending| ending.words());
    let counts: Vec<String> = counts(report.summary)
        .into_iter()
        .map(|(_, words)| words)
        .collect();
    let mut text = format!(
        "### steersman apply to {}\n\nas {}\n\n**{ending}** · {}\n",
        code(&report.tenant),
        code(&report.user),
        counts.join(" · ")
    );
    for cause in &report.causes {
        let first = cause.addresses.first().map_or("", String::as_str);
        let more = match cause.steps.saturating_sub(1) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let word = report
            .steps
            .iter()
            .find(|step| step.address == first)
            .map_or("", |step| word(&step.result));
        let _ = write!(
            text,
            "\n- **{word}** {}{more}: {}",
            code(first),
            prose(&cause.error)
        );
        if let Some(help) = &cause.help {
            let _ = write!(text, "<br>help: {}", prose(help));
        }
    }
    if !report.causes.is_empty() {
        text.push('\n');
    }
    for notice in &report.notices {
        let _ = write!(text, "\n- note: {}", prose(notice));
    }
    if !report.notices.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "\n<sub>{} · spec {} · by steersman {}</sub>",
        prose(&sent(report)),
        code(&report.spec_digest),
        prose(&report.tool.version)
    );
    text
}

/// How a step ended, in a word or two.
pub(super) fn word(result: &ResultDocument) -> &'static str {
    match result {
        ResultDocument::Done { .. } => "done",
        ResultDocument::SentNotVerified { .. } => "not verified",
        ResultDocument::Failed { .. } => "failed",
        ResultDocument::Skipped { .. } => "skipped",
        ResultDocument::Blocked { .. } => "blocked",
        ResultDocument::NeverTried => "not attempted",
    }
}

//! The drift report as Markdown, for an issue or a job summary.

use super::report::{DriftReport, Reading};
use super::words;
use crate::markdown::{code, prose};
use std::fmt::Write as _;

/// Of a long list, so many entries are shown.
const MOST: usize = 50;

/// The report as Markdown.
pub fn markdown(report: &DriftReport) -> String {
    let mut text = format!(
        "### steersman drift of {}\n\n**{}**\n",
        code(&report.tenant),
        prose(&words::headline(report))
    );
    let beside = words::beside(report);
    if !beside.is_empty() {
        let _ = writeln!(text, "\n{}", beside.join(" · "));
    }
    if let Reading::Incomplete { collections } = &report.reading {
        let lines = collections
            .iter()
            .map(|(collection, why)| format!("{}: {}", code(collection), prose(why)));
        list(&mut text, "Partial read", lines.collect());
    }
    let drifts = report.drifts.iter().map(|drift| {
        let field = drift
            .field
            .as_deref()
            .map_or_else(String::new, |field| format!(" {}", code(field)));
        let name = words::name_of(report, &drift.address)
            .map_or_else(String::new, |name| format!(" ({})", prose(&name)));
        let new = if drift.is_new { ", **new**" } else { "" };
        let mut line = format!(
            "{}{name}{field} {}: {}, since {}{new}",
            code(&drift.address),
            drift.kind.words(),
            drift.cause.words(),
            prose(&drift.since)
        );
        for (side, value) in words::sides(drift) {
            let _ = write!(line, "<br>{side}: {}", code(&value));
        }
        if let Some(blocked) = &drift.blocked {
            let _ = write!(line, "<br>blocked: {}", prose(blocked));
        }
        for one in drift.who.iter().flat_map(words::who) {
            let _ = write!(line, "<br>who: {}", prose(&one));
        }
        line
    });
    list(&mut text, "Drifts", drifts.collect());
    let due = report.due.iter();
    let due = due.map(|due| format!("{}: {}", code(&due.address), prose(&due.reason)));
    list(&mut text, "Due with time", due.collect());
    let remedy = words::of_unmanaged(report).map(|remedy| format!("operator: {}", prose(remedy)));
    let unmanaged = report.unmanaged.iter().map(|one| {
        let new = if one.is_new { ", **new**" } else { "" };
        format!("{} {}{new}", code(&one.address), prose(&one.in_words()))
    });
    list(
        &mut text,
        "Unmanaged",
        remedy.into_iter().chain(unmanaged).collect(),
    );
    let expiring = report
        .expiring
        .iter()
        .map(|token| format!("{} {}", code(&token.address), prose(&words::expiry(token))));
    list(&mut text, "Expiring", expiring.collect());
    let blocked = words::waiting(report, MOST).into_iter().map(|one| {
        let words::Waiting {
            subject,
            why,
            who,
            remedy,
        } = one;
        format!(
            "{}: {}<br>{}: {}",
            prose(&subject),
            prose(&why),
            prose(&who),
            prose(&remedy)
        )
    });
    list(&mut text, "Blocked", blocked.collect());
    if let Some(next) = words::next_step(report) {
        let _ = writeln!(text, "\n{next}");
    }
    let _ = writeln!(
        text,
        "\n<sub>{} · {} · spec {} · by steersman {}</sub>",
        prose(&report.observed_at),
        prose(&words::record(&report.record)),
        code(&report.spec_digest),
        prose(&report.tool.version)
    );
    text
}

fn list(text: &mut String, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n#### {title}\n");
    let all = lines.len();
    for line in lines.into_iter().take(MOST) {
        let _ = writeln!(text, "- {line}");
    }
    if let Some(more) = all.checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(text, "- and {more} more");
    }
}

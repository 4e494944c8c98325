//! The drift report as text for a terminal.

use super::report::{Drift, DriftReport, Reading};
use super::words;
use model::visible;
use owo_colors::OwoColorize;
use std::fmt::Write as _;

/// Of a long list, so many entries are shown.
const MOST: usize = 50;

/// Of the names of accounts that wait for the same, so many are shown.
const NAMES: usize = 5;

/// The report as text. With `full`, long lists are not cut.
pub fn text(report: &DriftReport, full: bool) -> String {
    let most = if full { usize::MAX } else { MOST };
    let mut text = format!("{} {}\n", "Tenant:".bold(), visible(&report.tenant));
    if let Reading::Incomplete { collections } = &report.reading {
        for (collection, why) in collections {
            let _ = writeln!(
                text,
                "{} {}: {}",
                "partial read:".yellow().bold(),
                visible(collection),
                visible(why)
            );
        }
    }
    for drift in report.drifts.iter().take(most) {
        one(&mut text, report, drift);
    }
    cut(&mut text, report.drifts.len(), most, "drifts");
    section(
        &mut text,
        "Due with time (the next apply does it)",
        report
            .due
            .iter()
            .map(|due| {
                let what = words::what(report, &due.address, None);
                format!("{what}: {}", visible(&due.reason))
            })
            .collect(),
        most,
    );
    section(
        &mut text,
        "Unmanaged (in the tenant, in no file)",
        words::of_unmanaged(report)
            .map(|remedy| format!("operator: {remedy}"))
            .into_iter()
            .chain(report.unmanaged.iter().map(|one| {
                let new = if one.is_new { ", new" } else { "" };
                format!("{} {}{new}", visible(&one.address), one.in_words())
            }))
            .collect(),
        most,
    );
    section(
        &mut text,
        "Expiring",
        report
            .expiring
            .iter()
            .map(|token| {
                format!(
                    "{} of {} {}",
                    visible(&token.address),
                    visible(&token.account),
                    words::expiry(token)
                )
            })
            .collect(),
        most,
    );
    section(
        &mut text,
        "Blocked (a person must act)",
        words::waiting(report, if full { usize::MAX } else { NAMES })
            .into_iter()
            .map(|one| {
                let words::Waiting {
                    subject,
                    why,
                    who,
                    remedy,
                } = one;
                format!("{subject}\n    why: {why}\n    who: {who}\n    do:  {remedy}")
            })
            .collect(),
        most,
    );
    section(
        &mut text,
        "Resolved since the record",
        report
            .resolved
            .iter()
            .map(|one| match &one.field {
                Some(field) => format!("{} {}", visible(&one.address), visible(field)),
                None => visible(&one.address),
            })
            .collect(),
        most,
    );
    let beside = words::beside(report);
    let _ = write!(
        text,
        "\n{} {}{}\n{}\n",
        "Drift:".bold(),
        words::headline(report),
        beside
            .iter()
            .map(|one| format!("; {one}"))
            .collect::<Vec<_>>()
            .concat(),
        words::record(&report.record).dimmed()
    );
    if let Some(next) = words::next_step(report) {
        let _ = writeln!(text, "{next}");
    }
    text
}

fn one(text: &mut String, report: &DriftReport, drift: &Drift) {
    let new = if drift.is_new { ", new" } else { "" };
    let aside = if drift.counts { "" } else { ", not counted" };
    let _ = writeln!(
        text,
        "\n{} {} {}: {}, since {}{new}{aside}",
        words::mark(drift.kind).yellow(),
        words::what(report, &drift.address, drift.field.as_deref()).bold(),
        words::kind(drift.kind),
        words::cause(drift.cause),
        visible(&drift.since),
    );
    for (side, value) in words::sides(drift) {
        let _ = writeln!(text, "    {side}: {value}");
    }
    let _ = writeln!(text, "    reason: {}", visible(&drift.reason));
    if let Some(blocked) = &drift.blocked {
        let _ = writeln!(text, "    blocked: {}", visible(blocked));
    }
    for line in drift.who.iter().flat_map(words::who) {
        let _ = writeln!(text, "    who: {line}");
    }
}

fn section(text: &mut String, title: &str, lines: Vec<String>, most: usize) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", title.bold());
    let all = lines.len();
    for line in lines.into_iter().take(most) {
        let _ = writeln!(text, "  {line}");
    }
    cut(text, all, most, "entries");
}

fn cut(text: &mut String, all: usize, most: usize, what: &str) {
    if let Some(more) = all.checked_sub(most).filter(|more| *more > 0) {
        let _ = writeln!(text, "  and {more} more {what}; --full shows all");
    }
}

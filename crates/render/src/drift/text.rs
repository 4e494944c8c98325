//! The drift report as text for a terminal.

use super::report::{Drift, DriftReport, Reading};
use super::words;
use crate::terminal::Layout;
use crate::terminal::line::Line;
use crate::terminal::tone::Tone;
use model::visible;
use std::fmt::Write as _;

/// Of a long list, so many entries are shown.
const MOST: usize = 50;

/// Of the names of accounts that wait for the same, so many are shown.
const NAMES: usize = 5;

/// The report as text, as wide as the layout.
pub fn text(report: &DriftReport, layout: Layout<'_>) -> String {
    let most = if layout.full { usize::MAX } else { MOST };
    let mut text = String::new();
    Line::new()
        .lead(Tone::Strong, "Tenant: ")
        .text(Tone::Plain, visible(&report.tenant))
        .write(&mut text, layout);
    if let Reading::Incomplete { collections } = &report.reading {
        for (collection, why) in collections {
            Line::new()
                .lead(Tone::WarnStrong, "partial read: ")
                .text(
                    Tone::Plain,
                    format!("{}: {}", visible(collection), visible(why)),
                )
                .write(&mut text, layout);
        }
    }
    for drift in report.drifts.iter().take(most) {
        one(&mut text, report, drift, layout);
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
                Entry::of(format!("{what}: {}", visible(&due.reason)))
            })
            .collect(),
        layout,
    );
    section(
        &mut text,
        "Unmanaged (in the tenant, in no file)",
        words::of_unmanaged(report)
            .map(|remedy| Entry::of(format!("operator: {remedy}")))
            .into_iter()
            .chain(report.unmanaged.iter().map(|one| {
                let new = if one.is_new { ", new" } else { "" };
                Entry::of(format!("{} {}{new}", visible(&one.address), one.in_words()))
            }))
            .collect(),
        layout,
    );
    section(
        &mut text,
        "Expiring",
        report
            .expiring
            .iter()
            .map(|token| {
                Entry::of(format!(
                    "{} of {} {}",
                    visible(&token.address),
                    visible(&token.account),
                    words::expiry(token)
                ))
            })
            .collect(),
        layout,
    );
    section(
        &mut text,
        "Blocked (a person must act)",
        words::waiting(report, if layout.full { usize::MAX } else { NAMES })
            .into_iter()
            .map(|one| {
                let words::Waiting {
                    subject,
                    why,
                    who,
                    remedy,
                } = one;
                Entry {
                    subject,
                    facts: vec![("why: ", why), ("who: ", who), ("do:  ", remedy)],
                }
            })
            .collect(),
        layout,
    );
    section(
        &mut text,
        "Resolved since the record",
        report
            .resolved
            .iter()
            .map(|one| {
                Entry::of(match &one.field {
                    Some(field) => format!("{} {}", visible(&one.address), visible(field)),
                    None => visible(&one.address),
                })
            })
            .collect(),
        layout,
    );
    text.push('\n');
    let beside = words::beside(report);
    let beside = beside.iter().map(|one| format!("; {one}"));
    Line::new()
        .lead(Tone::Strong, "Drift: ")
        .text(
            Tone::Plain,
            format!("{}{}", words::headline(report), beside.collect::<String>()),
        )
        .write(&mut text, layout);
    Line::new()
        .text(Tone::Quiet, words::record(&report.record))
        .write(&mut text, layout);
    if let Some(next) = words::next_step(report) {
        Line::new().text(Tone::Plain, next).write(&mut text, layout);
    }
    layout.finish(text)
}

fn one(text: &mut String, report: &DriftReport, drift: &Drift, layout: Layout<'_>) {
    let new = if drift.is_new { ", new" } else { "" };
    let aside = if drift.counts { "" } else { ", not counted" };
    text.push('\n');
    Line::new()
        .lead(Tone::Warn, words::mark(drift.kind))
        .lead(Tone::Plain, " ")
        .text(
            Tone::Strong,
            words::what(report, &drift.address, drift.field.as_deref()),
        )
        .text(
            Tone::Plain,
            format!(
                " {}: {}, since {}{new}{aside}",
                drift.kind.words(),
                drift.cause.words(),
                visible(&drift.since)
            ),
        )
        .write(text, layout);
    let sides = words::sides(drift);
    let sides = sides
        .into_iter()
        .map(|(side, value)| (format!("{side}: "), value));
    let facts = [("reason: ".to_owned(), visible(&drift.reason))];
    let blocked = drift.blocked.iter();
    let blocked = blocked.map(|why| ("blocked: ".to_owned(), visible(why)));
    let who = drift.who.iter().flat_map(words::who);
    let who = who.map(|line| ("who: ".to_owned(), line));
    for (label, words) in sides.chain(facts).chain(blocked).chain(who) {
        fact(text, &label, words, layout);
    }
}

/// One entry of a list.
struct Entry {
    subject: String,
    /// What is known of it, each with its label.
    facts: Vec<(&'static str, String)>,
}

impl Entry {
    fn of(subject: String) -> Self {
        Self {
            subject,
            facts: Vec::new(),
        }
    }
}

fn section(text: &mut String, title: &str, entries: Vec<Entry>, layout: Layout<'_>) {
    if entries.is_empty() {
        return;
    }
    let most = if layout.full { usize::MAX } else { MOST };
    text.push('\n');
    Line::new().text(Tone::Strong, title).write(text, layout);
    let all = entries.len();
    for Entry { subject, facts } in entries.into_iter().take(most) {
        Line::new()
            .lead(Tone::Plain, "  ")
            .text(Tone::Plain, subject)
            .write(text, layout);
        for (label, words) in facts {
            fact(text, label, words, layout);
        }
    }
    cut(text, all, most, "entries");
}

fn fact(text: &mut String, label: &str, words: String, layout: Layout<'_>) {
    Line::new()
        .lead(Tone::Plain, format!("    {label}"))
        .text(Tone::Plain, words)
        .write(text, layout);
}

fn cut(text: &mut String, all: usize, most: usize, what: &str) {
    if let Some(more) = all.checked_sub(most).filter(|more| *more > 0) {
        let _ = writeln!(text, "  and {more} more {what}; --full shows all");
    }
}

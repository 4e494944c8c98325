//! The drift report as one page that works without network.

use super::report::{DriftReport, Reading};
use super::words;
use crate::error::RenderError;
use crate::html::{STYLE, policy};
use askama::Template;
use model::visible;

/// The page of a report.
///
/// # Errors
/// None that is known: the template is checked when it is compiled, and
/// writing to memory does not fail.
pub fn html(report: &DriftReport) -> Result<String, RenderError> {
    let page = Page {
        report,
        headline: words::headline(report),
        chips: words::beside(report),
        record: words::record(&report.record),
        rows: report
            .drifts
            .iter()
            .map(|drift| Row {
                address: words::what(report, &drift.address, None),
                field: drift.field.as_deref().map(visible).unwrap_or_default(),
                kind: drift.kind.words(),
                cause: drift.cause.words(),
                since: visible(&drift.since),
                new: if drift.is_new { "new" } else { "" },
                sides: words::sides(drift),
                blocked: drift.blocked.as_deref().map(visible).unwrap_or_default(),
                who: drift.who.iter().flat_map(words::who).collect(),
            })
            .collect(),
        sections: sections(report),
        policy: policy(),
        style: STYLE,
    };
    page.render().map_err(RenderError::Html)
}

fn sections(report: &DriftReport) -> Vec<Section> {
    let pair = |address: &str, text: String| (visible(address), text);
    let unread = match &report.reading {
        Reading::Complete => Vec::new(),
        Reading::Incomplete { collections } => collections
            .iter()
            .map(|(collection, why)| pair(collection, visible(why)))
            .collect(),
    };
    let due = report.due.iter();
    let due = due.map(|one| pair(&one.address, visible(&one.reason)));
    let remedy = words::of_unmanaged(report).map(|remedy| pair("operator", remedy.to_owned()));
    let unmanaged = report.unmanaged.iter().map(|one| {
        let new = if one.is_new { " (new)" } else { "" };
        pair(&one.address, format!("{}{new}", one.in_words()))
    });
    let expiring = report.expiring.iter();
    let expiring = expiring.map(|one| pair(&one.address, words::expiry(one)));
    let blocked = words::waiting(report, usize::MAX).into_iter().map(|one| {
        let words::Waiting {
            subject,
            why,
            who,
            remedy,
        } = one;
        (subject, format!("{why}; {who}: {remedy}"))
    });
    let resolved = report.resolved.iter();
    let resolved = resolved.map(|one| {
        let field = one.field.as_deref().map(visible);
        pair(&one.address, field.unwrap_or_default())
    });
    [
        ("Partial read", unread),
        ("Due with time", due.collect()),
        ("Unmanaged", remedy.into_iter().chain(unmanaged).collect()),
        ("Expiring", expiring.collect()),
        ("Blocked", blocked.collect()),
        ("Resolved since the record", resolved.collect()),
    ]
    .into_iter()
    .filter(|(_, lines)| !lines.is_empty())
    .map(|(title, lines)| Section { title, lines })
    .collect()
}

#[derive(Template)]
#[template(path = "drift.html")]
struct Page<'a> {
    report: &'a DriftReport,
    headline: String,
    chips: Vec<String>,
    record: String,
    rows: Vec<Row>,
    sections: Vec<Section>,
    policy: String,
    style: &'static str,
}

struct Row {
    address: String,
    field: String,
    kind: &'static str,
    cause: &'static str,
    since: String,
    new: &'static str,
    sides: Vec<(&'static str, String)>,
    blocked: String,
    who: Vec<String>,
}

struct Section {
    title: &'static str,
    lines: Vec<(String, String)>,
}

//! The report of an apply as one page that works without network.

use super::document::{ApplyReport, ResultDocument};
use super::markdown::word;
use super::text::{counts, sent};
use crate::error::RenderError;
use crate::html::{STYLE, policy};
use askama::Template;

/// The page of a report.
///
/// # Errors
/// None that is known: the template is checked when it is compiled, and
/// writing to memory does not fail.
pub fn html(report: &ApplyReport) -> Result<String, RenderError> {
    let page = Page {
        report,
        ending: report.ending.map_or("did not end", |ending| ending.words()),
        counts: counts(report.summary)
            .into_iter()
            .map(|(_, words)| words)
            .collect(),
        rows: report
            .steps
            .iter()
            .map(|step| Row {
                address: &step.address,
                word: word(&step.result),
                text: text(&step.result),
                ids: step.tracking_ids.join(", "),
            })
            .collect(),
        sent: sent(report),
        policy: policy(),
        style: STYLE,
    };
    page.render().map_err(RenderError::Html)
}

#[derive(Template)]
#[template(path = "apply.html")]
struct Page<'a> {
    report: &'a ApplyReport,
    ending: &'static str,
    counts: Vec<String>,
    rows: Vec<Row<'a>>,
    sent: String,
    policy: String,
    style: &'static str,
}

struct Row<'a> {
    address: &'a str,
    word: &'static str,
    text: String,
    ids: String,
}

fn text(result: &ResultDocument) -> String {
    match result {
        ResultDocument::Done { note } => note.clone().unwrap_or_default(),
        ResultDocument::SentNotVerified { error, help }
        | ResultDocument::Failed { error, help }
        | ResultDocument::Blocked { error, help } => match help {
            Some(help) => format!("{error}; {help}"),
            None => error.clone(),
        },
        ResultDocument::Skipped { because } => format!("depends on {because}"),
        ResultDocument::NeverTried => "the run was interrupted".to_owned(),
    }
}

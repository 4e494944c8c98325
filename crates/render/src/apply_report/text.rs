//! Results of an apply as text: each cause once, notices, counts.

use super::document::{ApplyReport, ResultDocument, StepReport, Summary};
use super::record::{Commit, Record, RunBy};
use crate::count::counted;
use crate::drift::Agreement;
use model::{Outcome, visible};
use owo_colors::OwoColorize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The steps that did not complete or have a note, the notices, and a summary line.
pub fn outcome_text(outcome: &Outcome) -> String {
    let steps: Vec<StepReport> = outcome
        .steps
        .iter()
        .map(|step| StepReport {
            address: step.address.to_string(),
            action: step.action.to_string(),
            result: (&step.result).into(),
            seconds: 0.0,
            tracking_ids: Vec::new(),
        })
        .collect();
    results_text(&steps, &outcome.notices, outcome.tally().into())
}

/// The report for people: what was applied where, by whom, the results, the requests.
pub fn report_text(report: &ApplyReport) -> String {
    let mut text = format!(
        "{} {} as {}\n",
        "Apply to".bold(),
        visible(&report.tenant),
        visible(&report.user)
    );
    let _ = writeln!(
        text,
        "{}",
        format!(
            "{} to {} · spec {} · plan {}",
            visible(&report.started_at),
            visible(report.ended_at.as_deref().unwrap_or("?")),
            visible(&report.spec_digest),
            visible(&report.plan_digests.join(", "))
        )
        .dimmed()
    );
    text.push_str(&results_text(
        &report.steps,
        &report.notices,
        report.summary,
    ));
    for step in &report.steps {
        if !step.tracking_ids.is_empty() {
            let ids = step.tracking_ids.join(", ");
            let address = visible(&step.address);
            let _ = writeln!(text, "{} {address}: {}", "tracking".dimmed(), visible(&ids));
        }
    }
    let ending = report.ending.map_or("did not end", |ending| ending.words());
    let _ = writeln!(text, "{} {ending}", "Result:".bold());
    let _ = writeln!(text, "{} {}", "Sent:".bold(), sent(report));
    text
}

/// A record for people: its report, who applied it, and from which commit.
pub fn record_text(record: &Record) -> String {
    let Record {
        steersman: _,
        format_version: _,
        tenant,
        who: RunBy {
            name,
            identity,
            client_id,
        },
        commit,
        run,
        agreement,
    } = record;
    let commit = match commit {
        Commit::Known { id } => visible(id),
        Commit::None => "none: the spec is in no Git repository".to_owned(),
        Commit::Unknown { why } => format!("not known: {}", visible(why)),
    };
    let identity = identity.as_deref().map_or_else(
        || "no identity".to_owned(),
        |identity| format!("identity {}", visible(identity)),
    );
    let run = match run {
        Some(run) => report_text(run),
        None => format!(
            "{} {}\nnothing was applied yet\n",
            "Tenant:".bold(),
            visible(tenant)
        ),
    };
    let agreement = agreement.as_ref().map_or_else(String::new, agreement_text);
    format!(
        "{run}{} {} ({identity}, token {})\n{} {commit}\n{agreement}",
        "Who:".bold(),
        visible(name),
        visible(client_id),
        "Commit:".bold(),
    )
}

/// When files and tenant were last compared, and how much agreed.
fn agreement_text(agreement: &Agreement) -> String {
    let Agreement {
        observed_at,
        who: _,
        commit: _,
        spec_digest: _,
        objects,
        drifts,
    } = agreement;
    let agreed = objects.values().filter(|object| object.has_agreed());
    format!(
        "{} at {}: {} agreed, {}\n",
        "Compared:".bold(),
        visible(observed_at),
        counted(agreed.count(), "object"),
        counted(drifts.len(), "drift")
    )
}

/// The requests of a run, and how long it took.
pub(super) fn sent(report: &ApplyReport) -> String {
    let requests = &report.requests;
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let mut text = counted(number(requests.sent), "request");
    if requests.retried > 0 {
        let _ = write!(text, ", {} retried", requests.retried);
    }
    if requests.throttled > 0 {
        let _ = write!(
            text,
            ", {} throttled ({:.1} s)",
            requests.throttled, requests.throttled_seconds
        );
    }
    let _ = write!(text, " in {:.1} s", report.seconds);
    text
}

fn results_text(steps: &[StepReport], notices: &[String], summary: Summary) -> String {
    let mut text = String::new();
    for alike in together(steps) {
        let Some(step) = alike.first() else { continue };
        let address = addresses(&alike);
        let mut line = |label: String, error: &str, help: Option<&String>| {
            let _ = writeln!(text, "{label} {address}: {error}");
            if let Some(help) = help {
                let _ = writeln!(text, "  {} {}", "help:".cyan(), visible(help));
            }
        };
        match &step.result {
            ResultDocument::Done { note: None } => {}
            ResultDocument::Done { note: Some(note) } => {
                line("done".green().to_string(), &visible(note), None);
            }
            ResultDocument::SentNotVerified { error, help } => line(
                "not verified".yellow().bold().to_string(),
                &format!("sent, but {}", visible(error)),
                help.as_ref(),
            ),
            ResultDocument::Failed { error, help } => line(
                "failed".red().bold().to_string(),
                &visible(error),
                help.as_ref(),
            ),
            ResultDocument::Blocked { error, help } => line(
                "blocked".yellow().bold().to_string(),
                &visible(error),
                help.as_ref(),
            ),
            ResultDocument::Skipped { because } => line(
                "skipped".yellow().to_string(),
                &format!("depends on {}, which did not complete", visible(because)),
                None,
            ),
            ResultDocument::NeverTried => line(
                "not attempted".yellow().to_string(),
                "the run was interrupted",
                None,
            ),
        }
    }
    for notice in notices {
        let _ = writeln!(text, "{} {}", "note:".yellow().bold(), visible(notice));
    }
    let parts: Vec<String> = counts(summary)
        .into_iter()
        .map(|(kind, words)| match kind {
            Kind::Done => words.green().to_string(),
            Kind::Failed => words.red().to_string(),
            Kind::Other => words.yellow().to_string(),
        })
        .collect();
    let _ = writeln!(text, "{} {}", "Applied:".bold(), parts.join(", "));
    text
}

/// Steps that ended of one cause are reported together, wherever they are: all that
/// failed, and others where they are many. A few are reported by name.
fn together(steps: &[StepReport]) -> Vec<Vec<&StepReport>> {
    const FEW: usize = 10;
    let mut places: BTreeMap<&ResultDocument, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<&StepReport>> = Vec::new();
    for step in steps {
        match &step.result {
            ResultDocument::Done { .. } => groups.push(vec![step]),
            ResultDocument::SentNotVerified { .. }
            | ResultDocument::Failed { .. }
            | ResultDocument::Skipped { .. }
            | ResultDocument::Blocked { .. }
            | ResultDocument::NeverTried => {
                let next = groups.len();
                let place = *places.entry(&step.result).or_insert(next);
                match groups.get_mut(place) {
                    Some(group) => group.push(step),
                    None => groups.push(vec![step]),
                }
            }
        }
    }
    groups
        .into_iter()
        .flat_map(|group| {
            let is_cause = group.first().is_some_and(|step| match step.result {
                ResultDocument::SentNotVerified { .. }
                | ResultDocument::Failed { .. }
                | ResultDocument::Blocked { .. } => true,
                ResultDocument::Done { .. }
                | ResultDocument::Skipped { .. }
                | ResultDocument::NeverTried => false,
            });
            if is_cause || group.len() > FEW {
                vec![group]
            } else {
                group.into_iter().map(|step| vec![step]).collect()
            }
        })
        .collect()
}

/// The address of the first of some steps, and how many more there are.
fn addresses(steps: &[&StepReport]) -> String {
    let first = steps
        .first()
        .map_or_else(String::new, |step| visible(&step.address));
    match steps.len().saturating_sub(1) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

pub(super) enum Kind {
    Done,
    Failed,
    Other,
}

/// The counts in words; those that are zero are left out, but for the done ones.
pub(super) fn counts(summary: Summary) -> Vec<(Kind, String)> {
    let Summary {
        done,
        sent_not_verified,
        failed,
        skipped,
        blocked,
        never_tried,
    } = summary;
    let mut parts = vec![(Kind::Done, format!("{} done", counted(done, "step")))];
    for (kind, count, word) in [
        (Kind::Other, sent_not_verified, "not verified"),
        (Kind::Failed, failed, "failed"),
        (Kind::Other, skipped, "skipped"),
        (Kind::Other, blocked, "blocked"),
        (Kind::Other, never_tried, "not attempted"),
    ] {
        if count > 0 {
            parts.push((kind, format!("{count} {word}")));
        }
    }
    parts
}

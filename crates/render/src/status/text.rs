//! Status for people: counts by stage, then groups, then what expires.

use super::report::{Expiring, ExpiringToken, Group, Report, Row};
use crate::count::counted;
use crate::terminal::Layout;
use crate::terminal::line::{Line, NO_BREAK, length};
use crate::terminal::tone::Tone;
use crate::terminal::waiting;
use jiff::{SignedDuration, Timestamp};
use model::Stage;

/// With more groups than this, the steps of people are left out.
const MOST_WITH_STEPS: usize = 2;
/// And where the status would have more lines than this with them.
const MOST_LINES: usize = 40;
/// Of more than twice as many accounts of a group, so many are named.
const MOST_NAMES: usize = 3;
/// How many lines of one kind are shown below the groups.
const MOST: usize = 5;

/// The status as text; with a full layout, or cut to stages, each account has a line.
pub fn status_text(report: &Report, layout: Layout<'_>) -> String {
    let is_whole = layout.full || !report.only.is_empty();
    let may_have_steps = is_whole || people(report).count() <= MOST_WITH_STEPS;
    let with_steps = may_have_steps.then(|| text_of(report, true, layout));
    with_steps
        .filter(|text| is_whole || text.lines().count() <= MOST_LINES)
        .unwrap_or_else(|| text_of(report, false, layout))
}

fn text_of(report: &Report, with_steps: bool, layout: Layout<'_>) -> String {
    let mut text = String::new();
    Line::new()
        .text(Tone::Quiet, "status of ")
        .text(Tone::Plain, report.tenant.clone())
        .text(Tone::Quiet, " as ")
        .text(Tone::Plain, report.user.clone())
        .write(&mut text, layout);
    text.push('\n');
    push_stages(&mut text, report, layout);
    if layout.full || !report.only.is_empty() {
        push_accounts(&mut text, report, layout);
    }
    for group in &report.groups {
        push_group(&mut text, report, group, with_steps, layout);
    }
    if !with_steps {
        text.push('\n');
        Line::new()
            .text(
                Tone::Quiet,
                "`--only STAGE` shows its accounts and the steps, `--full` all",
            )
            .write(&mut text, layout);
    }
    if let Some(expiring) = &report.expiring {
        push_expiring(&mut text, report, expiring, layout);
    }
    push_notes(&mut text, report, layout);
    layout.finish(text)
}

/// The groups in which a person acts.
fn people(report: &Report) -> impl Iterator<Item = &Group> {
    report.groups.iter().filter(|group| group.how.is_some())
}

fn push_stages(text: &mut String, report: &Report, layout: Layout<'_>) {
    let all: usize = report.stages.iter().map(|(_, count)| count).sum();
    let widest = report
        .stages
        .iter()
        .map(|(stage, _)| length(&named(*stage)))
        .max()
        .unwrap_or(0);
    Line::new()
        .text(Tone::Strong, counted(all, "account"))
        .write(text, layout);
    let digits = all.to_string().len();
    for (stage, count) in &report.stages {
        let tone = match stage {
            Some(Stage::Ready) => Tone::Good,
            Some(
                Stage::Absent
                | Stage::Imported
                | Stage::Identified
                | Stage::Invited
                | Stage::Registered
                | Stage::Enrolled,
            )
            | None => Tone::Warn,
        };
        Line::new()
            .lead(tone, format!("  {:widest$}", named(*stage)))
            .lead(Tone::Plain, format!("  {count:>digits$}"))
            .write(text, layout);
    }
}

/// A stage as a word.
pub(super) fn named(stage: Option<Stage>) -> String {
    stage.map_or_else(|| "not read".to_owned(), |stage| stage.to_string())
}

fn push_accounts(text: &mut String, report: &Report, layout: Layout<'_>) {
    if report.accounts.is_empty() {
        return;
    }
    text.push('\n');
    let several = report
        .accounts
        .iter()
        .any(|one| Some(&one.source) != report.accounts.first().map(|first| &first.source));
    for row in &report.accounts {
        let mut line = Line::new()
            .lead(Tone::Plain, "  ")
            .text(Tone::Strong, name(row))
            .text(Tone::Quiet, format!(" {}", named(row.stage)));
        if several {
            line = line.text(Tone::Quiet, format!(" on {}", row.source));
        }
        if let Some(next) = &row.next {
            line = line.text(Tone::Plain, format!(" · {next}"));
        }
        line.write(text, layout);
    }
}

fn name(row: &Row) -> String {
    if row.name == row.key {
        row.key.clone()
    } else {
        format!("{}{NO_BREAK}{}", row.key, row.name)
    }
}

fn push_group(
    text: &mut String,
    report: &Report,
    group: &Group,
    with_steps: bool,
    layout: Layout<'_>,
) {
    text.push('\n');
    // Where no person acts, the action says it all.
    let who = match group.how {
        Some(_) => vec![
            (Tone::Accent, group.who.to_owned()),
            (Tone::Plain, ": ".to_owned()),
        ],
        None => Vec::new(),
    };
    Line::new()
        .text(
            Tone::Strong,
            format!("{}: ", counted(group.accounts.len(), "account")),
        )
        .texts(who)
        .text(Tone::Plain, group.next.clone())
        .write(text, layout);
    let accounts = group.accounts.iter();
    let names: Vec<String> = accounts
        .filter_map(|place| report.accounts.get(*place))
        .map(name)
        .collect();
    Line::new()
        .lead(Tone::Plain, "  ")
        .texts(waiting::named(&names, MOST_NAMES, 2, layout))
        .write(text, layout);
    if let Some(how) = group.how.as_ref().filter(|_| with_steps) {
        waiting::push_steps(text, how, layout);
    }
}

fn push_expiring(text: &mut String, report: &Report, expiring: &Expiring, layout: Layout<'_>) {
    if expiring.is_empty() {
        return;
    }
    let number = expiring.tokens.len();
    text.push('\n');
    Line::new()
        .text(Tone::Warn, counted(number, "token"))
        .text(
            Tone::Plain,
            format!(
                " {} within {}:",
                if number == 1 { "expires" } else { "expire" },
                span(expiring.within)
            ),
        )
        .write(text, layout);
    let most = if layout.full { usize::MAX } else { MOST };
    for token in expiring.tokens.iter().take(most) {
        push_token(text, token, report.at, layout);
    }
    if let Some(more) = number.checked_sub(most).filter(|more| *more > 0) {
        Line::new()
            .lead(Tone::Plain, "  ")
            .text(Tone::Quiet, format!("and {more} more{}", layout.hint))
            .write(text, layout);
    }
}

fn push_token(text: &mut String, token: &ExpiringToken, now: Timestamp, layout: Layout<'_>) {
    let when = if token.expires <= now {
        "expired".to_owned()
    } else {
        format!("in {}", span(token.expires.duration_since(now)))
    };
    let name = if token.account == token.account_name {
        token.account.clone()
    } else {
        format!("{}{NO_BREAK}{}", token.account, token.account_name)
    };
    let mut line = Line::new()
        .lead(
            Tone::Plain,
            format!("  {}  ", token.expires.strftime("%Y-%m-%d")),
        )
        .text(Tone::Warn, when)
        .text(Tone::Plain, format!("  {name}: {}", token.token));
    if let Some(next) = &token.next {
        line = line.text(Tone::Quiet, format!(" · next apply: {next}"));
    }
    line.write(text, layout);
}

/// A length of time in its largest unit.
fn span(time: SignedDuration) -> String {
    match time.as_secs().max(0) {
        seconds @ 86_400.. => counted(usize::try_from(seconds / 86_400).unwrap_or(0), "day"),
        seconds @ 3_600.. => counted(usize::try_from(seconds / 3_600).unwrap_or(0), "hour"),
        seconds => counted(usize::try_from(seconds / 60).unwrap_or(0), "minute"),
    }
}

fn push_notes(text: &mut String, report: &Report, layout: Layout<'_>) {
    let Report {
        stores,
        notes,
        incomplete,
        ..
    } = report;
    if stores.is_empty() && notes.is_empty() && incomplete.is_empty() {
        return;
    }
    text.push('\n');
    for (store, held) in stores {
        Line::new()
            .text(Tone::Quiet, format!("store {store}: "))
            .text(Tone::Plain, held.clone())
            .write(text, layout);
    }
    let most = if layout.full { usize::MAX } else { MOST };
    for note in notes.iter().take(most) {
        // The mark stands by itself, so that what wraps is below the words.
        let (mark, words) = note.split_at_checked(2).unwrap_or(("", note.as_str()));
        Line::new()
            .lead(Tone::Plain, mark.to_owned())
            .text(Tone::Plain, words.to_owned())
            .write(text, layout);
    }
    if let Some(more) = notes.len().checked_sub(most).filter(|more| *more > 0) {
        Line::new()
            .lead(Tone::Plain, "  ")
            .text(Tone::Quiet, format!("and {more} more{}", layout.hint))
            .write(text, layout);
    }
    for (collection, why) in incomplete {
        Line::new()
            .lead(Tone::WarnStrong, "! ")
            .text(Tone::Plain, format!("{collection}: {why}"))
            .write(text, layout);
    }
}

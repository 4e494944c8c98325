//! Table of the token list for people, as wide as the terminal.

use super::sign_in::SignIn;
use super::words;
use crate::cell_text::cell_text;
use crate::count::counted;
use crate::table_width;
use crate::terminal::Layout;
use crate::terminal::line::Line;
use crate::terminal::tone::Tone;
use comfy_table::{ContentArrangement, Table, presets};
use model::{DeliveryReport, DeliveryState, Redactor, visible};
use planner::{ListedToken, Missing, Standing, TokenList};
use std::collections::BTreeMap;

/// From this width on, each fact of a token has a column, if no word has to be divided.
const WIDE: u16 = 120;

/// The widths that a table has.
const NARROWEST: u16 = 40;
const WIDEST: u16 = 200;
/// Columns between columns.
const GAP: usize = 2;

/// How many tokens are shown where not all are asked for.
const MOST: usize = 100;

/// How many lines are shown below the table, where not all are asked for.
const MOST_NOTES: usize = 20;

/// How much of a list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The first ones, and how many more there are.
    First,
    /// All.
    All,
}

/// The tokens as a table, then what a person has to know about single ones. `checks` has
/// what signing in showed, in the order of the list; empty where nobody signed in. Secrets
/// are redacted before the table divides texts.
pub fn token_table(
    list: &TokenList,
    checks: &[SignIn],
    shown: Shown,
    layout: Layout<'_>,
    redactor: &Redactor,
) -> String {
    let width = u16::try_from(layout.width).unwrap_or(WIDEST);
    let width = width.clamp(NARROWEST, WIDEST);
    let most = |most: usize| match shown {
        Shown::First => most,
        Shown::All => usize::MAX,
    };
    let rows = most(MOST);
    let checked = !checks.is_empty();
    let mut layouts = [true, false]
        .into_iter()
        .filter(|is_wide| !is_wide || width >= WIDE)
        .map(|is_wide| Columns { is_wide, checked });
    let mut text = layouts
        .find_map(|columns| table(list, checks, rows, columns, width, redactor))
        .unwrap_or_else(|| blocks(list, checks, rows, layout, redactor));
    text.truncate(text.trim_end_matches('\n').len());
    let mut add = |line: &str| {
        text.push('\n');
        let line = redactor.redact(&visible(line)).into_owned();
        let mut broken = String::new();
        // The mark stands by itself, so that what wraps is below the words.
        let (mark, words) = match line.strip_prefix("! ") {
            Some(words) => ("! ", words),
            None => ("", line.as_str()),
        };
        Line::new()
            .lead(Tone::Plain, mark)
            .text(Tone::Plain, words)
            .write(&mut broken, layout);
        text.push_str(broken.trim_end_matches('\n'));
    };
    let more = list.tokens.len().saturating_sub(most(MOST));
    if more > 0 {
        add(&format!(
            "and {more} more; `--all` shows all, `--format json` has all"
        ));
    }
    add("");
    add(&summary(list, checks));
    let notes: Vec<String> = list
        .tokens
        .iter()
        .enumerate()
        .flat_map(|(index, token)| {
            let told = note(token, checks.get(index));
            told.into_iter()
                .chain(words::people(token))
                .chain(words::never_used(token, list.at))
        })
        .collect();
    for note in notes.iter().take(most(MOST_NOTES)) {
        add(note);
    }
    let more = notes.len().saturating_sub(most(MOST_NOTES));
    if more > 0 {
        add(&format!("and {more} more notes; `--all` shows all"));
    }
    for (collection, why) in &list.incomplete {
        add(&format!(
            "! {collection}: read only in part: {}",
            why.detail
        ));
    }
    text
}

/// The tokens as a table; none where words would have to be divided.
fn table(
    list: &TokenList,
    checks: &[SignIn],
    rows: usize,
    columns: Columns,
    width: u16,
    redactor: &Redactor,
) -> Option<String> {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .force_no_tty()
        .set_width(width)
        .set_header(columns.header());
    for (index, token) in list.tokens.iter().enumerate().take(rows) {
        let cells = columns.cells(list, token, checks.get(index));
        let count = cells.len();
        table.add_row(
            cells
                .iter()
                .map(|cell| cell_text(&clean(cell, redactor), count)),
        );
    }
    // A cell has a space on both sides.
    table_width::keep_words_whole(&mut table, GAP, usize::from(width)).then(|| table.trim_fmt())
}

/// The tokens one below the other.
fn blocks(
    list: &TokenList,
    checks: &[SignIn],
    rows: usize,
    layout: Layout<'_>,
    redactor: &Redactor,
) -> String {
    let columns = Columns {
        is_wide: false,
        checked: !checks.is_empty(),
    };
    let mut text = String::new();
    for (index, token) in list.tokens.iter().enumerate().take(rows) {
        let cells = columns.cells(list, token, checks.get(index));
        for (indent, cell) in ["", "  "].into_iter().zip(&cells) {
            for line in clean(cell, redactor).lines() {
                Line::new()
                    .lead(Tone::Plain, indent)
                    .text(Tone::Plain, cell_text(line, 2))
                    .write(&mut text, layout);
            }
        }
    }
    text
}

/// The lines of a cell without secrets and hidden characters.
fn clean(cell: &str, redactor: &Redactor) -> String {
    let lines: Vec<String> = cell
        .lines()
        .map(|line| redactor.redact(&visible(line)).into_owned())
        .collect();
    lines.join("\n")
}

/// The columns of a table.
#[derive(Clone, Copy)]
struct Columns {
    is_wide: bool,
    checked: bool,
}

impl Columns {
    fn header(self) -> Vec<&'static str> {
        let mut header = if self.is_wide {
            vec![
                "ACCOUNT",
                "TOKEN",
                "STATE",
                "AGE",
                "EXPIRES",
                "LAST USED",
                "SCOPES",
                "DELIVERY",
            ]
        } else {
            vec!["ACCOUNT/TOKEN", "FACTS"]
        };
        if self.checked && self.is_wide {
            header.push("CHECK");
        }
        header
    }

    fn cells(self, list: &TokenList, token: &ListedToken, check: Option<&SignIn>) -> Vec<String> {
        let now = list.at;
        let state = words::state_text(&token.standing);
        let facts = [
            ("age", words::age(token, now)),
            ("expires", words::expires(token, now)),
            ("last used", words::last_used(token)),
            ("scopes", words::scopes(token.scopes.as_ref())),
            ("delivery", delivery(token.delivery.as_ref())),
        ];
        let check = check.filter(|_| self.checked).map(SignIn::word);
        if self.is_wide {
            let name = token.name.as_ref().map_or("-", |name| name.as_str());
            let mut cells = vec![token.account_name.to_string(), name.to_owned(), state];
            cells.extend(facts.map(|(_, fact)| fact));
            cells.extend(check.map(str::to_owned));
            cells
        } else {
            let facts = facts
                .into_iter()
                .chain(check.map(|check| ("check", check.to_owned())));
            let lines: Vec<String> = facts
                .filter(|(_, fact)| fact != "-")
                .map(|(what, fact)| match fact.strip_prefix("expired ") {
                    Some(day) => format!("expired {day}"),
                    None => format!("{what} {fact}"),
                })
                .collect();
            let name = format!("{}/{}", token.account_name, token.name_or_issuer());
            vec![format!("{name}\n{state}"), lines.join("\n")]
        }
    }
}

fn delivery(report: Option<&DeliveryReport>) -> String {
    report.map_or_else(
        || "-".to_owned(),
        |report| match report.state {
            DeliveryState::Delivered => report.place.to_string(),
            DeliveryState::Missing
            | DeliveryState::Moved
            | DeliveryState::Stale
            | DeliveryState::Foreign
            | DeliveryState::Unreadable
            | DeliveryState::NotAsked
            | DeliveryState::WriteOnly
            | DeliveryState::Unknown => format!("{}: {}", report.state, report.place),
        },
    )
}

/// How many tokens there are of each state, in the order of the list.
fn summary(list: &TokenList, checks: &[SignIn]) -> String {
    let mut text = counted(list.tokens.len(), "token");
    for (states, counts) in [
        (
            "",
            count(
                list.tokens
                    .iter()
                    .map(|token| words::state(&token.standing)),
            ),
        ),
        (
            "; signing in: ",
            count(checks.iter().map(SignIn::word).filter(|word| *word != "-")),
        ),
    ] {
        if counts.is_empty() {
            continue;
        }
        let counts: Vec<String> = counts
            .into_iter()
            .map(|(state, count)| format!("{count} {state}"))
            .collect();
        let before = if states.is_empty() { ": " } else { states };
        text.push_str(before);
        text.push_str(&counts.join(", "));
    }
    text
}

fn count<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

/// What a person has to know about a token beyond its row.
fn note(token: &ListedToken, check: Option<&SignIn>) -> Option<String> {
    let address = token.address();
    let of_standing = match &token.standing {
        Standing::Missing(Missing::Blocked { why, remedy }) => {
            Some(format!("! {address}: missing: {why}; {remedy}"))
        }
        Standing::Missing(Missing::NotPlanned) => Some(format!(
            "! {address}: missing; `steersman plan` says what comes first"
        )),
        Standing::Unread { why } => Some(format!("! {address}: not read: {why}")),
        Standing::MayBeIssuer => Some(format!(
            "? {address}: it may be the issuer token; the place of that was not read"
        )),
        Standing::Retiring {
            of,
            rolled_back: true,
            ..
        } => Some(format!(
            "· {address}: rolled back; the token before it is {of} again"
        )),
        Standing::Retiring { of, .. } => Some(format!("· {address}: replaced as {of}")),
        Standing::Declared
        | Standing::Issuer
        | Standing::Undeclared
        | Standing::OfSailPoint
        | Standing::Missing(Missing::Planned) => None,
    };
    let of_check = check.and_then(|check| {
        Some(format!(
            "! {address}: {}: {}",
            check.word(),
            check.detail()?
        ))
    });
    let of_delivery = token
        .delivery
        .as_ref()
        .and_then(|report| match report.state {
            DeliveryState::Moved
            | DeliveryState::Stale
            | DeliveryState::Foreign
            | DeliveryState::Unreadable => Some(format!(
                "! {address}: {} at {}: {}",
                report.state,
                report.place,
                report.detail.as_deref().unwrap_or_default()
            )),
            DeliveryState::Delivered
            | DeliveryState::Missing
            | DeliveryState::NotAsked
            | DeliveryState::WriteOnly
            | DeliveryState::Unknown => None,
        });
    let next = token.next.map(|(action, reason)| {
        format!(
            "> {address}: the next apply will {action} it: {}",
            reason.text()
        )
    });
    of_check.or(of_standing).or(of_delivery).or(next)
}

//! The checks and the least access, as people read them.

use super::access::{AccessDocument, NeedsDocument};
use super::document::{Check, CheckState};
use crate::count::counted;
use crate::terminal::Layout;
use crate::terminal::line::Line;
use crate::terminal::tone::Tone;
use model::visible;
use std::fmt::Write as _;

/// How wide the column of the states is.
const STATE: usize = 13;
/// How wide the column of the names is.
const NAME: usize = 20;
/// How much room there has to be beside both.
const LEAST_ROOM: usize = 36;
/// How far lines of their own are indented.
const INDENT: usize = 4;

/// The checks, one after the other, and how many came out how, as wide as the layout.
pub fn doctor_text(checks: &[Check], layout: Layout<'_>) -> String {
    let mut text = String::new();
    let column = STATE + NAME;
    for check in checks {
        let Check {
            name,
            state,
            tried,
            found,
            help,
        } = check;
        let (state, name) = (word(*state), name.words());
        let first = format!("{state:<STATE$}{name:<NAME$}");
        // Where that leaves little room, what was found has lines of its own.
        let (first, below) = if layout.width < column + LEAST_ROOM {
            let _ = writeln!(text, "{}", first.trim_end());
            (" ".repeat(INDENT), INDENT)
        } else {
            (first, column)
        };
        put(&mut text, &first, below, found, layout);
        let more = |text: &mut String, label: &str, value: &str| {
            let label = format!("{:below$}{label}: ", "");
            put(text, &label, label.len(), value, layout);
        };
        match check.state {
            CheckState::Ok => {}
            CheckState::Warning | CheckState::Failed | CheckState::NotChecked => {
                if check.state == CheckState::Failed {
                    more(&mut text, "tried", tried);
                }
                if let Some(help) = help {
                    more(&mut text, "help", help);
                }
            }
        }
    }
    let counts: Vec<String> = [
        CheckState::Failed,
        CheckState::Warning,
        CheckState::NotChecked,
        CheckState::Ok,
    ]
    .into_iter()
    .filter_map(|state| {
        let count = checks.iter().filter(|check| check.state == state).count();
        (count > 0).then(|| match state {
            CheckState::Warning => counted(count, "warning"),
            CheckState::Failed | CheckState::NotChecked | CheckState::Ok => {
                format!("{count} {}", word(state).to_lowercase())
            }
        })
    })
    .collect();
    text.push('\n');
    let counts = counts.join(", ");
    Line::new()
        .text(
            Tone::Plain,
            format!("{}: {counts}", counted(checks.len(), "check")),
        )
        .write(&mut text, layout);
    text
}

/// The state as a word that needs no color.
fn word(state: CheckState) -> &'static str {
    match state {
        CheckState::Ok => "ok",
        CheckState::Warning => "warning",
        CheckState::Failed => "FAILED",
        CheckState::NotChecked => "not checked",
    }
}

/// Text of a tenant or a program, whose further lines are below the first.
fn put(text: &mut String, first: &str, below: usize, words: &str, layout: Layout<'_>) {
    let mut lead = first.to_owned();
    for line in words.lines() {
        Line::new()
            .lead(Tone::Plain, std::mem::take(&mut lead))
            .text(Tone::Plain, visible(line.trim()))
            .write(text, layout);
        lead = " ".repeat(below);
    }
    if words.is_empty() {
        let _ = writeln!(text, "{}", first.trim_end());
    }
}

/// The least access, ready to be typed into ISC.
pub fn access_text(access: &AccessDocument) -> String {
    let AccessDocument {
        plan,
        apply,
        issuer_scopes,
    } = access;
    let mut text = String::new();
    needs(&mut text, "To plan", plan);
    text.push('\n');
    needs(&mut text, "To plan and apply", apply);
    if !issuer_scopes.is_empty() {
        text.push_str("\nIssuer token of each account\n");
        list(&mut text, "scopes", issuer_scopes);
    }
    text.truncate(text.trim_end().len());
    text
}

fn needs(text: &mut String, title: &str, needs: &NeedsDocument) {
    let NeedsDocument {
        user_levels,
        scopes,
        helpful,
        calls: _,
    } = needs;
    let _ = writeln!(text, "{title}");
    list(text, "user level of the token's owner", user_levels);
    list(text, "scopes", scopes);
    if !helpful.is_empty() {
        let _ = writeln!(text, "  not needed, but helpful");
        for more in helpful {
            let _ = writeln!(text, "    {}  {}", more.scope, more.why);
        }
    }
}

fn list(text: &mut String, label: &str, names: &[String]) {
    let _ = writeln!(text, "  {label}");
    if names.is_empty() {
        let _ = writeln!(text, "    none");
    }
    for name in names {
        let _ = writeln!(text, "    {name}");
    }
}

//! The checks and the least access, as people read them.

use super::access::{AccessDocument, NeedsDocument};
use super::document::{Check, CheckState};
use crate::count::counted;
use model::visible;
use std::fmt::Write as _;

/// How wide the column of the states is.
const STATE: usize = 13;
/// How wide the column of the names is.
const NAME: usize = 20;

/// The checks, one after the other, and how many came out how.
pub fn doctor_text(checks: &[Check]) -> String {
    let mut text = String::new();
    for check in checks {
        let Check {
            name,
            state,
            tried,
            found,
            help,
        } = check;
        let (state, name) = (word(*state), name.words());
        let _ = writeln!(text, "{state:<STATE$}{name:<NAME$}{}", indented(found));
        let mut more = |label: &str, value: &str| {
            let _ = writeln!(
                text,
                "{:width$}{label}: {}",
                "",
                indented(value),
                width = STATE + NAME
            );
        };
        match check.state {
            CheckState::Ok => {}
            CheckState::Warning | CheckState::Failed | CheckState::NotChecked => {
                if check.state == CheckState::Failed {
                    more("tried", tried);
                }
                if let Some(help) = help {
                    more("help", help);
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
    let _ = write!(
        text,
        "\n{}: {}",
        counted(checks.len(), "check"),
        counts.join(", ")
    );
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

/// Text of a tenant or a program, whose further lines stand below the first.
fn indented(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| visible(line.trim())).collect();
    lines.join(&format!("\n{:width$}", "", width = STATE + NAME))
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

//! `steersman scopes`: least privilege, answered offline from the catalogue.

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use catalog::{CallNeeds, Least, Operation, Verdict};
use clap::{Args, Subcommand, ValueEnum};
use comfy_table::{ContentArrangement, Table, presets};
use owo_colors::OwoColorize;
use render::counted;
use serde::Serialize;
use std::fmt::Write as _;

/// Answer questions about scopes, offline
#[derive(Debug, Args)]
pub(crate) struct Scopes {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// Which scopes and user levels are the least that suffice for these calls?
    For(For),
    /// What does a scope open, and to whom?
    Explain(Explain),
    /// Which scopes are there?
    List(List),
}

#[derive(Debug, Args)]
struct For {
    /// A method and a path, such as "POST /search/v1" or "GET /sources/v1/{id}",
    /// or an operation's id, such as listSourcesV1
    #[arg(value_name = "CALL", required = true)]
    calls: Vec<String>,
    /// A user level that the account has (repeatable): say which calls it may not make
    #[arg(long = "level", value_name = "LEVEL")]
    levels: Vec<String>,
    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct Explain {
    /// The scope, such as sp:search:read
    #[arg(value_name = "SCOPE")]
    scope: String,
    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct List {
    /// Only scopes with this text in their name
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    /// How to answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a person
    Text,
    /// For a program
    Json,
}

impl Scopes {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let text = match &self.question {
            Question::For(question) => {
                let answer = Answer::new(&question.calls, &question.levels)?;
                match question.format {
                    Format::Text => answer.text(),
                    Format::Json => json(&answer)?,
                }
            }
            Question::Explain(question) => {
                let explanation = explain(&question.scope)?;
                match question.format {
                    Format::Text => explanation.text(),
                    Format::Json => json(&explanation)?,
                }
            }
            Question::List(question) => {
                let entries = list(question.text.as_deref().unwrap_or_default());
                match question.format {
                    Format::Text => list_text(&entries),
                    Format::Json => json(&entries)?,
                }
            }
        };
        output.data(&text);
        Ok(Exit::Done)
    }
}

/// The least that suffices for some calls.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    scopes: Vec<&'static str>,
    /// Null where no levels that may be held together allow all the calls.
    levels: Option<Vec<&'static str>>,
    /// Whether it is certain that nothing less suffices.
    proven: bool,
    /// Calls that were written for an older version of the API.
    older: Vec<OlderCall>,
    calls: Vec<AnsweredCall>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OlderCall {
    written: String,
    today: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AnsweredCall {
    #[serde(flatten)]
    operation: ShownOperation,
    scope: Option<&'static str>,
    other_scopes: Vec<&'static str>,
    level: Option<&'static str>,
    other_levels: Vec<&'static str>,
    /// Whether the levels that were given allow it: yes, no or unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<&'static str>,
}

impl Answer {
    fn new(calls: &[String], held: &[String]) -> Result<Self, Failure> {
        let (operations, older) = find_all(calls)?;
        let Least {
            scopes,
            levels,
            proven,
            calls,
        } = catalog::least_scopes(&operations);
        let answered = |needs: CallNeeds| AnsweredCall {
            operation: ShownOperation::new(needs.operation),
            scope: needs.scope,
            other_scopes: needs.other_scopes,
            level: needs.level,
            other_levels: needs.other_levels,
            allowed: (!held.is_empty()).then(|| match catalog::may_call(needs.operation, held) {
                Verdict::Yes => "yes",
                Verdict::No => "no",
                Verdict::Unknown => "unknown",
            }),
        };
        Ok(Self {
            scopes,
            levels,
            proven,
            older,
            calls: calls.into_iter().map(answered).collect(),
        })
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let levels = match &self.levels {
            None => "no levels that may be held together; split the calls over several accounts"
                .to_owned(),
            Some(levels) if levels.is_empty() => "none".to_owned(),
            Some(levels) => levels.join(", "),
        };
        let _ = writeln!(text, "{} {}", "scopes:".bold(), self.scopes.join(", "));
        let _ = writeln!(text, "{} {levels}\n", "levels:".bold());
        let held = self.calls.iter().any(|call| call.allowed.is_some());
        let mut table = table(&["CALL", "OPENED BY", "LEVEL"]);
        if held {
            table.set_header(["CALL", "OPENED BY", "LEVEL", "ALLOWED"]);
        }
        for call in &self.calls {
            let level = call.level.unwrap_or_else(|| call.operation.without_level());
            let scope = call.scope.unwrap_or("any token");
            let mut row = vec![
                call.operation.call.clone(),
                scope.to_owned(),
                level.to_owned(),
            ];
            row.extend(call.allowed.map(str::to_owned));
            table.add_row(row);
        }
        let _ = writeln!(text, "{}", table.trim_fmt());
        let mut notes = Vec::new();
        if self.scopes.contains(&catalog::SCOPE_ALL) {
            notes.push(
                "only sp:scopes:all opens one of these calls; give that call a token of its own"
                    .to_owned(),
            );
        }
        if self.scopes == [catalog::SCOPE_DEFAULT] {
            notes.push(
                "without any scope a token would get sp:scopes:all, so it names sp:scopes:default"
                    .to_owned(),
            );
        }
        if !self.proven {
            notes.push("there are so many calls that a smaller set may exist".to_owned());
        }
        if self
            .levels
            .iter()
            .flatten()
            .any(|level| level.ends_with("_SUBADMIN"))
        {
            notes.push(
                "a sub-admin reaches only the sources or roles that it is made responsible for"
                    .to_owned(),
            );
        }
        notes.extend(self.older.iter().map(|older| {
            format!(
                "\"{}\" is written for an older version of the API, which ends in 2029; today it is {}",
                older.written, older.today
            )
        }));
        notes.extend(self.calls.iter().flat_map(|call| call.operation.notes()));
        if !notes.is_empty() {
            text.push('\n');
        }
        for note in notes {
            let _ = writeln!(text, "{} {note}", "note:".cyan());
        }
        text
    }
}

/// Finds every call, or says of all that are unknown what they may have meant.
fn find_all(calls: &[String]) -> Result<(Vec<&'static Operation>, Vec<OlderCall>), Failure> {
    let mut operations = Vec::new();
    let mut older = Vec::new();
    let mut unknown = Vec::new();
    let mut suggestions = Vec::new();
    for text in calls {
        match catalog::find_call(text) {
            Ok(call) => {
                operations.push(call.operation);
                older.extend(call.older_root.map(|_| OlderCall {
                    written: text.clone(),
                    today: call.operation.to_string(),
                }));
            }
            Err(error) => {
                unknown.push(error.to_string());
                suggestions.extend(
                    catalog::suggest_call(text)
                        .first()
                        .map(|meant| format!("\"{meant}\"")),
                );
            }
        }
    }
    if unknown.is_empty() {
        return Ok((operations, older));
    }
    suggestions.dedup();
    Err(Failure::Usage {
        message: unknown.join("; "),
        help: did_you_mean(&suggestions).unwrap_or_else(|| {
            "write a call as SailPoint's API reference does, such as \"GET /sources/v1/{id}\""
                .to_owned()
        }),
    })
}

/// A scope and what it is good for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Explanation {
    scope: &'static str,
    operations: Vec<ShownOperation>,
    /// How many of the operations any user may call.
    any_user: usize,
    levels: Vec<ShownShare>,
    implies: Vec<&'static str>,
    implied_by: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownShare {
    level: &'static str,
    operations: u32,
}

fn explain(scope: &str) -> Result<Explanation, Failure> {
    let explained = catalog::explain_scope(scope).ok_or_else(|| Failure::Usage {
        message: format!("no public operation of ISC names the scope \"{scope}\""),
        help: did_you_mean(&catalog::suggest_scope(scope))
            .unwrap_or_else(|| "`steersman scopes list` shows all of them".to_owned()),
    })?;
    Ok(Explanation {
        scope: explained.scope,
        operations: explained
            .opens
            .into_iter()
            .map(ShownOperation::new)
            .collect(),
        any_user: explained.any_user,
        levels: explained
            .levels
            .into_iter()
            .map(|share| ShownShare {
                level: share.level,
                operations: share.operations,
            })
            .collect(),
        implies: explained.implies,
        implied_by: explained.implied_by,
    })
}

impl Explanation {
    fn text(&self) -> String {
        let mut text = String::new();
        let count = counted(self.operations.len(), "operation");
        let _ = writeln!(text, "{} opens {count}", self.scope.bold());
        let mut shares: Vec<String> = Vec::new();
        if self.any_user > 0 {
            shares.push(format!("any user {}", self.any_user));
        }
        shares.extend(
            self.levels
                .iter()
                .map(|share| format!("{} {}", share.level, share.operations)),
        );
        let _ = writeln!(text, "who may call them: {}", shares.join(", "));
        if !self.implied_by.is_empty() {
            let _ = writeln!(text, "superfluous beside: {}", self.implied_by.join(", "));
        }
        if !self.implies.is_empty() {
            let _ = writeln!(text, "makes superfluous: {}", self.implies.join(", "));
        }
        let _ = write!(text, "\n{}", operations_text(&self.operations));
        text
    }
}

/// A scope in the list of all.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    scope: &'static str,
    operations: usize,
    /// How many of the operations change something.
    changes: usize,
    /// How many of the operations any user may call.
    any_user: usize,
}

fn list(text: &str) -> Vec<Entry> {
    let text = text.to_lowercase();
    catalog::scopes()
        .filter(|scope| scope.to_lowercase().contains(&text))
        .filter_map(catalog::explain_scope)
        .map(|explained| Entry {
            scope: explained.scope,
            operations: explained.opens.len(),
            changes: explained
                .opens
                .iter()
                .filter(|operation| !operation.reads())
                .count(),
            any_user: explained.any_user,
        })
        .collect()
}

fn list_text(entries: &[Entry]) -> String {
    let mut table = table(&["SCOPE", "OPERATIONS", "CHANGES", "ANY USER"]);
    for entry in entries {
        table.add_row([
            entry.scope.to_owned(),
            entry.operations.to_string(),
            entry.changes.to_string(),
            entry.any_user.to_string(),
        ]);
    }
    format!(
        "{}\n\n{}",
        table.trim_fmt(),
        counted(entries.len(), "scope")
    )
}

/// An operation as the answers show it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact of the catalogue"
)]
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownOperation {
    call: String,
    id: &'static str,
    scopes: &'static [&'static str],
    levels: &'static [&'static str],
    any_user: bool,
    application_auth: bool,
    experimental: bool,
    deprecated: bool,
    scopes_unstated: bool,
    levels_unstated: bool,
}

impl ShownOperation {
    pub(super) fn new(operation: &'static Operation) -> Self {
        Self {
            call: operation.to_string(),
            id: operation.id,
            scopes: operation.scopes,
            levels: operation.levels,
            any_user: operation.levels.is_empty(),
            application_auth: operation.application_auth,
            experimental: operation.experimental,
            deprecated: operation.deprecated,
            scopes_unstated: operation.scopes_unstated,
            levels_unstated: operation.levels_unstated,
        }
    }

    /// What stands for the level of a call that has none.
    fn without_level(&self) -> &'static str {
        match (self.levels_unstated, self.any_user) {
            (true, _) => "not stated",
            (false, true) => "any user",
            (false, false) => "none fits",
        }
    }

    fn notes(&self) -> Vec<String> {
        let call = &self.call;
        let mut notes = Vec::new();
        if self.scopes_unstated {
            notes.push(format!(
                "SailPoint's description says nothing about the security of {call}, so try it"
            ));
        } else if self.levels_unstated {
            notes.push(format!(
                "SailPoint's description names no user level for {call}; it may need one"
            ));
        }
        if self.experimental {
            notes.push(format!(
                "{call} is experimental: send the header X-SailPoint-Experimental: true"
            ));
        }
        if self.deprecated {
            notes.push(format!("{call} is deprecated"));
        }
        notes
    }
}

/// Operations with who may call them.
pub(super) fn operations_text(operations: &[ShownOperation]) -> String {
    let mut table = table(&["CALL", "LEVELS"]);
    for operation in operations {
        let levels = match operation.levels {
            [] => operation.without_level().to_owned(),
            levels => levels.join(", "),
        };
        table.add_row([operation.call.clone(), levels]);
    }
    table.trim_fmt()
}

/// A table without lines, as wide as the terminal.
pub(super) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    table
}

/// The answer as JSON, indented.
pub(super) fn json(answer: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(answer).map_err(|error| Failure::Internal {
        message: "the answer could not be written as JSON".to_owned(),
        source: Box::new(error),
    })
}

/// A question back, where something near is known.
pub(super) fn did_you_mean(suggestions: &[impl AsRef<str>]) -> Option<String> {
    let names: Vec<&str> = suggestions.iter().map(AsRef::as_ref).collect();
    (!names.is_empty()).then(|| format!("did you mean {}?", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn the_least_for_some_calls() {
        let held = calls(&["HELPDESK"]);
        let answer = Answer::new(&calls(&["POST /search/v1", "listSourcesV1"]), &held).unwrap();
        let value = serde_json::to_value(&answer).unwrap();
        assert_eq!(
            value["scopes"],
            serde_json::json!(["idn:sources:read", "sp:search:read"])
        );
        assert_eq!(value["calls"][0]["call"], "POST /search/v1");
        assert_eq!(value["calls"][0]["allowed"], "no");
        let text = anstream::adapter::strip_str(&answer.text()).to_string();
        assert!(
            text.starts_with("scopes: idn:sources:read, sp:search:read\nlevels: "),
            "{text}"
        );
    }

    #[test]
    fn every_unknown_call_is_named() {
        let failure = Answer::new(
            &calls(&["GET /soruces/v1", "listSources", "POST /search/v1"]),
            &[],
        )
        .unwrap_err();
        assert_eq!(failure.exit(), Exit::Usage);
        let message = failure.to_string();
        assert!(
            message.contains("/soruces/v1") && message.contains("listSources"),
            "{message}"
        );
    }

    #[test]
    fn scopes_are_explained_and_listed() {
        assert_eq!(
            explain("sp:report:read").unwrap().implied_by,
            ["sp:report:manage"]
        );
        assert!(
            explain("sp:report:reed")
                .unwrap_err()
                .to_string()
                .contains("sp:report:reed")
        );
        let names: Vec<&str> = list("REPORT:").iter().map(|entry| entry.scope).collect();
        assert_eq!(
            names,
            [
                "idn:campaign-report:manage",
                "idn:campaign-report:read",
                "idn:identity-direct-report:read",
                "sp:report:manage",
                "sp:report:read"
            ]
        );
        assert_eq!(list("").len(), catalog::scopes().len());
    }
}

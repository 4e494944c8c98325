//! Prints the least scopes for calls as text, with notes.

use super::least::{Answer, OlderCall};
use crate::answers::{OperationNote, table};
use owo_colors::OwoColorize;
use std::fmt::{self, Write as _};

impl Answer {
    /// The answer for people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let levels = match &self.levels {
            None => {
                "none that one account can hold together; split the calls over several accounts"
                    .to_owned()
            }
            Some(levels) if levels.is_empty() => "none".to_owned(),
            Some(levels) => levels.join(", "),
        };
        let _ = writeln!(text, "{} {}", "scopes:".bold(), self.scopes.join(", "));
        let _ = writeln!(text, "{} {levels}\n", "levels:".bold());
        let held = self.calls.iter().any(|call| call.allowed.is_some());
        let mut table = table(&["CALL", "SCOPE", "LEVEL"]);
        if held {
            table.set_header(["CALL", "SCOPE", "LEVEL", "ALLOWED"]);
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
        let notes = self.notes();
        if !notes.is_empty() {
            text.push('\n');
        }
        for note in notes {
            let _ = writeln!(text, "{} {note}", "note:".cyan());
        }
        text
    }

    /// What a reader must know about the answer.
    fn notes(&self) -> Vec<Note<'_>> {
        let mut notes = Vec::new();
        if self.scopes.contains(&catalog::SCOPE_ALL) {
            notes.push(Note::NeedsAllScopes);
        }
        if self.scopes == [catalog::SCOPE_DEFAULT] {
            notes.push(Note::NeedsNoScope);
        }
        if !self.proven {
            notes.push(Note::NotProven);
        }
        if self
            .levels
            .iter()
            .flatten()
            .any(|level| level.ends_with("_SUBADMIN"))
        {
            notes.push(Note::SubAdmin);
        }
        notes.extend(self.older.iter().map(Note::OlderCall));
        let calls = self.calls.iter();
        notes.extend(
            calls
                .flat_map(|call| call.operation.notes())
                .map(Note::Operation),
        );
        notes
    }
}

/// A note on an answer.
#[derive(Debug)]
enum Note<'a> {
    /// Only `sp:scopes:all` allows one of the calls.
    NeedsAllScopes,
    /// No call needs a scope.
    NeedsNoScope,
    /// A smaller set is not ruled out.
    NotProven,
    /// A level applies only to objects that the account is responsible for.
    SubAdmin,
    /// A call in the form of an older API version.
    OlderCall(&'a OlderCall),
    /// A note on one of the calls.
    Operation(OperationNote<'a>),
}

impl fmt::Display for Note<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedsAllScopes => formatter.write_str(
                "one of these calls needs sp:scopes:all; give that call a token of its own",
            ),
            Self::NeedsNoScope => formatter.write_str(
                "no call needs a scope; sp:scopes:default is named because a token without scopes gets sp:scopes:all",
            ),
            Self::NotProven => {
                formatter.write_str("a smaller set may exist: there are too many calls to check all sets")
            }
            Self::SubAdmin => formatter.write_str(
                "a sub-admin reaches only the sources or roles that are assigned to it",
            ),
            Self::OlderCall(OlderCall { written, today }) => write!(
                formatter,
                "\"{written}\" is a call of an older API version, which ends in 2029; use {today}"
            ),
            Self::Operation(note) => note.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn the_answer_begins_with_scopes_and_levels() {
        let calls = ["POST /search/v1", "listSourcesV1"].map(str::to_owned);
        let answer = Answer::new(&calls, &["HELPDESK".to_owned()]).unwrap();
        let text = anstream::adapter::strip_str(&answer.text()).to_string();
        assert!(
            text.starts_with("scopes: idn:sources:read, sp:search:read\nlevels: "),
            "{text}"
        );
    }
}

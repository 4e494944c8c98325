//! Shape of an account's change: what accounts have in common that a plan combines.

use super::field::{FieldChange, FieldView};
use super::row::{RowKind, RowView};
use super::waiting::{PLACEHOLDER, replaced, with_placeholder};
use model::Action;

/// The kind of change that an account meets. Two accounts of the same shape are
/// alike in all that decides what they may do and who can act as them: actions, user
/// levels, scopes, whether tokens expire, email addresses and destinations of
/// secrets. They differ in names, texts and dates; a name in an address or a
/// destination may differ with them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shape {
    pub(super) lines: Vec<ShapeLine>,
    /// Whether all of it is blocked, so the plan changes nothing.
    pub(super) blocked: bool,
}

/// The steps of an account, without what they give.
pub(crate) type Outline<'a> = (bool, Vec<(&'static str, &'a str)>);

/// One line of what accounts have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ShapeLine {
    pub(crate) mark: &'static str,
    pub(crate) label: String,
    /// What each of them gets or is blocked by; empty where that differs.
    pub(crate) text: String,
}

impl Shape {
    /// The shape of what is always shown by itself.
    pub(crate) fn alone() -> Self {
        Self {
            lines: Vec::new(),
            blocked: false,
        }
    }

    /// The shape of an account's lines. What is irreversible, and an email address
    /// that changes, is always shown by itself.
    pub(crate) fn of(rows: &[RowView], key: &str, name: &str) -> Self {
        if rows.iter().any(|row| row.destructive || moves_mail(row)) {
            return Self::alone();
        }
        let mut lines: Vec<ShapeLine> = rows.iter().map(|row| line(row, key, name)).collect();
        lines.dedup();
        Self {
            blocked: rows.iter().all(|row| row.kind == RowKind::Blocked),
            lines,
        }
    }

    /// Whether accounts of this shape may be combined.
    pub(crate) fn is_common(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Whether everything of an account of this shape is blocked.
    pub(crate) fn is_blocked(&self) -> bool {
        self.is_common() && self.blocked
    }

    /// Its steps, without what they give.
    pub(crate) fn outline(&self) -> Outline<'_> {
        let lines = self.lines.iter();
        let steps = lines.map(|line| (line.mark, line.label.as_str())).collect();
        (self.blocked, steps)
    }

    /// What they have in common.
    pub(crate) fn lines(&self) -> &[ShapeLine] {
        &self.lines
    }
}

fn line(row: &RowView, key: &str, name: &str) -> ShapeLine {
    let rest = row.label.strip_prefix("token ").unwrap_or("");
    let own = Own {
        key,
        name,
        token: rest,
    };
    let text = if row.kind == RowKind::Blocked {
        with_placeholder(&with_placeholder(&row.note, name), rest)
    } else {
        // Why a token is rotated, or something deleted, is said of each that is alike, too.
        let why = match row.kind {
            RowKind::Step(Action::Replace | Action::Delete) if !row.note.is_empty() => {
                Some(own.in_place(&row.note))
            }
            RowKind::Step(_) | RowKind::Import | RowKind::Blocked | RowKind::Unmanaged => None,
        };
        let powers = row.fields.iter().filter_map(|field| power(field, &own));
        why.into_iter()
            .chain(powers)
            .collect::<Vec<_>>()
            .join(" · ")
    };
    ShapeLine {
        mark: row.kind.mark(),
        label: kind_of_label(&row.label).to_owned(),
        text,
    }
}

/// The label of a row without the name of its token.
pub(super) fn kind_of_label(label: &str) -> &str {
    match label.split_once(' ') {
        Some(("token", _)) => "token",
        _ => label,
    }
}

/// When the token of a row ends that is replaced.
pub(super) fn end_of_replaced(row: &RowView) -> Option<&str> {
    let is_replaced = row.kind == RowKind::Step(Action::Replace);
    let expires = row.fields.iter().find(|field| field.name == "expires")?;
    match &expires.change {
        FieldChange::Text(text) if is_replaced && text.before != "never" => {
            Some(text.before.as_str())
        }
        FieldChange::Text(_)
        | FieldChange::Set(_)
        | FieldChange::Gone(_)
        | FieldChange::List { .. }
        | FieldChange::Pairs(_) => None,
    }
}

/// When the token of a row is to end, and when it ended before, where it did; none where it
/// never ends.
pub(super) fn new_end(row: &RowView) -> Option<(Option<&str>, &str)> {
    let expires = row.fields.iter().find(|field| field.name == "expires")?;
    let (before, after) = match &expires.change {
        FieldChange::Text(text) => (Some(text.before.as_str()), text.after.as_str()),
        FieldChange::Set(ends) => (None, ends.first()?.as_str()),
        FieldChange::Gone(_) | FieldChange::List { .. } | FieldChange::Pairs(_) => return None,
    };
    (after != "never").then_some((before.filter(|before| *before != "never"), after))
}

/// The names of an account and of a token of its own.
struct Own<'a> {
    key: &'a str,
    name: &'a str,
    token: &'a str,
}

impl Own<'_> {
    /// A text with a placeholder for each of them.
    fn in_place(&self, text: &str) -> String {
        let is_word = char::is_alphanumeric;
        let text = replaced(text, self.token, "TOKEN", is_word);
        let text = replaced(&text, self.name, PLACEHOLDER, is_word);
        replaced(&text, self.key, PLACEHOLDER, is_word)
    }
}

/// What of a field decides what an account may do, or who can act as it.
fn power(field: &FieldView, own: &Own<'_>) -> Option<String> {
    match field.name.as_str() {
        "userLevels" | "scopes" => Some(powers(&field.change)),
        "deliver" => Some(format!(
            "delivered to {}",
            own.in_place(&powers(&field.change))
        )),
        "accessTokenValidity" => Some(format!("accessTokenValidity {}", powers(&field.change))),
        "expires" => lifetime(&field.change),
        name if has_address(&field.change) => {
            Some(format!("{name} {}", own.in_place(&powers(&field.change))))
        }
        _ => None,
    }
}

/// Whether a token ends, where it does not or did not. Dates differ.
fn lifetime(change: &FieldChange) -> Option<String> {
    let end = |text: &str| {
        if text == "never" {
            "never"
        } else {
            "on a date"
        }
    };
    match change {
        FieldChange::Set(ends) if ends.iter().any(|text| text == "never") => {
            Some("expires never".to_owned())
        }
        FieldChange::Text(text) if text.before == "never" || text.after == "never" => Some(
            format!("expires {} → {}", end(&text.before), end(&text.after)),
        ),
        FieldChange::Set(_)
        | FieldChange::Gone(_)
        | FieldChange::Text(_)
        | FieldChange::List { .. }
        | FieldChange::Pairs(_) => None,
    }
}

/// Whether an email address of an account becomes another one.
fn moves_mail(row: &RowView) -> bool {
    let is_update = match row.kind {
        RowKind::Step(Action::Update | Action::Replace | Action::Run) => true,
        RowKind::Step(Action::Create | Action::Delete)
        | RowKind::Import
        | RowKind::Blocked
        | RowKind::Unmanaged => false,
    };
    let changes = |field: &FieldView| match &field.change {
        FieldChange::Set(_) => false,
        FieldChange::Gone(_)
        | FieldChange::Text(_)
        | FieldChange::List { .. }
        | FieldChange::Pairs(_) => has_address(&field.change),
    };
    is_update && row.fields.iter().any(changes)
}

fn has_address(change: &FieldChange) -> bool {
    let any = |values: &[String]| values.iter().any(|value| value.contains('@'));
    match change {
        FieldChange::Set(values) | FieldChange::Gone(values) => any(values),
        FieldChange::Text(text) => text.before.contains('@') || text.after.contains('@'),
        FieldChange::List {
            added,
            removed,
            kept: _,
        } => any(added) || any(removed),
        FieldChange::Pairs(fields) => fields.iter().any(|field| has_address(&field.change)),
    }
}

/// What an account may do afterwards, and no longer.
fn powers(change: &FieldChange) -> String {
    match change {
        FieldChange::Set(items) => items.join(", "),
        FieldChange::Gone(items) => format!("without {}", items.join(", ")),
        FieldChange::Text(text) => format!("{} → {}", text.before, text.after),
        FieldChange::List {
            added,
            removed,
            kept,
        } => {
            let mut parts: Vec<String> = added.iter().map(|item| format!("+{item}")).collect();
            parts.extend(removed.iter().map(|item| format!("-{item}")));
            parts.extend(kept.iter().cloned());
            parts.join(" ")
        }
        FieldChange::Pairs(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;
    use crate::view::row::RowView;
    use model::{Action, Address, Fields, Step};
    use serde_json::{Value, json};

    fn shape(name: &str, before: Value, after: Value) -> Shape {
        let fields = |value: Value| -> Option<Fields> { serde_json::from_value(value).ok() };
        let step = Step {
            action: if before.is_null() {
                Action::Create
            } else {
                Action::Update
            },
            before: fields(before),
            after: fields(after),
            ..crate::testing::step(Address::Token(name.into(), "report".into()))
        };
        Shape::of(&[RowView::of_step(&step, false)], name, name)
    }

    #[test]
    fn what_decides_who_can_act_as_an_account_is_never_combined() {
        let expected = shape(
            "audit01",
            Value::Null,
            json!({"scopes": ["idn:sources:read"], "expires": "2026-12-01", "deliver": "local:audit01/report", "e-mail": "svc-audit01@example.com", "purpose": "one"}),
        );
        for (what, alike, after) in [
            (
                "names, texts and dates",
                true,
                json!({"scopes": ["idn:sources:read"], "expires": "2027-01-01", "deliver": "local:audit02/report", "e-mail": "svc-audit02@example.com", "purpose": "two"}),
            ),
            (
                "another scope",
                false,
                json!({"scopes": ["sp:scopes:all"], "expires": "2026-12-01", "deliver": "local:audit02/report", "e-mail": "svc-audit02@example.com"}),
            ),
            (
                "a token that never expires",
                false,
                json!({"scopes": ["idn:sources:read"], "expires": "never", "deliver": "local:audit02/report", "e-mail": "svc-audit02@example.com"}),
            ),
            (
                "another mailbox",
                false,
                json!({"scopes": ["idn:sources:read"], "expires": "2026-12-01", "deliver": "local:audit02/report", "e-mail": "mallory@example.com"}),
            ),
            (
                "another domain",
                false,
                json!({"scopes": ["idn:sources:read"], "expires": "2026-12-01", "deliver": "local:audit02/report", "e-mail": "svc-audit02@evil.example"}),
            ),
            (
                "another key of the store",
                false,
                json!({"scopes": ["idn:sources:read"], "expires": "2026-12-01", "deliver": "local:public/audit02", "e-mail": "svc-audit02@example.com"}),
            ),
        ] {
            assert_eq!(
                shape("audit02", Value::Null, after) == expected,
                alike,
                "{what}"
            );
        }
        let moved = shape(
            "audit02",
            json!({"e-mail": "svc-audit02@example.com"}),
            json!({"e-mail": "mallory@example.com"}),
        );
        assert!(!moved.is_common(), "an address that changes");
    }
}

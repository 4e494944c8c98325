//! JSON Schemas of values whose Rust type is wider than what an editor offers.

use crate::decode::{or_variable, text_schema};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Declares a schema that has no Rust type of its own.
macro_rules! schema_only {
    ($($(#[$meta:meta])* $name:ident = $schema:expr;)*) => {$(
        $(#[$meta])*
        pub(crate) enum $name {}

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

schema_only! {
    /// `true`, `false`, or a variable.
    Truth = or_variable(&json_schema!({"type": "boolean"}));
    /// A list of user levels: the documented ones are offered with their names, and
    /// custom levels of the tenant are allowed.
    UserLevels = open_list(catalog::user_levels().iter().map(|level| (level.id, about_level(level))));
    /// A list of scopes: those of the catalog are offered with what they allow, and
    /// others are allowed.
    Scopes = open_list(catalog::scopes().map(|scope| (scope, about_scope(scope))));
    /// A list of names of environment variables.
    VariableNames = json_schema!({
        "type": "array",
        "items": {"type": ["string", "boolean"], "pattern": r"^[A-Za-z_][A-Za-z0-9_]*$|\$\{"},
    });
    /// The program of a Vault store.
    VaultPrograms = json_schema!({
        "anyOf": [{"enum": ["vault", "bao"]}, {"type": "string", "pattern": r"\$\{"}],
    });
    /// A text that becomes the value of an option, and is none itself.
    Word = json_schema!({
        "type": ["string", "number", "boolean"],
        "minimum": 0,
        "pattern": r"^[^-\s]|^\s+\S",
    });
    /// `OWNER/NAME`, or with a host before it.
    Repository = json_schema!({
        "type": "string",
        "pattern": r"^[A-Za-z0-9_:][-A-Za-z0-9_.:]*(/[A-Za-z0-9_:][-A-Za-z0-9_.:]*){1,2}$|\$\{",
    });
    /// A list of calls: those of the catalog are offered, and others are allowed.
    Calls = calls();
}

/// A list in which an editor offers what is known, with a text about each.
fn open_list<'a>(known: impl IntoIterator<Item = (&'a str, String)>) -> Schema {
    let known: BTreeMap<&str, String> = known.into_iter().collect();
    let mut items: Vec<Value> = known
        .into_iter()
        .map(|(word, about)| json!({"const": word, "description": about}))
        .collect();
    items.push(text_schema().to_value());
    json_schema!({"type": "array", "items": {"anyOf": items}})
}

/// What an editor says of a level.
fn about_level(level: &catalog::UserLevel) -> String {
    let conflicts: Vec<&str> = catalog::incompatible_levels()
        .iter()
        .filter_map(|(one, other)| match level.id {
            id if id == *one => Some(*other),
            id if id == *other => Some(*one),
            _ => None,
        })
        .collect();
    let name = format!("User level {}.", level.name);
    match conflicts.as_slice() {
        [] => name,
        conflicts => format!("{name} Conflicts with {}.", conflicts.join(", ")),
    }
}

/// What an editor says of a scope.
fn about_scope(scope: &str) -> String {
    /// How many calls are named.
    const NAMED: usize = 3;
    let Some(explained) = catalog::explain_scope(scope) else {
        return String::new();
    };
    let number = explained.opens.len();
    let current = explained.opens.iter().filter(|call| !call.deprecated);
    let named: Vec<String> = current
        .take(NAMED)
        .map(|call| format!("`{call}`"))
        .collect();
    let mut text = match (number, named.as_slice()) {
        (0, _) => "Allows no call that ISC documents.".to_owned(),
        (1, _) => format!("Allows 1 call: {}.", named.join(", ")),
        (more, named) if more == named.len() => {
            format!("Allows {more} calls: {}.", named.join(", "))
        }
        (more, _) => format!("Allows {more} calls, such as {}.", named.join(", ")),
    };
    if number > 0 && explained.any_user == 0 && !explained.levels.is_empty() {
        let levels: Vec<&str> = explained.levels.iter().map(|share| share.level).collect();
        let levels = levels.get(..NAMED).unwrap_or(&levels).join(", ");
        let _ = write!(text, " Needs a user level, such as {levels}.");
    }
    if number > 0 && explained.opens.iter().all(|call| call.deprecated) {
        text.push_str(" SailPoint deprecates all of them.");
    }
    text
}

fn calls() -> Schema {
    let (old, new): (Vec<&catalog::Operation>, Vec<&catalog::Operation>) = catalog::operations()
        .iter()
        .partition(|call| call.deprecated);
    let names = |calls: &[&catalog::Operation]| -> Vec<String> {
        calls.iter().map(ToString::to_string).collect()
    };
    json_schema!({
        "type": "array",
        "items": {
            "anyOf": [
                {"enum": names(&new)},
                {
                    "enum": names(&old),
                    "deprecated": true,
                    "deprecationMessage": "SailPoint deprecates this call.",
                },
                text_schema().to_value(),
            ],
        },
    })
}

//! Keys of the spec, such as `serviceAccounts.tokens.rotate`, explained from its JSON Schema.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// How many values are listed; the scopes of ISC are more.
const LISTED: usize = 40;

/// The key of the accounts, whose keys are looked for first.
const ACCOUNTS: &str = "serviceAccounts";

/// The schema of the spec.
static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(spec::json_schema()).unwrap_or_default());

/// A key of the spec, with what its schema says.
#[derive(Clone, Debug)]
pub(super) struct Key {
    path: Vec<String>,
    /// The other paths at which it is the same.
    also: Vec<String>,
    schema: Value,
}

impl Key {
    /// The spec itself.
    fn of_spec() -> Self {
        Self {
            path: Vec::new(),
            also: Vec::new(),
            schema: SCHEMA.clone(),
        }
    }

    /// Finds a key by its path. Names of accounts, tokens and stores in the path are left
    /// out, as in `serviceAccounts.audit01.tokens.report.scopes`.
    ///
    /// # Errors
    /// Why the path is none, and which keys there are.
    pub(super) fn find(path: &str) -> Result<Self, String> {
        let mut key = Self::of_spec();
        for segment in path.split('.') {
            let segment = segment.trim_end_matches("[]");
            let object = key.object();
            if let Some(inner) = object["properties"].get(segment) {
                key.schema = inner.clone();
                key.path.push(segment.to_owned());
            } else if !key.path.is_empty() && key.is_named() {
                // The name of an element of a list, or of a map that people name.
                key.schema = key.element();
            } else {
                let keys: Vec<String> = key.keys().map(|(name, _)| name).collect();
                let place = if key.path.is_empty() {
                    "the spec".to_owned()
                } else {
                    format!("`{}`", key.path.join("."))
                };
                return Err(format!(
                    "{place} has no key `{segment}`; its keys are {}",
                    keys.join(", ")
                ));
            }
        }
        Ok(key)
    }

    /// The keys whose path ends so, such as `rotate.before`, those of accounts first. Keys that
    /// lead to the same, in `defaults` or `profiles`, are named beside the first of them.
    pub(super) fn ending(path: &str) -> Vec<Self> {
        let sought: Vec<&str> = path.split('.').collect();
        let mut found: Vec<Self> = Vec::new();
        Self::of_spec().collect(&sought, &mut found);
        found.sort_by_key(|key| (key.path[0] != ACCOUNTS, key.path.len()));
        let mut distinct: Vec<Self> = Vec::new();
        for key in found {
            match distinct.iter_mut().find(|one| one.schema == key.schema) {
                Some(same) => same.also.push(key.path.join(".")),
                None => distinct.push(key),
            }
        }
        distinct
    }

    /// The keys below this one whose path ends so.
    fn collect(&self, sought: &[&str], found: &mut Vec<Self>) {
        /// No key of the spec is deeper.
        const DEEPEST: usize = 6;
        let properties = match self.object()["properties"].take() {
            Value::Object(properties) => properties,
            _ => Map::new(),
        };
        for (name, schema) in properties {
            let mut inner = self.clone();
            inner.path.push(name);
            inner.schema = schema;
            let path = &inner.path;
            if path.len() > sought.len() && path[path.len() - sought.len()..] == *sought {
                found.push(inner.clone());
            }
            if inner.path.len() < DEEPEST {
                inner.collect(sought, found);
            }
        }
    }

    /// The names of all keys.
    pub(super) fn names() -> BTreeSet<String> {
        let mut found = Vec::new();
        Self::of_spec().collect(&[], &mut found);
        found
            .into_iter()
            .filter_map(|key| key.path.last().cloned())
            .collect()
    }

    /// The whole explanation.
    pub(super) fn text(&self) -> String {
        let mut text = self.path.join(".");
        if !self.also.is_empty() {
            let _ = write!(text, " (also {})", self.also.join(", "));
        }
        let own = self.schema["description"].as_str();
        let of_type = self.object();
        let of_type = of_type["description"].as_str();
        for description in own
            .into_iter()
            .chain(of_type.filter(|text| own != Some(*text)))
        {
            // The schema has its paragraphs broken as the source has them.
            let paragraphs: Vec<String> = description
                .split("\n\n")
                .map(|paragraph| paragraph.replace('\n', " "))
                .collect();
            let _ = write!(text, "\n\n{}", paragraphs.join("\n\n"));
        }
        let resolved = followed(&self.schema);
        for (label, value) in [
            ("Default", &resolved["default"]),
            ("Examples", &resolved["examples"]),
        ] {
            let shown = match value {
                Value::Null => continue,
                Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
                other => plain(other),
            };
            let _ = write!(text, "\n\n{label}: {shown}");
        }
        let values = self.values();
        if !values.is_empty() && values.len() <= LISTED {
            let _ = write!(text, "\n\nValues: {}", values.join(", "));
        } else if !values.is_empty() {
            let _ = write!(
                text,
                "\n\nValues: {} of them, in schemas/steersman.schema.json",
                values.len()
            );
        }
        let keys: Vec<(String, String)> = self.keys().collect();
        if !keys.is_empty() {
            text.push_str("\n\nKeys:");
            let width = keys
                .iter()
                .map(|(name, _)| name.len())
                .max()
                .unwrap_or_default();
            for (name, about) in keys {
                let _ = write!(text, "\n  {name:width$}  {about}");
            }
        }
        text
    }

    /// The keys below, each with the first sentence about it.
    fn keys(&self) -> impl Iterator<Item = (String, String)> {
        let properties = match self.object()["properties"].take() {
            Value::Object(properties) => properties,
            _ => Map::new(),
        };
        properties.into_iter().map(|(name, schema)| {
            let about = schema["description"].as_str().unwrap_or_default();
            let about = about.replace('\n', " ");
            let about = about
                .split_once(". ")
                .map_or(about.as_str(), |(first, _)| first);
            (name, about.trim_end_matches('.').to_owned())
        })
    }

    /// The values that are allowed here, or in the list that this is.
    fn values(&self) -> Vec<String> {
        let resolved = followed(&self.schema);
        let schema = match &resolved["items"] {
            Value::Null => resolved.clone(),
            items => followed(items),
        };
        let listed = schema["enum"].as_array().cloned().unwrap_or_default();
        let alternatives = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
        let constants = alternatives.into_iter().flatten();
        let constants = constants.filter_map(|one| one.get("const").cloned());
        listed
            .into_iter()
            .chain(constants)
            .map(|value| plain(&value))
            .collect()
    }

    /// Whether it holds elements that people name: a list of objects, or a map.
    fn is_named(&self) -> bool {
        let resolved = followed(&self.schema);
        resolved["items"].is_object() || resolved["additionalProperties"].is_object()
    }

    /// What the elements are.
    fn element(&self) -> Value {
        let resolved = followed(&self.schema);
        let element = match &resolved["items"] {
            Value::Null => &resolved["additionalProperties"],
            items => items,
        };
        element.clone()
    }

    /// The object that has the keys: itself, or an element of the list or map that it is.
    fn object(&self) -> Value {
        let resolved = followed(&self.schema);
        if resolved["properties"].is_object() {
            return resolved;
        }
        for inner in [&resolved["items"], &resolved["additionalProperties"]] {
            let inner = followed(inner);
            if inner["properties"].is_object() {
                return inner;
            }
        }
        resolved
    }
}

/// The schema without references. Of alternatives, the one that is an object.
fn followed(schema: &Value) -> Value {
    let mut schema = schema.clone();
    // No definition of the spec refers to itself this deep.
    for _ in 0..8 {
        let next = if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default();
            SCHEMA["definitions"].get(name).cloned()
        } else {
            let all = schema["allOf"]
                .as_array()
                .and_then(|all| all.first())
                .cloned();
            let mut any = schema["anyOf"].as_array().into_iter().flatten();
            all.or_else(|| any.find(|one| leads_on(one)).cloned())
        };
        let Some(next) = next else { break };
        schema = next;
    }
    schema
}

/// Whether an alternative has keys, or leads to what has.
fn leads_on(schema: &Value) -> bool {
    schema["$ref"].is_string() || schema["properties"].is_object() || schema["items"].is_object()
}

/// A value as it is written in YAML.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn keys_are_found_by_their_path_with_and_without_names() {
        for path in [
            "serviceAccounts.tokens.rotate.overlap",
            "serviceAccounts.SA-001.tokens.report.rotate.overlap",
            "serviceAccounts[].tokens[].rotate.overlap",
        ] {
            let key = Key::find(path).unwrap();
            assert_eq!(key.path.join("."), "serviceAccounts.tokens.rotate.overlap");
            assert!(key.text().contains("\n\n"), "{}", key.text());
        }
        let stores = Key::find("stores").unwrap().text();
        assert!(
            stores.contains("Keys:") && stores.contains("vault"),
            "{stores}"
        );
        let levels = Key::find("serviceAccounts.userLevels").unwrap().text();
        assert!(
            levels.contains("Values:") && levels.contains("REPORT_ADMIN"),
            "{levels}"
        );
        let scopes = Key::find("serviceAccounts.tokens.scopes").unwrap().text();
        assert!(scopes.contains("of them"), "{scopes}");
        let age = Key::find("stores.git.age.directory").unwrap();
        assert_eq!(age.path.join("."), "stores.age.directory");
    }

    #[test]
    fn a_key_is_found_by_the_end_of_its_path() {
        let paths = |text: &str| -> Vec<String> {
            let found = Key::ending(text).into_iter();
            found.map(|key| key.path.join(".")).collect()
        };
        assert_eq!(
            paths("rotate.before")[0],
            "serviceAccounts.tokens.rotate.before"
        );
        assert_eq!(paths("overlap")[0], "serviceAccounts.tokens.rotate.overlap");
        assert_eq!(paths("nothing"), Vec::<String>::new());
        // A whole path is no ending of another.
        assert_eq!(paths("stores"), Vec::<String>::new());
        let text = Key::ending("overlap")[0].text();
        assert!(text.contains(", defaults.token.rotate.overlap"), "{text}");
    }

    #[test]
    fn an_unknown_key_names_those_there_are() {
        for (path, expected) in [
            (
                "accounts",
                "the spec has no key `accounts`; its keys are steersman, tenant",
            ),
            (
                "serviceAccounts.tokens.x.y",
                "`serviceAccounts.tokens` has no key `y`",
            ),
            ("policy.limit", "`policy` has no key `limit`; its keys are "),
        ] {
            let told = Key::find(path).map(|key| key.text()).unwrap_err();
            assert!(told.contains(expected), "{path}: {told}");
        }
    }
}

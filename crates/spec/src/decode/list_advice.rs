//! What to write where a list is expected and a mapping is written.

use crate::suggestion::{Fix, is_plain};
use crate::value_name::ValueName;
use crate::yaml::{Entry, Node, Origin, Value};

/// What is written as a list of its texts, and can be recognized as such.
const OF_TEXTS: [&str; 4] = ["scopes", "forbidScopes", "userLevels", "forbidUserLevels"];

/// Lists of mappings, with the key that names an item.
const OF_MAPPINGS: [(&str, &str); 4] = [
    ("serviceAccounts", "id"),
    ("tokens", "name"),
    ("sources", "name"),
    ("attributes", "name"),
];

/// What to write in place of a mapping.
pub(super) fn instead_of_mapping(
    name: ValueName,
    node: &Node,
    entries: &[Entry],
) -> (String, Option<Fix>) {
    let start_each = || ("start each item with `- `".to_owned(), None);
    let ValueName::Key(list) = name else {
        return start_each();
    };
    if OF_TEXTS.contains(&list) {
        return texts(node, entries).unwrap_or_else(start_each);
    }
    let Some((_, names)) = OF_MAPPINGS.iter().find(|(key, _)| *key == list) else {
        return start_each();
    };
    let is_one_item = entries.iter().any(|entry| entry.key.text == *names);
    let is_of_mappings = entries
        .iter()
        .all(|entry| matches!(entry.value.value, Value::Mapping(_)));
    match (entries.first(), is_one_item) {
        (Some(first), true) if is_short(&first.key.text) => {
            let first = match written(&first.value).filter(|text| is_short(text)) {
                Some(text) => format!("- {}: {text}", first.key.text),
                None => format!("- {}: …", first.key.text),
            };
            let help = format!("begin the item with `- `, and align its keys: `{first}`");
            (help, Some(Fix::item_of_list(node.span)))
        }
        (Some(first), false) if is_of_mappings && is_short(&first.key.text) => {
            let own = named_itself(&first.value, names);
            let help = match own {
                Some(own) => format!(
                    "write each as an item: `- {names}: {own}`, with its other keys below `{names}`; `{}:` above it is not needed",
                    first.key.text
                ),
                None => format!(
                    "write each as an item that names itself: `- {names}: {}`, with its other keys below `{names}`",
                    first.key.text
                ),
            };
            (help, None)
        }
        (Some(_) | None, _) => start_each(),
    }
}

/// The list of texts that a mapping was meant to be: a text with `: ` in it, or names
/// with `true` beside them.
fn texts(node: &Node, entries: &[Entry]) -> Option<(String, Option<Fix>)> {
    let texts: Option<Vec<String>> = entries.iter().map(joined).collect();
    let list = format!("[{}]", texts.filter(|texts| !texts.is_empty())?.join(", "));
    let help = format!("write `{list}`");
    // The span of a mapping whose last key has no value ends before the colon of that key, and
    // comments between the keys would be lost.
    let is_whole = entries
        .last()
        .is_some_and(|entry| written(&entry.value).is_some())
        && entries
            .windows(2)
            .all(|pair| pair[1].key.span.start <= pair[0].value.span.end + 2);
    Some((help, is_whole.then(|| Fix::as_it_is(node.span, list))))
}

/// The one text that a key and its value were meant to be: a scope, or a user level.
pub(super) fn joined(entry: &Entry) -> Option<String> {
    let key = entry.key.text.as_str();
    let is_known = |text: &str| catalog::known_scope(text) || catalog::user_level(text).is_some();
    let Value::Scalar(value) = &entry.value.value else {
        return None;
    };
    let text = match written(&entry.value) {
        None if value.is_null() => key.to_owned(),
        Some("true") => key.to_owned(),
        Some(value) => format!("{key}:{value}"),
        None => return None,
    };
    is_known(&text).then_some(text)
}

/// Whether a text can be repeated in a help.
fn is_short(text: &str) -> bool {
    is_plain(text) && text.len() <= 40
}

/// The name that an entry has of its own, beside that of its key.
fn named_itself<'a>(node: &'a Node, names: &str) -> Option<&'a str> {
    let Value::Mapping(entries) = &node.value else {
        return None;
    };
    let own = entries.iter().find(|entry| entry.key.text == names)?;
    written(&own.value).filter(|text| is_short(text))
}

/// The text of a scalar that is written in the file and is the same without quotes.
fn written(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar(scalar) if scalar.origin == Origin::Written && is_plain(&scalar.text) => {
            Some(&scalar.text)
        }
        Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_) | Value::Broken => None,
    }
}

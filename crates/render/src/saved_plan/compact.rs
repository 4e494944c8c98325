//! Compact JSON of a file, without one key and without a tree of its values.
//!
//! A saved plan of a large tenant has a million values. As a tree they take many times
//! the size of the file.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// How many keys the outermost object may have. A saved plan has nine.
const MOST_KEYS: usize = 100;

/// How many values there may be: a hundred thousand changes fit.
const MOST_VALUES: usize = 2_500_000;

/// The keys and values of an object, in the order of the file, values unread.
#[derive(Debug)]
pub(super) struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Members<'t> {
    /// All keys with their values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &'t RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'t RawValue> {
        let found = self.0.iter().rev().find(|(name, _)| name == key);
        found.map(|(_, value)| *value)
    }

    /// The keys and values below a key.
    pub(super) fn below(&self, key: &str) -> Option<Self> {
        serde_json::from_str(self.get(key)?.get()).ok()
    }

    /// The text that a key has as its value.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.get(key)?.get()).ok()
    }

    /// The object as `serde_json` writes it, without a key.
    ///
    /// # Errors
    /// Too many values.
    pub(super) fn without(&self, left_out: &str) -> Result<Vec<u8>, serde_json::Error> {
        let mut compact = Compact::default();
        compact.bytes.push(b'{');
        for (name, value) in self.0.iter().filter(|(name, _)| name != left_out) {
            if compact.bytes.len() > 1 {
                compact.bytes.push(b',');
            }
            serde_json::to_writer(&mut compact.bytes, name)?;
            compact.bytes.push(b':');
            compact.push(value.get())?;
        }
        compact.bytes.push(b'}');
        Ok(compact.bytes)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            if members.len() == MOST_KEYS {
                return Err(A::Error::custom("too many keys"));
            }
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[derive(Default)]
struct Compact {
    bytes: Vec<u8>,
    values: usize,
}

impl Compact {
    /// Adds valid JSON: without white space, and with texts as `serde_json` writes them.
    fn push(&mut self, json: &str) -> Result<(), serde_json::Error> {
        let mut rest = json.as_bytes();
        while let Some(byte) = rest.first() {
            if *byte == b'"' {
                let (text, after) = rest.split_at(length_of_text(rest));
                if text.contains(&b'\\') {
                    let text: String = serde_json::from_slice(text)?;
                    serde_json::to_writer(&mut self.bytes, &text)?;
                } else {
                    self.bytes.extend_from_slice(text);
                }
                rest = after;
                continue;
            }
            if !byte.is_ascii_whitespace() {
                self.bytes.push(*byte);
            }
            self.values += usize::from(b",[{".contains(byte));
            rest = &rest[1..];
        }
        if self.values > MOST_VALUES {
            return Err(serde_json::Error::custom("more than 2,500,000 values"));
        }
        Ok(())
    }
}

/// How many values valid JSON has, at most.
pub(crate) fn values(json: &str) -> usize {
    let mut rest = json.as_bytes();
    let mut values = 1;
    while let Some(byte) = rest.first() {
        let length = if *byte == b'"' {
            length_of_text(rest)
        } else {
            values += usize::from(b",[{".contains(byte));
            1
        };
        rest = &rest[length..];
    }
    values
}

/// How long the text is that valid JSON begins with, with its quotation marks.
fn length_of_text(json: &[u8]) -> usize {
    let mut escaped = false;
    for (at, byte) in json.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::{MOST_VALUES, Members};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn endless_values_and_keys_are_refused() {
        let many = format!("{{\"a\":[{}0]}}", "0,".repeat(MOST_VALUES + 1));
        let members: Members<'_> = serde_json::from_str(&many).unwrap();
        assert!(members.without("digest").is_err());
        let keys: Vec<String> = (0..101).map(|key| format!("\"{key}\":0")).collect();
        let keys = format!("{{{}}}", keys.join(","));
        assert!(serde_json::from_str::<Members<'_>>(&keys).is_err());
    }

    proptest! {
        #[test]
        fn compact_json_is_that_of_the_tree(text in any::<String>(), number in any::<i64>()) {
            let value = json!({"digest": "x", "a": [text, {"b c": number, &text: null}], "d": {}});
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            let escaped = pretty.replace(':', "\\u003a").replace("\\u003a ", ": ");
            let mut rest = value.clone();
            rest.as_object_mut().unwrap().shift_remove("digest");
            let expected = serde_json::to_string(&rest).unwrap();
            for json in [pretty, escaped] {
                if serde_json::from_str::<Value>(&json).ok().as_ref() != Some(&value) {
                    continue;
                }
                let members: Members<'_> = serde_json::from_str(&json).unwrap();
                let compact = members.without("digest").unwrap();
                prop_assert_eq!(String::from_utf8(compact).unwrap(), expected.as_str());
            }
        }
    }
}

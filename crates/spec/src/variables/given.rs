//! Values that who runs steersman gave for variables, and texts without them.
//!
//! Such a value may be a secret, or say what a repository is not to say. Checks compare
//! names and keys that it has become a part of, so messages are cleared of it at the end.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// A value at least this long is found within other words, too.
const LONG: usize = 8;

/// The values that the files have used, by the names of their variables.
#[derive(Clone, Default)]
pub(crate) struct GivenValues {
    values: BTreeMap<String, Value>,
}

#[derive(Clone)]
struct Value {
    text: String,
    /// Whether it is a part of longer words.
    in_words: bool,
}

/// The names alone: a value may be a secret.
impl std::fmt::Debug for GivenValues {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.values.keys()).finish()
    }
}

impl GivenValues {
    /// Takes note of a value; `in_words` says that letters or digits are beside it.
    pub(super) fn add(&mut self, name: &str, text: &str, in_words: bool) {
        if let Some(known) = self.values.get_mut(name) {
            known.in_words |= in_words;
        } else if !text.trim().is_empty() && !is_common(text) {
            let value = Value {
                text: text.to_owned(),
                in_words,
            };
            self.values.insert(name.to_owned(), value);
        }
    }

    /// A text with `${NAME}` in place of each value.
    pub(crate) fn hidden<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut found: Vec<(usize, usize, &str)> = Vec::new();
        for (name, value) in &self.values {
            // Messages escape what a terminal would act on.
            let escaped = value.text.escape_debug().to_string();
            let texts = [value.text.as_str(), value.text.trim(), escaped.as_str()];
            let is_anywhere = value.in_words || value.text.chars().count() >= LONG;
            for sought in texts {
                found.extend(
                    places(text, sought)
                        .filter(|(start, end)| is_anywhere || is_word(text, *start, *end))
                        .map(|(start, end)| (start, end, name.as_str())),
                );
            }
        }
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        // Of values that overlap, the first and longest hides the most.
        found.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
        let mut hidden = String::with_capacity(text.len());
        let mut last = 0;
        for (start, end, name) in found {
            if start >= last {
                hidden.push_str(&text[last..start]);
                hidden.push_str("${");
                hidden.push_str(name);
                hidden.push('}');
                last = end;
            } else if end > last {
                last = end;
            }
        }
        hidden.push_str(&text[last..]);
        Cow::Owned(hidden)
    }
}

/// Where a text is in another, whatever the case of its letters.
fn places<'t>(text: &'t str, sought: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
    let length = sought.len();
    let bytes = (text.as_bytes(), sought.as_bytes());
    let last = (text.len() + 1).saturating_sub(length.max(1));
    (0..if length == 0 { 0 } else { last }).filter_map(move |start| {
        let (text_bytes, sought_bytes) = bytes;
        let end = start + length;
        let is_same = text_bytes
            .get(start..end)
            .is_some_and(|part| part.eq_ignore_ascii_case(sought_bytes));
        let is_whole = text.is_char_boundary(start) && text.is_char_boundary(end);
        (is_same && is_whole).then_some((start, end))
    })
}

/// Whether no letter or digit is beside this part of a text.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    ![before, after]
        .into_iter()
        .flatten()
        .any(char::is_alphanumeric)
}

/// Whether a value is a word of the language or of ISC, which messages use themselves.
fn is_common(text: &str) -> bool {
    let is_number = text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_duration = text.len() <= 6
        && text.starts_with(|letter: char| letter.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"wdhms%".contains(&byte));
    let is_word = [
        "true", "false", "never", "keep", "delete", "report", "revoke",
    ]
    .contains(&text);
    is_number
        || is_duration
        || is_word
        || catalog::known_scope(text)
        || catalog::user_level(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_hidden_and_words_stay() {
        let mut given = GivenValues::default();
        given.add("PASS", "hunter2-hunter2", false);
        given.add("STAGE", "prod", false);
        given.add("SHORT", "ab", true);
        given.add("LIFE", "90d", false);
        given.add("LEVEL", "ORG_ADMIN", false);
        given.add("ODD", "a\nb c", false);
        given.add("EMPTY", " ", false);
        for (text, expected) in [
            ("`hunter2-hunter2`", "`${PASS}`"),
            ("xHUNTER2-hunter2y", "x${PASS}y"),
            ("stage prod of production", "stage ${STAGE} of production"),
            ("`prod-audit01`", "`${STAGE}-audit01`"),
            ("xaby", "x${SHORT}y"),
            ("such as `90d`, ORG_ADMIN", "such as `90d`, ORG_ADMIN"),
            ("`a\\nb c`", "`${ODD}`"),
            ("plain é", "plain é"),
            ("", ""),
        ] {
            assert_eq!(given.hidden(text), expected);
        }
        assert!(!format!("{given:?}").contains("hunter2"));
    }

    #[test]
    fn of_values_that_overlap_nothing_is_left() {
        let mut given = GivenValues::default();
        given.add("A", "one-two", true);
        given.add("B", "two-three", true);
        assert_eq!(given.hidden("`one-two-three`"), "`${A}`");
    }
}

//! Substitution of the variables in one text, within a limit.

use super::values::{Giver, Variables};
use crate::yaml::Origin;

/// How many bytes one text may have after its variables are expanded: 64 KiB.
pub(super) const MOST_IN_TEXT: usize = 64 << 10;

/// How many bytes all texts with variables of one file may have: 4 MiB.
pub(super) const MOST_IN_FILE: usize = 4 << 20;

/// How many invalid references of one text are reported.
const MOST_MALFORMED: usize = 20;

/// A text with its variables expanded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Substituted<'a> {
    /// The text. An unset variable stands in it as `mocked-NAME`.
    pub(super) text: String,
    pub(super) origin: Origin,
    /// The references to unset variables.
    pub(super) unset: Vec<Reference<'a>>,
    /// The references that are not valid.
    pub(super) malformed: Vec<&'a str>,
    /// Whether a value comes from `variables:` of the files.
    pub(super) declared: bool,
    /// The names whose values who runs steersman gave.
    pub(super) given: Vec<&'a str>,
}

/// A reference to a variable, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference<'a> {
    pub(super) written: &'a str,
    pub(super) name: &'a str,
}

/// The text is longer than [`MOST_IN_TEXT`] after expansion.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Expands the variables of a text. `bare` lets it read the whole environment,
/// where the text is nothing but one variable: what a variable of the environment
/// holds is never mixed with text of the files.
pub(super) fn substitute<'a>(
    text: &'a str,
    variables: &Variables,
    bare: bool,
) -> Result<Substituted<'a>, TooLong> {
    if text.len() > MOST_IN_TEXT {
        return Err(TooLong);
    }
    let bare = bare && is_one_variable(text);
    let mut substituted = Substituted {
        text: String::with_capacity(text.len()),
        origin: Origin::Written,
        unset: Vec::new(),
        malformed: Vec::new(),
        declared: false,
        given: Vec::new(),
    };
    for part in parts(text) {
        match part {
            Part::Text(text) => substituted.text.push_str(text),
            Part::Malformed(reference) => {
                if substituted.malformed.len() < MOST_MALFORMED {
                    substituted.malformed.push(reference);
                }
            }
            Part::Variable { reference, default } => {
                let set = variables.value(reference.name, bare);
                // As in a shell, the default also replaces an empty value.
                let value = match default {
                    Some(default) => set
                        .filter(|(value, _)| !value.is_empty())
                        .or(Some((default, Giver::Default))),
                    None => set,
                };
                if let Some((value, giver)) = value {
                    substituted.text.push_str(value);
                    match giver {
                        Giver::Operator => substituted.given.push(reference.name),
                        Giver::Files => substituted.declared = true,
                        Giver::Default => {}
                    }
                    if substituted.origin == Origin::Written {
                        substituted.origin = Origin::Variable;
                    }
                } else {
                    substituted.text.push_str("mocked-");
                    substituted.text.push_str(reference.name);
                    substituted.origin = Origin::Mocked;
                    substituted.unset.push(reference);
                }
            }
        }
        if substituted.text.len() > MOST_IN_TEXT {
            return Err(TooLong);
        }
    }
    Ok(substituted)
}

/// A part of a text.
enum Part<'a> {
    Text(&'a str),
    Variable {
        reference: Reference<'a>,
        default: Option<&'a str>,
    },
    Malformed(&'a str),
}

/// Takes a text apart at its variables.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    let mut pending = None;
    std::iter::from_fn(move || {
        if let Some(part) = pending.take() {
            return Some(part);
        }
        if rest.is_empty() {
            return None;
        }
        let Some(dollar) = rest.find("${") else {
            return Some(Part::Text(std::mem::take(&mut rest)));
        };
        let (before, reference) = rest.split_at(dollar);
        if let Some(before) = before.strip_suffix('$') {
            rest = &reference[2..];
            pending = Some(Part::Text("${"));
            return Some(Part::Text(before));
        }
        let part = if let Some(end) = reference.find('}') {
            let (written, after) = reference.split_at(end + 1);
            rest = after;
            variable(written, &written[2..end])
        } else {
            rest = "";
            Part::Malformed(reference)
        };
        pending = Some(part);
        Some(Part::Text(before))
    })
}

fn variable<'a>(written: &'a str, inner: &'a str) -> Part<'a> {
    let (name, default) = match inner.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inner, None),
    };
    if is_name(name) {
        let reference = Reference { written, name };
        Part::Variable { reference, default }
    } else {
        Part::Malformed(written)
    }
}

/// Whether a text is one variable and nothing else.
fn is_one_variable(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("${") && text.find('}').is_some_and(|end| end + 1 == text.len())
}

/// Whether a text refers to a variable, or tries to.
pub(crate) fn has_reference(text: &str) -> bool {
    parts(text).any(|part| !matches!(part, Part::Text(_)))
}

/// A text without variables, in which `$${` stands for `${`.
pub(super) fn literal(text: &str) -> String {
    text.replace("$${", "${")
}

/// Whether a text can be the name of a variable: letters, digits and `_`, no digit first.
pub fn is_name(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        Variables::new([("A", "one"), ("EMPTY", ""), ("NESTED", "${A}")])
            .environment([("HOME", "/root")])
    }

    #[test]
    fn variables_are_put_in() {
        for (text, expected, origin) in [
            ("${A}", "one", Origin::Variable),
            ("x-${A}-${A}-y", "x-one-one-y", Origin::Variable),
            ("${B:-two}", "two", Origin::Variable),
            ("${B:-}", "", Origin::Variable),
            ("${EMPTY}", "", Origin::Variable),
            ("${EMPTY:-two}", "two", Origin::Variable),
            ("${NESTED}", "${A}", Origin::Variable),
            ("$${A}", "${A}", Origin::Written),
            ("é$${A} ${A}", "é${A} one", Origin::Variable),
            ("${B:-a:-b}", "a:-b", Origin::Variable),
        ] {
            let substituted = substitute(text, &variables(), false).unwrap();
            assert_eq!(
                (substituted.text.as_str(), substituted.origin),
                (expected, origin),
                "{text}"
            );
            assert_eq!((substituted.unset, substituted.malformed), (vec![], vec![]));
        }
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let found = substitute("${B} ${A} ${} ${1X} ${C", &variables(), false).unwrap();
        let unset = Reference {
            written: "${B}",
            name: "B",
        };
        assert_eq!(found.unset, [unset]);
        assert_eq!(found.malformed, ["${}", "${1X}", "${C"]);
    }

    #[test]
    fn security_h1c_the_environment_is_read_by_whole_fields_of_the_tenant_only() {
        for (text, bare, expected) in [
            ("${HOME}", false, "mocked-HOME"),
            ("${HOME}", true, "/root"),
            (" ${HOME} ", true, " /root "),
            (
                "https://${HOME}.example",
                true,
                "https://mocked-HOME.example",
            ),
            ("${HOME}${HOME}", true, "mocked-HOMEmocked-HOME"),
            ("$${HOME}", true, "${HOME}"),
        ] {
            let found = substitute(text, &variables(), bare).unwrap();
            assert_eq!(found.text, expected, "{text} {bare}");
        }
    }

    #[test]
    fn a_text_is_not_longer_than_64_kib_after_expansion() {
        let variables = Variables::new([("HALF", "x".repeat(MOST_IN_TEXT / 2))]);
        assert!(substitute("${HALF}${HALF}", &variables, false).is_ok());
        assert_eq!(
            substitute("${HALF}${HALF}x", &variables, false),
            Err(TooLong)
        );
        let written = "${HALF}".repeat(16 << 20);
        assert_eq!(substitute(&written, &variables, false), Err(TooLong));
    }

    #[test]
    fn references_are_found() {
        for (text, expected) in [
            ("plain", false),
            ("$${A}", false),
            ("$A {A}", false),
            ("${A}", true),
            ("x${", true),
        ] {
            assert_eq!(has_reference(text), expected, "{text}");
        }
    }
}

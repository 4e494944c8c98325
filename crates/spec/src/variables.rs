//! Variable expansion: `${NAME}` and `${NAME:-default}` in the values of a spec.
//!
//! A variable is allowed in a value, not in a key, and its value is text: it is
//! not parsed as YAML and not expanded again. `$${` writes a literal `${`.

use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use crate::yaml::{Node, Origin, Value};
use std::collections::BTreeMap;
use std::fmt;

/// The variables that a spec may use, put together by the caller from the
/// command line and the environment.
#[derive(Clone, Default)]
pub struct Variables {
    values: BTreeMap<String, String>,
    mocked: bool,
}

impl Variables {
    /// These variables and no others.
    pub fn new<N: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (N, V)>) -> Self {
        Self {
            values: values
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            mocked: false,
        }
    }

    /// These variables too; they win over earlier ones of the same name.
    #[must_use]
    pub fn with<N: Into<String>, V: Into<String>>(
        mut self,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.values.extend(
            values
                .into_iter()
                .map(|(name, value)| (name.into(), value.into())),
        );
        self
    }

    /// Treats unset variables as set to an unknown value, so that a repository can
    /// be checked where its variables are absent.
    #[must_use]
    pub fn mocked(self) -> Self {
        Self {
            mocked: true,
            ..self
        }
    }
}

// Values may be secrets, so only names are shown.
impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Variables")
            .field("names", &self.values.keys().collect::<Vec<_>>())
            .field("mocked", &self.mocked)
            .finish()
    }
}

/// Expands the variables in all scalars below a node. A scalar with an unset or
/// malformed variable is reported and becomes broken.
pub(crate) fn expand(node: &mut Node, text: &str, variables: &Variables, findings: &mut Findings) {
    match &mut node.value {
        Value::Sequence(items) => {
            for item in items {
                expand(item, text, variables, findings);
            }
        }
        Value::Mapping(entries) => {
            for entry in entries {
                expand(&mut entry.value, text, variables, findings);
            }
        }
        Value::Scalar(scalar) if scalar.text.contains("${") => {
            match substitute(&scalar.text, variables) {
                Ok(substituted) => {
                    scalar.text = substituted.text;
                    scalar.origin = substituted.origin;
                }
                Err(problems) => {
                    for problem in problems {
                        findings.push(problem.finding(node.span, text));
                    }
                    node.value = Value::Broken;
                }
            }
        }
        Value::Scalar(_) | Value::Broken => {}
    }
}

/// A text with its variables expanded.
#[derive(Debug, PartialEq, Eq)]
struct Substituted {
    text: String,
    origin: Origin,
}

/// Why a variable cannot be expanded.
#[derive(Debug, PartialEq, Eq)]
enum Problem<'a> {
    /// It is not set.
    Unset { reference: &'a str, name: &'a str },
    /// It is not a valid variable reference.
    Malformed { reference: &'a str },
}

impl Problem<'_> {
    fn finding(&self, scalar: Span, text: &str) -> Finding {
        match self {
            Self::Unset { reference, name } => Finding::new(
                Code::UnsetVariable,
                format!("variable `{name}` is not set"),
            )
            .at(within(scalar, text, reference), format!("unset variable `{name}`"))
            .help(format!(
                "set it in the environment or with `--var {name}=…`, or write a default: `${{{name}:-default}}`"
            )),
            Self::Malformed { reference } => {
                Finding::new(Code::MalformedVariable, "invalid variable reference")
                    .at(within(scalar, text, reference), "expected `${NAME}` or `${NAME:-default}`")
                    .help(
                        "use only letters, digits and `_` in the name, or write `$${` for a literal `${`",
                    )
            }
        }
    }
}

/// The span of a reference in the text of its scalar.
fn within(scalar: Span, text: &str, reference: &str) -> Span {
    text.get(scalar.start as usize..scalar.end as usize)
        .and_then(|written| written.find(reference))
        .and_then(|offset| {
            let start = scalar.start + u32::try_from(offset).ok()?;
            let end = start + u32::try_from(reference.len()).ok()?;
            Some(Span {
                start,
                end,
                ..scalar
            })
        })
        .unwrap_or(scalar)
}

fn substitute<'a>(text: &'a str, variables: &Variables) -> Result<Substituted, Vec<Problem<'a>>> {
    let mut substituted = Substituted {
        text: String::with_capacity(text.len()),
        origin: Origin::Written,
    };
    let mut problems = Vec::new();
    let mut rest = text;
    while let Some(dollar) = rest.find("${") {
        let (before, reference) = rest.split_at(dollar);
        if let Some(before) = before.strip_suffix('$') {
            substituted.text.push_str(before);
            substituted.text.push_str("${");
            rest = &reference[2..];
            continue;
        }
        substituted.text.push_str(before);
        let Some(end) = reference.find('}') else {
            problems.push(Problem::Malformed { reference });
            break;
        };
        let (reference, after) = reference.split_at(end + 1);
        rest = after;
        let inner = &reference[2..end];
        let (name, default) = match inner.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        if !is_name(name) {
            problems.push(Problem::Malformed { reference });
            continue;
        }
        let set = variables.values.get(name).map(String::as_str);
        // As in a shell, the default also replaces an empty value.
        let value = match default {
            Some(default) => set.filter(|value| !value.is_empty()).or(Some(default)),
            None => set,
        };
        match value {
            Some(value) => {
                substituted.text.push_str(value);
                if substituted.origin == Origin::Written {
                    substituted.origin = Origin::Variable;
                }
            }
            None if variables.mocked => {
                substituted.text.push_str("mocked-");
                substituted.text.push_str(name);
                substituted.origin = Origin::Mocked;
            }
            None => problems.push(Problem::Unset { reference, name }),
        }
    }
    substituted.text.push_str(rest);
    if problems.is_empty() {
        Ok(substituted)
    } else {
        Err(problems)
    }
}

fn is_name(text: &str) -> bool {
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
            let substituted = substitute(text, &variables()).unwrap();
            assert_eq!(
                (substituted.text.as_str(), substituted.origin),
                (expected, origin),
                "{text}"
            );
        }
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let problems = substitute("${B} ${A} ${} ${1X} ${C", &variables()).unwrap_err();
        assert_eq!(
            problems,
            [
                Problem::Unset {
                    reference: "${B}",
                    name: "B"
                },
                Problem::Malformed { reference: "${}" },
                Problem::Malformed { reference: "${1X}" },
                Problem::Malformed { reference: "${C" },
            ]
        );
    }

    #[test]
    fn mocked_variables_are_known_as_such() {
        let substituted = substitute("${B}", &variables().mocked()).unwrap();
        assert_eq!(substituted.origin, Origin::Mocked);
        assert_eq!(
            substitute("${A}", &variables().mocked()).unwrap().text,
            "one"
        );
    }

    #[test]
    fn values_are_not_shown() {
        let shown = format!("{:?}", variables());
        assert!(shown.contains("\"A\"") && !shown.contains("one"), "{shown}");
    }
}

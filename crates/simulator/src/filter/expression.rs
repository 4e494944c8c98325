//! Syntax tree of a filter, and its text form.

use std::fmt::{self, Write as _};

use jiff::Timestamp;

/// A filter expression.
///
/// `All` and `Any` hold at least two parts, and no part of an `All` is an `All` (nor of an `Any`
/// an `Any`): [`Expression::all`] and [`Expression::any`] keep it so, and printing relies on it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    /// True if every part is true (`and`).
    All(Vec<Expression>),
    /// True if some part is true (`or`).
    Any(Vec<Expression>),
    /// True if the part is false (`not`).
    Not(Box<Expression>),
    /// A test of one field.
    Condition(Condition),
}

impl Expression {
    /// The conjunction of the parts; nested conjunctions are merged into it.
    ///
    /// `None` if there are no parts.
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        Self::joined(parts, Self::All, |part| match part {
            Self::All(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// The disjunction of the parts; nested disjunctions are merged into it.
    ///
    /// `None` if there are no parts.
    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        Self::joined(parts, Self::Any, |part| match part {
            Self::Any(inner) => Ok(inner),
            other => Err(other),
        })
    }

    fn joined(
        parts: impl IntoIterator<Item = Self>,
        join: impl FnOnce(Vec<Self>) -> Self,
        same: impl Fn(Self) -> Result<Vec<Self>, Self>,
    ) -> Option<Self> {
        let mut flat = Vec::new();
        for part in parts {
            match same(part) {
                Ok(inner) => flat.extend(inner),
                Err(other) => flat.push(other),
            }
        }
        if flat.len() > 1 {
            Some(join(flat))
        } else {
            flat.pop()
        }
    }
}

/// A test of one field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    /// The field that is tested.
    pub(crate) field: FieldName,
    /// What is asked of it.
    pub(crate) test: Test,
}

/// What a condition asks of its field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// A comparison with one value.
    Compare(Comparison, Literal),
    /// The value is one of the list (`in`).
    In(Vec<Literal>),
    /// The collection holds all of the list (`ca`).
    ContainsAll(Vec<Literal>),
    /// The text starts with the value (`sw`).
    StartsWith(Literal),
    /// The text contains the value (`co`).
    Contains(Literal),
    /// The field is not null (`pr`).
    Present,
    /// The field is null (`isnull`).
    IsNull,
}

impl Test {
    /// The operator that the test is written with.
    pub(crate) fn operator(&self) -> Operator {
        match self {
            Self::Compare(Comparison::Eq, _) => Operator::Eq,
            Self::Compare(Comparison::Ne, _) => Operator::Ne,
            Self::Compare(Comparison::Gt, _) => Operator::Gt,
            Self::Compare(Comparison::Ge, _) => Operator::Ge,
            Self::Compare(Comparison::Lt, _) => Operator::Lt,
            Self::Compare(Comparison::Le, _) => Operator::Le,
            Self::In(_) => Operator::In,
            Self::ContainsAll(_) => Operator::Ca,
            Self::StartsWith(_) => Operator::Sw,
            Self::Contains(_) => Operator::Co,
            Self::Present => Operator::Pr,
            Self::IsNull => Operator::Isnull,
        }
    }
}

/// An operator that compares a field with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}

/// An operator on a field, as an operation's documentation lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    /// Contains all of a list.
    Ca,
    /// Contains a text.
    Co,
    /// Equal.
    Eq,
    /// Greater or equal.
    Ge,
    /// Greater.
    Gt,
    /// One of a list.
    In,
    /// Null.
    Isnull,
    /// Less or equal.
    Le,
    /// Less.
    Lt,
    /// Not equal.
    Ne,
    /// Present.
    Pr,
    /// Starts with.
    Sw,
}

impl Operator {
    /// The operator of that name; names are in lower case only.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ca" => Self::Ca,
            "co" => Self::Co,
            "eq" => Self::Eq,
            "ge" => Self::Ge,
            "gt" => Self::Gt,
            "in" => Self::In,
            "isnull" => Self::Isnull,
            "le" => Self::Le,
            "lt" => Self::Lt,
            "ne" => Self::Ne,
            "pr" => Self::Pr,
            "sw" => Self::Sw,
            _ => return None,
        })
    }

    /// The operator's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ca => "ca",
            Self::Co => "co",
            Self::Eq => "eq",
            Self::Ge => "ge",
            Self::Gt => "gt",
            Self::In => "in",
            Self::Isnull => "isnull",
            Self::Le => "le",
            Self::Lt => "lt",
            Self::Ne => "ne",
            Self::Pr => "pr",
            Self::Sw => "sw",
        }
    }
}

/// The name of a field, nested names with dots (`identity.name`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldName(String);

impl FieldName {
    /// A field name, if the text is one: letters, digits, `_`, `-` and dots, with a letter or
    /// `_` first, and none of the words that start an expression.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let mut characters = name.chars();
        let first = characters.next()?;
        let fits = starts_word(first)
            && characters.all(continues_word)
            && !matches!(name, "and" | "or" | "not" | "pr");
        fits.then(|| Self(name.to_owned()))
    }

    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

pub(super) fn starts_word(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

pub(super) fn continues_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}

/// A value written in a filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    /// A text in double quotes.
    Text(String),
    /// A finite number.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date and time without quotes, or a date alone, which stands for its first instant in UTC.
    Date(Timestamp),
    /// `null`.
    Null,
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => {
                write_joined(f, parts, " and ", |part| matches!(part, Self::Any(_)))
            }
            Self::Any(parts) => write_joined(f, parts, " or ", |_| false),
            Self::Not(part) if matches!(**part, Self::All(_) | Self::Any(_)) => {
                write!(f, "not ({part})")
            }
            Self::Not(part) => write!(f, "not {part}"),
            Self::Condition(condition) => condition.fmt(f),
        }
    }
}

fn write_joined(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expression],
    word: &str,
    in_parentheses: impl Fn(&Expression) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        if in_parentheses(part) {
            write!(f, "({part})")?;
        } else {
            write!(f, "{part}")?;
        }
    }
    Ok(())
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        let operator = self.test.operator();
        match &self.test {
            Test::Compare(_, value) | Test::StartsWith(value) | Test::Contains(value) => {
                write!(f, "{field} {operator} {value}")
            }
            Test::In(values) | Test::ContainsAll(values) => {
                write!(f, "{field} {operator} (")?;
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    value.fmt(f)?;
                }
                f.write_str(")")
            }
            // The documentation writes `pr` before its field, and `isnull` after it.
            Test::Present => write!(f, "{operator} {field}"),
            Test::IsNull => write!(f, "{field} {operator}"),
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => {
                f.write_str("\"")?;
                for character in text.chars() {
                    if matches!(character, '"' | '\\') {
                        f.write_str("\\")?;
                    }
                    f.write_char(character)?;
                }
                f.write_str("\"")
            }
            Self::Number(number) => number.fmt(f),
            Self::Boolean(value) => value.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Null => f.write_str("null"),
        }
    }
}

//! Evaluates a filter on a row.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::check::{Filter, Kind, Node};
use super::expression::{Comparison, Literal, Test};
use super::text;

/// A row whose fields can be filtered and sorted by.
pub(crate) trait Fields {
    /// The value of the field of that name, nested names with dots; `None` is null.
    fn field(&self, name: &str) -> Option<Value<'_>>;
}

impl<T: Fields + ?Sized> Fields for &T {
    fn field(&self, name: &str) -> Option<Value<'_>> {
        (**self).field(name)
    }
}

/// Rows that are JSON already; a nested name walks down the objects.
impl Fields for serde_json::Value {
    fn field(&self, name: &str) -> Option<Value<'_>> {
        let value = name
            .split('.')
            .try_fold(self, |value, part| value.get(part))?;
        match value {
            Self::Null | Self::Object(_) => None,
            Self::Bool(value) => Some(Value::Boolean(*value)),
            Self::Number(number) => number.as_f64().map(Value::Number),
            Self::String(text) => Some(Value::Text(text)),
            Self::Array(values) => Some(Value::Json(values)),
        }
    }
}

/// The value of a row's field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
    /// A date and time.
    Date(Timestamp),
    /// A list of JSON values, of which only the texts count.
    Json(&'a [serde_json::Value]),
}

impl<'a> Value<'a> {
    /// Whether the value, or some element where it is a list, passes the test.
    fn some(self, test: impl Fn(Value<'a>) -> bool) -> bool {
        match self {
            Self::Json(values) => values
                .iter()
                .filter_map(|value| value.as_str())
                .any(|text| test(Value::Text(text))),
            single => test(single),
        }
    }
}

impl Filter {
    /// Whether the row matches.
    ///
    /// A field that is null equals nothing, so that `ne` and a negated `eq` say the same of it,
    /// and it is neither greater nor less than anything.
    pub(crate) fn matches(&self, row: &impl Fields) -> bool {
        matches(&self.root, row)
    }
}

fn matches(node: &Node, row: &impl Fields) -> bool {
    match node {
        Node::All(parts) => parts.iter().all(|part| matches(part, row)),
        Node::Any(parts) => parts.iter().any(|part| matches(part, row)),
        Node::Not(part) => !matches(part, row),
        Node::Test { field, kind, test } => passes(row.field(field), *kind, test),
    }
}

fn passes(value: Option<Value<'_>>, kind: Kind, test: &Test) -> bool {
    let equals = |literal: &Literal| {
        value.is_some_and(|value| value.some(|value| equal(value, literal, kind)))
    };
    let ordered = |literal: &Literal, accept: fn(Ordering) -> bool| {
        value.is_some_and(|value| {
            value.some(|value| order(value, literal, kind).is_some_and(accept))
        })
    };
    let in_text =
        |literal: &Literal, exact: fn(&str, &str) -> bool, folded: fn(&str, &str) -> bool| {
            let Literal::Text(wanted) = literal else {
                return false;
            };
            let compare = if kind == Kind::Id { exact } else { folded };
            value.is_some_and(|value| {
                value.some(|value| match value {
                    Value::Text(text) => compare(text, wanted),
                    // ISC writes dates with milliseconds, so that is the text they start with.
                    Value::Date(date) => compare(&format!("{date:.3}"), wanted),
                    _ => false,
                })
            })
        };
    match test {
        Test::Present => value.is_some(),
        Test::IsNull => value.is_none(),
        Test::Compare(Comparison::Eq, literal) => equals(literal),
        Test::Compare(Comparison::Ne, literal) => !equals(literal),
        Test::Compare(Comparison::Gt, literal) => ordered(literal, Ordering::is_gt),
        Test::Compare(Comparison::Ge, literal) => ordered(literal, Ordering::is_ge),
        Test::Compare(Comparison::Lt, literal) => ordered(literal, Ordering::is_lt),
        Test::Compare(Comparison::Le, literal) => ordered(literal, Ordering::is_le),
        Test::In(literals) => literals.iter().any(equals),
        Test::ContainsAll(literals) => literals.iter().all(equals),
        Test::StartsWith(literal) => in_text(
            literal,
            |text, wanted| text.starts_with(wanted),
            text::starts_with,
        ),
        Test::Contains(literal) => in_text(
            literal,
            |text, wanted| text.contains(wanted),
            text::contains,
        ),
    }
}

fn equal(value: Value<'_>, literal: &Literal, kind: Kind) -> bool {
    match (value, literal) {
        (Value::Text(left), Literal::Text(right)) if kind == Kind::Id => left == right,
        (Value::Text(left), Literal::Text(right)) => text::equal(left, right),
        _ => order(value, literal, kind).is_some_and(Ordering::is_eq),
    }
}

/// How the value stands to the literal; `None` where the two cannot be compared.
fn order(value: Value<'_>, literal: &Literal, kind: Kind) -> Option<Ordering> {
    match (value, literal) {
        (Value::Text(left), Literal::Text(right)) if kind == Kind::Id => {
            Some(left.cmp(right.as_str()))
        }
        (Value::Text(left), Literal::Text(right)) => Some(text::order(left, right)),
        (Value::Number(left), Literal::Number(right)) => left.partial_cmp(right),
        (Value::Boolean(left), Literal::Boolean(right)) => Some(left.cmp(right)),
        (Value::Date(left), Literal::Date(right)) => Some(left.cmp(right)),
        // Rows that are JSON have their dates as texts.
        (Value::Text(left), Literal::Date(right)) => {
            left.parse::<Timestamp>().ok().map(|left| left.cmp(right))
        }
        _ => None,
    }
}

/// The order of two values for sorting: nulls last, texts without regard to case.
pub(crate) fn order_values(left: Option<Value<'_>>, right: Option<Value<'_>>) -> Ordering {
    match (left, right) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(left), Some(right)) => match (left, right) {
            (Value::Text(left), Value::Text(right)) => {
                text::order(left, right).then_with(|| left.cmp(right))
            }
            (Value::Number(left), Value::Number(right)) => left.total_cmp(&right),
            (Value::Boolean(left), Value::Boolean(right)) => left.cmp(&right),
            (Value::Date(left), Value::Date(right)) => left.cmp(&right),
            // A column has one type; should it not, its types are kept apart.
            (left, right) => rank(left).cmp(&rank(right)),
        },
    }
}

fn rank(value: Value<'_>) -> u8 {
    match value {
        Value::Boolean(_) => 0,
        Value::Number(_) => 1,
        Value::Date(_) => 2,
        Value::Text(_) => 3,
        Value::Json(_) => 4,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check::FilterField;
    use super::super::expression::Operator;
    use super::*;

    const ALL: &[Operator] = &[
        Operator::Ca,
        Operator::Co,
        Operator::Eq,
        Operator::Ge,
        Operator::Gt,
        Operator::In,
        Operator::Isnull,
        Operator::Le,
        Operator::Lt,
        Operator::Ne,
        Operator::Pr,
        Operator::Sw,
    ];

    #[test]
    fn rows_match_as_documented() {
        let field = |name, kind| FilterField {
            name,
            kind,
            operators: ALL,
        };
        let fields = [
            field("id", Kind::Id),
            field("name", Kind::Text),
            field("owner.name", Kind::Text),
            field("features", Kind::Texts),
            field("age", Kind::Number),
            field("manual", Kind::Boolean),
            field("created", Kind::Date),
            field("gone", Kind::Text),
        ];
        let row = json!({
            "id": "aB1", "name": "Ärger \"x\"", "owner": {"name": "Jane"}, "age": 7,
            "features": ["ENABLE", "UNLOCK"], "manual": false,
            "created": "2020-05-05T10:00:00.250Z", "gone": null,
        });
        let table = [
            ("id eq \"aB1\"", true),
            ("id eq \"ab1\"", false),
            ("id in (\"x\", \"aB1\")", true),
            ("id sw \"aB\"", true),
            ("id sw \"ab\"", false),
            ("name eq \"ÄRGER \\\"X\\\"\"", true),
            ("name sw \"ärg\"", true),
            ("name co \"GER\"", true),
            ("name co \"gez\"", false),
            ("name gt \"zebra\"", true),
            ("owner.name eq \"jane\"", true),
            ("owner.name lt \"janet\"", true),
            ("features ca (\"unlock\", \"ENABLE\")", true),
            ("features ca (\"unlock\", \"SYNC\")", false),
            ("features co \"NABL\"", true),
            (
                "age ge 7 and age le 7 and not age gt 7 and not age lt 7",
                true,
            ),
            ("manual eq false", true),
            ("manual ne false or name isnull", false),
            ("created eq 2020-05-05T12:00:00.25+02:00", true),
            ("created gt 2020 and created lt 2020-05-06", true),
            ("created sw \"2020-05\"", true),
            ("gone isnull and not pr gone and gone eq null", true),
            ("gone eq \"\"", false),
            ("gone ne \"x\"", true),
            ("gone gt \"\" or gone lt \"z\"", false),
            ("pr name and name ne null", true),
        ];
        for (source, expected) in table {
            let expression = source.parse().expect(source);
            let filter = Filter::new(expression, &fields).expect(source);
            assert_eq!(filter.matches(&row), expected, "{source}");
        }
    }
}

//! Checks a filter against what an operation supports.

use jiff::tz::TimeZone;

use super::expression::{Comparison, Condition, Expression, Literal, Operator, Test};
use super::lexer;

/// A field that an operation's `filters` parameter supports.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FilterField {
    /// The field's name.
    pub(crate) name: &'static str,
    /// What its values are.
    pub(crate) kind: Kind,
    /// The operators it supports.
    pub(crate) operators: &'static [Operator],
}

/// What the values of a field are, and so how they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier: compared by its exact text, so that an index over it is exact too.
    Id,
    /// A text or an enumeration, compared without regard to case, as ISC compares most.
    Text,
    /// A list of texts.
    Texts,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// A date and time, compared by time.
    Date,
}

/// A filter that an operation supports.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(super) root: Node,
}

/// An expression whose fields are known and whose literals have the type of their fields.
#[derive(Debug, Clone)]
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Test {
        field: &'static str,
        kind: Kind,
        test: Test,
    },
}

/// A filter that an operation does not support.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnsupportedFilter {
    /// The operation has no such field to filter by.
    #[error("filtering by \"{field}\" is not supported; supported are: {supported}")]
    Field {
        /// The requested field.
        field: String,
        /// The fields that are supported, with commas between them.
        supported: String,
    },
    /// The field does not support the operator.
    #[error(
        "the operator \"{operator}\" is not supported for \"{field}\"; supported are: {supported}"
    )]
    Operator {
        /// The field.
        field: &'static str,
        /// The requested operator.
        operator: &'static str,
        /// The operators that are supported, with commas between them.
        supported: String,
    },
    /// The value is not one that the field can have.
    #[error("{value} is no value for \"{field}\", which needs {wanted}")]
    Value {
        /// The field.
        field: &'static str,
        /// The value as it was written.
        value: String,
        /// What the field needs.
        wanted: &'static str,
    },
}

impl Filter {
    /// The filter that `expression` says, if each of its fields and operators is in `fields`.
    pub(crate) fn new(
        expression: Expression,
        fields: &[FilterField],
    ) -> Result<Self, UnsupportedFilter> {
        Ok(Self {
            root: bind(expression, fields)?,
        })
    }

    /// The text that `field` must equal for a row to match, if the filter demands that.
    ///
    /// A handler with an index over the field needs to look only at the rows which the index
    /// gives for it; the filter still has to be evaluated on those.
    /// For a field of [`Kind::Text`] the index must ignore case as the filter does.
    pub(crate) fn equal_to(&self, field: &str) -> Option<&str> {
        self.demands().find_map(|(name, test)| match test {
            Test::Compare(Comparison::Eq, Literal::Text(text)) if name == field => {
                Some(text.as_str())
            }
            _ => None,
        })
    }

    /// The texts of which `field` must equal one for a row to match, if the filter demands that
    /// with `eq` or `in`; to be used like [`Self::equal_to`].
    pub(crate) fn one_of(&self, field: &str) -> Option<Vec<&str>> {
        if let Some(text) = self.equal_to(field) {
            return Some(vec![text]);
        }
        self.demands().find_map(|(name, test)| match test {
            Test::In(values) if name == field => values
                .iter()
                .map(|value| match value {
                    Literal::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect(),
            _ => None,
        })
    }

    /// The tests that each matching row passes.
    fn demands(&self) -> impl Iterator<Item = (&'static str, &Test)> {
        let nodes = match &self.root {
            Node::All(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        nodes.iter().filter_map(|node| match node {
            Node::Test { field, test, .. } => Some((*field, test)),
            _ => None,
        })
    }
}

fn bind(expression: Expression, fields: &[FilterField]) -> Result<Node, UnsupportedFilter> {
    let all = |parts: Vec<Expression>| -> Result<Vec<Node>, UnsupportedFilter> {
        parts.into_iter().map(|part| bind(part, fields)).collect()
    };
    Ok(match expression {
        Expression::All(parts) => Node::All(all(parts)?),
        Expression::Any(parts) => Node::Any(all(parts)?),
        Expression::Not(part) => Node::Not(Box::new(bind(*part, fields)?)),
        Expression::Condition(condition) => bind_condition(condition, fields)?,
    })
}

fn bind_condition(
    Condition { field, test }: Condition,
    fields: &[FilterField],
) -> Result<Node, UnsupportedFilter> {
    let Some(known) = fields.iter().find(|known| known.name == field.as_str()) else {
        return Err(UnsupportedFilter::Field {
            field: field.as_str().to_owned(),
            supported: fields
                .iter()
                .map(|known| known.name)
                .collect::<Vec<_>>()
                .join(", "),
        });
    };
    let operator = test.operator();
    if !known.operators.contains(&operator) {
        let supported = known
            .operators
            .iter()
            .map(|known| known.name())
            .collect::<Vec<_>>();
        return Err(UnsupportedFilter::Operator {
            field: known.name,
            operator: operator.name(),
            supported: supported.join(", "),
        });
    }
    let fit = |value: Literal| fitted(&value, known);
    let fit_text = |value| match value {
        text @ Literal::Text(_) => Ok(text),
        other => Err(misfit(&other, known, "a text in double quotes")),
    };
    let fit_all = |values: Vec<Literal>| values.into_iter().map(fit).collect::<Result<Vec<_>, _>>();
    let test = match test {
        Test::Compare(Comparison::Eq, Literal::Null) | Test::IsNull => Test::IsNull,
        Test::Compare(Comparison::Ne, Literal::Null) | Test::Present => Test::Present,
        Test::Compare(comparison, value) => Test::Compare(comparison, fit(value)?),
        Test::In(values) => Test::In(fit_all(values)?),
        Test::ContainsAll(values) => Test::ContainsAll(fit_all(values)?),
        Test::StartsWith(value) => Test::StartsWith(fit_text(value)?),
        Test::Contains(value) => Test::Contains(fit_text(value)?),
    };
    Ok(Node::Test {
        field: known.name,
        kind: known.kind,
        test,
    })
}

/// The literal as a value of the field; quoted numbers, booleans and dates are accepted.
fn fitted(value: &Literal, field: &FilterField) -> Result<Literal, UnsupportedFilter> {
    let (fitted, wanted) = match field.kind {
        Kind::Id | Kind::Text | Kind::Texts => {
            let fits = matches!(value, Literal::Text(_));
            (fits.then(|| value.clone()), "a text in double quotes")
        }
        Kind::Number => (number(value).map(Literal::Number), "a number"),
        Kind::Boolean => (boolean(value).map(Literal::Boolean), "true or false"),
        Kind::Date => (
            date(value).map(Literal::Date),
            "a date and time as RFC 3339 writes it",
        ),
    };
    fitted.ok_or_else(|| misfit(value, field, wanted))
}

fn misfit(value: &Literal, field: &FilterField, wanted: &'static str) -> UnsupportedFilter {
    UnsupportedFilter::Value {
        field: field.name,
        value: value.to_string(),
        wanted,
    }
}

fn number(value: &Literal) -> Option<f64> {
    match value {
        Literal::Number(number) => Some(*number),
        Literal::Text(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn boolean(value: &Literal) -> Option<bool> {
    match value {
        Literal::Boolean(value) => Some(*value),
        Literal::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn date(value: &Literal) -> Option<jiff::Timestamp> {
    match value {
        Literal::Date(date) => Some(*date),
        Literal::Text(text) => lexer::date(text),
        // The documentation's own example compares a date with a year: `startDate gt 2018`.
        Literal::Number(year) if (1.0..=9999.0).contains(year) && year.fract() == 0.0 => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a whole number within 1..=9999"
            )]
            let first = jiff::civil::Date::new(*year as i16, 1, 1).ok()?;
            Some(first.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[FilterField] = &[
        FilterField {
            name: "id",
            kind: Kind::Id,
            operators: &[Operator::Eq, Operator::In],
        },
        FilterField {
            name: "name",
            kind: Kind::Text,
            operators: &[Operator::Eq, Operator::Sw],
        },
        FilterField {
            name: "age",
            kind: Kind::Number,
            operators: &[Operator::Gt],
        },
        FilterField {
            name: "manual",
            kind: Kind::Boolean,
            operators: &[Operator::Eq],
        },
        FilterField {
            name: "created",
            kind: Kind::Date,
            operators: &[Operator::Ge],
        },
    ];

    fn filter(source: &str) -> Result<Filter, UnsupportedFilter> {
        Filter::new(source.parse().expect(source), FIELDS)
    }

    #[test]
    fn what_the_operation_lacks_is_refused() {
        let table = [
            (
                "nope eq 1",
                "filtering by \"nope\" is not supported; supported are: id, name",
            ),
            ("id eq \"1\" and not (nope isnull)", "filtering by \"nope\""),
            (
                "id sw \"1\"",
                "\"sw\" is not supported for \"id\"; supported are: eq, in",
            ),
            ("id eq 1", "1 is no value for \"id\", which needs a text"),
            ("id in (\"1\", null)", "null is no value for \"id\""),
            (
                "age gt \"old\"",
                "\"old\" is no value for \"age\", which needs a number",
            ),
            ("manual eq 1", "true or false"),
            ("created ge \"yesterday\"", "RFC 3339"),
            ("created ge 2018.5", "RFC 3339"),
            ("name sw 5", "a text"),
        ];
        for (source, part) in table {
            let error = filter(source).expect_err(source).to_string();
            assert!(error.contains(part), "{source}: {error}");
        }
    }

    #[test]
    fn quoted_values_fit_typed_fields() {
        for source in [
            "age gt \"5\"",
            "manual eq \"true\"",
            "created ge \"2018-12-18T23:05:55Z\"",
            "created ge 2018",
            "name eq null",
        ] {
            assert!(filter(source).is_ok(), "{source}");
        }
    }

    #[test]
    fn indices_are_offered_what_every_match_must_equal() {
        let table: [(&str, Option<&[&str]>); 6] = [
            ("id eq \"1\"", Some(&["1"])),
            ("name eq \"n\" and id eq \"1\"", Some(&["1"])),
            ("name eq \"n\" and id in (\"1\", \"2\")", Some(&["1", "2"])),
            ("id eq \"1\" or id eq \"2\"", None),
            ("not id eq \"1\"", None),
            ("name eq \"n\" and (id eq \"1\" or age gt 3)", None),
        ];
        for (source, expected) in table {
            let filter = filter(source).expect(source);
            assert_eq!(filter.one_of("id").as_deref(), expected, "{source}");
        }
        assert_eq!(
            filter("name eq \"n\" and id eq \"1\"")
                .unwrap()
                .equal_to("name"),
            Some("n")
        );
    }
}

//! Shape of a value, and what does not have it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::errors::Refusal;

/// Lists whose values the description does not have all of: tenants have levels of their own.
const OPEN_LISTS: [&str; 1] = ["/capabilities/*"];

/// Texts whose examples in the description have another case than its list of values.
const ANY_CASE: [&str; 1] = ["/completionStatus"];
/// What the description's type and its examples disagree on.
const UNDECIDED: [&str; 1] = ["/query/fields"];

/// The shape of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(super) kind: Kind,
    pub(super) nullable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whatever it is.
    Any,
    /// A text; one of these if there are some.
    Text(Vec<&'static str>),
    Flag,
    Whole,
    Number,
    List(Box<Shape>),
    /// An object with fields that are known.
    Fields(BTreeMap<&'static str, Shape>),
    /// An object with any fields.
    Map,
}

/// What is known about a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The description has it.
    Declared,
    /// The description leaves it open.
    Free,
    /// The description knows everything here, and not this.
    Unknown,
}

impl Shape {
    /// Refuses changes that are of another type than the description has.
    pub(crate) fn check_change(&self, before: &Value, after: &Value) -> Result<(), Refusal> {
        let (Kind::Fields(fields), Value::Object(new)) = (&self.kind, after) else {
            return self.check("", after);
        };
        for (name, value) in new {
            let Some(shape) = fields.get(name.as_str()) else {
                continue;
            };
            if before.get(name) == Some(value) {
                continue;
            }
            let path = format!("/{name}");
            if value.is_null() && !shape.nullable {
                return Err(shape.refusal(&path));
            }
            shape.check(&path, value)?;
        }
        Ok(())
    }

    /// What is known about the place of a JSON pointer.
    pub(crate) fn place(&self, pointer: &str) -> Place {
        let mut shape = self;
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            shape = match &shape.kind {
                Kind::Any | Kind::Map => return Place::Free,
                Kind::Fields(fields) => match fields.get(part.as_str()) {
                    Some(field) => field,
                    None => return Place::Unknown,
                },
                Kind::List(items) => items,
                Kind::Text(_) | Kind::Flag | Kind::Whole | Kind::Number => return Place::Unknown,
            };
        }
        Place::Declared
    }

    pub(super) fn check(&self, path: &str, value: &Value) -> Result<(), Refusal> {
        match (&self.kind, value) {
            _ if UNDECIDED.contains(&path) => Ok(()),
            (_, Value::Null)
            | (Kind::Any, _)
            | (Kind::Flag, Value::Bool(_))
            | (Kind::Number, Value::Number(_))
            | (Kind::Map, Value::Object(_)) => Ok(()),
            (Kind::Text(values), Value::String(text))
                if values.is_empty()
                    || OPEN_LISTS.contains(&path)
                    || is_one_of(values, text)
                    || (ANY_CASE.contains(&path) && is_one_of(values, &text.to_uppercase())) =>
            {
                Ok(())
            }
            (Kind::Whole, Value::Number(number)) if number.is_i64() => Ok(()),
            (Kind::List(items), Value::Array(list)) => {
                let path = format!("{path}/*");
                list.iter().try_for_each(|item| match item {
                    Value::Null if !items.nullable => Err(items.refusal(&path)),
                    item => items.check(&path, item),
                })
            }
            (Kind::Fields(fields), Value::Object(given)) => given
                .iter()
                .filter_map(|(name, value)| Some((name, value, fields.get(name.as_str())?)))
                .try_for_each(|(name, value, shape)| shape.check(&format!("{path}/{name}"), value)),
            _ => Err(self.refusal(path)),
        }
    }

    pub(super) fn refusal(&self, path: &str) -> Refusal {
        let what = match path.trim_start_matches('/').replace('/', ".") {
            path if path.is_empty() => "The body".to_owned(),
            path => path,
        };
        Refusal::illegal_value(match &self.kind {
            Kind::Text(values) if !values.is_empty() => {
                format!("{what} must be one of {}.", values.join(", "))
            }
            Kind::Text(_) => format!("{what} must be a text."),
            Kind::Flag => format!("{what} must be true or false."),
            Kind::Whole => format!("{what} must be a whole number."),
            Kind::Number => format!("{what} must be a number."),
            Kind::List(_) => format!("{what} must be a list."),
            Kind::Fields(_) | Kind::Map => format!("{what} must be an object."),
            Kind::Any => format!("{what} must have a value."),
        })
    }
}

/// The file writes a space as `_`.
fn is_one_of(values: &[&str], text: &str) -> bool {
    values.contains(&text.replace(' ', "_").as_str())
}

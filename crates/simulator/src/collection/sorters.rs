//! Parses the `sorters` parameter and compares rows by it.

use std::cmp::Ordering;

use crate::filter::{Fields, order_values};

/// One field to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sorter {
    /// The field.
    pub(crate) field: &'static str,
    /// Whether the greatest value comes first.
    pub(crate) descending: bool,
}

/// A `sorters` parameter that the operation does not support.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sorting by \"{field}\" is not supported; supported are: {supported}")]
pub(crate) struct SorterError {
    /// The requested field.
    pub(crate) field: String,
    /// The fields that are supported, with commas between them.
    pub(crate) supported: String,
}

/// Reads `name,-created`.
pub(super) fn parse(text: &str, fields: &[&'static str]) -> Result<Vec<Sorter>, SorterError> {
    text.split(',')
        .map(str::trim)
        .map(|part| {
            let (name, descending) = match part.strip_prefix('-') {
                Some(name) => (name, true),
                None => (part, false),
            };
            let field = fields.iter().copied().find(|field| *field == name);
            field
                .map(|field| Sorter { field, descending })
                .ok_or_else(|| SorterError {
                    field: name.to_owned(),
                    supported: fields.join(", "),
                })
        })
        .collect()
}

/// The order of two rows by all sorters.
pub(super) fn order(sorters: &[Sorter], left: &impl Fields, right: &impl Fields) -> Ordering {
    sorters
        .iter()
        .map(|sorter| {
            let order = order_values(left.field(sorter.field), right.field(sorter.field));
            if sorter.descending {
                order.reverse()
            } else {
                order
            }
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorters_are_fields_with_an_optional_minus() {
        let fields = ["name", "created"];
        let sorter = |field, descending| Sorter { field, descending };
        assert_eq!(
            parse("name, -created", &fields),
            Ok(vec![sorter("name", false), sorter("created", true)])
        );
        for text in ["nope", "name,", "--name", "Name", "+name"] {
            assert!(parse(text, &fields).is_err(), "{text}");
        }
    }
}

//! Standard collection parameters: `filters`, `sorters`, `limit`, `offset` and `count`.
//!
//! An operation says in [`CollectionRules`] what it supports, [`CollectionQuery::parse`] reads the
//! query parameters by them, and [`CollectionQuery::page`] answers the page.
//! Every error of this module is a 400 of ISC's, and its text is the text of the answer.

mod operations;
mod page;
mod sorters;

pub(crate) use operations::*;

pub(crate) use sorters::{Sorter, SorterError};

use crate::filter::{Filter, FilterField, ParseFilterError, UnsupportedFilter};

/// What a list supports.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CollectionRules {
    /// The fields that `filters` supports; with none, the parameter is ignored.
    pub(crate) filters: &'static [FilterField],
    /// The fields that `sorters` supports; with none, the parameter is ignored.
    pub(crate) sorters: &'static [&'static str],
    /// The limits of a page; with none, the list is answered whole and `limit`, `offset` and
    /// `count` are ignored.
    pub(crate) limits: Option<Limits>,
}

/// The limits of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The largest `limit`.
    pub(crate) max: usize,
    /// The `limit` of a request that has none.
    pub(crate) default: usize,
}

/// The collection parameters of one request.
#[derive(Debug, Clone)]
pub(crate) struct CollectionQuery {
    /// Which rows are wanted; all if `None`.
    pub(crate) filter: Option<Filter>,
    /// In which order, the most significant field first; the order of the list if empty.
    pub(crate) sorters: Vec<Sorter>,
    /// At most how many rows.
    pub(crate) limit: usize,
    /// How many rows come before the first one wanted.
    pub(crate) offset: usize,
    /// Whether `X-Total-Count` is wanted.
    pub(crate) count: bool,
}

/// Collection parameters that ISC refuses with 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CollectionError {
    /// `filters` cannot be parsed.
    #[error("the \"filters\" parameter cannot be parsed: {problem}")]
    FilterSyntax {
        /// What is wrong and where.
        problem: ParseFilterError,
    },
    /// `filters` asks for a field, operator or value that the operation does not support.
    #[error("the \"filters\" parameter is not valid: {problem}")]
    FilterUnsupported {
        /// What is not supported.
        problem: UnsupportedFilter,
    },
    /// `sorters` is not a list of supported fields.
    #[error("the \"sorters\" parameter is not valid: {problem}")]
    Sorters {
        /// What is wrong.
        problem: SorterError,
    },
    /// `limit` or `offset` is no whole number, or out of its range.
    #[error(
        "the \"{parameter}\" parameter has to be a whole number from 0 to {max}, not \"{value}\""
    )]
    Number {
        /// The parameter.
        parameter: &'static str,
        /// What it was.
        value: String,
        /// The largest number it may be.
        max: usize,
    },
    /// `count` is neither `true` nor `false`.
    #[error("the \"count\" parameter has to be true or false, not \"{value}\"")]
    Count {
        /// What it was.
        value: String,
    },
}

impl CollectionQuery {
    /// Reads the collection parameters among the (decoded) query parameters of a request.
    ///
    /// Other parameters are left alone, an empty one counts as absent, and of a repeated one the
    /// first counts.
    pub(crate) fn parse<K: AsRef<str>, V: AsRef<str>>(
        parameters: &[(K, V)],
        rules: &CollectionRules,
    ) -> Result<Self, CollectionError> {
        let value = |name: &str| {
            let (_, value) = parameters.iter().find(|(key, _)| key.as_ref() == name)?;
            Some(value.as_ref().trim()).filter(|value| !value.is_empty())
        };
        let filter = match value("filters") {
            Some(text) if !rules.filters.is_empty() => Some(filter(text, rules.filters)?),
            _ => None,
        };
        let sorters = match value("sorters") {
            Some(text) if !rules.sorters.is_empty() => sorters::parse(text, rules.sorters)
                .map_err(|problem| CollectionError::Sorters { problem })?,
            _ => Vec::new(),
        };
        let Some(limits) = rules.limits else {
            return Ok(Self {
                filter,
                sorters,
                limit: usize::MAX,
                offset: 0,
                count: false,
            });
        };
        // Offsets are 32 bits wide and signed in the description.
        let max_offset = usize::try_from(i32::MAX).unwrap_or(usize::MAX);
        Ok(Self {
            filter,
            sorters,
            limit: number("limit", value("limit"), limits.default, limits.max)?,
            offset: number("offset", value("offset"), 0, max_offset)?,
            count: match value("count") {
                None => false,
                // Some clients write `True`.
                Some(text) if text.eq_ignore_ascii_case("false") => false,
                Some(text) if text.eq_ignore_ascii_case("true") => true,
                Some(other) => {
                    return Err(CollectionError::Count {
                        value: other.to_owned(),
                    });
                }
            },
        })
    }
}

impl CollectionQuery {
    /// The values of which `field` must equal one, if the filter demands that; each of them once.
    pub(crate) fn one_of(&self, field: &str) -> Option<Vec<&str>> {
        let mut values = self.filter.as_ref()?.one_of(field)?;
        values.sort_unstable();
        values.dedup();
        Some(values)
    }
}

fn filter(text: &str, fields: &[FilterField]) -> Result<Filter, CollectionError> {
    let expression = text
        .parse()
        .map_err(|problem| CollectionError::FilterSyntax { problem })?;
    Filter::new(expression, fields)
        .map_err(|problem| CollectionError::FilterUnsupported { problem })
}

fn number(
    parameter: &'static str,
    value: Option<&str>,
    default: usize,
    max: usize,
) -> Result<usize, CollectionError> {
    let Some(value) = value else {
        return Ok(default);
    };
    value
        .parse()
        .ok()
        .filter(|number| *number <= max)
        .ok_or_else(|| CollectionError::Number {
            parameter,
            value: value.to_owned(),
            max,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(parameters: &[(&str, &str)]) -> Result<CollectionQuery, CollectionError> {
        CollectionQuery::parse(parameters, &ACCOUNTS)
    }

    #[test]
    fn absent_parameters_have_defaults() {
        for parameters in [
            &[][..],
            &[("filters", " "), ("limit", ""), ("detailLevel", "FULL")],
        ] {
            let query = parse(parameters).expect("defaults");
            assert!(query.filter.is_none() && query.sorters.is_empty() && !query.count);
            assert_eq!((query.limit, query.offset), (250, 0));
        }
    }

    #[test]
    fn bad_parameters_are_refused() {
        let table = [
            (
                "limit",
                "251",
                "\"limit\" parameter has to be a whole number from 0 to 250",
            ),
            ("limit", "-1", "not \"-1\""),
            ("limit", "ten", "not \"ten\""),
            ("offset", "-1", "\"offset\""),
            ("offset", "99999999999", "\"offset\""),
            ("count", "yes", "true or false"),
            ("sorters", "name,nope", "\"nope\""),
            ("filters", "name eq", "at character 8"),
            (
                "filters",
                "name co \"x\"",
                "\"co\" is not supported for \"name\"",
            ),
        ];
        for (name, value, part) in table {
            let error = parse(&[(name, value)]).expect_err(value).to_string();
            assert!(error.contains(part), "{name}={value}: {error}");
        }
    }

    #[test]
    fn parameters_that_a_list_lacks_are_ignored() {
        let parameters = [("filters", "!"), ("sorters", "!"), ("limit", "7")];
        let query = CollectionQuery::parse(&parameters, &PLAIN);
        assert!(query.is_ok_and(|query| query.filter.is_none() && query.sorters.is_empty()));
        let unpaged = CollectionQuery::parse(&[("limit", "!")], &PERSONAL_ACCESS_TOKENS);
        assert!(unpaged.is_ok_and(|query| query.limit == usize::MAX));
    }
}

//! Parses the `filters` of a search body.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::bounds::bound;
use super::query::{Query, Term};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    #[serde(rename = "type")]
    kind: Kind,
    range: Option<Range>,
    terms: Option<Vec<String>>,
    #[serde(default)]
    exclude: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    Exists,
    Range,
    Terms,
}

#[derive(Deserialize)]
struct Range {
    lower: Option<End>,
    upper: Option<End>,
}

#[derive(Deserialize)]
struct End {
    value: String,
    #[serde(default)]
    inclusive: bool,
}

/// What the filters leave; all of them have to agree.
pub(super) fn filters(
    filters: Option<&Value>,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Vec<Query>, String> {
    let Some(Value::Object(filters)) = filters.filter(|filters| !filters.is_null()) else {
        return match filters {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(_) => Err("filters must be an object".into()),
        };
    };
    filters
        .iter()
        .map(|(field, filter)| {
            let filter: Filter = serde_json::from_value(filter.clone()).map_err(|_| {
                format!("the filter of {field} has no known type, or not its parts")
            })?;
            let query = match filter.kind {
                Kind::Exists => Query::Exists(field.clone()),
                Kind::Terms => Query::Or(
                    filter
                        .terms
                        .ok_or_else(|| format!("the filter of {field} has no terms"))?
                        .into_iter()
                        .map(|text| Query::Term {
                            field: Some(field.clone()),
                            term: Term::Whole(text),
                        })
                        .collect(),
                ),
                Kind::Range => {
                    let range = filter
                        .range
                        .ok_or_else(|| format!("the filter of {field} has no range"))?;
                    let end = |end: Option<End>, is_lower| {
                        end.map(|end| bound(&end.value, end.inclusive, is_lower, now, zone))
                            .transpose()
                    };
                    Query::Range {
                        field: field.clone(),
                        lower: end(range.lower, true)?,
                        upper: end(range.upper, false)?,
                    }
                }
            };
            Ok(if filter.exclude {
                Query::Not(Box::new(query))
            } else {
                query
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn finds(asked: &Value, document: &Value) -> Result<bool, String> {
        let now = "2026-05-06T12:00:00Z".parse().unwrap();
        let queries = filters(Some(asked), now, &TimeZone::UTC)?;
        Ok(queries.iter().all(|query| query.matches(document, &[])))
    }

    #[test]
    fn filters_leave_what_they_say() {
        let document = json!({"name": "a", "accountCount": 3, "created": "2024-06-01T00:00:00.000Z",
            "source": {"name": "HR Employees"}, "isManager": true});
        for (asked, expected) in [
            (json!({"name": {"type": "EXISTS"}}), true),
            (json!({"email": {"type": "EXISTS"}}), false),
            (json!({"email": {"type": "EXISTS", "exclude": true}}), true),
            (
                json!({"isManager": {"type": "TERMS", "terms": ["true"]}}),
                true,
            ),
            (
                json!({"source.name": {"type": "TERMS", "terms": ["HR"]}}),
                false,
            ),
            (
                json!({"source.name": {"type": "TERMS", "terms": ["HR Employees"], "exclude": true}}),
                false,
            ),
            (
                json!({"accountCount": {"type": "RANGE", "range": {"lower": {"value": "3"}}}}),
                false,
            ),
            (
                json!({"accountCount": {"type": "RANGE", "range": {"lower": {"value": "3", "inclusive": true}}},
                    "created": {"type": "RANGE", "range": {"lower": {"value": "2023-12-01", "inclusive": true},
                        "upper": {"value": "2025-01-01"}}}}),
                true,
            ),
        ] {
            assert_eq!(finds(&asked, &document), Ok(expected), "{asked}");
        }
        for wrong in [
            json!([]),
            json!({"a": {"type": "OTHER"}}),
            json!({"a": {"type": "TERMS"}}),
            json!({"a": {"type": "RANGE"}}),
        ] {
            assert!(finds(&wrong, &document).is_err(), "{wrong}");
        }
    }
}

//! Handlers of `/search/v1`: searches over identities.
//!
//! Queries are those of the search language and filters; other kinds of queries are refused, and
//! other indices than identities are empty.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::document::{document, included, is_field};
use super::query::Query;
use super::subject::{IdentitySubject, Subject, text_of};
use super::{filters, parser};
use crate::api::call::{Answer, Call};
use crate::api::handler::Handler;
use crate::collection::{self, CollectionQuery};
use crate::errors::Refusal;
use crate::shapes;
use crate::tenant::Tenant;

pub(in crate::api) const HANDLERS: &[(&str, Handler)] = &[
    ("searchPostV1", search),
    ("searchCountV1", count),
    (crate::newer::SEARCH_EVENTS, search_events),
];

const INDICES: [&str; 7] = [
    "accessprofiles",
    "accountactivities",
    "entitlements",
    "events",
    "identities",
    "roles",
    "*",
];

fn search(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    search_for(call, &body)
}

/// The search of older roots, which is for events without saying so.
fn search_events(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut body = call.json()?;
    shapes::check_body("searchPostV1", &body)?;
    if let Value::Object(fields) = &mut body {
        fields.insert("indices".to_owned(), serde_json::json!(["events"]));
    }
    search_for(call, &body)
}

fn search_for(call: &mut Call<'_>, body: &Value) -> Result<Answer, Refusal> {
    let page = CollectionQuery::parse(call.query, &collection::SEARCH)
        .map_err(|error| Refusal::illegal_value(error.to_string()))?;
    let asked = asked(body, call.tenant.now())?;
    let sorters = sorters(body)?;
    let ids = found(call, body, asked.as_ref(), &sorters);
    let after = match body.get("searchAfter").filter(|after| !after.is_null()) {
        None => 0,
        Some(after) => {
            let after: Vec<String> = serde_json::from_value(after.clone())
                .map_err(|_| Refusal::illegal_value("searchAfter must be a list of texts."))?;
            if after.len() != sorters.len() || sorters.is_empty() {
                return Err(Refusal::illegal_value(
                    "searchAfter must have one value for each entry of sort.",
                ));
            }
            ids.partition_point(|id| {
                let keys = document_of(call.tenant, id).map(|found| keys(&sorters, &found));
                keys.is_some_and(|keys| compare(&sorters, &keys, &after) != Ordering::Greater)
            })
        }
    };
    let left = ids.len() - after;
    let limit = if call.behaviour.short_page {
        page.limit.min(left).div_ceil(2)
    } else {
        page.limit
    };
    let rows = ids
        .iter()
        .skip(after.saturating_add(page.offset))
        .take(limit)
        .filter_map(|id| document_of(call.tenant, id))
        .map(|document| included(document, body))
        .collect();
    let answer = Answer::ok(Value::Array(rows));
    let drift = usize::from(call.behaviour.changing_total) * (1 + page.offset % 7);
    Ok(if page.count {
        answer.with_header("x-total-count", (ids.len() + drift).to_string())
    } else {
        answer
    })
}

fn count(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let asked = asked(&body, call.tenant.now())?;
    let total = found(call, &body, asked.as_ref(), &[]).len();
    Ok(Answer::no_content().with_header("x-total-count", total.to_string()))
}

/// The ids of the identities that are found, in order; they are remembered for the next page.
fn found(
    call: &mut Call<'_>,
    body: &Value,
    asked: Option<&Asked>,
    sorters: &[Sorter],
) -> Arc<Vec<String>> {
    // The index of real tenants lags behind; this one does not.
    let mut key = format!(
        "\u{3}{}\u{3}{}\u{3}{}\u{3}{}",
        body["indices"], body["query"], body["filters"], body["sort"]
    );
    if asked.is_some_and(|asked| asked.is_relative_to_now) {
        key.push_str(&call.tenant.now().to_string());
    }
    if asked.is_some_and(|asked| asked.events) {
        // Events are no change of the tenant, so its generation does not tell.
        key.push_str(&call.tenant.audit.count().to_string());
    }
    call.remembered(&key, |tenant| {
        let Some(asked) = asked else {
            return Vec::new();
        };
        let take = |subject: &dyn Subject, id: &str| {
            asked
                .matches(subject)
                .then(|| (keys(sorters, subject), id.to_owned()))
        };
        let mut found: Vec<(Vec<String>, String)> = Vec::new();
        if asked.identities {
            let all = tenant.identities.all();
            found.extend(all.filter_map(|one| take(&IdentitySubject::new(tenant, one), &one.id)));
        }
        if asked.events {
            let all = tenant.audit.all();
            found.extend(all.filter_map(|one| take(&one.document(&tenant.org), &one.id())));
        }
        if !sorters.is_empty() {
            found.sort_by(|(left, _), (right, _)| compare(sorters, left, right));
        }
        found.into_iter().map(|(_, id)| id).collect()
    })
}

/// The document with this id, of an identity or an event.
fn document_of(tenant: &Tenant, id: &str) -> Option<Value> {
    if let Some(identity) = tenant.identities.get(id) {
        return Some(document(tenant, identity));
    }
    let event = tenant.audit.all().find(|event| event.id() == id)?;
    Some(event.document(&tenant.org))
}

/// A parsed search.
struct Asked {
    identities: bool,
    events: bool,
    query: Query,
    filters: Vec<Query>,
    /// The fields to search for words without a field; if empty, the default fields.
    fields: Vec<String>,
    is_relative_to_now: bool,
}

impl Asked {
    fn matches(&self, subject: &dyn Subject) -> bool {
        self.query.matches(subject, &self.fields)
            && self
                .filters
                .iter()
                .all(|filter| filter.matches(subject, &[]))
    }
}

/// The parsed search, unless all its indices are empty in the simulator.
fn asked(body: &Value, now: Timestamp) -> Result<Option<Asked>, Refusal> {
    let indices: Vec<String> = match body.get("indices") {
        // Without any, all are searched.
        None | Some(Value::Null) => vec!["*".to_owned()],
        Some(list) => serde_json::from_value(list.clone())
            .map_err(|_| Refusal::illegal_value("indices must be a list of texts."))?,
    };
    for index in &indices {
        if !INDICES.contains(&index.as_str()) {
            return Err(Refusal::illegal_value(format!(
                "There is no index {index:?}."
            )));
        }
    }
    if body
        .get("queryType")
        .and_then(Value::as_str)
        .is_some_and(|kind| kind != "SAILPOINT")
    {
        return Err(Refusal::bad_request(
            "The simulator searches by queries of the type SAILPOINT only.",
        ));
    }
    // A search that asks for nothing is a mistake, and not one for everything.
    for path in ["/indices", "/query", "/query/query", "/filters", "/sort"] {
        if body.pointer(path).is_some_and(Value::is_null) {
            let field = path.trim_start_matches('/').replace('/', ".");
            return Err(Refusal::illegal_value(format!(
                "{field} must have a value, or be left out."
            )));
        }
    }
    let query = body.get("query").unwrap_or(&Value::Null);
    if query.get("innerHit").is_some_and(|hit| !hit.is_null()) {
        return Err(Refusal::bad_request(
            "The simulator gives whole documents, and knows no innerHit.",
        ));
    }
    let zone = match query.get("timeZone").and_then(Value::as_str) {
        None => TimeZone::UTC,
        Some(name) => TimeZone::get(name)
            .map_err(|_| Refusal::illegal_value(format!("There is no time zone {name:?}.")))?,
    };
    let text = query.get("query").and_then(Value::as_str).unwrap_or("*");
    let unreadable =
        |error| Refusal::illegal_value(format!("The query cannot be parsed: {error}."));
    let filters = filters::filters(body.get("filters"), now, &zone).map_err(unreadable)?;
    let has = |name: &str| indices.iter().any(|index| index == name);
    let (identities, events) = (has("identities") || has("*"), has("events"));
    let asked = Asked {
        identities,
        events,
        query: parser::parse(text, now, &zone).map_err(unreadable)?,
        is_relative_to_now: text.contains("now") || body["filters"].to_string().contains("now"),
        filters,
        fields: fields_of(query.get("fields"))?,
    };
    Ok((identities || events).then_some(asked))
}

/// The fields: the description says a text with commas, its example a list.
fn fields_of(fields: Option<&Value>) -> Result<Vec<String>, Refusal> {
    let texts: Vec<String> = match fields {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::String(text)) => vec![text.clone()],
        Some(list) => serde_json::from_value(list.clone())
            .map_err(|_| Refusal::illegal_value("fields must be texts."))?,
    };
    Ok(texts
        .iter()
        .flat_map(|text| text.split(','))
        .map(|field| field.trim().to_owned())
        .filter(|field| !field.is_empty())
        .collect())
}

struct Sorter {
    field: String,
    descending: bool,
}

impl Sorter {
    /// The numbers of an identity's document are counts.
    fn is_number(&self) -> bool {
        self.field.ends_with("Count")
    }
}

fn sorters(body: &Value) -> Result<Vec<Sorter>, Refusal> {
    let list: Vec<String> = match body.get("sort") {
        None | Some(Value::Null) => Vec::new(),
        Some(list) => serde_json::from_value(list.clone())
            .map_err(|_| Refusal::illegal_value("sort must be a list of texts."))?,
    };
    list.iter()
        .map(|entry| {
            let descending = entry.starts_with('-');
            let field = entry.trim_start_matches(['-', '+']).to_owned();
            if !is_field(&field) {
                return Err(Refusal::illegal_value(format!(
                    "Documents have no field {field:?} to sort by."
                )));
            }
            Ok(Sorter { field, descending })
        })
        .collect()
}

/// The values that a document is sorted by, as `searchAfter` writes them.
fn keys(sorters: &[Sorter], subject: &dyn Subject) -> Vec<String> {
    sorters
        .iter()
        .map(|sorter| {
            let mut key = String::new();
            subject.any(&sorter.field, &mut |leaf| {
                key = text_of(leaf);
                true
            });
            key
        })
        .collect()
}

fn compare(sorters: &[Sorter], left: &[String], right: &[String]) -> Ordering {
    sorters
        .iter()
        .zip(left.iter().zip(right))
        .map(|(sorter, (left, right))| {
            let order = match (sorter.is_number(), left.parse(), right.parse()) {
                (true, Ok(left), Ok(right)) => f64::total_cmp(&left, &right),
                _ => left.cmp(right),
            };
            if sorter.descending {
                order.reverse()
            } else {
                order
            }
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

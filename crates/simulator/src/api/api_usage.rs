//! Handlers of `/api-usage/v1`: how often the API was called, from the request log.

use std::collections::BTreeMap;

use serde_json::json;

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::collection::{self, CollectionQuery};
use crate::errors::Refusal;
use crate::filter::{self, Fields};
use crate::request_log::LoggedRequest;

pub(super) const HANDLERS: &[(&str, Handler)] =
    &[("getTotalCountV1", count), ("listApiSummaryV1", summary)];

fn count(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let calls: u64 = usage(call)?.values().sum();
    Ok(Answer::ok(json!(calls)))
}

fn summary(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut usage: Vec<(&str, u64)> = usage(call)?.into_iter().collect();
    // What was called most comes first.
    usage.sort_by_key(|(_, calls)| std::cmp::Reverse(*calls));
    let rows = usage
        .into_iter()
        .map(|(path, calls)| json!({"RequestedUri": path, "NumberOfCalls": calls}));
    Ok(Answer::ok(rows.collect()))
}

/// The number of calls per path of the description that the filter leaves.
fn usage(call: &Call<'_>) -> Result<BTreeMap<&'static str, u64>, Refusal> {
    let query = CollectionQuery::parse(call.query, &collection::API_USAGE)
        .map_err(|error| Refusal::illegal_value(error.to_string()))?;
    let paths: BTreeMap<&str, &'static str> = crate::newer::operations()
        .map(|operation| (operation.id, operation.path))
        .collect();
    let mut usage = BTreeMap::new();
    for request in call.log.all() {
        let path = (request.operation.as_deref()).and_then(|id| paths.get(id));
        let is_meant = (query.filter.as_ref()).is_none_or(|filter| filter.matches(&Row(request)));
        if let Some(path) = path.filter(|_| is_meant) {
            *usage.entry(*path).or_insert(0) += 1;
        }
    }
    Ok(usage)
}

struct Row<'a>(&'a LoggedRequest);

impl Fields for Row<'_> {
    fn field(&self, name: &str) -> Option<filter::Value<'_>> {
        match name {
            "method" => Some(filter::Value::Text(&self.0.method)),
            "startDate" | "endDate" => Some(filter::Value::Date(self.0.time)),
            _ => None,
        }
    }
}

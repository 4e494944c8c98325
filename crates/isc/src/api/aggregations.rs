//! `/task-status/v1`: how many accounts the last aggregation of a source read.

use super::identities;
use crate::filter;
use crate::timestamp::IscTimestamp;
use crate::transport::{Call, Client};
use jiff::{SignedDuration, Timestamp};
use model::{Aggregations, LastAggregation, SourceId, TenantError};
use serde::Deserialize;
use serde_json::Value;

/// How long the identity of a deleted account can still exist: ISC removes it at a
/// later identity refresh, which comes at least once a day.
const LINGERING: SignedDuration = SignedDuration::from_hours(48);

/// How many of the latest aggregations are read.
const LATEST: usize = 50;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AggregationBody {
    #[serde(default)]
    created: Option<IscTimestamp>,
    #[serde(default)]
    completed: Value,
    #[serde(default)]
    completion_status: Option<String>,
    #[serde(default)]
    attributes: Value,
}

impl AggregationBody {
    /// A count in the attributes, which ISC writes as text.
    fn count(&self, name: &str) -> Option<u64> {
        let value = self.attributes.get(name)?;
        value
            .as_u64()
            .or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// Whether it read the source to its end.
    fn has_read(&self) -> bool {
        let status = self.completion_status.as_deref().unwrap_or_default();
        !self.completed.is_null()
            && (status.eq_ignore_ascii_case("SUCCESS") || status.eq_ignore_ascii_case("WARNING"))
    }

    fn is_after(&self, time: Timestamp) -> bool {
        self.created
            .is_some_and(|IscTimestamp(created)| created > time)
    }
}

/// The aggregations of a source that ISC remembers. ISC forgets tasks after 90 days.
pub(crate) async fn of_source(
    client: &Client,
    source: &SourceId,
) -> Result<Aggregations, TenantError> {
    let doing = format!(
        "reading the aggregations of the source {}",
        client.source_label(source)
    );
    let filters = filter::both(
        &filter::equals("sourceId", source.as_str()),
        &filter::equals("type", "CLOUD_ACCOUNT_AGGREGATION"),
    );
    let call = Call::get(&["task-status", "v1"], doing)
        .query("filters", filters)
        .query("sorters", "-created")
        .query("limit", LATEST.to_string());
    let tasks: Vec<AggregationBody> = client.send(&call).await?.json()?;
    let mut last = last(&tasks, client.began());
    if let Some(last) = &mut last
        && last.deleted_lately > 0
    {
        last.without_account = identities::without_account(client).await;
    }
    Ok(Aggregations::Read(last))
}

/// The last one that read the source; none without one that states its total.
fn last(tasks: &[AggregationBody], now: Timestamp) -> Option<LastAggregation> {
    let has_read = || tasks.iter().filter(|task| task.has_read());
    let since = now - LINGERING;
    Some(LastAggregation {
        total: has_read().find_map(|task| task.count("total"))?,
        deleted_lately: has_read()
            .filter(|task| task.is_after(since))
            .filter_map(|task| task.count("deleted"))
            .sum(),
        without_account: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tenants_01_the_last_aggregation_that_read_the_source_counts() {
        let task = |created: &str, status: Option<&str>, attributes: Value| -> AggregationBody {
            let completed = status.map(|_| created);
            serde_json::from_value(json!({
                "id": "t", "created": created, "completed": completed,
                "completionStatus": status, "attributes": attributes,
            }))
            .unwrap()
        };
        let now: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
        let (today, long_ago) = ("2026-03-10T11:00:00Z", "2026-03-01T11:00:00Z");
        let counts = |total: &str, deleted: u64| json!({"total": total, "deleted": deleted});
        let found = |total, deleted_lately| {
            Some(LastAggregation {
                total,
                deleted_lately,
                without_account: None,
            })
        };
        let table = [
            (vec![], None),
            (
                vec![task(today, Some("SUCCESS"), counts("38", 2))],
                found(38, 2),
            ),
            (
                vec![task(long_ago, Some("Warning"), counts("38", 2))],
                found(38, 0),
            ),
            (
                vec![
                    task(today, None, json!({})),
                    task(today, Some("ERROR"), counts("3", 9)),
                    task(today, Some("SUCCESS"), counts("37", 1)),
                    task(today, Some("success"), counts("38", 2)),
                ],
                found(37, 3),
            ),
            (
                vec![task(today, Some("SUCCESS"), json!({"appId": "s"}))],
                None,
            ),
            (vec![task(today, Some("CANCELLED"), counts("3", 9))], None),
        ];
        for (tasks, expected) in table {
            assert_eq!(last(&tasks, now), expected, "{tasks:?}");
        }
    }
}

//! `/authorization/v1/user-levels`: holders of user levels.
//!
//! The operations are experimental, and only for administrators.

use crate::incomplete::incomplete;
use crate::transport::{Body, Call, Client, Listing, Row};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use model::{Collection, IdentityId, Incomplete, IncompleteReason, TenantError, UserLevel};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How many levels can be counted in one request, by the description.
pub(crate) const COUNTED_AT_ONCE: usize = 50;

/// How many identities a page of holders has, by the description.
pub(crate) const HOLDERS_A_PAGE: u64 = 250;

#[derive(Deserialize)]
struct CountBody {
    id: UserLevel,
    count: u64,
}

/// How many identities hold each of these levels. Partial where the response lacks
/// some of them, or levels exist that are not among these.
pub(crate) async fn counts(
    client: &Client,
    levels: &BTreeSet<&UserLevel>,
) -> Result<Collection<BTreeMap<UserLevel, u64>>, TenantError> {
    let levels: Vec<&UserLevel> = levels.iter().copied().collect();
    let batches: Vec<Value> = levels
        .chunks(COUNTED_AT_ONCE)
        .map(|batch| json!(batch))
        .collect();
    let answers: Vec<(Vec<CountBody>, Option<u64>)> = stream::iter(batches)
        .map(|batch| count(client, batch))
        .buffered(client.parallel())
        .try_collect()
        .await?;
    let said = answers.iter().filter_map(|(_, total)| *total).max();
    let rows = answers.into_iter().flat_map(|(rows, _)| rows);
    let found = rows.map(|row| (row.id, row.count)).collect();
    Ok(match check(&levels, &found, said) {
        Ok(()) => Collection::Complete(found),
        Err(why) => Collection::Partial { found, why },
    })
}

/// The same with a request for each level, for a tenant that rejects the count
/// because it does not have one of them: a level that is rejected by itself, while
/// others are counted, does not exist and has no holders.
pub(crate) async fn counts_one_by_one(
    client: &Client,
    levels: &BTreeSet<&UserLevel>,
) -> Result<Collection<BTreeMap<UserLevel, u64>>, TenantError> {
    let levels: Vec<UserLevel> = levels.iter().map(|level| (*level).clone()).collect();
    let answers: Vec<_> = stream::iter(levels)
        .map(|level| async move {
            let answer = count(client, json!([level])).await;
            (level, answer)
        })
        .buffered(client.parallel())
        .collect()
        .await;
    let mut known = Vec::new();
    let mut found = BTreeMap::new();
    let mut said = None;
    let mut refused = None;
    for (level, answer) in answers {
        match answer {
            Ok((rows, total)) => {
                found.extend(rows.into_iter().map(|row| (row.id, row.count)));
                said = said.max(total);
                known.push(level);
            }
            Err(error) => match incomplete(error)? {
                why if why.reason == IncompleteReason::Refused => refused = Some(why),
                why => return Ok(Collection::Partial { found, why }),
            },
        }
    }
    let asked: Vec<&UserLevel> = known.iter().collect();
    let checked = match refused {
        Some(why) if known.is_empty() => Err(why),
        _ => check(&asked, &found, said),
    };
    Ok(match checked {
        Ok(()) => Collection::Complete(found),
        Err(why) => Collection::Partial { found, why },
    })
}

async fn count(
    client: &Client,
    levels: Value,
) -> Result<(Vec<CountBody>, Option<u64>), TenantError> {
    let path = ["authorization", "v1", "user-levels", "get-identity-count"];
    let doing = "counting who holds each user level";
    let call = Call::post(&path, Body::Json(levels), doing)
        .experimental()
        .changing_nothing()
        .idempotent();
    let answer = client.send(&call).await?;
    let rows = answer.json::<Vec<CountBody>>()?;
    Ok((rows, answer.total()))
}

/// Checks that the counts cover all levels that are held. ISC describes the total as
/// "the number of user levels assigned to identities": a number of levels, or of
/// assignments. A total that fits neither means that other levels are held.
fn check(
    asked: &[&UserLevel],
    found: &BTreeMap<UserLevel, u64>,
    said: Option<u64>,
) -> Result<(), Incomplete> {
    if let Some(level) = asked.iter().find(|level| !found.contains_key(**level)) {
        return Err(Incomplete {
            reason: IncompleteReason::ShortPage,
            detail: format!("the response has no count for the user level {level}"),
            call: None,
        });
    }
    // A tenant can state any number.
    let assigned = found
        .values()
        .fold(0_u64, |sum, count| sum.saturating_add(*count));
    let levels = u64::try_from(found.len()).unwrap_or(u64::MAX);
    match said {
        Some(total) if total > levels && total != assigned => Err(Incomplete {
            reason: IncompleteReason::TotalMismatch,
            detail: format!(
                "the stated total of assigned user levels is {total}, but {levels} levels with {assigned} holders are known"
            ),
            call: None,
        }),
        _ => Ok(()),
    }
}

#[derive(Deserialize)]
struct HolderBody {
    /// The identity's id.
    id: String,
}

impl Row for HolderBody {
    fn key(&self) -> &str {
        &self.id
    }
}

/// The identities that hold a level; `at_least` is their count from before.
pub(crate) async fn holders(
    client: &Client,
    level: &UserLevel,
    at_least: u64,
) -> Result<Collection<Vec<IdentityId>>, TenantError> {
    let path = [
        "authorization",
        "v1",
        "user-levels",
        level.as_str(),
        "identities",
    ];
    let doing = format!("reading who holds the user level {level}");
    let listing = Listing::new(Call::get(&path, doing).experimental(), "displayName");
    let read = client.list::<HolderBody>(&listing).await?;
    let read =
        read.map(|rows| -> Vec<IdentityId> { rows.into_iter().map(|row| row.id.into()).collect() });
    Ok(match read {
        Collection::Complete(ids) if u64::try_from(ids.len()).is_ok_and(|n| n < at_least) => {
            let detail = format!(
                "{} holders of {level} were read, but {at_least} were counted",
                ids.len()
            );
            Collection::Partial {
                found: ids,
                why: Incomplete {
                    reason: IncompleteReason::TotalMismatch,
                    detail,
                    call: None,
                },
            }
        }
        read => read,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_of_all_levels_or_said_not_to_be() {
        type Case = (
            &'static [(&'static str, u64)],
            Option<u64>,
            Option<IncompleteReason>,
        );
        let levels: Vec<UserLevel> = ["A", "B", "C"].map(UserLevel::from).into();
        let asked: Vec<&UserLevel> = levels.iter().collect();
        let table: [Case; 8] = [
            (&[("A", 1), ("B", 0), ("C", 9)], None, None),
            (&[("A", 1), ("B", 0), ("C", 9)], Some(2), None),
            (&[("A", 1), ("B", 0), ("C", 9)], Some(3), None),
            (&[("A", 1), ("B", 0), ("C", 9)], Some(10), None),
            (
                &[("A", 1), ("B", 0), ("C", 9)],
                Some(4),
                Some(IncompleteReason::TotalMismatch),
            ),
            (
                &[("A", 1), ("C", 9)],
                None,
                Some(IncompleteReason::ShortPage),
            ),
            // The largest numbers are counted, too.
            (
                &[("A", u64::MAX), ("B", u64::MAX), ("C", 9)],
                Some(4),
                Some(IncompleteReason::TotalMismatch),
            ),
            // One that was not asked for is known all the same.
            (&[("A", 1), ("B", 0), ("C", 0), ("D", 2)], Some(4), None),
        ];
        for (found, said, reason) in table {
            let found = found.iter().map(|(id, n)| ((*id).into(), *n)).collect();
            let why = check(&asked, &found, said).err().map(|why| why.reason);
            assert_eq!(why, reason, "{found:?} of {said:?}");
        }
    }
}

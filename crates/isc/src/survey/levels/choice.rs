//! Chooses how user levels are read, and reads them.

use super::{Overview, by_account, by_holders};
use crate::api::user_levels::HOLDERS_A_PAGE;
use crate::transport::Client;
use model::{Collection, IdentityId, IdentityNames, Incomplete, LiveUser, TenantError, UserLevel};
use std::collections::{BTreeMap, BTreeSet};

/// The expected levels of identities. Several accounts of one identity can each
/// expect other levels.
pub(in crate::survey) type Expected<'a> = BTreeMap<IdentityId, Vec<&'a BTreeSet<UserLevel>>>;

/// Levels by identity, and the names of those that were read one by one.
#[derive(Debug, Default)]
pub(in crate::survey) struct Levels {
    pub(in crate::survey) held: BTreeMap<IdentityId, Collection<BTreeSet<UserLevel>>>,
    pub(in crate::survey) names: BTreeMap<IdentityId, IdentityNames>,
    /// Of the identities that nothing is expected of.
    pub(in crate::survey) listed: Listed,
}

impl Levels {
    fn of(users: BTreeMap<IdentityId, Collection<LiveUser>>) -> Self {
        let mut levels = Self::default();
        for (identity, user) in users {
            if let Ok(user) = user.complete() {
                levels.names.insert(identity.clone(), user.names.clone());
            }
            levels.held.insert(identity, user.map(|user| user.levels));
        }
        levels
    }
}

/// Reads the levels of these identities.
///
/// Where lists of holders are read, `others` are taken from them, too; no request is sent
/// for these.
///
/// Lists of holders are read for all levels that exist, so they show undeclared
/// levels, too. Where they show a difference, the identity itself is read, or 50 of them:
/// a list can lag behind or be incomplete, and a write replaces all levels at once.
pub(in crate::survey) async fn read(
    client: &Client,
    overview: &Overview,
    expected: &Expected<'_>,
    others: &BTreeSet<IdentityId>,
) -> Result<Levels, TenantError> {
    let Some(counts) = overview.counts.as_ref().filter(|counts| {
        let accounts = u64::try_from(expected.len()).unwrap_or(u64::MAX);
        pages(counts) < accounts
    }) else {
        return by_account::read(client, expected.keys().cloned().collect())
            .await
            .map(Levels::of);
    };
    let whose: BTreeSet<&IdentityId> = expected.keys().chain(others).collect();
    match by_holders::read(client, counts, &whose).await? {
        by_holders::Read::Whole(mut levels) => {
            let listed_others = others
                .iter()
                .filter_map(|identity| levels.remove_entry(identity))
                .collect();
            let (same, differing): (BTreeMap<_, _>, BTreeMap<_, _>) = levels
                .into_iter()
                .partition(|(identity, levels)| is_expected(expected, identity, levels));
            let (read, listed, agrees) = checked(client, differing).await?;
            let mut levels = Levels::of(read);
            // Lists that were wrong about one identity are not believed about others.
            if agrees {
                levels.listed = listed_others;
            }
            levels.held.extend(
                same.into_iter()
                    .chain(listed)
                    .map(|(id, held)| (id, Collection::Complete(held))),
            );
            Ok(levels)
        }
        by_holders::Read::Refused(why) => {
            tracing::debug!(%why, "levels are read one by one");
            by_account::read(client, expected.keys().cloned().collect())
                .await
                .map(Levels::of)
        }
        by_holders::Read::Unanswered(why) => Ok(unanswered(expected, &why)),
    }
}

/// Levels by identity, as the lists show them.
pub(in crate::survey) type Listed = BTreeMap<IdentityId, BTreeSet<UserLevel>>;

/// Reads the identities whose levels differ, up to 50 of them. Where they agree with the
/// lists, which is returned, too, the lists are right about the others; apply compares each
/// again.
async fn checked(
    client: &Client,
    mut listed: Listed,
) -> Result<(BTreeMap<IdentityId, Collection<LiveUser>>, Listed, bool), TenantError> {
    const SINGLY: usize = 50;
    let some = listed.keys().take(SINGLY).cloned().collect();
    let mut read = by_account::read(client, some).await?;
    let agrees = read.iter().all(|(identity, user)| {
        let held = user.complete().ok().map(|user| &user.levels);
        held.is_some() && held == listed.get(identity)
    });
    listed.retain(|identity, _| !read.contains_key(identity));
    if !agrees {
        let others = std::mem::take(&mut listed).into_keys().collect();
        read.extend(by_account::read(client, others).await?);
    }
    Ok((read, listed, agrees))
}

/// How many requests the lists of holders take.
pub(super) fn pages(counts: &BTreeMap<UserLevel, u64>) -> u64 {
    counts
        .values()
        .map(|holders| holders.div_ceil(HOLDERS_A_PAGE))
        .sum()
}

fn is_expected(expected: &Expected<'_>, identity: &IdentityId, held: &BTreeSet<UserLevel>) -> bool {
    expected
        .get(identity)
        .is_some_and(|expected| expected.iter().all(|levels| *levels == held))
}

fn unanswered(expected: &Expected<'_>, why: &Incomplete) -> Levels {
    let unread = |identity: &IdentityId| {
        let read = Collection::unread(why.reason, why.detail.clone());
        (identity.clone(), read)
    };
    Levels {
        held: expected.keys().map(unread).collect(),
        names: BTreeMap::new(),
        listed: Listed::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_for_each_level_that_is_held() {
        for (counts, expected) in [
            (vec![], 0),
            (vec![0, 0], 0),
            (vec![1, 0, 250], 2),
            (vec![251, 1_000], 6),
        ] {
            let counts = counts
                .into_iter()
                .enumerate()
                .map(|(index, count)| (format!("L{index}").into(), count))
                .collect();
            assert_eq!(pages(&counts), expected, "{counts:?}");
        }
    }
}

//! Overview of user levels: which exist, and how many identities hold each.

use crate::api::{custom_user_levels, user_levels};
use crate::incomplete::unread;
use crate::transport::Client;
use model::{Collection, IncompleteReason, TenantError, UserLevel, Wanted};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the levels before those of identities are read.
#[derive(Debug)]
pub(in crate::survey) struct Overview {
    /// The tenant's own levels that can be granted, where the spec needs them.
    pub(in crate::survey) custom: Collection<BTreeSet<UserLevel>>,
    /// How many identities hold each level; none where lists of holders would not
    /// save requests, or cannot be read.
    pub(super) counts: Option<BTreeMap<UserLevel, u64>>,
}

/// Reads the tenant's own levels and counts the holders of all levels, where
/// that may save requests.
pub(in crate::survey) async fn overview(
    client: &Client,
    wanted: &Wanted,
) -> Result<Overview, TenantError> {
    let names_own = !wanted.unknown_levels.is_empty();
    let may_save = lists_may_save(wanted);
    let own = if names_own || may_save {
        custom_user_levels::read(client).await.or_else(unread)?
    } else {
        Collection::Complete(Vec::new())
    };
    let counts = match own.complete() {
        Ok(own) if may_save => {
            let own = own.iter().map(|level| &level.id);
            let all: BTreeSet<&UserLevel> = wanted.known_levels.iter().chain(own).collect();
            client.remember_levels(&all);
            let counts = counts(client, &all, one_by_one(wanted)).await?;
            counts
                .complete()
                .inspect_err(|why| tracing::debug!(%why, "levels are read one by one"))
                .ok()
                .cloned()
        }
        Ok(_) => None,
        Err(why) => {
            tracing::debug!(%why, "levels are read one by one");
            None
        }
    };
    let custom = if names_own {
        grantable(own)
    } else {
        Collection::Complete(BTreeSet::new())
    };
    Ok(Overview { custom, counts })
}

/// Counts the holders of each of these levels. The catalog can contain levels that
/// the tenant does not have; then one request for each level is worth it, if there
/// are many more accounts.
async fn counts(
    client: &Client,
    all: &BTreeSet<&UserLevel>,
    accounts: usize,
) -> Result<Collection<BTreeMap<UserLevel, u64>>, TenantError> {
    let counts = user_levels::counts(client, all).await.or_else(unread)?;
    match counts.complete() {
        Err(why) if why.reason == IncompleteReason::Refused && accounts > 4 * all.len() => {
            user_levels::counts_one_by_one(client, all).await
        }
        _ => Ok(counts),
    }
}

/// How many requests the levels take if each account is read; the maximum if that
/// is not known yet.
fn one_by_one(wanted: &Wanted) -> usize {
    if wanted
        .sources
        .values()
        .any(|source| source.undeclared_levels)
    {
        return usize::MAX;
    }
    let accounts = wanted.accounts.values();
    accounts.filter(|account| account.levels.is_some()).count()
}

/// Whether lists of holders can take fewer requests than the accounts one by
/// one: the tenant's own levels, the counts, the administrators and one more
/// list have to be read at the least.
fn lists_may_save(wanted: &Wanted) -> bool {
    if wanted.known_levels.is_empty() {
        return false;
    }
    let own = usize::from(wanted.unknown_levels.is_empty());
    let counting = wanted
        .known_levels
        .len()
        .div_ceil(user_levels::COUNTED_AT_ONCE);
    one_by_one(wanted) > own + counting + 2
}

fn grantable(
    own: Collection<Vec<custom_user_levels::OwnLevel>>,
) -> Collection<BTreeSet<UserLevel>> {
    let ids = |own: Vec<custom_user_levels::OwnLevel>| {
        own.into_iter()
            .filter(|level| level.grantable)
            .map(|level| level.id)
            .collect()
    };
    own.map(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{WantedAccount, WantedSource};

    fn wanted(accounts: usize, levels: usize, unknown: bool) -> Wanted {
        let mut wanted = Wanted {
            known_levels: (0..levels).map(|n| format!("L{n}").into()).collect(),
            ..Wanted::default()
        };
        if unknown {
            wanted.unknown_levels.insert("own".into());
        }
        for index in 0..accounts {
            let account = WantedAccount {
                source: "S".into(),
                native_identity: None,
                name: format!("n{index}").into(),
                previously: model::Previously::default(),
                status: model::WantedStatus::No,
                levels: Some(BTreeSet::new()),
            };
            wanted.accounts.insert(format!("k{index}").into(), account);
        }
        wanted
    }

    #[test]
    fn lists_are_thought_of_where_they_can_save() {
        for (accounts, levels, unknown, expected) in [
            (0, 25, false, false),
            (4, 25, false, false),
            (5, 25, false, true),
            (4, 25, true, true),
            (5, 51, false, false),
            (6, 51, false, true),
            (1_000, 0, false, false),
        ] {
            let found = lists_may_save(&wanted(accounts, levels, unknown));
            assert_eq!(found, expected, "{accounts} {levels} {unknown}");
        }
        let mut deleting = wanted(0, 25, false);
        let source = WantedSource {
            managed: true,
            undeclared_levels: true,
            uid: None,
        };
        deleting.sources.insert("S".into(), source);
        assert!(lists_may_save(&deleting));
    }
}

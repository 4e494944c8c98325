//! Survey of identities: status and user levels.

use super::levels::{self, Expected, Overview};
use crate::api::identities;
use crate::transport::Client;
use model::{
    Collection, IdentityId, IdentityNames, LiveAccount, LiveIdentity, LiveSource, SourceName,
    TenantError, UserLevel, Wanted, WantedAccount,
};
use std::collections::{BTreeMap, BTreeSet};

/// What was read of identities.
pub(super) struct People {
    pub(super) identities: BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>,
    pub(super) levels: BTreeMap<IdentityId, Collection<BTreeSet<UserLevel>>>,
    pub(super) names: BTreeMap<IdentityId, IdentityNames>,
}

/// Reads the status and the levels of those identities whose accounts want it.
pub(super) async fn read(
    client: &Client,
    wanted: &Wanted,
    sources: &BTreeMap<SourceName, Collection<Option<LiveSource>>>,
    overview: &Overview,
) -> Result<People, TenantError> {
    let whose = whose(wanted, sources);
    let (identities, levels) = futures::try_join!(
        identities::by_ids(client, &whose.status),
        levels::read(client, overview, &whose.levels)
    )?;
    Ok(People {
        identities,
        levels: levels.held,
        names: levels.names,
    })
}

/// Whose status and whose levels are to be read.
#[derive(Debug, Default, PartialEq, Eq)]
struct Whose<'a> {
    status: BTreeSet<IdentityId>,
    levels: Expected<'a>,
}

fn whose<'a>(
    wanted: &'a Wanted,
    sources: &BTreeMap<SourceName, Collection<Option<LiveSource>>>,
) -> Whose<'a> {
    /// An account that is to be deleted loses all levels.
    const NONE: &BTreeSet<UserLevel> = &BTreeSet::new();
    let mut whose = Whose::default();
    let mut declared: BTreeMap<&SourceName, Vec<&WantedAccount>> = BTreeMap::new();
    for account in wanted.accounts.values() {
        declared.entry(&account.source).or_default().push(account);
    }
    for (name, source) in sources {
        let Some(source) = source.found() else {
            continue;
        };
        let declared = declared.remove(name).unwrap_or_default();
        let by_id: BTreeMap<&str, &WantedAccount> = declared
            .iter()
            .filter_map(|account| Some((account.native_identity.as_ref()?.as_str(), *account)))
            .collect();
        let by_name: BTreeMap<&str, &WantedAccount> = declared
            .iter()
            .filter(|account| account.native_identity.is_none())
            .map(|account| (account.name.as_str(), *account))
            .collect();
        let undeclared_levels = wanted
            .sources
            .get(name)
            .is_some_and(|source| source.undeclared_levels);
        for LiveAccount {
            id: _,
            native_identity,
            name,
            cells: _,
            identity,
            manually_correlated: _,
            is_machine: _,
            several: _,
            created: _,
        } in source.accounts.found()
        {
            let Some(identity) = identity else {
                continue;
            };
            let account = by_id
                .get(native_identity.as_str())
                .or_else(|| by_name.get(name.as_str()));
            if account.is_some_and(|account| account.identity) {
                whose.status.insert(identity.clone());
            }
            let levels = match account {
                Some(account) => account.levels.as_ref(),
                None => undeclared_levels.then_some(NONE),
            };
            // Whether an identity that loses all is the row's own shows by its names.
            if account.is_none() && undeclared_levels {
                whose.status.insert(identity.clone());
            }
            if let Some(levels) = levels {
                whose
                    .levels
                    .entry(identity.clone())
                    .or_default()
                    .push(levels);
            }
        }
    }
    whose
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::WantedSource;

    fn source(name: &str, accounts: &[(&str, &str, Option<&str>)]) -> LiveSource {
        let accounts = accounts
            .iter()
            .map(|(id, name, identity)| LiveAccount {
                id: format!("a-{id}").into(),
                native_identity: (*id).into(),
                name: (*name).into(),
                cells: BTreeMap::new(),
                identity: identity.map(Into::into),
                manually_correlated: None,
                is_machine: None,
                several: BTreeSet::new(),
                created: None,
            })
            .collect();
        LiveSource {
            id: "s".into(),
            name: name.into(),
            kind: String::new(),
            owner: None,
            description: None,
            delete_threshold: None,
            connector_delete_threshold: None,
            file: model::FileSettings::default(),
            never_read: false,
            raised_from: None,
            aggregations: model::Aggregations::NotAsked,
            schema: Collection::Complete(None),
            accounts: Collection::Complete(accounts),
            profile: Collection::Complete(None),
        }
    }

    #[test]
    fn only_wanted_identities_are_read() {
        let account =
            |source: &str, id: Option<&str>, name: &str, identity, levels: bool| WantedAccount {
                source: source.into(),
                native_identity: id.map(Into::into),
                name: name.into(),
                identity,
                levels: levels.then(|| BTreeSet::from(["REPORT_ADMIN".into()])),
            };
        let mut wanted = Wanted::default();
        for (key, account) in [
            ("A", account("S", Some("1"), "one", true, false)),
            ("B", account("S", Some("2"), "two", false, true)),
            ("C", account("AD", None, "svc", true, true)),
            ("D", account("S", Some("5"), "new", true, true)),
        ] {
            wanted.accounts.insert(key.into(), account);
        }
        for (name, undeclared_levels) in [("S", true), ("AD", false)] {
            wanted.sources.insert(
                name.into(),
                WantedSource {
                    managed: undeclared_levels,
                    undeclared_levels,
                },
            );
        }
        let service_accounts = source(
            "S",
            &[
                ("1", "one", Some("i1")),
                ("2", "two", Some("i2")),
                ("3", "extra", Some("i3")),
                ("4", "uncorrelated", None),
            ],
        );
        let directory = source(
            "AD",
            &[("x", "svc", Some("i4")), ("y", "other", Some("i5"))],
        );
        let sources = [service_accounts, directory]
            .map(|source| (source.name.clone(), Collection::Complete(Some(source))));
        let sources = BTreeMap::from(sources);
        let found = whose(&wanted, &sources);
        assert_eq!(
            found.status,
            BTreeSet::from(["i1", "i3", "i4"].map(Into::into))
        );
        let declared = BTreeSet::from(["REPORT_ADMIN".into()]);
        let none = BTreeSet::new();
        let expected = [("i2", &declared), ("i3", &none), ("i4", &declared)];
        assert_eq!(
            found.levels,
            BTreeMap::from(expected.map(|(id, levels)| (id.into(), vec![levels])))
        );
    }
}

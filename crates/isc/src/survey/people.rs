//! Survey of identities: status and user levels.

use super::levels::{self, Expected, Overview};
use crate::api::identities;
use crate::transport::Client;
use jiff::Timestamp;
use model::{
    AccountAttribute, AccountsByWord, Collection, IdentityId, IdentityNames, IssuerCause,
    LiveAccount, LiveIdentity, LiveMapping, LiveSource, LiveToken, NativeIdentity, Previously,
    SourceName, TenantError, TokenId, UserLevel, Wanted, WantedAccount, WantedSource, WantedStatus,
};
use std::collections::{BTreeMap, BTreeSet};

/// What was read of identities.
pub(super) struct People {
    pub(super) identities: BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>,
    pub(super) levels: BTreeMap<IdentityId, Collection<BTreeSet<UserLevel>>>,
    pub(super) names: BTreeMap<IdentityId, IdentityNames>,
    /// Levels of identities of unmanaged accounts, where lists show them.
    pub(super) listed: BTreeMap<IdentityId, BTreeSet<UserLevel>>,
}

/// Reads the status and the levels of those identities whose accounts want it.
pub(super) async fn read(
    client: &Client,
    wanted: &Wanted,
    sources: &BTreeMap<SourceName, Collection<Option<LiveSource>>>,
    overview: &Overview,
    tokens: &Collection<Vec<LiveToken>>,
) -> Result<People, TenantError> {
    let whose = whose(wanted, sources, tokens, client.now());
    let (mut identities, levels) = futures::try_join!(
        identities::by_ids(client, &whose.status),
        levels::read(client, overview, &whose.levels, &whose.unmanaged)
    )?;
    // Levels are about to change, so it has to be seen how old the identity is.
    let changing = changing(&whose, &levels.held);
    identities.extend(identities::by_ids(client, &changing).await?);
    Ok(People {
        identities,
        levels: levels.held,
        names: levels.names,
        listed: levels.listed,
    })
}

/// The identities that were not read, and whose levels are not the expected ones.
fn changing(
    whose: &Whose<'_>,
    held: &BTreeMap<IdentityId, Collection<BTreeSet<UserLevel>>>,
) -> BTreeSet<IdentityId> {
    held.iter()
        .filter(|(identity, held)| {
            let expected = whose.levels.get(*identity).into_iter().flatten();
            let differs =
                |held: &BTreeSet<UserLevel>| expected.clone().any(|levels| *levels != held);
            !whose.status.contains(*identity) && held.complete().is_ok_and(differs)
        })
        .map(|(identity, _)| identity.clone())
        .collect()
}

/// Whether a source's identities may be about to get other user names: its profile has
/// changes that are not applied to them, or gets another mapping of the user name.
fn user_names_may_change(source: &LiveSource, asked: Option<&WantedSource>) -> bool {
    let Some(WantedSource {
        managed: true, uid, ..
    }) = asked
    else {
        return false;
    };
    let Ok(Some(profile)) = source.profile.complete() else {
        return false;
    };
    let is_mapped = |uid: &AccountAttribute| {
        let LiveMapping::Account {
            source: of,
            attribute,
        } = profile.mappings.get("uid")?
        else {
            return Some(false);
        };
        Some(*of == source.id && attribute == uid)
    };
    let differs = |uid: &AccountAttribute| !is_mapped(uid).unwrap_or(false);
    profile.refresh_required || !profile.enabled || uid.as_ref().is_some_and(differs)
}

/// Whose status and whose levels are to be read.
#[derive(Debug, Default, PartialEq, Eq)]
struct Whose<'a> {
    status: BTreeSet<IdentityId>,
    levels: Expected<'a>,
    /// The identities of unmanaged accounts, whose levels are taken from lists that are
    /// read for the others.
    unmanaged: BTreeSet<IdentityId>,
}

fn whose<'a>(
    wanted: &'a Wanted,
    sources: &BTreeMap<SourceName, Collection<Option<LiveSource>>>,
    tokens: &Collection<Vec<LiveToken>>,
    now: Timestamp,
) -> Whose<'a> {
    /// An account that is to be deleted loses all levels.
    const NONE: &BTreeSet<UserLevel> = &BTreeSet::new();
    let owners = Owners::of(tokens, now);
    let mut whose = Whose::default();
    let mut declared: BTreeMap<&SourceName, Vec<&WantedAccount>> = BTreeMap::new();
    for account in wanted.accounts.values() {
        declared.entry(&account.source).or_default().push(account);
    }
    for (name, source) in sources {
        let Some(source) = source.found() else {
            continue;
        };
        let accounts = source.accounts.found();
        let declared = declared_on(accounts, declared.remove(name).unwrap_or_default());
        let asked = wanted.sources.get(name);
        let undeclared_levels = asked.is_some_and(|source| source.undeclared_levels);
        let renames = user_names_may_change(source, asked);
        for LiveAccount {
            id: _,
            native_identity,
            name: _,
            cells: _,
            identity,
            manually_correlated: _,
            is_machine: _,
            several: _,
            created: _,
        } in accounts
        {
            let Some(identity) = identity else {
                continue;
            };
            let accounts = declared.get(native_identity.as_str());
            let accounts = accounts.map_or(&[][..], Vec::as_slice);
            let mut levels: Vec<&BTreeSet<UserLevel>> = accounts
                .iter()
                .filter_map(|account| account.levels.as_ref())
                .collect();
            let mut status =
                (accounts.iter()).any(|account| owners.needs(&account.status, identity));
            if accounts.is_empty() && undeclared_levels {
                levels.push(NONE);
                // Whether an identity that loses all is the row's own shows by its names.
                status = true;
            }
            if accounts.is_empty() && asked.is_some_and(|source| source.managed) {
                whose.unmanaged.insert(identity.clone());
            }
            if status || renames {
                whose.status.insert(identity.clone());
            }
            if !levels.is_empty() {
                let of_identity = whose.levels.entry(identity.clone()).or_default();
                of_identity.extend(levels);
            }
        }
    }
    let Whose {
        status: _,
        levels,
        unmanaged,
    } = &mut whose;
    unmanaged.retain(|identity| !levels.contains_key(identity));
    whose
}

/// Which tokens each identity has.
struct Owners<'a> {
    owned: BTreeMap<(&'a IdentityId, &'a TokenId), &'a LiveToken>,
    /// Whether all tokens were read.
    is_complete: bool,
    /// The tenant's time.
    now: Timestamp,
}

impl<'a> Owners<'a> {
    fn of(tokens: &'a Collection<Vec<LiveToken>>, now: Timestamp) -> Self {
        let found = tokens.found().iter();
        Self {
            owned: found
                .map(|token| ((&token.owner, &token.id), token))
                .collect(),
            is_complete: tokens.complete().is_ok(),
            now,
        }
    }

    /// Whether the status of the identity is needed.
    fn needs(&self, status: &WantedStatus, identity: &IdentityId) -> bool {
        match status {
            WantedStatus::No => false,
            WantedStatus::Yes => true,
            WantedStatus::WithoutIssuer {
                token,
                origin,
                life,
            } => match self.owned.get(&(identity, token)) {
                Some(live) => IssuerCause::of(live, origin, *life, self.now).is_some(),
                // Where not all were read, it may be there.
                None => self.is_complete,
            },
        }
    }
}

/// The declared accounts of one source by the ids that their accounts have there, or
/// had before a rename.
fn declared_on<'a, 'w: 'a>(
    accounts: &'a [LiveAccount],
    declared: Vec<&'w WantedAccount>,
) -> BTreeMap<&'a str, Vec<&'w WantedAccount>> {
    let lookup = AccountsByWord::new(accounts);
    let own: BTreeSet<&str> = declared
        .iter()
        .filter_map(|account| Some(account.native_identity.as_ref()?.as_str()))
        .collect();
    let mut by_id: BTreeMap<&'a str, Vec<&'w WantedAccount>> = BTreeMap::new();
    let mut of = |id: &'a NativeIdentity, account: &'w WantedAccount| {
        by_id.entry(id.as_str()).or_default().push(account);
    };
    for account in declared {
        let Some(id) = &account.native_identity else {
            if let Some(Ok(found)) = lookup.called(account.name.as_str()) {
                of(&found.native_identity, account);
            }
            continue;
        };
        of(id, account);
        let Previously { id, name } = &account.previously;
        match (id, name) {
            (Some(earlier), _) if !own.contains(earlier.as_str()) => of(earlier, account),
            (None, Some(name)) => {
                let named = accounts.iter().filter(|account| account.name == *name);
                for earlier in named.map(|account| &account.native_identity) {
                    if !own.contains(earlier.as_str()) {
                        of(earlier, account);
                    }
                }
            }
            (Some(_), _) | (None, None) => {}
        }
    }
    by_id
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::IssuerOrigin;
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
                previously: Previously::default(),
                status: if identity {
                    WantedStatus::Yes
                } else {
                    WantedStatus::No
                },
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
                    uid: None,
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
        let found = whose(
            &wanted,
            &sources,
            &Collection::Complete(Vec::new()),
            Timestamp::UNIX_EPOCH,
        );
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

    #[test]
    fn all_identities_are_read_where_their_user_names_may_change() {
        let mapped = |attribute: &str| LiveMapping::Account {
            source: "s".into(),
            attribute: attribute.into(),
        };
        let profile = |refresh_required, enabled, uid: Option<LiveMapping>| model::LiveProfile {
            id: "p".into(),
            name: "S".to_owned(),
            owner: None,
            authoritative_source: "s".into(),
            enabled,
            mappings: uid.map(|uid| ("uid".into(), uid)).into_iter().collect(),
            refresh_required,
            identity_count: None,
        };
        let uid = Some(mapped("name"));
        for (name, profile, declared, expected) in [
            (
                "settled",
                profile(false, true, uid.clone()),
                Some("name"),
                0,
            ),
            ("not declared", profile(false, true, None), None, 0),
            ("pending", profile(true, true, uid.clone()), Some("name"), 1),
            ("disabled", profile(false, false, uid.clone()), None, 1),
            ("another", profile(false, true, uid), Some("id"), 1),
            ("added", profile(false, true, None), Some("name"), 1),
            (
                "a transform",
                profile(false, true, Some(LiveMapping::Other("upper".to_owned()))),
                Some("name"),
                1,
            ),
        ] {
            let mut live = source("S", &[("1", "one", Some("i1")), ("2", "two", None)]);
            live.profile = Collection::Complete(Some(profile));
            let mut wanted = Wanted::default();
            let asked = WantedSource {
                managed: true,
                undeclared_levels: false,
                uid: declared.map(Into::into),
            };
            wanted.sources.insert("S".into(), asked);
            let sources = BTreeMap::from([("S".into(), Collection::Complete(Some(live)))]);
            let found = whose(
                &wanted,
                &sources,
                &Collection::Complete(Vec::new()),
                Timestamp::UNIX_EPOCH,
            );
            assert_eq!(found.status.len(), expected, "{name}");
        }
    }

    #[test]
    fn tokens_10_an_issuer_of_another_identity_proves_nothing() {
        let account = WantedAccount {
            source: "S".into(),
            native_identity: Some("1".into()),
            name: "one".into(),
            previously: Previously::default(),
            status: WantedStatus::WithoutIssuer {
                token: "issuer".into(),
                origin: IssuerOrigin::Steersman {
                    replaces: "before".into(),
                    rotation: 0,
                },
                life: None,
            },
            levels: None,
        };
        let mut wanted = Wanted::default();
        wanted.accounts.insert("k".into(), account);
        let live = source("S", &[("1", "one", Some("i1"))]);
        let sources = BTreeMap::from([("S".into(), Collection::Complete(Some(live)))]);
        let of = |owner: &str| LiveToken {
            id: "issuer".into(),
            name: "issuer".into(),
            owner: owner.into(),
            scopes: BTreeSet::new(),
            created: jiff::Timestamp::UNIX_EPOCH,
            expires: None,
            last_used: None,
            access_token_validity: None,
            managed: false,
        };
        let unread = Collection::unread(model::IncompleteReason::Forbidden, "403");
        for (name, tokens, expected) in [
            ("its own", Collection::Complete(vec![of("i1")]), 0),
            ("another's", Collection::Complete(vec![of("i0")]), 1),
            ("none", Collection::Complete(Vec::new()), 1),
            ("not read", unread, 0),
        ] {
            let found = whose(&wanted, &sources, &tokens, Timestamp::UNIX_EPOCH);
            assert_eq!(found.status.len(), expected, "{name}");
        }
        // It is about to be replaced.
        for account in wanted.accounts.values_mut() {
            if let WantedStatus::WithoutIssuer { origin, .. } = &mut account.status {
                *origin = IssuerOrigin::Person;
            }
        }
        let tokens = Collection::Complete(vec![of("i1")]);
        let found = whose(&wanted, &sources, &tokens, Timestamp::UNIX_EPOCH);
        assert_eq!(found.status.len(), 1, "a person's");
    }

    #[test]
    fn planner_04_and_27_by_name_by_id_and_by_what_it_was() {
        let declared = |key: &str, id: Option<&str>, previously: Previously| WantedAccount {
            source: "S".into(),
            native_identity: id.map(Into::into),
            name: key.into(),
            previously,
            status: WantedStatus::Yes,
            levels: Some(BTreeSet::new()),
        };
        let was = |id: Option<&str>, name: Option<&str>| Previously {
            id: id.map(Into::into),
            name: name.map(Into::into),
        };
        let accounts = source(
            "S",
            &[
                ("1", "one", Some("i1")),
                ("2", "1", Some("i2")),
                ("3", "two", Some("i3")),
                ("4", "two", Some("i4")),
            ],
        )
        .accounts;
        let none = Previously::default;
        for (name, account, expected) in [
            ("by name", declared("one", None, none()), &["i1"][..]),
            (
                "a name goes before an id",
                declared("1", None, none()),
                &["i2"],
            ),
            ("by id", declared("3", None, none()), &["i3"]),
            ("several of the name", declared("two", None, none()), &[]),
            (
                "renamed",
                declared("x", Some("9"), was(Some("1"), None)),
                &["i1"],
            ),
            (
                "renamed, by its name",
                declared("x", Some("9"), was(None, Some("one"))),
                &["i1"],
            ),
            (
                "its present id",
                declared("x", Some("1"), was(Some("1"), None)),
                &["i1"],
            ),
        ] {
            let mut wanted = Wanted::default();
            wanted.accounts.insert("k".into(), account);
            let mut live = source("S", &[]);
            live.accounts = accounts.clone();
            let sources = BTreeMap::from([("S".into(), Collection::Complete(Some(live)))]);
            let found = whose(
                &wanted,
                &sources,
                &Collection::Complete(Vec::new()),
                Timestamp::UNIX_EPOCH,
            );
            let ids: Vec<&str> = found.levels.keys().map(IdentityId::as_str).collect();
            assert_eq!(ids, expected, "{name}");
            assert_eq!(found.status.len(), expected.len(), "{name}");
        }
    }
}

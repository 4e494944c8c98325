//! User names that identity processing gives to the identities of a source.
//!
//! Processing applies every change of a profile's mappings that is still pending, also
//! those that somebody else made. An identity with another user name is another identity
//! to ISC, without the tokens and levels of the earlier one.

use crate::view::live_source;
use model::ownership::mapped;
use model::{
    AccountAttribute, Collection, IdentityId, IdentityNames, Incomplete, IncompleteReason, Live,
    LiveAccount, LiveMapping, LiveProfile, LiveSource, SourceName, Spec,
};
use std::collections::{BTreeMap, BTreeSet};

/// What processing makes of the user names of a source's identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NewUserNames<'a> {
    /// These accounts' identities get another one; the others keep theirs.
    Of(Vec<Renamed<'a>>),
    /// It is not known.
    Unread {
        /// What was not read completely.
        collection: String,
        /// Why.
        why: Incomplete,
    },
}

/// An account whose identity gets another user name, or may get one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Renamed<'a> {
    /// The account.
    pub(crate) account: &'a LiveAccount,
    /// What its identity is called now; none where that was not read.
    pub(crate) from: Option<&'a str>,
    /// What it will be called; none where no attribute of the account makes it.
    pub(crate) to: Option<&'a str>,
}

/// What feeds the user names.
#[derive(Clone, Copy, Debug)]
enum Feed<'a> {
    /// An attribute of the accounts.
    Attribute(&'a AccountAttribute),
    /// A transform, an account of another source, or whatever ISC makes of no mapping.
    Other,
}

/// What the mappings that the profile has now make, where they are not applied to its
/// identities yet.
pub(crate) fn pending<'a>(
    live: &'a Live,
    source: &'a LiveSource,
    profile: &'a LiveProfile,
) -> NewUserNames<'a> {
    if !profile.refresh_required {
        return NewUserNames::Of(Vec::new());
    }
    made(live, source, profile, observed_feed(source, profile))
}

/// What the declared mappings make, or the observed one where none is declared, once the
/// profile has them and is enabled.
pub(crate) fn declared<'a>(spec: &'a Spec, live: &'a Live, name: &SourceName) -> NewUserNames<'a> {
    let Some(source) = live_source(live, name) else {
        return NewUserNames::Of(Vec::new());
    };
    let Some(profile) = source.profile.found() else {
        return NewUserNames::Of(Vec::new());
    };
    let declared = spec
        .sources
        .get(name)
        .and_then(|source| source.managed()?.identity_profile.as_ref())
        .and_then(|profile| profile.mappings.get("uid"));
    let feed = declared.map_or_else(|| observed_feed(source, profile), Feed::Attribute);
    made(live, source, profile, feed)
}

fn observed_feed<'a>(source: &LiveSource, profile: &'a LiveProfile) -> Feed<'a> {
    match profile.mappings.get("uid") {
        Some(LiveMapping::Account {
            source: of,
            attribute,
        }) if *of == source.id => Feed::Attribute(attribute),
        Some(LiveMapping::Account { .. } | LiveMapping::Other(_)) | None => Feed::Other,
    }
}

fn made<'a>(
    live: &'a Live,
    source: &'a LiveSource,
    profile: &LiveProfile,
    feed: Feed<'a>,
) -> NewUserNames<'a> {
    let collection = || format!("the accounts of \"{}\"", source.name);
    let accounts = match source.accounts.complete() {
        Ok(accounts) => accounts,
        Err(why) => {
            return NewUserNames::Unread {
                collection: collection(),
                why: why.clone(),
            };
        }
    };
    let identities: BTreeSet<_> = accounts
        .iter()
        .filter_map(|account| account.identity.as_ref())
        .collect();
    let counted = profile.identity_count.unwrap_or_default();
    if identities.is_empty() && counted > 0 {
        return NewUserNames::Unread {
            collection: collection(),
            why: Incomplete::new(
                IncompleteReason::TotalMismatch,
                if accounts.is_empty() {
                    format!(
                        "there is none, and the identity profile counts {counted}; ISC removes an identity some minutes after its account, so plan again then"
                    )
                } else {
                    format!("none has an identity, and the identity profile counts {counted}")
                },
            ),
        };
    }
    // A list can lack the identities of rows that have one.
    let hides_some = usize::try_from(counted).is_ok_and(|counted| counted > identities.len());
    let renamed = accounts
        .iter()
        .filter(|account| hides_some || account.identity.is_some())
        .filter_map(|account| new_name(live, account, feed));
    NewUserNames::Of(renamed.collect())
}

/// The accounts whose identities are called otherwise than the mapping makes of them,
/// although ISC says that no change of the profile is pending. ISC may be late, or may have
/// answered wrongly once. An identity that has another email address than the mapping
/// makes is left out: another source made it, and this profile does not rename it.
pub(crate) fn unannounced<'a>(
    live: &'a Live,
    source: &'a LiveSource,
    profile: &'a LiveProfile,
) -> Vec<Renamed<'a>> {
    let feed = observed_feed(source, profile);
    if profile.refresh_required || matches!(feed, Feed::Other) {
        return Vec::new();
    }
    let accounts = source.accounts.found().iter();
    let is_of_profile = |renamed: &Renamed<'_>| {
        let made = mapped(&profile.mappings, &source.id, &renamed.account.cells);
        let found = renamed.account.identity.as_ref().and_then(|identity| {
            match live.identities.get(identity) {
                Some(read) => read.found().as_ref()?.email.as_deref(),
                None => live.names.get(identity)?.email.as_deref(),
            }
        });
        let emails = made.email.zip(found);
        renamed.from.is_some()
            && emails.is_some_and(|(made, found)| IdentityNames::is_same(made, found))
    };
    accounts
        .filter(|account| account.identity.is_some())
        .filter_map(|account| new_name(live, account, feed))
        .filter(is_of_profile)
        .collect()
}

/// The account with its present and its new user name, unless they are the same.
fn new_name<'a>(live: &'a Live, account: &'a LiveAccount, feed: Feed<'a>) -> Option<Renamed<'a>> {
    // ISC leaves such an account where it is.
    if account.manually_correlated == Some(true) || account.is_machine == Some(true) {
        return None;
    }
    let to = match feed {
        Feed::Other => None,
        // ISC makes no user name of an empty cell, and leaves the identity.
        Feed::Attribute(attribute) => {
            let cell = account.cells.get(attribute).map(String::as_str);
            Some(cell.filter(|cell| !cell.is_empty())?)
        }
    };
    let from = match &account.identity {
        // It has one that was not listed.
        None => None,
        Some(identity) => match live.identities.get(identity) {
            // It is gone, and takes nothing along.
            Some(Collection::Complete(None)) => return None,
            Some(read) => read.found().as_ref().map(|read| read.alias.as_str()),
            None => (live.names.get(identity)).and_then(|names| names.alias.as_deref()),
        },
    };
    let from = from.filter(|alias| !alias.is_empty());
    let is_same = from
        .zip(to)
        .is_some_and(|(from, to)| IdentityNames::is_same(from, to));
    (!is_same).then_some(Renamed { account, from, to })
}

/// The accounts that share an identity with another row of the source, whose user name it
/// has. ISC may give it that of the row which it looks at last.
pub(crate) fn of_other_rows<'a>(
    live: &'a Live,
    source: &'a LiveSource,
    profile: &'a LiveProfile,
) -> Vec<Renamed<'a>> {
    let feed = observed_feed(source, profile);
    let accounts = || {
        let accounts = source.accounts.found().iter();
        accounts.filter(|account| account.identity.is_some())
    };
    let mut rows: BTreeMap<&IdentityId, usize> = BTreeMap::new();
    for identity in accounts().filter_map(|account| account.identity.as_ref()) {
        *rows.entry(identity).or_default() += 1;
    }
    let shares = |account: &&LiveAccount| {
        let rows = account.identity.as_ref().and_then(|id| rows.get(id));
        rows.is_some_and(|rows| *rows > 1)
    };
    let names: BTreeSet<&IdentityId> = accounts()
        .filter(shares)
        .filter(|account| new_name(live, account, feed).is_none())
        .filter_map(|account| account.identity.as_ref())
        .collect();
    accounts()
        .filter(shares)
        .filter_map(|account| new_name(live, account, feed))
        .filter(|renamed| {
            let identity = renamed.account.identity.as_ref();
            identity.is_some_and(|identity| names.contains(identity))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{SOURCE, applied_tenant, guide, incomplete, source_mut};

    type Change = fn(&mut LiveSource);

    fn profile(source: &mut LiveSource) -> &mut LiveProfile {
        match &mut source.profile {
            Collection::Complete(Some(profile)) => profile,
            _ => panic!("the fixture has a profile"),
        }
    }

    fn uid(source: &mut LiveSource, attribute: &str) {
        let mapping = LiveMapping::Account {
            source: source.id.clone(),
            attribute: attribute.into(),
        };
        let profile = profile(source);
        profile.mappings.insert("uid".into(), mapping);
        profile.refresh_required = true;
    }

    #[test]
    fn each_pending_user_name_is_compared_with_the_present_one() {
        let cases: [(&str, Change, &str); 9] = [
            ("nothing is pending", |_| {}, ""),
            (
                "an account of another source",
                |source| {
                    uid(source, "name");
                    let mapping = LiveMapping::Account {
                        source: "another".into(),
                        attribute: "name".into(),
                    };
                    profile(source).mappings.insert("uid".into(), mapping);
                },
                "audit01 > ?",
            ),
            ("the same", |source| uid(source, "name"), ""),
            (
                "another attribute",
                |source| uid(source, "id"),
                "audit01 > SA-001",
            ),
            ("an empty cell", |source| uid(source, "location"), ""),
            (
                "a transform",
                |source| {
                    uid(source, "id");
                    let other = LiveMapping::Other("upper".to_owned());
                    profile(source).mappings.insert("uid".into(), other);
                },
                "audit01 > ?",
            ),
            (
                "not mapped",
                |source| {
                    uid(source, "id");
                    profile(source).mappings.remove("uid");
                },
                "audit01 > ?",
            ),
            (
                "correlated by hand",
                |source| {
                    uid(source, "id");
                    if let Collection::Complete(accounts) = &mut source.accounts {
                        accounts[0].manually_correlated = Some(true);
                    }
                },
                "",
            ),
            (
                "accounts unread",
                |source| {
                    uid(source, "id");
                    source.accounts = Collection::Partial {
                        found: source.accounts.found().clone(),
                        why: incomplete(),
                    };
                },
                "unread",
            ),
        ];
        for (name, change, expected) in cases {
            let mut live = applied_tenant();
            change(source_mut(&mut live));
            let source = live_source(&live, &SOURCE.into()).unwrap();
            let profile = source.profile.found().as_ref().unwrap();
            let found = match pending(&live, source, profile) {
                NewUserNames::Unread { .. } => "unread".to_owned(),
                NewUserNames::Of(renamed) => {
                    let text = |name: Option<&str>| name.unwrap_or("?").to_owned();
                    let each = renamed
                        .iter()
                        .map(|renamed| format!("{} > {}", text(renamed.from), text(renamed.to)));
                    each.collect::<Vec<_>>().join(", ")
                }
            };
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_name_that_was_not_read_may_be_another_one() {
        let (spec, mut live) = (guide(), applied_tenant());
        let new = |live: &Live| match declared(&spec, live, &SOURCE.into()) {
            NewUserNames::Of(renamed) => Some(renamed.len()),
            NewUserNames::Unread { .. } => None,
        };
        assert_eq!(new(&live), Some(0));
        let unread = Collection::unread(IncompleteReason::Forbidden, "403");
        live.identities.insert("identity-1".into(), unread);
        assert_eq!(new(&live), Some(1));
        // A list without any of the identities that the profile counts.
        profile(source_mut(&mut live)).identity_count = Some(1);
        source_mut(&mut live).accounts = Collection::Complete(Vec::new());
        assert_eq!(new(&live), None);
    }

    /// Another row without its identity does not hide behind one with it.
    #[test]
    fn a_row_whose_identity_was_not_listed_may_get_another_name() {
        for (counted, expected) in [(1, 1), (2, 2)] {
            let mut live = applied_tenant();
            uid(source_mut(&mut live), "id");
            profile(source_mut(&mut live)).identity_count = Some(counted);
            let mut hidden = crate::testing::fixtures::live_account("SA-002", "backup02", "x");
            hidden.identity = None;
            if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
                accounts.push(hidden);
            }
            let source = live_source(&live, &SOURCE.into()).unwrap();
            let profile = source.profile.found().as_ref().unwrap();
            let NewUserNames::Of(renamed) = pending(&live, source, profile) else {
                panic!("all was read");
            };
            assert_eq!(renamed.len(), expected);
        }
    }

    #[test]
    fn a_name_that_differs_is_seen_whatever_isc_says_is_pending() {
        let cases: [(&str, bool, &str, usize); 4] = [
            ("as the mapping makes it", false, "audit01@example.com", 0),
            ("another name", true, "audit01@example.com", 1),
            ("case", true, "AUDIT01@EXAMPLE.COM", 1),
            // This profile does not rename what another source made.
            ("another's identity", true, "jane@example.com", 0),
        ];
        for (what, differs, email, expected) in cases {
            let mut live = applied_tenant();
            if differs {
                uid(source_mut(&mut live), "id");
            }
            profile(source_mut(&mut live)).refresh_required = false;
            if let Some(Collection::Complete(Some(identity))) = live
                .identities
                .get_mut::<model::IdentityId>(&"identity-1".into())
            {
                identity.email = Some(email.to_owned());
            }
            let source = live_source(&live, &SOURCE.into()).unwrap();
            let profile = source.profile.found().as_ref().unwrap();
            assert_eq!(
                unannounced(&live, source, profile).len(),
                expected,
                "{what}"
            );
        }
    }
}

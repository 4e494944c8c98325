//! Which account attributes feed the uid of a source's identities.
//!
//! Another uid may be another identity, without the tokens and levels of the earlier
//! one. So a change of what feeds it counts as destructive.

use crate::view::live_source;
use model::ownership::{self, mapped};
use model::{
    AccountAttribute, AccountRow, IdentityAttribute, Live, LiveAccount, LiveMapping, LiveSource,
    SourceName, Spec, UnmanagedAccounts,
};
use std::collections::BTreeSet;

/// What feeds the uid of a source's identities, before and after the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Feeds {
    /// These attributes.
    These(BTreeSet<AccountAttribute>),
    /// A transform, which may read any attribute, or a profile that was not read.
    Any,
}

impl Feeds {
    /// What feeds the uid by the declared and by the observed mapping. Where neither
    /// says so, it is taken to be the name.
    pub(crate) fn of(spec: &Spec, live: &Live, name: &SourceName) -> Self {
        let mut these = BTreeSet::new();
        these.extend(declared(spec, name, "uid").cloned());
        let source = live_source(live, name);
        let profile = source.map(|source| (source, source.profile.complete()));
        match profile {
            Some((source, Ok(Some(profile)))) => match profile.mappings.get("uid") {
                Some(LiveMapping::Other(_)) => return Self::Any,
                Some(LiveMapping::Account {
                    source: of,
                    attribute,
                }) if *of == source.id => {
                    these.insert(attribute.clone());
                }
                Some(LiveMapping::Account { .. }) | None => {}
            },
            // It may be any of them, whatever the file declares.
            Some((_, Err(_))) => return Self::Any,
            Some((_, Ok(None))) | None => {}
        }
        if these.is_empty() {
            these.insert("name".into());
        }
        Self::These(these)
    }

    /// Whether the attribute feeds the uid.
    pub(crate) fn has(&self, attribute: &str) -> bool {
        match self {
            Self::These(these) => these.contains(attribute),
            Self::Any => true,
        }
    }
}

fn declared<'a>(spec: &'a Spec, name: &SourceName, target: &str) -> Option<&'a AccountAttribute> {
    let profile = spec
        .sources
        .get(name)?
        .managed()?
        .identity_profile
        .as_ref()?;
    profile.mappings.get(&IdentityAttribute::from(target))
}

/// What an identity attribute is once this plan is applied, by the declared mapping
/// of the source, or else by the observed one; none where a transform makes it.
pub(crate) fn mapped_from_row(
    spec: &Spec,
    live: &Live,
    name: &SourceName,
    row: &AccountRow,
    target: &str,
) -> Option<String> {
    let attribute = feeding_attribute(spec, live, name, target)?;
    row.cell(attribute.as_str())
        .filter(|cell| !cell.is_empty())
        .map(ToOwned::to_owned)
}

/// The account attribute that feeds an identity attribute once this plan is applied, by
/// the declared mapping of the source, or else by the observed one; none where a
/// transform makes it.
pub(crate) fn feeding_attribute<'a>(
    spec: &'a Spec,
    live: &'a Live,
    name: &SourceName,
    target: &str,
) -> Option<&'a AccountAttribute> {
    let source = live_source(live, name);
    let observed = || {
        let source = source?;
        match source.profile.found().as_ref()?.mappings.get(target)? {
            LiveMapping::Account {
                source: of,
                attribute,
            } if *of == source.id => Some(attribute),
            LiveMapping::Account { .. } | LiveMapping::Other(_) => None,
        }
    };
    declared(spec, name, target).or_else(observed)
}

/// Whether no mapping makes an email address once this plan is applied. ISC can add
/// mappings to a profile that the plan creates.
pub(crate) fn makes_no_email(spec: &Spec, live: &Live, name: &SourceName) -> bool {
    let profile = live_source(live, name).map(|source| source.profile.complete());
    let Some(Ok(Some(profile))) = profile else {
        return false;
    };
    declared(spec, name, "email").is_none() && ownership::makes_no_email(&profile.mappings)
}

/// The account attribute that a file maps to the user name, where the profile maps another
/// one, and rows that no file declares stay and get other user names by it.
pub(crate) fn coming_feed<'a>(
    spec: &'a Spec,
    source: &LiveSource,
    name: &SourceName,
) -> Option<&'a AccountAttribute> {
    let managed = spec.sources.get(name)?.managed()?;
    let feed = managed
        .identity_profile
        .as_ref()?
        .mappings
        .get("uid")
        .filter(|_| managed.unmanaged == UnmanagedAccounts::Keep)?;
    let is_mapped = match source.profile.found().as_ref()?.mappings.get("uid") {
        Some(LiveMapping::Account {
            source: of,
            attribute,
        }) => *of == source.id && attribute == feed,
        Some(LiveMapping::Other(_)) | None => false,
    };
    (!is_mapped).then_some(feed)
}

/// The user name that a source's profile makes of an account; none where there is no
/// profile, or a transform makes it.
pub(crate) fn observed_user_name<'a>(
    source: &'a LiveSource,
    account: &'a LiveAccount,
) -> Option<&'a str> {
    let profile = source.profile.found().as_ref()?;
    mapped(&profile.mappings, &source.id, &account.cells).alias
}

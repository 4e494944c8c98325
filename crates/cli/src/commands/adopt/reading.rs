//! Reads a source for `adopt`: first accounts and tokens, then owners and levels.

use crate::failure::Failure;
use adopt::{AdoptError, Selection};
use isc::Reader;
use model::{
    Collection, Incomplete, IncompleteReason, Live, LiveAccount, LiveSource, OwnerRef, Previously,
    SourceName, TenantError, TenantErrorKind, TenantRead, UserLevel, Wanted, WantedAccount,
    WantedSource,
};
use std::collections::BTreeSet;

/// Reads a source with its schema, accounts, identity profile, and all tokens.
///
/// # Errors
/// A source that the tenant does not have, and any partial read: what it misses
/// would be missing from the files too.
pub(super) async fn source(reader: &Reader, name: &SourceName) -> Result<Live, Failure> {
    let mut wanted = Wanted {
        tokens: true,
        ..Wanted::default()
    };
    wanted.sources.insert(
        name.clone(),
        WantedSource {
            managed: true,
            undeclared_levels: false,
            uid: None,
        },
    );
    let live = reader.survey(&wanted).await?;
    let source = match live.sources.get(name).map(Collection::complete) {
        Some(Ok(Some(source))) => source,
        Some(Err(why)) => return Err(partial("the source", why)),
        Some(Ok(None)) | None => {
            let names = reader.source_names().await?;
            let error = AdoptError::NoSource(name.clone());
            return Err(Failure::Problems(format!(
                "{error}{}",
                did_you_mean(name.as_str(), names.iter().map(AsRef::as_ref))
            )));
        }
    };
    whole("the accounts", &source.accounts)?;
    whole("the personal access tokens", &live.tokens)?;
    // The files declare neither for a source that another system fills.
    if source.kind == LiveSource::DELIMITED_FILE {
        whole("the account schema", &source.schema)?;
        whole("the identity profile", &source.profile)?;
    }
    Ok(live)
}

/// The source that was read.
pub(super) fn found<'a>(live: &'a Live, name: &SourceName) -> Result<&'a LiveSource, Failure> {
    live.sources
        .get(name)
        .and_then(|source| source.found().as_ref())
        .ok_or_else(|| Failure::Problems(AdoptError::NoSource(name.clone()).to_string()))
}

/// Reads the owners, and the user levels of the selected accounts.
///
/// # Errors
/// A partial read. User levels that ISC does not allow to read are no error: they
/// stay marked as unread.
pub(super) async fn people(
    reader: &Reader,
    live: &mut Live,
    name: &SourceName,
    selection: &Selection,
) -> Result<(), Failure> {
    let mut wanted = Wanted {
        known_levels: known_levels(),
        ..Wanted::default()
    };
    let source = found(live, name)?;
    let owners = [
        source.owner.as_ref(),
        source
            .profile
            .found()
            .as_ref()
            .and_then(|profile| profile.owner.as_ref()),
    ];
    for owner in owners.into_iter().flatten() {
        if let Some(identity) = reader.identity(owner).await.map_err(unanswered)? {
            wanted.owners.insert(OwnerRef::Id(owner.to_string()));
            if !identity.alias.trim().is_empty() {
                wanted.owners.insert(OwnerRef::Alias(identity.alias));
            }
        }
    }
    wanted.sources.insert(
        name.clone(),
        WantedSource {
            managed: false,
            undeclared_levels: false,
            uid: None,
        },
    );
    for account in &selected(source, selection) {
        wanted.accounts.insert(
            account.native_identity.as_str().into(),
            WantedAccount {
                source: name.clone(),
                native_identity: Some(account.native_identity.clone()),
                name: account.name.clone(),
                previously: Previously::default(),
                status: model::WantedStatus::No,
                // An empty set asks for the levels that each account holds.
                levels: Some(BTreeSet::new()),
            },
        );
    }
    let read = reader.survey(&wanted).await?;
    if let Some(Err(why)) = read.sources.get(name).map(Collection::complete) {
        return Err(partial("the source", why));
    }
    whole("the accounts", &found(&read, name)?.accounts)?;
    for levels in read.levels.values() {
        match levels.complete() {
            Err(why) if why.reason != IncompleteReason::Forbidden => {
                return Err(partial("the user levels", why));
            }
            Ok(_) | Err(_) => {}
        }
    }
    live.owners = read.owners;
    live.levels = read.levels;
    let unknown = unknown_levels(live);
    if !unknown.is_empty() {
        let wanted = Wanted {
            unknown_levels: unknown,
            ..Wanted::default()
        };
        live.custom_levels = reader.survey(&wanted).await?.custom_levels;
        whole("the tenant's own user levels", &live.custom_levels)?;
    }
    Ok(())
}

/// The accounts whose levels are needed.
fn selected<'a>(source: &'a LiveSource, selection: &Selection) -> Vec<&'a LiveAccount> {
    let accounts = source.accounts.found().iter();
    accounts
        .filter(|account| account.identity.is_some())
        .filter(|account| selection.includes(account))
        .collect()
}

/// Levels that the catalog does not know, which may be the tenant's own.
fn unknown_levels(live: &Live) -> BTreeSet<UserLevel> {
    let known = known_levels();
    let levels = live.levels.values().flat_map(Collection::found);
    levels
        .filter(|level| !known.contains(*level))
        .cloned()
        .collect()
}

/// The user levels that SailPoint documents.
fn known_levels() -> BTreeSet<UserLevel> {
    catalog::user_levels()
        .iter()
        .map(|level| level.id.into())
        .collect()
}

/// The nearest candidate, as the end of a sentence.
pub(super) fn did_you_mean<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    match spec::did_you_mean(text, candidates) {
        Some(meant) => format!("; did you mean \"{meant}\"?"),
        None => String::new(),
    }
}

fn whole<T>(what: &str, collection: &Collection<T>) -> Result<(), Failure> {
    match collection.complete() {
        Ok(_) => Ok(()),
        Err(why) => Err(partial(what, why)),
    }
}

/// An owner that could not be read makes the read partial too.
fn unanswered(error: TenantError) -> Failure {
    match &error.kind {
        TenantErrorKind::Unavailable { .. }
        | TenantErrorKind::NotReached { .. }
        | TenantErrorKind::Intercepted { .. }
        | TenantErrorKind::Unknown { .. }
        | TenantErrorKind::Undecodable { .. } => partial(
            "the owners",
            &Incomplete {
                reason: IncompleteReason::RetriesUsedUp,
                detail: error.chain(),
                call: None,
            },
        ),
        _ => Failure::Tenant(error),
    }
}

fn partial(what: &str, why: &Incomplete) -> Failure {
    Failure::Tenant(TenantError::new(
        format!("reading {what}; nothing was written"),
        TenantErrorKind::Incomplete(why.clone()),
    ))
}

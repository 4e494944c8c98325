//! Reading list of a plan: what has to be read from the tenant for a spec.

use model::{
    AccountKey, AccountSpec, IssuerState, OwnerRef, Spec, UnmanagedAccounts, Wanted, WantedAccount,
    WantedSource, WantedStatus,
};
use std::collections::{BTreeMap, BTreeSet};

/// The reading list for a spec, given what the stores hold as issuers.
///
/// An account whose issuer is in the store has been registered, so its identity
/// need not be read where that is a token of it; this is what keeps a plan without
/// changes cheap.
pub fn wanted(spec: &Spec, issuers: &BTreeMap<AccountKey, IssuerState>) -> Wanted {
    let mut wanted = Wanted {
        owners: owners(spec),
        known_levels: catalog::user_levels()
            .iter()
            .map(|level| level.id.into())
            .collect(),
        ..Wanted::default()
    };
    for (name, source) in &spec.sources {
        let deletes = source
            .managed()
            .is_some_and(|managed| managed.unmanaged == UnmanagedAccounts::Delete);
        wanted.sources.insert(
            name.clone(),
            WantedSource {
                managed: source.managed().is_some(),
                undeclared_levels: deletes,
                uid: source
                    .managed()
                    .and_then(|managed| managed.identity_profile.as_ref())
                    .and_then(|profile| profile.mappings.get("uid").cloned()),
            },
        );
    }
    wanted.tokens = reads_tokens(spec);
    for (key, account) in &spec.accounts {
        let needs_status = declares_tokens(account) || invites(spec, account);
        // Without the tokens it is not seen whose the issuer is.
        let issuer = match issuers.get(key) {
            Some(IssuerState::Present { client_id, origin }) if wanted.tokens => {
                Some((client_id, origin))
            }
            _ => None,
        };
        let has_issuer = account.issuer.is_some() && issuer.is_some();
        wanted.accounts.insert(
            key.clone(),
            WantedAccount {
                source: account.source.clone(),
                native_identity: account.row.as_ref().map(|row| row.id.clone()),
                name: account.name.clone(),
                previously: account.previously.clone(),
                status: match issuer {
                    _ if !needs_status && !has_issuer => WantedStatus::No,
                    None => WantedStatus::Yes,
                    Some((token, origin)) => WantedStatus::WithoutIssuer {
                        token: token.clone(),
                        origin: origin.clone(),
                        life: account.issuer_life,
                    },
                },
                levels: account.user_levels.clone(),
            },
        );
        wanted.unknown_levels.extend(
            account
                .user_levels
                .iter()
                .flatten()
                .filter(|level| !wanted.known_levels.contains(*level))
                .cloned(),
        );
    }
    wanted
}

/// Whether a plan of the spec needs the list of tokens.
pub(crate) fn reads_tokens(spec: &Spec) -> bool {
    let deletes = spec.sources.values().any(|source| {
        source
            .managed()
            .is_some_and(|managed| managed.unmanaged == UnmanagedAccounts::Delete)
    });
    // Where a file says where an account's issuer token is, steersman has created tokens,
    // or may have, also for an account that declares none any more.
    let declares = spec
        .accounts
        .values()
        .any(|account| account.tokens.is_some() || account.issuer.is_some());
    deletes || declares
}

/// Whether the account is to have at least one token.
pub(crate) fn declares_tokens(account: &AccountSpec) -> bool {
    account
        .tokens
        .as_ref()
        .is_some_and(|tokens| !tokens.is_empty())
}

/// Whether the identity profile of the account's source invites new identities.
pub(crate) fn invites(spec: &Spec, account: &AccountSpec) -> bool {
    spec.sources
        .get(&account.source)
        .and_then(|source| source.managed()?.identity_profile.as_ref())
        .is_some_and(|profile| profile.invite)
}

fn owners(spec: &Spec) -> BTreeSet<OwnerRef> {
    spec.sources
        .values()
        .filter_map(|source| source.managed())
        .flat_map(|source| {
            let profile_owner = source
                .identity_profile
                .as_ref()
                .and_then(|profile| profile.owner.clone());
            [Some(source.owner.clone()), profile_owner]
        })
        .flatten()
        .collect()
}

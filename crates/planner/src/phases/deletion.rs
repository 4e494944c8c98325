//! Plans unmanaged accounts of a managed source: reported, or deleted.
//!
//! Deletion is in the opposite order of the guide: tokens, levels, row.

use crate::claims::{Claims, KnownClaims};
use crate::classify::issuer::UnknownIssuer;
use crate::draft::{Draft, NewStep, StepExt, fields};
use crate::index::Index;
use crate::phases::accounts::as_fields;
use crate::phases::own_access;
use crate::phases::rename::Renames;
use crate::phases::tokens::{revoke, tell_retiring};
use crate::undeclared_keys::UndeclaredKeys;
use crate::unlisted::{AccountsUnread, UnreadSecret};
use crate::view::{live_source, ownership_of};
use crate::wanted::reads_tokens;
use model::ownership::{Against, Earlier, Ownership};
use model::{
    AccountKey, AccountName, Action, Address, BlockedReason, Collection, Fingerprint, HeldToken,
    Holding, IdentityId, IdentityTarget, Incomplete, IncompleteReason, Live, LiveAccount,
    LiveSource, LiveToken, ManagedSource, NativeIdentity, Operation, Reason, Ref, RowChange,
    SourceName, Spec, Unmanaged, UnmanagedAccounts, Who,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Plans the unmanaged accounts of a source. On a partial read, none is deleted
/// or reported.
pub(crate) fn plan(
    draft: &mut Draft,
    spec: &Spec,
    index: &Index<'_>,
    claims: &KnownClaims<'_>,
    keys: &UndeclaredKeys<'_>,
    name: &SourceName,
    wanted: &ManagedSource,
) {
    let live = index.live;
    let Some(source) = live_source(live, name) else {
        return;
    };
    if source.kind != LiveSource::DELIMITED_FILE {
        return;
    }
    let Ok(accounts) = source.accounts.complete() else {
        return;
    };
    let declared: BTreeSet<&NativeIdentity> = spec
        .accounts_of(name)
        .filter_map(|account| account.row.as_ref())
        .map(|row| &row.id)
        .collect();
    let renames = Renames::of(spec, name, accounts);
    let reads_tokens = reads_tokens(spec);
    for account in accounts.iter().filter(|account| {
        !declared.contains(&account.native_identity) && !renames.claims(&account.native_identity)
    }) {
        let key = keys.key(name, account);
        match wanted.unmanaged {
            UnmanagedAccounts::Keep => {
                draft.unmanaged.push(Unmanaged {
                    address: Address::Account(key.clone()),
                    name: account.name.to_string(),
                    source: Some(name.clone()),
                    holds: holding(index, claims, reads_tokens, account),
                });
                keep(draft, index, claims, &key, account);
            }
            UnmanagedAccounts::Delete => delete(draft, index, claims, source, &key, account),
        }
    }
}

/// The access that the identity of an unmanaged account still has; none where a declared
/// account has the same identity.
fn holding(
    index: &Index<'_>,
    claims: &KnownClaims<'_>,
    reads_tokens: bool,
    account: &LiveAccount,
) -> Option<Holding> {
    let Some(identity) = &account.identity else {
        return Some(Holding::nothing());
    };
    match claims {
        Ok(claims) if claims.has(identity) => return None,
        // What it has may be that of a declared account, which was not read.
        Err(_) => return Some(Holding::default()),
        Ok(_) => {}
    }
    let live = index.live;
    let read = live.levels.get(identity);
    let levels = read.and_then(|levels| levels.complete().ok());
    let is_current = |token: &&&LiveToken| {
        let has_ended = token.expires.is_some_and(|end| end <= live.observed_at);
        !token.managed && !has_ended
    };
    let tokens = index.tokens(identity).ok().filter(|_| reads_tokens);
    Some(Holding {
        user_levels: levels.or_else(|| live.listed_levels.get(identity)).cloned(),
        tokens: tokens.map(|tokens| {
            tokens
                .iter()
                .filter(is_current)
                .map(|token| HeldToken {
                    name: token.name.clone(),
                    expires: token.expires,
                })
                .collect()
        }),
    })
}

/// Reports the tokens of an account that is kept that steersman has replaced, and that
/// nothing revokes any more.
fn keep(
    draft: &mut Draft,
    index: &Index<'_>,
    claims: &KnownClaims<'_>,
    key: &AccountKey,
    account: &LiveAccount,
) {
    if let (Some(identity), Ok(claims)) = (&account.identity, claims)
        && !claims.has(identity)
    {
        tell_retiring(draft, index, key, identity);
    }
}

fn delete(
    draft: &mut Draft,
    index: &Index<'_>,
    claims: &KnownClaims<'_>,
    source: &LiveSource,
    key: &AccountKey,
    account: &LiveAccount,
) {
    let address = Address::Account(key.clone());
    if own_access::is_own(index.live, account.identity.as_ref()) {
        own_access::hold(draft, index.live, &address, "delete the account of");
        return;
    }
    // The import is of the schema, and under the delete threshold, of this plan.
    let mut first = draft.planned([
        Address::Source(source.name.clone()),
        Address::Schema(source.name.clone()),
    ]);
    let makes_identities = match source.profile.complete() {
        Ok(profile) => profile.is_some(),
        Err(why) => {
            let collection = format!("the identity profile of \"{}\"", source.name);
            draft.block_unread(address, &collection, why);
            return;
        }
    };
    // An identity that a declared account shares keeps its tokens and levels, and
    // so does one that is not the row's own: a person, to whom the row was added.
    let deleted = match (&account.identity, claims) {
        (None, _) => None,
        (Some(identity), Ok(claims)) => Some(identity).filter(|identity| !claims.has(identity)),
        // A declared account that was not read may share the identity, which goes
        // with the row where no other account holds it.
        (Some(_), Err(unread)) => {
            draft.block_unread(address, &unread.collection(), &unread.why);
            return;
        }
    };
    let ownership = ownership_of(index.live, &source.name, account, None, Earlier::None);
    if let (Some(identity), Ok(claims)) = (&account.identity, claims)
        && let Some(key) = claims.relying(identity)
        && makes_identities
        && is_made_of_row(ownership, claims.is_own(identity))
    {
        block_relied_on(draft, address, account, identity, key);
        return;
    }
    if let (Some(identity), Ok(claims)) = (&account.identity, claims)
        && makes_identities
        && is_made_of_row(ownership, claims.is_own(identity))
    {
        if let Some((relying, secret)) = may_rely(index, claims, identity) {
            block_unread_secret(draft, address, account, relying, secret);
            return;
        }
        if let (Err(why), true) = (index.tokens(identity), claims.may_rely_on_unread()) {
            draft.block_unread(address, "the personal access tokens", why);
            return;
        }
    }
    if let (Some(identity), Ok(claims)) = (&account.identity, claims)
        && let Some(holder) = claims.holder(identity)
        && makes_identities
        && is_made_of_row(ownership, claims.is_own(identity))
    {
        block_shared(draft, address, account, identity, holder);
        return;
    }
    let deleted = match (deleted, ownership) {
        (
            Some(identity),
            Some(
                Ownership::Unread(_)
                | Ownership::NotRead
                | Ownership::Unknown
                // It can be a person's as well as the row's.
                | Ownership::Awaited(Against::NoEmail { .. }),
            ),
        ) => {
            block_unknown(draft, address, account, identity);
            return;
        }
        // Nothing of an identity is touched while something speaks against it.
        (None, _) | (_, None | Some(Ownership::NotOwn(_) | Ownership::Awaited(_))) => None,
        (Some(identity), Some(Ownership::Own | Ownership::Approved)) => Some(identity),
    };
    if let (Some(identity), Ok(claims)) = (deleted, claims)
        && let Some(unread) = unlisted(index, claims, identity)
    {
        draft.block_unread(address, &unread.collection(), &unread.why);
        return;
    }
    if let Some(identity) = deleted {
        let Some(tokens) = revoke_tokens(draft, index, key, &address, identity) else {
            return;
        };
        let Some(levels) =
            remove_levels(draft, index.live, account, key, &address, identity, &tokens)
        else {
            return;
        };
        first.extend(tokens);
        first.extend(levels);
    }
    let cells: BTreeMap<_, _> = account.cells.clone();
    draft
        .step(NewStep {
            address,
            action: Action::Delete,
            reason: Reason::NotDeclared,
            before: Some(as_fields(&cells)),
            after: None,
            operation: Operation::ImportRow {
                source: Ref::Known(source.id.clone()),
                source_name: source.name.clone(),
                native_identity: account.native_identity.clone(),
                change: RowChange::Delete,
                basis: Arc::default(),
            },
        })
        .observed(account.fingerprint())
        .after(first);
}

/// A declared account whose secret may be a token of the identity, and was not read.
fn may_rely<'a>(
    index: &Index<'a>,
    claims: &Claims<'a>,
    identity: &IdentityId,
) -> Option<(&'a AccountName, UnreadSecret<'a>)> {
    let tokens = index.tokens(identity).unwrap_or_default().iter();
    let mut tokens = tokens.filter(|token| !token.managed);
    tokens.find_map(|token| claims.may_rely(token))
}

/// Why a token or a level of the identity may be that of a declared account.
fn unlisted<'c>(
    index: &Index<'_>,
    claims: &'c Claims<'_>,
    identity: &IdentityId,
) -> Option<&'c AccountsUnread> {
    let tokens = index.tokens(identity).unwrap_or_default().iter();
    let levels = index.live.levels.get(identity).map(Collection::found);
    tokens
        .filter(|token| !token.managed)
        .find_map(|token| claims.unlisted_owner(token))
        .or_else(|| claims.unlisted_holder(levels?))
}

/// Whether the identity may have been made of the row, and so go with it. `is_anothers`
/// says whether it is the own one of a declared account.
fn is_made_of_row(ownership: Option<Ownership<'_>>, is_anothers: bool) -> bool {
    match ownership {
        Some(
            Ownership::Own
            | Ownership::Approved
            | Ownership::Awaited(_)
            | Ownership::Unread(_)
            | Ownership::NotRead
            | Ownership::Unknown,
        ) => true,
        Some(Ownership::NotOwn(against)) => match against {
            // Names can be edited, a mapping can be removed, and a row that was renamed is
            // younger than its identity.
            Against::Alias { .. }
            | Against::Email { .. }
            | Against::NoEmail { .. }
            | Against::UnmappedEmail { .. }
            | Against::Older => !is_anothers,
            Against::OtherApproved(_)
            | Against::ByHand
            | Against::Machine
            | Against::NoProfile
            | Against::OtherSource(_) => false,
        },
        None => false,
    }
}

/// Blocks the deletion of a row of which the identity of a declared account was made.
fn block_shared(
    draft: &mut Draft,
    address: Address,
    account: &LiveAccount,
    identity: &IdentityId,
    holder: &AccountKey,
) {
    let name = &account.name;
    draft.block(
        address,
        BlockedReason::Contradiction,
        format!(
            "identity {identity} of {holder}, which the files declare, may be made of the row of {name}: ISC then deletes the identity with the row, and its tokens and levels with it"
        ),
        format!(
            "declare the account of {name} again; or, if the identity may go, remove {holder} from the files or delete the row in ISC"
        ),
        Who::Operator,
    );
}

/// Blocks the deletion of a row of which an identity may be made that a declared account
/// still has its tokens of. The account was moved to another source, as a rule.
fn block_relied_on(
    draft: &mut Draft,
    address: Address,
    account: &LiveAccount,
    identity: &IdentityId,
    key: &AccountKey,
) {
    let name = &account.name;
    draft.block(
        address,
        BlockedReason::Contradiction,
        format!(
            "the secrets of {key}, which the files declare, are tokens of identity {identity}, which may be made of the row of {name}: ISC then deletes the identity and its tokens with the row"
        ),
        format!(
            "once {key} has another identity, enroll it: the next apply then deletes the row; or delete the secrets of {key} in the store; or, to keep the identity, declare the account of {name} as it was"
        ),
        Who::Operator,
    );
}

/// Blocks the deletion of a row of whose identity a declared account may have its tokens.
fn block_unread_secret(
    draft: &mut Draft,
    address: Address,
    account: &LiveAccount,
    relying: &AccountName,
    UnreadSecret { place, why }: UnreadSecret<'_>,
) {
    let name = &account.name;
    let may = format!(
        "so it may be a token that goes with the row of {name}, and all that {relying} has"
    );
    match why {
        UnknownIssuer::Unreadable(why) => {
            draft.unread_store(place, why);
            draft.block(
                address,
                BlockedReason::Unread,
                format!("the secret of {relying} at {place} could not be read, {may}: {why}"),
                "make the store readable here, then plan again".to_owned(),
                Who::Operator,
            );
        }
        UnknownIssuer::NotAsked => draft.block(
            address,
            BlockedReason::StoreNotAsked,
            format!(
                "the store of {relying}'s secret at {place} was not asked, because it runs a program that the files name, {may}"
            ),
            "check the program in the files, then add `--allow-commands`".to_owned(),
            Who::Operator,
        ),
    }
}

/// Blocks the deletion of a row whose identity may be a person's.
fn block_unknown(
    draft: &mut Draft,
    address: Address,
    account: &LiveAccount,
    identity: &IdentityId,
) {
    let name = &account.name;
    draft.block(
        address,
        BlockedReason::OwnershipUnknown,
        format!(
            "nothing that ISC returned shows whether identity {identity} of {name} is the account's own, so its tokens and levels stay"
        ),
        format!(
            "check in ISC whose identity {identity} is, and delete the row of {name} by hand; or declare the account"
        ),
        Who::Operator,
    );
}

/// The revocations; none where the tokens could not be read.
fn revoke_tokens(
    draft: &mut Draft,
    index: &Index<'_>,
    key: &AccountKey,
    account: &Address,
    identity: &IdentityId,
) -> Option<Vec<Address>> {
    let tokens = match index.tokens(identity) {
        Ok(tokens) => tokens,
        Err(why) => {
            draft.block_unread(account.clone(), "the personal access tokens", why);
            return None;
        }
    };
    let mut steps = Vec::new();
    for token in tokens.iter().filter(|token| !token.managed) {
        let address = Address::Token(key.clone(), token.name.clone());
        revoke(draft, address.clone(), token, Reason::NotDeclared);
        steps.push(address);
    }
    Some(steps)
}

/// The removal of all levels; none where they could not be read.
fn remove_levels(
    draft: &mut Draft,
    live: &Live,
    account: &LiveAccount,
    key: &AccountKey,
    account_address: &Address,
    identity: &IdentityId,
    first: &[Address],
) -> Option<Vec<Address>> {
    let levels = match live.levels.get(identity).map(Collection::complete) {
        Some(Ok(levels)) => levels,
        Some(Err(why)) => {
            let collection = format!("the user levels of {}", account.name);
            draft.block_unread(account_address.clone(), &collection, why);
            return None;
        }
        None => {
            let why = Incomplete {
                reason: IncompleteReason::Refused,
                detail: "they were not looked up".to_owned(),
                call: None,
            };
            let collection = format!("the user levels of {}", account.name);
            draft.block_unread(account_address.clone(), &collection, &why);
            return None;
        }
    };
    if levels.is_empty() {
        return Some(Vec::new());
    }
    let address = Address::Levels(key.clone());
    let step = draft.step(NewStep {
        address: address.clone(),
        action: Action::Delete,
        reason: Reason::NotDeclared,
        before: Some(fields([("userLevels", json!(levels))])),
        after: None,
        operation: Operation::SetLevels {
            identity: IdentityTarget::Known(identity.clone()),
            levels: BTreeSet::new(),
        },
    });
    step.observed(Fingerprint::of(levels))
        .after(first.iter().cloned());
    Some(vec![address])
}

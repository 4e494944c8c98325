//! Lowers service accounts with their levels, tokens and issuer.

use super::identity::{managed_row, unmanaged_name};
use super::places;
use super::source::source_of;
use super::unique::Unique;
use crate::code::Code;
use crate::decode::{List, Text};
use crate::finding::Finding;
use crate::lower::context::Context;
use crate::lower::token::{self, Defaults, Owner};
use crate::raw::{RawAccount, RawAccounts, RawPreviously};
use model::{
    AccountKey, AccountName, AccountSpec, Address, IdentityId, NativeIdentity, Previously,
    SourceName, SourceSpec, StoreName, StoreSpec, UserLevel,
};
use std::collections::{BTreeMap, BTreeSet};

/// The accounts that could be lowered.
pub(in crate::lower) struct Lowered {
    pub(in crate::lower) accounts: BTreeMap<AccountKey, AccountSpec>,
    /// Accounts of which tokens were left out.
    pub(in crate::lower) doubtful: BTreeSet<AccountKey>,
}

/// What accounts are lowered with, and the accounts so far.
struct Accounts<'a> {
    sources: &'a BTreeMap<SourceName, SourceSpec>,
    stores: &'a BTreeMap<StoreName, StoreSpec>,
    defaults: &'a Defaults,
    unique: Unique,
    lowered: Lowered,
}

pub(in crate::lower) fn lower(
    accounts: Vec<RawAccounts>,
    sources: &BTreeMap<SourceName, SourceSpec>,
    stores: &BTreeMap<StoreName, StoreSpec>,
    defaults: &Defaults,
    context: &mut Context<'_>,
) -> Lowered {
    let number = accounts.iter().map(RawAccounts::len).sum();
    let mut state = Accounts {
        sources,
        stores,
        defaults,
        unique: Unique::with_capacity(number),
        lowered: Lowered {
            accounts: BTreeMap::new(),
            doubtful: BTreeSet::new(),
        },
    };
    for (done, account) in accounts.into_iter().flatten().enumerate() {
        if context.findings.are_enough() {
            context.findings.leave_unchecked(number - done);
            break;
        }
        state.lower(*account, context);
    }
    state.lowered
}

impl Accounts<'_> {
    fn lower(&mut self, account: RawAccount, context: &mut Context<'_>) {
        let source = source_of(&account, self.sources, context);
        let managed = match &source {
            Some(name) => self.sources.get(name).map(|spec| spec.managed().is_some()),
            None => None,
        };
        // Where the source is not known, the keys tell which kind was meant.
        let managed = managed.unwrap_or(account.account.is_none());
        let place = account.place();
        let Some((key, name, row)) = (if managed {
            managed_row(&account, context)
        } else {
            unmanaged_name(&account, context)
        }) else {
            return;
        };
        if !self.unique.account(&key, place, context) {
            return;
        }
        let address = Address::Account(key.clone());
        places::note(&address, &account, place, context);
        let RawAccount {
            head: _,
            broken,
            source: written_source,
            id: _,
            name: name_text,
            email: _,
            purpose: _,
            attributes: _,
            account: account_text,
            user_levels,
            tokens,
            issuer,
            previously,
            identity,
        } = account;
        let identity = identity.and_then(|written| approved(&key, *written, context));
        if let Some(source) = &source {
            let span = name_text
                .as_ref()
                .or(account_text.as_deref())
                .map_or(place, |text| text.span);
            self.unique
                .name(source, &name, row.is_some(), span, context);
        }
        let levels_complete = user_levels.as_ref().is_none_or(|list| list.complete);
        let user_levels = user_levels.map(|list| levels(&key, list, context));
        let owner = Owner {
            key: &key,
            name: &name,
            defaults: self.defaults,
            stores: self.stores,
        };
        let (issuer, issuer_life) =
            self.defaults
                .issuer
                .of_account(issuer.as_deref(), &name, self.stores, context);
        let tokens = tokens.map(|list| token::lower(list, &owner, context));
        let has_tokens = tokens
            .as_ref()
            .is_some_and(|(tokens, _)| !tokens.is_empty());
        if has_tokens && issuer.is_none() && context.complete.defaults {
            context.findings.push(
                Finding::new(
                    Code::NoIssuer,
                    format!("service account `{key}` has no store location for its issuer token"),
                )
                .at(place, "missing `issuer`: an account with tokens needs one")
                .help(
                    "add `issuer: {store: …, key: …}` to the account, or under `defaults` for all accounts",
                ),
            );
        }
        // An account whose source is not known is reported already; the checks of
        // its levels and tokens are no worse for it.
        let source = source.unwrap_or_else(|| {
            SourceName::new(written_source.map(|text| text.value).unwrap_or_default())
        });
        let levels_doubtful = broken.contains(&"userLevels") || !levels_complete;
        let tokens_doubtful =
            broken.contains(&"tokens") || tokens.as_ref().is_some_and(|(_, complete)| !complete);
        if levels_doubtful || tokens_doubtful {
            self.lowered.doubtful.insert(key.clone());
        }
        self.lowered.accounts.insert(
            key.clone(),
            AccountSpec {
                key,
                source,
                name,
                row,
                user_levels,
                tokens: tokens.map(|(tokens, _)| tokens),
                issuer,
                issuer_life,
                previously: previously.map(|names| earlier(*names)).unwrap_or_default(),
                identity,
            },
        );
    }
}

/// The identity that the file approves as the account's own.
fn approved(key: &AccountKey, written: Text, context: &mut Context<'_>) -> Option<IdentityId> {
    let Text {
        value,
        span,
        origin: _,
    } = written;
    let is_id = !value.is_empty()
        && value
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    if is_id {
        return Some(IdentityId::new(value));
    }
    context.findings.push(
            Finding::new(
                Code::NotAnIdentityId,
                format!("`{value}` is not the ID of an identity"),
            )
            .at(span, "letters, digits and hyphens only")
            .help(format!(
                "write the ID that `steersman plan` names for {key}, such as `identity: 2c9180858082150f0180893dbaf44201`; a name or an email address can pass to another identity"
            )),
        );
    None
}

fn levels(key: &AccountKey, list: List<Text>, context: &mut Context<'_>) -> BTreeSet<UserLevel> {
    let address = Address::Account(key.clone());
    context.items(&address, "userLevels", &list.items);
    list.items
        .into_iter()
        .map(|text| UserLevel::new(text.value))
        .collect()
}

fn earlier(previously: RawPreviously) -> Previously {
    let RawPreviously {
        head: _,
        broken: _,
        id,
        name,
    } = previously;
    Previously {
        id: id.map(|text| NativeIdentity::new(text.value)),
        name: name.map(|text| AccountName::new(text.value)),
    }
}

//! Lowers service accounts with their levels, tokens and issuer.

use super::identity::{Identified, managed_row, unmanaged_name};
use super::places;
use super::source::source_of;
use super::unique::Unique;
use crate::code::Code;
use crate::decode::{List, Text};
use crate::finding::Finding;
use crate::lower::context::{Context, Doubt, Placed as _};
use crate::lower::place;
use crate::lower::profiles::{Profiles, Taken};
use crate::lower::token::{self, Defaults, Owner};
use crate::raw::{RawAccount, RawAccounts, RawIssuer, RawPreviously};
use crate::span::Span;
use model::{
    AccountKey, AccountName, AccountRow, AccountSpec, Address, IdentityId, NativeIdentity,
    Previously, SourceName, SourceSpec, StoreName, StoreSpec, UserLevel, folded,
};
use std::collections::{BTreeMap, BTreeSet};

/// The accounts that could be lowered.
pub(in crate::lower) struct Lowered {
    pub(in crate::lower) accounts: BTreeMap<AccountKey, AccountSpec>,
    /// Accounts of which levels or tokens were left out.
    pub(in crate::lower) doubtful: BTreeMap<AccountKey, Doubt>,
}

/// What accounts are lowered with.
pub(in crate::lower) struct Inputs<'a> {
    pub(in crate::lower) sources: &'a BTreeMap<SourceName, SourceSpec>,
    pub(in crate::lower) stores: &'a BTreeMap<StoreName, StoreSpec>,
    pub(in crate::lower) defaults: &'a Defaults,
    pub(in crate::lower) profiles: &'a Profiles,
}

/// What accounts are lowered with, and the accounts so far.
struct Accounts<'a> {
    inputs: Inputs<'a>,
    unique: Unique,
    lowered: Lowered,
}

pub(in crate::lower) fn lower(
    accounts: Vec<RawAccounts>,
    inputs: Inputs<'_>,
    context: &mut Context<'_>,
) -> Lowered {
    let number = accounts.iter().map(RawAccounts::len).sum();
    let mut state = Accounts {
        inputs,
        unique: Unique::with_capacity(number),
        lowered: Lowered {
            accounts: BTreeMap::new(),
            doubtful: BTreeMap::new(),
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
    fn lower(&mut self, mut account: RawAccount, context: &mut Context<'_>) {
        let Inputs {
            sources,
            stores,
            defaults,
            profiles,
        } = self.inputs;
        let source = source_of(&account, sources, context);
        let managed = match &source {
            Some(name) => sources.get(name).map(|spec| spec.managed().is_some()),
            None => None,
        };
        // Where the source is not known, the keys tell which kind was meant.
        let managed = managed.unwrap_or(account.account.is_none());
        let place = account.place();
        let taken = profiles.take(account.profile.as_deref(), context);
        let (defaults, profile) = match &taken {
            Taken::Defaults | Taken::Unknown => (defaults, None),
            Taken::Profile(profile) => (&profile.defaults, Some(*profile)),
        };
        let is_taken_unknown = matches!(taken, Taken::Unknown) || account.has_unreadable("profile");
        let Identified {
            key: written_key,
            name,
            mut row,
        } = if managed {
            managed_row(&mut account, profile, context)
        } else {
            unmanaged_name(&account, context)
        };
        let (key, standing) = self.standing(written_key, name.as_ref(), place, context);
        let address = Address::Account(key.clone());
        places::note(&address, &account, place, context);
        context.places.inherits(address.clone(), defaults.places());
        if let (Some(profile), Some(row)) = (profile, &mut row) {
            take_attributes(&address, &profile.attributes, row, context);
        }
        let RawAccount {
            head: _,
            broken,
            profile: profile_name,
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
        let misplaced: Vec<&'static str> = profile
            .iter()
            .flat_map(|profile| &profile.broken)
            .chain(&broken)
            .copied()
            .collect();
        let is_approved = identity.is_some() || broken.contains(&"identity");
        let identity = identity.and_then(|written| approved(&key, *written, context));
        // The name of a source is known where the source itself could not be read.
        let named_source = source.clone().or_else(|| {
            let written = written_source.as_ref().filter(|text| text.is_known());
            written.map(|text| SourceName::new(text.value.clone()))
        });
        if let (Some(source), Some(name)) = (&named_source, &name)
            && !self.is_copy(&standing, source, name)
        {
            let span = name_text
                .as_ref()
                .or(account_text.as_deref())
                .map_or(place, |text| text.span);
            self.unique.name(source, name, row.is_some(), span, context);
        }
        let levels_are_own = user_levels.is_some() || broken.contains(&"userLevels");
        let default_levels = profile.filter(|_| !levels_are_own);
        let user_levels =
            user_levels.or_else(|| default_levels.and_then(|profile| profile.user_levels.clone()));
        let levels_complete = user_levels.as_ref().is_none_or(|list| list.complete);
        let user_levels = user_levels.map(|list| levels(&key, list, context));
        let issuer_is_doubtful = is_taken_unknown
            || defaults.issuer_is_doubtful
            || broken.contains(&"issuer")
            || issuer
                .as_deref()
                .is_some_and(RawIssuer::is_placed_unreadably);
        let is_named = name.is_some();
        let name = name.unwrap_or_else(|| AccountName::new(String::new()));
        let tenant = context.tenant_in_keys.clone();
        let holder = place::Holder {
            tenant: &tenant,
            account: &name,
            id: &key,
            // One that is not known is reported.
            source: source.as_ref().map_or("source", SourceName::as_str),
        };
        let (issuer, issuer_life) =
            defaults
                .issuer
                .of_account(issuer.as_deref(), holder, stores, context);
        let issuer = issuer.map(|place| if is_named { place } else { place::unknown() });
        let owner = Owner {
            key: &key,
            holder: is_named.then_some(holder),
            defaults,
            profile: profile.and(profile_name.as_deref()),
            misplaced: &misplaced,
            is_taken_unknown,
            stores,
        };
        let tokens = tokens.map(|list| token::lower(list, &owner, context));
        let has_tokens = tokens
            .as_ref()
            .is_some_and(|(tokens, _)| !tokens.is_empty());
        if has_tokens && issuer.is_none() && !issuer_is_doubtful {
            context.findings.push(
                Finding::new(
                    Code::NoIssuer,
                    format!("service account `{key}` has no store location for its issuer token"),
                )
                .at(place, "missing `issuer`: an account with tokens needs one")
                .help(match profile_name.as_deref() {
                    Some(name) => format!(
                        "add `issuer: {{store: …, key: …}}` to the account, to its profile `{}`, or under `defaults` for all accounts",
                        name.value
                    ),
                    None => "add `issuer: {store: …, key: …}` to the account, or under `defaults` for all accounts".to_owned(),
                })
                .once_for("service account", profile_name.as_deref().map_or("", Text::as_str)),
            );
        }
        // An account whose source is not known is reported already; the checks of
        // its levels and tokens are no worse for it.
        let source = source.unwrap_or_else(|| {
            SourceName::new(written_source.map(|text| text.value).unwrap_or_default())
        });
        let levels_doubtful = broken.contains(&"userLevels")
            || !levels_complete
            || default_levels.is_some_and(|profile| profile.levels_are_doubtful);
        let tokens_doubtful =
            broken.contains(&"tokens") || tokens.as_ref().is_some_and(|(_, complete)| !complete);
        let doubt = Doubt {
            levels: levels_doubtful,
            tokens: tokens_doubtful,
            identity: is_approved && identity.is_none(),
        };
        if doubt != Doubt::default() {
            self.lowered.doubtful.insert(key.clone(), doubt);
        }
        let account = AccountSpec {
            key: key.clone(),
            source,
            name,
            row,
            user_levels,
            tokens: tokens.map(|(tokens, _)| tokens),
            issuer,
            issuer_life,
            previously: previously.map(|names| earlier(*names)).unwrap_or_default(),
            identity,
        };
        let accounts = match standing {
            Standing::Sound => &mut self.lowered.accounts,
            Standing::Again(_) | Standing::WithoutKey => &mut context.aside.accounts,
        };
        accounts.insert(key, account);
    }

    /// The key of the account, or one of its own where it has none.
    fn standing(
        &mut self,
        written: Option<AccountKey>,
        name: Option<&AccountName>,
        place: Span,
        context: &mut Context<'_>,
    ) -> (AccountKey, Standing) {
        match written {
            Some(key) if self.unique.account(&key, place, context) => (key, Standing::Sound),
            Some(key) => {
                let aside = context.aside.account(key.as_str(), "again");
                (aside, Standing::Again(key))
            }
            None => {
                let name = name.map(AccountName::as_str).unwrap_or_default();
                let aside = context.aside.account(name, "without an id");
                (aside, Standing::WithoutKey)
            }
        }
    }

    /// Whether an account that is declared again also repeats the name of the first one.
    fn is_copy(&self, standing: &Standing, source: &SourceName, name: &AccountName) -> bool {
        let Standing::Again(key) = standing else {
            return false;
        };
        self.lowered.accounts.get(key).is_some_and(|first| {
            first.source == *source && folded(first.name.as_str()) == folded(name.as_str())
        })
    }
}

/// Adds the attributes of the profile that the account does not set itself.
fn take_attributes(
    address: &Address,
    attributes: &[(Text, Text)],
    row: &mut AccountRow,
    context: &mut Context<'_>,
) {
    for (name, value) in attributes {
        let key = name.value.as_str().into();
        if row.attributes.contains_key(&key) {
            continue;
        }
        row.attributes.insert(key, value.value.clone());
        context.items(address, "attributes", [name]);
        context.places.field(
            address,
            format!("attributes={}.value", name.value),
            value.place(),
        );
    }
}

/// Whether an account has a key that no other one has.
enum Standing {
    Sound,
    /// An earlier account has the key.
    Again(AccountKey),
    WithoutKey,
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
        .map(|text| UserLevel::new(context.texts.shared(text.as_str())))
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

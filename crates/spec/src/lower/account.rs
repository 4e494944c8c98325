//! Service accounts.

use super::context::{Context, Placed, known, place_of};
use super::token::{self, Defaults, Owner};
use crate::code::Code;
use crate::decode::{List, Named, Text, did_you_mean, missing_key, one_of};
use crate::diagnostic::Finding;
use crate::raw::{RawAccount, RawPreviously};
use crate::span::Span;
use model::{
    AccountKey, AccountName, AccountRow, AccountSpec, Address, NativeIdentity, Previously,
    SourceName, SourceSpec, StoreKey, StoreName, StoreSpec, UserLevel,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The accounts that could be lowered.
pub(super) struct Lowered {
    pub(super) accounts: BTreeMap<AccountKey, AccountSpec>,
    /// Accounts of which tokens were left out.
    pub(super) doubtful: BTreeSet<AccountKey>,
}

/// Where accounts are being lowered, and what was met so far.
struct Accounts<'a> {
    sources: &'a BTreeMap<SourceName, SourceSpec>,
    stores: &'a BTreeMap<StoreName, StoreSpec>,
    defaults: &'a Defaults,
    keys: HashMap<AccountKey, Span>,
    names: HashMap<(SourceName, AccountName), Span>,
    secrets: HashMap<StoreKey, Span>,
    lowered: Lowered,
}

pub(super) fn lower(
    accounts: Vec<RawAccount>,
    sources: &BTreeMap<SourceName, SourceSpec>,
    stores: &BTreeMap<StoreName, StoreSpec>,
    defaults: &Defaults,
    context: &mut Context<'_>,
) -> Lowered {
    let mut state = Accounts {
        sources,
        stores,
        defaults,
        keys: HashMap::with_capacity(accounts.len()),
        names: HashMap::with_capacity(accounts.len()),
        secrets: HashMap::new(),
        lowered: Lowered {
            accounts: BTreeMap::new(),
            doubtful: BTreeSet::new(),
        },
    };
    for account in accounts {
        state.one(account, context);
    }
    state.lowered
}

impl Accounts<'_> {
    fn one(&mut self, account: RawAccount, context: &mut Context<'_>) {
        let source = self.source(&account, context);
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
        if let Some(first) = self.keys.get(&key) {
            context.findings.push(
                Finding::new(
                    Code::DuplicateAccountId,
                    format!("the service account `{key}` is declared twice"),
                )
                .at(place, "declared again here")
                .at(*first, "first declared here")
                .help("remove one of the two, or give it an id of its own"),
            );
            return;
        }
        self.keys.insert(key.clone(), place);
        let address = Address::Account(key.clone());
        places(&address, &account, place, context);
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
        } = account;
        if let Some(source) = &source {
            let span = name_text
                .as_ref()
                .or(account_text.as_ref())
                .map_or(place, |text| text.span);
            self.unique_name(source, &name, span, context);
        }
        let levels_complete = user_levels.as_ref().is_none_or(|list| list.complete);
        let user_levels = user_levels.map(|list| levels(&key, list, context));
        let owner = Owner {
            key: &key,
            name: &name,
            defaults: self.defaults,
            stores: self.stores,
        };
        let issuer_place = issuer.as_ref().map_or(place, |place| place.key.span);
        let issuer = token::issuer(issuer.as_ref(), &name, self.defaults, self.stores, context);
        let tokens = tokens.map(|list| token::lower(list, &owner, context));
        let has_tokens = tokens
            .as_ref()
            .is_some_and(|(tokens, _)| !tokens.is_empty());
        if has_tokens {
            if let Some(issuer) = &issuer {
                self.unique_secret(issuer, issuer_place, context);
            } else if context.complete.defaults {
                context.findings.push(
                    Finding::new(
                        Code::NoIssuer,
                        format!("nothing says where the issuer of `{key}` lies"),
                    )
                    .at(place, "without an issuer its tokens cannot be minted")
                    .help(
                        "add `issuer: {store: …, key: …}` to the account, or for all accounts under `defaults`",
                    ),
                );
            }
        }
        for token in tokens.iter().flat_map(|(tokens, _)| tokens.values()) {
            let address = Address::Token(key.clone(), token.name.clone());
            let span = context
                .places
                .exact(&address, "deliver")
                .or_else(|| context.places.exact(&address, "name"))
                .map_or(place, |place| place.span);
            self.unique_secret(&token.deliver, span, context);
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
                previously: previously.map(earlier).unwrap_or_default(),
            },
        );
    }

    /// The source an account is on, where that is clear.
    fn source(&self, account: &RawAccount, context: &mut Context<'_>) -> Option<SourceName> {
        if let Some(written) = &account.source {
            let name = SourceName::new(written.value.clone());
            if self.sources.contains_key(&name) {
                return Some(name);
            }
            // A source that was declared and could not be lowered is no news.
            if context.complete.sources && !context.declared_sources.contains(&written.value) {
                let declared = &context.declared_sources;
                context.findings.push_with(Code::UnknownSource, || {
                    let names = declared.iter().map(String::as_str);
                    let help = match did_you_mean(&written.value, names.clone()) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None if declared.is_empty() => {
                            "declare it under `sources`, with `managed: false` if it is made elsewhere"
                                .to_owned()
                        }
                        None => format!("declare it under `sources`, or use {}", one_of(names)),
                    };
                    Finding::new(
                        Code::UnknownSource,
                        format!("no file declares the source `{}`", written.value),
                    )
                    .at(written.span, "unknown source")
                    .help(help)
                });
            }
            return None;
        }
        let mut managed = self
            .sources
            .iter()
            .filter(|(_, spec)| spec.managed().is_some())
            .map(|(name, _)| name);
        match (managed.next(), managed.next()) {
            (Some(only), None) => Some(only.clone()),
            _ if !context.complete.sources
                || context.declared_sources.len() != self.sources.len() =>
            {
                None
            }
            _ => {
                context.findings.push_with(Code::NoSource, || {
                    let names = self.sources.keys().map(SourceName::as_str);
                    Finding::new(
                        Code::NoSource,
                        "this service account does not say which source it is on",
                    )
                    .at(account.place(), "which source?")
                    .help(if self.sources.is_empty() {
                        "declare a source under `sources`".to_owned()
                    } else {
                        format!("add `source: …` with {}", one_of(names))
                    })
                });
                None
            }
        }
    }

    fn unique_name(
        &mut self,
        source: &SourceName,
        name: &AccountName,
        span: Span,
        context: &mut Context<'_>,
    ) {
        let pair = (source.clone(), name.clone());
        if let Some(first) = self.names.get(&pair) {
            context.findings.push(
                Finding::new(
                    Code::DuplicateAccountName,
                    format!("two service accounts on `{source}` are named `{name}`"),
                )
                .at(span, "named so again here")
                .at(*first, "first named so here")
                .help("give each account a name of its own: it becomes the user name"),
            );
        } else {
            self.names.insert(pair, span);
        }
    }

    fn unique_secret(&mut self, key: &StoreKey, span: Span, context: &mut Context<'_>) {
        if let Some(first) = self.secrets.get(key) {
            context.findings.push(
                Finding::new(
                    Code::DuplicateStoreKey,
                    format!(
                        "two secrets go to one place, `{}` in the store `{}`",
                        key.key, key.store
                    ),
                )
                .at(span, "this one overwrites the other")
                .at(*first, "the other one")
                .help("give each its own key, for example with `{account}` and `{token}` in it"),
            );
        } else {
            self.secrets.insert(key.clone(), span);
        }
    }
}

type Identified = (AccountKey, AccountName, Option<AccountRow>);

/// The key, name and row of an account on a managed source.
fn managed_row(account: &RawAccount, context: &mut Context<'_>) -> Option<Identified> {
    const WHAT: &str = "a service account on a managed source";
    if let Some(name) = &account.account {
        context.findings.push(
            Finding::new(
                Code::KeyNotHere,
                "`account` is for sources that steersman does not manage",
            )
            .at(name.span, "does not belong here")
            .help("write `id`, `name`, `email` and `purpose`, or a `source` with `managed: false`"),
        );
    }
    let place = account.place();
    for (key, text) in [
        ("id", &account.id),
        ("name", &account.name),
        ("email", &account.email),
        ("purpose", &account.purpose),
    ] {
        if text.is_none() && !account.has_unreadable(key) {
            missing_key(key, WHAT, place, context.findings);
        }
    }
    let id = NativeIdentity::new(account.id.as_ref()?.value.clone());
    let name = AccountName::new(account.name.as_ref()?.value.clone());
    let row = AccountRow {
        email: text(account.email.as_ref()),
        purpose: text(account.purpose.as_ref()),
        attributes: account
            .attributes
            .iter()
            .flat_map(|Named { entries, .. }| entries)
            .map(|(name, value)| (name.value.as_str().into(), value.value.clone()))
            .collect(),
        id,
        name: name.clone(),
    };
    Some((AccountKey::new(row.id.as_str()), name, Some(row)))
}

/// A text, or nothing where the key is missing, which was reported.
fn text(written: Option<&Text>) -> String {
    written.map(|text| text.value.clone()).unwrap_or_default()
}

/// The key and name of an account on a source that is not managed.
fn unmanaged_name(account: &RawAccount, context: &mut Context<'_>) -> Option<Identified> {
    let attributes = account.attributes.as_ref().map(|named| named.head);
    for (key, span) in [
        ("id", account.id.as_ref().map(|text| text.span)),
        ("name", account.name.as_ref().map(|text| text.span)),
        ("email", account.email.as_ref().map(|text| text.span)),
        ("purpose", account.purpose.as_ref().map(|text| text.span)),
        ("attributes", attributes),
    ] {
        if let Some(span) = span {
            context.findings.push(
                Finding::new(
                    Code::KeyNotHere,
                    format!("`{key}` is for accounts that steersman makes"),
                )
                .at(span, "does not belong here")
                .help("on a source that is not managed an account is found by `account: NAME`"),
            );
        }
    }
    if account.account.is_none() && !account.has_unreadable("account") {
        missing_key(
            "account",
            "a service account on a source that is not managed",
            account.place(),
            context.findings,
        );
    }
    let name = AccountName::new(account.account.as_ref()?.value.clone());
    Some((AccountKey::new(name.as_str()), name, None))
}

fn places(address: &Address, account: &RawAccount, place: Span, context: &mut Context<'_>) {
    context.places.thing(address.clone(), known(place));
    context.fields(
        address,
        [
            ("source", place_of(account.source.as_ref())),
            ("id", place_of(account.id.as_ref())),
            ("name", place_of(account.name.as_ref())),
            ("email", place_of(account.email.as_ref())),
            ("purpose", place_of(account.purpose.as_ref())),
            ("account", place_of(account.account.as_ref())),
            (
                "attributes",
                account.attributes.as_ref().map(|named| known(named.head)),
            ),
            (
                "userLevels",
                account.user_levels.as_ref().map(|list| known(list.head)),
            ),
            (
                "tokens",
                account.tokens.as_ref().map(|list| known(list.head)),
            ),
            (
                "issuer",
                account.issuer.as_ref().map(|place| known(place.key.span)),
            ),
            (
                "previously",
                account.previously.as_ref().map(|names| known(names.head)),
            ),
        ],
    );
    if let Some(previously) = &account.previously {
        context.fields(
            address,
            [
                ("previously.id", place_of(previously.id.as_ref())),
                ("previously.name", place_of(previously.name.as_ref())),
            ],
        );
    }
    for (name, value) in account.attributes.iter().flat_map(|named| &named.entries) {
        context.items(address, "attributes", [name]);
        context.places.field(
            address,
            format!("attributes={}.value", name.value),
            value.place(),
        );
    }
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

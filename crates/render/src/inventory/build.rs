//! Collects the inventory from the spec, the observed state, the token list and a record.

use super::document::{
    AccountRecord, Approval, InventoryDocument, Management, TokenAllows, TokenRecord,
};
use crate::apply_report::{Commit, Record, ResultDocument};
use crate::token_list::TokenListDocument;
use model::{
    AccountKey, AccountName, AccountSpec, Address, IdentityId, Live, LiveAccount, LiveToken,
    NativeIdentity, OwnerRef, Scope, SourceName, Spec, UserLevel,
};
use planner::{ForPeople, ListedToken, Standing, TokenList};
use std::collections::{BTreeMap, BTreeSet};

impl InventoryDocument {
    /// The inventory of what a spec manages, as it was read. Without a record of the
    /// tenant, it is not known who approved what.
    pub fn new(
        spec: &Spec,
        live: &Live,
        list: &TokenList,
        tenant: &str,
        record: Option<&Record>,
    ) -> Self {
        let mut rows: Rows<'_> = BTreeMap::new();
        for (index, token) in list.tokens.iter().enumerate() {
            rows.entry(&token.account).or_default().push((index, token));
        }
        let inventory = Inventory {
            spec,
            live,
            rows,
            observed: observed(live),
            approvals: record.map(approvals).unwrap_or_default(),
            tokens: TokenListDocument::new(list, &[], tenant),
        };
        let mut accounts: Vec<AccountRecord> = spec
            .accounts
            .values()
            .map(|account| inventory.declared(account))
            .collect();
        accounts.extend(inventory.unmanaged());
        Self {
            format_version: 1,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            tenant: tenant.to_owned(),
            made_by: live.caller.name(),
            read_at: list.at.to_string(),
            complete: inventory.tokens.complete,
            incomplete: inventory.tokens.incomplete.clone(),
            accounts,
        }
    }
}

/// What a record says of the objects that its run changed.
fn approvals(record: &Record) -> BTreeMap<String, Approval> {
    // A record of comparisons alone approves nothing.
    let Some(run) = &record.run else {
        return BTreeMap::new();
    };
    let approval = Approval {
        commit: match &record.commit {
            Commit::Known { id } => Some(id.clone()),
            Commit::None | Commit::Unknown { why: _ } => None,
        },
        applied_by: record.who.name.clone(),
        at: run.started_at.clone(),
    };
    run.steps
        .iter()
        .filter(|step| matches!(step.result, ResultDocument::Done { note: _ }))
        .map(|step| (step.address.clone(), approval.clone()))
        .collect()
}

/// The rows of the token list by account, each with its place in the list.
type Rows<'a> = BTreeMap<&'a AccountKey, Vec<(usize, &'a ListedToken)>>;

/// The accounts of a source by id and by name.
#[derive(Default)]
struct Observed<'a> {
    by_id: BTreeMap<&'a NativeIdentity, &'a LiveAccount>,
    by_name: BTreeMap<&'a AccountName, &'a LiveAccount>,
}

fn observed(live: &Live) -> BTreeMap<&SourceName, Observed<'_>> {
    let mut all: BTreeMap<&SourceName, Observed<'_>> = BTreeMap::new();
    for (name, source) in &live.sources {
        let Some(source) = source.found() else {
            continue;
        };
        let of = all.entry(name).or_default();
        for account in source.accounts.found() {
            of.by_id.insert(&account.native_identity, account);
            of.by_name.insert(&account.name, account);
        }
    }
    all
}

struct Inventory<'a> {
    spec: &'a Spec,
    live: &'a Live,
    rows: Rows<'a>,
    observed: BTreeMap<&'a SourceName, Observed<'a>>,
    approvals: BTreeMap<String, Approval>,
    tokens: TokenListDocument,
}

impl Inventory<'_> {
    fn declared(&self, account: &AccountSpec) -> AccountRecord {
        let rows = self.rows.get(&account.key).map_or(&[][..], Vec::as_slice);
        let found = self.observed(account);
        let identity = rows
            .iter()
            .find_map(|(_, token)| token.identity.as_ref())
            .or_else(|| found.and_then(|found| found.identity.as_ref()));
        let levels = identity.and_then(|identity| self.levels(identity));
        let tokens = rows.iter().filter_map(|(index, token)| {
            let document = self.tokens.tokens.get(*index)?.clone();
            let approval = self.approvals.get(&document.address).cloned();
            // What does not exist can do nothing.
            let exists = !matches!(
                token.standing,
                Standing::Missing(_) | Standing::Unread { .. }
            );
            Some(TokenRecord {
                allows: match (&token.token, exists) {
                    (Some(live), true) => allows(&live.effective_scopes(), levels),
                    (_, _) => None,
                },
                token: document,
                approval,
            })
        });
        let address = Address::Levels(account.key.clone()).to_string();
        AccountRecord {
            account: account.key.to_string(),
            name: account.name.to_string(),
            source: account.source.to_string(),
            source_owner: self.source_owner(&account.source),
            management: Management::Declared,
            purpose: account.row.as_ref().map(|row| row.purpose.clone()),
            email: account.row.as_ref().map(|row| row.email.clone()),
            attributes: account
                .row
                .iter()
                .flat_map(|row| &row.attributes)
                .map(text)
                .collect(),
            identity: identity.map(ToString::to_string),
            since: found
                .and_then(|found| found.created)
                .map(|at| at.to_string()),
            user_levels: levels.map(texts),
            levels_approval: self.approvals.get(&address).cloned(),
            tokens: tokens.collect(),
        }
    }

    /// The accounts on managed sources that no file declares.
    fn unmanaged(&self) -> Vec<AccountRecord> {
        let mut by_owner: BTreeMap<&IdentityId, Vec<&LiveToken>> = BTreeMap::new();
        for token in self.live.tokens.found() {
            by_owner.entry(&token.owner).or_default().push(token);
        }
        let declared: BTreeSet<(&SourceName, &str)> = self
            .spec
            .accounts
            .values()
            .filter_map(|account| Some((&account.source, account.row.as_ref()?.id.as_str())))
            .collect();
        let mut records = Vec::new();
        for (name, source) in &self.live.sources {
            let is_managed = self
                .spec
                .sources
                .get(name)
                .is_some_and(|of| of.managed().is_some());
            let Some(source) = source.found().as_ref().filter(|_| is_managed) else {
                continue;
            };
            for account in source.accounts.found() {
                if declared.contains(&(name, account.native_identity.as_str())) {
                    continue;
                }
                records.push(self.unmanaged_one(name, account, &by_owner));
            }
        }
        records
    }

    fn unmanaged_one(
        &self,
        source: &SourceName,
        account: &LiveAccount,
        by_owner: &BTreeMap<&IdentityId, Vec<&LiveToken>>,
    ) -> AccountRecord {
        let identity = account.identity.as_ref();
        let levels = identity.and_then(|identity| {
            self.levels(identity)
                .or_else(|| self.live.listed_levels.get(identity))
        });
        let owned = identity.and_then(|identity| by_owner.get(identity));
        let tokens = owned.into_iter().flatten().map(|token| {
            let row = ListedToken {
                account: account.native_identity.as_str().into(),
                account_name: account.name.clone(),
                identity: identity.cloned(),
                is_doubted: false,
                name: Some(token.name.clone()),
                standing: if token.managed {
                    Standing::OfSailPoint
                } else {
                    Standing::Undeclared
                },
                token: Some((*token).clone()),
                scopes: Some(token.effective_scopes()),
                delivery: None,
                next: None,
                people: ForPeople::default(),
            };
            TokenRecord {
                token: crate::token_list::token_document(&row, self.live.observed_at),
                allows: allows(&token.effective_scopes(), levels),
                approval: None,
            }
        });
        let cell = |name: &str| {
            account
                .cells
                .get(name)
                .cloned()
                .filter(|cell| !cell.is_empty())
        };
        AccountRecord {
            account: account.native_identity.to_string(),
            name: account.name.to_string(),
            source: source.to_string(),
            source_owner: self.source_owner(source),
            management: Management::Unmanaged,
            purpose: cell("purpose"),
            email: cell("e-mail"),
            attributes: BTreeMap::new(),
            identity: identity.map(ToString::to_string),
            since: account.created.map(|at| at.to_string()),
            user_levels: levels.map(texts),
            levels_approval: None,
            tokens: tokens.collect(),
        }
    }

    /// The account as it is on its source: by its id, else by its name.
    fn observed(&self, account: &AccountSpec) -> Option<&LiveAccount> {
        let of = self.observed.get(&account.source)?;
        let found = match &account.row {
            Some(row) => of.by_id.get(&row.id),
            None => of.by_name.get(&account.name),
        };
        found.copied()
    }

    fn levels(&self, identity: &IdentityId) -> Option<&BTreeSet<UserLevel>> {
        self.live.levels.get(identity)?.complete().ok()
    }

    fn source_owner(&self, source: &SourceName) -> Option<String> {
        let owner = &self.spec.sources.get(source)?.managed()?.owner;
        Some(match owner {
            OwnerRef::Alias(name) | OwnerRef::Email(name) | OwnerRef::Id(name) => name.clone(),
        })
    }
}

fn allows(scopes: &BTreeSet<Scope>, levels: Option<&BTreeSet<UserLevel>>) -> Option<TokenAllows> {
    let planner::Allowed {
        reads,
        changes,
        without_effect,
    } = planner::allowed(scopes, levels)?;
    Some(TokenAllows {
        reads,
        changes,
        without_effect: texts(&without_effect),
    })
}

fn texts<T: ToString>(values: &BTreeSet<T>) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn text<K: ToString>((name, value): (&K, &String)) -> (String, String) {
    (name.to_string(), value.clone())
}

//! What a run may have taken away or changed: judged from the tenant before and
//! after, whatever the run said and however it ended.

use crate::fault::{Fault, Promise};
use crate::files::{Account, ELSEWHERE, Files};
use crate::issuers;
use crate::tenant::{Row, Token, View};
use std::collections::{BTreeMap, BTreeSet};

/// How a run was started, and what was in its way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circumstances {
    /// `--allow`, by guard.
    pub(crate) allowed: BTreeMap<String, usize>,
    /// The operation that never answers whole.
    pub(crate) partial: Option<&'static str>,
    /// Something went wrong on purpose.
    pub(crate) disturbed: bool,
    /// What went wrong.
    pub(crate) trouble: String,
    /// `--only`.
    pub(crate) only: Option<String>,
    /// The plan was made earlier.
    pub(crate) saved: bool,
}

/// A run, as far as removals are concerned.
pub(crate) struct Judged<'a> {
    pub(crate) files: &'a Files,
    /// Tokens that people have made or renamed.
    pub(crate) by_hand: &'a BTreeSet<String>,
    pub(crate) before: &'a View,
    pub(crate) after: &'a View,
    pub(crate) circumstances: &'a Circumstances,
}

/// What the guards count.
#[derive(Default)]
struct Counts {
    accounts: usize,
    tokens: usize,
    levels: usize,
    scopes: usize,
    renames: usize,
}

/// Whether a row is declared, and how it may end.
enum Standing<'a> {
    Declared(&'a Account),
    /// A declared account was this row, and gets another id.
    Earlier(&'a Account),
    /// The source deletes what no file declares.
    MayGo,
    Stays,
}

impl Judged<'_> {
    /// # Errors
    /// The first thing that the run must not have done.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        let mut counts = Counts::default();
        self.rows(&mut counts)?;
        self.levels(&mut counts)?;
        self.tokens(&mut counts)?;
        self.identities(&mut counts)?;
        self.partial()?;
        self.guards(&counts)
    }

    fn standing(&self, source: &str, id: &str, row: &Row) -> Standing<'_> {
        let accounts = || {
            let accounts = self.files.accounts.iter();
            accounts.filter(|account| account.source() == source)
        };
        if source == ELSEWHERE {
            let mut named = accounts().filter(|account| account.name == row.name);
            return named.next().map_or(Standing::Stays, Standing::Declared);
        }
        if let Some(account) = accounts().find(|account| account.id() == id) {
            return Standing::Declared(account);
        }
        let earlier = accounts().find(|account| {
            account.row.as_ref().is_some_and(|declared| {
                declared.earlier_id.as_deref() == Some(id)
                    || (declared.earlier_id.is_none()
                        && declared.earlier_name.as_deref() == Some(&row.name))
            })
        });
        if let Some(account) = earlier {
            return Standing::Earlier(account);
        }
        match self.files.source(source) {
            Some(source) if source.delete_unmanaged => Standing::MayGo,
            _ => Standing::Stays,
        }
    }

    fn rows(&self, counts: &mut Counts) -> Result<(), Fault> {
        let stays = |text: String| Err(Fault::new(Promise::UndeclaredStays, text));
        for ((source, id), row) in &self.before.rows {
            let standing = self.standing(source, id, row);
            let Some(now) = self.after.row(source, id) else {
                match standing {
                    Standing::Declared(_) => {
                        return stays(format!("declared row {id} of {source} was removed"));
                    }
                    Standing::Stays => {
                        return stays(format!("undeclared row {id} of {source} was removed"));
                    }
                    Standing::Earlier(_) => counts.renames += usize::from(row.identity.is_some()),
                    Standing::MayGo => counts.accounts += 1,
                }
                continue;
            };
            let declared = match standing {
                Standing::Declared(account) => {
                    account.row.as_ref().map(|row| row.declared(&account.name))
                }
                _ => None,
            };
            let columns: BTreeSet<&String> = row.cells.keys().chain(now.cells.keys()).collect();
            for column in columns {
                let (was, is) = (row.cells.get(column), now.cells.get(column));
                let as_declared = declared.as_ref().is_some_and(|cells| {
                    cells
                        .get(column)
                        .is_some_and(|cell| is.map_or("", String::as_str) == cell.as_str())
                });
                let dropped = is.is_none() && !self.has_column(source, column);
                if was != is && !as_declared && !dropped {
                    return stays(format!(
                        "cell {column} of row {id} of {source} went from {was:?} to {is:?}"
                    ));
                }
            }
        }
        for ((source, id), row) in &self.after.rows {
            let is_new = self.before.row(source, id).is_none();
            if is_new && !matches!(self.standing(source, id, row), Standing::Declared(_)) {
                return stays(format!(
                    "row {id} of {source} was made, and no file declares it"
                ));
            }
        }
        Ok(())
    }

    fn has_column(&self, source: &str, column: &str) -> bool {
        let source = self.after.sources.get(source);
        source.is_some_and(|source| source.columns.iter().any(|known| known == column))
    }

    /// The accounts that are on an identity, and whether what it has may end: a row
    /// of it goes by a policy.
    fn on<'a>(&'a self, identity: &'a str) -> (Vec<&'a Account>, bool) {
        let mut declared = Vec::new();
        let mut may_go = false;
        for view in [self.before, self.after] {
            for ((source, id), row) in &view.rows {
                let is_its = row.identity.as_deref() == Some(identity);
                // What is one more account of somebody else's identity claims nothing.
                if !is_its || !owns(view, identity, row) {
                    continue;
                }
                match self.standing(source, id, row) {
                    Standing::Declared(account) | Standing::Earlier(account) => {
                        declared.push(account);
                    }
                    Standing::MayGo => may_go = true,
                    Standing::Stays => {}
                }
            }
        }
        (declared, may_go)
    }

    fn levels(&self, counts: &mut Counts) -> Result<(), Fault> {
        for (id, before) in &self.before.identities {
            let Some(after) = self.after.identities.get(id) else {
                continue;
            };
            let removed: Vec<&String> = before.levels.difference(&after.levels).collect();
            let added: Vec<&String> = after.levels.difference(&before.levels).collect();
            if removed.is_empty() && added.is_empty() {
                continue;
            }
            counts.levels += removed.len();
            let (accounts, may_go) = self.on(id);
            let declared: Vec<&&str> = accounts
                .iter()
                .filter_map(|account| account.levels.as_ref())
                .flatten()
                .collect();
            let is_managed = accounts.iter().any(|account| account.levels.is_some());
            let is_declared =
                |level: &String| declared.iter().any(|known| **known == level.as_str());
            let fine = added.iter().all(|level| is_declared(level))
                && (may_go || (is_managed && !removed.iter().any(|level| is_declared(level))));
            if !fine {
                return Err(Fault::new(
                    Promise::UndeclaredStays,
                    format!(
                        "levels of {} ({id}): removed {removed:?}, added {added:?}, declared {declared:?}",
                        before.alias
                    ),
                ));
            }
        }
        Ok(())
    }

    fn tokens(&self, counts: &mut Counts) -> Result<(), Fault> {
        for (id, token) in &self.before.tokens {
            let (accounts, may_go) = self.on(&token.owner);
            let names: BTreeSet<&str> = accounts
                .iter()
                .filter_map(|account| account.tokens.as_ref())
                .flatten()
                .map(|token| token.name)
                .chain(
                    accounts
                        .iter()
                        .any(|account| account.tokens.is_some())
                        .then_some("issuer"),
                )
                .collect();
            let called = called(token);
            let owner_is_gone = !self.after.identities.contains_key(&token.owner);
            match self.after.tokens.get(id) {
                Some(now) => {
                    let narrowed = token.scopes.difference(&now.scopes).count();
                    let changed = now.scopes != token.scopes
                        || now.expires != token.expires
                        || now.name != token.name;
                    if changed && !names.contains(called) {
                        return Err(Fault::new(
                            Promise::UndeclaredStays,
                            format!("token {} of {} was changed", token.name, token.owner),
                        ));
                    }
                    counts.scopes += narrowed;
                }
                None if owner_is_gone => {}
                None => {
                    let is_issuer = issuers::is_issuer(token);
                    // Its successor can be of a run that was killed; that the store has it
                    // is judged by itself.
                    let replaced = names.contains(called)
                        && self.after.tokens_of(&token.owner).any(|(id, other)| {
                            if is_issuer {
                                issuers::is_issuer(other) && other.is_alive(self.after.now)
                            } else {
                                other.name == token.name && !self.before.tokens.contains_key(id)
                            }
                        });
                    let ended =
                        (!is_issuer && token.name != called) || !token.is_alive(self.after.now);
                    let by_policy = self.files.revoke_unmanaged && !names.is_empty();
                    let undeclared = !names.contains(called);
                    if replaced || ended {
                        continue;
                    }
                    if (by_policy && undeclared) || may_go {
                        counts.tokens += 1;
                        continue;
                    }
                    let whose = if self.by_hand.contains(id) {
                        "hand-made "
                    } else {
                        ""
                    };
                    return Err(Fault::new(
                        Promise::UndeclaredStays,
                        format!("{whose}token {} of {} was revoked", token.name, token.owner),
                    ));
                }
            }
        }
        Ok(())
    }

    /// An identity ends with its row, or gets another user name.
    fn identities(&self, counts: &mut Counts) -> Result<(), Fault> {
        for (id, identity) in &self.before.identities {
            if self.after.identities.contains_key(id) {
                continue;
            }
            let of = |view: &View| {
                view.rows
                    .iter()
                    .find(|(_, row)| Some(&row.account) == identity.account.as_ref())
                    .map(|((source, _), row)| (source.clone(), row.clone()))
            };
            let Some((source, row)) = of(self.after) else {
                continue;
            };
            let uid = |view: &View, row: &Row| {
                let profile = view.sources.get(&source)?.profile.as_ref()?;
                row.cells.get(profile.mappings.get("uid")?).cloned()
            };
            let before = of(self.before).and_then(|(_, row)| uid(self.before, &row));
            if before == uid(self.after, &row) {
                // What people did before the run comes about during it.
                if before.as_ref() == Some(&identity.alias) {
                    return Err(Fault::new(
                        Promise::UndeclaredStays,
                        format!(
                            "identity {} ended, and its row has the same user name",
                            identity.alias
                        ),
                    ));
                }
            } else {
                counts.renames += 1;
            }
        }
        Ok(())
    }

    /// A collection that never came whole removes nothing that it covers.
    fn partial(&self) -> Result<(), Fault> {
        let Some(operation) = self.circumstances.partial else {
            return Ok(());
        };
        let gone = |what: String| {
            Err(Fault::new(
                Promise::PartialRemovesNothing,
                format!("{what}, though {operation} never answered whole"),
            ))
        };
        let lost_rows = self
            .before
            .rows
            .keys()
            .find(|key| !self.after.rows.contains_key(*key));
        let lost_token = self.before.tokens.iter().find(|(id, token)| {
            !self.after.tokens.contains_key(*id) && self.after.identities.contains_key(&token.owner)
        });
        let lost_levels = self.before.identities.iter().find(|(id, identity)| {
            self.after
                .identities
                .get(*id)
                .is_some_and(|now| !now.levels.is_superset(&identity.levels))
        });
        match operation {
            "listAccountsV1" => {
                if let Some((source, id)) = lost_rows {
                    return gone(format!("row {id} of {source} is gone"));
                }
                if let Some((_, token)) = lost_token {
                    return gone(format!("token {} is revoked", token.name));
                }
                if let Some((_, identity)) = lost_levels {
                    return gone(format!("levels of {} are removed", identity.alias));
                }
            }
            "listPersonalAccessTokensV1" => {
                if let Some((_, token)) = lost_token {
                    return gone(format!("token {} is revoked", token.name));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn guards(&self, counts: &Counts) -> Result<(), Fault> {
        for (guard, count, default) in [
            ("deleteAccounts", counts.accounts, 2),
            ("deleteTokens", counts.tokens, 10),
            ("removeLevels", counts.levels, 10),
            ("removeScopes", counts.scopes, 20),
            ("renameAccounts", counts.renames, 0),
        ] {
            let declared = self.files.limits.get(guard).copied().unwrap_or(default);
            let limit = declared.max(
                self.circumstances
                    .allowed
                    .get(guard)
                    .copied()
                    .unwrap_or_default(),
            );
            if count > limit {
                return Err(Fault::new(
                    Promise::GuardsSpeak,
                    format!("{guard}: {count} were carried out; {limit} pass"),
                ));
            }
        }
        Ok(())
    }
}

/// What a token was called before it was replaced.
fn called(token: &Token) -> &str {
    if issuers::is_issuer(token) {
        return "issuer";
    }
    token
        .name
        .split_once("~retiring-")
        .map_or(&token.name, |(name, _)| name)
}

/// Whether the identity was made from this row.
fn owns(view: &View, identity: &str, row: &Row) -> bool {
    view.identities
        .get(identity)
        .is_none_or(|identity| identity.account.as_deref() == Some(&row.account))
}

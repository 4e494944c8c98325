//! Compares the tokens and the stores before a run with those after it.

use crate::declared::{NAMES, STORES, issuer_file};
use crate::fault::{Fault, Promise};
use crate::runs::Trouble;
use crate::site::{Site, credential};
use crate::view::{Token, View};
use std::collections::BTreeMap;
use tests::Run;

const MINTS: &str = "sp:my-personal-access-tokens:manage";

type Seen<'a> = (&'a View, &'a BTreeMap<String, String>);

/// A run, by what was before it and what is after it.
pub(crate) struct Judged<'a> {
    pub(crate) before: Seen<'a>,
    pub(crate) after: Seen<'a>,
    /// Tokens that the command was to stop.
    pub(crate) stopped: &'a [String],
    pub(crate) trouble: &'a Trouble,
}

/// Sees that the run kept its promises, however it ended.
pub(crate) fn judge(site: &Site, judged: &Judged<'_>) -> Result<(), Fault> {
    secrets_work(site, judged)?;
    replaced_stay(site, judged)?;
    issuers_work(site, judged)?;
    hands_are_left(site, judged)?;
    foreign_stays(site, judged)?;
    unread_mints_nothing(site, judged)
}

/// The token of a document, where it signs in with it.
fn working<'a>(view: &'a View, text: Option<&String>) -> Option<(String, &'a Token)> {
    let (id, secret) = credential(text?)?;
    let token = view.alive(&id).filter(|token| token.secret == secret)?;
    Some((id, token))
}

/// Whether the files declare a token of this account and name.
fn is_declared(site: &Site, token: &Token) -> bool {
    let account = site.owners.iter().position(|owner| *owner == token.owner);
    account.is_some_and(|account| site.declared.accounts[account].contains_key(family(&token.name)))
}

/// The name that a token has or had.
fn family(name: &str) -> &str {
    name.split_once("~retiring-").map_or(name, |(name, _)| name)
}

/// What reads its secret from a place, before the run and after it, can sign in.
fn secrets_work(site: &Site, judged: &Judged<'_>) -> Result<(), Fault> {
    let ((before, documents), (after, now)) = (judged.before, judged.after);
    for (file, text) in documents {
        let Some((id, token)) = working(before, Some(text)) else {
            continue;
        };
        let is_issuer = file.ends_with("/issuer");
        let is_let_go = !is_issuer && !is_declared(site, token);
        if judged.stopped.contains(&id) || is_let_go || site.model.foreign.contains_key(file) {
            continue;
        }
        // What was moved is elsewhere, and is kept like what was replaced.
        if !is_issuer && !places(site).contains(file) {
            continue;
        }
        let Some(text) = now.get(file) else {
            return Err(Fault::new(
                Promise::SecretsWork,
                format!(
                    "{file} held the secret of {} ({id}), and is gone",
                    token.name
                ),
            ));
        };
        if working(after, Some(text)).is_none() {
            return Err(Fault::new(
                Promise::SecretsWork,
                format!(
                    "{file} held the secret of {} ({id}), and works no more",
                    token.name
                ),
            ));
        }
    }
    Ok(())
}

fn places(site: &Site) -> Vec<String> {
    let accounts = site.declared.accounts.iter().enumerate();
    accounts
        .flat_map(|(account, tokens)| {
            let tokens = tokens.iter();
            tokens.map(move |(name, token)| token.file(account, name))
        })
        .collect()
}

/// What was delivered, or was replaced, signs in until the overlap is over.
fn replaced_stay(site: &Site, judged: &Judged<'_>) -> Result<(), Fault> {
    let ((before, _), (after, _)) = (judged.before, judged.after);
    for (id, token) in &before.tokens {
        if before.alive(id).is_none()
            || after.alive(id).is_some()
            || judged.stopped.contains(id)
            || site.model.by_hand.contains(id)
            || !is_declared(site, token)
        {
            continue;
        }
        let gone = |promise, why: String| {
            let text = format!("{} ({id}) is revoked: {why}", token.name);
            Err(Fault::new(promise, text))
        };
        let account = site.owners.iter().position(|owner| *owner == token.owner);
        let declared =
            account.and_then(|account| site.declared.accounts[account].get(family(&token.name)));
        let (min, max) = declared
            .map(crate::declared::Token::overlap)
            .unwrap_or_default();
        if site.model.is_delivered(id) && !min.is_zero() {
            return gone(
                Promise::OverlapsLast,
                format!("it was the delivered one until this run, and its overlap is {min:#}"),
            );
        }
        let Some(replaced) = site.model.replaced.get(id) else {
            continue;
        };
        let age = after.now.duration_since(replaced.at);
        if age < replaced.min.min(min) {
            return gone(
                Promise::OverlapsLast,
                format!(
                    "it was replaced {age:#} ago, and its overlap is {:#}",
                    replaced.min
                ),
            );
        }
        let is_used = token.used.is_some_and(|used| used > replaced.at);
        if is_used && age < replaced.max.min(max) {
            return gone(
                Promise::UsedIsKept,
                format!(
                    "it was replaced {age:#} ago and used since, and is kept for {:#} then",
                    replaced.max
                ),
            );
        }
    }
    Ok(())
}

/// The issuer of an account, where one works.
fn issuer((view, documents): Seen<'_>, account: usize, owner: &str) -> Option<String> {
    let (id, token) = working(view, documents.get(&issuer_file(account)))?;
    let mints = token.scopes.contains(MINTS) || token.scopes.is_empty();
    (token.owner == owner && mints).then_some(id)
}

fn issuers_work(site: &Site, judged: &Judged<'_>) -> Result<(), Fault> {
    for (account, owner) in site.owners.iter().enumerate() {
        let Some(id) = issuer(judged.before, account, owner) else {
            continue;
        };
        if !judged.stopped.contains(&id) && issuer(judged.after, account, owner).is_none() {
            return Err(Fault::new(
                Promise::IssuersWork,
                format!("the issuer {id} of {account} worked before the run"),
            ));
        }
    }
    Ok(())
}

/// Tokens of people, of names that no file declares, are as they were.
fn hands_are_left(site: &Site, judged: &Judged<'_>) -> Result<(), Fault> {
    let ((before, _), (after, _)) = (judged.before, judged.after);
    for id in &site.model.by_hand {
        let Some(token) = before.tokens.get(id) else {
            continue;
        };
        let is_no_ones = !NAMES.contains(&family(&token.name)) && !token.scopes.contains(MINTS);
        if !is_no_ones || site.declared.revoke_undeclared || judged.stopped.contains(id) {
            continue;
        }
        let same = after.tokens.get(id).is_some_and(|now| {
            now.name == token.name && now.scopes == token.scopes && now.expires == token.expires
        });
        if !same {
            return Err(Fault::new(
                Promise::HandsAreLeft,
                format!("{} ({id}) of a person was changed or revoked", token.name),
            ));
        }
    }
    Ok(())
}

/// A place that holds another token's secret is not overwritten.
fn foreign_stays(site: &Site, judged: &Judged<'_>) -> Result<(), Fault> {
    let (_, now) = judged.after;
    for (file, text) in &site.model.foreign {
        let (id, _) = credential(text).unwrap_or_default();
        // The entry of a token that is revoked goes with it, wherever it is. The copy of one
        // that was replaced, and delivered where it is declared, gives way.
        let is_current = |token: &Token| token.name == family(&token.name);
        let is_current = judged.after.0.tokens.get(&id).is_some_and(is_current);
        let is_own = places_of(site, text).contains(file);
        if is_current && !is_own && now.get(file) != Some(text) {
            return Err(Fault::new(
                Promise::ForeignStays,
                format!("{file} held the secret of {id}, which is another's, and was written"),
            ));
        }
    }
    Ok(())
}

/// The places that a document belongs to, by what it says of itself.
fn places_of(site: &Site, text: &str) -> Vec<String> {
    let document: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let mut places = Vec::new();
    for (account, tokens) in site.declared.accounts.iter().enumerate() {
        for (name, token) in tokens {
            let is_its = document["token"] == *name
                && document["account"] == tests::scale::name(account).as_str();
            // What a person enrolled says nothing of itself.
            if is_its || document["token"].is_null() {
                places.push(token.file(account, name));
            }
        }
        if document["token"].is_null()
            || document["token"]
                .as_str()
                .is_some_and(|name| name.starts_with("steersman-issuer~"))
        {
            places.push(issuer_file(account));
        }
    }
    places
}

/// Where a store cannot be read, its tokens stay as they are.
fn unread_mints_nothing(site: &Site, judged: &Judged<'_>) -> Result<(), Fault> {
    if !matches!(judged.trouble, Trouble::Store("fail-get")) {
        return Ok(());
    }
    let ((before, _), (after, _)) = (judged.before, judged.after);
    for (account, tokens) in site.declared.accounts.iter().enumerate() {
        for (name, _) in tokens.iter().filter(|(_, token)| token.store == STORES[1]) {
            let owner = &site.owners[account];
            let new = after
                .of_owner(owner)
                .find(|(id, token)| token.name == *name && !before.tokens.contains_key(*id));
            if let Some((id, _)) = new {
                return Err(Fault::new(
                    Promise::UnreadMintsNothing,
                    format!("{account}/{name} was created ({id}), and its store cannot be read"),
                ));
            }
        }
    }
    Ok(())
}

/// Each declared token of an account that can be managed exists, as declared, with its
/// secret in its place, or the run named it.
pub(crate) fn declared_is_there(site: &Site, run: &Run) -> Result<(), Fault> {
    let (view, documents) = (View::of(&site.tenant), site.documents());
    let said = format!("{} {}", run.stdout, run.stderr);
    for (account, owner) in site.owners.iter().enumerate() {
        if issuer((&view, &documents), account, owner).is_none() {
            continue;
        }
        for (name, declared) in &site.declared.accounts[account] {
            let id = tests::scale::id(account);
            let address = format!("token/{id}/{name}");
            // Who needs a person is named so.
            let reported = format!("{id} {} (", tests::scale::name(account));
            if said.contains(&reported) {
                continue;
            }
            let file = declared.file(account, name);
            let is_there = working(&view, documents.get(&file)).is_some_and(|(_, token)| {
                let scopes: Vec<&str> = token.scopes.iter().map(String::as_str).collect();
                let mut wanted = declared.scopes.clone();
                wanted.sort_unstable();
                token.owner == *owner && token.name == *name && scopes == wanted
            });
            if !is_there {
                return Err(Fault::new(
                    Promise::DeclaredIsThere,
                    format!(
                        "{file} has no secret of {address} as declared\n{}",
                        run.shown()
                    ),
                ));
            }
        }
    }
    Ok(())
}

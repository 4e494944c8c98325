//! What is declared of one account.

use super::bench::Bench;
use super::error::Reason;
use super::tokens::{candidates, place};
use model::{
    AccountAttribute, AccountKey, AccountRow, AccountSpec, Collection, IdentityId, Live,
    LiveAccount, ManagedSource, Previously, SourceName, SourceSpec, TokenSpec, UserLevel,
};
use std::collections::{BTreeMap, BTreeSet};

/// A declared account, and what is to be said about it.
pub(super) struct ChosenAccount {
    pub(super) spec: AccountSpec,
    pub(super) notes: Vec<String>,
}

/// What accounts are declared against.
pub(super) struct Context<'a> {
    pub(super) bench: &'a Bench<'a>,
    pub(super) live: &'a Live,
    pub(super) name: &'a SourceName,
    pub(super) source: &'a SourceSpec,
}

/// Declares an account with as much as can be said of it. `shared` is the
/// account that has the same identity and was declared already.
///
/// # Errors
/// Why it cannot be declared at all.
pub(super) fn choose(
    context: &Context<'_>,
    there: &LiveAccount,
    shared: Option<&AccountKey>,
) -> Result<ChosenAccount, Reason> {
    let mut notes = Vec::new();
    let bare = bare(context, there)?;
    let mut parts: Vec<Part> = further_cells(context, there).map(Part::Cell).collect();
    match (&there.identity, shared) {
        (None, _) => notes
            .push("It has no identity, so nothing is said of user levels and tokens.".to_owned()),
        (Some(_), Some(other)) => notes.push(format!(
            "It belongs to the same identity as {other}, where user levels and tokens are declared."
        )),
        (Some(identity), None) => {
            parts.extend(levels(context.live, identity, &mut notes).map(Part::Levels));
            token_parts(context, &bare, identity, &mut parts, &mut notes);
        }
    }
    let spec = with_parts(context, there, bare, &parts, &mut notes)?;
    Ok(ChosenAccount { spec, notes })
}

/// The account with nothing that could be left out.
fn bare(context: &Context<'_>, there: &LiveAccount) -> Result<AccountSpec, Reason> {
    let managed = context.source.managed().is_some();
    let (key, name, row) = if managed {
        let row = row(there)?;
        (
            AccountKey::new(row.id.as_str()),
            row.name.clone(),
            Some(row),
        )
    } else {
        (
            AccountKey::new(there.name.as_str()),
            there.name.clone(),
            None,
        )
    };
    Ok(AccountSpec {
        key,
        source: context.name.clone(),
        row,
        user_levels: None,
        tokens: None,
        issuer: Some(place(&name, "issuer")),
        previously: Previously::default(),
        name,
    })
}

fn row(there: &LiveAccount) -> Result<AccountRow, Reason> {
    let cell = |name: &str| {
        there
            .cells
            .get(name)
            .cloned()
            .ok_or_else(|| Reason::new(format!("it has no `{name}`")))
    };
    Ok(AccountRow {
        id: there.native_identity.clone(),
        name: cell("name")?.into(),
        email: cell("e-mail")?,
        purpose: cell("purpose")?,
        attributes: BTreeMap::new(),
    })
}

/// A part that can be left out.
enum Part {
    Cell((AccountAttribute, String)),
    Levels(BTreeSet<UserLevel>),
    /// That tokens are managed at all.
    Tokens,
    Token(TokenSpec),
}

impl Part {
    fn add(&self, account: &mut AccountSpec) {
        match self {
            Self::Cell((name, cell)) => {
                if let Some(row) = &mut account.row {
                    row.attributes.insert(name.clone(), cell.clone());
                }
            }
            Self::Levels(levels) => account.user_levels = Some(levels.clone()),
            Self::Tokens => account.tokens = Some(BTreeMap::new()),
            Self::Token(token) => {
                if let Some(tokens) = &mut account.tokens {
                    tokens.insert(token.name.clone(), token.clone());
                }
            }
        }
    }

    fn what(&self) -> String {
        match self {
            Self::Cell((name, _)) => format!("the attribute {name}"),
            Self::Levels(levels) => {
                let levels: Vec<&str> = levels.iter().map(AsRef::as_ref).collect();
                format!("the user levels {}", levels.join(", "))
            }
            Self::Tokens => "its tokens".to_owned(),
            Self::Token(token) => format!("the token {}", token.name),
        }
    }
}

fn further_cells(
    context: &Context<'_>,
    there: &LiveAccount,
) -> impl Iterator<Item = (AccountAttribute, String)> {
    context
        .source
        .managed()
        .map_or(&[] as &[_], |managed: &ManagedSource| &managed.attributes)
        .iter()
        .filter_map(|attribute| {
            let cell = there.cells.get(&attribute.name)?;
            (!cell.is_empty()).then(|| (attribute.name.clone(), cell.clone()))
        })
}

/// The levels of an identity, where they were read and the tenant knows them all.
fn levels(
    live: &Live,
    identity: &IdentityId,
    notes: &mut Vec<String>,
) -> Option<BTreeSet<UserLevel>> {
    let levels = match live.levels.get(identity).map(Collection::complete) {
        Some(Ok(levels)) => levels,
        Some(Err(why)) => {
            notes.push(format!("Its user levels could not be read: {why}."));
            return None;
        }
        None => {
            notes.push("Its user levels were not read.".to_owned());
            return None;
        }
    };
    Some(levels.clone())
}

fn token_parts(
    context: &Context<'_>,
    bare: &AccountSpec,
    identity: &IdentityId,
    parts: &mut Vec<Part>,
    notes: &mut Vec<String>,
) {
    let found = candidates(
        &bare.name,
        context.bench.tokens_of(identity),
        &context.live.caller.client_id,
        context.live.observed_at,
    );
    notes.extend(found.notes);
    // An empty list would say that there are no tokens.
    if !(found.incomplete && found.tokens.is_empty()) {
        parts.push(Part::Tokens);
        parts.extend(found.tokens.into_iter().map(Part::Token));
    }
}

/// The account with all parts that can be declared.
fn with_parts(
    context: &Context<'_>,
    there: &LiveAccount,
    bare: AccountSpec,
    parts: &[Part],
    notes: &mut Vec<String>,
) -> Result<AccountSpec, Reason> {
    let accepted =
        |account: &AccountSpec| context.bench.try_account(context.source, account, there);
    let mut whole = bare.clone();
    for part in parts {
        part.add(&mut whole);
    }
    if accepted(&whole).is_ok() {
        return Ok(whole);
    }
    accepted(&bare)?;
    let mut declared = bare;
    for part in parts {
        // Without a list of tokens there is nothing to add a token to.
        if matches!(part, Part::Token(_)) && declared.tokens.is_none() {
            continue;
        }
        let mut with_part = declared.clone();
        part.add(&mut with_part);
        match accepted(&with_part) {
            Ok(()) => declared = with_part,
            Err(Reason { text, secret: true }) => {
                notes.push(format!("A part of it is not declared: {text}."));
            }
            Err(Reason { text, .. }) => {
                notes.push(format!("Not declared: {}: {text}.", part.what()));
            }
        }
    }
    if declared.tokens.as_ref().is_some_and(BTreeMap::is_empty)
        && parts.iter().any(|part| matches!(part, Part::Token(_)))
    {
        declared.tokens = None;
    }
    Ok(declared)
}

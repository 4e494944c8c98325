//! Declares one account with every part that its trial accepts.

use crate::error::Reason;
use crate::tokens::{candidates, location};
use crate::trial::Trial;
use model::{
    AccountAttribute, AccountKey, AccountRow, AccountSpec, Collection, IdentityId, Live,
    LiveAccount, ManagedSource, Previously, SourceName, SourceSpec, TokenSpec, TokenSpecs,
    UserLevel,
};
use std::collections::{BTreeMap, BTreeSet};

/// A declared account, with notes for its comments.
pub(crate) struct ChosenAccount {
    pub(crate) spec: AccountSpec,
    pub(crate) notes: Vec<String>,
}

/// The source whose accounts are declared.
pub(crate) struct Context<'a> {
    pub(crate) trial: &'a Trial<'a>,
    pub(crate) live: &'a Live,
    pub(crate) name: &'a SourceName,
    pub(crate) source: &'a SourceSpec,
}

/// Declares as much of an account as possible. `shared` is the account of the
/// same identity that was declared before it.
///
/// # Errors
/// Why it cannot be declared at all.
pub(crate) fn choose(
    context: &Context<'_>,
    observed: &LiveAccount,
    shared: Option<&AccountKey>,
) -> Result<ChosenAccount, Reason> {
    let mut notes = Vec::new();
    let mut bare = bare(context, observed)?;
    let mut parts: Vec<Part> = further_cells(context, observed).map(Part::Cell).collect();
    match (&observed.identity, shared) {
        (None, _) => notes
            .push("It has no identity, so its user levels and tokens are not declared.".to_owned()),
        (Some(_), Some(other)) => notes.push(format!(
            "It has the same identity as {other}, which declares the user levels and tokens."
        )),
        (Some(identity), None) => {
            approve(context, observed, identity, &mut bare, &mut notes)?;
            parts.extend(levels(context.live, identity, &mut notes).map(Part::Levels));
            token_parts(context, &bare, identity, &mut parts, &mut notes);
        }
    }
    let spec = with_parts(context, observed, bare, &parts, &mut notes)?;
    Ok(ChosenAccount { spec, notes })
}

/// Names the identity in the file, where it is not the account's own by the
/// evidence of the tenant. Whoever keeps the file then approves it.
fn approve(
    context: &Context<'_>,
    observed: &LiveAccount,
    identity: &IdentityId,
    bare: &mut AccountSpec,
    notes: &mut Vec<String>,
) -> Result<(), Reason> {
    let mut with_levels = bare.clone();
    with_levels.user_levels = Some(BTreeSet::new());
    let against = context
        .trial
        .not_own(context.source, &with_levels, observed)?;
    if let Some(message) = against {
        notes.push(format!(
            "Check whose identity this is: {message}. With `identity` the file approves it."
        ));
        bare.identity = Some(identity.clone());
    }
    Ok(())
}

/// The account with nothing that could be left out.
fn bare(context: &Context<'_>, observed: &LiveAccount) -> Result<AccountSpec, Reason> {
    let managed = context.source.managed().is_some();
    let (key, name, row) = if managed {
        let row = row(observed)?;
        (
            AccountKey::new(row.id.as_str()),
            row.name.clone(),
            Some(row),
        )
    } else {
        (
            AccountKey::new(observed.name.as_str()),
            observed.name.clone(),
            None,
        )
    };
    Ok(AccountSpec {
        issuer_life: None,
        key,
        source: context.name.clone(),
        row,
        user_levels: None,
        tokens: None,
        issuer: Some(location(&name, "issuer")),
        previously: Previously::default(),
        identity: None,
        name,
    })
}

fn row(observed: &LiveAccount) -> Result<AccountRow, Reason> {
    let cell = |name: &str| {
        observed
            .cells
            .get(name)
            .cloned()
            .ok_or_else(|| Reason::new(format!("it has no attribute `{name}`")))
    };
    Ok(AccountRow {
        id: observed.native_identity.clone(),
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
    /// The list of tokens, still empty.
    Tokens,
    Token(Box<TokenSpec>),
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
            Self::Tokens => account.tokens = Some(TokenSpecs::new()),
            Self::Token(token) => {
                if let Some(tokens) = &mut account.tokens {
                    tokens.insert(token.name.clone(), TokenSpec::clone(token));
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
    observed: &LiveAccount,
) -> impl Iterator<Item = (AccountAttribute, String)> {
    context
        .source
        .managed()
        .map_or(&[] as &[_], |managed: &ManagedSource| &managed.attributes)
        .iter()
        .filter_map(|attribute| {
            let cell = observed.cells.get(&attribute.name)?;
            (!cell.is_empty()).then(|| (attribute.name.clone(), cell.clone()))
        })
}

/// The user levels of an identity, where they were read completely.
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
        context.trial.planner(),
        &bare.name,
        context.trial.tokens_of(identity),
        &context.live.caller.client_id,
        context.live.observed_at,
    );
    notes.extend(found.notes);
    // An empty list would declare that the account has no tokens.
    if !(found.incomplete && found.tokens.is_empty()) {
        parts.push(Part::Tokens);
        parts.extend(
            found
                .tokens
                .into_iter()
                .map(|token| Part::Token(Box::new(token))),
        );
    }
}

/// The account with every part that its trial accepts.
fn with_parts(
    context: &Context<'_>,
    observed: &LiveAccount,
    bare: AccountSpec,
    parts: &[Part],
    notes: &mut Vec<String>,
) -> Result<AccountSpec, Reason> {
    let accepted =
        |account: &AccountSpec| context.trial.try_account(context.source, account, observed);
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
        // A token needs the list of tokens.
        if matches!(part, Part::Token(_)) && declared.tokens.is_none() {
            continue;
        }
        let mut with_part = declared.clone();
        part.add(&mut with_part);
        match accepted(&with_part) {
            Ok(()) => declared = with_part,
            Err(Reason { text, secret: true }) => {
                notes.push(format!("A part of this account is not declared: {text}."));
            }
            Err(Reason { text, .. }) => {
                notes.push(format!("Not declared: {}: {text}.", part.what()));
            }
        }
    }
    if declared.tokens.as_ref().is_some_and(TokenSpecs::is_empty)
        && parts.iter().any(|part| matches!(part, Part::Token(_)))
    {
        declared.tokens = None;
    }
    Ok(declared)
}

//! Each collection of a tenant made partial in turn: what a plan then takes away or
//! makes, the plan of the whole facts does, too.

use model::{
    AccountKey, Aggregations, Collection, IdentityId, Incomplete, IncompleteReason, IssuerState,
    Live, LiveSource, Operation, OwnerRef, Plan, RowChange, SourceName, Spec, StoredToken,
    TokenName,
};
use std::collections::BTreeSet;

/// Changes of the tenant that nothing brings back, or that make something twice if
/// they are wrong.
pub(crate) fn weighty(plan: &Plan, live: &Live) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for step in &plan.steps {
        let address = &step.address;
        match &step.operation {
            Operation::CreateSource(_) | Operation::CreateProfile(_) => {
                found.insert(format!("make {address}"))
            }
            Operation::MintToken(new) => {
                found.insert(format!("mint {} of {}", new.name, new.identity))
            }
            Operation::RevokeToken { token, .. } => found.insert(format!("revoke {token}")),
            Operation::RollBackToken(roll_back) => {
                found.insert(format!("roll back {}", roll_back.current))
            }
            Operation::DisableToken { token, .. } => found.insert(format!("disable {token}")),
            Operation::ReplaceToken { old, .. } => found.insert(format!("replace {old}")),
            Operation::ReplaceIssuer(replacement) => {
                found.insert(format!("replace issuer {}", replacement.old))
            }
            Operation::ImportRow {
                source_name,
                native_identity,
                change,
                ..
            } => {
                let is_new = live
                    .sources
                    .get(source_name)
                    .and_then(|source| source.found().as_ref())
                    .is_none_or(|source| {
                        let mut accounts = source.accounts.found().iter();
                        !accounts.any(|account| account.native_identity == *native_identity)
                    });
                match change {
                    RowChange::Delete => {
                        found.insert(format!("delete row {native_identity} of {source_name}"))
                    }
                    RowChange::Rename { from, .. } => {
                        found.insert(format!("row {from} of {source_name} gets another id"))
                    }
                    RowChange::Upsert { .. } if is_new => {
                        found.insert(format!("add row {native_identity} of {source_name}"))
                    }
                    RowChange::Upsert { .. } => false,
                }
            }
            Operation::SetLevels { identity, levels } => {
                if let model::IdentityTarget::Known(id) = identity {
                    let held = live.levels.get(id).map(Collection::found);
                    for level in held
                        .into_iter()
                        .flatten()
                        .filter(|level| !levels.contains(*level))
                    {
                        found.insert(format!("remove {level} from {id}"));
                    }
                }
                false
            }
            Operation::UpdateToken { .. }
            | Operation::UpdateSource { .. }
            | Operation::DefineSchema { .. }
            | Operation::UpdateProfile { .. }
            | Operation::ProcessIdentities { .. }
            | Operation::Invite { .. } => false,
        };
    }
    found
}

/// Changes that take something from an identity.
pub(crate) fn takes_from_identities(change: &str) -> bool {
    change.starts_with("revoke ") || change.starts_with("remove ")
}

/// Changes that give an identity a declared token.
pub(crate) fn gives_to_identities(change: &str) -> bool {
    change.starts_with("mint ") || change.starts_with("replace ")
}

/// Changes of what belongs to an identity.
pub(crate) fn of_identity(change: &str) -> bool {
    takes_from_identities(change) || gives_to_identities(change)
}

/// A collection that can be unread.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Source(SourceName),
    Accounts(SourceName, Read),
    Schema(SourceName),
    Profile(SourceName),
    Tokens(Read),
    Identity(IdentityId),
    Levels(IdentityId),
    Owner(OwnerRef),
    Issuer(AccountKey),
    Secret(AccountKey, TokenName),
    Aggregations(SourceName),
}

/// How much of a list was read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Read {
    Nothing,
    Half,
}

/// What depends on a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Declared accounts, which may claim anything of any identity.
    Accounts,
    /// Rows, and whether they are imported.
    Rows,
    /// What an account can rely on, and share.
    Secrets,
    /// Nothing but what it says.
    Other,
}

/// Every collection of a tenant.
pub(crate) fn parts(live: &Live) -> Vec<Part> {
    let mut parts = vec![Part::Tokens(Read::Nothing), Part::Tokens(Read::Half)];
    for (name, source) in &live.sources {
        parts.push(Part::Source(name.clone()));
        if source.found().is_some() {
            parts.push(Part::Accounts(name.clone(), Read::Nothing));
            parts.push(Part::Accounts(name.clone(), Read::Half));
            parts.push(Part::Schema(name.clone()));
            parts.push(Part::Profile(name.clone()));
            parts.push(Part::Aggregations(name.clone()));
        }
    }
    parts.extend(live.identities.keys().cloned().map(Part::Identity));
    parts.extend(live.levels.keys().cloned().map(Part::Levels));
    parts.extend(live.owners.keys().cloned().map(Part::Owner));
    parts.extend(live.stores.issuers.keys().cloned().map(Part::Issuer));
    for (account, tokens) in &live.stores.tokens {
        let secret = |token: &TokenName| Part::Secret(account.clone(), token.clone());
        parts.extend(tokens.keys().map(secret));
    }
    parts
}

impl Part {
    /// What depends on it.
    pub(crate) fn weight(&self, spec: &Spec) -> Weight {
        match self {
            Self::Source(name) | Self::Accounts(name, _)
                if spec.accounts_of(name).next().is_some() =>
            {
                Weight::Accounts
            }
            Self::Source(_)
            | Self::Accounts(..)
            | Self::Schema(_)
            | Self::Profile(_)
            // Rows whose identity is unread are not imported.
            | Self::Identity(_)
            | Self::Aggregations(_) => Weight::Rows,
            Self::Issuer(_) | Self::Secret(..) => Weight::Secrets,
            Self::Tokens(_) | Self::Levels(_) | Self::Owner(_) => Weight::Other,
        }
    }

    /// The tenant with this part unread.
    pub(crate) fn unread(&self, live: &Live) -> Live {
        let mut live = live.clone();
        match self {
            Self::Source(name) => {
                live.sources.insert(name.clone(), partial(None));
            }
            Self::Accounts(name, read) => {
                if let Some(source) = source(&mut live, name) {
                    source.accounts = partial(read.of(source.accounts.found()));
                }
            }
            Self::Schema(name) => {
                if let Some(source) = source(&mut live, name) {
                    source.schema = partial(None);
                }
            }
            Self::Profile(name) => {
                if let Some(source) = source(&mut live, name) {
                    source.profile = partial(None);
                }
            }
            Self::Tokens(read) => live.tokens = partial(read.of(live.tokens.found())),
            Self::Identity(id) => {
                live.identities.insert(id.clone(), partial(None));
            }
            Self::Levels(id) => {
                live.levels.insert(id.clone(), partial(BTreeSet::new()));
            }
            Self::Owner(owner) => {
                live.owners.insert(owner.clone(), partial(None));
            }
            Self::Issuer(account) => {
                let why = "made unreadable".to_owned();
                let unreadable = IssuerState::Unreadable { why };
                live.stores.issuers.insert(account.clone(), unreadable);
            }
            Self::Secret(account, token) => {
                let why = "made unreadable".to_owned();
                let places = live.stores.tokens.entry(account.clone()).or_default();
                places.insert(token.clone(), StoredToken::Unreadable { why });
            }
            Self::Aggregations(name) => {
                if let Some(source) = source(&mut live, name) {
                    source.aggregations = Aggregations::Unread(why_partial());
                }
            }
        }
        live
    }
}

fn source<'a>(live: &'a mut Live, name: &SourceName) -> Option<&'a mut LiveSource> {
    match live.sources.get_mut(name)? {
        Collection::Complete(source) => source.as_mut(),
        Collection::Partial { .. } => None,
    }
}

fn partial<T>(found: T) -> Collection<T> {
    Collection::Partial {
        found,
        why: why_partial(),
    }
}

fn why_partial() -> Incomplete {
    Incomplete {
        reason: IncompleteReason::Forbidden,
        detail: "made partial".to_owned(),
        call: None,
    }
}

impl Read {
    fn of<T: Clone>(self, list: &[T]) -> Vec<T> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Half => list.iter().step_by(2).cloned().collect(),
        }
    }
}

//! What the accounts of one run share: the tenant as it was read, stores and journal.

use super::eligibility::{NotKnownOwn, doubt};
use super::occupant::{self, Occupant};
use crate::assessment::Assessment;
use crate::enroll_refusal::Refusal;
use crate::failure::Failure;
use crate::session::Session;
use applier::{Cancel, FirstIssuerError, Holder, Journal, Stores};
use model::{
    AccountSpec, IdentityId, IssuerState, LiveAccount, LiveToken, Spec, Stage, StoreKey,
    StoredToken, TokenId, TokenName,
};
use std::collections::BTreeMap;

/// The tenant, the stores and the journal of a run.
pub(super) struct Site<'a> {
    pub(super) spec: &'a Spec,
    pub(super) session: &'a Session,
    pub(super) stores: &'a Stores,
    pub(super) journal: &'a Journal,
    /// Whether the run is to stop. What is being stored is finished.
    pub(super) cancel: &'a Cancel,
    pub(super) assessment: &'a Assessment,
}

/// An account that is enrolled, and where its issuer token goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub(super) account: &'a AccountSpec,
    pub(super) location: &'a StoreKey,
}

impl<'a> Site<'a> {
    /// Waits for something that changes nothing; none where the run is to stop.
    pub(super) async fn unless_stopped<V>(&self, waiting: impl Future<Output = V>) -> Option<V> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => None,
            ended = waiting => Some(ended),
        }
    }

    /// Whether a token is one that the files declare: by its name, or because its secret is
    /// in the place of a declared token.
    pub(super) fn is_declared(
        &self,
        account: &AccountSpec,
        id: &TokenId,
        token: Option<&LiveToken>,
    ) -> bool {
        let by_name = token.is_some_and(|token| {
            let declared = account.tokens.as_ref();
            declared.is_some_and(|declared| declared.contains_key(&token.name))
        });
        let places = &self.assessment.live.stores.tokens;
        let delivered = places.values().flat_map(BTreeMap::values);
        by_name
            || delivered.into_iter().any(|stored| match stored {
                StoredToken::Present { client_id, .. }
                | StoredToken::Elsewhere { client_id, .. } => client_id == id,
                StoredToken::Absent
                | StoredToken::NotAsked
                | StoredToken::WriteOnly
                | StoredToken::Foreign { .. }
                | StoredToken::Unreadable { .. } => false,
            })
    }

    /// The identity of an account, where it can be enrolled.
    ///
    /// # Errors
    /// An account without an identity, or with one that is not known to be its own.
    pub(super) fn identity(&self, account: &AccountSpec) -> Result<&'a IdentityId, Refusal> {
        let observed = self.observed(account);
        let Some((observed, identity)) =
            observed.and_then(|observed| Some((observed, observed.identity.as_ref()?)))
        else {
            return Err(Refusal::NoIdentity {
                name: account.name.clone(),
            });
        };
        let live = &self.assessment.live;
        let ownership = planner::ownership(live, account, observed);
        match ownership.and_then(doubt) {
            None => Ok(identity),
            Some(doubt) => Err(not_own(account, identity, doubt)),
        }
    }

    fn observed(&self, account: &AccountSpec) -> Option<&'a LiveAccount> {
        let source = self.assessment.live.sources.get(&account.source)?;
        let accounts = source.found().as_ref()?.accounts.found();
        accounts.iter().find(|live| match &account.row {
            Some(row) => live.native_identity == row.id,
            None => live.name == account.name,
        })
    }

    /// Sees that the account holder can sign in, as far as is known.
    ///
    /// # Errors
    /// An account that is not registered.
    pub(super) fn refuse_unregistered(&self, account: &AccountSpec) -> Result<(), Refusal> {
        match self.stage(account) {
            Some(Stage::Identified | Stage::Invited) => Err(Refusal::NotRegistered {
                name: account.name.clone(),
            }),
            None
            | Some(
                Stage::Absent
                | Stage::Imported
                | Stage::Registered
                | Stage::Enrolled
                | Stage::Ready,
            ) => Ok(()),
        }
    }

    pub(super) fn stage(&self, account: &AccountSpec) -> Option<Stage> {
        let reports = &self.assessment.plan.accounts;
        let report = reports.iter().find(|report| report.key == account.key);
        report.and_then(|report| report.stage)
    }

    /// An identity for people: with the account that it belongs to, where a file declares it.
    pub(super) fn who(&self, identity: &IdentityId) -> String {
        let declared = self.spec.accounts.values().find(|account| {
            self.observed(account)
                .is_some_and(|observed| observed.identity.as_ref() == Some(identity))
        });
        match declared {
            Some(account) => format!("{identity} ({})", account.name),
            None => identity.to_string(),
        }
    }

    /// A token as the tenant listed it, before anything was asked of anyone.
    pub(super) fn listed(&self, id: &TokenId) -> Option<&'a LiveToken> {
        let tokens = self.assessment.live.tokens.found();
        tokens.iter().find(|token| &token.id == id)
    }

    /// Refuses to overwrite a secret that is not an issuer token of this account in this
    /// tenant, that is not known to be one, or that cannot be read; `enrolled` is the token
    /// that is about to be stored, where it exists already. Returns the token that nothing
    /// can use any more once the place is overwritten.
    pub(super) async fn refuse_occupied(
        &self,
        subject: Subject<'_>,
        identity: &IdentityId,
        enrolled: Option<&TokenId>,
    ) -> Result<Option<LiveToken>, Failure> {
        let Subject { account, location } = subject;
        let stores = self.stores;
        let found = stores
            .get(location)
            .await
            .map_err(|error| Failure::Internal {
                message: format!("nothing was stored: cannot read what is at {location}"),
                source: Box::new(error),
            })?;
        let Some(document) = found else {
            return Ok(None);
        };
        let names: Vec<_> = std::iter::once(&account.name)
            .chain(&account.previously.name)
            .collect();
        let holder = Holder {
            account: &names,
            identity: Some(identity),
            token: None,
        };
        let declares = |name: &TokenName| {
            let declared = account.tokens.as_ref();
            declared.is_some_and(|declared| declared.contains_key(name))
        };
        let context = occupant::Context {
            foreign: stores.foreign(&document, holder),
            identity,
            enrolled,
            tokens: &self.assessment.live.tokens,
            declares: &declares,
        };
        let occupant = occupant::classify(&document, context);
        refusal(&occupant, subject)?;
        Ok(match occupant {
            Occupant::Issuer {
                token,
                is_unseen: true,
            } if !self.is_shared(account, &token.id) => Some(token.clone()),
            _ => None,
        })
    }

    /// Whether another account has this issuer token in its place.
    fn is_shared(&self, account: &AccountSpec, issuer: &TokenId) -> bool {
        let issuers = &self.assessment.live.stores.issuers;
        issuers.iter().any(|(other, state)| match state {
            IssuerState::Present { client_id, .. } => *other != account.key && client_id == issuer,
            // It may be there.
            IssuerState::Unreadable { why: _ } | IssuerState::NotAsked => *other != account.key,
            IssuerState::Absent | IssuerState::Foreign { why: _ } => false,
        })
    }
}

fn refusal(occupant: &Occupant<'_>, subject: Subject<'_>) -> Result<(), Failure> {
    let Subject { account, location } = subject;
    let name = &account.name;
    let elsewhere = "declare another key for the issuer token";
    let (what, help) = match occupant {
        Occupant::Replaceable | Occupant::Issuer { .. } => return Ok(()),
        Occupant::Foreign(why) => (
            format!("holds a secret that is not of {name} in this tenant: {why}"),
            format!("{elsewhere}, or delete the secret at {location} if nothing uses it"),
        ),
        Occupant::OfToken(token) => (
            format!(
                "holds the secret of the token {} ({}), which is valid and is not the issuer token of {name}",
                token.name, token.id
            ),
            format!(
                "{elsewhere}; or deliver the token {} to another place, then delete the secret at {location}",
                token.name
            ),
        ),
        Occupant::Nameless(id) => (
            format!(
                "holds a secret that does not say whose it is, and its client ID {id} is no token of {name} in this tenant"
            ),
            format!("check what uses it, then delete the secret at {location}; or {elsewhere}"),
        ),
        Occupant::NotKnown { id, why } => (
            format!(
                "holds a secret with the client ID {id}, and whether its token is still valid is not known: the personal access tokens could not be read completely ({why})"
            ),
            format!(
                "give steersman's token the scope sp:all-personal-access-tokens:read, or {elsewhere}"
            ),
        ),
    };
    Err(Failure::File {
        message: format!("nothing was stored: {location} {what}"),
        help: Some(help),
        source: None,
    })
}

fn not_own(account: &AccountSpec, identity: &IdentityId, doubt: NotKnownOwn<'_>) -> Refusal {
    let name = &account.name;
    match doubt {
        NotKnownOwn::Against(against) => Refusal::NotOwn {
            message: format!("identity {identity} of {name} is not the account's own: {against}"),
            help: format!(
                "check in ISC whose identity {identity} is; if it is meant, declare `identity: {identity}` on {}",
                account.key
            ),
        },
        NotKnownOwn::Unread(unread) => Refusal::NotOwn {
            message: format!(
                "whether identity {identity} of {name} is the account's own could not be read completely ({})",
                unread.why
            ),
            help: "fix the cause, then run `steersman enroll` again".to_owned(),
        },
    }
}

/// An error of storing or creating an issuer token.
pub(super) fn failure(subject: Subject<'_>, error: FirstIssuerError) -> Failure {
    let name = subject.account.name.clone();
    match error {
        FirstIssuerError::Tenant(error) => Failure::Tenant(error),
        FirstIssuerError::Full { count } => Refusal::Full { name, count }.into(),
        FirstIssuerError::NotAsStored { .. } => Failure::File {
            message: error.to_string(),
            help: Some("check the programs or the files of the store".to_owned()),
            source: None,
        },
        FirstIssuerError::Orphan { ref token, .. } => {
            let help = format!(
                "account holder of {name}: revoke the token {token} in ISC, then run `steersman enroll {}` again",
                model::shell_quoted(name.as_str())
            );
            Failure::File {
                message: format!("{name} was not enrolled: {error}"),
                help: Some(help),
                source: None,
            }
        }
        FirstIssuerError::Store { .. }
        | FirstIssuerError::NotProven
        | FirstIssuerError::Lost
        | FirstIssuerError::Journal(_) => Failure::Internal {
            message: format!("{name} was not enrolled"),
            source: Box::new(error),
        },
    }
}

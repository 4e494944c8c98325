//! Facts of the tenant that several steps rest on, read together and used for 30 seconds.
//!
//! A write replaces what was read before it, so nothing older is used. What the run
//! itself writes is kept up to date.

use super::held::HeldIdentities;
use super::invitees::{Identities, Invitees};
use super::results::Results;
use crate::step_error::StepError;
use model::{
    Collection, Credential, IdentityId, IdentityTarget, Incomplete, IncompleteReason, LiveIdentity,
    LiveToken, LiveUser, Operation, Plan, Step, TenantRead, TenantWrite, TokenChange, TokenId,
    UserLevel,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex, OnceCell};
use tokio::time::Instant;

/// For how long a fact is used. A write can wait for its turn for some seconds more.
pub(super) const USED_FOR: Duration = Duration::from_secs(25);

/// How many identities are read one by one at most, where lists would do.
const ONE_BY_ONE: usize = 50;

/// How many identities are read at once, as many as one request takes.
const AT_ONCE: usize = 100;

/// A fact, and when its reading began.
#[derive(Clone, Debug)]
struct Read<V> {
    at: Instant,
    fact: V,
}

impl<V> Read<V> {
    fn now(fact: V) -> Self {
        let at = Instant::now();
        Self { at, fact }
    }

    /// For how long a write may still rest on it.
    fn left(&self) -> Duration {
        RELIED_ON_FOR.saturating_sub(self.at.elapsed())
    }

    fn fresh(&self) -> Option<&V> {
        (self.at.elapsed() < USED_FOR).then_some(&self.fact)
    }
}

/// What is known of the user levels of an identity before they are written.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    /// Nothing was read: the tenant compares them within the write.
    Compared,
    /// Those that the lists of holders show, and for how long they may be relied on.
    Listed(BTreeSet<UserLevel>, Duration),
    /// Those of the identity itself, with its names, and for how long.
    Read(LiveUser, Duration),
}

/// How old a fact may be when a write that rests on it is sent.
pub(crate) const RELIED_ON_FOR: Duration = Duration::from_secs(30);

/// Facts of one run.
pub(crate) struct Facts<'plan> {
    /// Whose user levels the plan sets, in its order.
    targets: Vec<&'plan IdentityTarget>,
    /// How many tokens the plan revokes as the caller.
    revocations: usize,
    compares: OnceCell<bool>,
    levels: Mutex<Levels>,
    identities: Mutex<BTreeMap<IdentityId, Read<Collection<Option<LiveIdentity>>>>>,
    held: HeldIdentities,
    invitees: Invitees<'plan>,
    tokens: Mutex<Option<Read<Vec<LiveToken>>>>,
    owners: std::sync::Mutex<BTreeMap<IdentityId, Arc<Mutex<OwnTokens>>>>,
}

#[derive(Default)]
struct Levels {
    listed: BTreeMap<IdentityId, Read<BTreeSet<UserLevel>>>,
    done: BTreeSet<IdentityId>,
    /// Whether reading one by one takes no more requests.
    no_lists: bool,
}

impl<'plan> Facts<'plan> {
    pub(super) fn new(plan: &'plan Plan, read_at: Option<Instant>) -> Self {
        let operations = || plan.steps.iter().map(|step| &step.operation);
        Self {
            targets: operations()
                .filter_map(|operation| match operation {
                    Operation::SetLevels { identity, .. } => Some(identity),
                    _ => None,
                })
                .collect(),
            revocations: operations()
                .filter(|operation| {
                    matches!(
                        operation,
                        Operation::RevokeToken { .. }
                            | Operation::DisableToken { issuer: None, .. }
                    )
                })
                .count(),
            compares: OnceCell::new(),
            levels: Mutex::default(),
            identities: Mutex::default(),
            held: HeldIdentities::new(plan, read_at),
            invitees: Invitees::new(plan),
            tokens: Mutex::default(),
            owners: std::sync::Mutex::default(),
        }
    }

    /// Sees that the account that a step rests on has the same identity as when the plan
    /// was made.
    pub(crate) async fn check_account<T: TenantRead>(
        &self,
        tenant: &T,
        step: &Step,
    ) -> Result<(), StepError> {
        self.held.check(tenant, step).await
    }

    /// The identities of invitations that one request sends, and that wait for the same
    /// steps as this one.
    pub(crate) async fn invitees<T: TenantRead>(
        &self,
        tenant: &T,
        results: &Results,
        step: &Step,
        ids: &BTreeSet<IdentityId>,
    ) -> Result<Identities, StepError> {
        self.invitees
            .read((tenant, results), step, ids, USED_FOR)
            .await
    }

    /// The user levels that an identity holds before they are written. Each is used for
    /// one write.
    pub(crate) async fn held<T: TenantWrite>(
        &self,
        tenant: &T,
        results: &Results,
        identity: &IdentityId,
    ) -> Result<Held, StepError> {
        if self.compares(tenant, identity).await {
            return Ok(Held::Compared);
        }
        let mut levels = self.levels.lock().await;
        levels.done.insert(identity.clone());
        if let Some(read) = levels.listed.remove(identity)
            && read.fresh().is_some()
        {
            let left = read.left();
            return Ok(Held::Listed(read.fact, left));
        }
        let mut open = self.open(results, &levels.done);
        open.insert(identity.clone());
        if open.len() > ONE_BY_ONE && !levels.no_lists {
            let at = Instant::now();
            match tenant.listed_levels(&open).await? {
                Some(listed) => {
                    let read = |(id, fact)| (id, Read { at, fact });
                    levels.listed = listed.into_iter().map(read).collect();
                    if let Some(read) = levels.listed.remove(identity) {
                        let left = read.left();
                        return Ok(Held::Listed(read.fact, left));
                    }
                }
                None => levels.no_lists = true,
            }
        }
        drop(levels);
        let read = Read::now(());
        let user = tenant.user(identity).await?;
        Ok(Held::Read(user, read.left()))
    }

    /// Whether the tenant compares user levels within the write. Without an answer, they
    /// are read.
    async fn compares<T: TenantWrite>(&self, tenant: &T, identity: &IdentityId) -> bool {
        if self.targets.len() < Plan::LEVELS_COMPARED_FROM {
            return false;
        }
        let compares = || async {
            let compares = tenant.compares_levels(identity).await;
            compares.unwrap_or_else(|error| {
                tracing::debug!(error = %error.chain(), "user levels are read before each write");
                false
            })
        };
        *self.compares.get_or_init(compares).await
    }

    /// Whether the tenant may compare user levels within the write: as far as is known.
    pub(crate) fn may_compare(&self) -> bool {
        self.compares.get() != Some(&false)
    }

    /// Whose user levels are still to be set, as far as ISC has given them an identity.
    fn open(&self, results: &Results, done: &BTreeSet<IdentityId>) -> BTreeSet<IdentityId> {
        self.targets
            .iter()
            .filter_map(|target| results.identity(target).ok())
            .filter(|identity| !done.contains(identity))
            .collect()
    }

    /// An identity that ISC gave to an account, read with others whose levels are set.
    pub(crate) async fn identity<T: TenantRead>(
        &self,
        tenant: &T,
        results: &Results,
        identity: &IdentityId,
    ) -> Result<LiveIdentity, StepError> {
        let mut read = self.identities.lock().await;
        if read.get(identity).is_none_or(|read| read.fresh().is_none()) {
            let known = |id: &IdentityId| read.get(id).is_some_and(|read| read.fresh().is_some());
            let next = self
                .targets
                .iter()
                .skip_while(|target| results.identity(target).ok().as_ref() != Some(identity))
                .filter(|target| matches!(target, IdentityTarget::OfAccount { .. }))
                .filter_map(|target| results.identity(target).ok())
                .filter(|id| !known(id))
                .take(AT_ONCE);
            let mut ids: BTreeSet<IdentityId> = next.collect();
            ids.insert(identity.clone());
            let at = Instant::now();
            let found = tenant.identities(&ids).await?;
            read.extend(found.into_iter().map(|(id, fact)| (id, Read { at, fact })));
        }
        let not_read = || Incomplete::new(IncompleteReason::Refused, "it was not looked up");
        let unread = |why| StepError::Unread {
            what: format!("identity {identity}"),
            why,
        };
        let found = read.get(identity).ok_or_else(|| unread(not_read()))?;
        match found.fact.complete() {
            Ok(Some(found)) => Ok(found.clone()),
            Ok(None) => Err(StepError::Missing {
                what: format!("identity {identity} does not exist"),
                help: None,
            }),
            Err(why) => Err(unread(why.clone())),
        }
    }

    /// The tokens of an owner before one of them is revoked as the caller: by one list of
    /// all tokens, where several are revoked.
    pub(crate) async fn tokens_of<T: TenantRead>(
        &self,
        tenant: &T,
        owner: &IdentityId,
    ) -> Result<Vec<LiveToken>, StepError> {
        let of = |tokens: &[LiveToken]| -> Vec<LiveToken> {
            let tokens = tokens.iter().filter(|token| token.owner == *owner);
            tokens.cloned().collect()
        };
        if self.revocations > 1 {
            let mut read = self.tokens.lock().await;
            if let Some(tokens) = read.as_ref().and_then(Read::fresh) {
                return Ok(of(tokens));
            }
            let at = Instant::now();
            // One that cannot be read may be another owner's.
            if let Collection::Complete(fact) = tenant.tokens().await? {
                let found = of(&fact);
                *read = Some(Read { at, fact });
                return Ok(found);
            }
        }
        Ok(tenant.tokens_of(owner, None).await?)
    }

    /// The tokens of an owner, for a step that changes them as the owner. Steps of one
    /// owner run one after the other, and share one list.
    pub(crate) fn owner(&self, owner: &IdentityId) -> Arc<Mutex<OwnTokens>> {
        // Nothing panics while it holds the lock; even then the map is whole.
        let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(owners.entry(owner.clone()).or_default())
    }

    /// A token was revoked as the caller.
    pub(crate) async fn revoked(&self, owner: &IdentityId, token: &TokenId) {
        if let Some(read) = self.tokens.lock().await.as_mut() {
            read.fact.retain(|live| live.id != *token);
        }
        let tokens = self.owner(owner);
        tokens.lock().await.removed(token);
    }

    /// All owners whose tokens were changed as the owner.
    pub(crate) fn owners(&self) -> Vec<(IdentityId, Arc<Mutex<OwnTokens>>)> {
        let owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        let owner = |(id, tokens): (&IdentityId, &Arc<_>)| (id.clone(), Arc::clone(tokens));
        owners.iter().map(owner).collect()
    }
}

/// The tokens of one owner, read and written with the owner's own access.
#[derive(Default)]
pub(crate) struct OwnTokens {
    read: Option<Read<Vec<LiveToken>>>,
    /// What has to be in the next list, and the access to read it with.
    written: Vec<Written>,
    issuer: Option<Credential>,
    /// What this run has replaced the issuer token by.
    renewed: Option<Credential>,
}

/// What was written of a token.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// The step.
    pub(crate) step: model::Address,
    /// The token.
    pub(crate) token: TokenId,
    /// Whether the step created it.
    pub(crate) is_new: bool,
    /// What was set of it.
    pub(crate) change: TokenChange,
}

impl OwnTokens {
    /// The tokens of the owner, by a list of the last seconds and what was written since.
    pub(crate) async fn list<T: TenantRead>(
        &mut self,
        tenant: &T,
        owner: &IdentityId,
        issuer: &Credential,
    ) -> Result<&[LiveToken], StepError> {
        if self.read.as_ref().and_then(Read::fresh).is_none() {
            let mut read = Read::now(Vec::new());
            read.fact = tenant.tokens_of(owner, Some(issuer)).await?;
            self.read = Some(read);
        }
        self.issuer = Some(issuer.clone());
        Ok(self.read.as_ref().map_or(&[], |read| &read.fact))
    }

    /// What was read is not used again: it is not known what is there now.
    pub(crate) fn forget(&mut self) {
        self.read = None;
    }

    /// The issuer token was replaced; these are the tokens of the owner now.
    pub(crate) fn renewed(&mut self, issuer: Credential, tokens: Vec<LiveToken>) {
        self.read = Some(Read::now(tokens));
        self.issuer = Some(issuer.clone());
        self.renewed = Some(issuer);
    }

    /// The access of the owner: the issuer token that a step has read, or the one that has
    /// replaced it since.
    pub(crate) fn access(&self, issuer: Credential) -> Credential {
        self.renewed.clone().unwrap_or(issuer)
    }

    /// A token was created.
    pub(crate) fn created(&mut self, token: LiveToken) {
        if let Some(read) = &mut self.read {
            read.fact.push(token);
        }
    }

    /// A token was changed.
    pub(crate) fn changed(&mut self, token: &TokenId, change: impl FnOnce(&mut LiveToken)) {
        let read = self.read.as_mut();
        let live = read.and_then(|read| read.fact.iter_mut().find(|live| live.id == *token));
        if let Some(live) = live {
            change(live);
        }
    }

    /// A token was revoked.
    pub(crate) fn removed(&mut self, token: &TokenId) {
        if let Some(read) = &mut self.read {
            read.fact.retain(|live| live.id != *token);
        }
    }

    /// Remembers what the list after the run has to show.
    pub(crate) fn expect(&mut self, written: Written) {
        self.written.push(written);
    }

    /// What the list has to show, and the access to read it with.
    pub(crate) fn expected(&mut self) -> Option<(Credential, Vec<Written>)> {
        let written = std::mem::take(&mut self.written);
        let issuer = self.issuer.clone()?;
        (!written.is_empty()).then_some((issuer, written))
    }
}

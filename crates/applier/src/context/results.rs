//! Results of a run: ids of created objects, for the steps that depend on them.

use crate::step_error::StepError;
use model::{
    Address, Collection, Fingerprint, IdentityId, IdentityTarget, LiveAccount, LiveIdentity,
    NativeIdentity, ProfileId, Ref, SourceId,
};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Ids that steps of this run created or found.
#[derive(Default)]
pub(crate) struct Results(Mutex<Ids>);

#[derive(Debug, Default)]
struct Ids {
    sources: BTreeMap<Address, SourceId>,
    profiles: BTreeMap<Address, ProfileId>,
    mappings: BTreeMap<ProfileId, Fingerprint>,
    identities: BTreeMap<(SourceId, NativeIdentity), Settled>,
}

/// The identity that ISC gave to an account during this run, as both were read then.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    /// The account.
    pub(crate) account: LiveAccount,
    /// Its identity.
    pub(crate) identity: IdentityId,
    /// The identity as it was read, where that was needed; the inner none where it did not
    /// exist by then.
    pub(crate) read: Option<Collection<Option<LiveIdentity>>>,
}

impl Results {
    /// The id of a source that the plan knew, or that this run created.
    pub(crate) fn source(&self, source: &Ref<SourceId>) -> Result<SourceId, StepError> {
        resolve(source, &self.ids().sources)
    }

    /// The id of a profile that the plan knew, or that this run created.
    pub(crate) fn profile(&self, profile: &Ref<ProfileId>) -> Result<ProfileId, StepError> {
        resolve(profile, &self.ids().profiles)
    }

    /// An identity that the plan knew, or that ISC created during this run.
    pub(crate) fn identity(&self, identity: &IdentityTarget) -> Result<IdentityId, StepError> {
        match identity {
            IdentityTarget::Known(id) => Ok(id.clone()),
            IdentityTarget::OfAccount {
                source,
                native_identity,
                own: _,
            } => Ok(self.settled(source, native_identity)?.identity),
        }
    }

    /// The identity that ISC gave to an account during this run.
    pub(crate) fn settled(
        &self,
        source: &Ref<SourceId>,
        native_identity: &NativeIdentity,
    ) -> Result<Settled, StepError> {
        let source = self.source(source)?;
        self.settled_on(&source, native_identity)
            .ok_or_else(|| StepError::Missing {
                what: format!("account {native_identity} has no identity yet"),
                help: None,
            })
    }

    /// The same; none where it has none yet.
    pub(crate) fn settled_on(
        &self,
        source: &SourceId,
        native_identity: &NativeIdentity,
    ) -> Option<Settled> {
        let key = (source.clone(), native_identity.clone());
        self.ids().identities.get(&key).cloned()
    }

    /// The mappings that this run wrote to a profile; none where it wrote none.
    pub(crate) fn mappings(&self, profile: &ProfileId) -> Option<Fingerprint> {
        self.ids().mappings.get(profile).cloned()
    }

    pub(crate) fn add_mappings(&self, profile: ProfileId, mappings: Fingerprint) {
        self.ids().mappings.insert(profile, mappings);
    }

    pub(crate) fn add_source(&self, address: &Address, id: SourceId) {
        self.ids().sources.insert(address.clone(), id);
    }

    pub(crate) fn add_profile(&self, address: &Address, id: ProfileId) {
        self.ids().profiles.insert(address.clone(), id);
    }

    pub(crate) fn add_identity(&self, source: &SourceId, settled: Settled) {
        let key = (source.clone(), settled.account.native_identity.clone());
        self.ids().identities.insert(key, settled);
    }

    fn ids(&self) -> std::sync::MutexGuard<'_, Ids> {
        // Nothing panics while it holds the lock; even then the maps are whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn resolve<Id: Clone>(
    reference: &Ref<Id>,
    created: &BTreeMap<Address, Id>,
) -> Result<Id, StepError> {
    match reference {
        Ref::Known(id) => Ok(id.clone()),
        Ref::From(address) => created
            .get(address)
            .cloned()
            .ok_or_else(|| StepError::Missing {
                what: format!("{address} was not created before this step"),
                help: None,
            }),
    }
}

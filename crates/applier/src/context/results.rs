//! Results of a run: ids of created objects, for the steps that depend on them.

use crate::step_error::StepError;
use model::{Address, IdentityId, IdentityTarget, NativeIdentity, ProfileId, Ref, SourceId};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Ids that steps of this run created or found.
#[derive(Default)]
pub(crate) struct Results(Mutex<Ids>);

#[derive(Debug, Default)]
struct Ids {
    sources: BTreeMap<Address, SourceId>,
    profiles: BTreeMap<Address, ProfileId>,
    identities: BTreeMap<(SourceId, NativeIdentity), IdentityId>,
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
            } => {
                let source = self.source(source)?;
                self.ids()
                    .identities
                    .get(&(source, native_identity.clone()))
                    .cloned()
                    .ok_or_else(|| StepError::Missing {
                        what: format!("account {native_identity} has no identity yet"),
                        help: None,
                    })
            }
        }
    }

    pub(crate) fn add_source(&self, address: &Address, id: SourceId) {
        self.ids().sources.insert(address.clone(), id);
    }

    pub(crate) fn add_profile(&self, address: &Address, id: ProfileId) {
        self.ids().profiles.insert(address.clone(), id);
    }

    pub(crate) fn add_identity(
        &self,
        source: &SourceId,
        native_identity: &NativeIdentity,
        id: IdentityId,
    ) {
        self.ids()
            .identities
            .insert((source.clone(), native_identity.clone()), id);
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

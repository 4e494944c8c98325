//! What all steps of a run share.

use crate::cancel::Cancel;
use crate::journal::{Conclusion, Intent, IntentId, Journal, Unfinished};
use crate::options::Options;
use crate::step_error::{StepError, may_have_happened};
use crate::stores::Stores;
use model::{
    Address, Event, EventSink, IdentityId, IdentityTarget, NativeIdentity, ProfileId, Ref,
    SourceId, TenantWrite, TokenName, error_chain,
};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The tenant, the stores, the journal, and what earlier steps have made.
pub(crate) struct Context<'run, T> {
    pub(crate) tenant: &'run T,
    pub(crate) stores: &'run Stores,
    pub(crate) options: &'run Options,
    pub(crate) cancel: &'run Cancel,
    journal: &'run Journal,
    events: &'run dyn EventSink,
    made: Mutex<Made>,
}

/// Ids that came to be during this run.
#[derive(Debug, Default)]
struct Made {
    sources: BTreeMap<Address, SourceId>,
    profiles: BTreeMap<Address, ProfileId>,
    identities: BTreeMap<(SourceId, NativeIdentity), IdentityId>,
    notices: Vec<String>,
    /// Whether a wait was given up because somebody wanted to stop.
    interrupted: bool,
}

impl<'run, T: TenantWrite> Context<'run, T> {
    pub(crate) fn new(
        tenant: &'run T,
        stores: &'run Stores,
        journal: &'run Journal,
        options: &'run Options,
        events: &'run dyn EventSink,
        cancel: &'run Cancel,
    ) -> Self {
        Self {
            tenant,
            stores,
            options,
            cancel,
            journal,
            events,
            made: Mutex::default(),
        }
    }

    /// The id of a source that was known or has been made meanwhile.
    pub(crate) fn source(&self, source: &Ref<SourceId>) -> Result<SourceId, StepError> {
        match source {
            Ref::Known(id) => Ok(id.clone()),
            Ref::From(address) => self
                .made()
                .sources
                .get(address)
                .cloned()
                .ok_or_else(|| never_made(address)),
        }
    }

    /// The id of a profile that was known or has been made meanwhile.
    pub(crate) fn profile(&self, profile: &Ref<ProfileId>) -> Result<ProfileId, StepError> {
        match profile {
            Ref::Known(id) => Ok(id.clone()),
            Ref::From(address) => self
                .made()
                .profiles
                .get(address)
                .cloned()
                .ok_or_else(|| never_made(address)),
        }
    }

    /// An identity that was known or has come to be meanwhile.
    pub(crate) fn identity(&self, identity: &IdentityTarget) -> Result<IdentityId, StepError> {
        match identity {
            IdentityTarget::Known(id) => Ok(id.clone()),
            IdentityTarget::OfAccount {
                source,
                native_identity,
            } => {
                let source = self.source(source)?;
                let key = (source, native_identity.clone());
                self.made()
                    .identities
                    .get(&key)
                    .cloned()
                    .ok_or_else(|| StepError::Missing {
                        what: format!("account {native_identity} has no identity yet"),
                        help: None,
                    })
            }
        }
    }

    pub(crate) fn made_source(&self, address: &Address, id: SourceId) {
        self.made().sources.insert(address.clone(), id);
    }

    pub(crate) fn made_profile(&self, address: &Address, id: ProfileId) {
        self.made().profiles.insert(address.clone(), id);
    }

    pub(crate) fn made_identity(
        &self,
        source: &SourceId,
        native_identity: &NativeIdentity,
        id: IdentityId,
    ) {
        self.made()
            .identities
            .insert((source.clone(), native_identity.clone()), id);
    }

    /// Writes the intent down, acts, writes down what came of it. Looking for
    /// what an answer that was lost has left belongs to the act.
    pub(crate) async fn journalled<V>(
        &self,
        address: &Address,
        intent: Intent,
        act: impl Future<Output = Result<V, StepError>>,
    ) -> Result<V, StepError> {
        let id = self.intend(address, intent)?;
        let result = act.await;
        self.conclude(address, id, &result);
        result
    }

    /// Writes down what is about to be done.
    pub(crate) fn intend(&self, address: &Address, intent: Intent) -> Result<IntentId, StepError> {
        self.journal
            .intend(address, intent)
            .map_err(StepError::Journal)
    }

    /// Writes down what came of it. What may have taken effect although no
    /// answer came stays without a conclusion, so that the next run looks.
    pub(crate) fn conclude<V>(
        &self,
        address: &Address,
        id: IntentId,
        result: &Result<V, StepError>,
    ) {
        let conclusion = match result {
            Ok(_) => Conclusion::Done,
            Err(StepError::Orphan(_)) => return,
            Err(StepError::Tenant(error)) if may_have_happened(error) => return,
            Err(error) => Conclusion::Failed(error.chain()),
        };
        self.write_conclusion(address, id, &conclusion);
    }

    /// Writes down that a token has been minted and delivered: whatever became
    /// of earlier runs' attempts at it, there is nothing left to look for.
    pub(crate) fn supersede_mints(&self, owner: &IdentityId, token: &TokenName) {
        for unfinished in self.journal.unfinished() {
            if let Intent::Mint {
                owner: its_owner,
                token: its_token,
                deliver: _,
            } = &unfinished.intent
                && (its_owner, its_token) == (owner, token)
            {
                self.supersede(unfinished);
            }
        }
    }

    /// Writes down that there is nothing left to look for.
    pub(crate) fn supersede(&self, unfinished: Unfinished) {
        let Unfinished { id, address, .. } = unfinished;
        self.write_conclusion(&address, id, &Conclusion::Superseded);
    }

    fn write_conclusion(&self, address: &Address, id: IntentId, conclusion: &Conclusion) {
        if let Err(error) = self.journal.conclude(id, conclusion) {
            // The call has been made; failing the step now would only hide that.
            let error = error_chain(&error);
            self.notice(address, format!("what came of it was not kept: {error}"));
        }
    }

    pub(crate) fn waiting(&self, addresses: &[Address], on: impl Into<String>, since: Instant) {
        self.events.event(Event::Waiting {
            addresses: addresses.to_vec(),
            on: on.into(),
            elapsed: since.elapsed(),
        });
    }

    pub(crate) fn event(&self, event: Event) {
        self.events.event(event);
    }

    /// Tells something that a person should know, now and in the outcome.
    pub(crate) fn notice(&self, address: &Address, text: String) {
        self.made().notices.push(format!("{address}: {text}"));
        self.events.event(Event::Notice {
            address: address.clone(),
            text,
        });
    }

    /// Remembers that a wait was given up because somebody wanted to stop.
    pub(crate) fn interrupted(&self) {
        self.made().interrupted = true;
    }

    /// Whether a wait was given up because somebody wanted to stop.
    pub(crate) fn was_interrupted(&self) -> bool {
        self.made().interrupted
    }

    /// All notices so far.
    pub(crate) fn take_notices(&self) -> Vec<String> {
        std::mem::take(&mut self.made().notices)
    }

    fn made(&self) -> std::sync::MutexGuard<'_, Made> {
        // Nothing panics while it holds the lock; were it to, the maps would
        // still be whole.
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn never_made(address: &Address) -> StepError {
    StepError::Missing {
        what: format!("{address} was to be made first and was not"),
        help: None,
    }
}

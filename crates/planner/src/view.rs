//! A declared account beside its observed state.

use crate::classify::identity::{self, IdentityOutcome, PlannedChanges};
use crate::draft::Draft;
use crate::index::Index;
use crate::presence::Presence;
use model::{
    AccountSpec, Address, IdentityId, IdentityStatus, IdentityTarget, Incomplete, IssuerState,
    Live, LiveSource, LiveToken, NativeIdentity, Ref, SourceName, TokenId,
};

/// A declared account, and what was observed of it.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) spec: &'a AccountSpec,
    pub(crate) presence: Presence<'a>,
    pub(crate) issuer: &'a IssuerState,
    index: &'a Index<'a>,
}

impl<'a> View<'a> {
    pub(crate) fn new(spec: &'a AccountSpec, index: &'a Index<'a>) -> Self {
        let issuers = &index.live.stores.issuers;
        Self {
            spec,
            presence: Presence::of(spec, index),
            issuer: issuers.get(&spec.key).unwrap_or(&IssuerState::Absent),
            index,
        }
    }

    /// The account's identity, where it has one.
    pub(crate) fn identity(&self) -> Option<&'a IdentityId> {
        match self.presence {
            Presence::Present(account) => account.identity.as_ref(),
            Presence::Absent | Presence::Unread(_) => None,
        }
    }

    /// The identity that levels and tokens are planned for. Requires that the
    /// steps for the account's row and for its source's processing are planned.
    pub(crate) fn identity_outcome(&self, draft: &Draft) -> IdentityOutcome<'a> {
        let planned = PlannedChanges {
            rename: draft.renames(&self.spec.key),
            processing: draft.plans(&Address::Processing(self.spec.source.clone())),
            profile_unread: live_source(self.index.live, &self.spec.source)
                .and_then(|source| source.profile.complete().err()),
        };
        identity::classify(self.spec.row.is_some(), self.presence, planned)
    }

    /// The identity's status; none where it was not read because it was not needed.
    pub(crate) fn status(&self) -> Option<Result<&'a IdentityStatus, &'a Incomplete>> {
        let identity = self.index.live.identities.get(self.identity()?)?;
        match identity.complete() {
            Ok(Some(identity)) => Some(Ok(&identity.status)),
            Ok(None) => None,
            Err(why) => Some(Err(why)),
        }
    }

    /// All tokens of an identity, or why not all are known.
    pub(crate) fn tokens(
        &self,
        identity: &IdentityId,
    ) -> Result<&'a [&'a LiveToken], &'a Incomplete> {
        self.index.tokens(identity)
    }

    /// The issuer's client id, where the store has one.
    pub(crate) fn issuer_id(&self) -> Option<&'a TokenId> {
        match self.issuer {
            IssuerState::Present { client_id } => Some(client_id),
            IssuerState::Absent | IssuerState::Unreadable { .. } => None,
        }
    }
}

/// The observed source of a name, where it was read and exists.
pub(crate) fn live_source<'a>(live: &'a Live, name: &SourceName) -> Option<&'a LiveSource> {
    live.sources.get(name)?.complete().ok()?.as_ref()
}

/// The source by id, or by the step that creates it.
pub(crate) fn source_ref(live: &Live, name: &SourceName) -> Ref<model::SourceId> {
    live_source(live, name).map_or_else(
        || Ref::From(Address::Source(name.clone())),
        |source| Ref::Known(source.id.clone()),
    )
}

/// The identity of an account that has none yet.
pub(crate) fn future_identity(
    live: &Live,
    source: &SourceName,
    native_identity: &NativeIdentity,
) -> IdentityTarget {
    IdentityTarget::OfAccount {
        source: source_ref(live, source),
        native_identity: native_identity.clone(),
    }
}

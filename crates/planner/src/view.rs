//! A declared account beside what is live of it.

use crate::draft::Draft;
use crate::index::{Index, accounts_read};
use model::{
    AccountSpec, Address, IdentityId, IdentityStatus, IdentityTarget, Incomplete, IssuerState,
    Live, LiveAccount, LiveSource, LiveToken, NativeIdentity, Ref, SourceName, TokenId,
};

/// What is known of a declared account.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) spec: &'a AccountSpec,
    pub(crate) presence: Presence<'a>,
    pub(crate) issuer: &'a IssuerState,
    index: &'a Index<'a>,
}

/// Whether the account is on its source.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Presence<'a> {
    /// It is.
    There(&'a LiveAccount),
    /// It is not, and that is certain.
    Absent,
    /// That could not be read.
    Unread(&'a Incomplete),
}

impl<'a> View<'a> {
    pub(crate) fn new(spec: &'a AccountSpec, index: &'a Index<'a>) -> Self {
        let issuers = &index.live.stores.issuers;
        Self {
            spec,
            presence: presence(spec, index),
            issuer: issuers.get(&spec.key).unwrap_or(&IssuerState::Absent),
            index,
        }
    }

    /// The account's identity, where it has one.
    pub(crate) fn identity(&self) -> Option<&'a IdentityId> {
        match self.presence {
            Presence::There(account) => account.identity.as_ref(),
            Presence::Absent | Presence::Unread(_) => None,
        }
    }

    /// Whether this plan renames the account and brings its identity up to date,
    /// by which ISC may make another identity of it.
    pub(crate) fn is_unsettled(&self, draft: &Draft) -> bool {
        draft.renames(&self.spec.key) && draft.plans(&Address::Processing(self.spec.source.clone()))
    }

    /// The account's identity, where it has one that this plan does not put into
    /// question.
    pub(crate) fn settled_identity(&self, draft: &Draft) -> Option<&'a IdentityId> {
        if self.is_unsettled(draft) {
            return None;
        }
        self.identity()
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

/// The live source of a name, where it was read and is there.
pub(crate) fn live_source<'a>(live: &'a Live, name: &SourceName) -> Option<&'a LiveSource> {
    live.sources.get(name)?.complete().ok()?.as_ref()
}

/// The source by id, or by the step that makes it.
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

fn presence<'a>(spec: &AccountSpec, index: &'a Index<'a>) -> Presence<'a> {
    let source = &spec.source;
    let found = match &spec.row {
        Some(row) => index.account(source, &row.id).map(Ok),
        None => index.called(source, spec.name.as_str()),
    };
    match (found, accounts_read(index.live, source)) {
        (Some(Ok(account)), _) => Presence::There(account),
        (Some(Err(why)), _) | (None, Some(Err(why))) => Presence::Unread(why),
        (None, Some(Ok(())) | None) => Presence::Absent,
    }
}

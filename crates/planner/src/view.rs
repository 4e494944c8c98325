//! A declared account beside what is live of it.

use model::{
    AccountSpec, Address, Collection, IdentityId, IdentityStatus, IdentityTarget, Incomplete,
    IssuerState, Live, LiveAccount, LiveSource, NativeIdentity, Ref, SourceName, TokenId,
};

/// What is known of a declared account.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) spec: &'a AccountSpec,
    pub(crate) presence: Presence<'a>,
    pub(crate) issuer: &'a IssuerState,
    live: &'a Live,
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
    pub(crate) fn new(spec: &'a AccountSpec, live: &'a Live) -> Self {
        Self {
            spec,
            presence: presence(spec, live),
            issuer: live.issuers.get(&spec.key).unwrap_or(&IssuerState::Absent),
            live,
        }
    }

    /// The account's identity, where it has one.
    pub(crate) fn identity(&self) -> Option<&'a IdentityId> {
        match self.presence {
            Presence::There(account) => account.identity.as_ref(),
            Presence::Absent | Presence::Unread(_) => None,
        }
    }

    /// The identity's status; none where it was not read because it was not needed.
    pub(crate) fn status(&self) -> Option<Result<&'a IdentityStatus, &'a Incomplete>> {
        let identity = self.live.identities.get(self.identity()?)?;
        match identity.complete() {
            Ok(Some(identity)) => Some(Ok(&identity.status)),
            Ok(None) => None,
            Err(why) => Some(Err(why)),
        }
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

fn presence<'a>(spec: &AccountSpec, live: &'a Live) -> Presence<'a> {
    let source = match live.sources.get(&spec.source).map(Collection::complete) {
        Some(Ok(Some(source))) => source,
        Some(Ok(None)) | None => return Presence::Absent,
        Some(Err(why)) => return Presence::Unread(why),
    };
    let is_it = |account: &&LiveAccount| match &spec.row {
        Some(row) => account.native_identity == row.id,
        None => account.name == spec.name || account.native_identity.as_str() == spec.name.as_str(),
    };
    match (
        source.accounts.found().iter().find(is_it),
        source.accounts.complete(),
    ) {
        (Some(account), _) => Presence::There(account),
        (None, Ok(_)) => Presence::Absent,
        (None, Err(why)) => Presence::Unread(why),
    }
}

//! A declared account beside its observed state.

use crate::classify::delivery::{self, Delivery};
use crate::classify::identity::{self, IdentityOutcome, PlannedChanges};
use crate::classify::issuer::{self, IssuerOutcome};
use crate::draft::Draft;
use crate::index::Index;
use crate::presence::Presence;
use crate::wanted::invites;
use jiff::Timestamp;
use model::ownership::{
    self, Against, Doubt, Earlier, Evidence, Facts, Maker, Ownership, Profile, Unread,
};
use model::{
    AccountSpec, Address, IdentityId, IdentityStatus, Incomplete, Invited, IssuerState, Live,
    LiveAccount, LiveIdentity, LiveSource, LiveToken, Ref, SourceId, SourceName, Spec, StoreKey,
    StoredToken, TokenId, TokenSpec,
};

/// A declared account, and what was observed of it.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) spec: &'a AccountSpec,
    pub(crate) presence: Presence<'a>,
    pub(crate) issuer: &'a IssuerState,
    /// Whether its identity is its own; none where it has none.
    pub(crate) ownership: Option<Ownership<'a>>,
    /// The account under its earlier id, where it exists under that only.
    earlier: Option<&'a LiveAccount>,
    index: &'a Index<'a>,
}

impl<'a> View<'a> {
    pub(crate) fn new(
        spec: &'a AccountSpec,
        index: &'a Index<'a>,
        earlier: Option<&'a LiveAccount>,
    ) -> Self {
        let issuers = &index.live.stores.issuers;
        let presence = Presence::of(spec, index);
        Self {
            spec,
            presence,
            ownership: match presence {
                Presence::Present(account) => ownership(index.live, spec, account),
                Presence::Absent | Presence::Unread(_) => None,
            },
            issuer: issuers.get(&spec.key).unwrap_or(&IssuerState::Absent),
            earlier,
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

    /// The identity that the account has or that a file approves for it. One that is not
    /// its own is left out.
    pub(crate) fn own_identity(&self) -> Option<&'a IdentityId> {
        match self.ownership {
            Some(Ownership::NotOwn(_)) => None,
            Some(_) => self.identity(),
            None => self.spec.identity.as_ref(),
        }
    }

    /// The identity that the account has now, under its present or its earlier id, and
    /// that ISC may let it keep. One that is not its own is left out.
    pub(crate) fn identity_now(&self) -> Option<&'a IdentityId> {
        if let Some(identity) = self.identity() {
            let is_own = !matches!(self.ownership, Some(Ownership::NotOwn(_)));
            return Some(identity).filter(|_| is_own);
        }
        let earlier = self.earlier?;
        let (live, approved) = (self.index.live, self.spec.identity.as_ref());
        match ownership_of(live, &self.spec.source, earlier, approved, Earlier::Any)? {
            // Whose it is is seen again when the levels are set.
            Ownership::Own
            | Ownership::Approved
            | Ownership::Awaited(_)
            | Ownership::NotRead
            | Ownership::Unknown => earlier.identity.as_ref(),
            Ownership::NotOwn(_) | Ownership::Unread(_) => None,
        }
    }

    /// The identity that the account has under its earlier id, which it may keep under
    /// the new one. One that is not its own is left out.
    pub(crate) fn earlier_identity(&self) -> Option<&'a IdentityId> {
        let earlier = self.earlier?;
        let live = self.index.live;
        match ownership_of(live, &self.spec.source, earlier, None, Earlier::None)? {
            Ownership::Own
            | Ownership::Approved
            | Ownership::Awaited(_)
            | Ownership::NotRead
            | Ownership::Unknown => earlier.identity.as_ref(),
            Ownership::NotOwn(_) | Ownership::Unread(_) => None,
        }
    }

    /// The identity that levels and tokens are planned for. Requires that the
    /// steps for the account's row and for its source's processing are planned.
    pub(crate) fn identity_outcome(&self, draft: &Draft) -> IdentityOutcome<'a> {
        if draft.without_identity.contains_key(&self.spec.key) {
            return IdentityOutcome::NoIdentity;
        }
        let planned = PlannedChanges {
            rename: draft.renames(&self.spec.key),
            // It can be a person's, which another mapping leaves as it is.
            remap: draft.remaps(&self.spec.source)
                && !matches!(self.ownership, Some(Ownership::Awaited(_))),
            processing: draft.plans(&Address::Processing(self.spec.source.clone()))
                && !draft.holds(&self.spec.key),
            profile_unread: live_source(self.index.live, &self.spec.source)
                .and_then(|source| source.profile.complete().err()),
            against: match self.ownership {
                Some(Ownership::NotOwn(against)) => Some(against),
                Some(
                    Ownership::Own
                    | Ownership::Approved
                    | Ownership::Awaited(_)
                    | Ownership::Unread(_)
                    | Ownership::NotRead
                    | Ownership::Unknown,
                )
                | None => None,
            },
        };
        identity::classify(self.spec.row.is_some(), self.presence, planned)
    }

    /// Why nothing may change that belongs to its identity.
    pub(crate) fn doubt(&self) -> Option<Doubt<'a>> {
        self.ownership.and_then(Ownership::doubt)
    }

    /// The identity's status; none where it was not read because it was not needed.
    pub(crate) fn status(&self) -> Option<Result<&'a IdentityStatus, &'a Incomplete>> {
        Some(self.identity_read()?.map(|identity| &identity.status))
    }

    /// The identity as it was read; none where it was not read because it was not
    /// needed.
    pub(crate) fn identity_read(&self) -> Option<Result<&'a LiveIdentity, &'a Incomplete>> {
        let identity = self.index.live.identities.get(self.identity()?)?;
        match identity.complete() {
            Ok(Some(identity)) => Some(Ok(identity)),
            Ok(None) => None,
            Err(why) => Some(Err(why)),
        }
    }

    /// The invitations that steersman sent to its identity, as far as is known.
    pub(crate) fn invited(&self) -> Option<&'a Invited> {
        self.index.live.stores.invitations.get(self.identity()?)
    }

    /// All tokens of an identity, or why not all are known.
    pub(crate) fn tokens(
        &self,
        identity: &IdentityId,
    ) -> Result<&'a [&'a LiveToken], &'a Incomplete> {
        self.index.tokens(identity)
    }

    /// What is known of its issuer, given the tokens of its identity.
    pub(crate) fn issuer_outcome(
        &self,
        spec: &Spec,
        tokens: &[&'a LiveToken],
        now: Timestamp,
    ) -> IssuerOutcome<'a> {
        issuer::classify(issuer::Known {
            declared: self.spec.issuer.as_ref(),
            state: self.issuer,
            tokens,
            status: self.status(),
            invites: invites(spec, self.spec),
            unasked: self.index.live.stores.unasked,
            now,
        })
    }

    /// What the store holds in the place of a declared token; none where it was not
    /// looked up.
    pub(crate) fn stored(&self, token: &TokenSpec) -> Option<&'a StoredToken> {
        let stores = &self.index.live.stores;
        let looked_up = stores
            .tokens
            .get(&self.spec.key)
            .and_then(|tokens| tokens.get(&token.name));
        looked_up.or_else(|| {
            stores
                .not_asked
                .contains(&token.deliver.store)
                .then_some(&StoredToken::NotAsked)
        })
    }

    /// Whether the document in the place of a declared token says that it is of that token.
    pub(crate) fn holds_own(&self, token: &TokenSpec) -> bool {
        matches!(
            self.stored(token),
            Some(StoredToken::Present { says_own: true, .. })
        )
    }

    /// The place of a declared token, compared with the token of its name.
    pub(crate) fn delivery(
        &self,
        owner: &IdentityId,
        declared: &TokenSpec,
        token: Option<&LiveToken>,
    ) -> Delivery<'a> {
        let stored = self.stored(declared);
        delivery::classify(&declared.name, owner, token, stored, |id| {
            self.index.token(id)
        })
    }

    /// The tenant's API address.
    pub(crate) fn tenant(&self) -> &'a str {
        &self.index.live.tenant
    }

    /// Where an earlier run put its issuer token, which is not in the declared place.
    pub(crate) fn issuer_elsewhere(&self) -> Option<&'a StoreKey> {
        self.index.live.stores.issuers_elsewhere.get(&self.spec.key)
    }

    /// Whether its issuer token is known not to be in its place.
    pub(crate) fn issuer_is_missing(&self) -> bool {
        let state = self.index.live.stores.issuers.get(&self.spec.key);
        state == Some(&IssuerState::Absent)
    }

    /// The variable that holds its issuer token, in a store that is only read.
    pub(crate) fn issuer_variable(&self) -> Option<&'a str> {
        let variables = &self.index.live.stores.variables;
        variables.get(&self.spec.key).map(String::as_str)
    }

    /// The issuer's client id, where the store has one.
    pub(crate) fn issuer_id(&self) -> Option<&'a TokenId> {
        match self.issuer {
            IssuerState::Present { client_id, .. } => Some(client_id),
            IssuerState::Absent
            | IssuerState::NotAsked
            | IssuerState::Foreign { .. }
            | IssuerState::Unreadable { .. } => None,
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

/// Whether the identity of a declared account is its own; none where it has none.
pub fn ownership<'a>(
    live: &'a Live,
    spec: &'a AccountSpec,
    account: &'a LiveAccount,
) -> Option<Ownership<'a>> {
    let of = |approved, earlier| ownership_of(live, &spec.source, account, approved, earlier);
    let ownership = of(spec.identity.as_ref(), earlier_of(spec));
    // Processing, which steersman runs, may make another identity of the row than the
    // approved one.
    let is_approved = ownership == Some(Ownership::Approved);
    let otherwise = if is_approved && spec.row.is_some() {
        of(None, Earlier::Any)
    } else {
        None
    };
    match otherwise {
        Some(Ownership::Awaited(Against::Alias { .. })) => otherwise,
        _ => ownership,
    }
}

/// What is known of the identity that a declared account, which exists under its present
/// id, had under its earlier one.
pub(crate) fn earlier_of(spec: &AccountSpec) -> Earlier<'static> {
    match spec.previously.id {
        Some(_) => Earlier::NotKnown,
        None => Earlier::None,
    }
}

/// The source of this id, by its name where the tenant's identity profiles give it.
fn maker<'a>(live: &'a Live, id: &'a SourceId) -> Maker<'a> {
    let mut profiles = live.profiles.found().iter();
    let of = profiles.find(|profile| profile.source.as_ref() == Some(id));
    Maker {
        id,
        name: of.and_then(|profile| profile.source_name.as_ref()),
    }
}

/// Whether the identity of an observed account is its own; none where it has none.
pub(crate) fn ownership_of<'a>(
    live: &'a Live,
    source: &SourceName,
    account: &'a LiveAccount,
    approved: Option<&'a IdentityId>,
    earlier: Earlier<'a>,
) -> Option<Ownership<'a>> {
    let identity = account.identity.as_ref()?;
    let read = live
        .identities
        .get(identity)
        .and_then(|read| read.complete().ok()?.as_ref());
    let unread = |what| move |why| Unread { what, why };
    let unread = (live.identities.get(identity))
        .and_then(|read| read.complete().err().map(unread(Evidence::Identity)))
        .or_else(|| {
            // Its names are read with them.
            let levels = live.levels.get(identity).filter(|_| read.is_none())?;
            levels.complete().err().map(unread(Evidence::Levels))
        });
    let of = live.sources.get(source)?;
    let elsewhere = read
        .zip(of.found().as_ref())
        .and_then(|(identity, source)| ownership::made_elsewhere(identity, &source.id))
        .map(|id| maker(live, id));
    let facts = match (read, live.names.get(identity)) {
        (Some(read), _) => Facts {
            alias: Some(read.alias.as_str()).filter(|alias| !alias.is_empty()),
            email: read.email.as_deref(),
            lacks_email: read.email.is_none(),
            created: read.created,
            elsewhere,
            is_read: true,
            unread,
        },
        (None, Some(names)) => Facts {
            alias: names.alias.as_deref(),
            email: names.email.as_deref(),
            // The names that come with the levels can lack it.
            lacks_email: false,
            created: None,
            elsewhere: None,
            is_read: true,
            unread,
        },
        (None, None) => Facts {
            unread,
            ..Facts::default()
        },
    };
    let profile = match (of.found(), of.complete()) {
        (None, Ok(_)) => return None,
        (_, Err(why)) => Profile::Unread(why),
        (Some(source), Ok(_)) => match source.profile.complete() {
            Err(why) => Profile::Unread(why),
            Ok(None) => Profile::None,
            Ok(Some(profile)) => Profile::Mapped {
                made: ownership::mapped(&profile.mappings, &source.id, &account.cells),
                is_due: profile.refresh_required,
            },
        },
    };
    Some(ownership::classify(
        account, identity, facts, profile, approved, earlier,
    ))
}

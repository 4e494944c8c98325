//! Step of a plan: one change of one object, with the reason.

use crate::{Address, Fingerprint, IdentityId, NativeIdentity, Operation, SourceId, StoreKey};
use litemap::LiteMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// The declared fields of an object, by name. Never a secret.
///
/// A list in the order of the names: a step has few of them, and a node of a `BTreeMap`
/// takes 1 KB for the first.
pub type Fields = LiteMap<String, Value>;

/// One change, with the steps that it depends on.
#[derive(Clone, Debug)]
pub struct Step {
    /// The object that changes.
    pub address: Address,
    /// How.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The observed values of the declared fields; none for what is created.
    pub before: Option<Fields>,
    /// The declared fields after the step; none for an object that is deleted.
    pub after: Option<Fields>,
    /// The digest of the live object that the step was planned against; none
    /// where it is created.
    pub fingerprint: Option<Fingerprint>,
    /// The account that has to have the same identity as when the plan was made; none where
    /// the step changes nothing that belongs to an identity that was known by then.
    pub rests_on: Option<RestsOn>,
    /// The steps that it depends on.
    pub depends_on: Vec<Address>,
    /// Places in stores that were not asked, and that the step assumes to hold what they
    /// should.
    pub assuming: Vec<StoreKey>,
    /// Whether the step is irreversible: another apply cannot restore what it removes.
    pub destructive: bool,
    /// What the applier executes.
    pub operation: Operation,
}

/// An account, and the identity that it had when the plan was made. What a step grants to
/// an identity, takes from it or deletes with it rests on that: somebody can give the
/// account another identity while approval is pending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RestsOn {
    /// The source that the account is on.
    pub source: SourceId,
    /// Its id there.
    pub native_identity: NativeIdentity,
    /// The identity; none where it had none.
    pub identity: Option<IdentityId>,
    /// How many accounts the source had, which decides what reading some of them takes; none
    /// where that is not known.
    #[serde(skip)]
    pub among: Option<usize>,
}

impl Step {
    /// The digest of all that the step was planned against: the live object, and whose it
    /// is.
    pub fn planned_against(&self) -> Option<Fingerprint> {
        match (&self.fingerprint, &self.rests_on) {
            (fingerprint, None) => fingerprint.clone(),
            (fingerprint, Some(account)) => {
                let object = fingerprint.as_ref().map(ToString::to_string);
                Some(Fingerprint::of(&(object, account)))
            }
        }
    }

    /// The names of the fields that differ, sorted.
    pub fn changed_fields(&self) -> Vec<&str> {
        let value = |fields: &'_ Option<Fields>, name: &str| {
            fields.as_ref().and_then(|fields| fields.get(name)).cloned()
        };
        let mut names: Vec<&str> = self
            .before
            .iter()
            .chain(self.after.iter())
            .flat_map(Fields::keys)
            .map(String::as_str)
            .collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| value(&self.before, name) != value(&self.after, name));
        names
    }
}

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// It is created.
    Create,
    /// It is updated in place.
    Update,
    /// It is replaced by a new one; the old one is deleted later.
    Replace,
    /// It is deleted.
    Delete,
    /// It is run, such as identity processing or an invitation.
    Run,
}

impl Action {
    /// All actions, in the order of a summary.
    pub const ALL: [Self; 5] = [
        Self::Create,
        Self::Update,
        Self::Replace,
        Self::Delete,
        Self::Run,
    ];

    /// The mark in front of a step: `+`, `~`, `±`, `-`, `>`.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Update => "~",
            Self::Replace => "±",
            Self::Delete => "-",
            Self::Run => ">",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Run => "run",
        })
    }
}

/// Why a step is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// Declared, but not in the tenant.
    NotInTenant,
    /// Declared fields differ from the tenant's.
    FieldsDiffer,
    /// The account has another id than before (`previously.id`).
    IdChanges,
    /// The account gets another name, which its identity has, too.
    NameChanges,
    /// A cell that feeds the identity's uid changes.
    UidChanges,
    /// In the tenant, but not declared in any file.
    NotDeclared,
    /// Accounts or mappings have changed, so identities must be created or updated.
    IdentitiesDue,
    /// Processing gives identities other user names: somebody changed the profile.
    UserNamesChange,
    /// The account lost its identity. ISC looks at an unchanged row again only on
    /// request.
    IdentityGone,
    /// The identity has not been invited, or its invitation has expired.
    NotInvited,
    /// The email address changes, and the open invitation went to the earlier one.
    InvitationMoves,
    /// The identity's open invitation has expired, although ISC says PENDING.
    InvitationExpired,
    /// The token expires soon.
    RotationDue,
    /// The token expires soon, and its maintenance window opens too late.
    RotationOverdue,
    /// A person asked for it.
    Requested,
    /// The declared `rotation` is another than that of the delivered document.
    RotationChanged,
    /// The expiry in ISC is later than declared: a person extended it, or a file
    /// shortened it.
    ExpiryShortened,
    /// The token has expired.
    Expired,
    /// An earlier run minted the token, and its secret is not in its store.
    SecretLost,
    /// The store does not have the token's secret.
    DeliveryMissing,
    /// The token's secret is declared to be in another place than it was delivered to.
    DeliveryMoved,
    /// A field differs that ISC cannot change in place.
    ImmutableFieldDiffers,
    /// The token was replaced, and the overlap in which both are valid is over.
    OverlapOver,
    /// A person stored the issuer token, and has seen its secret.
    IssuerSeen,
    /// The issuer token was replaced, and a run was interrupted before it revoked it.
    IssuerReplaced,
    /// The token was replaced and is still used, and the longest overlap is over.
    OverlapOverInUse,
    /// Its end was brought near, by `token disable` or by hand.
    Disabled,
}

impl Reason {
    /// The reason as text, for a person.
    pub fn text(self) -> &'static str {
        match self {
            Self::NotInTenant => "declared, and not in the tenant",
            Self::FieldsDiffer => "differs from the spec",
            Self::IdChanges => {
                "its id changes: to ISC this is another account; ISC may recreate the identity, and its tokens stop working"
            }
            Self::NameChanges => {
                "renamed: ISC may recreate the identity, and its tokens stop working"
            }
            Self::UidChanges => {
                "the user name of its identity changes: ISC may recreate the identity, and its tokens stop working"
            }
            Self::NotDeclared => "no file declares it",
            Self::IdentitiesDue => "identities must be created or updated",
            Self::UserNamesChange => {
                "the identity profile was changed, and processing gives identities other user names: ISC may recreate them, and their tokens stop working"
            }
            Self::IdentityGone => {
                "its identity no longer exists: its row is sent again, for ISC to create one"
            }
            Self::NotInvited => "the identity has no open invitation",
            Self::InvitationMoves => "the open invitation was sent to the earlier email address",
            Self::InvitationExpired => "the open invitation is older than 7 days",
            Self::RotationDue => "the token expires soon",
            Self::RotationOverdue => {
                "the token expires before its maintenance window leaves enough time: it is rotated at once"
            }
            Self::Requested => "requested",
            Self::RotationChanged => "the declared `rotation` has changed",
            Self::ExpiryShortened => {
                "it expires later in ISC than declared: its expiry is shortened"
            }
            Self::Expired => "the token has expired",
            Self::SecretLost => "orphaned: its secret did not reach the store",
            Self::DeliveryMissing => "its secret is not in the store",
            Self::DeliveryMoved => "its secret is declared in another place",
            Self::ImmutableFieldDiffers => "ISC cannot change this in place",
            Self::OverlapOver => "the token was replaced, and the overlap is over",
            Self::IssuerSeen => {
                "a person stored it and has seen its secret: it is replaced by one that nobody has seen"
            }
            Self::IssuerReplaced => {
                "its successor is in the store; an earlier run was interrupted before it revoked this one"
            }
            Self::OverlapOverInUse => {
                "the token was replaced and is still used, and the longest overlap is over: what uses it stops working"
            }
            Self::Disabled => {
                "its end was brought near, by `token disable` or by hand: a new one replaces it"
            }
        }
    }
}

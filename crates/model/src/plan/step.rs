//! One change of a plan.

use crate::{Address, Fingerprint, Operation};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// The declared fields of a thing, by name. Never a secret.
pub type Fields = BTreeMap<String, Value>;

/// One change, with the steps it waits for.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is changed.
    pub address: Address,
    /// How.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The declared fields as they are; none for what is not there yet.
    pub before: Option<Fields>,
    /// The declared fields as they will be; none for what is deleted.
    pub after: Option<Fields>,
    /// The digest of the live object that the step was planned against; none
    /// where it is created.
    pub fingerprint: Option<Fingerprint>,
    /// The steps that have to be done first.
    pub depends_on: Vec<Address>,
    /// Whether something is lost that cannot be put back by another apply.
    pub destructive: bool,
    /// What the applier carries out.
    pub operation: Operation,
}

impl Step {
    /// The names of the fields that differ, sorted.
    pub fn changed_fields(&self) -> Vec<&str> {
        let value = |fields: &'_ Option<Fields>, name: &str| {
            fields.as_ref().and_then(|fields| fields.get(name)).cloned()
        };
        let mut names: Vec<&str> = self
            .before
            .iter()
            .chain(self.after.iter())
            .flat_map(|fields| fields.keys())
            .map(String::as_str)
            .collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| value(&self.before, name) != value(&self.after, name));
        names
    }
}

/// What is done to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed in place.
    Update,
    /// It is replaced by a new one; the old one goes later.
    Replace,
    /// It is deleted.
    Delete,
    /// It is set going, such as identity processing or an invitation.
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
    /// Declared, and not in the tenant.
    NotInTenant,
    /// Declared fields differ from the tenant's.
    FieldsDiffer,
    /// The account has another id than before (`previously.id`).
    IdChanges,
    /// The account gets another name, by which its identity is known.
    NameChanges,
    /// In the tenant, and no file declares it.
    NotDeclared,
    /// Accounts or mappings have changed, so that identities have to be made
    /// or brought up to date.
    IdentitiesDue,
    /// The identity has not been invited, or its invitation has expired.
    NotInvited,
    /// The token ends soon.
    RotationDue,
    /// The token has ended.
    Expired,
    /// An earlier run made the token, and its secret never reached its store.
    SecretLost,
    /// A field differs that ISC cannot change in place.
    ImmutableFieldDiffers,
    /// The token was replaced, and the time in which both are valid is over.
    OverlapOver,
}

impl Reason {
    /// The reason as half a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::NotInTenant => "declared, and not in the tenant",
            Self::FieldsDiffer => "differs from what is declared",
            Self::IdChanges => {
                "its id changes: to ISC this is another account, and its identity may be made anew, without tokens"
            }
            Self::NameChanges => "its name changes: ISC may make its identity anew, without tokens",
            Self::NotDeclared => "no file declares it",
            Self::IdentitiesDue => "identities have to be made or brought up to date",
            Self::NotInvited => "the identity has no open invitation",
            Self::RotationDue => "the token ends soon",
            Self::Expired => "the token has ended",
            Self::SecretLost => "its secret never reached the store",
            Self::ImmutableFieldDiffers => "ISC cannot change this in place",
            Self::OverlapOver => "the replaced token is no longer needed",
        }
    }
}

//! Names that identities get of rows that a run changes: until ISC has processed the change,
//! it can make an identity with the names of the row from before.

use model::{IdentityNames, IdentityTarget, NativeIdentity, Operation, OwnIdentity, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// The accounts that had a row and no identity when the plan was made, with the names that
/// their identities get.
#[derive(Debug, Default)]
pub(crate) struct ChangedRows<'plan>(BTreeMap<&'plan NativeIdentity, &'plan IdentityNames>);

impl<'plan> ChangedRows<'plan> {
    /// Those of a plan.
    pub(super) fn of(plan: &'plan Plan) -> Self {
        let changed: BTreeSet<&NativeIdentity> = plan
            .steps
            .iter()
            .filter(|step| step.fingerprint.is_some())
            .filter_map(|step| match &step.operation {
                Operation::ImportRow {
                    native_identity, ..
                } => Some(native_identity),
                _ => None,
            })
            .collect();
        let names = plan.steps.iter().filter_map(|step| match &step.operation {
            Operation::Invite {
                identity:
                    IdentityTarget::OfAccount {
                        native_identity,
                        own: OwnIdentity::Shown { names, .. },
                        ..
                    },
                ..
            }
            | Operation::SetLevels {
                identity:
                    IdentityTarget::OfAccount {
                        native_identity,
                        own: OwnIdentity::Shown { names, .. },
                        ..
                    },
                ..
            } => Some((native_identity, names)),
            _ => None,
        });
        Self(
            names
                .filter(|(account, _)| changed.contains(account))
                .collect(),
        )
    }

    /// The names that the account's identity gets; none where no row from before can have
    /// given it others.
    pub(crate) fn names(&self, account: &NativeIdentity) -> Option<&'plan IdentityNames> {
        self.0.get(account).copied()
    }
}

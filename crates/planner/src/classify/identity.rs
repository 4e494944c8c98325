//! Classifies an account's identity: known, about to change, created by this plan, or absent.

use crate::presence::Presence;
use model::ownership::Against;
use model::{IdentityId, Incomplete, LiveAccount};

/// The identity that levels and tokens of an account are planned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdentityOutcome<'a> {
    /// The accounts of the source were not read completely.
    AccountsUnread(&'a Incomplete),
    /// The account has this identity, and nothing in this plan changes that.
    Known(&'a IdentityId),
    /// The account has this identity, which is not its own.
    NotOwn {
        /// The identity.
        identity: &'a IdentityId,
        /// What speaks against it.
        against: Against<'a>,
    },
    /// This plan renames the account and processes identities, so ISC may give
    /// it another identity. Whether the present one is its own does not matter then.
    Unsettled,
    /// Identity processing in this plan creates it.
    Created,
    /// A source that others manage has no such account.
    NoAccount,
    /// Whether its identity stays, or processing creates one, is not known: the
    /// identity profile of its source was not read.
    ProfileUnread(&'a Incomplete),
    /// The account has none, and nothing in this plan creates one.
    NoIdentity,
}

/// Who has taken an account off its identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mover {
    /// ISC, which classifies it as a machine account.
    Machine,
    /// Somebody, by hand or with another tool.
    ByHand,
}

/// Who has taken the account off its identity; none where nobody has.
pub(crate) fn moved_off(account: &LiveAccount) -> Option<Mover> {
    let LiveAccount {
        id: _,
        native_identity: _,
        name: _,
        cells: _,
        several: _,
        identity,
        manually_correlated,
        is_machine,
        created: _,
    } = account;
    match (identity, is_machine, manually_correlated) {
        (None, Some(true), _) => Some(Mover::Machine),
        (None, _, Some(true)) => Some(Mover::ByHand),
        (Some(_), _, _) | (None, Some(false) | None, Some(false) | None) => None,
    }
}

/// What this plan does that an account's identity depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlannedChanges<'a> {
    /// Whether it renames the account.
    pub(crate) rename: bool,
    /// Whether another attribute is to feed the user names of the account's source.
    pub(crate) remap: bool,
    /// Whether it processes identities of the account's source.
    pub(crate) processing: bool,
    /// Why it is not known whether there is a profile to process.
    pub(crate) profile_unread: Option<&'a Incomplete>,
    /// What speaks against the identity being the account's own.
    pub(crate) against: Option<Against<'a>>,
}

/// Classifies the identity of an account. `is_managed` says whether steersman
/// manages its source, and so creates the account.
pub(crate) fn classify<'a>(
    is_managed: bool,
    observed: Presence<'a>,
    planned: PlannedChanges<'a>,
) -> IdentityOutcome<'a> {
    let PlannedChanges {
        rename,
        remap,
        processing,
        profile_unread,
        against,
    } = planned;
    let identity = match observed {
        Presence::Unread(why) => return IdentityOutcome::AccountsUnread(why),
        Presence::Absent => None,
        Presence::Present(account) => {
            let LiveAccount {
                id: _,
                native_identity: _,
                name: _,
                cells: _,
                identity,
                // Read by the classifier of ownership.
                manually_correlated: _,
                is_machine: _,
                several: _,
                created: _,
            } = account;
            identity.as_ref()
        }
    };
    if let (Some(identity), Some(against)) = (identity, against)
        && !(rename && processing && against.ends_with_a_rename())
    {
        return IdentityOutcome::NotOwn { identity, against };
    }
    let rename = rename || remap;
    match (identity, observed, profile_unread) {
        _ if rename && processing => IdentityOutcome::Unsettled,
        (_, _, Some(why)) if rename => IdentityOutcome::ProfileUnread(why),
        (Some(identity), _, _) => IdentityOutcome::Known(identity),
        // Processing gives it none.
        (None, Presence::Present(account), _) if is_managed && moved_off(account).is_some() => {
            IdentityOutcome::NoIdentity
        }
        _ if is_managed && processing => IdentityOutcome::Created,
        (None, Presence::Absent, _) if !is_managed => IdentityOutcome::NoAccount,
        (None, _, Some(why)) if is_managed => IdentityOutcome::ProfileUnread(why),
        (None, _, _) => IdentityOutcome::NoIdentity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{incomplete, live_account};

    #[test]
    fn each_outcome() {
        let (why, id) = (incomplete(), "i".into());
        let with = live_account("SA-1", "audit01", "i");
        let mut without = with.clone();
        without.identity = None;
        let (with, without) = (Presence::Present(&with), Presence::Present(&without));
        let absent = Presence::Absent;
        for (is_managed, observed, rename, processing, expected) in [
            (
                true,
                Presence::Unread(&why),
                false,
                true,
                IdentityOutcome::AccountsUnread(&why),
            ),
            (true, with, false, false, IdentityOutcome::Known(&id)),
            (true, with, false, true, IdentityOutcome::Known(&id)),
            (true, with, true, false, IdentityOutcome::Known(&id)),
            (true, with, true, true, IdentityOutcome::Unsettled),
            (true, absent, true, true, IdentityOutcome::Unsettled),
            (true, absent, false, true, IdentityOutcome::Created),
            (true, without, false, true, IdentityOutcome::Created),
            (true, absent, false, false, IdentityOutcome::NoIdentity),
            (false, absent, false, false, IdentityOutcome::NoAccount),
            (false, without, false, false, IdentityOutcome::NoIdentity),
        ] {
            let planned = PlannedChanges {
                rename,
                remap: false,
                processing,
                profile_unread: None,
                against: None,
            };
            assert_eq!(classify(is_managed, observed, planned), expected);
        }
        for (is_managed, observed, rename, processing, expected) in [
            (true, with, false, false, IdentityOutcome::Known(&id)),
            (
                true,
                with,
                true,
                false,
                IdentityOutcome::ProfileUnread(&why),
            ),
            (true, with, true, true, IdentityOutcome::Unsettled),
            (
                true,
                absent,
                false,
                false,
                IdentityOutcome::ProfileUnread(&why),
            ),
            (
                true,
                without,
                false,
                false,
                IdentityOutcome::ProfileUnread(&why),
            ),
            (true, without, false, true, IdentityOutcome::Created),
            (false, without, false, false, IdentityOutcome::NoIdentity),
            (false, absent, false, false, IdentityOutcome::NoAccount),
        ] {
            let planned = PlannedChanges {
                rename,
                remap: false,
                processing,
                profile_unread: Some(&why),
                against: None,
            };
            assert_eq!(classify(is_managed, observed, planned), expected);
        }
        // Another mapping leaves the account where it is; another id does not.
        for (rename, expected) in [
            (
                false,
                IdentityOutcome::NotOwn {
                    identity: &id,
                    against: Against::Older,
                },
            ),
            (true, IdentityOutcome::Unsettled),
        ] {
            let planned = PlannedChanges {
                rename,
                remap: true,
                processing: true,
                profile_unread: None,
                against: Some(Against::Older),
            };
            assert_eq!(classify(true, with, planned), expected);
        }
        let against = Against::ByHand;
        for (observed, rename, expected) in [
            (
                with,
                false,
                IdentityOutcome::NotOwn {
                    identity: &id,
                    against,
                },
            ),
            (
                with,
                true,
                IdentityOutcome::NotOwn {
                    identity: &id,
                    against,
                },
            ),
            (without, false, IdentityOutcome::Created),
        ] {
            let planned = PlannedChanges {
                rename,
                remap: false,
                processing: true,
                profile_unread: None,
                against: Some(against),
            };
            assert_eq!(classify(true, observed, planned), expected);
        }
    }
}

//! Classifies the invitation of an identity: needed, open, moved, expired, unanswered.

use jiff::{SignedDuration, Timestamp};
use model::{IdentityNames, IdentityStatus, Invited, LiveIdentity};

/// Whether an identity has to be invited to register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InvitationOutcome {
    /// It is registered, or ISC does not let it register.
    NotNeeded,
    /// It is not invited, or ISC has ended its invitation.
    Missing,
    /// Its open invitation went to another email address than the declared one.
    Moved {
        /// The address that it went to.
        from: String,
    },
    /// Its invitation is open, as far as is known.
    Open,
    /// ISC says that it is invited, and the invitation is older than it is valid.
    Expired,
    /// The same, and earlier invitations were not answered either.
    Unanswered {
        /// Since when the identity exists, where ISC says so.
        since: Option<Timestamp>,
    },
    /// It is not invited, and its identity is older than steersman sends invitations:
    /// those that were sent were not answered.
    Overdue {
        /// Since when the identity exists.
        since: Timestamp,
    },
}

/// How long an invitation is valid.
const VALIDITY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Up to which age of an identity an expired invitation is sent again: its first
/// invitation and at most four more.
const PATIENCE: SignedDuration = SignedDuration::from_hours(5 * 7 * 24);

/// How many invitations are sent at most.
const MOST: u32 = 5;

/// Within what time of its creation an identity settles: one that has not changed later
/// was never invited.
const SETTLING: SignedDuration = SignedDuration::from_hours(24);

/// Classifies the invitation of an identity whose email address is to be `to`.
///
/// ISC does not say when an invitation was sent. The journal does, where steersman sent it
/// from here: `sent`. Otherwise, an invitation changes its identity, so it is at least as old
/// as the last change.
pub(crate) fn classify(
    observed: &LiveIdentity,
    to: Option<&str>,
    sent: Option<&Invited>,
    now: Timestamp,
) -> InvitationOutcome {
    let LiveIdentity {
        id: _,
        // Compared by the classifier of ownership.
        alias: _,
        name: _,
        email,
        status,
        created,
        modified,
        made_by: _,
    } = observed;
    match status {
        IdentityStatus::Unregistered => return not_invited(*created, *modified, now),
        IdentityStatus::Pending => {}
        IdentityStatus::Registered
        | IdentityStatus::Active
        | IdentityStatus::Warning
        | IdentityStatus::Unusable(_)
        // Nothing says that it lacks one.
        | IdentityStatus::Unknown(_) => return InvitationOutcome::NotNeeded,
    }
    if let Some(from) = email
        && IdentityNames::differs(to, Some(from))
    {
        return InvitationOutcome::Moved { from: from.clone() };
    }
    let last = sent.map(|sent| sent.last).or(*modified);
    let is_expired = last.is_some_and(|last| now.duration_since(last) > VALIDITY);
    if !is_expired {
        return InvitationOutcome::Open;
    }
    let is_young = |created: Timestamp| now.duration_since(created) <= PATIENCE;
    match (created, sent) {
        (_, Some(sent)) if sent.times >= MOST => InvitationOutcome::Unanswered { since: *created },
        (Some(created), _) if is_young(*created) => InvitationOutcome::Expired,
        // How many were sent is known all the same.
        (None, Some(_)) => InvitationOutcome::Expired,
        (Some(_), _) | (None, None) => InvitationOutcome::Unanswered { since: *created },
    }
}

/// An identity that ISC says is not invited. ISC says so of one whose invitation has
/// ended, too, and does not say which.
fn not_invited(
    created: Option<Timestamp>,
    modified: Option<Timestamp>,
    now: Timestamp,
) -> InvitationOutcome {
    let Some(since) = created.filter(|created| now.duration_since(*created) > PATIENCE) else {
        return InvitationOutcome::Missing;
    };
    let is_unchanged = modified.is_some_and(|modified| modified.duration_since(since) <= SETTLING);
    if is_unchanged {
        InvitationOutcome::Missing
    } else {
        InvitationOutcome::Overdue { since }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::NOW;

    const DAY: SignedDuration = SignedDuration::from_hours(24);
    const A_SECOND: SignedDuration = SignedDuration::from_secs(1);

    fn identity(
        status: IdentityStatus,
        created: Option<SignedDuration>,
        modified: Option<SignedDuration>,
    ) -> LiveIdentity {
        LiveIdentity {
            id: "i".into(),
            alias: "audit01".to_owned(),
            name: "audit01".to_owned(),
            email: Some("Old@example.com".to_owned()),
            status,
            created: created.map(|age| NOW - age),
            modified: modified.map(|age| NOW - age),
            made_by: None,
        }
    }

    #[test]
    fn each_outcome() {
        use InvitationOutcome::{Expired, Missing, Moved, NotNeeded, Open, Overdue, Unanswered};
        let old = Some("old@example.com");
        let new = Some("new@example.com");
        let moved = || Moved {
            from: "Old@example.com".to_owned(),
        };
        let age = |days: i32| Some(DAY * days);
        for (status, to, created, modified, expected) in [
            // It has not changed since it was created, so it was never invited.
            (IdentityStatus::Unregistered, new, age(99), age(99), Missing),
            (IdentityStatus::Unregistered, new, age(99), age(98), Missing),
            (IdentityStatus::Unregistered, new, age(35), age(8), Missing),
            (IdentityStatus::Unregistered, new, None, age(8), Missing),
            (
                IdentityStatus::Unregistered,
                new,
                age(36),
                age(8),
                Overdue {
                    since: NOW - DAY * 36,
                },
            ),
            (
                IdentityStatus::Unregistered,
                new,
                age(36),
                None,
                Overdue {
                    since: NOW - DAY * 36,
                },
            ),
            (IdentityStatus::Active, new, age(9), age(9), NotNeeded),
            (IdentityStatus::Registered, new, age(9), age(9), NotNeeded),
            (IdentityStatus::Warning, new, age(9), age(9), NotNeeded),
            (
                IdentityStatus::Unusable("LOCKED".to_owned()),
                new,
                age(9),
                age(9),
                NotNeeded,
            ),
            (IdentityStatus::Pending, new, age(99), age(99), moved()),
            (IdentityStatus::Pending, new, age(1), age(1), moved()),
            (IdentityStatus::Pending, old, age(99), age(1), Open),
            (IdentityStatus::Pending, None, age(99), age(7), Open),
            // Its age is not known.
            (IdentityStatus::Pending, old, age(99), None, Open),
            (
                IdentityStatus::Pending,
                old,
                age(8),
                Some(DAY * 7 + A_SECOND),
                Expired,
            ),
            (IdentityStatus::Pending, old, age(35), age(8), Expired),
            (
                IdentityStatus::Pending,
                old,
                Some(DAY * 35 + A_SECOND),
                age(8),
                Unanswered {
                    since: Some(NOW - DAY * 35 - A_SECOND),
                },
            ),
            (
                IdentityStatus::Pending,
                old,
                None,
                age(8),
                Unanswered { since: None },
            ),
        ] {
            let observed = identity(status, created, modified);
            assert_eq!(classify(&observed, to, None, NOW), expected, "{observed:?}");
        }
    }

    #[test]
    fn tenants_07_the_journal_knows_when_the_last_invitation_was_sent() {
        use InvitationOutcome::{Expired, Open, Unanswered};
        let age = |days: i32| Some(DAY * days);
        let since = |days: i32| Unanswered {
            since: Some(NOW - DAY * days),
        };
        for (created, modified, sent, times, expected) in [
            // Whatever else has changed the identity since.
            (age(20), age(1), 8, 1, Expired),
            (age(20), None, 8, 1, Expired),
            (age(20), age(1), 7, 1, Open),
            // The last one changed nothing of it.
            (age(20), age(9), 1, 2, Open),
            // Sent again, and not for ever.
            (age(34), age(1), 8, 4, Expired),
            (age(34), age(1), 8, 5, since(34)),
            (age(36), age(1), 8, 1, since(36)),
            (None, age(1), 8, 4, Expired),
            (None, age(1), 8, 5, Unanswered { since: None }),
        ] {
            let observed = identity(IdentityStatus::Pending, created, modified);
            let sent = Invited {
                last: NOW - DAY * sent,
                times,
            };
            let found = classify(&observed, Some("old@example.com"), Some(&sent), NOW);
            assert_eq!(found, expected, "{observed:?} {sent:?}");
        }
    }
}

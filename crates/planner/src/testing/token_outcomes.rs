//! Cases of how a declared token compares with the tenant's.

use super::*;
use crate::testing::fixtures::{NOW, incomplete, live_token, token};
use jiff::SignedDuration;
use model::{Digest, Rotation, TokenLifetime, Tries, Window};

const SCOPES: [&str; 2] = ["sp:report:read", "sp:search:read"];

/// A change of the declared and of the observed token.
type Change = fn(&mut TokenSpec, &mut LiveToken);

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

fn place() -> StoreKey {
    StoreKey {
        store: "local".into(),
        key: "issuer".to_owned(),
    }
}

#[test]
fn a_token_of_the_tenant() {
    let cases: [(&str, Change, bool, &str); 14] = [
        ("as declared", |_, _| {}, false, "matches"),
        (
            "used",
            |_, live| live.last_used = Some(NOW),
            false,
            "matches",
        ),
        (
            "another scope",
            |_, live| {
                live.scopes.insert("x".into());
            },
            false,
            "differs: scopes",
        ),
        (
            "another end",
            |_, live| live.expires = None,
            false,
            "differs: expires",
        ),
        (
            "end and scope",
            |declared, live| {
                declared.expires = TokenLifetime::Never;
                live.scopes.clear();
            },
            false,
            "differs: scopes, expires",
        ),
        (
            "expired",
            |_, live| live.expires = Some(NOW),
            false,
            "replace: Expired",
        ),
        ("secret lost", |_, _| {}, true, "replace: SecretLost"),
        (
            "expired and lost",
            |_, live| live.expires = Some(NOW),
            true,
            "replace: Expired",
        ),
        (
            "another validity",
            |declared, _| declared.access_token_validity = Some(900),
            false,
            "replace: ValidityDiffers",
        ),
        (
            "a validity that ISC does not report",
            |declared, live| {
                declared.access_token_validity = Some(900);
                live.access_token_validity = None;
            },
            false,
            "matches",
        ),
        (
            "rotation due",
            |declared, _| {
                declared.rotate = Some(Rotation::before(hours(24 * 90)));
            },
            false,
            "replace: RotationDue",
        ),
        (
            "rotation not due",
            |declared, _| {
                declared.rotate = Some(Rotation::before(hours(24)));
            },
            false,
            "matches",
        ),
        (
            "planner 8: a lifetime that is shortened into the rotation window",
            |declared, live| {
                declared.expires = TokenLifetime::After(hours(24 * 20));
                declared.rotate = Some(Rotation::before(hours(24 * 14)));
                live.created = NOW - hours(24 * 10);
            },
            false,
            "replace: RotationDue",
        ),
        (
            "older than its lifetime",
            |declared, live| {
                declared.expires = TokenLifetime::After(hours(24));
                live.created = NOW - hours(48);
            },
            false,
            "replace: LifetimeOver",
        ),
    ];
    for (name, change, is_lost, expected) in cases {
        let mut declared = token("monthly-report");
        let mut live = live_token("monthly-report", "i", &SCOPES);
        change(&mut declared, &mut live);
        let place = place();
        let observed = Observed::Read {
            owner: &"i".into(),
            token: Some(&live),
            is_lost,
            delivery: Delivery::Delivered,
            delivered_rotation: None,
            requested: false,
            rolled_back: None,
            tries: None,
            unasked: Unasked::Blocked,
            issuer: IssuerOutcome::Usable(&place),
            owned: 1,
            claims_unread: None,
            own: Own::Fine,
            free_slots: 1,
        };
        assert_eq!(
            text(&classify(&declared, observed, NOW)),
            expected,
            "{name}"
        );
    }
}

fn text(outcome: &TokenOutcome<'_>) -> String {
    match outcome {
        TokenOutcome::Matches => "matches".to_owned(),
        TokenOutcome::Differs { change, .. } => {
            let TokenChange { scopes, expires } = change;
            let mut fields = Vec::new();
            fields.extend(scopes.as_ref().map(|_| "scopes"));
            fields.extend(expires.as_ref().map(|_| "expires"));
            format!("differs: {}", fields.join(", "))
        }
        TokenOutcome::Replace { cause, .. } => format!("replace: {cause:?}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_token_that_cannot_be_changed() {
    let (why, place, owner) = (incomplete(), place(), "i".into());
    let minter = Minter {
        owner: &owner,
        issuer: &place,
        is_assumed: false,
    };
    let declared = token("monthly-report");
    let same = live_token("monthly-report", "i", &SCOPES);
    let mut expired = same.clone();
    expired.expires = Some(NOW);
    let read = |token, issuer, free_slots| Observed::Read {
        owner: &owner,
        token,
        is_lost: false,
        delivery: Delivery::NotLookedUp,
        delivered_rotation: None,
        requested: false,
        rolled_back: None,
        tries: None,
        unasked: Unasked::Blocked,
        issuer,
        owned: 10,
        claims_unread: None,
        own: Own::Fine,
        free_slots,
    };
    let usable = IssuerOutcome::Usable(&place);
    let none = IssuerOutcome::NotEnrolled;
    for (observed, expected) in [
        (
            Observed::NoOwner(IdentityOutcome::Unsettled),
            TokenOutcome::NoOwner(IdentityOutcome::Unsettled),
        ),
        (Observed::Unread(&why), TokenOutcome::Unread(&why)),
        // Nothing has to change, so no issuer is needed.
        (read(Some(&same), none, 0), TokenOutcome::Matches),
        (read(None, none, 1), TokenOutcome::NoIssuer(none)),
        (
            read(None, usable, 0),
            TokenOutcome::NoSlot {
                owned: 10,
                later: None,
            },
        ),
        (read(None, usable, 1), TokenOutcome::Missing { minter }),
        // An expired token is revoked first, so no free slot is needed.
        (
            read(Some(&expired), usable, 0),
            TokenOutcome::Replace {
                minter,
                token: &expired,
                cause: ReplaceCause::Expired,
            },
        ),
    ] {
        assert_eq!(classify(&declared, observed, NOW), expected);
    }
}

/// A run was killed between creating the tenth token and delivering it.
#[test]
fn f22_a_lost_token_gives_up_the_last_slot_if_nothing_has_used_it_for_days() {
    let (owner, place) = ("i".into(), place());
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    for (age, used, free, expected) in [
        (3, None, 0, "replace: SecretLostUnused"),
        // That is how steersman proved it.
        (3, Some(3), 0, "replace: SecretLostUnused"),
        (3, Some(2), 0, "NoSlot { owned: 10, later: None }"),
        (2, None, 0, "later"),
        (3, None, 1, "replace: SecretLost"),
        (0, None, 1, "replace: SecretLost"),
    ] {
        let mut live = live_token("monthly-report", "i", &SCOPES);
        live.created = NOW - days(age);
        live.expires = Some(NOW + days(90 - age));
        live.last_used = used.map(|used| NOW - days(used));
        let mut observed = observed(&owner, &live, &place);
        if let Observed::Read {
            is_lost,
            owned,
            free_slots,
            ..
        } = &mut observed
        {
            (*is_lost, *owned, *free_slots) = (true, 10, free);
        }
        let declared = token("monthly-report");
        let found = match classify(&declared, observed, NOW) {
            TokenOutcome::NoSlot {
                owned: 10,
                later: Some(later),
            } => {
                assert_eq!(later, NOW + days(1));
                "later".to_owned()
            }
            other => text(&other),
        };
        assert_eq!(found, expected, "{age} {used:?} {free}");
    }
}

#[test]
fn a_token_that_is_kept_beside_its_successor_takes_a_slot() {
    for (cause, expected) in [
        (ReplaceCause::Expired, false),
        (ReplaceCause::SecretLost, true),
        (ReplaceCause::SecretLostUnused, false),
        (ReplaceCause::DeliveryMissing, true),
        (ReplaceCause::DeliveryMoved, true),
        (ReplaceCause::ValidityDiffers, true),
        (ReplaceCause::RotationDue, true),
        (ReplaceCause::RotationOverdue, true),
        (ReplaceCause::LifetimeOver, true),
        (ReplaceCause::Requested, true),
        (ReplaceCause::RotationChanged, true),
    ] {
        assert_eq!(cause.keeps_old(), expected, "{cause:?}");
    }
}

/// What is known of a token that is as declared, and rotates at no time by itself.
fn observed<'a>(owner: &'a IdentityId, live: &'a LiveToken, place: &'a StoreKey) -> Observed<'a> {
    Observed::Read {
        owner,
        token: Some(live),
        is_lost: false,
        delivery: Delivery::Delivered,
        delivered_rotation: Some(0),
        requested: false,
        rolled_back: None,
        tries: None,
        unasked: Unasked::Blocked,
        issuer: IssuerOutcome::Usable(place),
        owned: 1,
        claims_unread: None,
        own: Own::Fine,
        free_slots: 1,
    }
}

#[test]
fn a_person_rotates_a_token_by_asking_or_by_a_number() {
    let (owner, place) = ("i".into(), place());
    let live = live_token("monthly-report", "i", &SCOPES);
    for (declared_rotation, delivered, asks, expected) in [
        (0, Some(0), false, "matches"),
        (0, Some(0), true, "replace: Requested"),
        (1, Some(0), false, "replace: RotationChanged"),
        (1, Some(1), false, "matches"),
        (0, Some(1), false, "replace: RotationChanged"),
        // The place was not read: nothing is rotated for the number.
        (1, None, false, "matches"),
        (1, None, true, "replace: Requested"),
    ] {
        let mut declared = token("monthly-report");
        declared.rotation = declared_rotation;
        let mut observed = observed(&owner, &live, &place);
        if let Observed::Read {
            delivered_rotation,
            requested,
            ..
        } = &mut observed
        {
            (*delivered_rotation, *requested) = (delivered, asks);
        }
        let outcome = text(&classify(&declared, observed, NOW));
        assert_eq!(
            outcome, expected,
            "{declared_rotation} {delivered:?} {asks}"
        );
    }
}

#[test]
fn a_rotation_waits_for_its_window_or_says_that_it_cannot() {
    let (owner, place) = ("i".into(), place());
    // The time of the fixtures is a Thursday at midnight.
    let (open, saturday) = (Window::new(0x7f, 0, 60), Window::new(1 << 5, 120, 180));
    for (window, left, expected) in [
        (None, 24 * 13, "replace: RotationDue"),
        (open, 24 * 13, "replace: RotationDue"),
        (saturday, 24 * 13, "matches"),
        (saturday, 24 * 4, "replace: RotationOverdue"),
        (saturday, 24 * 15, "matches"),
    ] {
        let mut declared = token("monthly-report");
        declared.rotate = Some(Rotation {
            window,
            ..Rotation::before(hours(24 * 14))
        });
        let mut live = live_token("monthly-report", "i", &SCOPES);
        live.created = NOW - (hours(24 * 90) - hours(left));
        live.expires = Some(NOW + hours(left));
        let outcome = classify(&declared, observed(&owner, &live, &place), NOW);
        assert_eq!(text(&outcome), expected, "{window:?} {left}");
    }
}

#[test]
fn a_token_whose_creation_failed_too_often_waits_for_a_person() {
    let (owner, place) = ("i".into(), place());
    let mut live = live_token("monthly-report", "i", &SCOPES);
    live.expires = Some(NOW);
    let declared = token("monthly-report");
    let mut other = declared.clone();
    other.rotation = 1;
    for (failed, of, asks, waits) in [
        (4, &declared, false, false),
        (5, &declared, false, true),
        (5, &declared, true, false),
        // It was declared in another way then.
        (5, &other, false, false),
    ] {
        let failures = Tries {
            failed,
            last: NOW,
            why: "the store is full".to_owned(),
            declared: Digest::of(of),
        };
        let mut observed = observed(&owner, &live, &place);
        if let Observed::Read {
            tries, requested, ..
        } = &mut observed
        {
            (*tries, *requested) = (Some(&failures), asks);
        }
        let outcome = classify(&declared, observed, NOW);
        let blocked = outcome == TokenOutcome::TriesUsedUp(&failures);
        assert_eq!(blocked, waits, "{failed} {asks} {outcome:?}");
    }
}

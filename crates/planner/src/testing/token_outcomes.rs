//! Cases of how a declared token compares with the tenant's.

use super::*;
use crate::testing::fixtures::{NOW, incomplete, live_token, token};
use jiff::SignedDuration;
use model::{Rotation, TokenLifetime};

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
        (read(None, usable, 0), TokenOutcome::NoSlot { owned: 10 }),
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

#[test]
fn a_token_that_is_kept_beside_its_successor_takes_a_slot() {
    for (cause, expected) in [
        (ReplaceCause::Expired, false),
        (ReplaceCause::SecretLost, true),
        (ReplaceCause::DeliveryMissing, true),
        (ReplaceCause::DeliveryMoved, true),
        (ReplaceCause::ValidityDiffers, true),
        (ReplaceCause::RotationDue, true),
        (ReplaceCause::LifetimeOver, true),
    ] {
        assert_eq!(cause.keeps_old(), expected, "{cause:?}");
    }
}

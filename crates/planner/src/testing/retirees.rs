//! Scenarios: replaced tokens that are still used when their overlap ends.

use super::fixtures::{NOW, applied_tenant, enroll, guide, live_token};
use super::scenarios::{audit01, blocked, planned, steps};
use jiff::{SignedDuration, Timestamp};
use model::{
    Collection, Live, LiveToken, Overlap, Reason, Rotation, StoredToken, TokenName, Window,
    retiring,
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Kept until the end of the last day of 2025, which is now.
const RETIRED: &str = "monthly-report~retiring-20251231-92bd";

/// A tenant in which a token was replaced two days ago and last used at this time.
fn replaced(last_used: Option<Timestamp>) -> Live {
    let mut live = applied_tenant();
    enroll(&mut live);
    let scopes = ["sp:report:read", "sp:search:read"];
    let token = |name: &str, age: SignedDuration, last_used| LiveToken {
        created: NOW - age,
        expires: Some(NOW - age + DAY * 90),
        last_used,
        ..live_token(name, "identity-1", &scopes)
    };
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens.push(token(RETIRED, DAY * 60, last_used));
        tokens.push(token("monthly-report", DAY * 2, None));
    }
    live
}

#[test]
fn tokens_7_a_replaced_token_that_is_still_used_is_kept_up_to_the_longest_overlap() {
    let revoked = format!("- token/SA-001/{RETIRED} !");
    let kept = format!("token/SA-001/{RETIRED} StillUsed");
    for (name, used, most, expected) in [
        ("never used", None, DAY * 7, None),
        ("used before", Some(DAY * 3), DAY * 7, None),
        ("used at the replacement", Some(DAY * 2), DAY * 7, None),
        ("used since", Some(DAY), DAY * 7, Some(DAY * 6)),
        (
            "used just now",
            Some(SignedDuration::ZERO),
            DAY * 7,
            Some(DAY * 6),
        ),
        ("used, and no longer kept", Some(DAY), DAY, None),
    ] {
        let live = replaced(used.map(|ago| NOW - ago));
        let mut spec = guide();
        for (_, token) in audit01(&mut spec).tokens.iter_mut().flatten() {
            token.overlap = Overlap {
                min: DAY,
                max: most,
            };
        }
        let plan = planned(&spec, &live);
        let Some(left) = expected else {
            assert_eq!(steps(&plan), std::slice::from_ref(&revoked), "{name}");
            continue;
        };
        assert_eq!(steps(&plan), Vec::<String>::new(), "{name}");
        assert_eq!(blocked(&plan), std::slice::from_ref(&kept), "{name}");
        let until = (NOW + left).strftime("%Y-%m-%d").to_string();
        assert!(plan.blocked[0].message.ends_with(&until), "{name}");
    }
}

#[test]
fn a_replaced_token_is_used_since_although_both_were_created_at_once() {
    for (younger, expected) in [(SignedDuration::ZERO, 0), (SignedDuration::from_secs(1), 1)] {
        let mut live = replaced(Some(NOW));
        if let Collection::Complete(tokens) = &mut live.tokens {
            for token in tokens {
                let is_retired = token.name.as_str() == RETIRED;
                token.created = NOW - DAY * 2;
                if is_retired {
                    token.created += younger;
                }
            }
        }
        let mut spec = guide();
        for (_, token) in audit01(&mut spec).tokens.iter_mut().flatten() {
            token.overlap = Overlap {
                min: DAY,
                max: DAY * 7,
            };
        }
        // One that has the name again is no successor.
        assert_eq!(planned(&spec, &live).steps.len(), expected, "{younger}");
    }
}

#[test]
fn a_token_in_use_stays_although_what_replaced_it_was_replaced_and_is_gone() {
    // Replaced four days ago, as its name says; the token of its name is two days old.
    for (used, is_kept) in [
        (DAY * 2, true),
        (DAY * 3 + DAY / 2, true),
        (DAY * 4 + DAY / 2, false),
    ] {
        let mut live = replaced(Some(NOW - used));
        if let Collection::Complete(tokens) = &mut live.tokens {
            for token in tokens {
                if token.name.as_str() == RETIRED {
                    let name = "monthly-report".into();
                    token.name = retiring::name(&name, &token.id, NOW - DAY * 4, DAY);
                }
            }
        }
        let mut spec = guide();
        for (_, token) in audit01(&mut spec).tokens.iter_mut().flatten() {
            token.overlap = Overlap {
                min: DAY,
                max: DAY * 7,
            };
        }
        let plan = planned(&spec, &live);
        let is_still_used = blocked(&plan)
            .iter()
            .any(|blocked| blocked.ends_with("StillUsed"));
        assert_eq!(is_still_used, is_kept, "{used:#}: {:?}", steps(&plan));
    }
}

#[test]
fn a_token_that_is_used_to_the_end_of_the_longest_overlap_is_revoked_with_a_warning() {
    let live = replaced(Some(NOW - DAY));
    let mut spec = guide();
    for (_, token) in audit01(&mut spec).tokens.iter_mut().flatten() {
        token.overlap = Overlap { min: DAY, max: DAY };
    }
    let plan = planned(&spec, &live);
    assert_eq!(plan.steps[0].reason, Reason::OverlapOverInUse);
}

/// Whoever reads only the plan learns that the old token lives on, why, and what ends it.
#[test]
fn a_replaced_token_that_is_kept_because_its_successor_is_not_in_its_place_is_named() {
    let mut live = replaced(None);
    let why = "it is of another account".to_owned();
    let name = TokenName::new("monthly-report");
    let places = live.stores.tokens.entry("SA-001".into()).or_default();
    places.insert(name, StoredToken::Foreign { why, of: None });
    let plan = planned(&guide(), &live);
    assert_eq!(steps(&plan), Vec::<String>::new());
    assert_eq!(
        blocked(&plan),
        [
            "token/SA-001/monthly-report ForeignSecret".to_owned(),
            format!("token/SA-001/{RETIRED} SuccessorMissing"),
        ]
    );
    let kept = &plan.blocked[1];
    assert!(
        kept.message
            .contains("local:monthly-report does not hold the secret of its successor"),
        "{}",
        kept.message
    );
    assert!(
        kept.remedy.contains("unblock token monthly-report"),
        "{}",
        kept.remedy
    );
    assert_eq!(kept.who, plan.blocked[0].who);
    // While the overlap lasts, that is as it should be.
    let mut spec = guide();
    let plan = crate::plan(&spec, &live, NOW - DAY * 2, &crate::Allowances::default());
    assert_eq!(blocked(&plan).len(), 1);
    // Nothing is declared of it any more: it goes.
    audit01(&mut spec).tokens = Some(model::TokenSpecs::new());
    let plan = planned(&spec, &live);
    assert_eq!(steps(&plan), [format!("- token/SA-001/{RETIRED} !")]);
}

#[test]
fn tokens_5_a_token_that_ends_soon_and_is_not_rotated_is_told() {
    let scopes = ["sp:report:read", "sp:search:read"];
    for (left, life, rotates, told) in [
        (DAY * 29, DAY * 90, false, true),
        (DAY * 31, DAY * 90, false, false),
        (DAY * 29, DAY * 90, true, false),
        // The last third of a short life.
        (DAY * 2, DAY * 6, false, true),
        (DAY * 3, DAY * 6, false, false),
    ] {
        let (mut spec, mut live) = (guide(), applied_tenant());
        enroll(&mut live);
        for (_, token) in audit01(&mut spec).tokens.iter_mut().flatten() {
            token.expires = model::TokenLifetime::After(life);
            token.rotate = rotates.then(|| model::Rotation::before(DAY));
        }
        let mut token = live_token("monthly-report", "identity-1", &scopes);
        token.created = NOW + left - life;
        token.expires = Some(NOW + left);
        if let Collection::Complete(tokens) = &mut live.tokens {
            tokens.push(token);
        }
        let plan = planned(&spec, &live);
        assert_eq!(steps(&plan), Vec::<String>::new());
        let next = plan.accounts[0].next.as_ref();
        let says = next.is_some_and(|next| next.what.contains("no `rotate` is declared"));
        assert_eq!(says, told, "{left:?} {life:?} {rotates} {next:?}");
    }
}

#[test]
fn a_token_that_is_still_used_is_kept_although_its_declaration_was_removed() {
    let revoked = format!("- token/SA-001/{RETIRED} !");
    for (used, is_kept) in [(Some(DAY), true), (Some(DAY * 3), false), (None, false)] {
        let live = replaced(used.map(|ago| NOW - ago));
        let mut spec = guide();
        audit01(&mut spec).tokens = Some(model::TokenSpecs::new());
        let plan = planned(&spec, &live);
        let expected = (!is_kept).then(|| revoked.clone());
        assert_eq!(steps(&plan), Vec::from_iter(expected), "{used:?}");
        assert_eq!(blocked(&plan).len(), usize::from(is_kept), "{used:?}");
    }
}

#[test]
fn a_token_that_waits_for_its_window_says_when_to_apply() {
    let (mut spec, mut live) = (guide(), applied_tenant());
    enroll(&mut live);
    for (_, token) in audit01(&mut spec).tokens.iter_mut().flatten() {
        token.rotate = Some(Rotation {
            // Saturday, 02:00 to 05:00.
            window: Window::new(1 << 5, 120, 180),
            ..Rotation::before(DAY * 14)
        });
    }
    let mut token = live_token(
        "monthly-report",
        "identity-1",
        &["sp:report:read", "sp:search:read"],
    );
    token.created = NOW - DAY * 80;
    token.expires = Some(NOW + DAY * 10);
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens.push(token);
    }
    let plan = planned(&spec, &live);
    assert_eq!(steps(&plan), Vec::<String>::new());
    let next = plan.accounts[0].next.as_ref().unwrap();
    assert!(
        next.what.contains(
            "waits for its window; run `steersman apply` in the window that opens at Sat 2026-01-03 02:00 UTC, because the token expires on 2026-01-11"
        ),
        "{next:?}"
    );
    assert!(!plan.accounts[0].waits_for_a_person());
}

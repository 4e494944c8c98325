//! Classifiers, by outcome: whose an identity is, what a change takes away, what feeds a uid.

use super::fixtures::{
    NOW, SOURCE, applied_tenant, guide, incomplete, live_account, live_token, managed, source_mut,
    token,
};
use crate::classify::delivery::{Delivery, Foreign};
use crate::classify::identity::{self, IdentityOutcome, PlannedChanges};
use crate::classify::issuer::{IssuerOutcome, UnknownIssuer};
use crate::classify::token::{self, Observed, Own, TokenOutcome};
use crate::classify::undeclared_token::{self, Claim, Context, Successor, UndeclaredTokenOutcome};
use crate::presence::Presence;
use crate::uid::{Feeds, feeding_attribute};
use crate::unlisted::AccountsUnread;
use jiff::SignedDuration;
use model::ownership::{self, Against, Facts, Mapped, Ownership, Profile};
use model::{
    Collection, LiveMapping, LiveToken, StoreKey, TokenLifetime, TokenSpec, Unasked,
    UnmanagedTokens,
};

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

#[test]
fn a_mapping_of_another_source_makes_nothing_of_a_row() {
    for (of, feeds) in [("source-1", Some("e-mail")), ("source-2", None)] {
        let (mut spec, mut live) = (guide(), applied_tenant());
        let mapping = LiveMapping::Account {
            source: of.into(),
            attribute: "e-mail".into(),
        };
        let declared = managed(&mut spec).identity_profile.as_mut().unwrap();
        declared.mappings.remove("uid");
        if let Collection::Complete(Some(profile)) = &mut source_mut(&mut live).profile {
            profile.mappings.insert("uid".into(), mapping);
        }
        let found = feeding_attribute(&spec, &live, &SOURCE.into(), "uid");
        assert_eq!(found.map(AsRef::as_ref), feeds, "{of}");
        // Where no mapping says so, it is taken to be the name.
        let expected = [feeds.unwrap_or("name").into()];
        assert_eq!(
            Feeds::of(&spec, &live, &SOURCE.into()),
            Feeds::These(expected.into()),
            "{of}"
        );
        let source = source_mut(&mut live).clone();
        let profile = source.profile.found().clone().unwrap();
        let account = live_account("SA-001", "audit01", "identity-1");
        let made = ownership::mapped(&profile.mappings, &source.id, &account.cells);
        assert_eq!(made.alias, feeds.map(|_| "audit01@example.com"), "{of}");
    }
}

#[test]
fn an_identity_is_older_only_beyond_an_hour() {
    let identity = "identity-1".into();
    for (age, against) in [
        (hours(1), None),
        (
            hours(1) + SignedDuration::from_secs(1),
            Some(Against::Older),
        ),
    ] {
        let mut account = live_account("SA-001", "audit01", "identity-1");
        account.created = Some(NOW);
        let facts = Facts {
            alias: Some("audit01"),
            created: Some(NOW - age),
            is_read: true,
            ..Facts::default()
        };
        let profile = Profile::Mapped {
            made: Mapped {
                alias: Some("audit01"),
                ..Mapped::default()
            },
            is_due: false,
        };
        let found = ownership::classify(
            &account,
            &identity,
            facts,
            profile,
            None,
            ownership::Earlier::None,
        );
        let expected = against.map_or(Ownership::Own, Ownership::NotOwn);
        assert_eq!(found, expected, "{age}");
    }
}

#[test]
fn an_identity_that_was_not_looked_up_is_not_unknown() {
    let (identity, account) = (
        "identity-1".into(),
        live_account("SA-001", "audit01", "identity-1"),
    );
    let profile = Profile::Mapped {
        made: Mapped::default(),
        is_due: false,
    };
    for (is_read, expected) in [(true, Ownership::Unknown), (false, Ownership::NotRead)] {
        let facts = Facts {
            is_read,
            ..Facts::default()
        };
        let found = ownership::classify(
            &account,
            &identity,
            facts,
            profile,
            None,
            ownership::Earlier::None,
        );
        assert_eq!(found, expected);
    }
}

#[test]
fn an_older_identity_is_left_behind_by_a_rename_that_is_processed() {
    let (id, account) = ("i".into(), live_account("SA-1", "audit01", "i"));
    let not_own = |against| IdentityOutcome::NotOwn {
        identity: &id,
        against,
    };
    for (against, rename, processing, expected) in [
        (Against::Older, true, true, IdentityOutcome::Unsettled),
        (Against::Older, true, false, not_own(Against::Older)),
        (Against::Older, false, true, not_own(Against::Older)),
        (Against::Older, false, false, not_own(Against::Older)),
        // ISC leaves such an account where it is.
        (Against::ByHand, true, true, not_own(Against::ByHand)),
    ] {
        let planned = PlannedChanges {
            rename,
            remap: false,
            processing,
            profile_unread: None,
            against: Some(against),
        };
        let found = identity::classify(true, Presence::Present(&account), planned);
        assert_eq!(found, expected, "{against:?} {rename} {processing}");
    }
}

#[test]
fn an_account_that_was_taken_off_its_identity_gets_none_by_processing() {
    for (by_hand, machine, managed, expected) in [
        (false, false, true, IdentityOutcome::Created),
        (true, false, true, IdentityOutcome::NoIdentity),
        (false, true, true, IdentityOutcome::NoIdentity),
        (true, false, false, IdentityOutcome::NoIdentity),
    ] {
        let mut account = live_account("SA-1", "audit01", "i");
        account.identity = None;
        account.manually_correlated = Some(by_hand);
        account.is_machine = Some(machine);
        let planned = PlannedChanges {
            rename: false,
            remap: false,
            processing: true,
            profile_unread: None,
            against: None,
        };
        let found = identity::classify(managed, Presence::Present(&account), planned);
        assert_eq!(found, expected, "{by_hand} {machine} {managed}");
    }
}

/// While accounts are unread that may declare the same token, it may only gain.
#[test]
fn only_what_takes_from_a_token_waits_for_all_claims() {
    type Change = fn(&mut TokenSpec, &mut LiveToken);
    let day = |days: i64| hours(24 * days);
    let cases: [(&str, Change, bool); 8] = [
        (
            "one scope more",
            |declared, _| declared.scopes.extend(["sp:x:read".into()]),
            false,
        ),
        (
            "one scope less",
            |_, live| live.scopes.extend(["sp:x:read".into()]),
            true,
        ),
        (
            "one scope for another",
            |_, live| live.scopes = ["sp:report:read".into(), "sp:x:read".into()].into(),
            true,
        ),
        (
            "all scopes for two",
            |declared, _| declared.scopes = [LiveToken::ALL_SCOPES.into()].into(),
            false,
        ),
        ("two scopes for all", |_, live| live.scopes.clear(), true),
        (
            "a later end",
            |_, live| live.expires = live.expires.map(|end| end - hours(48)),
            false,
        ),
        (
            "an earlier end",
            |_, live| live.expires = live.expires.map(|end| end + hours(48)),
            true,
        ),
        (
            "an end for one without",
            |_, live| live.expires = None,
            true,
        ),
    ];
    let place = StoreKey {
        store: "local".into(),
        key: "issuer".to_owned(),
    };
    let unread = AccountsUnread {
        source: "Active Directory".into(),
        why: incomplete(),
    };
    let owner = "i".into();
    for (name, change, waits) in cases {
        let mut declared = token("monthly-report");
        declared.expires = TokenLifetime::After(day(90));
        let mut live = live_token("monthly-report", "i", &["sp:report:read", "sp:search:read"]);
        change(&mut declared, &mut live);
        let observed = Observed::Read {
            owner: &owner,
            token: Some(&live),
            is_lost: false,
            delivery: Delivery::Delivered,
            delivered_rotation: None,
            requested: false,
            rolled_back: None,
            tries: None,
            unasked: Unasked::Blocked,
            issuer: IssuerOutcome::Usable(&place),
            owned: 1,
            claims_unread: Some(&unread),
            own: Own::Fine,
            free_slots: 1,
        };
        match token::classify(&declared, observed, NOW) {
            TokenOutcome::ClaimsUnread(_) => assert!(waits, "{name}"),
            TokenOutcome::Differs { .. } => assert!(!waits, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_token_that_cannot_issue_is_no_issuer_of_a_store_that_was_not_asked() {
    let context = Context {
        is_unknown: false,
        claim: Claim::Unclaimed,
        doubt: None,
        unknown_issuer: Some(UnknownIssuer::NotAsked),
        lacks_issuer: false,
        policy: UnmanagedTokens::Revoke,
        now: NOW,
    };
    let scope = "sp:my-personal-access-tokens:manage";
    for (scopes, expected) in [
        (&["sp:search:read"][..], UndeclaredTokenOutcome::Revoked),
        (&[scope], UndeclaredTokenOutcome::StoreNotAsked),
        (&[], UndeclaredTokenOutcome::StoreNotAsked),
    ] {
        let token = live_token("a", "i", scopes);
        let found = undeclared_token::classify(&token, context, |_| Successor::Missing);
        assert_eq!(found, expected, "{scopes:?}");
    }
}

#[test]
fn what_shows_that_a_secret_is_foreign_is_told_without_its_client_id() {
    let other = live_token("nightly", "j", &[]);
    for (foreign, expected) in [
        (
            Foreign::Says("it is for another tenant"),
            "it is for another tenant",
        ),
        (
            Foreign::IsOf(&other),
            "it is the secret of the token nightly of identity j",
        ),
        (
            Foreign::Unknown,
            "it does not say whose it is, and its client ID is of no token in this tenant",
        ),
    ] {
        assert_eq!(foreign.text(), expected);
    }
}

//! Several declared accounts of one identity, and an identity that a file approves.

use super::fixtures::{
    NOW, SOURCE, account, applied_tenant, enroll, guide, live_account, live_token, name_identity,
    source_mut,
};
use super::scenarios::{audit01, planned, steps};
use crate::guards::Allowances;
use crate::testing::guard_cases;
use model::{
    AccountSpec, BlockedReason, Collection, Live, LiveMapping, Plan, Policy, SourceSpec, Spec,
    UnmanagedAccounts, UnmanagedTokens,
};

const DIRECTORY: &str = "Active Directory";

/// audit01 is enrolled, and an account of the directory is approved for its identity.
fn shared(is_listed: bool, change: impl FnOnce(&mut AccountSpec)) -> (Spec, Live) {
    let (mut spec, mut live) = (guide(), applied_tenant());
    enroll(&mut live);
    let mut other = account("svc", "svc");
    (other.row, other.user_levels, other.tokens) = (None, None, None);
    other.source = DIRECTORY.into();
    other.identity = Some("identity-1".into());
    change(&mut other);
    spec.accounts.insert(other.key.clone(), other);
    spec.sources.insert(DIRECTORY.into(), SourceSpec::Unmanaged);
    let mut directory = source_mut(&mut live).clone();
    directory.name = DIRECTORY.into();
    directory.id = "directory".into();
    directory.profile = Collection::Complete(None);
    let mut accounts = vec![live_account("CN=svc", "svc", "identity-1")];
    accounts.retain(|_| is_listed);
    directory.accounts = Collection::Complete(accounts);
    live.sources
        .insert(DIRECTORY.into(), Collection::Complete(Some(directory)));
    (spec, live)
}

fn contradictions(plan: &Plan) -> Vec<String> {
    plan.blocked
        .iter()
        .filter(|blocked| blocked.reason == BlockedReason::Contradiction)
        .map(|blocked| blocked.address.to_string())
        .collect()
}

#[test]
fn planner_07_what_two_accounts_declare_differently_is_blocked_for_both() {
    let levels = |level: &str| Some([level.into()].into());
    let both = ["levels/SA-001", "levels/svc"].map(str::to_owned).to_vec();
    for is_listed in [true, false] {
        let (spec, live) = shared(is_listed, |svc| svc.user_levels = levels("HELPDESK"));
        let plan = planned(&spec, &live);
        assert_eq!(contradictions(&plan), both, "{is_listed}");
        assert!(!steps(&plan).iter().any(|step| step.contains("levels/")));
        let (spec, live) = shared(is_listed, |svc| svc.user_levels = levels("REPORT_ADMIN"));
        assert_eq!(contradictions(&planned(&spec, &live)), Vec::<String>::new());
    }
    // One that is at another's identity by mistake keeps nobody from its own.
    let (spec, live) = shared(true, |svc| {
        svc.identity = None;
        svc.user_levels = levels("HELPDESK");
    });
    assert_eq!(contradictions(&planned(&spec, &live)), Vec::<String>::new());
}

#[test]
fn planner_07_a_token_is_declared_by_one_account() {
    let (spec, live) = shared(true, |svc| svc.tokens = account("svc", "svc").tokens);
    let plan = planned(&spec, &live);
    assert_eq!(
        contradictions(&plan),
        ["token/SA-001/monthly-report", "token/svc/monthly-report"]
    );
    assert!(!steps(&plan).iter().any(|step| step.contains("token/")));
}

#[test]
fn an_approved_identity_is_claimed_by_an_account_that_is_not_listed() {
    for (is_listed, declares, revoked) in [
        (true, true, false),
        (false, true, false),
        (false, false, true),
    ] {
        let (mut spec, mut live) = shared(is_listed, |svc| {
            let token = crate::testing::fixtures::token("of-svc");
            svc.tokens = declares.then(|| std::iter::once((token.name.clone(), token)).collect());
        });
        spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
        if let Collection::Complete(tokens) = &mut live.tokens {
            tokens.push(live_token("of-svc", "identity-1", &[]));
        }
        let plan = planned(&spec, &live);
        let goes = steps(&plan)
            .iter()
            .any(|step| step.starts_with("- token/SA-001/of-svc"));
        assert_eq!(goes, revoked, "{is_listed} {declares}");
    }
}

/// Another admin maps the user name from another attribute; ISC waits for "Apply Changes".
fn pending(live: &mut Live, attribute: &str) {
    let source = source_mut(live);
    let mapping = LiveMapping::Account {
        source: source.id.clone(),
        attribute: attribute.into(),
    };
    if let Collection::Complete(Some(profile)) = &mut source.profile {
        profile.mappings.insert("uid".into(), mapping);
        profile.refresh_required = true;
    }
}

#[test]
fn a_pending_change_of_somebody_else_counts_the_accounts_that_it_renames() {
    let undeclared = || {
        let mut spec = guide();
        let profile = super::fixtures::managed(&mut spec)
            .identity_profile
            .as_mut()
            .unwrap();
        profile.mappings.remove("uid");
        spec
    };
    for (spec, attribute, counted) in [
        (undeclared(), "name", None),
        (undeclared(), "id", Some(1)),
        // It is undone, and nobody is renamed.
        (guide(), "id", None),
    ] {
        let mut live = applied_tenant();
        pending(&mut live, attribute);
        let plan = guard_cases::planned(&spec, &live, &Allowances::default());
        let refused = plan.guards.iter().find(|guard| guard.refuses());
        assert_eq!(
            refused.map(|guard| (guard.name, guard.counted)),
            counted.map(|counted| (Policy::RENAME_ACCOUNTS, counted)),
            "{attribute}"
        );
        // What steersman runs as is not renamed at all.
        live.caller.identity = Some("identity-1".into());
        let plan = guard_cases::planned(&spec, &live, &Allowances::default());
        let held = plan.blocked.iter().any(|blocked| {
            blocked.reason == BlockedReason::OwnAccess
                && blocked.address.to_string() == format!("processing/{SOURCE}")
        });
        assert_eq!(held, counted.is_some(), "{attribute}");
    }
}

#[test]
fn a_source_that_identifies_accounts_otherwise_is_refused() {
    for (cell, refused) in [("SA-001", false), ("other", true)] {
        let (mut spec, mut live) = (guide(), applied_tenant());
        audit01(&mut spec).tokens = None;
        let source = source_mut(&mut live);
        if let Collection::Complete(Some(schema)) = &mut source.schema {
            schema.identity_attribute = Some("purpose".into());
        }
        if let Collection::Complete(accounts) = &mut source.accounts {
            accounts[0].cells.insert("id".into(), cell.to_owned());
        }
        let plan = planned(&spec, &live);
        let found = plan.problems.iter().any(|problem| {
            problem
                .message
                .contains("identifies accounts by `purpose`, and the `id` of 1 of them is another")
        });
        assert_eq!(found, refused, "{cell}: {:?}", plan.problems);
    }
}

/// `unmanaged: delete`, and the row of which the identity was made left the files.
#[test]
fn a_row_of_which_the_identity_of_a_declared_account_is_made_stays() {
    for (is_listed, by_hand, is_deleted) in [
        (true, false, false),
        (false, false, false),
        // The row was added to an identity that another source made.
        (true, true, true),
    ] {
        let (mut spec, mut live) = shared(is_listed, |_| {});
        super::fixtures::managed(&mut spec).unmanaged = model::UnmanagedAccounts::Delete;
        spec.accounts.remove(&model::AccountKey::from("SA-001"));
        source_mut(&mut live).delete_threshold = Some(100);
        super::ownership::account_of(&mut live).manually_correlated = Some(by_hand);
        let plan = planned(&spec, &live);
        let expected: &[&str] = if is_deleted {
            &["- account/SA-001 !"]
        } else {
            &[]
        };
        assert_eq!(steps(&plan), expected, "{is_listed} {by_hand}");
        let blocked = contradictions(&plan);
        assert_eq!(blocked.is_empty(), is_deleted, "{blocked:?}");
        if let [blocked] = plan.blocked.as_slice() {
            assert!(blocked.message.contains("of svc"), "{}", blocked.message);
        }
    }
}

/// The row was renamed, or somebody edited its identity; that shows nothing of which row
/// the identity was made of. Another row of which it was made by all that is known does.
#[test]
fn a_row_stays_whose_identity_has_other_names_and_is_a_declared_accounts() {
    let set = |live: &mut Live, what: &str| {
        let identity = super::ownership::identity(live);
        match what {
            "alias" => identity.alias = "another".to_owned(),
            "email" => identity.email = Some("another@example.com".to_owned()),
            _ => identity.created = Some(NOW - jiff::SignedDuration::from_hours(48)),
        }
        super::ownership::account_of(live).created = Some(NOW);
    };
    for what in ["alias", "email", "age"] {
        let (mut spec, mut live) = shared(true, |_| {});
        super::fixtures::managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
        spec.accounts.remove(&model::AccountKey::from("SA-001"));
        source_mut(&mut live).delete_threshold = Some(100);
        set(&mut live, what);
        let plan = planned(&spec, &live);
        assert_eq!(steps(&plan), [""; 0], "{what}");
        assert_eq!(contradictions(&plan), ["account/SA-001"], "{what}");
    }
}

/// A run was killed after it had renamed the token of svc, so all that uses it uses the
/// renamed one. SA-001 declares tokens of its own, and not this one.
#[test]
fn a_renamed_token_is_left_to_the_account_that_declares_its_successor() {
    let (name, until) = ("of-svc".into(), NOW - jiff::SignedDuration::from_hours(24));
    let overlap = jiff::SignedDuration::ZERO;
    for declares in [true, false] {
        let (spec, mut live) = shared(true, |svc| {
            let token = crate::testing::fixtures::token("of-svc");
            svc.tokens = declares.then(|| std::iter::once((token.name.clone(), token)).collect());
        });
        let mut token = live_token("of-svc", "identity-1", &[]);
        token.name = model::retiring::name(&name, &token.id, until, overlap);
        if let Collection::Complete(tokens) = &mut live.tokens {
            tokens.push(token);
        }
        let plan = planned(&spec, &live);
        let goes = steps(&plan).iter().any(|step| step.starts_with("- token/"));
        assert_eq!(goes, !declares, "{:?}", steps(&plan));
    }
}

/// SA-002 has the identity that ISC made of SA-001. What imports its row may name the
/// identity after it.
#[test]
fn a_row_that_shares_the_identity_of_another_row_stays_as_it_is() {
    let (mut spec, mut live) = (guide(), applied_tenant());
    let mut second = account("SA-002", "backup02");
    second.identity = Some("identity-1".into());
    (second.tokens, second.user_levels) = (None, None);
    spec.accounts.insert(second.key.clone(), second);
    if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
        let mut row = live_account("SA-002", "backup02", "identity-1");
        row.cells.insert("purpose".into(), "Another".to_owned());
        accounts.push(row);
    }
    let plan = planned(&spec, &live);
    assert!(!steps(&plan).iter().any(|step| step.contains("SA-002")));
    let blocked = super::scenarios::blocked(&plan);
    let expected = "account/SA-002 UserNamesPending".to_owned();
    assert!(blocked.contains(&expected), "{blocked:?}");
}

/// A short list has three of six rows, all of them approved for identities of others. The
/// profile counts the three identities that it made of the other rows.
#[test]
fn an_approved_identity_of_another_does_not_stand_for_one_that_a_list_lacks() {
    // ISC may not have processed what somebody changed in a row.
    for (alias, is_older, expected) in [
        ("audit01", false, 0),
        ("audit01", true, 1),
        ("edited", false, 0),
    ] {
        let (mut spec, mut live) = (guide(), applied_tenant());
        audit01(&mut spec).identity = Some("identity-1".into());
        super::ownership::account_of(&mut live).created = Some(NOW);
        let age = jiff::SignedDuration::from_hours(if is_older { 48 } else { 0 });
        let identity = super::ownership::identity(&mut live);
        identity.alias = alias.to_owned();
        identity.created = Some(NOW - age);
        let source = crate::view::live_source(&live, &SOURCE.into()).unwrap();
        assert_eq!(
            crate::imports::foreign(&spec, &live, source).len(),
            expected
        );
    }
}

/// What ISC says of the source that made an identity is more than what its names show, and is
/// asked for where they do not show that it is the account's own.
#[test]
fn the_profile_counts_the_identities_that_its_source_made() {
    type Change = fn(&mut Live);
    let unread: Change = |live| live.identities.clear();
    // The change; whether what made the identity is asked for; whether another source did,
    // where the answer is another one, and where it is this source.
    let table: [(&str, Change, bool, bool, bool); 8] = [
        ("not read", unread, true, true, false),
        (
            "names of another",
            |live| {
                live.identities.clear();
                name_identity(live, "identity-1", "other");
            },
            true,
            true,
            false,
        ),
        (
            "its own names",
            |live| {
                live.identities.clear();
                name_identity(live, "identity-1", "audit01");
            },
            false,
            true,
            false,
        ),
        (
            "correlated by hand",
            |live| {
                live.identities.clear();
                super::ownership::account_of(live).manually_correlated = Some(true);
            },
            false,
            true,
            false,
        ),
        ("read, and not said", |_| {}, false, true, false),
        (
            "read with other names, and not said",
            |live| super::ownership::identity(live).alias = "other".to_owned(),
            false,
            true,
            false,
        ),
        (
            "read: another source",
            |live| super::ownership::identity(live).made_by = Some("hr".into()),
            false,
            true,
            true,
        ),
        (
            "the profile counts none",
            |live| {
                live.identities.clear();
                if let Collection::Complete(Some(profile)) = &mut source_mut(live).profile {
                    profile.identity_count = Some(0);
                }
            },
            false,
            true,
            false,
        ),
    ];
    for (what, change, is_asked, by_another, by_this) in table {
        let (spec, mut live) = (guide(), applied_tenant());
        if let Collection::Complete(Some(profile)) = &mut source_mut(&mut live).profile {
            profile.identity_count = Some(1);
        }
        change(&mut live);
        let asked = |live: &Live| {
            let source = crate::view::live_source(live, &SOURCE.into()).unwrap();
            crate::imports::of_unknown_makers(&spec, live, source).len()
        };
        let is_foreign = |live: &Live| {
            let source = crate::view::live_source(live, &SOURCE.into()).unwrap();
            !crate::imports::foreign(&spec, live, source).is_empty()
        };
        assert_eq!(asked(&live), usize::from(is_asked), "{what}");
        live.makers.insert("identity-1".into(), "hr".into());
        assert_eq!(is_foreign(&live), by_another, "{what}: another source");
        assert_eq!(asked(&live), 0, "{what}: it is asked for once");
        let own = source_mut(&mut live).id.clone();
        live.makers.insert("identity-1".into(), own);
        assert_eq!(is_foreign(&live), by_this, "{what}: this source");
        assert_eq!(asked(&live), 0, "{what}: it is known");
    }
}

/// One answer lacks svc, without an error: what the files declare for it may not go.
#[test]
fn what_an_account_declares_stays_while_a_list_of_others_lacks_it() {
    for has_issuer in [true, false] {
        let (mut spec, mut live) = shared(false, |svc| {
            let token = crate::testing::fixtures::token("of-svc");
            svc.identity = None;
            svc.user_levels = Some(["HELPDESK".into()].into());
            svc.tokens = Some(std::iter::once((token.name.clone(), token)).collect());
        });
        spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
        live.levels.insert(
            "identity-1".into(),
            Collection::Complete(["REPORT_ADMIN".into(), "HELPDESK".into()].into()),
        );
        if let Collection::Complete(tokens) = &mut live.tokens {
            for name in ["of-svc", "issuer-of-svc", "by-hand"] {
                tokens.push(live_token(name, "identity-1", &[]));
            }
        }
        if has_issuer {
            let client_id = "token-issuer-of-svc".into();
            let issuer = model::IssuerState::Present {
                client_id,
                origin: model::IssuerOrigin::Steersman {
                    replaces: "enrolled".into(),
                    rotation: 0,
                },
            };
            live.stores.issuers.insert("svc".into(), issuer);
        }
        let plan = planned(&spec, &live);
        let expected: &[&str] = if has_issuer {
            &["- token/SA-001/by-hand"]
        } else {
            // Nothing tells which issuer is the account's own.
            &["- token/SA-001/by-hand", "- token/SA-001/issuer-of-svc"]
        };
        let mut gone: Vec<String> = steps(&plan)
            .into_iter()
            .filter(|step| !step.starts_with('+'))
            .map(|step| step.split(" !").next().unwrap_or_default().to_owned())
            .collect();
        gone.sort();
        assert_eq!(gone, expected, "{has_issuer}: {:?}", plan.blocked);
        // Where its issuer tells nothing of its identity, the list is in doubt.
        assert_eq!(
            plan.incomplete.is_empty(),
            has_issuer,
            "{:?}",
            plan.incomplete
        );
    }
}

/// The list of the directory lacks svc, so the identity of a row that goes may be its own.
#[test]
fn a_row_stays_while_its_identity_has_what_an_account_that_is_not_listed_declares() {
    for (name, is_deleted) in [("monthly-report", false), ("another", true)] {
        let (mut spec, mut live) = shared(false, |svc| {
            svc.identity = None;
            svc.tokens = account("svc", "svc").tokens;
        });
        super::fixtures::managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
        spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
        if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
            accounts.push(live_account("SA-002", "backup02", "identity-2"));
        }
        super::fixtures::name_identity(&mut live, "identity-2", "backup02");
        live.levels
            .insert("identity-2".into(), Collection::Complete([].into()));
        if let Collection::Complete(tokens) = &mut live.tokens {
            tokens.push(live_token(name, "identity-2", &[]));
        }
        let plan = planned(&spec, &live);
        let steps = steps(&plan);
        let goes = steps
            .iter()
            .any(|step| step.starts_with("- account/SA-002"));
        assert_eq!(goes, is_deleted, "{name}: {steps:?}");
        let held = super::scenarios::blocked(&plan);
        let is_held = held.contains(&"account/SA-002 Unread".to_owned());
        assert_eq!(is_held, !is_deleted, "{name}: {held:?}");
    }
}

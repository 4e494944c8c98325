//! What guards report: the numbers and words, at the limit and beside it, for whole plans and drafts.

use super::fixtures::{
    SOURCE, applied_tenant, enroll, guide, live_account, live_token, managed, source_mut, token,
};
use super::guard_cases::{planned, refusals, undeclared};
use super::scenarios::{audit01, token_spec};
use crate::draft::{Draft, NewStep};
use crate::{Allowances, GUARDS, guards};
use model::{
    Action, Address, Aggregations, Collection, GuardReport, ImportBasis, LastAggregation, Limit,
    Live, LiveAccount, LiveToken, Operation, Policy, RaisedThreshold, Reason, Ref, RowChange, Spec,
    UnmanagedTokens, Verdict,
};
use std::sync::Arc;

type Change = fn(&mut Spec, &mut Live);

fn report(spec: &Spec, live: &Live, name: &str) -> Option<GuardReport> {
    let plan = planned(spec, live, &Allowances::default());
    plan.guards.into_iter().find(|guard| guard.name == name)
}

/// Ten levels, tokens or scopes of one identity, of which so many are not declared.
fn ten_of(name: &str, undeclared: usize) -> (Spec, Live) {
    let (mut spec, mut live) = (guide(), applied_tenant());
    enroll(&mut live);
    let ten: Vec<String> = (0..10).map(|number| format!("sp:x{number}:read")).collect();
    let from = |first: usize| ten.iter().skip(first).map(String::as_str);
    let scopes = ["sp:report:read", "sp:search:read"];
    let mut tokens = vec![live_token("monthly-report", "identity-1", &scopes)];
    match name {
        Policy::REMOVE_LEVELS => {
            let all = from(0).map(Into::into).collect();
            live.levels
                .insert("identity-1".into(), Collection::Complete(all));
            audit01(&mut spec).user_levels = Some(from(undeclared).map(Into::into).collect());
        }
        Policy::REMOVE_SCOPES => {
            // The issuer's one scope is the tenth.
            tokens[0].scopes = from(1).map(Into::into).collect();
            token_spec(&mut spec).scopes = from(1 + undeclared).map(Into::into).collect();
        }
        _ => {
            spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
            // The issuer and the guide's token are two of them.
            tokens.extend(
                (0..8).map(|number| live_token(&format!("t{number}"), "identity-1", &scopes)),
            );
            let declared = audit01(&mut spec).tokens.as_mut().unwrap();
            for number in undeclared..8 {
                let name = format!("t{number}");
                declared.insert(name.as_str().into(), token(&name));
            }
        }
    }
    if let Collection::Complete(all) = &mut live.tokens {
        all.extend(tokens);
    }
    (spec, live)
}

#[test]
fn a_share_lets_as_many_go_as_the_source_has() {
    let fifth = Limit::Share(20.try_into().unwrap());
    for (name, verb, noun) in [
        (Policy::REMOVE_LEVELS, "removes", "user level"),
        (Policy::DELETE_TOKENS, "revokes", "token"),
        (Policy::REMOVE_SCOPES, "removes", "scope"),
    ] {
        for (limit, undeclared, refused) in [
            (fifth, 2, None),
            (
                fifth,
                3,
                Some(format!("3 {noun}s of 10 on \"{SOURCE}\"; the limit is 20%")),
            ),
            (
                Limit::Count(0),
                1,
                Some(format!("1 {noun} of 10; the limit is 0")),
            ),
        ] {
            let (mut spec, live) = ten_of(name, undeclared);
            spec.policy.limits.insert(name.to_owned(), limit);
            let message = report(&spec, &live, name).map(|report| report.message);
            let refused = refused.map(|what| format!("the plan {verb} {what}"));
            assert_eq!(message, refused, "{name}");
        }
    }
}

#[test]
fn a_delete_threshold_is_told_as_accounts() {
    let (mut spec, live) = undeclared(3, 10);
    managed(&mut spec).delete_threshold = 25.try_into().ok();
    let report = report(&spec, &live, "deleteThreshold").unwrap();
    assert_eq!((report.counted, report.limit), (3, 2));
}

#[test]
fn half_of_five_accounts_is_the_smallest_loss_of_a_spec() {
    for (deleted, of, refused) in [(3, 5, true), (2, 5, false), (4, 4, false)] {
        let (spec, live) = undeclared(deleted, of);
        let names = refusals(&spec, &live);
        assert_eq!(names.contains(&"emptySpec"), refused, "{deleted} of {of}");
    }
}

#[test]
fn an_import_that_deletes_nothing_needs_no_deletions() {
    let (mut spec, mut live) = (guide(), applied_tenant());
    audit01(&mut spec).row.as_mut().unwrap().purpose = "another".to_owned();
    source_mut(&mut live).file.keeps_missing = true;
    let plan = planned(&spec, &live, &Allowances::default());
    assert!(
        plan.steps
            .iter()
            .any(|step| matches!(step.operation, Operation::ImportRow { .. }))
    );
    assert_eq!(refusals(&spec, &live), [""; 0]);
}

#[test]
fn a_short_list_is_told_with_the_numbers_of_both() {
    let of_profile: Change = |_, live| {
        if let Collection::Complete(Some(profile)) = &mut source_mut(live).profile {
            profile.identity_count = Some(2);
        }
    };
    let of_aggregation: Change = |_, live| {
        source_mut(live).accounts = Collection::Complete(Vec::new());
        source_mut(live).aggregations = Aggregations::Read(Some(LastAggregation {
            total: 1,
            deleted_lately: 0,
            without_account: None,
        }));
    };
    for (change, shows) in [
        (
            of_profile,
            "has 1 account, but its identity profile has 2 identities: at least 1 is not",
        ),
        (
            of_aggregation,
            "has 0 accounts, but its last aggregation read 1 account: at least 1 is not",
        ),
    ] {
        let (mut spec, mut live) = (guide(), applied_tenant());
        audit01(&mut spec).row.as_mut().unwrap().purpose = "another".to_owned();
        change(&mut spec, &mut live);
        let message = report(&spec, &live, "missingAccounts").unwrap().message;
        assert!(message.contains(shows), "{message}");
    }
}

#[test]
fn only_a_guard_that_counts_is_lifted_and_only_by_its_own_name() {
    let (spec, mut live) = undeclared(1, 10);
    source_mut(&mut live).file.keeps_missing = true;
    let verdict = |allowed: &[&str]| {
        let mut allow = Allowances::default();
        for name in allowed {
            allow.allow(*name, 100);
        }
        let plan = planned(&spec, &live, &allow);
        let mut guards = plan.guards.iter();
        guards
            .find(|guard| guard.name == "deletionsOff")
            .map(|guard| guard.verdict)
    };
    assert_eq!(verdict(&["deletionsOff"]), Some(Verdict::Refused));
    assert_eq!(verdict(&["deleteAccounts"]), Some(Verdict::Refused));
    let lifted = |name: &str| {
        GUARDS
            .iter()
            .find(|guard| guard.name == name)
            .unwrap()
            .lifted()
    };
    assert_eq!(
        lifted("deleteTokens"),
        "`--allow deleteTokens=COUNT`, or `policy.limits.deleteTokens`"
    );
    assert_eq!(lifted("emptySpec"), "`--allow emptySpec=COUNT`");
    assert_eq!(lifted("lastOrgAdmin"), "run steersman as another ORG_ADMIN");
}

#[test]
fn tenants_10_a_threshold_is_raised_only_by_its_own_allowance() {
    let raised = RaisedThreshold { to: 30, back: 10 };
    for (allowed, expected) in [
        (vec![], None),
        (vec!["deleteAccounts"], None),
        (vec!["deleteThreshold"], Some(raised)),
        (vec!["deleteAccounts", "deleteThreshold"], Some(raised)),
    ] {
        let (mut spec, live) = undeclared(3, 10);
        managed(&mut spec).delete_threshold = 10.try_into().ok();
        let mut allow = Allowances::default();
        for name in &allowed {
            allow.allow(*name, 3);
        }
        let plan = planned(&spec, &live, &allow);
        let bases: Vec<_> = plan
            .steps
            .iter()
            .filter_map(|step| match &step.operation {
                Operation::ImportRow { basis, .. } => Some(basis.raised),
                _ => None,
            })
            .collect();
        assert_eq!(bases, [expected; 3], "{allowed:?}");
    }
}

/// A draft of rows: how each of the source's accounts changes.
fn rows(changes: &[(&str, Action, RowChange)]) -> Draft {
    let mut draft = Draft::default();
    for (number, (source, action, change)) in changes.iter().enumerate() {
        draft.step(NewStep {
            address: Address::Account(format!("SA-{number}").into()),
            action: *action,
            reason: Reason::FieldsDiffer,
            before: None,
            after: None,
            operation: Operation::ImportRow {
                source: Ref::Known("source-1".into()),
                source_name: (*source).into(),
                native_identity: format!("{number}").into(),
                change: change.clone(),
                basis: Arc::new(ImportBasis::default()),
            },
        });
    }
    draft
}

fn counted(spec: &Spec, live: &Live, draft: &Draft, name: &str) -> Option<u64> {
    let reports = guards::run(spec, live, draft, &Allowances::default());
    let report = reports.into_iter().find(|report| report.name == name);
    report.map(|report| report.counted)
}

#[test]
fn tenants_21_rows_are_those_that_are_there_and_new_without_those_that_go() {
    let upsert = || RowChange::Upsert { cells: [].into() };
    let rename = || RowChange::Rename {
        from: "9".into(),
        cells: [].into(),
    };
    let (create, replace) = (
        (SOURCE, Action::Create, upsert()),
        (SOURCE, Action::Replace, rename()),
    );
    let update = (SOURCE, Action::Update, upsert());
    let delete = (SOURCE, Action::Delete, RowChange::Delete);
    let elsewhere = ("Other", Action::Create, upsert());
    let mut live = applied_tenant();
    let listed = LiveAccount {
        cells: [].into(),
        ..live_account("SA-9", "a", "i")
    };
    source_mut(&mut live).accounts = Collection::Complete(vec![listed; 400_000]);
    for (name, changes, expected) in [
        ("a new one", vec![create.clone()], Some(400_001)),
        ("one instead of another", vec![create.clone(), delete], None),
        ("changed ones", vec![update.clone(), update], None),
        ("one under another id", vec![replace], None),
        (
            "on another source",
            vec![elsewhere.clone(), elsewhere],
            None,
        ),
        ("two new ones", vec![create.clone(), create], Some(400_002)),
    ] {
        let found = counted(&guide(), &live, &rows(&changes), "importRows");
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn only_missing_secrets_count_as_replaced_for_a_store() {
    let live = applied_tenant();
    for (reason, expected) in [
        (Reason::DeliveryMissing, Some(11)),
        (Reason::RotationDue, None),
    ] {
        let mut draft = rows(&[]);
        for number in 0..11 {
            let name = format!("t{number}");
            draft.step(NewStep {
                address: Address::Token("SA-001".into(), name.as_str().into()),
                action: Action::Replace,
                reason,
                before: None,
                after: None,
                operation: replacing(&name),
            });
        }
        let found = counted(&guide(), &live, &draft, Policy::REPLACE_TOKENS);
        assert_eq!(found, expected, "{reason:?}");
    }
    // A created one replaces none, whatever its reason.
    let mut draft = Draft::default();
    for number in 0..11 {
        draft.step(NewStep {
            address: Address::Token("SA-001".into(), format!("t{number}").as_str().into()),
            action: Action::Delete,
            reason: Reason::DeliveryMissing,
            before: None,
            after: None,
            operation: Operation::RevokeToken {
                token: "t".into(),
                owner: "identity-1".into(),
                kept_in: None,
            },
        });
    }
    let found = counted(&guide(), &live, &draft, Policy::REPLACE_TOKENS);
    assert_eq!(found, None);
}

/// The replacement of the guide's token, which is due, under another name.
fn replacing(name: &str) -> Operation {
    let (spec, mut live) = (guide(), applied_tenant());
    enroll(&mut live);
    if let Collection::Complete(tokens) = &mut live.tokens {
        let scopes = ["sp:report:read", "sp:search:read"];
        tokens.push(LiveToken {
            expires: Some(super::fixtures::NOW),
            ..live_token("monthly-report", "identity-1", &scopes)
        });
    }
    let plan = planned(&spec, &live, &Allowances::default());
    match plan.steps.into_iter().map(|step| step.operation).next() {
        Some(Operation::ReplaceToken { retire_as, new, .. }) => Operation::ReplaceToken {
            old: name.into(),
            retire_as,
            new,
        },
        other => panic!("{other:?}"),
    }
}

/// Another identity's rows, mapping and token may change; one's own may not, whatever
/// the phases let through.
#[test]
fn planner_21_each_way_to_change_ones_own_access_is_refused() {
    let mut live = applied_tenant();
    live.caller.client_id = "own".into();
    let row = |id: &str, change| Operation::ImportRow {
        source: Ref::Known("source-1".into()),
        source_name: SOURCE.into(),
        native_identity: id.into(),
        change,
        basis: Arc::new(ImportBasis::default()),
    };
    let mapping = |source: &str| Operation::UpdateProfile {
        profile: "profile-1".into(),
        name: None,
        owner: None,
        enable: false,
        mappings: [("uid".into(), "id".into())].into(),
        source: "source-1".into(),
        source_name: source.into(),
    };
    let revoke = |token: &str| Operation::RevokeToken {
        token: token.into(),
        owner: "identity-1".into(),
        kept_in: None,
    };
    let from = |id: &str| RowChange::Rename {
        from: id.into(),
        cells: [].into(),
    };
    for (name, operation, destructive, refused) in [
        ("its row goes", row("SA-001", RowChange::Delete), true, true),
        (
            "another row goes",
            row("SA-002", RowChange::Delete),
            true,
            false,
        ),
        (
            "its row gets another id",
            row("SA-002", from("SA-001")),
            true,
            true,
        ),
        (
            "another row gets its id",
            row("SA-001", from("SA-002")),
            true,
            false,
        ),
        (
            "its row stays the same account",
            row("SA-001", RowChange::Upsert { cells: [].into() }),
            false,
            false,
        ),
        (
            "its alias is made from another attribute",
            mapping(SOURCE),
            true,
            true,
        ),
        (
            "its profile gets another name",
            mapping(SOURCE),
            false,
            false,
        ),
        ("aliases of another source", mapping("Other"), true, false),
        ("its token", revoke("own"), true, true),
        ("another token", revoke("other"), true, false),
    ] {
        for (identity, is_own) in [("identity-1", true), ("identity-2", false)] {
            live.caller.identity = Some(identity.into());
            let mut draft = Draft::default();
            draft
                .step(NewStep {
                    address: Address::Account("SA-001".into()),
                    action: Action::Update,
                    reason: Reason::FieldsDiffer,
                    before: None,
                    after: None,
                    operation: operation.clone(),
                })
                .destructive = destructive;
            let is_token = matches!(operation, Operation::RevokeToken { .. });
            let found = counted(&guide(), &live, &draft, "ownAccess");
            let expected = (refused && (is_own || is_token)).then_some(1);
            assert_eq!(found, expected, "{name}, as {identity}");
        }
    }
}

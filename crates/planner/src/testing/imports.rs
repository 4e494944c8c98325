//! Tests of what an import rests on, and of accounts that were taken off their identity.

use super::fixtures::{
    NOW, SOURCE, account, applied_tenant, empty_tenant, guide, live_attribute, managed, reads,
    source_mut,
};
use super::guard_cases::planned;
use crate::{Allowances, to_confirm};
use jiff::SignedDuration;
use model::{
    AccountRow, Action, Collection, IdentityStatus, ImportBasis, ImportMappings, Live, LiveAccount,
    LiveMapping, LiveProfile, Operation, Plan, Reason, SourceSpec, Spec, UnmanagedAccounts,
};
use std::collections::BTreeSet;

fn plan_of(spec: &Spec, live: &Live) -> Plan {
    planned(spec, live, &Allowances::default())
}

fn only_account(live: &mut Live) -> &mut LiveAccount {
    match &mut source_mut(live).accounts {
        Collection::Complete(accounts) => &mut accounts[0],
        Collection::Partial { .. } => panic!("the fixture is complete"),
    }
}

/// What the plan does with the row of SA-001.
fn row(plan: &Plan) -> Option<(Action, Reason, bool)> {
    let step = plan
        .steps
        .iter()
        .find(|step| step.address.to_string() == "account/SA-001")?;
    let Operation::ImportRow { basis, .. } = &step.operation else {
        return None;
    };
    assert_eq!(basis.accounts.len(), 1);
    Some((step.action, step.reason, basis.reexamine))
}

#[test]
fn tenants_06_only_a_row_that_lost_its_identity_is_looked_at_again() {
    type Change = fn(&mut Live);
    type Row = Option<(Action, Reason, bool)>;
    let again: Row = Some((Action::Run, Reason::IdentityGone, true));
    let table: [(Change, Row); 6] = [
        (|_| {}, again),
        // It is new, and ISC has not looked at it yet.
        (|live| only_account(live).created = Some(NOW), None),
        (|live| only_account(live).created = None, None),
        // Identity processing looks at it.
        (
            |live| {
                if let Collection::Complete(Some(profile)) = &mut source_mut(live).profile {
                    profile.refresh_required = true;
                }
            },
            None,
        ),
        (|live| only_account(live).is_machine = Some(true), None),
        (
            |live| only_account(live).identity = Some("identity-1".into()),
            None,
        ),
    ];
    for (number, (change, expected)) in table.into_iter().enumerate() {
        let mut live = applied_tenant();
        let account = only_account(&mut live);
        account.identity = None;
        account.created = Some(NOW - SignedDuration::from_hours(1));
        change(&mut live);
        let plan = plan_of(&guide(), &live);
        assert_eq!(row(&plan), expected, "case {number}");
        assert_eq!(to_confirm(&plan).len(), usize::from(expected.is_some()));
    }
}

#[test]
fn tenants_20_an_account_that_was_taken_off_its_identity_is_left_alone() {
    for (machine, by_hand, word) in [
        (Some(true), Some(false), "machine account"),
        (Some(false), Some(true), "by hand"),
    ] {
        let mut live = applied_tenant();
        let account = only_account(&mut live);
        account.identity = None;
        account.is_machine = machine;
        account.manually_correlated = by_hand;
        account.created = Some(NOW - SignedDuration::from_hours(1));
        let plan = plan_of(&guide(), &live);
        assert!(plan.steps.is_empty(), "{:?}", plan.steps);
        let blocked: Vec<String> = plan
            .blocked
            .iter()
            .map(|blocked| blocked.address.to_string())
            .collect();
        assert_eq!(blocked, ["levels/SA-001", "token/SA-001/monthly-report"]);
        for blocked in &plan.blocked {
            assert!(blocked.message.contains(word), "{}", blocked.message);
        }
    }
}

#[test]
fn tenants_17_a_status_that_is_not_known_is_neither_registered_nor_not() {
    let mut live = applied_tenant();
    if let Some(Collection::Complete(Some(identity))) = live.identities.get_mut("identity-1") {
        identity.status = IdentityStatus::from_isc("DORMANT");
    }
    let plan = plan_of(&guide(), &live);
    assert!(plan.steps.is_empty(), "{:?}", plan.steps);
    assert_eq!(plan.accounts[0].stage, None);
    let message = &plan.blocked[0].message;
    assert!(
        message.contains("whether audit01 is registered is not known"),
        "{message}"
    );
    assert!(message.contains("DORMANT"), "{message}");
}

/// The problems of a plan that imports one more row, as code, address and field.
fn problems(change: impl FnOnce(&mut Spec, &mut Live)) -> Vec<String> {
    let (mut spec, mut live) = (guide(), applied_tenant());
    let new = account("SA-9", "nine");
    spec.accounts.insert(new.key.clone(), new);
    change(&mut spec, &mut live);
    let plan = plan_of(&spec, &live);
    plan.problems
        .iter()
        .map(|problem| {
            let field = problem.field.as_deref().unwrap_or_default();
            format!("{} {} {field}", problem.code, problem.address)
        })
        .collect()
}

fn new_row(spec: &mut Spec) -> &mut AccountRow {
    match spec
        .accounts
        .get_mut("SA-9")
        .map(|account| &mut account.row)
    {
        Some(Some(row)) => row,
        Some(None) | None => panic!("the account was declared"),
    }
}

#[test]
fn tenants_03_a_row_that_isc_would_skip_is_a_problem_at_its_place() {
    let source = "SM0906 source/Service Accounts name";
    assert_eq!(problems(|_, _| {}), Vec::<String>::new());
    assert_eq!(
        problems(|spec, _| new_row(spec).id = "#SA-9".into()),
        ["SM0906 account/SA-9 id"]
    );
    // Only the first cell counts, whichever it is.
    assert_eq!(
        problems(|spec, _| new_row(spec).email = "#x@example.com".to_owned()),
        Vec::<String>::new()
    );
    assert_eq!(
        problems(|spec, live| {
            new_row(spec).email = "#x@example.com".to_owned();
            if let Collection::Complete(Some(schema)) = &mut source_mut(live).schema {
                schema.attributes = ["e-mail", "id", "name", "purpose"]
                    .map(live_attribute)
                    .into();
            }
        }),
        ["SM0906 account/SA-9 email"]
    );
    // A row that stays would be skipped, and one that goes is not sent.
    let kept = |spec: &mut Spec, live: &mut Live| {
        let mut other = only_account(live).clone();
        other.native_identity = "#X".into();
        other.identity = None;
        managed(spec).delete_threshold = 100.try_into().ok();
        if let Collection::Complete(accounts) = &mut source_mut(live).accounts {
            accounts.push(other);
        }
    };
    assert_eq!(problems(kept), [source]);
    assert_eq!(
        problems(|spec, live| {
            kept(spec, live);
            managed(spec).unmanaged = UnmanagedAccounts::Delete;
        }),
        Vec::<String>::new()
    );
}

#[test]
fn tenants_04_19_what_an_import_cannot_keep_is_a_problem() {
    assert_eq!(
        problems(|_, live| source_mut(live).file.filter = Some("x".to_owned())),
        ["SM0905 source/Service Accounts name"]
    );
    assert_eq!(
        problems(|_, live| {
            only_account(live).several.insert("groups".into());
        }),
        ["SM0915 source/Service Accounts name"]
    );
    // Without an import, both can stay.
    let (spec, mut live) = (guide(), applied_tenant());
    source_mut(&mut live).file.filter = Some("x".to_owned());
    only_account(&mut live).several.insert("groups".into());
    assert!(plan_of(&spec, &live).problems.is_empty());
}

#[test]
fn an_import_rests_on_the_schema_that_was_seen_or_that_the_plan_writes() {
    for drops in [false, true] {
        let mut live = applied_tenant();
        let cells = &mut only_account(&mut live).cells;
        cells.insert("purpose".into(), "other".to_owned());
        let source = source_mut(&mut live);
        if drops && let Collection::Complete(Some(schema)) = &mut source.schema {
            schema.attributes.push(live_attribute("location"));
        }
        if drops && let Collection::Complete(Some(profile)) = &mut source.profile {
            // The file declares another mapping for it.
            let mapping = LiveMapping::Account {
                source: "source-1".into(),
                attribute: "location".into(),
            };
            profile.mappings.insert("email".into(), mapping);
        }
        if drops {
            reads(&mut live, "source-1", "email", "location");
        }
        let source = source_mut(&mut live);
        let seen = match &source.schema {
            Collection::Complete(Some(schema)) => Some(schema.import_fingerprint()),
            _ => None,
        };
        let plan = plan_of(&guide(), &live);
        let basis = plan.steps.iter().find_map(|step| match &step.operation {
            Operation::ImportRow { basis, .. } => Some(basis),
            _ => None,
        });
        let schema = &basis.unwrap().schema;
        assert!(seen.is_some());
        assert_eq!(schema.seen, seen);
        let removes = plan.steps.iter().find_map(|step| match &step.operation {
            Operation::DefineSchema { removes, .. } => Some(removes),
            _ => None,
        });
        let defined = schema.defined.as_ref();
        assert_eq!(defined.is_some(), drops);
        assert!(!defined.is_some_and(|defined| defined.contains("location")));
        assert_eq!(
            removes.map(|removes| removes.mapped.clone()),
            drops.then(|| ["email".into()].into())
        );
    }
}

/// What the row of SA-001 rests on.
fn basis(plan: &Plan) -> &ImportBasis {
    let mut bases = plan.steps.iter().filter_map(|step| match &step.operation {
        Operation::ImportRow { basis, .. } => Some(basis),
        _ => None,
    });
    bases.next().unwrap()
}

fn profile(live: &mut Live) -> &mut LiveProfile {
    match &mut source_mut(live).profile {
        Collection::Complete(Some(profile)) => profile,
        Collection::Complete(None) | Collection::Partial { .. } => panic!("the fixture has one"),
    }
}

#[test]
fn an_import_rests_on_the_mappings_that_were_seen_or_that_the_plan_writes() {
    type Change = fn(&mut LiveProfile);
    let table: [(&str, Change, usize); 4] = [
        ("as declared", |_| {}, 1),
        ("disabled", |profile| profile.enabled = false, 2),
        (
            "without a mapping",
            |profile| {
                profile.mappings.remove("email");
            },
            2,
        ),
        (
            "disabled, without a mapping",
            |profile| {
                profile.enabled = false;
                profile.mappings.remove("email");
            },
            2,
        ),
    ];
    for (name, change, count) in table {
        let mut live = applied_tenant();
        let declared = profile(&mut live).mappings_fingerprint();
        let cells = &mut only_account(&mut live).cells;
        cells.insert("purpose".into(), "other".to_owned());
        change(profile(&mut live));
        let seen = profile(&mut live).mappings_fingerprint();
        let expected: BTreeSet<_> = [seen, declared].into();
        assert_eq!(expected.len(), count, "{name}");
        let plan = plan_of(&guide(), &live);
        let ImportMappings::OneOf(found) = &basis(&plan).mappings else {
            panic!("{name}");
        };
        assert_eq!(
            found.iter().cloned().collect::<BTreeSet<_>>(),
            expected,
            "{name}"
        );
    }
}

/// The profile and the schema of another source are changed by the same plan.
#[test]
fn an_import_rests_on_its_own_source() {
    let (mut spec, mut live) = (guide(), applied_tenant());
    let cells = &mut only_account(&mut live).cells;
    cells.insert("purpose".into(), "other".to_owned());
    let seen = profile(&mut live).mappings_fingerprint();
    let mut declared = managed(&mut spec).clone();
    if let Some(profile) = &mut declared.identity_profile {
        profile.name = "Another".to_owned();
    }
    spec.sources
        .insert("Another".into(), SourceSpec::Managed(declared));
    let mut other = applied_tenant();
    let mut source = source_mut(&mut other).clone();
    source.id = "source-2".into();
    source.name = "Another".into();
    source.accounts = Collection::Complete(Vec::new());
    if let Collection::Complete(Some(schema)) = &mut source.schema {
        schema.attributes.pop();
    }
    if let Collection::Complete(Some(profile)) = &mut source.profile {
        profile.id = "profile-2".into();
        profile.name = "Another".to_owned();
        profile.authoritative_source = "source-2".into();
        profile.mappings.clear();
    }
    live.sources
        .insert("Another".into(), Collection::Complete(Some(source)));
    let plan = plan_of(&spec, &live);
    let addresses: Vec<String> = plan
        .steps
        .iter()
        .map(|step| step.address.to_string())
        .collect();
    for address in ["schema/Another", "profile/Another", "account/SA-001"] {
        assert!(
            addresses.iter().any(|found| found == address),
            "{addresses:?}"
        );
    }
    let basis = basis(&plan);
    let ImportMappings::OneOf(found) = &basis.mappings else {
        panic!("the profile was read");
    };
    assert_eq!(found.iter().collect::<Vec<_>>(), [&seen]);
    assert_eq!(basis.schema.defined, None);
    assert!(!basis.reexamine);
    // Nothing is removed from the schema, so no list of its accounts is needed.
    assert_eq!(to_confirm(&plan), [SOURCE.into()].into());
}

#[test]
fn an_import_rests_on_the_threshold_that_a_step_sets() {
    for percent in [None, Some(40)] {
        let mut spec = guide();
        managed(&mut spec).delete_threshold = percent.and_then(|percent| percent.try_into().ok());
        let plan = plan_of(&spec, &empty_tenant());
        assert_eq!(basis(&plan).threshold, percent);
        let plan = plan_of(&spec, &{
            let mut live = applied_tenant();
            let cells = &mut only_account(&mut live).cells;
            cells.insert("purpose".into(), "other".to_owned());
            live
        });
        assert_eq!(basis(&plan).threshold, Some(percent.unwrap_or(10)));
    }
}

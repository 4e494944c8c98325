//! Accounts that get another id or name, and the plan for each.

use super::fixtures::{
    NOW, account, applied_tenant, enroll, guide, live_account, managed, name_identity, source_mut,
};
use crate::{Allowances, plan};
use model::{Collection, Live, Operation, Plan, Previously, RowChange, Spec, UnmanagedAccounts};

/// What is declared, the ids and names in the tenant, and the expected summary.
type Case = (
    &'static str,
    Spec,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

/// The guide's only account, declared under this id and name.
fn declared(id: &str, name: &str, previously: Previously) -> Spec {
    let mut spec = guide();
    spec.accounts.clear();
    let mut renamed = account(id, name);
    if let Some(row) = &mut renamed.row {
        row.email = "audit01@example.com".to_owned();
    }
    renamed.previously = previously;
    spec.accounts.insert(renamed.key.clone(), renamed);
    spec
}

/// A tenant with these accounts, with identities of their own.
fn tenant(accounts: &[(&str, &str)]) -> Live {
    let mut live = applied_tenant();
    let named = accounts;
    let accounts = accounts
        .iter()
        .enumerate()
        .map(|(number, (id, name))| {
            let mut there = live_account(id, name, &format!("identity-{}", number + 1));
            there
                .cells
                .insert("e-mail".into(), "audit01@example.com".to_owned());
            there
        })
        .collect();
    for (number, (_, name)) in named.iter().enumerate() {
        let identity = format!("identity-{}", number + 1);
        name_identity(&mut live, &identity, name);
        live.levels
            .entry(identity.as_str().into())
            .or_insert_with(|| Collection::Complete([].into()));
    }
    source_mut(&mut live).accounts = Collection::Complete(accounts);
    source_mut(&mut live).delete_threshold = Some(100);
    live
}

fn earlier(id: Option<&str>, name: Option<&str>) -> Previously {
    Previously {
        id: id.map(Into::into),
        name: name.map(Into::into),
    }
}

fn planned(spec: &Spec, live: &Live) -> Plan {
    plan(spec, live, NOW, &Allowances::default())
}

/// What the plan does to rows, and what it reports besides.
fn summary(plan: &Plan) -> Vec<String> {
    let rows = plan.steps.iter().filter_map(|step| {
        let Operation::ImportRow {
            native_identity,
            change,
            ..
        } = &step.operation
        else {
            return None;
        };
        let change = match change {
            RowChange::Upsert { .. } if step.fingerprint.is_none() => "comes".to_owned(),
            RowChange::Upsert { .. } => "changes".to_owned(),
            RowChange::Rename { from, .. } => format!("was {from}"),
            RowChange::Delete => "goes".to_owned(),
        };
        let mark = if step.destructive { "!" } else { "" };
        Some(format!("{native_identity} {change}{mark}"))
    });
    let blocked = plan
        .blocked
        .iter()
        .filter(|blocked| blocked.reason == model::BlockedReason::RenameUnclear)
        .map(|blocked| format!("unclear: {}", blocked.address));
    let unmanaged = plan
        .unmanaged
        .iter()
        .map(|unmanaged| format!("undeclared: {}", unmanaged.address));
    let problems = plan
        .problems
        .iter()
        .map(|problem| format!("problem: {}", problem.address));
    rows.chain(blocked)
        .chain(unmanaged)
        .chain(problems)
        .collect()
}

#[test]
fn each_rename_is_carried_or_said_to_be_unclear() {
    let cases: &[Case] = &[
        (
            "another id, and the same name",
            declared("SA-9", "audit01", earlier(Some("SA-1"), None)),
            &[("SA-1", "audit01")],
            &["SA-9 was SA-1!"],
        ),
        (
            "another id, without saying so",
            declared("SA-9", "audit01", earlier(None, None)),
            &[("SA-1", "audit01")],
            &[
                "SA-9 comes",
                "undeclared: account/SA-1",
                "problem: account/SA-9",
            ],
        ),
        (
            "another id and another name",
            declared("SA-9", "audit09", earlier(Some("SA-1"), Some("audit01"))),
            &[("SA-1", "audit01")],
            &["SA-9 was SA-1!"],
        ),
        (
            "another id, and only the earlier name is given",
            declared("SA-9", "audit09", earlier(None, Some("audit01"))),
            &[("SA-1", "audit01")],
            &["SA-9 was SA-1!"],
        ),
        (
            "another name",
            declared("SA-1", "audit09", earlier(None, Some("audit01"))),
            &[("SA-1", "audit01")],
            &["SA-1 changes!"],
        ),
        (
            "another name, and another account that is called so too",
            declared("SA-1", "audit09", earlier(None, Some("audit01"))),
            &[("SA-1", "audit01"), ("SA-2", "audit01")],
            &["SA-1 changes!", "undeclared: account/SA-2"],
        ),
        (
            "a name that is another one by now",
            declared("SA-1", "audit09", earlier(None, Some("audit00"))),
            &[("SA-1", "audit01")],
            &["SA-1 changes!"],
        ),
        (
            "a rename that was carried long ago",
            declared("SA-9", "audit01", earlier(Some("SA-1"), Some("audit00"))),
            &[("SA-9", "audit01")],
            &[],
        ),
        (
            "neither is there",
            declared("SA-9", "audit01", earlier(Some("SA-1"), Some("audit00"))),
            &[],
            &["SA-9 comes"],
        ),
        (
            "both are there",
            declared("SA-9", "audit01", earlier(Some("SA-1"), None)),
            &[("SA-1", "audit01"), ("SA-9", "audit01")],
            &["unclear: account/SA-9"],
        ),
        (
            "both exist, found by the name",
            declared("SA-9", "audit09", earlier(None, Some("audit01"))),
            &[("SA-1", "audit01"), ("SA-9", "audit09")],
            &["unclear: account/SA-9"],
        ),
        (
            "two that could be meant",
            declared("SA-9", "audit09", earlier(None, Some("audit01"))),
            &[("SA-1", "audit01"), ("SA-2", "audit01")],
            &["problem: account/SA-9"],
        ),
        (
            "the present id for the earlier one",
            declared("SA-1", "audit01", earlier(Some("SA-1"), None)),
            &[("SA-1", "audit01")],
            &[],
        ),
    ];
    for (name, spec, accounts, expected) in cases {
        let live = tenant(accounts);
        assert_eq!(&summary(&planned(spec, &live)), expected, "{name}");

        // What is renamed is never deleted as one that no file declares.
        let mut deleting = spec.clone();
        managed(&mut deleting).unmanaged = UnmanagedAccounts::Delete;
        let expected: Vec<String> = expected
            .iter()
            .map(|line| match line.strip_prefix("undeclared: account/") {
                Some(id) => format!("{id} goes!"),
                None => (*line).to_owned(),
            })
            .collect();
        assert_eq!(summary(&planned(&deleting, &live)), expected, "{name}");
    }
}

#[test]
fn a_rename_needs_approval_and_deletes_nothing_else() {
    let spec = declared("SA-9", "audit01", earlier(Some("SA-001"), None));
    let mut live = applied_tenant();
    enroll(&mut live);
    source_mut(&mut live).delete_threshold = Some(100);
    let plan = planned(&spec, &live);
    let refusals: Vec<&str> = plan
        .guards
        .iter()
        .filter(|guard| guard.refuses())
        .map(|guard| guard.name)
        .collect();
    assert_eq!(refusals, ["renameAccounts"]);
    assert!(
        plan.steps
            .iter()
            .all(|step| step.action != model::Action::Delete),
        "{:?}",
        plan.steps
    );
    // Tokens are blocked until the import is done, not until a person acts.
    let waits: Vec<_> = plan
        .blocked
        .iter()
        .map(|blocked| (blocked.address.to_string(), blocked.who.clone()))
        .collect();
    assert_eq!(
        waits,
        [(
            "token/SA-9/monthly-report".to_owned(),
            model::Who::NextApply
        )]
    );

    // ISC counts the row that goes, whatever it is called here.
    source_mut(&mut live).delete_threshold = Some(10);
    assert!(
        planned(&spec, &live)
            .guards
            .iter()
            .any(|guard| guard.name == "deleteThreshold" && guard.refuses())
    );
    // And steersman's own account keeps its id.
    live.caller.identity = Some("identity-1".into());
    let plan = planned(&spec, &live);
    assert_eq!(plan.steps.len(), 0, "{:?}", plan.steps);
    let held = |blocked: &model::Blocked| blocked.reason == model::BlockedReason::OwnAccess;
    assert!(plan.blocked.iter().any(held), "{:?}", plan.blocked);
}

#[test]
fn what_hangs_on_the_identity_waits_for_the_one_that_isc_leaves() {
    let mut spec = declared("SA-001", "audit09", earlier(None, Some("audit01")));
    let mut live = applied_tenant();
    enroll(&mut live);
    let kinds = |plan: &Plan| -> Vec<String> {
        plan.steps
            .iter()
            .map(|step| {
                let whose = match &step.operation {
                    Operation::SetLevels { identity, .. } | Operation::Invite { identity, .. } => {
                        match identity {
                            model::IdentityTarget::Known(id) => format!(" of {id}"),
                            model::IdentityTarget::OfAccount { .. } => " when known".to_owned(),
                        }
                    }
                    Operation::ProcessIdentities { expect, .. } => expect
                        .iter()
                        .map(|expected| format!(" {} {}", expected.name, expected.alias.is_some()))
                        .collect::<Vec<_>>()
                        .concat(),
                    _ => String::new(),
                };
                format!("{}{whose}", step.address)
            })
            .collect()
    };
    let expected = [
        "account/SA-001",
        "processing/Service Accounts audit09 true",
        "invitation/SA-001 when known",
        "levels/SA-001 when known",
    ];
    assert_eq!(kinds(&planned(&spec, &live)), expected);

    // Another attribute feeds the user name: the identity goes by that.
    if let Some(profile) = &mut managed(&mut spec).identity_profile {
        profile.mappings.insert("uid".into(), "id".into());
    }
    assert!(
        kinds(&planned(&spec, &live))
            .contains(&"processing/Service Accounts audit09 true".to_owned())
    );

    // Without a profile nothing makes the identity anew.
    managed(&mut spec).identity_profile = None;
    source_mut(&mut live).profile = Collection::Complete(None);
    for account in spec.accounts.values_mut() {
        account.identity = Some("identity-1".into());
    }
    assert_eq!(
        kinds(&planned(&spec, &live)),
        ["account/SA-001", "token/SA-001/monthly-report"]
    );
}

#[test]
fn a_partial_reading_carries_no_rename() {
    let spec = declared("SA-9", "audit01", earlier(Some("SA-001"), None));
    let mut live = applied_tenant();
    let Collection::Complete(found) = source_mut(&mut live).accounts.clone() else {
        panic!("the fixture's accounts are complete");
    };
    source_mut(&mut live).accounts = Collection::Partial {
        found,
        why: model::Incomplete {
            reason: model::IncompleteReason::ShortPage,
            detail: "page 2".to_owned(),
            call: None,
        },
    };
    let plan = planned(&spec, &live);
    assert!(plan.is_empty(), "{:?}", plan.steps);
    assert!(plan.unmanaged.is_empty() && !plan.incomplete.is_empty());
}

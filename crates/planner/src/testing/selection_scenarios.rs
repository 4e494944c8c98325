//! Scenarios of selections: small tenants, and what is left of their plans.

use super::fixtures::{
    NOW, SOURCE, account, applied_tenant, empty_tenant, guide, live_account, managed,
    name_identity, source_mut,
};
use crate::{Allowances, Selection, plan_selected};
use model::{Collection, Live, Plan, SelectionEffect, SelectionReport, Spec, UnmanagedAccounts};

fn selected(spec: &Spec, live: &Live, only: &[&str], except: &[&str]) -> Plan {
    let parse = |words: &[&str]| words.iter().map(|word| word.parse().unwrap()).collect();
    let selection = Selection::new(parse(only), parse(except));
    plan_selected(spec, live, NOW, &Allowances::default(), &selection)
}

fn steps(plan: &Plan) -> Vec<String> {
    plan.steps
        .iter()
        .map(|step| format!("{} {}", step.action.mark(), step.address))
        .collect()
}

fn report(plan: &Plan) -> &SelectionReport {
    plan.selection.as_ref().unwrap()
}

fn because(list: &[SelectionEffect]) -> Vec<String> {
    list.iter()
        .map(|effect| format!("{} < {}", effect.address, effect.because))
        .collect()
}

/// The guide with a second account.
fn two() -> Spec {
    let mut spec = guide();
    let second = account("SA-002", "backup02");
    spec.accounts.insert(second.key.clone(), second);
    spec
}

/// A tenant with both accounts and one that no file declares, whose levels
/// differ from what is declared.
fn three_there() -> Live {
    let mut live = applied_tenant();
    let accounts = [("SA-002", "backup02"), ("SA-009", "left09")];
    if let Collection::Complete(there) = &mut source_mut(&mut live).accounts {
        for (id, name) in accounts {
            there.push(live_account(id, name, &format!("identity of {id}")));
        }
    }
    for (id, name) in accounts {
        name_identity(&mut live, &format!("identity of {id}"), name);
    }
    for identity in ["identity-1", "identity of SA-002", "identity of SA-009"] {
        let levels = Collection::Complete(["HELPDESK".into()].into());
        live.levels.insert(identity.into(), levels);
    }
    live
}

#[test]
fn one_account_brings_along_what_it_needs_and_nothing_of_the_others() {
    let plan = selected(&two(), &empty_tenant(), &["audit01"], &[]);
    assert_eq!(
        steps(&plan),
        [
            "+ source/Service Accounts",
            "+ schema/Service Accounts",
            "+ account/SA-001",
            "+ profile/Service Accounts",
            "> processing/Service Accounts",
            "> invitation/SA-001",
            "+ levels/SA-001",
        ]
    );
    assert_eq!(
        because(&report(&plan).pulled_in),
        [
            "source/Service Accounts < account/SA-001",
            "schema/Service Accounts < account/SA-001",
            "profile/Service Accounts < processing/Service Accounts",
            "processing/Service Accounts < invitation/SA-001",
        ]
    );
    assert_eq!(report(&plan).not_selected, 3);
    let processing = &plan.steps[4];
    assert!(
        !processing
            .depends_on
            .contains(&"account/SA-002".parse().unwrap())
    );
    let expected = serde_json::json!(["audit01"]);
    assert_eq!(
        processing.after.as_ref().unwrap().get("identitiesFor"),
        Some(&expected)
    );
    assert_eq!(plan.accounts.len(), 1);
}

#[test]
fn a_kind_of_step_brings_along_the_rows_that_it_needs() {
    let plan = selected(&two(), &empty_tenant(), &["kind:levels"], &["SA-002"]);
    assert!(steps(&plan).contains(&"+ account/SA-001".to_owned()));
    assert!(steps(&plan).contains(&"+ levels/SA-001".to_owned()));
    assert!(!steps(&plan).iter().any(|step| step.contains("SA-002")));
    assert!(!steps(&plan).iter().any(|step| step.contains("invitation/")));
}

#[test]
fn an_address_is_taken_at_its_word() {
    let mut spec = two();
    for account in spec.accounts.values_mut() {
        account.row.as_mut().unwrap().purpose = "another".to_owned();
    }
    let live = three_there();
    let row = selected(&spec, &live, &["account/SA-001"], &[]);
    assert_eq!(steps(&row), ["~ account/SA-001"]);
    // As a whole, an account is not done before its identity is up to date.
    let whole = selected(&spec, &live, &["SA-001"], &[]);
    assert_eq!(
        steps(&whole),
        [
            "~ account/SA-001",
            "> processing/Service Accounts",
            "~ levels/SA-001"
        ]
    );
    assert_eq!(
        because(&report(&whole).pulled_in),
        ["processing/Service Accounts < account/SA-001"]
    );
}

#[test]
fn what_is_left_out_is_neither_deleted_nor_reported() {
    let (mut spec, live) = (two(), three_there());
    managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
    managed(&mut spec).delete_threshold = 50.try_into().ok();
    let plan = selected(&spec, &live, &["SA-001"], &[]);
    assert_eq!(steps(&plan), ["~ levels/SA-001"]);

    // Its name is known, though no file has it.
    let deleted = selected(&spec, &live, &["left*"], &[]);
    assert_eq!(steps(&deleted)[0], "- levels/SA-009");
    assert!(steps(&deleted).contains(&"- account/SA-009".to_owned()));

    managed(&mut spec).unmanaged = UnmanagedAccounts::Keep;
    assert!(
        selected(&spec, &live, &["SA-001"], &[])
            .unmanaged
            .is_empty()
    );
    assert!(
        selected(&spec, &live, &[], &["SA-009"])
            .unmanaged
            .is_empty()
    );
    assert_eq!(selected(&spec, &live, &[], &["SA-001"]).unmanaged.len(), 1);
}

#[test]
fn guards_look_at_what_is_selected() {
    let (mut spec, live) = (guide(), three_there());
    managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
    managed(&mut spec).delete_threshold = 10.try_into().ok();
    // Two of three accounts are more than 10 %.
    assert!(!selected(&spec, &live, &["kind:account"], &[]).is_applyable());
    assert!(selected(&spec, &live, &["SA-001"], &[]).is_applyable());
}

#[test]
fn what_needs_an_excepted_step_is_left_out_with_it() {
    let plan = selected(&guide(), &empty_tenant(), &[], &["kind:schema"]);
    assert_eq!(steps(&plan), ["+ source/Service Accounts"]);
    assert_eq!(
        because(&report(&plan).left_out)[0],
        "account/SA-001 < schema/Service Accounts"
    );
    assert_eq!(report(&plan).not_selected, 1);

    let deletion = {
        let mut spec = two();
        managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
        selected(&spec, &three_there(), &["SA-009"], &["kind:levels"])
    };
    assert!(deletion.is_empty());
    assert_eq!(
        because(&report(&deletion).left_out),
        ["account/SA-009 < levels/SA-009"]
    );
}

#[test]
fn all_but_one_account_do_not_wait_for_it() {
    let mut live = three_there();
    if let Collection::Complete(there) = &mut source_mut(&mut live).accounts {
        // In the tenant without an identity, as when its uid is taken.
        there[1].identity = None;
    }
    let spec = two();
    let plan = selected(&spec, &live, &[], &["backup02"]);
    assert_eq!(steps(&plan), ["~ levels/SA-001"]);
    let plan = selected(&spec, &live, &["backup02"], &[]);
    assert!(steps(&plan).contains(&"> processing/Service Accounts".to_owned()));
}

#[test]
fn trouble_is_said_where_it_concerns_the_selection() {
    let mut spec = two();
    let mut live = three_there();
    for account in spec.accounts.values_mut() {
        account.user_levels = Some([format!("X_{}", account.name).as_str().into()].into());
    }
    let problems = |plan: &Plan| {
        plan.problems
            .iter()
            .map(|problem| problem.address.to_string())
            .collect::<Vec<_>>()
    };
    let one = selected(&spec, &live, &["SA-001"], &[]);
    assert_eq!(problems(&one), ["levels/SA-001"]);
    // Without its source nothing can be done for an account.
    live.owners.clear();
    live.sources
        .insert(SOURCE.into(), Collection::Complete(None));
    let one = selected(&spec, &live, &["SA-001"], &[]);
    assert!(problems(&one).contains(&"source/Service Accounts".to_owned()));
}

#[test]
fn patterns_that_match_nothing_are_reported_with_a_suggestion() {
    let plan = selected(
        &guide(),
        &applied_tenant(),
        &["audit01", "SA-01", "levels", "Service Accounts", "zzz"],
        &["kind:token", "levels/SA-002"],
    );
    let unmatched: Vec<_> = report(&plan)
        .unmatched
        .iter()
        .map(|unmatched| {
            (
                unmatched.pattern.as_str(),
                unmatched.did_you_mean.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        unmatched,
        [
            ("SA-01", Some("SA-001")),
            ("levels", Some("kind:levels")),
            ("Service Accounts", Some("source/Service Accounts")),
            ("zzz", None),
            ("levels/SA-002", Some("levels/SA-001")),
        ]
    );
}

#[test]
fn everything_is_the_whole_plan() {
    let whole = selected(&two(), &empty_tenant(), &[], &[]);
    assert!(whole.selection.is_none());
    let same = selected(
        &two(),
        &empty_tenant(),
        &[
            "*",
            "kind:source",
            "schema/*",
            "kind:profile",
            "kind:processing",
        ],
        &[],
    );
    assert_eq!(steps(&whole), steps(&same));
}

//! One plan for each thing that can happen, in every format.

use crate::case::{Case, Outputs};
use crate::schema::assert_fits;
use jiff::SignedDuration;
use simulator::{Fault, FaultRule, Faults, TokenRequest};

/// Looks at all formats of a plan.
fn look(name: &str, outputs: &Outputs) {
    assert_fits(&outputs.document());
    if outputs.document()["errored"] == false {
        // Standard output is as wide as files are. The problems are on standard error.
        assert_eq!(without_problems(&outputs.text), outputs.run.stdout);
    }
    for (format, text) in [
        ("text", outputs.text.as_str()),
        ("json", &outputs.json),
        ("markdown", &outputs.markdown),
        ("html", outputs.body()),
    ] {
        insta::with_settings!({omit_expression => true}, {
            insta::assert_snapshot!(format!("{name}.{format}"), outputs.redacted(text));
        });
    }
}

/// The text without the block of problems at the tenant, if it has one.
fn without_problems(text: &str) -> String {
    match text.split_once("Problems at this tenant\n") {
        Some((before, block)) => {
            let (_, after) = block.split_once("\n\n").unwrap();
            format!("{before}{after}")
        }
        None => text.to_owned(),
    }
}

#[test]
fn first_apply() {
    look("first_apply", &Case::new("guide").plan("", 0));
}

#[test]
fn nothing_to_do() {
    look(
        "nothing_to_do",
        &Case::complete().plan("--detailed-exitcode", 0),
    );
}

#[test]
fn one_changed_level() {
    let case = Case::complete();
    case.world.replace(
        "guide/steersman.yaml",
        "userLevels: [REPORT_ADMIN]",
        "userLevels: [REPORT_ADMIN, CERT_ADMIN]",
    );
    look("one_changed_level", &case.plan("--detailed-exitcode", 2));
}

#[test]
fn several_changed_rows() {
    let case = Case::applied("team");
    for (old, new) in [
        (
            "Import the nightly file of the HR system",
            "Import the hourly file of the HR system",
        ),
        (
            "Tell the HR team how the nightly import ended",
            "Report failed imports",
        ),
        (
            "attributes: {team: hr}\n    userLevels: []",
            "attributes: {team: people}\n    userLevels: []",
        ),
    ] {
        case.world.replace("team/people.yaml", old, new);
    }
    look("several_changed_rows", &case.plan("--detailed-exitcode", 2));
}

#[test]
fn removed_account() {
    let case = Case::applied("team");
    case.tenant.simulator().with_tenant(|tenant| {
        tenant.register_person("hr-leaver-check").unwrap();
        let request = TokenRequest {
            name: "by-hand".to_owned(),
            scopes: vec!["idn:accounts:read".to_owned()],
            ..TokenRequest::default()
        };
        tenant
            .mint_personal_access_token_as_owner("hr-leaver-check", request)
            .unwrap();
    });
    case.remove_accounts("team/people.yaml", &["SA-404"]);
    case.world.replace(
        "team/steersman.yaml",
        "unmanaged: keep",
        "unmanaged: delete",
    );
    look("removed_account", &case.plan("--detailed-exitcode", 2));
}

#[test]
fn rotation() {
    let case = Case::complete();
    case.tenant
        .simulator()
        .advance(SignedDuration::from_hours(24 * 80))
        .unwrap();
    look("rotation", &case.plan("--detailed-exitcode", 2));
}

#[test]
fn destructive_rename() {
    let case = Case::complete();
    case.world.replace(
        "guide/steersman.yaml",
        "name: audit01",
        "name: audit-monthly",
    );
    look(
        "destructive_rename",
        &case.plan("--allow renameAccounts=1", 0),
    );
}

#[test]
fn blocked_on_a_person() {
    look(
        "blocked_on_a_person",
        &Case::applied("guide").plan("--detailed-exitcode", 0),
    );
}

#[test]
fn refused_guard() {
    let case = Case::applied("team");
    case.remove_accounts("team/people.yaml", &["SA-403", "SA-404", "SA-405"]);
    case.world.replace(
        "team/steersman.yaml",
        "unmanaged: keep",
        "unmanaged: delete",
    );
    look("refused_guard", &case.plan("--detailed-exitcode", 4));
}

#[test]
fn partial_read() {
    let case = Case::applied("guide");
    case.world.replace(
        "guide/steersman.yaml",
        "Automate monthly audit report",
        "Automate the audit report",
    );
    case.tenant.simulator().set_faults(Faults {
        rules: vec![FaultRule {
            fault: Fault::Status { status: 403 },
            operations: vec!["listAccountsV1".to_owned()],
            skip: 0,
            count: None,
            probability: None,
        }],
        seed: 1,
    });
    look("partial_read", &case.plan("", 6));
}

#[test]
fn problem_at_the_tenant() {
    let case = Case::new("guide");
    case.world
        .replace("guide/steersman.yaml", "owner: jane.doe", "owner: john.doe");
    let outputs = case.plan("--detailed-exitcode", 1);
    assert_eq!(outputs.document()["problems"][0]["effect"], "blocksField");
    look("problem_at_the_tenant", &outputs);
}

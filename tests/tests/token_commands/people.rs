//! What people see of tokens: what each is for, who is responsible, which nothing uses, and
//! how a rotation is undone.

use crate::site::{FILE, STATE, Shows, advance, by_hand, delivered, is_settled, list, run};

const SCOPES: &str = "      - name: monthly-report\n";

#[test]
fn purpose_and_owners_of_a_token_are_shown_and_change_nothing() {
    let world = delivered();
    let people = "        purpose: Reports for auditors\n        owners: [audit-team@example.com, Jane Doe]\n";
    world.replace(FILE, SCOPES, &format!("{SCOPES}{people}"));
    is_settled(&world);
    let said = "Reports for auditors; owned by audit-team@example.com, Jane Doe";
    let _ = run(&world, "token list", "").exits(0).shows(said);
    let of = |name: &str| {
        let list = list(&world, "", 0);
        let tokens = list["tokens"].as_array().unwrap().clone();
        tokens
            .into_iter()
            .find(|token| token["name"].as_str().unwrap().starts_with(name))
            .unwrap()
    };
    assert_eq!(of("monthly-report")["purpose"], "Reports for auditors");
    let rotate = "--token audit01/monthly-report --auto-approve";
    let _ = run(&world, "token rotate", rotate).exits(0);
    // The one before it is of the same people.
    assert_eq!(of("monthly-report~retiring-")["owners"][1], "Jane Doe");
    for format in ["csv", "html", "json"] {
        let report = run(&world, "report", &format!("--format {format}")).exits(0);
        assert!(report.stdout.contains("Reports for auditors"), "{format}");
        assert!(report.stdout.contains("audit-team@example.com"), "{format}");
    }
}

#[test]
fn tokens_that_nothing_has_used_for_30_days_are_reported_undeclared_ones_too() {
    let world = delivered();
    by_hand(&world, "--token by-hand");
    let quiet = |text: &str| assert!(!text.contains("never used"), "{text}");
    quiet(&run(&world, "status", "").exits(0).stdout);
    quiet(&run(&world, "token list", "").exits(0).stdout);
    advance(&world, "31d");
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    for command in ["status", "token list"] {
        let _ = run(&world, command, "")
            .exits(0)
            .shows("token/SA-001/by-hand: never used since it was created on")
            .shows("token/SA-001/monthly-report: never used since it was created on");
    }
    let listed = list(&world, "", 0);
    let tokens = listed["tokens"].as_array().unwrap().iter();
    let unused = tokens.filter(|token| token["neverUsed"] == true).count();
    assert_eq!(unused, 2, "{listed:#}");
    let _ = run(&world, "report", "")
        .exits(0)
        .shows("2 tokens never used");
}

#[test]
fn a_report_does_not_count_tokens_that_do_not_exist() {
    let world = delivered();
    let more = format!(
        "      - name: weekly-report\n        scopes: [sp:report:read]\n        deliver: {{store: local, key: audit01/weekly}}\n{SCOPES}"
    );
    world.replace(FILE, SCOPES, &more);
    let _ = run(&world, "report", "")
        .exits(0)
        .shows("<li>2 tokens</li>")
        .shows("<li>1 token missing</li>");
}

#[test]
fn a_rotation_names_its_undo_and_the_list_shows_that_it_was_undone() {
    let world = delivered();
    let rotate = "--token audit01/monthly-report --auto-approve";
    let _ = run(&world, "token rotate", rotate)
        .exits(0)
        .shows(&format!(
            "to undo: `steersman token rollback --token audit01/monthly-report guide {STATE}`, until "
        ))
        .shows("requested");
    let listed = run(&world, "token list", "")
        .exits(0)
        .shows("replaced as monthly-report");
    assert!(!listed.shown().contains("rolled back"));
    let _ = run(&world, "token rollback", rotate).exits(0);
    let listed = run(&world, "token list", "").exits(0).shows("rolled back");
    assert!(
        !listed.shown().contains("replaced as"),
        "{}",
        listed.shown()
    );
    let tokens = list(&world, "", 0);
    let tokens = tokens["tokens"].as_array().unwrap().iter();
    let undone = tokens.filter(|token| token["retires"]["rolledBack"] == true);
    assert_eq!(undone.count(), 1);
}

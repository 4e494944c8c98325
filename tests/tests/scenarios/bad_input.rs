//! What somebody sees who gave something wrong: what, where, why, what to do.
//! Nothing is changed.

use simulator::Config;
use std::fmt::Write as _;
use tests::{SimulatedTenant, World, world};

/// The guide in a folder, and a tenant to point at.
fn guide_at_tenant(config: Config) -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::with(config);
    world.set(tenant.variables());
    (world, tenant)
}

fn apply_fails(world: &World, tenant: &SimulatedTenant, code: i32) -> String {
    let run = world.steersman("apply guide --auto-approve").exits(code);
    assert_eq!(
        tenant.writes(),
        Vec::<String>::new(),
        "something was written"
    );
    run.shown()
}

#[test]
fn no_credentials() {
    let world = world!();
    world.example("guide");
    insta::assert_snapshot!(world.steersman("plan guide").exits(6).shown());
}

#[test]
fn a_wrong_secret() {
    let (mut world, tenant) = guide_at_tenant(Config::default());
    world.set([("SAIL_CLIENT_SECRET".to_owned(), "not-the-secret".to_owned())]);
    insta::assert_snapshot!(apply_fails(&world, &tenant, 6));
}

#[test]
fn a_base_url_that_is_no_tenant() {
    let mut world = world!();
    world.example("guide");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            use std::io::{Read, Write};
            let mut stream = stream;
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\nConnection: close\r\n\r\n<html>welcome</html>",
            );
        }
    });
    world.set([
        ("SAIL_BASE_URL".to_owned(), format!("http://{address}")),
        ("SAIL_CLIENT_ID".to_owned(), "id".to_owned()),
        ("SAIL_CLIENT_SECRET".to_owned(), "secret".to_owned()),
    ]);
    insta::assert_snapshot!(world.steersman("plan guide").exits(1).shown());
}

#[test]
fn plain_http_beyond_this_machine() {
    let mut world = world!();
    world.example("guide");
    world.set([
        (
            "SAIL_BASE_URL".to_owned(),
            "http://acme.api.identitynow.com".to_owned(),
        ),
        ("SAIL_CLIENT_ID".to_owned(), "id".to_owned()),
        ("SAIL_CLIENT_SECRET".to_owned(), "secret".to_owned()),
    ]);
    insta::assert_snapshot!(world.steersman("plan guide").exits(1).shown());
}

#[test]
fn an_owner_who_does_not_exist() {
    let (world, tenant) = guide_at_tenant(Config::default());
    world.replace("guide/steersman.yaml", "owner: jane.doe", "owner: john.doe");
    insta::assert_snapshot!(apply_fails(&world, &tenant, 1));
}

#[test]
fn a_name_taken_by_a_source_of_another_type() {
    let (world, tenant) = guide_at_tenant(Config::default());
    world.replace(
        "guide/steersman.yaml",
        "  - name: Service Accounts",
        "  - name: Active Directory",
    );
    insta::assert_snapshot!(apply_fails(&world, &tenant, 1));
}

#[test]
fn a_level_that_the_tenant_does_not_have() {
    let (world, tenant) = guide_at_tenant(Config::default());
    world.replace(
        "guide/steersman.yaml",
        "[REPORT_ADMIN]",
        "[REPORT_ADMIN, ACME_AUDITOR]",
    );
    insta::assert_snapshot!(apply_fails(&world, &tenant, 1));
}

#[test]
fn a_user_name_that_somebody_has_already() {
    // The account would get no identity, so its row is not sent.
    let (world, _tenant) = guide_at_tenant(Config::default());
    world.replace("guide/steersman.yaml", "name: audit01", "name: jane.doe");
    let run = world
        .steersman("apply guide --auto-approve --wait 1")
        .exits(0);
    insta::assert_snapshot!(run.shown());
    world.replace("guide/steersman.yaml", "name: jane.doe", "name: audit01");
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

#[test]
fn an_import_that_ends_with_an_error() {
    let (world, tenant) = guide_at_tenant(Config::default());
    tenant.simulator().with_tenant(|tenant| {
        tenant.force_next_task(Some(simulator::Completion::Error), false);
    });
    let run = world.steersman("apply guide --auto-approve").exits(3);
    insta::assert_snapshot!(run.shown());
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

#[test]
fn files_that_are_none() {
    let world = world!();
    world.write("latin1.yaml", b"steersman: v1\n# \xE4\n");
    world.write("bomb.yaml", bomb());
    world.write("empty/readme.txt", "no YAML here");
    world.write("syntax.yaml", "steersman: v1\nsources: [\n");
    for (words, name) in [
        ("validate latin1.yaml", "not_utf8"),
        ("validate bomb.yaml", "bomb"),
        ("validate missing.yaml", "missing"),
        ("validate empty", "no_yaml"),
        ("validate syntax.yaml", "syntax"),
        (
            "apply missing.yaml --simulate --auto-approve",
            "apply_missing",
        ),
    ] {
        insta::assert_snapshot!(name, world.steersman(words).exits(1).shown());
    }
}

#[test]
fn wrong_words_are_wrong_usage() {
    let world = world!();
    world.example("guide");
    for words in [
        "",
        "plam guide",
        "plan --dry_run guide",
        "apply guide --allow force=1 --simulate",
        "apply guide --simulate",
    ] {
        let _ = world.steersman(words).exits(64);
    }
}

/// Ten levels of ten aliases each: ten thousand million nodes.
fn bomb() -> String {
    let mut text = String::from("steersman: v1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "a{level}: &a{level} [{below}]").unwrap();
    }
    text
}

/// One wrong word has one fix, however many lines and accounts it stops.
#[test]
fn a_problem_is_explained_once() {
    let (world, _tenant) = guide_at_tenant(Config::default());
    world.replace("guide/steersman.yaml", "owner: jane.doe", "owner: Jane Doe");
    let shown = world.steersman("plan guide").exits(1).shown();
    for once in [
        "no identity of the tenant has the alias",
        "owner: jane.doe`",
    ] {
        assert_eq!(shown.matches(once).count(), 1, "{once}: {shown}");
    }
    assert!(
        shown.contains("blocked: the owner cannot be set (SM0901)")
            && shown.contains("unblock source/Service Accounts: fix SM0901"),
        "{shown}"
    );
    // A plan that is kept explains it, too.
    let _ = world.steersman("plan guide --out text=plan.txt").exits(1);
    let kept = world.read("plan.txt");
    assert_eq!(
        kept.matches("no identity of the tenant has the alias")
            .count(),
        1,
        "{kept}"
    );
}

#[test]
fn what_accounts_have_from_their_profile_is_one_problem() {
    let (world, _tenant) = guide_at_tenant(Config::default());
    let mut more =
        "steersman: v1\nprofiles:\n  audit: {userLevels: [acme-audit]}\nserviceAccounts:\n"
            .to_owned();
    for name in ["a", "b", "c", "d"] {
        let _ = writeln!(
            more,
            "  - {{id: {name}, name: robot-{name}, email: r@example.com, purpose: Test, profile: audit}}"
        );
    }
    world.write("guide/more.yaml", more);
    let run = world.steersman("plan guide").exits(1);
    let shown = run.shown();
    let problem = "the tenant has no user level `acme-audit`";
    assert_eq!(shown.matches(problem).count(), 1, "{shown}");
    let whole = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        whole.contains("It affects 4 accounts: a, b, c, d") && whole.contains("(1 problem)"),
        "{shown}"
    );
    let json = world.steersman("plan guide --format json").exits(1);
    let plan: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(plan["problems"].as_array().unwrap().len(), 4);
}

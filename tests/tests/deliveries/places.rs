//! Places of tokens: missing and moved lead to a delivery with overlap, all else to nothing.

use crate::site::{
    FILE, ISSUER, TOKEN, advance, blocked, delivered, edit, plan, run, state, steps,
};

const REPLACED: &str = "replace token/SA-001/monthly-report";

#[test]
fn planner_17_a_deleted_secret_is_delivered_anew_and_the_old_token_overlaps() {
    let world = delivered();
    let first = world.read(TOKEN);
    std::fs::remove_file(world.path(TOKEN)).unwrap();
    let (document, code) = plan(&world, "");
    assert_eq!((state(&document), code), ("missing", 2));
    assert_eq!(steps(&document), [format!("{REPLACED} deliveryMissing")]);
    for format in ["text", "markdown", "html"] {
        let _ = run(&world, &format!("plan --out {format}=-"))
            .exits(0)
            .says("its secret is not in the store")
            .says("1 delivered, 1 missing");
    }
    let _ = run(&world, "status")
        .exits(0)
        .says("store local: 1 delivered, 1 missing");
    let _ = run(&world, "apply --auto-approve").exits(0);
    assert_ne!(world.read(TOKEN), first);
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
    // The old one is revoked once its overlap is over, and not before.
    advance(&world, "12h");
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
    advance(&world, "3d");
    let (document, _) = plan(&world, "");
    assert_eq!(steps(&document).len(), 1);
    assert!(steps(&document)[0].ends_with("overlapOver"));
    let _ = run(&world, "apply --auto-approve").exits(0);
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
}

#[test]
fn planner_17_what_is_anothers_or_unreadable_is_left_alone_and_said() {
    let world = delivered();
    let own = world.read(TOKEN);
    let issuer = world.read(ISSUER);
    let other_tenant = || {
        edit(&world, TOKEN, |document| {
            document["baseUrl"] = "https://other.api.identitynow.com".into();
        });
    };
    let other_token = || {
        edit(&world, TOKEN, |document| {
            document["token"] = "nightly".into();
        });
    };
    let garbage = || world.write(TOKEN, "s3cr3t, not JSON");
    let over_issuer = || world.write(TOKEN, &issuer);
    let undescribed = || {
        world.write(
            TOKEN,
            r#"{"clientId":"x","clientSecret":"s3cr3t-of-x-undescribed"}"#,
        );
    };
    let cases: [(&dyn Fn(), &str, &str, i32); 5] = [
        (&other_tenant, "foreign", "https://other", 0),
        (&other_token, "foreign", "token nightly", 0),
        (&over_issuer, "foreign", "it is of token issuer-", 0),
        (&undescribed, "foreign", "does not say whose it is", 0),
        (&garbage, "unreadable", "not valid JSON", 8),
    ];
    for (spoil, expected, words, code) in cases {
        world.write(TOKEN, &own);
        spoil();
        let before = world.read(TOKEN);
        let (document, ended) = plan(&world, "");
        assert_eq!((state(&document), ended), (expected, code), "{words}");
        assert_eq!(steps(&document), Vec::<String>::new(), "{words}");
        assert_eq!(blocked(&document).len(), 1, "{words}");
        for command in ["plan", "apply --auto-approve", "status"] {
            let run = run(&world, command).exits(code);
            // Lines are broken between words.
            let shown = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(shown.contains(words), "{}", run.shown());
            assert!(!run.shown().contains("s3cr3t"), "{}", run.shown());
        }
        assert_eq!(world.read(TOKEN), before, "{words}: it was overwritten");
    }
    // Neither does a rotation that is due overwrite it.
    advance(&world, "100d");
    let _ = run(&world, "apply --auto-approve").exits(8);
    assert_eq!(world.read(TOKEN), "s3cr3t, not JSON");
}

#[test]
fn planner_17_a_stale_secret_is_replaced() {
    let world = delivered();
    let first = world.read(TOKEN);
    std::fs::remove_file(world.path(TOKEN)).unwrap();
    let _ = run(&world, "apply --auto-approve").exits(0);
    // Somebody puts back what was there before.
    world.write(TOKEN, &first);
    let (document, _) = plan(&world, "");
    assert_eq!(state(&document), "stale");
    assert_eq!(steps(&document), [format!("{REPLACED} deliveryMissing")]);
    let _ = run(&world, "status").says("stale at local:audit01/monthly-report");
    let _ = run(&world, "apply --auto-approve").exits(0);
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
}

#[test]
fn planner_17_another_key_delivers_anew() {
    let world = delivered();
    world.replace(FILE, "key: audit01/monthly-report", "key: audit01/report");
    let (document, code) = plan(&world, "");
    assert_eq!((state(&document), code), ("moved", 2));
    assert_eq!(steps(&document), [format!("{REPLACED} deliveryMoved")]);
    let _ = run(&world, "status").says("local:audit01/monthly-report");
    let _ = run(&world, "apply --auto-approve").exits(0);
    assert!(world.path(".steersman/secrets/audit01/report").exists());
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
}

#[test]
fn planner_10_plan_and_status_take_the_journal_that_apply_wrote() {
    let world = delivered();
    std::fs::rename(
        world.path("tenant/t.journal.jsonl"),
        world.path("journal.jsonl"),
    )
    .unwrap();
    world.replace(FILE, "key: audit01/monthly-report", "key: audit01/report");
    assert_eq!(state(&plan(&world, "").0), "missing");
    assert_eq!(state(&plan(&world, "--journal journal.jsonl").0), "moved");
    let _ = run(&world, "status --journal journal.jsonl").says("1 moved");
    // A plan is saved and applied with one journal.
    let _ = run(&world, "plan --journal journal.jsonl --save saved.json").exits(0);
    let _ = run(&world, "apply --journal journal.jsonl --plan saved.json").exits(0);
    let _ = run(&world, "plan --detailed-exitcode --journal journal.jsonl").exits(0);
}

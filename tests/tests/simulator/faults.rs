//! `--faults` and `--unstable-order`.

use std::collections::BTreeSet;

use serde_json::json;
use tests::world;

use crate::served::Served;

#[test]
fn it_says_loudly_what_it_is_and_how_to_point_clients_at_it() {
    let world = world!();
    let served = Served::start(&world, &[]);
    assert_eq!(served.lines.len(), 3, "{:?}", served.lines);
    assert!(
        served.base.starts_with("http://127.0.0.1:"),
        "{}",
        served.base
    );
    assert_eq!(served.client().get("/tenant/v1").0, 200);
    let said = served.said();
    assert!(
        said.contains("This is a simulator: nothing here is real"),
        "{said}"
    );
    assert!(!said.contains("Other machines"), "{said}");

    let served = Served::start(&world, &["--listen", "0.0.0.0:0"]);
    let said = served.said();
    assert!(said.contains("Other machines can reach it."), "{said}");
}

/// The secret of a run before is a secret of the environment, and was printed as `[secret]`.
#[test]
fn a_second_start_in_the_same_shell_prints_the_same_credentials() {
    let mut world = world!();
    let first = Served::start(&world, &[]);
    world.set(first.variables());
    let second = Served::start(&world, &[]);
    assert_eq!(second.lines[1..], first.lines[1..]);
    assert_eq!(second.client().get("/tenant/v1").0, 200);
}

#[test]
fn a_request_meets_the_fault_of_the_file() {
    let world = world!();
    let faults = json!({"rules": [
        {"fault": {"kind": "too-many-requests", "retryAfter": 7}, "operations": ["GET /sources/v1"], "skip": 1, "count": 1},
        {"fault": {"kind": "status", "status": 503}, "operations": ["getTenantV1"]},
    ]});
    world.write("faults.json", faults.to_string());
    let served = Served::start(&world, &["--faults", "faults.json"]);
    let client = served.client();
    assert_eq!(client.get("/sources/v1").0, 200, "it is skipped once");
    let (status, after, body) = client.get("/sources/v1");
    assert_eq!((status, after.as_deref()), (429, Some("7")), "{body}");
    assert_eq!(client.get("/sources/v1").0, 200, "and then it is spent");
    assert_eq!(client.get("/tenant/v1").0, 503);
}

#[test]
fn lists_without_sorters_come_in_any_order_when_asked_to() {
    let world = world!();
    let served = Served::start(&world, &["--unstable-order", "--seed-accounts", "30"]);
    let client = served.client();
    let pages = |sorters: &str| -> BTreeSet<String> {
        (0..4)
            .map(|_| {
                client
                    .get(&format!("/accounts/v1?limit=5{sorters}"))
                    .2
                    .to_string()
            })
            .collect()
    };
    assert!(pages("").len() > 1);
    assert_eq!(pages("&sorters=name").len(), 1);
}

#[test]
fn a_bad_file_of_faults_is_an_error_that_names_the_place() {
    let world = world!();
    let bad = [
        (
            "{\"rules\": [\n  {\"fault\": {\"kind\": \"fire\"}}\n]}",
            "faults.json:2:",
            "unknown variant `fire`",
        ),
        (
            "{\"rules\": [\n  {\"fault\": {\"kind\": \"slow\", \"milliseconds\": 5},\n   \"operations\": [\"listSauces\"]}\n]}",
            "faults.json:3:",
            "listSauces",
        ),
        ("{\"rules\": [", "faults.json:1:", "EOF"),
    ];
    for (text, place, reason) in bad {
        world.write("faults.json", text);
        let run = world.steersman("simulator --faults faults.json").exits(1);
        for expected in [place, reason, "docs/simulator.md"] {
            assert!(run.stderr.contains(expected), "{expected}: {}", run.shown());
        }
        assert_eq!(run.stdout, "", "nothing was started");
    }
    let run = world.steersman("simulator --faults missing.json").exits(1);
    assert!(run.stderr.contains("missing.json"), "{}", run.shown());
}

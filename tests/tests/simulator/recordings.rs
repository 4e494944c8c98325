//! `--record FILE` and `--replay FILE`: a run of the simulator as a fixture of a test.

use serde_json::{Value, json};
use tests::world;

use crate::served::{Client, Served};

const SECRET: &str = "simulator-secret-of-jane-doe-for-nothing-real";

/// What a script does: it reads twice, creates a token, and is refused once.
fn script(client: &Client) -> Vec<(u16, Value)> {
    let token = json!({"name": "report", "scope": ["sp:report:read"], "expirationDate": "2090-01-01T00:00:00Z"});
    let get = |path: &str| {
        let (status, _, body) = client.get(path);
        (status, body)
    };
    vec![
        get("/sources/v1?limit=1&count=true"),
        client.post("/personal-access-tokens/v1", &token).unwrap(),
        get("/sources/v1?count=true&limit=1"),
        get("/sources/v1/nothing"),
    ]
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn others_a_recorded_script_is_answered_the_same_without_a_tenant() {
    let world = world!();
    let served = Served::start(&world, &["--record", "fixture.jsonl", "--clock", "manual"]);
    let mut answers = script(&served.client());
    assert_eq!(served.ended(), Some(0));
    let secret = answers[1].1["secret"].as_str().unwrap().to_owned();

    let recording = world.read("fixture.jsonl");
    for hidden in [SECRET, secret.as_str()] {
        assert!(!recording.contains(hidden), "{hidden}: {recording}");
    }
    let lines = lines(&recording);
    assert_eq!(lines[0]["formatVersion"], 1);
    assert_eq!(lines.len(), 1 + 1 + 4, "a head, a sign-in, and the script");
    assert_eq!(
        lines[1]["answer"]["body"]["json"]["access_token"]
            .as_str()
            .unwrap()
            .rsplit('.')
            .next(),
        Some("masked")
    );
    assert_eq!(
        lines[2]["request"]["headers"][0],
        json!(["authorization", "Bearer masked"])
    );

    let served = Served::start(&world, &["--replay", "fixture.jsonl"]);
    let replayed = script(&served.client());
    answers[1].1["secret"] = json!("masked");
    assert_eq!(replayed, answers);
    let (_, _, report) = served.client().get("/_simulator/replay");
    assert_eq!(report, json!({"left": [], "notRecorded": []}));
    let (code, said) = served.ended_and_said();
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("the requests were those of the recording"),
        "{said}"
    );
}

#[test]
fn others_a_replay_tells_what_was_not_recorded_and_what_was_not_sent() {
    let world = world!();
    let served = Served::start(&world, &["--record", "fixture.jsonl"]);
    script(&served.client());
    assert_eq!(served.ended(), Some(0));

    let served = Served::start(&world, &["--replay", "fixture.jsonl"]);
    let client = served.client();
    assert_eq!(client.get("/sources/v1?count=true&limit=1").0, 200);
    let (status, _, body) = client.get("/accounts/v1");
    assert_eq!(
        (status, &body["detailCode"]),
        (501, &json!("501 Not recorded"))
    );
    let reason = body["messages"][0]["text"].as_str().unwrap();
    assert!(reason.contains("GET /accounts/v1"), "{reason}");
    let (status, body) = client
        .post("/personal-access-tokens/v1", &json!({"name": "other"}))
        .unwrap();
    assert_eq!(status, 501, "{body}");
    let (status, _, body) = client.get("/_simulator/state");
    assert_eq!(status, 404, "{body}");
    let (code, said) = served.ended_and_said();
    assert_eq!(code, Some(1), "{said}");
    for expected in [
        "not recorded: GET /accounts/v1 (1 sent): its path was not recorded",
        "not recorded: POST /personal-access-tokens/v1 (1 sent): it was recorded with another body only",
        "not sent: GET /sources/v1?count=true&limit=1 (1 of 2 recorded)",
        "not sent: GET /sources/v1/nothing (1 of 1 recorded)",
        "not sent: POST /personal-access-tokens/v1 (1 of 1 recorded)",
        "2 not recorded, 3 not sent",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn others_a_plan_of_the_program_is_replayed() {
    let mut world = world!();
    world.example("guide");
    let words = ["--record", "fixture.jsonl", "--rate-limit", "off"];
    let served = Served::start(&world, &words);
    world.set(served.variables());
    let plan = |world: &tests::World| -> Value {
        let plan = world.steersman("plan guide --format json").exits(0).stdout;
        serde_json::from_str::<Value>(&plan).unwrap()["steps"].take()
    };
    let first = plan(&world);
    assert!(first[0]["address"].is_string(), "{first}");
    assert_eq!(served.ended(), Some(0));
    let served = Served::start(&world, &["--replay", "fixture.jsonl"]);
    world.set(served.variables());
    let second = plan(&world);
    let (code, said) = served.ended_and_said();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(first, second);
}

/// What a fault does on the wire is in the recording, too.
#[test]
fn others_faults_and_forms_are_replayed() {
    let world = world!();
    let faults = json!({"rules": [
        {"fault": {"kind": "status", "status": 503}, "operations": ["listSourcesV1"], "count": 1},
        {"fault": {"kind": "reset-after"}, "operations": ["getTenantV1"], "count": 1},
        {"fault": {"kind": "malformed-json"}, "operations": ["createPersonalAccessTokenV1"], "count": 1},
    ]});
    world.write("faults.json", faults.to_string());
    let words = ["--record", "fixture.jsonl", "--faults", "faults.json"];
    let run = |served: &Served| {
        let client = served.client();
        let token = json!({"name": "report", "scope": ["sp:report:read"], "expirationDate": "2090-01-01T00:00:00Z"});
        (
            client.get("/sources/v1").0,
            client.is_reset("/tenant/v1"),
            client.post("/personal-access-tokens/v1", &token).is_none(),
            client.upload(
                "/sources/v1/00000000000000000000000000000000/load-accounts",
                "id,name\nü,\u{fffd}\n",
            ),
        )
    };
    let served = Served::start(&world, &words);
    let recorded = run(&served);
    assert_eq!(recorded, (503, true, true, 404));
    assert_eq!(served.ended(), Some(0));
    let text = world.read("fixture.jsonl");
    assert!(!text.contains(SECRET), "{text}");
    let cut = lines(&text)
        .into_iter()
        .find(|line| {
            line["request"]["method"] == "POST"
                && line["request"]["path"] == "/personal-access-tokens/v1"
        })
        .unwrap();
    let cut = cut["answer"]["body"]["text"].as_str().unwrap().to_owned();
    assert!(
        !cut.contains("\"secret\":\"") || cut.contains("\"secret\":\"masked"),
        "{cut}"
    );
    let served = Served::start(&world, &["--replay", "fixture.jsonl"]);
    assert_eq!(run(&served), recorded);
    let (code, said) = served.ended_and_said();
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn others_a_bad_recording_is_an_error_that_names_the_place() {
    let world = world!();
    world.write("seed.yaml", "people: []\n");
    let run = world.steersman("simulator --record seed.yaml").exits(1);
    assert!(run.stderr.contains("not overwritten"), "{}", run.shown());
    assert_eq!(world.read("seed.yaml"), "people: []\n");
    let run = world.steersman("simulator --replay seed.yaml").exits(1);
    assert!(run.stderr.contains("seed.yaml:1:1"), "{}", run.shown());
    assert_eq!(run.stdout, "", "nothing was started");
    let run = world
        .steersman("simulator --replay r.jsonl --state t.json")
        .exits(64);
    assert!(run.stderr.contains("--state"), "{}", run.shown());
    let run = world.steersman("simulator --replay missing.jsonl").exits(1);
    assert!(run.stderr.contains("missing.jsonl"), "{}", run.shown());
}

/// What is no regular file is neither read nor written: a pipe would be waited for, a device has no
/// end.
#[cfg(unix)]
#[test]
fn others_a_recording_is_a_regular_file() {
    let world = world!();
    let pipe = world.path("pipe.jsonl");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink("missing.jsonl", world.path("link.jsonl")).unwrap();
    for name in ["pipe.jsonl", "/dev/zero", "link.jsonl", "."] {
        for flag in ["--record", "--replay"] {
            let run = world
                .steersman(&format!("simulator {flag} {name} --listen 127.0.0.1:0"))
                .exits(1);
            assert!(run.stderr.contains("not a regular file"), "{}", run.shown());
            assert_eq!(run.stdout, "", "nothing was started");
        }
    }
    assert!(!world.path("missing.jsonl").exists());
}

#[test]
fn others_a_recording_is_no_file_of_the_tenant() {
    let world = world!();
    std::fs::create_dir(world.path("folder")).unwrap();
    for name in [
        "t.json",
        "t.json.log",
        "t.json.log.old",
        "t.json.lock",
        "t.json.new",
        "folder/../t.json.log",
    ] {
        let words = format!("simulator --state t.json --record {name}");
        let run = world.steersman(&words).exits(1);
        assert!(
            run.stderr
                .contains("cannot be a recording: the tenant in t.json needs it"),
            "{}",
            run.shown()
        );
        assert!(
            !world.path("t.json").exists() && !world.path("t.json.lock").exists(),
            "{name}"
        );
    }
    // Another name of the state file is the state file.
    let _ = world
        .steersman("simulator state dump --state t.json")
        .exits(0);
    let state = world.read("t.json");
    std::fs::hard_link(world.path("t.json"), world.path("other.jsonl")).unwrap();
    let run = world
        .steersman("simulator --state t.json --record other.jsonl")
        .exits(1);
    assert!(
        run.stderr.contains("cannot be a recording"),
        "{}",
        run.shown()
    );
    assert_eq!(world.read("t.json"), state);
}

#[test]
fn others_an_empty_recording_is_not_replayed() {
    let world = world!();
    world.write("empty.jsonl", "");
    let run = world.steersman("simulator --replay empty.jsonl").exits(1);
    assert!(
        run.stderr.contains("the recording empty.jsonl is empty"),
        "{}",
        run.shown()
    );
    let served = Served::start(&world, &["--record", "head.jsonl"]);
    let run = world.steersman("simulator --record head.jsonl").exits(1);
    assert!(
        run.stderr
            .contains("another simulator records to head.jsonl"),
        "{}",
        run.shown()
    );
    assert_eq!(served.ended(), Some(0));
    let run = world.steersman("simulator --replay head.jsonl").exits(1);
    assert!(
        run.stderr.contains("head.jsonl has no requests"),
        "{}",
        run.shown()
    );
    let head = world.read("head.jsonl");
    world.write("head.jsonl", format!("{head}my notes\n"));
    let run = world.steersman("simulator --record head.jsonl").exits(1);
    assert!(
        run.stderr.contains("not a whole recording"),
        "{}",
        run.shown()
    );
    assert_eq!(world.read("head.jsonl"), format!("{head}my notes\n"));
}

/// JSON is read up to 128 levels, and a line of a recording has some of its own.
#[test]
fn others_deep_bodies_are_replayed() {
    let world = world!();
    let run = |served: &Served| -> Vec<(u16, Option<String>, Value)> {
        let client = served.client();
        let bodies = [90, 99, 110, 125, 127, 128, 150, 1000].map(|levels| {
            format!(
                "{{\"query\": {}1{}}}",
                "{\"a\": ".repeat(levels),
                "}".repeat(levels)
            )
        });
        let json = [("content-type", "application/json")];
        bodies
            .map(|body| client.send("POST", "/search/v1", &json, body))
            .into()
    };
    let served = Served::start(&world, &["--record", "r.jsonl", "--clock", "manual"]);
    let recorded = run(&served);
    assert_eq!(served.ended(), Some(0));
    let served = Served::start(&world, &["--replay", "r.jsonl"]);
    let replayed = run(&served);
    let (code, said) = served.ended_and_said();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(recorded, replayed);
}

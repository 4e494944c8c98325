//! A forged saved plan chooses no files, lifts no guard, and runs nothing.

use crate::reader::is_inert;
use model::Digest;
use serde_json::{Value, json};
use std::path::Path;
use tests::{Run, SimulatedTenant, World, world};

/// The guide in `spec`, and an attacker's folder `evil` whose store runs a program
/// that leaves a file.
fn setting() -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("guide");
    let guide = world.read("guide/steersman.yaml");
    world.write("spec/steersman.yaml", &guide);
    world.write(
        "evil/steersman.yaml",
        guide.replace(
            "local: {directory: .steersman/secrets}",
            "local: {command: {put: [touch, ran, \"{key}\"], get: [touch, ran, \"{key}\"]}}",
        ),
    );
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world.steersman("plan spec --save p.json").exits(0);
    tenant.simulator().clear_requests();
    (world, tenant)
}

/// Changes the file as its author likes, with a digest that fits.
fn forge(world: &World, change: impl FnOnce(&mut Value)) {
    let mut plan: Value = serde_json::from_str(&world.read("p.json")).unwrap();
    plan.as_object_mut().unwrap().remove("digest");
    change(&mut plan);
    // As the program orders the keys.
    let text = serde_json::to_string(&plan).unwrap();
    let mut plan: Value = serde_json::from_str(&text).unwrap();
    let digest = Digest::of(&plan);
    plan["digest"] = json!(digest.as_str());
    world.write("p.json", plan.to_string());
}

/// Nothing was run, asked or written.
#[track_caller]
fn nothing_happened(world: &World, tenant: &SimulatedTenant) {
    assert!(!Path::new(&world.path("ran")).exists(), "a program ran");
    assert_eq!(tenant.count("listSourcesV1"), 0);
    assert_eq!(tenant.writes(), Vec::<String>::new());
}

#[test]
fn security_h2_a_forged_file_does_not_choose_the_files() {
    let (world, tenant) = setting();
    forge(&world, |plan| plan["paths"] = json!(["evil"]));
    let run = is_inert(world.steersman("apply spec --plan p.json").exits(64));
    assert!(
        run.stderr.contains("paths: `evil` when saved, `spec` now"),
        "{run:?}"
    );
    let _ = world.steersman("apply --plan p.json").exits(64);
    nothing_happened(&world, &tenant);
}

#[test]
fn security_h2_a_forged_file_lifts_no_guard_and_selects_nothing() {
    for (change, difference) in [
        (
            json!({"allowances": {"deleteAccounts": 99}}),
            "--allow: `deleteAccounts=99` when saved, none now",
        ),
        (
            json!({"selection": {"only": ["account/*"], "except": []}}),
            "--only: `account/*` when saved, none now",
        ),
    ] {
        let (world, tenant) = setting();
        forge(&world, |plan| {
            for (key, value) in change.as_object().unwrap() {
                plan[key] = value.clone();
            }
        });
        let run = world.steersman("apply spec --plan p.json").exits(64);
        assert!(run.stderr.contains(difference), "{run:?}");
        nothing_happened(&world, &tenant);
    }
}

#[test]
fn security_h2_everything_is_checked_before_a_store_is_touched() {
    let (world, tenant) = setting();
    let other = json!("https://other.api.identitynow.com");
    let stale: [(&str, &dyn Fn()); 3] = [
        ("another tenant", &|| {
            forge(&world, |plan| {
                plan["paths"] = json!(["evil"]);
                plan["tenant"] = other.clone();
            });
        }),
        ("another spec", &|| {
            forge(&world, |plan| {
                plan["tenant"] = json!(tenant.simulator().base_url());
                plan["plan"]["specDigest"] = json!("0".repeat(64));
            });
        }),
        ("a used plan", &|| world.write("p.json.used", "")),
    ];
    for (what, make) in stale {
        make();
        let run = world.steersman("apply evil --plan p.json").exits(5);
        nothing_happened(&world, &tenant);
        assert!(
            run.stderr.contains("nothing was changed"),
            "{what}: {run:?}"
        );
    }
}

#[test]
fn security_h2_a_digest_from_another_channel_binds_the_file() {
    let (world, tenant) = setting();
    let digest = |run: &Run| -> String {
        let (_, digest) = run.stderr.split_once("plan digest: ").unwrap();
        digest.lines().next().unwrap().to_owned()
    };
    let saved = world.steersman("plan spec --save p.json").exits(0);
    let digest = digest(&saved);
    assert!(
        digest.starts_with("sha256:") && digest.len() == 71,
        "{digest}"
    );
    tenant.simulator().clear_requests();
    let original = world.read("p.json");
    forge(&world, |plan| plan["id"] = json!("0".repeat(32)));
    let run = world
        .steersman(&format!("apply spec --plan p.json --plan-digest {digest}"))
        .exits(5);
    assert!(run.stderr.contains("expected, sha256:"), "{run:?}");
    nothing_happened(&world, &tenant);
    let _ = world
        .steersman("apply spec --plan p.json --plan-digest sha256:00")
        .exits(64);
    let _ = world
        .steersman(&format!("apply spec --plan-digest {digest}"))
        .exits(64);
    world.write("p.json", original);
    let _ = world
        .steersman(&format!("apply spec --plan p.json --plan-digest {digest}"))
        .exits(0);
    assert!(!tenant.writes().is_empty());
}

#[test]
fn security_m5_a_plan_says_where_secrets_go_and_who_reads_them() {
    let (world, tenant) = setting();
    let _ = world.steersman("apply spec --auto-approve").exits(0);
    tenant.simulator().with_tenant(|tenant| {
        tenant.register_person("audit01").unwrap();
    });
    let key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    world.write(
        "spec/steersman.yaml",
        world.read("guide/steersman.yaml").replace(
            "local: {directory: .steersman/secrets}",
            &format!(
                "local: {{age: {{directory: secrets, recipients: [{key}], identityFile: k}}}}"
            ),
        ),
    );
    let run = world
        .steersman("plan spec --out json=p.json --out markdown=p.md --out html=p.html")
        .exits(0)
        .says(" as ")
        .says("store local")
        .says(key);
    drop(run);
    for path in ["p.json", "p.md", "p.html"] {
        let text = world.read(path);
        assert!(text.contains(key), "{path}: {text}");
    }
    let document: Value = serde_json::from_str(&world.read("p.json")).unwrap();
    assert_eq!(document["formatVersion"], 2);
    assert_eq!(document["stores"][0]["kind"], "age");
    assert!(
        document["user"]
            .as_str()
            .is_some_and(|user| !user.is_empty())
    );
}

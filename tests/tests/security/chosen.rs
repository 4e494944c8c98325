//! Attacks by who chooses a "secret": a document in a store hides no text of a plan.

use serde_json::{Value, json};
use tests::{Run, World, world};

const PLACE: &str = ".steersman/secrets/audit01/monthly-report";

/// The guide with a document of an attacker in its store.
fn planted(secret: &str) -> World {
    let world = world!();
    world.example("guide");
    plant(&world, secret);
    world
}

fn plant(world: &World, secret: &str) {
    let document = json!({"clientId": "x1", "clientSecret": secret});
    world.write(PLACE, document.to_string());
}

fn plan(world: &World, words: &str) -> Run {
    world.steersman(&format!("plan guide --simulate=tenant/t.json {words}"))
}

/// What an attacker reads: a text without its white space.
fn joined(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The plan as it is without the document, in these formats.
fn honest() -> (String, String) {
    let world = world!();
    world.example("guide");
    let run = plan(&world, "--out json=plan.json").exits(0);
    (run.stdout, world.read("plan.json"))
}

/// The document is no token's, and the whole plan is shown.
fn is_shown(world: &World, secret: &str) {
    let run = plan(
        world,
        "--out json=plan.json --out markdown=p.md --out html=p.html",
    )
    .says("REPORT_ADMIN")
    .says_not("[secret]");
    assert!(
        !run.stderr.contains("[secret]"),
        "{secret}\n{}",
        run.shown()
    );
    for path in ["plan.json", "p.md", "p.html"] {
        let text = world.read(path);
        assert!(!text.contains("[secret]"), "{secret} in {path}");
        assert!(text.contains("REPORT_ADMIN"), "{secret} in {path}");
    }
    assert!(
        world
            .read("plan.json")
            .contains("`clientSecret` of the document is not the secret of a token"),
        "{}",
        run.shown()
    );
    let document: Value = serde_json::from_str(&world.read("plan.json")).unwrap();
    let addresses: Vec<&str> = document["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|step| step["address"].as_str())
        .collect();
    assert!(
        addresses.contains(&"source/Service Accounts"),
        "{addresses:?}"
    );
    assert!(addresses.contains(&"levels/SA-001"), "{addresses:?}");
}

/// The plan is not shown, and the place of the document is.
fn is_refused(world: &World, words: &str, place: &str) {
    let run = plan(world, words).exits(4);
    assert_eq!(run.stdout, "", "{}", run.shown());
    for text in [place, "repeats the secret at local:audit01/monthly-report"] {
        assert!(run.stderr.contains(text), "{text}\n{}", run.shown());
    }
}

#[test]
fn security_m6_a_document_hides_no_level() {
    let world = planted("REPORT_ADMIN");
    is_shown(&world, "REPORT_ADMIN");
    // It is a word that could be a secret, and no text of the plan: only its layout
    // has it.
    plant(&world, "userlevelsREPORT_ADMIN");
    let run = plan(&world, "").says("REPORT_ADMIN").says_not("[secret]");
    assert_ne!(run.code, 4, "{}", run.shown());
}

#[test]
fn security_m6_a_document_hides_no_section() {
    let (text, _) = honest();
    let start = text.find("SA-001").unwrap();
    let end = text.find("store local").unwrap();
    let section = joined(&text[start..end]);
    is_shown(&planted(&section), &section);
    for text in [" SA-001 audit01 (absent) ", "two\nlines of a plan"] {
        is_shown(&planted(text), text);
    }
}

#[test]
fn security_m6_a_document_hides_no_step_of_a_json_plan() {
    let (_, json) = honest();
    let step = json.find(r#""address": "levels/SA-001""#).unwrap();
    // From the middle of one string to the middle of another.
    let start = json[..step].rfind("Service").unwrap() + 4;
    let end = step + json[step..].find("Service").unwrap() + 4;
    let secret = joined(&json[start..end]);
    is_shown(&planted(&secret), &secret);
}

#[test]
fn security_m6_a_document_that_is_an_address_of_the_plan_is_named() {
    let world = planted("token/SA-001/monthly-report");
    for words in [
        "",
        "--full",
        "--out json=p.json",
        "--out json=-",
        "--out markdown=p.md",
        "--out html=-",
        "--save p.json",
    ] {
        is_refused(&world, words, "`blocked[0].address`");
        for path in ["p.json", "p.md"] {
            assert!(!world.path(path).exists(), "{words}");
        }
    }
    let apply = world
        .steersman("apply guide --simulate=tenant/t.json --auto-approve")
        .exits(4);
    assert!(
        apply.stderr.contains("local:audit01/monthly-report"),
        "{}",
        apply.shown()
    );
}

#[test]
fn security_m6_a_document_prevents_no_saved_plan_in_silence() {
    for word in ["steersman", "formatVersion", "levels/SA-001"] {
        let world = planted(word);
        let run = plan(&world, "--save p.json").says_not("[secret]");
        assert!(world.path("p.json").exists(), "{word}\n{}", run.shown());
        assert!(!run.stderr.contains("[secret]"), "{}", run.shown());
    }
}

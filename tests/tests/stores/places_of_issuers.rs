//! Places of issuer tokens: variables of the environment, and moving to another store.

use serde_json::Value;
use tests::{Run, World, world};

const FILE: &str = "guide/steersman.yaml";
const STORES: &str = "local: {directory: .steersman/secrets}";
const ISSUER: &str = "issuer: {store: local, key: audit01/issuer}";
const AT: &str = ".steersman/secrets/audit01/issuer";
const VARIABLE: &str = "STEERSMAN_SECRET_PROD_ISSUER_AUDIT01";
const STATE: &str = "--simulate=tenant/t.json";

fn run(world: &World, command: &str, more: &str) -> Run {
    world.steersman(&format!("{command} guide {STATE} {more}"))
}

/// The whole plan, without the line breaks of a terminal.
fn plan(world: &World) -> String {
    let _ = run(world, "plan", "--out json=plan.json");
    world.read("plan.json")
}

/// The guide with this issuer in these further stores, its account registered.
fn registered(stores: &str, issuer: &str) -> World {
    let world = world!();
    world.example("guide");
    world.replace(FILE, STORES, &format!("{STORES}{stores}"));
    world.replace(FILE, ISSUER, issuer);
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    let _ = world
        .steersman("simulator person register audit01 --state tenant/t.json")
        .exits(0);
    world
}

/// The account holder creates a token, whose document goes to a file.
fn mint(world: &World, to: &str) {
    std::fs::create_dir_all(world.path(to).parent().unwrap()).unwrap();
    let words =
        format!("simulator person mint audit01 --token issuer --to {to} --state tenant/t.json");
    let _ = world.steersman(&words).exits(0);
}

fn settled(world: &World) {
    let _ = run(world, "apply", "--auto-approve").exits(0);
    let _ = run(world, "plan", "--detailed-exitcode").exits(0);
}

#[test]
fn an_issuer_token_is_read_from_a_variable_and_never_written() {
    let mut world = registered(
        "\n  ci: {env: {prefix: PROD}}",
        "issuer: {store: ci, key: \"issuer_{account}\"}",
    );
    let planned = plan(&world);
    let how = format!("set the variable {VARIABLE}");
    assert!(planned.contains(&how), "{planned}");
    mint(&world, "minted.json");
    let document = world.read("minted.json");
    // A person cannot be asked for what steersman could not store.
    let enrolled = run(&world, "enroll audit01", "--client-id x").exits(1);
    assert!(enrolled.stderr.contains(VARIABLE), "{}", enrolled.shown());
    let secret: Value = serde_json::from_str(&document).unwrap();
    let secret = secret["clientSecret"].as_str().unwrap().to_owned();
    world.set([(VARIABLE.to_owned(), document)]);
    settled(&world);
    let check = run(&world, "store check", "").exits(0);
    assert!(check.stdout.contains("delivered"), "{}", check.shown());
    // It is not replaced: what sets the variable replaces it.
    assert!(!plan(&world).contains(&secret), "the plan shows the secret");
    let list = run(&world, "token list", "--check").exits(0);
    assert!(!list.shown().contains(&secret), "the list shows the secret");
    for (path, text) in world.everything_written() {
        let is_own = path.ends_with("minted.json") || path.ends_with("tenant/t.json");
        assert!(is_own || !text.contains(&secret), "{}", path.display());
    }
}

#[test]
fn a_variable_of_another_tenant_is_not_used() {
    let mut world = registered("\n  ci: {env: {}}", "issuer: {store: ci, key: ISSUER}");
    mint(&world, "minted.json");
    let mut document: Value = serde_json::from_str(&world.read("minted.json")).unwrap();
    document["baseUrl"] = "https://other.api.identitynow.com".into();
    let set = |text: String| ("STEERSMAN_SECRET_ISSUER".to_owned(), text);
    world.set([set(document.to_string())]);
    let planned = plan(&world);
    let other = "https://other.api.identitynow.com";
    assert!(planned.contains(other), "{planned}");
    world.set([set("no document".to_owned())]);
    let planned = plan(&world);
    assert!(
        planned.contains("the variable `STEERSMAN_SECRET_ISSUER`"),
        "{planned}"
    );
    assert!(!planned.contains("no document"), "{planned}");
}

/// The guide, enrolled, with the files changed to another place of the issuer token.
fn to_move() -> World {
    let world = registered("\n  new: {directory: elsewhere}", ISSUER);
    mint(&world, AT);
    settled(&world);
    world.replace(
        FILE,
        ISSUER,
        "issuer: {store: new, key: \"new/{account}/issuer\"}",
    );
    world
}

const MOVED: &str = "elsewhere/new/audit01/issuer";

#[test]
fn an_issuer_token_moves_to_another_store_without_enrolling_again() {
    let world = to_move();
    // What to do is said.
    let how = "steersman store move --from local --from-key '{account}/issuer'";
    let status = run(&world, "status", "--format json").exits(0);
    assert!(status.stdout.contains(how), "{}", status.shown());
    let planned = plan(&world);
    assert!(planned.contains(how), "{planned}");
    let before = world.read(AT);
    // Nobody has approved.
    let _ = run(
        &world,
        "store move",
        "--from local --from-key {account}/issuer",
    )
    .exits(64);
    assert_eq!(world.read(AT), before);
    let words = "--from local --from-key {account}/issuer --auto-approve";
    let moved = run(&world, "store move", words).exits(0);
    assert!(
        moved.stdout.contains("moved    audit01"),
        "{}",
        moved.shown()
    );
    assert!(!world.path(AT).exists());
    let id = |text: &str| serde_json::from_str::<Value>(text).unwrap()["clientId"].clone();
    assert_eq!(id(&world.read(MOVED)), id(&before));
    settled(&world);
    // The journal knows the place, for the move after this one.
    world.replace(
        FILE,
        "new: {directory: elsewhere}",
        "new: {directory: elsewhere}\n  third: {directory: third}",
    );
    world.replace(FILE, "issuer: {store: new,", "issuer: {store: third,");
    let next = plan(&world);
    assert!(next.contains("steersman store move --from new"), "{next}");
    world.replace(FILE, "issuer: {store: third,", "issuer: {store: new,");
    settled(&world);
    // Again, there is nothing to do.
    let again = run(&world, "store move", words).exits(0);
    assert!(
        again.stdout.contains("there    audit01"),
        "{}",
        again.shown()
    );
}

/// The command that moves issuer tokens, as the terminal shows it, without its quotes.
fn printed(world: &World) -> String {
    let shown = run(world, "plan", "");
    let text = shown
        .stdout
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let (_, command) = text.split_once("`steersman store move").unwrap();
    format!(
        "store move{}",
        command.split_once('`').unwrap().0.replace('\'', "")
    )
}

#[test]
fn the_printed_command_moves_the_issuer_token() {
    let world = to_move();
    let command = printed(&world);
    assert_eq!(
        command,
        format!("store move --from local --from-key {{account}}/issuer guide {STATE}")
    );
    let _ = world
        .steersman(&format!("{command} --auto-approve"))
        .exits(0)
        .says("moved    audit01");
    settled(&world);
}

#[test]
fn a_move_that_finds_nothing_says_where_it_looked() {
    let world = to_move();
    let words = "--from local --from-key issuers/{account} --auto-approve";
    let moved = run(&world, "store move", words).exits(1);
    assert!(
        moved.stdout.contains("nothing  audit01"),
        "{}",
        moved.shown()
    );
    for part in ["nothing was found at local:issuers/{account}", "--from-key"] {
        assert!(moved.stderr.contains(part), "{}", moved.shown());
    }
    assert!(world.path(AT).exists());
}

#[test]
fn an_issuer_token_of_a_store_that_was_not_asked_is_not_unmanaged() {
    let world = registered("", ISSUER);
    mint(&world, AT);
    settled(&world);
    let words = "--no-stores --out json=plan.json";
    let plan = run(&world, "plan", words).exits(0);
    assert!(
        plan.stdout.contains("1 token may be the issuer token"),
        "{}",
        plan.shown()
    );
    let document: Value = serde_json::from_str(&world.read("plan.json")).unwrap();
    assert_eq!(document["unmanaged"], serde_json::json!([]));
    let drift = run(&world, "drift", "--no-stores");
    assert!(!drift.stdout.contains("nmanaged"), "{}", drift.shown());
    let note = "1 token of a declared account may be its issuer token";
    assert!(drift.stderr.contains(note), "{}", drift.shown());
}

#[test]
fn an_interrupted_move_is_repeated() {
    let world = to_move();
    world.write(MOVED, world.read(AT));
    let words = "--from local --from-key {account}/issuer --auto-approve --format json";
    let moved = run(&world, "store move", words).exits(0);
    let answer: Value = serde_json::from_str(&moved.stdout).unwrap();
    // Two entries that show the same could be one.
    assert_eq!(answer[0]["outcome"], "both");
    assert!(world.path(AT).exists() && world.path(MOVED).exists());
    settled(&world);
}

#[test]
fn an_entry_that_both_stores_lead_to_is_not_removed() {
    // The store has another name, or the same file another key.
    for (directory, key) in [
        (".steersman/secrets", "{account}/issuer"),
        ("./.steersman/secrets/", "{account}/issuer"),
        (".steersman/secrets/audit01", "issuer"),
    ] {
        let world = registered(&format!("\n  new: {{directory: {directory}}}"), ISSUER);
        mint(&world, AT);
        settled(&world);
        let before = world.read(AT);
        let new = format!("issuer: {{store: new, key: \"{key}\"}}");
        world.replace(FILE, ISSUER, &new);
        let words = "--from local --from-key {account}/issuer --auto-approve";
        let moved = run(&world, "store move", words).exits(0);
        assert!(
            moved.stdout.contains("both     audit01"),
            "{}",
            moved.shown()
        );
        assert_eq!(world.read(AT), before, "{directory} {key}");
        settled(&world);
    }
}

#[test]
fn what_is_no_issuer_token_of_the_account_is_not_moved() {
    let world = to_move();
    let mut document: Value = serde_json::from_str(&world.read(AT)).unwrap();
    let words = "--from local --from-key {account}/issuer --auto-approve";
    document["clientSecret"] = "another-secret-of-a-token".into();
    world.write(AT, document.to_string());
    let moved = run(&world, "store move", words).exits(1);
    assert!(
        moved.stdout.contains("does not sign in"),
        "{}",
        moved.shown()
    );
    document["clientId"] = "0b1c2d3e".into();
    world.write(AT, document.to_string());
    let moved = run(&world, "store move", words).exits(1);
    assert!(
        moved.stdout.contains("steersman enroll audit01"),
        "{}",
        moved.shown()
    );
    document["baseUrl"] = "https://other.api.identitynow.com".into();
    world.write(AT, document.to_string());
    let moved = run(&world, "store move", words).exits(1);
    assert!(
        moved.stdout.contains("https://other.api.identitynow.com"),
        "{}",
        moved.shown()
    );
    assert!(world.path(AT).exists() && !world.path(MOVED).exists());
    // A place that cannot be written keeps the old entry.
    let world = to_move();
    world.write("elsewhere", "a file");
    let before = world.read(AT);
    let _ = run(&world, "store move", words).exits(1);
    assert_eq!(world.read(AT), before);
    let world = to_move();
    for (words, why) in [
        ("--from none", "no file declares the store"),
        ("--from local --from-key {token}", "unknown placeholder"),
        ("--from local --from-key ../x", "cannot use the key"),
        ("--from new", "declare the new place in the files first"),
        ("--from local --account none", "no file declares an account"),
    ] {
        let run = run(&world, "store move", words).exits(64);
        assert!(run.stderr.contains(why), "{}", run.shown());
    }
}

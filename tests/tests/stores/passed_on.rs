//! Tokens that exchange their places in stores that are only written to, over the binary.

use serde_json::Value;
use tests::{Run, World, world};

const FILE: &str = "guide/steersman.yaml";
const STORES: &str = "local: {directory: .steersman/secrets}";
const DELIVER: &str = "deliver: {store: local, key: audit01/monthly-report}\n";

fn run(world: &World, words: &str) -> Run {
    let (command, rest) = words.split_once(' ').unwrap_or((words, ""));
    world.steersman(&format!("{command} guide --simulate=tenant/t.json {rest}"))
}

/// The guide with three tokens in the places A, B and C of a target that cannot be read.
fn delivered() -> World {
    let mut world = world!();
    world.set([("STEERSMAN_ALLOW_COMMANDS".to_owned(), "1".to_owned())]);
    world.example("guide");
    let out = "out: {command: {put: [sh, put.sh, '{key}'], writeOnly: true}}";
    world.replace(FILE, STORES, &format!("{STORES}\n  {out}"));
    world.write(
        "put.sh",
        r#"mkdir -p out; cat > "out/$1"; echo "$1" >> out/log"#,
    );
    let more = ["b", "c"].map(|name| {
        format!("      - {{name: {name}, scopes: [sp:report:read], expires: 90d, deliver: {{store: out, key: X}}}}\n")
    });
    world.replace(
        FILE,
        DELIVER,
        &format!("deliver: {{store: out, key: X}}\n{}", more.concat()),
    );
    declare(&world, ["A", "B", "C"]);
    let _ = run(&world, "apply --auto-approve").exits(0);
    let _ = world
        .steersman("simulator person register audit01 --state tenant/t.json")
        .exits(0);
    let issuer = ".steersman/secrets/audit01/issuer";
    std::fs::create_dir_all(world.path(issuer).parent().unwrap()).unwrap();
    let mint =
        format!("simulator person mint audit01 --token issuer --to {issuer} --state tenant/t.json");
    let _ = world.steersman(&mint).exits(0);
    settled(&world);
    world
}

/// Declares these keys, for the tokens in the order of the file.
fn declare(world: &World, keys: [&str; 3]) {
    const OUT: &str = "{store: out, key: ";
    let file = world.read(FILE);
    let mut parts = file.split(OUT);
    let mut text = parts.next().unwrap().to_owned();
    for (part, key) in parts.zip(keys) {
        let (_, rest) = part.split_once('}').unwrap();
        text.extend([OUT, key, "}", rest]);
    }
    world.write(FILE, text);
}

#[track_caller]
fn settled(world: &World) {
    let _ = run(world, "apply --auto-approve").exits(0);
    let _ = run(world, "plan --detailed-exitcode").exits(0);
}

/// The steps and what is blocked.
fn plan(world: &World) -> [String; 2] {
    let _ = run(world, "plan --out json=plan.json").exits(0);
    let plan: Value = serde_json::from_str(&world.read("plan.json")).unwrap();
    ["steps", "blocked"].map(|key| {
        let all = plan[key].as_array().unwrap().iter();
        all.map(|one| one["address"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    })
}

fn holder(world: &World, key: &str) -> String {
    let document: Value = serde_json::from_str(&world.read(&format!("out/{key}"))).unwrap();
    document["token"].as_str().unwrap().to_owned()
}

#[test]
fn a_chain_of_places_that_cannot_be_read_is_passed_on_in_order() {
    let world = delivered();
    declare(&world, ["B", "C", "D"]);
    let steps = ["c", "b", "monthly-report"].map(|name| format!("token/SA-001/{name}"));
    assert_eq!(plan(&world), [steps.join(" "), String::new()]);
    settled(&world);
    assert_eq!(
        ["B", "C", "D"].map(|key| holder(&world, key)),
        ["monthly-report", "b", "c"]
    );
    let log = world.read("out/log");
    assert_eq!(log.lines().skip(3).collect::<Vec<_>>(), ["D", "C", "B"]);
}

#[test]
fn places_that_cannot_be_read_are_not_exchanged_in_one_apply() {
    let world = delivered();
    declare(&world, ["B", "A", "C"]);
    let both = "token/SA-001/b token/SA-001/monthly-report";
    assert_eq!(plan(&world), [String::new(), both.to_owned()]);
    let text = world.read("plan.json");
    assert!(
        text.contains("declare a free `deliver.key` for token/SA-001/b and"),
        "{text}"
    );
    let _ = run(&world, "apply --auto-approve").exits(0);
    assert_eq!(
        world.read("out/log").lines().count(),
        3,
        "nothing was written"
    );
    declare(&world, ["B", "D", "C"]);
    settled(&world);
    declare(&world, ["B", "A", "C"]);
    settled(&world);
    assert_eq!(
        ["B", "A", "C"].map(|key| holder(&world, key)),
        ["monthly-report", "b", "c"]
    );
}

/// Another token for the place B, beside those of the file.
const COMES: &str = "      - {name: comes, scopes: [sp:report:read], expires: 90d, deliver: {store: out, key: B}}\n";

/// The line of the token b in the file.
fn line_of_b(world: &World) -> String {
    let file = world.read(FILE);
    let line = file.lines().find(|line| line.contains("name: b,"));
    format!("{}\n", line.unwrap())
}

/// The step that creates the token that comes, or why there is none.
fn comes(world: &World) -> Value {
    let _ = run(world, "plan --out json=plan.json").exits(0);
    let plan: Value = serde_json::from_str(&world.read("plan.json")).unwrap();
    let mut all = ["steps", "blocked"]
        .into_iter()
        .flat_map(|key| plan[key].as_array().unwrap());
    let own = all.find(|one| one["address"].as_str().unwrap().ends_with("/comes"));
    own.unwrap().clone()
}

#[test]
fn the_place_of_a_token_that_left_the_files_is_kept_while_it_works() {
    let world = delivered();
    world.replace(FILE, &line_of_b(&world), COMES);
    let blocked = comes(&world);
    let message = blocked["message"].as_str().unwrap();
    assert!(
        message.contains("it holds the only secret of the token b ("),
        "{message}"
    );
    let _ = run(&world, "apply --auto-approve").exits(0);
    assert_eq!(holder(&world, "B"), "b");
    // Where the files say that such tokens go, that comes first, in the same apply.
    let file = world.read(FILE);
    world.write(FILE, format!("{file}policy: {{unmanagedTokens: revoke}}\n"));
    let step = comes(&world);
    assert_eq!(step["dependsOn"], serde_json::json!(["token/SA-001/b"]));
    settled(&world);
    assert_eq!(holder(&world, "B"), "comes");
}

/// The account got another `id`, and applies know it.
fn with_another_id() -> World {
    let world = delivered();
    world.replace(
        FILE,
        "  - id: SA-001\n",
        "  - id: SA-002\n    previously: {id: SA-001}\n",
    );
    let allowed = "--allow renameAccounts=1 --allow deleteThreshold=1";
    let _ = run(&world, &format!("apply --auto-approve {allowed}")).exits(0);
    settled(&world);
    world
}

#[test]
fn a_token_moves_although_its_account_got_another_id() {
    let world = with_another_id();
    declare(&world, ["A", "D", "C"]);
    let file = world.read(FILE);
    world.write(FILE, format!("{file}{COMES}"));
    assert_eq!(
        comes(&world)["dependsOn"],
        serde_json::json!(["token/SA-002/b"])
    );
    settled(&world);
    assert_eq!(["B", "D"].map(|key| holder(&world, key)), ["comes", "b"]);
}

#[test]
fn the_place_of_a_token_is_kept_when_its_account_gets_another_id() {
    let world = with_another_id();
    // Only the journal knows that b is not at D, and it calls the account by an `id` that no
    // file has any more.
    world.replace(FILE, "    previously: {id: SA-001}\n", "");
    declare(&world, ["A", "D", "C"]);
    let file = world.read(FILE);
    world.write(FILE, format!("{file}{COMES}"));
    let blocked = comes(&world);
    let message = blocked["message"].as_str().unwrap();
    assert!(
        message.contains("it holds the only secret of token/SA-002/b"),
        "{message}"
    );
    let _ = run(&world, "apply --auto-approve").exits(0);
    assert_eq!(holder(&world, "B"), "b");
    let rotate = "token rotate guide --simulate=tenant/t.json --token audit01/b --auto-approve";
    let _ = world.steersman(rotate).exits(0);
    settled(&world);
    assert_eq!(["B", "D"].map(|key| holder(&world, key)), ["comes", "b"]);
}

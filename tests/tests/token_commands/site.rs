//! The guide, applied and enrolled, and what is done to its tokens.

use serde_json::Value;
use tests::{Run, World, world};

pub(crate) const STATE: &str = "--simulate=tenant/t.json";
pub(crate) const FILE: &str = "guide/steersman.yaml";
pub(crate) const ISSUER: &str = ".steersman/secrets/audit01/issuer";
/// The name of the issuer token by which steersman replaces the one that was entered.
pub(crate) const OWN_ISSUER: &str = "steersman-issuer~01e60423";
pub(crate) const TOKEN: &str = ".steersman/secrets/audit01/monthly-report";

/// The guide, applied and enrolled, with its token in the store.
pub(crate) fn delivered() -> World {
    let world = world!();
    world.example("guide");
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    register(&world);
    let _ = run(&world, "apply", "--auto-approve").exits(0);
    is_settled(&world);
    world
}

/// The account holder registers, and stores an issuer token.
pub(crate) fn register(world: &World) {
    let _ = world
        .steersman("simulator person register audit01 --state tenant/t.json")
        .exits(0);
    std::fs::create_dir_all(world.path(ISSUER).parent().unwrap()).unwrap();
    by_hand(world, &format!("--token issuer --to {ISSUER}"));
}

/// Runs a command, such as `token list`, on the guide.
pub(crate) fn run(world: &World, command: &str, more: &str) -> Run {
    world.steersman(&format!("{command} guide {STATE} {more}"))
}

/// What a person sees of a run, on both streams.
pub(crate) trait Shows {
    /// Sees that a person is shown a text.
    #[must_use = "look at more, or let it go with `let _`"]
    fn shows(self, text: &str) -> Self;
}

impl Shows for Run {
    #[track_caller]
    fn shows(self, text: &str) -> Self {
        let shown = self.shown();
        assert!(shown.contains(text), "no {text:?} in\n{shown}");
        self
    }
}

/// The next plan is empty.
#[track_caller]
pub(crate) fn is_settled(world: &World) {
    let _ = run(world, "plan", "--detailed-exitcode").exits(0);
}

/// The account holder creates a token.
pub(crate) fn by_hand(world: &World, more: &str) {
    let _ = world
        .steersman(&format!(
            "simulator person mint audit01 {more} --state tenant/t.json"
        ))
        .exits(0);
}

pub(crate) fn advance(world: &World, duration: &str) {
    let _ = world
        .steersman(&format!(
            "simulator clock advance {duration} --state tenant/t.json"
        ))
        .exits(0);
}

/// The list as JSON.
#[track_caller]
pub(crate) fn list(world: &World, more: &str, code: i32) -> Value {
    let run = run(world, "token list", &format!("--format json {more}")).exits(code);
    serde_json::from_str(&run.stdout).unwrap()
}

/// The tokens of a list as `NAME STATE`, with this field.
pub(crate) fn rows(list: &Value, field: &str) -> Vec<String> {
    let tokens = list["tokens"].as_array().unwrap().iter();
    let mut rows: Vec<String> = tokens
        .map(|token| {
            let text = |value: &Value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let name = text(&token["name"]);
            // The mark of a retiring token differs from run to run.
            let name = match name.split_once("~retiring-") {
                Some((of, _)) => format!("{of}~"),
                None if name == OWN_ISSUER => "issuer".to_owned(),
                None => name,
            };
            let found = token.pointer(field).unwrap_or(&Value::Null);
            format!("{name} {} {}", text(&token["state"]), text(found))
        })
        .collect();
    rows.sort();
    rows
}

/// The steps of the plan as `ACTION ADDRESS REASON`.
pub(crate) fn plan(world: &World) -> Vec<String> {
    let _ = run(world, "plan", "--out json=plan.json");
    let plan: Value = serde_json::from_str(&world.read("plan.json")).unwrap();
    let steps = plan["steps"].as_array().unwrap().iter();
    steps
        .map(|step| {
            let text = |key: &str| step[key].as_str().unwrap();
            format!("{} {} {}", text("action"), text("address"), text("reason"))
        })
        .collect()
}

//! `person mint | enroll --paste`, as the tutorial has it: both commands of the pipe begin at
//! once, and use one simulated tenant.

use std::process::Stdio;
use tests::{Run, SimulatedTenant, World, world};

const STATE: &str = "tenant/t.json";
const SIMULATE: &str = "--simulate=tenant/t.json";
const ISSUER: &str = ".steersman/secrets/audit01/issuer";

/// The guide, applied to a simulated tenant in a file, its account registered.
fn registered() -> World {
    let world = world!();
    world.example("guide");
    let _ = world
        .steersman(&format!("apply guide --auto-approve {SIMULATE}"))
        .exits(0);
    let _ = person(&world, "register audit01").exits(0);
    world
}

fn person(world: &World, words: &str) -> Run {
    world.steersman(&format!("simulator person {words} --state {STATE}"))
}

/// Both commands, begun at once.
fn piped(world: &World) -> Run {
    let mint = ["simulator", "person", "mint", "audit01", "--state", STATE];
    let enroll = ["enroll", "audit01", "guide", "--paste", SIMULATE];
    let mut minting = world
        .command()
        .args(mint)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pipe = minting.stdout.take().unwrap();
    let output = world.command().args(enroll).stdin(pipe).output().unwrap();
    assert!(minting.wait().unwrap().success());
    world.ended(&enroll, &output)
}

#[test]
fn a_token_is_created_and_enrolled_in_one_pipe_each_time() {
    let world = registered();
    let registered = world.read(STATE);
    for _ in 0..20 {
        let _ = piped(&world).exits(0).says("audit01");
        assert!(world.path(ISSUER).exists());
        // Back to before it.
        std::fs::remove_file(world.path(ISSUER)).unwrap();
        world.write(STATE, &registered);
    }
}

/// The issuer token of the first time is in no place any more, so it does not stay.
#[test]
fn an_account_that_is_enrolled_again_keeps_one_issuer_token() {
    let world = registered();
    let id = || {
        let document: serde_json::Value = serde_json::from_str(&world.read(ISSUER)).unwrap();
        document["clientId"].as_str().unwrap().to_owned()
    };
    let _ = piped(&world).exits(0);
    let first = id();
    let again = piped(&world).exits(0);
    assert!(again.shown().contains("is revoked"), "{}", again.shown());
    assert_ne!(id(), first);
    assert!(!world.read(STATE).contains(&first));
    let _ = world
        .steersman(&format!("apply guide --auto-approve {SIMULATE}"))
        .exits(0);
    let plan = world
        .steersman(&format!("plan guide --detailed-exitcode {SIMULATE}"))
        .exits(0);
    assert!(!plan.shown().contains("unmanaged"), "{}", plan.shown());
}

#[test]
fn a_tenant_that_another_process_has_is_waited_for() {
    let world = world!();
    let held = SimulatedTenant::with(simulator::Config {
        state: Some(world.path(STATE).try_into().unwrap()),
        ..simulator::Config::default()
    });
    let waiting = ["simulator", "clock", "now", "--state", STATE];
    let child = world
        .command()
        .args(waiting)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(held);
    let _ = world
        .ended(&waiting, &child.wait_with_output().unwrap())
        .exits(0);
}

#[test]
fn a_token_whose_name_is_taken_is_named_with_what_to_do() {
    let world = registered();
    let _ = person(&world, "mint audit01").exits(0);
    for words in ["mint audit01", "mint audit01 --to secret.json"] {
        let again = person(&world, words).exits(1);
        for part in [
            "has a token named \"issuer\" already",
            "--token NAME",
            "steersman simulator token revoke ",
        ] {
            assert!(again.stderr.contains(part), "{}", again.shown());
        }
    }
    let _ = person(&world, "mint audit01 --token other").exits(0);
    // The command that the message names.
    let again = person(&world, "mint audit01").exits(1);
    let (_, command) = again.stderr.split_once("`steersman simulator").unwrap();
    let command = command.split_once('`').unwrap().0.replace('\n', " ");
    let _ = world.steersman(&format!("simulator{command}")).exits(0);
    let _ = piped(&world).exits(0);
}

//! `--seed FILE`: a new tenant as a file says.

use serde_json::json;
use tests::world;

use crate::served::Served;

const EXAMPLE: &str = include_str!("../../../examples/simulator/seed.yaml");

#[test]
fn others_the_example_seed_fills_a_new_tenant_once() {
    let world = world!();
    world.write("seed.yaml", EXAMPLE);
    let words = [
        "--state",
        "tenant.json",
        "--clock",
        "manual",
        "--seed",
        "seed.yaml",
    ];
    let served = Served::start(&world, &words);
    let client = served.client_with(
        "simulator-scripts",
        "simulator-secret-of-scripts-for-nothing-real",
    );
    let (status, _, people) =
        client.get("/identities/v1?sorters=alias&filters=alias%20sw%20%22a%22");
    assert_eq!(status, 200, "{people}");
    assert_eq!(people[0]["alias"], "ana.lima");
    assert_eq!(people[1]["alias"], "audit01");
    let (_, _, tokens) = client.get("/personal-access-tokens/v1");
    assert!(tokens.to_string().contains("monthly-report"), "{tokens}");
    let search = json!({"indices": ["identities"], "query": {"query": "email:backup01"}});
    let (_, found) = client.post("/search/v1", &search).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(served.ended(), Some(0));
    // The second start finds the tenant, and leaves it.
    let served = Served::start(&world, &words);
    assert_eq!(served.client().get("/personal-access-tokens/v1").0, 200);
}

/// The recipe for scripts in Python, as it is in the examples.
#[test]
fn others_a_script_in_python_lists_the_tokens_that_end() {
    let world = world!();
    world.write("seed.yaml", EXAMPLE);
    world.write(
        "script.py",
        include_str!("../../../examples/simulator/tokens_that_end.py"),
    );
    let served = Served::start(&world, &["--seed", "seed.yaml"]);
    let mut python = std::process::Command::new("python3");
    python
        .current_dir(world.folder())
        .args(["script.py", "100000"]);
    for line in &served.lines {
        let (name, value) = line["export ".len()..].split_once('=').unwrap();
        python.env(name, value);
    }
    let Ok(run) = python.output() else {
        println!("skipped: there is no python3");
        return;
    };
    let said = String::from_utf8(run.stdout).unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    assert_eq!(said, "2030-01-01T00:00:00.000Z audit01 monthly-report\n");
}

#[test]
fn others_a_bad_seed_is_an_error_that_names_the_place() {
    let world = world!();
    let deep = format!("people: {}", "[".repeat(500_000));
    for (text, place, reason) in [
        ("people:\n  - acount: x\n", "seed.yaml:2:5", "acount"),
        ("people: 5\n", "seed.yaml:1:", "sequence"),
        // As fast as any other, though the reader's time grows with the square of the depth.
        (
            deep.as_str(),
            "seed.yaml: invalid seed",
            "more than 48 levels",
        ),
        ("levels:\n  nobody: [HELPDESK]\n", "levels.nobody", "nobody"),
    ] {
        world.write("seed.yaml", text);
        let run = world.steersman("simulator --seed seed.yaml").exits(1);
        for expected in [place, reason] {
            assert!(run.stderr.contains(expected), "{expected}: {}", run.shown());
        }
        assert_eq!(run.stdout, "", "nothing was started");
    }
}

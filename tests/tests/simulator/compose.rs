//! The example for `docker compose`: its command, its health check and its script, as they are in it.

use std::path::Path;
use std::process::Command;

use serde_yaml::Value;
use tests::world;

use crate::served::Served;

const COMPOSE: &str = include_str!("../../../examples/simulator/compose.yaml");

fn service(name: &str) -> Value {
    let file: Value = serde_yaml::from_str(COMPOSE).unwrap();
    file["services"][name].clone()
}

fn words(list: &Value) -> Vec<String> {
    let words = list.as_sequence().unwrap().iter();
    words
        .map(|word| word.as_str().unwrap().to_owned())
        .collect()
}

/// The words with the files of the repository where the container has its volumes.
fn mounted(service: &Value, words: &[String]) -> Vec<String> {
    let volumes: Vec<(String, String)> = self::words(&service["volumes"])
        .iter()
        .map(|volume| {
            let mut parts = volume.split(':');
            let (from, to) = (parts.next().unwrap(), parts.next().unwrap());
            assert_eq!(parts.next(), Some("ro"));
            let folder = tests::repository().join("examples/simulator");
            let file = folder.join(Path::new(from));
            assert!(file.is_file(), "{volume}");
            (to.to_owned(), file.to_str().unwrap().to_owned())
        })
        .collect();
    let mounted = |word: &String| {
        volumes.iter().fold(word.clone(), |word, (to, file)| {
            word.replace(to.as_str(), file)
        })
    };
    words.iter().map(mounted).collect()
}

#[test]
fn others_the_services_of_the_compose_example_work_together() {
    let world = world!();
    let tenant = service("tenant");
    let command = mounted(&tenant, &words(&tenant["command"]));
    assert_eq!(command[0], "simulator");
    // The port may be taken on the machine of a test.
    let command: Vec<_> = command[1..]
        .iter()
        .map(|word| word.replace(":8080", ":0"))
        .collect();
    let check = words(&tenant["healthcheck"]["test"]);
    assert_eq!(check[..3], ["CMD", "/usr/bin/steersman", "simulator"]);

    let served = Served::start(
        &world,
        &command.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    let port = served.base.rsplit(':').next().unwrap().to_owned();
    let healthy = |port: &str| {
        // As in a container that has the program and nothing else.
        let words = check[2..].iter().map(|word| word.replace("8080", port));
        let mut program = world.command();
        let status = program.env_clear().args(words).output().unwrap().status;
        status.code()
    };
    assert_eq!(healthy(&port), Some(0));
    assert_eq!(healthy("1"), Some(1), "nothing listens there");

    // The name of the service is a host of the tenant, and no other name is.
    let host = |name: &str| served.client().status_at_host("/oauth/info", name);
    assert_eq!(host("tenant:8080"), 200);
    assert_eq!(host("elsewhere:8080"), 403);

    let script = service("script");
    assert_eq!(
        script["environment"]["SAIL_BASE_URL"].as_str(),
        Some("http://tenant:8080")
    );
    let condition = &script["depends_on"]["tenant"]["condition"];
    assert_eq!(condition.as_str(), Some("service_healthy"));
    let command = mounted(&script, &words(&script["command"]));
    let mut program = Command::new(&command[0]);
    program
        .args(&command[1..])
        .env("SAIL_BASE_URL", format!("http://127.0.0.1:{port}"));
    for name in ["SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET"] {
        program.env(name, script["environment"][name].as_str().unwrap());
    }
    let Ok(run) = program.output() else {
        println!("skipped: there is no {}", command[0]);
        return;
    };
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.contains("audit01 monthly-report"), "{said}");
}

#[test]
fn others_a_script_waits_until_the_simulator_answers() {
    let world = world!();
    let served = Served::start(&world, &[]);
    let run = world.steersman_words(&["simulator", "ready", &served.base, "--wait", "30s"]);
    let run = run.exits(0);
    assert!(run.stderr.contains("answers"), "{}", run.shown());
    let run = world
        .steersman("simulator ready http://127.0.0.1:1")
        .exits(1);
    for expected in ["no simulator answers at http://127.0.0.1:1", "refused"] {
        assert!(run.stderr.contains(expected), "{expected}: {}", run.shown());
    }
}

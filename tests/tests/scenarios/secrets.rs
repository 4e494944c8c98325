//! Secrets are in their stores and nowhere else.

use serde_json::Value;
use tests::world;

#[test]
fn no_secret_is_written_or_said_outside_its_store() {
    let mut world = world!();
    world.set([("STEERSMAN_LOG".to_owned(), "trace".to_owned())]);
    world.example("guide");
    let mut said = String::new();
    for words in [
        "apply guide --simulate=tenant/t.json --auto-approve",
        "simulator person register audit01 --state tenant/t.json",
        "simulator person mint audit01 --to .steersman/secrets/audit01/issuer --state tenant/t.json",
        "plan guide --simulate=tenant/t.json -vvv",
        "apply guide --simulate=tenant/t.json --auto-approve -vvv",
        "status guide --simulate=tenant/t.json -vvv",
        "plan guide --simulate=tenant/t.json --detailed-exitcode",
    ] {
        let run = world.steersman(words).exits(0);
        said.push_str(&run.stdout);
        said.push_str(&run.stderr);
    }
    let secret_of = |path: &str| {
        let document: Value = serde_json::from_str(&world.read(path)).unwrap();
        document["clientSecret"].as_str().unwrap().to_owned()
    };
    let secrets = [
        secret_of(".steersman/secrets/audit01/issuer"),
        secret_of(".steersman/secrets/audit01/monthly-report"),
        simulator::ADMIN_CLIENT_SECRET.to_owned(),
    ];
    assert!(
        said.contains("DEBUG") || said.contains("TRACE"),
        "the log was on"
    );
    for secret in &secrets {
        assert!(secret.len() > 10);
        assert!(!said.contains(secret.as_str()), "a secret was said");
    }
    for (path, text) in world.everything_written() {
        // The simulated tenant knows its secrets, and the store is where they belong.
        if path.starts_with(world.path("tenant"))
            || path.starts_with(world.path(".steersman/secrets"))
        {
            assert!(
                !path.to_string_lossy().contains("journal")
                    || !secrets.iter().any(|secret| text.contains(secret.as_str()))
            );
            continue;
        }
        assert!(
            !secrets.iter().any(|secret| text.contains(secret.as_str())),
            "{}",
            path.display()
        );
    }
}

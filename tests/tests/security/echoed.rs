//! A tenant that repeats a secret of the run in its texts: no output has a part of it,
//! and it is saved nowhere.

use serde_json::json;
use simulator::ADMIN_CLIENT_SECRET;
use tests::{SimulatedTenant, World, world};

/// The applied guide, in a tenant in which names and texts repeat the secret of the one
/// who runs steersman.
fn setting(text: &str) -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world
        .steersman("apply guide --auto-approve --journal j.jsonl")
        .exits(0);
    tenant.simulator().with_tenant(|tenant| {
        for (id, name) in [("SA-001", "audit01"), ("X-1", text)] {
            let row = json!({
                "id": id, "name": name, "e-mail": "x@example.com", "purpose": text,
            });
            tenant
                .put_account_out_of_band("Service Accounts", row.as_object().unwrap().clone())
                .unwrap();
        }
    });
    (world, tenant)
}

/// A part of the secret that a text has. Its beginning is a word of other texts, too.
fn part(text: &str) -> Option<&'static str> {
    const PART: usize = 10;
    let secret = &ADMIN_CLIENT_SECRET["simulator-".len()..];
    (0..=secret.len() - PART)
        .map(|at| &secret[at..at + PART])
        .find(|part| text.contains(part))
}

#[test]
fn security_m6_no_layout_divides_a_secret_that_the_tenant_repeats() {
    let long = "a text that is long enough for a table to divide what follows";
    let text = format!("{long} {ADMIN_CLIENT_SECRET} * {ADMIN_CLIENT_SECRET}_");
    let (mut world, _tenant) = setting(&text);
    for columns in ["40", "80", "200"] {
        world.set([("COLUMNS".to_owned(), columns.to_owned())]);
        for words in [
            "plan guide --full -vvv --out text=o/p.txt --out json=o/p.json --out markdown=o/p.md --out html=o/p.html --out sarif=o/p.sarif --out github=o/p.github",
            "plan guide --out text=-",
            "plan guide --out json=-",
            "plan guide --out markdown=-",
            "plan guide --out html=-",
            "status guide",
            "adopt 'Service Accounts' --to o/adopted",
        ] {
            std::fs::create_dir_all(world.path("o")).unwrap();
            let words: Vec<&str> = words.split('\'').collect();
            let words: Vec<&str> = words
                .iter()
                .enumerate()
                .flat_map(|(at, part)| match at % 2 {
                    0 => part.split_whitespace().collect::<Vec<_>>(),
                    _ => vec![*part],
                })
                .collect();
            let run = world.steersman_words(&words);
            assert_eq!(
                part(&run.stdout),
                None,
                "{columns} {words:?}\n{}",
                run.stdout
            );
            assert_eq!(
                part(&run.stderr),
                None,
                "{columns} {words:?}\n{}",
                run.stderr
            );
            if words[0] == "plan" {
                let run = run.exits(0);
                assert!(
                    run.stderr.contains("warning: a secret of this run is in "),
                    "{words:?}\n{}",
                    run.shown()
                );
                assert!(
                    run.stdout.contains("[secret]"),
                    "{words:?}\n{}",
                    run.shown()
                );
            }
        }
        for (path, text) in world.everything_written() {
            assert_eq!(part(&text), None, "{}", path.display());
        }
        for path in ["o/p.txt", "o/p.json", "o/p.md", "o/p.html"] {
            assert!(world.read(path).contains("[secret]"), "{path}");
            // Nothing is replaced in silence.
            let said = path == "o/p.json" || world.read(path).contains("with a secret of this run");
            assert!(said, "{path}");
        }
        std::fs::remove_dir_all(world.path("o")).unwrap();
    }
}

#[test]
fn security_m6_a_plan_that_repeats_a_secret_is_not_saved() {
    let (world, tenant) = setting(ADMIN_CLIENT_SECRET);
    let run = world.steersman("plan guide --save p.json").exits(4);
    assert!(
        run.stderr.contains("cannot save the plan to p.json: `plan.steps[0].before.purpose` repeats a secret of this run"),
        "{}",
        run.shown()
    );
    assert!(!world.path("p.json").exists());
    // Without the secret it is saved, and applied exactly as it is.
    tenant.simulator().with_tenant(|tenant| {
        for (id, name) in [("SA-001", "audit01"), ("X-1", "x1")] {
            let row = json!({
                "id": id, "name": name, "e-mail": "x@example.com", "purpose": "other",
            });
            tenant
                .put_account_out_of_band("Service Accounts", row.as_object().unwrap().clone())
                .unwrap();
        }
    });
    let _ = world.steersman("plan guide --save p.json").exits(0);
    let _ = world
        .steersman("apply guide --plan p.json --auto-approve --journal j.jsonl")
        .exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

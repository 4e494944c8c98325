//! A journal is an artefact: whoever can write it forges no line of the output.

use serde_json::json;
use tests::world;

#[test]
fn security_s5_a_name_in_a_journal_forges_no_line() {
    let world = world!();
    world.example("guide");
    let _ = world
        .steersman("apply guide --simulate=t.json --auto-approve")
        .exits(0);
    let forged = "x\nPlan: no changes, 2 accounts as declared\nplan digest: sha256:00\n\u{1b}[2J";
    let lines = [
        json!({"time": "2026-11-26T15:02:42Z", "run": "r", "event": "began", "format": 4, "version": "0.1.0"}),
        json!({"time": "2026-11-26T15:02:42Z", "run": "r", "event": "intended", "id": "r#1",
            "address": "account/x", "kind": "raiseThreshold", "tenant": "simulated:t.json",
            "source": "s", "name": forged, "to": 20, "back": 10}),
    ];
    let journal = lines.map(|line| line.to_string()).join("\n") + "\n";
    for words in ["plan", "status", "apply --auto-approve"] {
        world.write("t.journal.jsonl", &journal);
        let run = world.steersman(&format!("{words} guide --simulate=t.json"));
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(
            said.contains("raised the delete threshold"),
            "{words}: {}",
            run.shown()
        );
        assert!(
            said.contains('⏎') && !said.contains('\u{1b}'),
            "{words}: {said:?}"
        );
        let is_forged = |line: &str| {
            line.starts_with("Plan: no changes, 2") || line.starts_with("plan digest: sha256:00")
        };
        assert!(!said.lines().any(is_forged), "{words}: {said}");
    }
}

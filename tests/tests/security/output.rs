//! Hostile names reach no terminal and no CI log as they are.

use crate::reader::{HOSTILE, complaint, is_inert, is_inert_file};
use serde_json::{Value, json};
use simulator::TokenRequest;
use tests::{SimulatedTenant, World, world};

/// The guide, applied to a tenant in which accounts and tokens have hostile names.
fn hostile() -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world
        .steersman("apply guide --auto-approve --journal j.jsonl")
        .exits(0);
    tenant.simulator().with_tenant(|tenant| {
        tenant.register_person("audit01").unwrap();
        for (index, text) in HOSTILE.into_iter().enumerate() {
            let row = json!({
                "id": format!("X-{index} {text}"),
                "name": format!("{text} {index}"),
                "e-mail": "x@example.com",
                "purpose": text,
            });
            tenant
                .put_account_out_of_band("Service Accounts", row.as_object().unwrap().clone())
                .unwrap();
        }
        for text in HOSTILE.into_iter().take(8) {
            let request = TokenRequest {
                name: text.to_owned(),
                scopes: vec!["sp:report:read".to_owned()],
                ..TokenRequest::default()
            };
            tenant
                .mint_personal_access_token_as_owner("audit01", request)
                .unwrap();
        }
    });
    (world, tenant)
}

#[test]
fn security_m2_m4_a_plan_shows_hostile_names_by_number_in_every_format() {
    let (world, _tenant) = hostile();
    let run = is_inert(
        world
            .steersman(
                "plan guide -vvv --full --out text=p.txt --out json=p.json --out markdown=p.md \
                 --out html=p.html",
            )
            .exits(0),
    );
    assert!(run.stdout.contains("\\u{202e}"), "{run:?}");
    for path in ["p.txt", "p.md", "p.html"] {
        let text = is_inert_file(&world, path);
        assert!(text.contains("202e"), "{path}: {text}");
    }
    // In JSON they are escaped, and mean the same.
    let document: Value = serde_json::from_str(&is_inert_file(&world, "p.json")).unwrap();
    let names: Vec<&str> = document["unmanaged"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    for text in HOSTILE {
        assert!(
            names.iter().any(|name| name.contains(text)),
            "{text:?} in {names:?}"
        );
    }
    for format in ["text", "json", "markdown", "html"] {
        let _ = is_inert(
            world
                .steersman(&format!("plan guide --out {format}=-"))
                .exits(0),
        );
    }
}

#[test]
fn security_m4_no_line_of_a_comment_begins_with_a_command() {
    let (world, tenant) = hostile();
    let row = json!({
        "id": "/merge", "name": "/approve", "e-mail": "x@example.com", "purpose": "/close",
    });
    tenant
        .simulator()
        .with_tenant(|tenant| {
            tenant.put_account_out_of_band("Service Accounts", row.as_object().unwrap().clone())
        })
        .unwrap();
    let run = world.steersman("plan guide --out markdown=-").exits(0);
    assert!(
        !run.stdout
            .lines()
            .any(|line| line.trim_start_matches(['>', '-', ' ']).starts_with('/')),
        "{run:?}"
    );
}

#[test]
fn security_m2_apply_status_and_the_log_are_inert() {
    let (world, _tenant) = hostile();
    world.replace(
        "guide/steersman.yaml",
        "  local:",
        "  \"::lo\u{202e}cal\": {directory: x}\n  local:",
    );
    for words in [
        "status guide -vvv",
        "plan guide --only \u{202e}x",
        "apply guide --auto-approve -vvv",
        "enroll \u{1b}[2J::x guide",
        "adopt nowhere##[x]",
    ] {
        let _ = is_inert(world.steersman(words));
    }
}

#[test]
fn security_m3_diagnostics_and_file_names_are_inert() {
    let world = world!();
    for (index, text) in HOSTILE.into_iter().enumerate() {
        let name = text.replace('/', "_");
        world.write(
            &format!("spec/{index}{name}.yaml"),
            format!(
                "steersman: v1\n\"{index} {}\": x\n",
                text.replace(|hidden: char| hidden.is_control(), " ")
            ),
        );
    }
    for format in ["text", "json", "sarif"] {
        let run = is_inert(
            world
                .steersman(&format!("validate spec --format {format}"))
                .exits(1),
        );
        assert!(run.stdout.len() + run.stderr.len() > 1000, "{run:?}");
    }
    // The only lines that GitHub obeys are steersman's own, one for each problem.
    let run = world.steersman("validate spec --format github").exits(1);
    assert!(!run.stdout.is_empty());
    for line in run.stdout.lines() {
        let rest = line
            .strip_prefix("::error ")
            .or_else(|| line.strip_prefix("::warning "))
            .unwrap_or(line);
        assert_eq!(complaint(rest), None, "{line:?}");
        assert_ne!(rest, line, "{line:?}");
    }
}

#[test]
fn security_m3_words_of_the_command_line_are_inert() {
    let world = world!();
    for text in HOSTILE {
        let words = [
            vec!["validate", text],
            vec!["plan", "--out", text],
            vec![text],
            vec!["explain", text],
            vec!["apply", "--plan", text],
            vec!["validate", "--var", text],
        ];
        for words in words {
            let run = is_inert(world.steersman_words(&words));
            assert_ne!(run.code, 0, "{run:?}");
        }
    }
}

#[test]
fn security_low_adopt_writes_no_hidden_character_and_its_plan_is_empty() {
    let (world, _tenant) = hostile();
    let run = world.steersman("adopt Service_Accounts --to adopted");
    let _ = is_inert(run);
    let run = is_inert(world.steersman_words(&["adopt", "Service Accounts"]));
    assert!(run.code == 0 || run.stdout.is_empty(), "{run:?}");
    let run = is_inert(world.steersman_words(&["adopt", "Service Accounts", "--to", "adopted"]));
    if run.code == 0 {
        for (path, text) in world.everything_written() {
            if path
                .extension()
                .is_some_and(|extension| extension == "yaml")
            {
                assert_eq!(complaint(&text), None, "{}", path.display());
            }
        }
    }
}

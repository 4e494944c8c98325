//! Documents and files that would have a secret of the run in them.

use serde_json::{Value, json};
use simulator::ADMIN_CLIENT_SECRET;
use tests::{SimulatedTenant, World, world};

/// The applied guide, and a tenant whose account repeats the operator's secret.
fn repeating() -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world
        .steersman("apply guide --auto-approve --journal j.jsonl")
        .exits(0);
    tenant.simulator().with_tenant(|tenant| {
        for (id, name, purpose) in [
            ("SA-001", "audit01", format!("see {ADMIN_CLIENT_SECRET}")),
            ("SA-002", "audit02", "Another report".to_owned()),
        ] {
            let row = json!({
                "id": id, "name": name, "e-mail": "x@example.com", "purpose": purpose,
            });
            tenant
                .put_account_out_of_band("Service Accounts", row.as_object().unwrap().clone())
                .unwrap();
        }
    });
    (world, tenant)
}

#[test]
fn security_m6_adopt_declares_no_account_with_a_redacted_text() {
    let (world, _tenant) = repeating();
    let adopt = ["adopt", "Service Accounts", "--to", "out"];
    let run = world.steersman_words(&adopt).exits(0);
    let text = world.read("out/steersman.yaml");
    assert!(!text.contains(ADMIN_CLIENT_SECRET), "{}", run.shown());
    let comments: Vec<&str> = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix('#'))
        .collect();
    let comments: Vec<&str> = comments
        .iter()
        .flat_map(|line| line.split_whitespace())
        .collect();
    let comments = comments.join(" ");
    assert!(
        comments.contains("`purpose` repeats a secret of this run"),
        "{text}"
    );
    for line in text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
    {
        assert!(!line.contains("[secret]"), "{text}");
    }
    assert!(!text.contains("id: SA-001"), "{text}");
}

#[test]
fn security_f1_a_json_plan_counts_its_redactions() {
    let (world, _tenant) = repeating();
    let redactions = |words: &str| -> (u64, usize) {
        let run = world.steersman(&format!("plan guide --out json=p.json {words}"));
        let text = world.read("p.json");
        let document: Value = serde_json::from_str(&text).unwrap();
        assert!(document["redactions"].is_u64(), "{}", run.shown());
        (
            document["redactions"].as_u64().unwrap(),
            text.matches("[secret]").count(),
        )
    };
    let (counted, seen) = redactions("--out html=p.html");
    assert!(counted > 0);
    assert_eq!(usize::try_from(counted).unwrap(), seen);
    // Not more because other outputs are written, too.
    assert_eq!(redactions(""), (counted, seen));
    let other = world!();
    other.example("guide");
    let _ = other
        .steersman("plan guide --simulate --out json=p.json")
        .exits(0);
    let document: Value = serde_json::from_str(&other.read("p.json")).unwrap();
    assert_eq!(document["redactions"], 0);
}

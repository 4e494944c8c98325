//! User levels.

use crate::fake::{Fault, every_refusal};
use crate::plans::{With, known, plan, set_levels};
use crate::world::{World, failure, is_stale, lines};
use model::{Fingerprint, IdentityStatus, Plan, UserLevel};
use std::collections::BTreeSet;

fn set(levels: &[&str]) -> BTreeSet<UserLevel> {
    levels.iter().map(|level| (*level).into()).collect()
}

fn world() -> World {
    let world = World::new();
    let levels = ["HELPDESK", "CERT_ADMIN"];
    world
        .tenant
        .state()
        .add_identity("audit01", IdentityStatus::Active, &levels);
    world
}

/// Levels planned against these.
fn setting(levels: &[&str], against: &[&str]) -> Plan {
    let step = set_levels("levels/SA-001", known("audit01"), levels);
    plan(vec![step.against(Fingerprint::of(&set(against)))])
}

#[tokio::test]
async fn levels_become_exactly_what_is_planned() {
    let world = world();
    let outcome = world
        .apply(&setting(
            &["HELPDESK", "REPORT_ADMIN"],
            &["HELPDESK", "CERT_ADMIN"],
        ))
        .await;
    assert_eq!(lines(&outcome), ["levels/SA-001 done"]);
    assert_eq!(
        world.tenant.state().levels["audit01"],
        set(&["HELPDESK", "REPORT_ADMIN"])
    );
    assert_eq!(world.tenant.count("set_user_levels"), 1);
}

#[tokio::test]
async fn levels_that_somebody_has_changed_meanwhile_are_not_overwritten() {
    let world = world();
    is_stale(
        &world,
        &world
            .apply(&setting(&["REPORT_ADMIN"], &["HELPDESK"]))
            .await,
    );
    // Unless they have become what was wanted.
    let outcome = world
        .apply(&setting(&["CERT_ADMIN", "HELPDESK"], &["HELPDESK"]))
        .await;
    assert_eq!(lines(&outcome), ["levels/SA-001 done"]);
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn what_no_plan_has_shown_is_not_taken_away() {
    let world = world();
    // An account that is new, of an identity that was there before.
    let step = || set_levels("levels/SA-001", known("audit01"), &["HELPDESK"]);
    let outcome = world.apply(&plan(vec![step()])).await;
    let complaint = failure(&outcome);
    assert!(
        complaint.contains("already holds CERT_ADMIN"),
        "{complaint}"
    );
    assert_eq!(world.tenant.writes(), Vec::<String>::new());

    let mut shown = step();
    let levels = serde_json::json!(["CERT_ADMIN", "HELPDESK"]);
    shown.before = Some(model::Fields::from_iter([(
        "userLevels".to_owned(),
        levels,
    )]));
    let outcome = world.apply(&plan(vec![shown])).await;
    assert_eq!(lines(&outcome), ["levels/SA-001 done"]);
}

#[tokio::test]
async fn what_the_tenant_drops_or_keeps_in_silence_is_named() {
    let table: [(&[&str], &[&str], &str); 3] = [
        (&["REPORT_ADMIN"], &[], "ISC did not grant REPORT_ADMIN"),
        (&[], &["CERT_ADMIN"], "ISC did not remove CERT_ADMIN"),
        (
            &["REPORT_ADMIN"],
            &["CERT_ADMIN"],
            "ISC did not grant REPORT_ADMIN, and did not remove CERT_ADMIN",
        ),
    ];
    for (dropped, kept, complaint) in table {
        let world = world();
        world.tenant.state().levels_dropped = set(dropped);
        world.tenant.state().levels_kept = set(kept);
        let outcome = world
            .apply(&setting(
                &["HELPDESK", "REPORT_ADMIN"],
                &["HELPDESK", "CERT_ADMIN"],
            ))
            .await;
        assert_eq!(failure(&outcome), format!("levels/SA-001: {complaint}"));
    }
}

#[tokio::test]
async fn failures_are_told() {
    for call in ["user_levels", "set_user_levels"] {
        for kind in every_refusal() {
            let world = world();
            // A rejected write is sent once more, without comparing.
            for _ in 0..2 {
                world.tenant.on(call, Fault::Before(kind.clone()));
            }
            let outcome = world
                .apply(&setting(&[], &["HELPDESK", "CERT_ADMIN"]))
                .await;
            assert_eq!(failure(&outcome), format!("{call} audit01: {kind}"));
        }
    }
}

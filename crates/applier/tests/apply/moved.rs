//! Accounts that have other identities than when the plan was made.

use crate::fake::{Fault, Source};
use crate::plans::{SOURCE, With, delete, known, known_source, plan, set_levels, step, upsert};
use crate::world::{World, lines};
use model::{Fingerprint, IdentityStatus, Operation, RestsOn, Step, TokenChange, UserLevel};
use std::collections::BTreeSet;

/// A source with this many accounts, each of the identity of its number.
fn world(accounts: usize) -> World {
    let world = World::new();
    let mut source = Source::new("src", SOURCE, &["id", "name"]);
    for number in 0..accounts {
        let id = format!("SA-{number:03}");
        let account = source.add(&[("id", &id), ("name", &format!("svc{number}"))]);
        account.identity = Some(format!("identity-{number}").into());
    }
    let mut state = world.tenant.state();
    state.add_source(source);
    for number in 0..accounts {
        let id = format!("identity-{number}");
        state.add_identity(&id, IdentityStatus::Active, &["HELPDESK"]);
    }
    drop(state);
    world
}

/// The step rests on the identity of this number.
fn resting(mut step: Step, number: usize) -> Step {
    step.rests_on = Some(RestsOn {
        source: "src".into(),
        native_identity: format!("SA-{number:03}").into(),
        identity: Some(format!("identity-{number}").into()),
        among: None,
    });
    step
}

fn levels(number: usize) -> Step {
    let held: BTreeSet<UserLevel> = ["HELPDESK".into()].into();
    let identity = known(&format!("identity-{number}"));
    let step = set_levels(&format!("levels/{number}"), identity, &["REPORT_ADMIN"]);
    let mut step = resting(step.against(Fingerprint::of(&held)), number);
    let before = serde_json::json!(["HELPDESK"]);
    step.before = Some(model::Fields::from_iter([(
        "userLevels".to_owned(),
        before,
    )]));
    step
}

/// An admin gives the account of this number another identity, or none, or deletes it.
fn move_to(world: &World, number: usize, identity: Option<&str>) {
    let mut state = world.tenant.state();
    state.source("src").accounts[number].identity = identity.map(Into::into);
}

#[tokio::test]
async fn a_step_is_refused_where_the_account_has_another_identity_and_the_others_go_on() {
    for (now, told) in [(Some("jane"), "identity jane"), (None, "none")] {
        let world = world(3);
        move_to(&world, 1, now);
        let token = world
            .tenant
            .state()
            .add_token("identity-1", "old", &[])
            .clone();
        let revocation = step(
            "token/1/old",
            Operation::RevokeToken {
                token: token.id.clone(),
                owner: "identity-1".into(),
                kept_in: None,
            },
        )
        .against(token.fingerprint());
        let steps = vec![levels(0), levels(1), levels(2), resting(revocation, 1)];
        let outcome = world.apply(&plan(steps)).await;
        let failed = format!(
            "failed: account SA-001 had identity identity-1 when the plan was made, and has {told} now"
        );
        assert_eq!(
            lines(&outcome),
            [
                "levels/0 done".to_owned(),
                format!("levels/1 {failed}"),
                "levels/2 done".to_owned(),
                format!("token/1/old {failed}"),
            ]
        );
        assert_eq!(world.tenant.count("set_user_levels"), 2);
        assert_eq!(world.tenant.count("revoke_token"), 0);
    }
}

#[tokio::test]
async fn an_account_that_is_not_listed_is_not_known_to_have_its_identity() {
    let world = world(2);
    let _ = world.tenant.state().source("src").accounts.remove(1);
    let outcome = world.apply(&plan(vec![levels(0), levels(1)])).await;
    let lines = lines(&outcome);
    assert_eq!(lines[0], "levels/0 done");
    assert!(
        lines[1].starts_with("levels/1 failed: cannot read all of account SA-001"),
        "{}",
        lines[1]
    );
}

#[tokio::test]
async fn accounts_are_read_together() {
    for (accounts, requests) in [(1, 1), (250, 1), (1_000, 1), (1_001, 2)] {
        let world = world(accounts);
        let outcome = world
            .apply(&plan((0..accounts).map(levels).collect()))
            .await;
        assert!(outcome.all_done(), "{:?}", lines(&outcome));
        assert_eq!(world.tenant.count("accounts_among"), requests, "{accounts}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_read_half_a_minute_ago_is_read_again() {
    let mut world = world(120);
    world.options.parallelism = 1;
    // The second write takes a minute.
    world.tenant.on("set_user_levels", Fault::Pass);
    world.tenant.on(
        "set_user_levels",
        Fault::Slow(std::time::Duration::from_mins(1)),
    );
    let outcome = world.apply(&plan((0..100).map(levels).collect())).await;
    assert!(outcome.all_done(), "{:?}", lines(&outcome));
    assert_eq!(world.tenant.count("accounts_among"), 2);
}

/// The tokens of so many accounts get other scopes, each by its owner.
async fn narrowed(world: &World, accounts: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    for number in 0..accounts {
        let owner = format!("identity-{number}");
        let issuer = world.enroll(&owner, &format!("issuer-{number}")).await;
        let name = format!("job-{number}");
        let token = world.tenant.state().add_token(&owner, &name, &[]).clone();
        let change = Operation::UpdateToken {
            token: token.id.clone(),
            issuer,
            change: TokenChange {
                scopes: Some(["sp:search:read".into()].into()),
                expires: None,
            },
        };
        let step = step(&format!("token/{number}/{name}"), change);
        steps.push(resting(step.against(token.fingerprint()), number));
    }
    steps
}

#[tokio::test(start_paused = true)]
async fn owners_need_no_list_but_that_of_the_plan() {
    /// Whether the plan has an import, how long ago its reading ended, and how many lists
    /// the apply reads.
    const CASES: [(bool, Option<u64>, usize); 6] = [
        (false, None, 1),
        (false, Some(0), 0),
        (false, Some(30), 0),
        (false, Some(31), 1),
        (true, Some(0), 1),
        (true, None, 1),
    ];
    for (imports, read, lists) in CASES {
        let mut world = world(12);
        let mut steps = narrowed(&world, 10).await;
        if imports {
            steps.push(upsert(known_source(), "SA-900", &[("name", "zoe")]));
        }
        let now = tokio::time::Instant::now();
        world.options.read_at = read.map(|_| now);
        tokio::time::advance(std::time::Duration::from_secs(read.unwrap_or_default())).await;
        let outcome = world.apply(&plan(steps)).await;
        assert!(outcome.all_done(), "{:?}", lines(&outcome));
        let case = format!("{imports} {read:?}");
        assert_eq!(world.tenant.count("accounts_among"), lists, "{case}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_lasts_for_owners_ten_minutes() {
    for (minutes, lists) in [(9, 1), (10, 2)] {
        let mut world = world(12);
        world.options.parallelism = 1;
        let steps = narrowed(&world, 10).await;
        world.tenant.on("update_token", Fault::Pass);
        let slow = Fault::Slow(std::time::Duration::from_mins(minutes));
        world.tenant.on("update_token", slow);
        let outcome = world.apply(&plan(steps)).await;
        assert!(outcome.all_done(), "{:?}", lines(&outcome));
        assert_eq!(world.tenant.count("accounts_among"), lists, "{minutes}");
    }
}

#[tokio::test]
async fn a_row_that_has_another_identity_by_now_stays_and_the_import_goes_on() {
    let world = world(3);
    move_to(&world, 1, Some("jane"));
    let against = |number: usize| {
        let mut state = world.tenant.state();
        state.source("src").accounts[number].fingerprint()
    };
    let steps = vec![
        resting(delete("SA-000").against(against(0)), 0),
        resting(delete("SA-001").against(against(1)), 1),
        upsert(known_source(), "SA-900", &[("name", "zoe")]),
    ];
    assert!(matches!(steps[0].operation, Operation::ImportRow { .. }));
    let outcome = world.apply(&plan(steps)).await;
    assert_eq!(
        lines(&outcome),
        [
            "account/SA-000 done",
            "account/SA-001 failed: account SA-001 had identity identity-1 when the plan was made, and has identity jane now",
            "account/SA-900 done",
        ]
    );
    let mut state = world.tenant.state();
    let source = state.source("src");
    let there = |id: &str| source.account(id).is_some();
    assert!(!there("SA-000") && there("SA-001") && there("SA-002") && there("SA-900"));
}

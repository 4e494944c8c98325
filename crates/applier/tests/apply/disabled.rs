//! Tokens that are disabled: as their owner, as an admin, and where neither may.

use crate::fake::{Fault, unknown};
use crate::plans::{With, plan, step};
use crate::world::{World, failure, lines, only};
use model::{Fingerprint, Operation, Plan, StepResult, StoreKey, TenantErrorKind};

async fn world() -> (World, StoreKey, Fingerprint) {
    let world = World::new();
    let issuer = world.enroll("audit01", "issuer").await;
    let fingerprint = {
        let mut state = world.tenant.state();
        state
            .add_token("audit01", "report", &["sp:report:read"])
            .fingerprint()
    };
    (world, issuer, fingerprint)
}

fn disabling(issuer: Option<&StoreKey>, world: &World, fingerprint: &Fingerprint) -> Plan {
    let owner = world.tenant.state().tokens[1].owner.clone();
    let operation = Operation::DisableToken {
        token: "pat-report".into(),
        owner,
        issuer: issuer.cloned(),
    };
    plan(vec![
        step("token/SA-001/report", operation).against(fingerprint.clone()),
    ])
}

#[tokio::test]
async fn a_token_ends_a_minute_later_as_owner_and_as_admin() {
    for as_owner in [true, false] {
        let (world, issuer, fingerprint) = world().await;
        let before = world.tenant.state().tokens[1].expires;
        let plan = disabling(as_owner.then_some(&issuer), &world, &fingerprint);
        let found = lines(&world.apply(&plan).await);
        assert!(
            found[0].starts_with("token/SA-001/report done (it ends at "),
            "{found:?}"
        );
        let after = world.tenant.state().tokens[1].expires;
        assert!(after.is_some() && after != before, "{after:?}");
        // What it was planned against is no more.
        let again = failure(&world.apply(&plan).await);
        assert!(
            again.ends_with("has changed since the plan was made"),
            "{again}"
        );
    }
}

#[tokio::test]
async fn where_no_admin_can_the_next_action_is_named() {
    let forbidden = || TenantErrorKind::Forbidden {
        text: "no".to_owned(),
        tracking_id: None,
        call: None,
    };
    let not_found = || TenantErrorKind::NotFound {
        text: "no".to_owned(),
        tracking_id: None,
    };
    for (kind, says, help) in [
        (
            not_found(),
            "this tenant has no bulk update",
            "token revoke",
        ),
        (
            forbidden(),
            "this admin may not",
            "idn:all-personal-access-tokens:update",
        ),
    ] {
        let (world, _, fingerprint) = world().await;
        let before = world.tenant.state().tokens[1].clone();
        world.tenant.on("disable_token", Fault::Before(kind));
        let outcome = world.apply(&disabling(None, &world, &fingerprint)).await;
        let StepResult::Failed {
            error,
            help: Some(advice),
        } = only(&outcome)
        else {
            panic!("{:?}", lines(&outcome));
        };
        assert!(error.contains(says), "{error}");
        assert!(advice.contains(help), "{advice}");
        assert_eq!(world.tenant.state().tokens[1], before);
    }
    let (world, _, fingerprint) = world().await;
    world.tenant.on("disable_token", Fault::After(unknown()));
    let found = lines(&world.apply(&disabling(None, &world, &fingerprint)).await);
    assert!(found[0].contains("not verified"), "{found:?}");
}

//! Tokens replaced by new ones of the same name.

use crate::fake::{Fault, every_refusal, unknown};
use crate::plans::{With, new_token, plan, replace};
use crate::world::{World, failure, is_stale, lines, local};
use model::{Fingerprint, Plan, StoreKey};

const RETIRED: &str = "report~retiring-20260302";

struct Setting {
    world: World,
    issuer: StoreKey,
    old: Fingerprint,
}

/// A token `report` whose secret is in the store.
async fn setting() -> Setting {
    let world = World::new();
    let issuer = world.enroll("audit01", "issuer").await;
    let old = {
        let mut state = world.tenant.state();
        state
            .add_token("audit01", "report", &["sp:report:read"])
            .fingerprint()
    };
    world
        .deliver(&local("report"), "pat-report", "s3cr3t-of-report")
        .await;
    Setting { world, issuer, old }
}

impl Setting {
    fn plan(&self, retire_as: Option<&str>) -> Plan {
        let mut new = new_token("report", &self.issuer);
        new.overwrites = Some("pat-report".into());
        let step = replace("pat-report", retire_as, new);
        plan(vec![step.against(self.old.clone())])
    }
}

#[tokio::test]
async fn the_old_token_is_renamed_and_the_new_one_takes_its_name() {
    let setting = setting().await;
    let outcome = setting.world.apply(&setting.plan(Some(RETIRED))).await;
    assert_eq!(
        lines(&outcome),
        [format!(
            "token/SA-001/report done (secret delivered to local:report; the old token is kept as {RETIRED})"
        )]
    );
    assert_eq!(
        setting.world.tenant.writes(),
        [
            format!("update_token pat-report name={RETIRED}"),
            "mint_token report".to_owned()
        ]
    );
    assert_eq!(
        setting.world.tenant.state().token_names(),
        ["issuer", "report", RETIRED]
    );
    assert_eq!(
        setting.world.delivered(&local("report")).await.unwrap(),
        "pat-report-1"
    );
}

#[tokio::test]
async fn a_new_token_that_cannot_sign_in_is_revoked_before_anything_is_delivered() {
    let setting = setting().await;
    // The issuer signs in first.
    setting.world.tenant.on("identity_behind", Fault::Pass);
    let refused = Fault::Before(model::TenantErrorKind::Unauthenticated {
        text: "invalid_client".to_owned(),
    });
    setting.world.tenant.on("identity_behind", refused);
    let outcome = setting.world.apply(&setting.plan(Some(RETIRED))).await;
    let failed = failure(&outcome);
    assert!(
        failed.starts_with("the new token report: signing in with it failed"),
        "{failed}"
    );
    assert_eq!(
        setting.world.tenant.writes(),
        [
            format!("update_token pat-report name={RETIRED}"),
            "mint_token report".to_owned(),
            "revoke_token pat-report-1".to_owned(),
            "update_token pat-report name=report".to_owned(),
        ]
    );
    let delivered = setting.world.delivered(&local("report")).await.unwrap();
    assert_eq!(delivered, "pat-report");
}

#[tokio::test]
async fn a_token_that_is_of_no_use_is_revoked_first() {
    let setting = setting().await;
    assert!(setting.world.apply(&setting.plan(None)).await.all_done());
    assert_eq!(
        setting.world.tenant.writes(),
        ["revoke_token pat-report", "mint_token report"]
    );
}

#[tokio::test]
async fn a_token_that_is_not_as_it_was_planned_against_is_not_touched() {
    for retire_as in [Some(RETIRED), None] {
        let setting = setting().await;
        setting.world.tenant.state().tokens[1].scopes.clear();
        is_stale(
            &setting.world,
            &setting.world.apply(&setting.plan(retire_as)).await,
        );
        setting.world.tenant.state().tokens.pop();
        is_stale(
            &setting.world,
            &setting.world.apply(&setting.plan(retire_as)).await,
        );
    }
}

#[tokio::test]
async fn nothing_is_renamed_where_the_secret_could_not_be_delivered() {
    let setting = setting().await;
    fs_err::remove_file(setting.world.path("secrets/report")).unwrap();
    fs_err::create_dir(setting.world.path("secrets/report")).unwrap();
    let outcome = setting.world.apply(&setting.plan(Some(RETIRED))).await;
    assert!(failure(&outcome).starts_with("no token was created"));
    assert_eq!(setting.world.tenant.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_renamed_where_the_name_or_the_last_slot_is_taken() {
    let setting = setting().await;
    setting
        .world
        .tenant
        .state()
        .add_token("audit01", RETIRED, &[]);
    let outcome = setting.world.apply(&setting.plan(Some(RETIRED))).await;
    assert_eq!(
        failure(&outcome),
        format!(
            "cannot rename the old token to {RETIRED}: audit01 already has a token of that name"
        )
    );
    assert_eq!(setting.world.tenant.writes(), Vec::<String>::new());

    let setting = self::setting().await;
    for number in 0..8 {
        setting
            .world
            .tenant
            .state()
            .add_token("audit01", &format!("more-{number}"), &[]);
    }
    let outcome = setting.world.apply(&setting.plan(Some(RETIRED))).await;
    assert_eq!(
        failure(&outcome),
        "audit01 has 10 tokens, and ISC allows 10"
    );
    assert_eq!(setting.world.tenant.writes(), Vec::<String>::new());

    // Where the old one is revoked first, that makes room.
    assert!(setting.world.apply(&setting.plan(None)).await.all_done());
}

#[tokio::test]
async fn the_old_token_gets_its_name_back_where_minting_fails() {
    for fault in every_refusal()
        .into_iter()
        .map(Fault::Before)
        .chain([Fault::Before(unknown()), Fault::After(unknown())])
    {
        let setting = setting().await;
        setting.world.tenant.on("mint_token", fault);
        let outcome = setting.world.apply(&setting.plan(Some(RETIRED))).await;
        let _ = failure(&outcome);
        assert_eq!(
            setting.world.tenant.state().token_names(),
            ["issuer", "report"]
        );
        assert_eq!(
            setting.world.tenant.state().tokens[1].id.as_str(),
            "pat-report"
        );
        assert_eq!(
            setting.world.delivered(&local("report")).await.unwrap(),
            "pat-report"
        );
        assert_eq!(outcome.notices, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_name_that_cannot_be_given_back_is_told() {
    let setting = setting().await;
    setting
        .world
        .tenant
        .on("mint_token", Fault::Before(every_refusal().remove(3)));
    setting.world.tenant.on("update_token", Fault::Pass);
    setting
        .world
        .tenant
        .on("update_token", Fault::Before(every_refusal().remove(4)));
    let outcome = setting.world.apply(&setting.plan(Some(RETIRED))).await;
    assert!(failure(&outcome).starts_with("mint_token report: not accepted"));
    let [notice] = outcome.notices.as_slice() else {
        panic!("{:?}", outcome.notices);
    };
    assert!(
        notice.starts_with(&format!(
            "token/SA-001/report: the old token is still valid, but is now named {RETIRED}: "
        )),
        "{notice}"
    );
}

#[tokio::test]
async fn a_new_token_that_was_delivered_keeps_its_name_whatever_reading_back_says() {
    let setting = setting().await;
    setting.world.tenant.on("tokens_of", Fault::Pass);
    setting
        .world
        .tenant
        .on("tokens_of", Fault::Before(every_refusal().remove(4)));
    let outcome = setting.world.apply(&setting.plan(Some(RETIRED))).await;
    assert!(failure(&outcome).starts_with("tokens_of audit01: no success after 5 attempts"));
    assert_eq!(outcome.notices, Vec::<String>::new());
    assert_eq!(
        setting.world.tenant.state().token_names(),
        ["issuer", "report", RETIRED]
    );
    assert_eq!(
        setting.world.delivered(&local("report")).await.unwrap(),
        "pat-report-1"
    );
    assert_eq!(setting.world.tenant.count("update_token"), 1);
}

#[tokio::test]
async fn where_renaming_or_revoking_fails_nothing_is_minted() {
    for (retire_as, call) in [(Some(RETIRED), "update_token"), (None, "revoke_token")] {
        for kind in every_refusal().into_iter().chain([unknown()]) {
            let setting = setting().await;
            setting.world.tenant.on(call, Fault::Before(kind.clone()));
            let outcome = setting.world.apply(&setting.plan(retire_as)).await;
            assert!(failure(&outcome).contains(&kind.to_string()));
            assert_eq!(setting.world.tenant.count("mint_token"), 0);
            assert_eq!(
                setting.world.tenant.state().token_names(),
                ["issuer", "report"]
            );
        }
    }
}

//! Tokens: minted only where their secret can be delivered, and never left
//! behind without it.

use crate::fake::{Fault, every_refusal, unknown};
use crate::plans::{mint, new_token, plan};
use crate::world::{World, failure, is_stale, lines, local, place};
use applier::MintIntent;
use model::{NewToken, Outcome, StepResult, StoreKey};

/// A world with an issuer of `audit01` in the store.
async fn world() -> (World, StoreKey) {
    let world = World::new();
    let issuer = world.enroll("audit01", "issuer").await;
    (world, issuer)
}

async fn apply(world: &World, new: NewToken) -> Outcome {
    world.apply(&plan(vec![mint(new)])).await
}

fn help(outcome: &Outcome) -> Option<&str> {
    match &outcome.steps[0].result {
        StepResult::Failed { help, .. } => help.as_deref(),
        other => panic!("{other:?} is no failure"),
    }
}

/// What stands in the way of the secret's file.
fn obstruct(world: &World, key: &str) -> Fault {
    let path = world.path("secrets").join(key);
    Fault::meanwhile(move |_| fs_err::create_dir(path).unwrap())
}

#[tokio::test]
async fn a_token_is_minted_and_its_secret_delivered() {
    let (world, issuer) = world().await;
    let outcome = apply(&world, new_token("report", &issuer)).await;
    assert_eq!(
        lines(&outcome),
        ["token/SA-001/report done (secret delivered to local:report)"]
    );
    assert_eq!(world.tenant.writes(), ["mint_token report"]);
    assert_eq!(
        world.delivered(&local("report")).await.unwrap(),
        "pat-report-1"
    );
    assert_eq!(world.journal().unfinished(), []);
}

#[tokio::test]
async fn nothing_is_minted_where_the_secret_could_not_be_delivered() {
    let (world, issuer) = world().await;
    fs_err::create_dir(world.path("secrets/report")).unwrap();
    let outcome = apply(&world, new_token("report", &issuer)).await;
    let error = failure(&outcome);
    assert!(
        error.starts_with(
            "no token was created, because no secret can be delivered to local:report: "
        ),
        "{error}"
    );
    assert_eq!(
        world.tenant.calls(),
        Vec::<String>::new(),
        "the tenant was not asked for anything"
    );
    assert_eq!(world.journal_text(), "");
}

#[tokio::test]
async fn nothing_is_minted_with_an_issuer_that_is_not_the_accounts_own() {
    let (world, _) = world().await;
    let stranger = world.enroll("stranger", "other").await;
    let outcome = apply(&world, new_token("report", &stranger)).await;
    assert_eq!(
        failure(&outcome),
        "the issuer token at local:other belongs to identity stranger, but audit01 is identity audit01"
    );
    assert_eq!(help(&outcome), Some("store a token of audit01 there"));
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_minted_without_an_issuer_that_works() {
    let (world, _) = world().await;
    let outcome = apply(&world, new_token("report", &local("nowhere"))).await;
    assert_eq!(
        failure(&outcome),
        "local:nowhere no longer has an issuer token"
    );

    fs_err::write(world.path("secrets/broken"), "s3cr3t-of-issuer").unwrap();
    let outcome = apply(&world, new_token("report", &local("broken"))).await;
    assert!(failure(&outcome).starts_with("cannot read the issuer token from local:broken: "));

    world
        .deliver(&local("dead"), "pat-issuer", "s3cr3t-of-yesterday")
        .await;
    let outcome = apply(&world, new_token("report", &local("dead"))).await;
    assert_eq!(
        failure(&outcome),
        "identity_behind pat-issuer: not signed in (401): bad credentials"
    );
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_minted_under_a_name_that_is_taken() {
    let (world, issuer) = world().await;
    world.tenant.state().add_token("audit01", "report", &[]);
    is_stale(&world, &apply(&world, new_token("report", &issuer)).await);
    // Somebody else's token of that name is another one.
    let (world, issuer) = self::world().await;
    world.tenant.state().add_token("stranger", "report", &[]);
    assert!(apply(&world, new_token("report", &issuer)).await.all_done());
}

#[tokio::test]
async fn nothing_is_minted_where_no_slot_is_free() {
    let (world, issuer) = world().await;
    for number in 0..9 {
        world
            .tenant
            .state()
            .add_token("audit01", &format!("more-{number}"), &[]);
    }
    let outcome = apply(&world, new_token("report", &issuer)).await;
    assert_eq!(
        failure(&outcome),
        "audit01 has 10 tokens, and ISC allows 10"
    );
    assert_eq!(
        help(&outcome),
        Some("revoke a token that is no longer needed")
    );
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_refused_mint_fails_and_is_concluded() {
    for kind in every_refusal() {
        let (world, issuer) = world().await;
        world.tenant.on("mint_token", Fault::Before(kind.clone()));
        let outcome = apply(&world, new_token("report", &issuer)).await;
        assert_eq!(failure(&outcome), format!("mint_token report: {kind}"));
        assert_eq!(world.tenant.writes(), ["mint_token report"]);
        assert_eq!(world.journal().unfinished(), []);
        assert!(world.delivered(&local("report")).await.is_none());
    }
}

#[tokio::test]
async fn a_token_whose_secret_could_not_be_delivered_is_revoked_at_once() {
    let (world, issuer) = world().await;
    world.tenant.on("mint_token", obstruct(&world, "report"));
    let outcome = apply(&world, new_token("report", &issuer)).await;
    let error = failure(&outcome);
    assert!(
        error.starts_with("the new token was revoked, because it is not known what its delivery would overwrite: cannot read local:report: "),
        "{error}"
    );
    assert_eq!(
        world.tenant.writes(),
        ["mint_token report", "revoke_token pat-report-1"]
    );
    assert_eq!(world.tenant.state().token_names(), ["issuer"]);
    assert_eq!(outcome.notices, Vec::<String>::new());
    assert_eq!(world.journal().unfinished(), []);
}

#[tokio::test]
async fn a_store_that_gives_back_something_else_has_not_taken_the_secret() {
    for store in ["forgetful", "half"] {
        let (world, issuer) = world().await;
        let mut new = new_token("report", &issuer);
        new.deliver = place(store, "report");
        let outcome = apply(&world, new).await;
        assert_eq!(
            failure(&outcome),
            format!("{store}:report: the store returns a different secret than was delivered")
        );
        assert_eq!(world.tenant.state().token_names(), ["issuer"]);
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_revoked_either_is_told_and_stays_in_the_journal() {
    for kind in every_refusal().into_iter().chain([unknown()]) {
        let (world, issuer) = world().await;
        world.tenant.on("mint_token", obstruct(&world, "report"));
        world.tenant.on("revoke_token", Fault::Before(kind.clone()));
        let outcome = apply(&world, new_token("report", &issuer)).await;
        assert!(failure(&outcome).contains("cannot read local:report: "));
        let [notice] = outcome.notices.as_slice() else {
            panic!("{:?}", outcome.notices);
        };
        assert!(
            notice.starts_with(
                "token/SA-001/report: orphaned token report (pat-report-1) of audit01: "
            ),
            "{notice}"
        );
        assert!(notice.contains(&kind.to_string()), "{notice}");
        let unfinished = world.journal().unfinished();
        let mut intents: Vec<_> = unfinished
            .into_iter()
            .map(|unfinished| unfinished.intent)
            .collect();
        // It depends on the folder of the test.
        for intent in &mut intents {
            assert!(intent.target.take().is_some());
        }
        assert_eq!(
            intents,
            [MintIntent {
                owner: "audit01".into(),
                token: "report".into(),
                deliver: local("report"),
                target: None,
                since: Some("2026-03-01T00:00:00Z".parse().unwrap()),
                declared: Some(model::Digest::of_bytes(b"declared")),
            }]
        );
    }
}

#[tokio::test]
async fn an_answer_that_was_lost_leaves_no_token_behind() {
    let (world, issuer) = world().await;
    world.tenant.on("mint_token", Fault::After(unknown()));
    let outcome = apply(&world, new_token("report", &issuer)).await;
    assert_eq!(
        failure(&outcome),
        "the response with the secret of report was lost, so the token was revoked"
    );
    assert_eq!(
        help(&outcome),
        Some("run `steersman apply` again to create it")
    );
    assert_eq!(
        world.tenant.writes(),
        ["mint_token report", "revoke_token pat-report-1"]
    );
    assert_eq!(world.journal().unfinished(), []);
    assert!(apply(&world, new_token("report", &issuer)).await.all_done());
}

#[tokio::test]
async fn an_answer_that_was_lost_without_an_effect_is_a_plain_error() {
    for looking in [Fault::Pass, Fault::Before(every_refusal().remove(4))] {
        let (world, issuer) = world().await;
        world.tenant.on("mint_token", Fault::Before(unknown()));
        world.tenant.on("tokens_of", Fault::Pass);
        world.tenant.on("tokens_of", looking);
        let outcome = apply(&world, new_token("report", &issuer)).await;
        assert!(failure(&outcome).contains("whether it took effect is not known"));
        assert_eq!(
            world.tenant.writes(),
            ["mint_token report"],
            "never sent twice"
        );
        // It may still appear: the next run looks.
        assert_eq!(world.journal().unfinished().len(), 1);
        assert!(apply(&world, new_token("report", &issuer)).await.all_done());
        assert_eq!(world.journal().unfinished(), []);
    }
}

#[tokio::test]
async fn an_answer_that_was_lost_and_a_token_that_cannot_be_revoked() {
    let (world, issuer) = world().await;
    world.tenant.on("mint_token", Fault::After(unknown()));
    world
        .tenant
        .on("revoke_token", Fault::Before(every_refusal().remove(1)));
    let outcome = apply(&world, new_token("report", &issuer)).await;
    assert!(failure(&outcome).contains("whether it took effect is not known"));
    assert!(
        outcome.notices[0].contains("orphaned token"),
        "{:?}",
        outcome.notices
    );
    assert_eq!(world.journal().unfinished().len(), 1);
}

#[tokio::test]
async fn what_was_minted_otherwise_is_found_out_and_keeps_its_secret() {
    type Change = fn(&mut crate::fake::State);
    let changes: [(&str, Change); 3] = [
        ("the new token has other scopes than requested", |state| {
            state.tokens[1].scopes.clear();
        }),
        ("the new token never expires, unlike requested", |state| {
            state.tokens[1].expires = None;
        }),
        ("the new token is not in the list of tokens", |state| {
            state.tokens.pop();
        }),
    ];
    for (complaint, change) in changes {
        let (world, issuer) = world().await;
        world.tenant.on("tokens_of", Fault::Pass);
        world.tenant.on("tokens_of", Fault::meanwhile(change));
        let outcome = apply(&world, new_token("report", &issuer)).await;
        assert_eq!(
            failure(&outcome),
            format!("token/SA-001/report: {complaint}")
        );
        assert_eq!(
            world.delivered(&local("report")).await.unwrap(),
            "pat-report-1"
        );
    }
}

#[tokio::test]
async fn a_secret_that_was_there_before_is_put_back_where_a_delivery_fails() {
    let (world, issuer) = world().await;
    let mut new = new_token("report", &issuer);
    new.deliver = place("program", "report");
    new.overwrites = Some("in-use".into());
    world
        .deliver(&new.deliver, "in-use", "s3cr3t-of-old-token")
        .await;
    fs_err::write(world.path("programs/failing"), "").unwrap();
    let outcome = apply(&world, new.clone()).await;
    assert!(failure(&outcome).starts_with("cannot deliver the secret to program:report: "));
    assert_eq!(world.delivered(&new.deliver).await.unwrap(), "in-use");
    assert_eq!(world.tenant.state().token_names(), ["issuer"]);
    assert_eq!(outcome.notices, Vec::<String>::new());
}

#[tokio::test]
async fn a_secret_that_was_there_before_and_cannot_be_put_back_is_told() {
    let (world, issuer) = world().await;
    let mut new = new_token("report", &issuer);
    new.deliver = place("program", "report");
    new.overwrites = Some("in-use".into());
    world
        .deliver(&new.deliver, "in-use", "s3cr3t-of-old-token")
        .await;
    fs_err::create_dir(world.path("programs/failing")).unwrap();
    let outcome = apply(&world, new).await;
    assert!(failure(&outcome).starts_with("cannot deliver the secret to program:report: "));
    let [notice] = outcome.notices.as_slice() else {
        panic!("{:?}", outcome.notices);
    };
    assert!(
        notice.starts_with("token/SA-001/report: which secret program:report holds could not be read, so the new token report (pat-report-1) of audit01 stays valid beside the old one; "),
        "{notice}"
    );
    // No place may have the secret of a revoked token, and the next run looks again.
    assert_eq!(world.tenant.state().token_names(), ["issuer", "report"]);
    assert_eq!(world.journal().unfinished().len(), 1);
}

#[tokio::test]
async fn apply_04_a_token_that_another_run_delivered_is_left_alone() {
    // The answer is lost before an effect; meanwhile another run mints the token.
    for is_delivered in [true, false] {
        let (world, issuer) = world().await;
        if is_delivered {
            world
                .deliver(&local("report"), "pat-report", "s3cr3t-of-report")
                .await;
        }
        world.tenant.on("mint_token", Fault::Before(unknown()));
        world.tenant.on("tokens_of", Fault::Pass);
        world.tenant.on(
            "tokens_of",
            Fault::meanwhile(move |state| {
                state.add_token("audit01", "report", &["sp:report:read"]);
                let created = if is_delivered {
                    "2026-03-01T00:00:05Z"
                } else {
                    // A listing of a moment ago did not have it yet.
                    "2026-02-01T00:00:00Z"
                };
                state.tokens[1].created = created.parse().unwrap();
            }),
        );
        let mut new = new_token("report", &issuer);
        new.overwrites = Some("pat-report".into());
        let outcome = apply(&world, new).await;
        assert!(!outcome.all_done());
        assert_eq!(world.tenant.writes(), ["mint_token report"]);
        assert_eq!(
            failure(&outcome).contains("another run delivered the token"),
            is_delivered,
            "{}",
            failure(&outcome)
        );
    }
}

#[tokio::test]
async fn security_m8_a_foreign_secret_is_not_overwritten() {
    let foreign = r#"{"clientId":"x","clientSecret":"s3cr3t-of-x-of-another","baseUrl":"https://other.example.com"}"#;
    for (text, words) in [
        (
            foreign,
            "it is for the tenant https://other.example.com, this run is for https://acme",
        ),
        (
            r#"{"clientId":"x","clientSecret":"s3cr3t-of-x-of-another","token":"nightly"}"#,
            "it is of token nightly, this token is report",
        ),
        // It may be the secret of anything.
        (
            r#"{"clientId":"x","clientSecret":"s3cr3t-of-x-of-another"}"#,
            "it was not there when the plan was made",
        ),
        (
            "not JSON: s3cr3t",
            "it is not known what a delivery would overwrite",
        ),
    ] {
        let (world, issuer) = world().await;
        fs_err::write(world.path("secrets/report"), text).unwrap();
        let outcome = apply(&world, new_token("report", &issuer)).await;
        let failure = failure(&outcome);
        assert!(failure.contains(words), "{failure}");
        assert!(!failure.contains("s3cr3t"), "{failure}");
        assert_eq!(world.tenant.writes(), Vec::<String>::new());
        assert_eq!(
            fs_err::read_to_string(world.path("secrets/report")).unwrap(),
            text
        );
    }
    // An issuer of another tenant is not sent to this one.
    let (world, issuer) = world().await;
    fs_err::write(world.path("secrets/issuer"), foreign).unwrap();
    let outcome = apply(&world, new_token("report", &issuer)).await;
    assert!(failure(&outcome).contains("https://other.example.com"));
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_secret_that_another_run_delivers_meanwhile_is_not_overwritten() {
    let (world, issuer) = world().await;
    let (from, to) = (world.path("secrets/issuer"), world.path("secrets/report"));
    let act = move |_: &mut crate::fake::State| {
        let _ = fs_err::copy(from, to).unwrap();
    };
    world.tenant.on("mint_token", Fault::meanwhile(act));
    let outcome = apply(&world, new_token("report", &issuer)).await;
    assert_eq!(
        failure(&outcome),
        "another run delivered a secret to local:report meanwhile, so the new token is revoked"
    );
    assert_eq!(
        world.delivered(&local("report")).await,
        world.delivered(&issuer).await
    );
    let tokens = world.tenant.state().tokens.len();
    assert_eq!(tokens, 1, "the issuer alone");
}

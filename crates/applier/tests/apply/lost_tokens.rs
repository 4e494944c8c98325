//! Tokens that an earlier run made and whose secret never reached its store.

use crate::fake::{Fault, every_refusal};
use crate::plans::{create_source, mint, new_token, plan};
use crate::world::{World, local};
use applier::lost_tokens;
use model::{
    AccountSpec, Caller, Collection, Incomplete, IncompleteReason, Live, LiveAccount, LiveSource,
    Previously, Spec, StoreKey, TokenId, TokenLifetime, TokenSpec,
};
use std::collections::BTreeSet;

/// A spec with the token `report` of `audit01`, delivered there.
fn spec(deliver: StoreKey) -> Spec {
    let token = TokenSpec {
        name: "report".into(),
        scopes: [].into(),
        calls: Vec::new(),
        access_token_validity: None,
        expires: TokenLifetime::Never,
        rotate: None,
        overlap: model::Overlap::default(),
        rotation: 0,
        purpose: None,
        owners: Vec::new(),
        deliver,
        form: model::DeliveredForm::Json,
    };
    let account = AccountSpec {
        issuer_life: None,
        key: "SA-001".into(),
        source: "Service Accounts".into(),
        name: "audit01".into(),
        row: None,
        user_levels: None,
        tokens: Some([(token.name.clone(), token)].into_iter().collect()),
        issuer: Some(local("issuer")),
        previously: Previously::default(),
        identity: None,
    };
    Spec {
        accounts: [(account.key.clone(), account)].into(),
        ..Spec::default()
    }
}

fn live_source() -> LiveSource {
    let account = LiveAccount {
        id: "account".into(),
        native_identity: "SA-001".into(),
        name: "audit01".into(),
        cells: [].into(),
        identity: Some("audit01".into()),
        manually_correlated: None,
        is_machine: None,
        several: BTreeSet::new(),
        created: None,
    };
    LiveSource {
        id: "src".into(),
        name: "Service Accounts".into(),
        kind: LiveSource::DELIMITED_FILE.to_owned(),
        owner: None,
        description: None,
        delete_threshold: None,
        connector_delete_threshold: None,
        file: model::FileSettings::default(),
        never_read: false,
        raised_from: None,
        aggregations: model::Aggregations::NotAsked,
        schema: Collection::Complete(None),
        accounts: Collection::Complete(vec![account]),
        profile: Collection::Complete(None),
    }
}

/// The tenant as a survey finds it, as far as it matters here.
fn live(world: &World) -> Live {
    Live {
        observed_at: "2026-03-01T00:00:00Z".parse().unwrap(),
        tenant: "https://acme.api.identitynow.com".to_owned(),
        caller: Caller {
            client_id: "admin".into(),
            identity: None,
            user_name: None,
            authorities: BTreeSet::new(),
            is_api_client: false,
        },
        owners: [].into(),
        inactive_owners: [].into(),
        similar_owners: [].into(),
        sources: [(
            "Service Accounts".into(),
            Collection::Complete(Some(live_source())),
        )]
        .into(),
        profiles: model::Collection::Complete(Vec::new()),
        custom_levels: Collection::Complete(BTreeSet::new()),
        identities: [].into(),
        names: [].into(),
        makers: [].into(),
        user_names: [].into(),
        listed_levels: [].into(),
        levels: [].into(),
        tokens: Collection::Complete(world.tenant.state().tokens.clone()),
        stores: model::StoreFacts::default(),
        requests: 0,
    }
}

async fn lost(world: &World) -> BTreeSet<TokenId> {
    lost_as_declared(world, local("report")).await
}

async fn lost_as_declared(world: &World, deliver: StoreKey) -> BTreeSet<TokenId> {
    lost_tokens(
        &spec(deliver),
        &world.journal().unfinished(),
        &live(world),
        &world.stores,
    )
    .await
}

/// A run left the token `report` behind without its secret.
async fn orphaned() -> World {
    let world = World::new();
    let issuer = world.enroll("audit01", "issuer").await;
    let path = world.path("secrets/report");
    world.tenant.on(
        "mint_token",
        Fault::meanwhile(move |_| fs_err::create_dir(path).unwrap()),
    );
    world
        .tenant
        .on("revoke_token", Fault::Before(every_refusal().remove(1)));
    let outcome = world
        .apply(&plan(vec![mint(new_token("report", &issuer))]))
        .await;
    assert!(!outcome.all_done());
    fs_err::remove_dir(world.path("secrets/report")).unwrap();
    world
}

#[tokio::test]
async fn an_orphan_is_found_by_the_next_run() {
    let world = orphaned().await;
    assert_eq!(lost(&world).await, ["pat-report-1".into()].into());
    // Its name and owner tell it, not its name alone.
    world.tenant.state().tokens[1].owner = "stranger".into();
    assert_eq!(lost(&world).await, [].into());
}

#[tokio::test]
async fn a_token_whose_secret_is_in_its_store_is_not_lost() {
    let world = orphaned().await;
    world
        .deliver(&local("report"), "pat-report-1", "s3cr3t-of-report")
        .await;
    assert_eq!(lost(&world).await, [].into());
    // The secret of another token is not its secret.
    world
        .deliver(&local("report"), "pat-report-0", "s3cr3t-of-report")
        .await;
    assert_eq!(lost(&world).await, ["pat-report-1".into()].into());
    // A store that cannot be read says nothing.
    fs_err::write(world.path("secrets/report"), "{").unwrap();
    assert_eq!(lost(&world).await, [].into());
}

#[tokio::test]
async fn what_could_be_read_of_the_tokens_counts() {
    let world = orphaned().await;
    let mut live = live(&world);
    live.tokens = Collection::Partial {
        found: live.tokens.found().clone(),
        why: Incomplete {
            reason: IncompleteReason::UndecodableRow,
            detail: "row 3".to_owned(),
            call: None,
        },
    };
    let lost = lost_tokens(
        &spec(local("report")),
        &world.journal().unfinished(),
        &live,
        &world.stores,
    )
    .await;
    assert_eq!(lost, ["pat-report-1".into()].into());
}

#[tokio::test]
async fn an_orphan_that_a_run_did_not_look_after_is_not_forgotten() {
    // All steps of a plan are done, but the account was blocked or not selected.
    let world = orphaned().await;
    assert!(world.apply(&plan(vec![create_source()])).await.all_done());
    assert_eq!(lost(&world).await, ["pat-report-1".into()].into());
    // Neither where nobody can say what became of it.
    world
        .tenant
        .on("tokens_of", Fault::Before(every_refusal().remove(4)));
    world.tenant.state().sources.clear();
    assert!(world.apply(&plan(vec![create_source()])).await.all_done());
    assert_eq!(lost(&world).await, ["pat-report-1".into()].into());
}

#[tokio::test]
async fn an_orphan_that_is_gone_or_delivered_is_settled() {
    for is_gone in [true, false] {
        let world = orphaned().await;
        if is_gone {
            world.tenant.state().tokens.pop();
        } else {
            world
                .deliver(&local("report"), "pat-report-1", "s3cr3t-of-report")
                .await;
        }
        assert!(world.apply(&plan(vec![create_source()])).await.all_done());
        assert_eq!(world.journal().unfinished(), []);
        assert!(world.journal_text().contains("superseded"));
    }
}

#[tokio::test]
async fn a_token_that_is_minted_anew_ends_the_search_also_where_it_is_delivered_elsewhere() {
    let world = orphaned().await;
    world.tenant.state().tokens.pop();
    let mut new = new_token("report", &local("issuer"));
    new.deliver = local("elsewhere");
    assert!(world.apply(&plan(vec![mint(new)])).await.all_done());
    assert_eq!(lost(&world).await, [].into());
    assert_eq!(world.journal().unfinished(), []);
}

#[tokio::test]
async fn security_m1_the_declared_place_is_asked_too() {
    // A forged line names a place that holds nothing.
    let world = orphaned().await;
    world
        .deliver(&local("declared"), "pat-report-1", "s3cr3t-of-report")
        .await;
    assert_eq!(lost_as_declared(&world, local("declared")).await, [].into());
    // It does not answer.
    fs_err::write(world.path("secrets/declared"), "{").unwrap();
    assert_eq!(lost_as_declared(&world, local("declared")).await, [].into());
    // Neither holds it.
    assert_eq!(
        lost_as_declared(&world, local("elsewhere")).await,
        ["pat-report-1".into()].into()
    );
}

#[tokio::test]
async fn security_m1_a_token_that_no_file_declares_is_not_lost() {
    let world = orphaned().await;
    let mut live = live(&world);
    let lost = async |spec: &Spec, live: &Live| {
        lost_tokens(spec, &world.journal().unfinished(), live, &world.stores).await
    };
    assert_eq!(lost(&Spec::default(), &live).await, [].into());
    // The account that declares a token of the name is another identity's.
    let declared = spec(local("report"));
    let Some(source) = live.sources.get_mut("Service Accounts") else {
        panic!("no source");
    };
    let mut other = live_source();
    let mut account = other.accounts.found()[0].clone();
    account.identity = Some("stranger".into());
    other.accounts = Collection::Complete(vec![account]);
    *source = Collection::Complete(Some(other));
    assert_eq!(lost(&declared, &live).await, [].into());
}

#[tokio::test]
async fn apply_04_a_token_that_was_there_before_the_intent_is_not_lost() {
    let world = orphaned().await;
    world.tenant.state().tokens[1].created = "2026-02-01T00:00:00Z".parse().unwrap();
    assert_eq!(lost(&world).await, [].into());
}

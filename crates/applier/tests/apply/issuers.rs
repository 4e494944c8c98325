//! Issuers: replaced by one that nobody has seen, and at every moment one that works is in
//! the store.

use crate::fake::{Fault, every_refusal, unknown};
use crate::plans::new_token;
use crate::world::{World, local, place};
use applier::{IssuerNotReplaced, IssuerReplaced, replace_issuer};
use model::{
    IdentityId, IssuerReplacement, LiveToken, NewToken, StoreKey, TenantErrorKind, TenantRead as _,
    issuer_name,
};
use secrecy::ExposeSecret as _;

fn successor() -> String {
    issuer_name::successor(&"audit01".into(), &"pat-issuer".into()).to_string()
}

fn replacement(place: &StoreKey) -> IssuerReplacement {
    IssuerReplacement {
        old: "pat-issuer".into(),
        new: NewToken {
            name: successor().as_str().into(),
            scopes: [LiveToken::ISSUER_SCOPE.into()].into(),
            deliver: place.clone(),
            overwrites: Some("pat-issuer".into()),
            rotation: 3,
            ..new_token("issuer", place)
        },
    }
}

/// A world with an issuer of `audit01` in this place, and no other token.
async fn world(at: &StoreKey) -> World {
    let world = World::new();
    world.enroll("audit01", "issuer").await;
    if *at != local("issuer") {
        world
            .deliver(at, "pat-issuer", "s3cr3t-of-token-issuer")
            .await;
    }
    world
}

async fn replace(world: &World, at: &StoreKey) -> Result<IssuerReplaced, IssuerNotReplaced> {
    let journal = world.journal();
    let since = "2026-03-01T00:00:00Z".parse().unwrap();
    replace_issuer(
        &replacement(at),
        &world.tenant,
        &world.stores,
        &journal,
        since,
    )
    .await
}

/// The ids of the account's live tokens.
fn alive(world: &World) -> Vec<String> {
    let state = world.tenant.state();
    let tokens = state.tokens.iter();
    tokens.map(|token| token.id.to_string()).collect()
}

/// What the store holds, which has to work and to be the account's.
async fn stored(world: &World, at: &StoreKey) -> String {
    let document = world.stores.get(at).await.unwrap().unwrap();
    let owner = world.tenant.identity_behind(&document.credential).await;
    assert_eq!(owner.unwrap(), Some(IdentityId::new("audit01")));
    document.credential.client_id.to_string()
}

#[tokio::test]
async fn the_successor_is_proven_and_read_back_before_the_old_one_goes() {
    let at = local("issuer");
    let world = world(&at).await;
    let replaced = replace(&world, &at).await.unwrap();
    assert_eq!(replaced.old_lives, None);
    assert_eq!(replaced.notices, Vec::<String>::new());
    let id = format!("pat-{}-1", successor());
    assert_eq!(replaced.token.as_str(), id);
    assert_eq!(
        world.tenant.calls(),
        [
            "identity_behind pat-issuer".to_owned(),
            "tokens_of audit01".to_owned(),
            format!("mint_token {}", successor()),
            format!("identity_behind {id}"),
            "tokens_of audit01".to_owned(),
            "revoke_token pat-issuer".to_owned(),
        ]
    );
    assert_eq!(alive(&world), std::slice::from_ref(&id));
    assert_eq!(stored(&world, &at).await, id);
    let document = world.stores.get(&at).await.unwrap().unwrap();
    assert_eq!(document.replaces, Some("pat-issuer".into()));
    assert_eq!(document.rotation, 3);
    let secret = document.credential.client_secret.expose_secret().to_owned();
    assert!(!world.journal_text().contains(&secret));
    assert_eq!(world.journal().unfinished(), []);
    // The next one replaces this one, so a plan of before changes nothing.
    let again = replace(&world, &at).await.unwrap_err();
    assert!(again.message.contains("has changed since"), "{again}");
}

type NewFault = fn() -> Fault;

/// What may go wrong with a call.
fn faults() -> Vec<(&'static str, NewFault)> {
    vec![
        ("refused", || Fault::Before(every_refusal().remove(1))),
        ("busy", || Fault::Before(every_refusal().remove(4))),
        ("lost before", || Fault::Before(unknown())),
        ("lost after", || Fault::After(unknown())),
        ("failed after", || Fault::After(every_refusal().remove(4))),
    ]
}

#[tokio::test]
async fn at_every_failing_call_the_store_holds_a_working_issuer() {
    let at = local("issuer");
    let calls = [
        ("identity_behind", 2),
        ("tokens_of", 2),
        ("mint_token", 1),
        ("revoke_token", 1),
    ];
    let mut count = 0;
    for (call, times) in calls {
        for position in 0..times {
            for (what, fault) in faults() {
                let world = world(&at).await;
                for _ in 0..position {
                    world.tenant.on(call, Fault::Pass);
                }
                world.tenant.on(call, fault());
                let case = format!("{call} {position} {what}");
                let result = replace(&world, &at).await;
                let stored = stored(&world, &at).await;
                let alive = alive(&world);
                assert!(alive.contains(&stored), "{case}");
                let old_lives = alive.iter().any(|id| id == "pat-issuer");
                match &result {
                    Ok(replaced) => {
                        assert_eq!(stored, replaced.token.as_str(), "{case}");
                        assert_eq!(replaced.old_lives.is_some(), old_lives, "{case}");
                    }
                    Err(error) => {
                        assert_eq!(stored, "pat-issuer", "{case}");
                        // A creation that failed with an answer had no effect at ISC.
                        if case != "mint_token 0 failed after" {
                            assert_eq!(alive, ["pat-issuer"], "{case}: {error}");
                        }
                    }
                }
                count += 1;
            }
        }
    }
    println!("{count} failing calls, at each a working issuer in the store");
}

#[tokio::test]
async fn a_store_that_fails_keeps_the_old_issuer() {
    for (store, words) in [
        ("program", "cannot deliver the issuer token to"),
        ("forgetful", "the store returns a different secret"),
        ("half", "the store returns a different secret"),
    ] {
        let at = place(store, "issuer");
        let world = world(&local("issuer")).await;
        // These stores lose what is put into them, so the document is written past them.
        let text = fs_err::read_to_string(world.path("secrets/issuer")).unwrap();
        fs_err::write(world.path("programs/issuer"), &text).unwrap();
        if store == "program" {
            fs_err::write(world.path("programs/failing"), "").unwrap();
        }
        let error = replace(&world, &at).await.unwrap_err();
        assert!(error.message.contains(words), "{store}: {error}");
        assert_eq!(alive(&world), ["pat-issuer"], "{store}");
        if store == "program" {
            assert_eq!(stored(&world, &at).await, "pat-issuer");
            assert_eq!(error.notices, Vec::<String>::new());
        } else {
            // It cannot hold any issuer, and says so.
            let notice = error.notices.join(" ");
            assert!(notice.contains("enroll the account again"), "{notice}");
        }
    }
}

#[tokio::test]
async fn what_another_run_stored_meanwhile_is_not_overwritten() {
    let at = local("issuer");
    let world = world(&at).await;
    let file = world.path("secrets/issuer");
    let theirs = r#"{"clientId":"pat-theirs","clientSecret":"s3cr3t-of-another-run"}"#;
    world.tenant.on(
        "mint_token",
        Fault::meanwhile(move |_| {
            fs_err::write(file, theirs).unwrap();
        }),
    );
    let error = replace(&world, &at).await.unwrap_err();
    assert!(error.message.contains("was changed meanwhile"), "{error}");
    assert_eq!(world.delivered(&at).await.unwrap(), "pat-theirs");
    assert_eq!(alive(&world), ["pat-issuer"]);
}

#[tokio::test]
async fn two_runs_at_a_time_make_one_successor() {
    let at = local("issuer");
    let world = world(&at).await;
    // The other run created its successor a moment ago: it has this name.
    world.tenant.on(
        "mint_token",
        Fault::meanwhile(|state| {
            let name = successor();
            state.add_token("audit01", &name, &[LiveToken::ISSUER_SCOPE]);
        }),
    );
    replace(&world, &at).await.unwrap_err();
    assert_eq!(stored(&world, &at).await, "pat-issuer");
    assert_eq!(alive(&world).len(), 2, "the other run's is left alone");
    let error = replace(&world, &at).await.unwrap_err();
    assert!(
        error.message.contains("another run is replacing it"),
        "{error}"
    );
    assert_eq!(alive(&world).len(), 2);
}

#[tokio::test]
async fn nothing_is_created_without_a_slot_or_with_anothers_issuer() {
    let at = local("issuer");
    let world = world(&at).await;
    for number in 1..LiveToken::MAX_PER_OWNER {
        let name = format!("t{number}");
        world.tenant.state().add_token("audit01", &name, &[]);
    }
    let error = replace(&world, &at).await.unwrap_err();
    assert_eq!(error.message, "audit01 has 10 tokens, and ISC allows 10");

    let world = self::world(&at).await;
    let stranger = world.enroll("stranger", "other").await;
    let mut foreign = replacement(&stranger);
    foreign.old = "pat-other".into();
    let since = "2026-03-01T00:00:00Z".parse().unwrap();
    let journal = world.journal();
    let result = replace_issuer(&foreign, &world.tenant, &world.stores, &journal, since).await;
    let error = result.unwrap_err();
    assert!(
        error.message.contains("belongs to identity stranger"),
        "{error}"
    );
    assert_eq!(world.tenant.writes(), Vec::<String>::new());
    assert_eq!(world.journal_text(), "");
}

#[tokio::test]
async fn an_orphan_is_named_and_its_intent_stays_open() {
    let at = local("issuer");
    let world = world(&at).await;
    world.tenant.on("identity_behind", Fault::Pass);
    world
        .tenant
        .on("identity_behind", Fault::Before(every_refusal().remove(4)));
    world.tenant.always(
        "revoke_token",
        TenantErrorKind::Forbidden {
            text: "no".to_owned(),
            tracking_id: None,
            call: None,
        },
    );
    let error = replace(&world, &at).await.unwrap_err();
    let notice = error.notices.join(" ");
    assert!(
        notice.starts_with(&format!("orphaned token {} (", successor())),
        "{notice}"
    );
    assert_eq!(stored(&world, &at).await, "pat-issuer");
    assert_eq!(world.journal().unfinished().len(), 1);
}

//! What is sent again, and what is not.

use crate::answers::{auth_user, created_source, error, new_source};
use crate::scripted::{Reply, Scripted, quick};
use isc::{Reader, Writer};
use model::{TenantErrorKind, TenantRead as _, TenantWrite as _};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

#[tokio::test]
async fn passing_faults_are_sat_out() {
    let faults: [fn() -> Reply; 7] = [
        || error(429, "slow down").with("Retry-After", "0"),
        || error(500, "oops"),
        || error(502, "oops"),
        || error(503, "oops"),
        || error(504, "oops"),
        || Reply::HangUp,
        || Reply::Truncated,
    ];
    for fault in faults {
        let server = Scripted::tenant(move |_, before| match before {
            0 | 1 => fault(),
            _ => auth_user(),
        })
        .await;
        let levels = server.reader().user_levels(&"i1".into()).await.unwrap();
        assert_eq!(
            levels,
            BTreeSet::from(["REPORT_ADMIN".into()]),
            "{:?}",
            fault()
        );
        assert_eq!(server.requests().len(), 3, "{:?}", fault());
    }
}

#[tokio::test]
async fn lasting_faults_are_told_with_all_that_support_asks_for() {
    let server = Scripted::tenant(|_, _| error(503, "maintenance")).await;
    let failed = server.reader().user_levels(&"i1".into()).await.unwrap_err();
    assert_eq!(
        failed.to_string(),
        "reading the user levels of the identity i1: no success after 3 attempts (503): \
         maintenance (tracking id t-1)"
    );
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn what_must_not_be_repeated_is_sent_once() {
    let faults: [fn() -> Reply; 5] = [
        || Reply::HangUp,
        || Reply::Truncated,
        || error(500, "oops"),
        || error(502, "oops"),
        || Reply::text(201, "application/json", "{\"id\": \"s1\", \"na"),
    ];
    for fault in faults {
        let server = Scripted::tenant(move |_, _| fault()).await;
        let writer = Writer::new(server.reader());
        let failed = writer.create_source(&new_source()).await.unwrap_err();
        assert!(
            matches!(failed.kind, TenantErrorKind::Unknown { .. }),
            "{:?}: {failed}",
            fault()
        );
        assert_eq!(server.requests().len(), 1, "{:?}", fault());
    }
}

#[tokio::test]
async fn a_429_is_safe_to_repeat_even_for_a_create() {
    let server = Scripted::tenant(|_, before| match before {
        0 => error(429, "slow down"),
        _ => created_source(),
    })
    .await;
    let writer = Writer::new(server.reader());
    let id = writer.create_source(&new_source()).await.unwrap();
    assert_eq!(id.as_str(), "s1");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].target, "/sources/v1?provisionAsCsv=true");
}

#[tokio::test]
async fn the_tenant_is_left_alone_for_as_long_as_it_asks() {
    let server = Scripted::tenant(|_, before| match before {
        0 => error(429, "slow down").with("Retry-After", "3600"),
        _ => auth_user(),
    })
    .await;
    let mut config = quick(server.base_url());
    config.retry.longest_wait = Duration::from_millis(250);
    let reader = Reader::new(config).unwrap();
    let begin = Instant::now();
    reader.user_levels(&"i1".into()).await.unwrap();
    // An hour was asked for; the wait is as long as it may be, and no longer.
    let waited = begin.elapsed();
    assert!(waited >= Duration::from_millis(250), "{waited:?}");
    assert!(waited < Duration::from_secs(30), "{waited:?}");
}

#[tokio::test]
async fn answers_that_do_not_come_are_given_up() {
    let server = Scripted::tenant(|_, before| match before {
        0 => Reply::Silence,
        _ => auth_user(),
    })
    .await;
    let mut config = quick(server.base_url());
    config.timeouts.answer = Duration::from_millis(200);
    let reader = Reader::new(config).unwrap();
    let levels = reader.user_levels(&"i1".into()).await.unwrap();
    assert_eq!(levels.len(), 1);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_delete_that_was_lost_and_is_done_is_done() {
    let server = Scripted::tenant(|_, before| match before {
        0 => Reply::HangUp,
        _ => error(404, "no such token"),
    })
    .await;
    let writer = Writer::new(server.reader());
    writer.revoke_token(None, &"t1".into()).await.unwrap();

    let server = Scripted::tenant(|_, _| error(404, "no such token")).await;
    let writer = Writer::new(server.reader());
    let failed = writer.revoke_token(None, &"t1".into()).await.unwrap_err();
    assert!(
        matches!(failed.kind, TenantErrorKind::NotFound { .. }),
        "{failed}"
    );
}

#[tokio::test]
async fn a_tenant_that_does_not_answer_is_not_asked_for_ever() {
    use model::{Wanted, WantedAccount, WantedSource};
    use serde_json::json;
    use std::collections::BTreeSet;
    let server = Scripted::tenant(|request, _| match request.path() {
        "/sources/v1" => Reply::json(200, json!([{"id": "s1", "name": "AD"}])),
        "/accounts/v1" => {
            let rows: Vec<_> = (0..100)
                .map(|index| {
                    json!({
                        "id": format!("a{index}"), "nativeIdentity": format!("n{index}"),
                        "name": format!("svc{index}"), "identityId": format!("i{index}"),
                    })
                })
                .collect();
            Reply::json(200, rows)
        }
        _ => error(503, "maintenance"),
    })
    .await;
    let mut wanted = Wanted::default();
    let source = WantedSource {
        managed: false,
        undeclared_levels: false,
    };
    wanted.sources.insert("AD".into(), source);
    for index in 0..100 {
        let account = WantedAccount {
            source: "AD".into(),
            native_identity: None,
            name: format!("svc{index}").into(),
            previously: model::Previously::default(),
            identity: false,
            levels: Some(BTreeSet::new()),
        };
        wanted.accounts.insert(format!("k{index}").into(), account);
    }
    let live = server.reader().survey(&wanted).await.unwrap();
    assert_eq!(live.levels.len(), 100);
    assert!(
        live.levels
            .values()
            .all(|levels| levels.complete().is_err())
    );
    let asked = server
        .requests()
        .iter()
        .filter(|request| request.path().starts_with("/auth-users"))
        .count();
    assert!(asked < 150, "{asked} of 300");
}

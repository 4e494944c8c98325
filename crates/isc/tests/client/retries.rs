//! What is sent again, and what is not.

use crate::answers::{auth_user, created_source, error, new_source};
use crate::scripted::{Reply, Scripted, credential, quick};
use isc::{Config, Reader, Waits, Writer};
use model::{TenantErrorKind, TenantRead as _, TenantWrite as _};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
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
async fn tenants_12_the_tenant_is_left_alone_for_as_long_as_it_asks() {
    for status in [429, 503] {
        let server = Scripted::tenant(move |_, before| match before {
            0 => error(status, "slow down").with("Retry-After", "6"),
            _ => auth_user(),
        })
        .await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let mut config = quick(server.base_url());
        config.waits = Waits::new({
            let told = Arc::clone(&told);
            move |left| told.lock().unwrap().push(left.as_secs())
        });
        // Longer than where the tenant does not say how long.
        assert!(config.retry.longest_wait < Duration::from_secs(6));
        let reader = Reader::new(config).unwrap();
        let begin = Instant::now();
        reader.user_levels(&"i1".into()).await.unwrap();
        let waited = begin.elapsed();
        assert!(waited >= Duration::from_secs(6), "{waited:?}");
        assert_eq!(*told.lock().unwrap(), [6], "{status}");
    }
}

#[tokio::test]
async fn tenants_12_a_wait_beyond_the_limit_is_not_begun() {
    let limit = Config::new("http://localhost:1".parse().unwrap(), credential("a"))
        .retry
        .longest_asked;
    assert_eq!(limit, Duration::from_mins(5));
    for status in [429, 503] {
        let server =
            Scripted::tenant(move |_, _| error(status, "slow down").with("Retry-After", "301"))
                .await;
        let reader = Reader::new(quick(server.base_url())).unwrap();
        let begin = Instant::now();
        let failed = reader.user_levels(&"i1".into()).await.unwrap_err();
        assert!(begin.elapsed() < Duration::from_secs(5));
        assert_eq!(server.requests().len(), 1);
        let TenantErrorKind::AskedToWait {
            seconds: 301,
            until,
            most: 300,
        } = failed.kind
        else {
            panic!("{failed}")
        };
        let left = until.duration_since(jiff::Timestamp::now()).as_secs();
        assert!((290..=301).contains(&left), "{left}");
    }
}

#[tokio::test]
async fn tenants_11_a_page_of_a_firewall_is_asked_for_once_more() {
    let page = || {
        let html = "<html><title>Access Denied</title></html>";
        Reply::text(403, "text/html", html).with("X-Request-Id", "fw-4711")
    };
    let server = Scripted::tenant(move |_, _| page()).await;
    let failed = server.reader().user_levels(&"i1".into()).await.unwrap_err();
    assert_eq!(
        failed.kind,
        TenantErrorKind::Intercepted {
            status: 403,
            text: "Access Denied".to_owned(),
            request_id: Some("fw-4711".to_owned()),
            attempts: 2,
        }
    );
    assert_eq!(server.requests().len(), 2);

    // It may have been a moment.
    let server = Scripted::tenant(move |_, before| match before {
        0 => page(),
        _ => auth_user(),
    })
    .await;
    let levels = server.reader().user_levels(&"i1".into()).await.unwrap();
    assert_eq!(levels.len(), 1);

    // What creates something is not sent twice.
    let server = Scripted::tenant(move |_, _| page()).await;
    let writer = Writer::new(server.reader());
    let failed = writer.create_source(&new_source()).await.unwrap_err();
    assert!(
        matches!(failed.kind, TenantErrorKind::Unknown { .. }),
        "{failed}"
    );
    assert_eq!(server.requests().len(), 1);
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
        uid: None,
    };
    wanted.sources.insert("AD".into(), source);
    for index in 0..100 {
        let account = WantedAccount {
            source: "AD".into(),
            native_identity: None,
            name: format!("svc{index}").into(),
            previously: model::Previously::default(),
            status: model::WantedStatus::No,
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

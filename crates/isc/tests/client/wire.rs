//! What travels, to the byte where it matters.

use crate::answers::{error, new_source};
use crate::scripted::{Reply, Scripted, access_token, credential};
use isc::Writer;
use model::{NewToken, SourceChange, StoreKey, TenantErrorKind, TenantRead as _, TenantWrite as _};
use serde_json::json;
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn errors_with_a_coding_that_is_none_are_read() {
    let server =
        Scripted::tenant(|_, _| error(403, "no right").with("Content-Encoding", "UTF-8")).await;
    let failed = server.reader().user_levels(&"i1".into()).await.unwrap_err();
    assert_eq!(
        failed.kind,
        TenantErrorKind::Forbidden {
            text: "no right".to_owned(),
            tracking_id: Some("t-1".to_owned()),
            // From it follows the scope that is missing.
            call: Some("GET /auth-users/v1/i1".to_owned()),
        }
    );
    let request = &server.requests()[0];
    assert_eq!(request.header("accept-encoding"), Some("identity"));
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .starts_with("steersman/")
    );
}

#[tokio::test]
async fn a_source_of_the_wrong_type_is_noticed() {
    let body = json!({"id": "s1", "name": "S", "type": "Delimited File"});
    let server = Scripted::tenant(move |_, _| Reply::json(201, body.clone())).await;
    let writer = Writer::new(server.reader());
    let failed = writer.create_source(&new_source()).await.unwrap_err();
    assert!(
        failed.to_string().contains("\"Delimited File\""),
        "{failed}"
    );
}

#[tokio::test]
async fn levels_that_the_tenant_leaves_out_are_noticed() {
    let body = json!({"id": "i1", "capabilities": ["A"]});
    let server = Scripted::tenant(move |_, _| Reply::json(200, body.clone())).await;
    let writer = Writer::new(server.reader());
    let levels = ["A", "B"].map(Into::into).into();
    let told = writer
        .set_user_levels(&"i1".into(), Some(&BTreeSet::new()), &levels, None)
        .await
        .unwrap();
    assert_eq!(told, Some(BTreeSet::from(["A".into()])));
    assert_eq!(
        server.requests()[0].body,
        r#"[{"op":"test","path":"/capabilities","value":[]},{"op":"replace","path":"/capabilities","value":["A","B"]}]"#
    );
    // What took effect is not failed because its response does not say so.
    for body in [json!({"id": "i1"}), json!("accepted")] {
        let server = Scripted::tenant(move |_, _| Reply::json(200, body.clone())).await;
        let writer = Writer::new(server.reader());
        let told = writer
            .set_user_levels(&"i1".into(), None, &levels, None)
            .await;
        assert_eq!(told.unwrap(), None);
    }
}

#[tokio::test]
async fn nobody_is_invited_by_an_empty_id() {
    let server = Scripted::tenant(|_, _| Reply::json(202, json!({"id": "t1"}))).await;
    let writer = Writer::new(server.reader());
    for ids in [vec![], vec![""], vec!["i1", ""]] {
        let ids = ids.into_iter().map(Into::into).collect();
        writer.invite(&ids).await.unwrap_err();
    }
    assert!(server.requests().is_empty());
    let both = ["i1", "i2"].map(Into::into).into();
    writer.invite(&both).await.unwrap();
    assert_eq!(server.requests()[0].body, r#"{"ids":["i1","i2"]}"#);
}

#[tokio::test]
async fn patches_and_files_travel_as_isc_wants_them() {
    let server = Scripted::tenant(|request, _| match request.method.as_str() {
        "PATCH" => Reply::json(200, json!({})),
        _ => Reply::json(
            202,
            json!({"success": true, "task": {"id": "t1", "created": 1_700_000_000_000_i64}}),
        ),
    })
    .await;
    let writer = Writer::new(server.reader());
    writer
        .update_source(&"s1".into(), &[SourceChange::DeleteThreshold(25)])
        .await
        .unwrap();
    let csv = "id,name\nSA-1,x\n";
    let task = writer
        .import_accounts(&"s1".into(), csv.as_bytes().to_vec(), false)
        .await
        .unwrap();
    assert_eq!(task.as_str(), "t1");
    let [patch, import] = &server.requests()[..] else {
        panic!("two requests");
    };
    assert_eq!(
        patch.header("content-type"),
        Some("application/json-patch+json")
    );
    assert!(
        patch
            .body
            .contains("/connectorAttributes/deleteThresholdPercentage")
    );
    assert_eq!(import.target, "/sources/v1/s1/load-accounts");
    let media_type = import.header("content-type").unwrap();
    assert!(
        media_type.starts_with("multipart/form-data; boundary="),
        "{media_type}"
    );
    assert!(import.body.contains("name=\"file\""), "{}", import.body);
    assert!(import.body.contains(csv), "{}", import.body);
}

/// Takes what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = Scripted::start(|request, before| match (request.path(), before) {
        ("/oauth/token", _) => access_token(3600, "bearer"),
        (_, 0) => Reply::HangUp,
        _ => Reply::json(200, json!({"id": "t1", "secret": "minted-secret-of-t1"})),
    })
    .await;
    let writer = Writer::new(server.reader());
    let key = || StoreKey {
        store: "s".into(),
        key: "k".to_owned(),
    };
    let new = NewToken {
        account: "SA-001".into(),
        account_name: "audit01".into(),
        identity: "i-jane".into(),
        issuer: key(),
        name: "report".into(),
        scopes: BTreeSet::new(),
        access_token_validity: None,
        expires: None,
        deliver: key(),
        form: model::DeliveredForm::Json,
        overwrites: None,
        rotation: 0,
        declared: model::Digest::of_bytes(b"declared"),
    };
    let issuer = credential("issuer");
    let lost = writer.mint_token(&issuer, &new).await.unwrap_err();
    let minted = writer.mint_token(&issuer, &new).await.unwrap();
    let shown = format!("{lost:?} {minted:?} {writer:?}");
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/personal-access-tokens/v1"), "{log}");
    let payload = server.requests()[0]
        .header("authorization")
        .unwrap()
        .to_owned();
    let bearer = payload.trim_start_matches("Bearer ");
    for secret in ["hush-hush", "minted-secret-of-t1", bearer] {
        assert!(!log.contains(secret), "{secret} in {log}");
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

//! What travels, to the byte where it matters.

use crate::answers::{error, new_source};
use crate::scripted::{Reply, Scripted};
use isc::Writer;
use model::{SourceChange, TenantErrorKind, TenantRead as _, TenantWrite as _};
use serde_json::json;

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
    let failed = writer
        .set_user_levels(&"i1".into(), &levels)
        .await
        .unwrap_err();
    assert!(
        failed.to_string().contains("[A] instead of [A, B]"),
        "{failed}"
    );
    let levels = ["A"].map(Into::into).into();
    writer.set_user_levels(&"i1".into(), &levels).await.unwrap();
}

#[tokio::test]
async fn nobody_is_invited_by_an_empty_id() {
    let server = Scripted::tenant(|_, _| Reply::json(202, json!({"id": "t1"}))).await;
    let writer = Writer::new(server.reader());
    writer.invite(&"".into()).await.unwrap_err();
    assert!(server.requests().is_empty());
    writer.invite(&"i1".into()).await.unwrap();
    assert_eq!(server.requests()[0].body, r#"{"ids":["i1"]}"#);
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
        .import_accounts(&"s1".into(), csv.as_bytes().to_vec())
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

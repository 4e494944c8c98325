//! Writes that overwrite what others may have changed since it was read are not sent again
//! after a wait: whoever made them is asked to read again. Those of user levels name what
//! they replace, or have a time by which they must be sent.

use crate::answers::error;
use crate::scripted::{Reply, Request, Scripted};
use isc::Writer;
use model::{
    AttributeSpec, Operation, SourceChange, TenantError, TenantErrorKind, TenantWrite as _,
};
use serde_json::json;
use std::collections::BTreeMap;

/// The name of each write, and the path that it is sent to.
const WRITES: [(&str, &str); 4] = [
    ("source", "/sources/v1/s1"),
    ("schema", "/sources/v1/s1/schemas/sc1"),
    ("profile", "/identity-profiles/v1/p1"),
    ("import", "/sources/v1/s1/load-accounts"),
];

async fn make(writer: &Writer, write: &str) -> TenantError {
    let result = match write {
        "source" => {
            let changes = [SourceChange::DeleteThreshold(20)];
            writer.update_source(&"s1".into(), &changes).await
        }
        "schema" => {
            let attributes = [AttributeSpec {
                name: "id".into(),
                description: None,
            }];
            let (source, schema) = ("s1".into(), "sc1".into());
            writer.define_schema(&source, &schema, &attributes).await
        }
        "profile" => {
            let update = Operation::UpdateProfile {
                profile: "p1".into(),
                name: None,
                owner: None,
                enable: false,
                mappings: BTreeMap::from([("uid".into(), "name".into())]),
                source: "s1".into(),
                source_name: "S".into(),
            };
            writer.update_profile(&update).await
        }
        _ => {
            let csv = b"id,name\r\nSA-1,a\r\n".to_vec();
            let begun = writer.import_accounts(&"s1".into(), csv, false).await;
            begun.map(|_| ())
        }
    };
    result.unwrap_err()
}

fn is_write(request: &Request) -> bool {
    request.method != "GET" && WRITES.iter().any(|(_, path)| request.path() == *path)
}

type Answer = fn() -> Reply;

#[tokio::test]
async fn writes_that_rest_on_a_reading_are_sent_once() {
    let faults: [(&str, Answer); 6] = [
        ("429", || error(429, "slow down").with("Retry-After", "0")),
        ("401", || error(401, "expired")),
        ("503", || error(503, "oops")),
        ("504", || error(504, "oops")),
        ("hung up", || Reply::HangUp),
        ("cut off", || Reply::Truncated),
    ];
    for (write, path) in WRITES {
        for (what, fault) in faults {
            let server = Scripted::tenant(move |request, _| {
                if is_write(request) {
                    fault()
                } else {
                    Reply::json(200, json!({"id": "x"}))
                }
            })
            .await;
            let failed = make(&Writer::new(server.reader()), write).await;
            let requests = server.requests();
            let sent = requests.iter().filter(|request| is_write(request));
            let sent: Vec<&str> = sent.map(Request::path).collect();
            assert_eq!(sent, [path], "{write}, {what}");
            // An import that may be running is waited for.
            let is_unknown = write == "import" && !matches!(what, "429" | "401");
            assert_eq!(failed.asks_to_read_again(), !is_unknown, "{write}, {what}");
            let kind = failed.given_up(1).kind;
            assert_eq!(
                matches!(kind, TenantErrorKind::Unknown { .. }),
                is_unknown,
                "{write}, {what}: {kind}"
            );
        }
    }
}

#[tokio::test]
async fn the_mappings_of_a_new_profile_are_merged_again_with_those_of_others() {
    let server = Scripted::tenant(|request, before| match request.method.as_str() {
        "POST" => Reply::json(
            201,
            json!({"id": "p1", "name": "P", "authoritativeSource": {"id": "s1"}}),
        ),
        "PATCH" if before == 0 => error(429, "slow down").with("Retry-After", "0"),
        "PATCH" => Reply::json(200, json!({})),
        _ => {
            let of_others: Vec<_> = (0..before)
                .map(|number| json!({"identityAttributeName": format!("other{number}")}))
                .collect();
            let config = json!({"attributeTransforms": of_others});
            Reply::json(200, json!({"id": "p1", "identityAttributeConfig": config}))
        }
    })
    .await;
    let profile = model::NewProfile {
        name: "P".to_owned(),
        owner: "i1".into(),
        source: model::Ref::Known("s1".into()),
        source_name: "S".into(),
        mappings: BTreeMap::from([("uid".into(), "name".into())]),
    };
    let writer = Writer::new(server.reader());
    writer.create_profile(&profile, &"s1".into()).await.unwrap();
    let requests = server.requests();
    let patches: Vec<&str> = requests
        .iter()
        .filter(|request| request.method == "PATCH")
        .map(|request| request.body.as_str())
        .collect();
    assert_eq!(patches.len(), 2);
    assert!(!patches[0].contains("other0"), "{}", patches[0]);
    assert!(patches[1].contains("other0"), "{}", patches[1]);
}

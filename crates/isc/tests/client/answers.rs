//! Answers that several tests give.

use crate::scripted::Reply;
use model::NewSource;
use serde_json::json;

/// An identity's user levels.
pub(crate) fn auth_user() -> Reply {
    Reply::json(200, json!({"id": "i1", "capabilities": ["REPORT_ADMIN"]}))
}

/// An error as ISC writes it.
pub(crate) fn error(status: u16, text: &str) -> Reply {
    let body = json!({
        "detailCode": format!("{status} something"),
        "trackingId": "t-1",
        "messages": [
            {"locale": "en-US", "localeOrigin": "DEFAULT", "text": text},
            {"locale": "en-US", "localeOrigin": "REQUEST", "text": text},
        ],
        "causes": [],
    });
    Reply::json(status, body)
}

/// A source to be made.
pub(crate) fn new_source() -> NewSource {
    NewSource {
        name: "S".into(),
        owner: "i1".into(),
        description: None,
        delete_threshold: None,
    }
}

/// The answer to making it.
pub(crate) fn created_source() -> Reply {
    let body = json!({
        "id": "s1", "name": "S", "owner": {"type": "IDENTITY", "id": "i1"},
        "type": "DelimitedFile", "connector": "delimited-file-angularsc",
    });
    Reply::json(201, body)
}

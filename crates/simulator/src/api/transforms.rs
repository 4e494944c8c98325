//! Handlers of `/transforms/v1`: a list to read, as many clients begin with it.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::collection;
use crate::errors::Refusal;

pub(super) const HANDLERS: &[(&str, Handler)] =
    &[("listTransformsV1", list), ("getTransformV1", get)];

/// Internal transforms: name and type. Every tenant has some; none of them has a meaning here.
const INTERNAL: [(&str, &str); 4] = [
    ("ToLower", "lower"),
    ("ToUpper", "upper"),
    ("Trim", "trim"),
    ("Remove Diacritical Marks", "decomposeDiacriticalMarks"),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let name = call.query("name");
    let rows: Vec<Value> = all()
        .filter(|row| name.is_none_or(|name| row["name"] == name))
        .collect();
    call.list(&collection::TRANSFORMS, &rows)
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    all()
        .find(|row| row["id"] == id)
        .map(Answer::ok)
        .ok_or_else(|| Refusal::not_found(format!("Transform {id}")))
}

fn all() -> impl Iterator<Item = Value> {
    INTERNAL.iter().zip(1_u32..).map(|((name, kind), number)| {
        json!({
            "id": format!("00000000-0000-4000-a000-{number:012}"),
            "name": name,
            "type": kind,
            "attributes": {},
            "internal": true,
        })
    })
}

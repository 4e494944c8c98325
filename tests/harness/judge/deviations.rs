//! Where ISC, as far as is known, does otherwise than its description says.

use serde_json::Value;

use super::complaint::{Complaint, Part};

/// A complaint that is not held against an answer, because ISC answers so.
#[derive(Debug, Clone, Copy)]
pub struct Deviation {
    /// What ISC does.
    pub name: &'static str,
    /// Where this is known from.
    pub source: &'static str,
    /// Whether a walk over the simulator is to show it; else it only stands in an example.
    pub expected_of_simulator: bool,
    /// A part of the operation's method and path; the empty one is in every operation.
    operation: &'static str,
    part: Part,
    rule: &'static str,
    /// The end of the place, and a test of what was found there.
    place: &'static str,
    found: fn(&Value) -> bool,
}

impl Deviation {
    /// Whether the complaint is about this deviation.
    pub fn covers(&self, complaint: &Complaint) -> bool {
        complaint.operation.contains(self.operation)
            && complaint.part == self.part
            && complaint.rule == self.rule
            && complaint.place.ends_with(self.place)
            && (self.found)(&complaint.found)
    }
}

const LOAD_ACCOUNTS: &str = "POST /sources/v1/{id}/load-accounts";
const LIVE_TASK_DATES: &str =
    "isc-facts, CSV import: the task of load-accounts has its dates as epoch milliseconds [live]";

const OWNER_OF_LEVEL: &str =
    "the official examples of the operations: the schema says public identity, they do not";

/// All deviations that are known.
pub const DEVIATIONS: &[Deviation] = &[
    Deviation {
        name: "created of a load-accounts task is epoch milliseconds",
        source: LIVE_TASK_DATES,
        expected_of_simulator: true,
        operation: LOAD_ACCOUNTS,
        part: Part::ResponseBody,
        rule: "type",
        place: "/task/created",
        found: Value::is_i64,
    },
    Deviation {
        name: "launched of a load-accounts task is epoch milliseconds",
        source: LIVE_TASK_DATES,
        expected_of_simulator: true,
        operation: LOAD_ACCOUNTS,
        part: Part::ResponseBody,
        rule: "type",
        place: "/task/launched",
        found: Value::is_i64,
    },
    Deviation {
        name: "completed of a load-accounts task is epoch milliseconds",
        source: LIVE_TASK_DATES,
        expected_of_simulator: true,
        operation: LOAD_ACCOUNTS,
        part: Part::ResponseBody,
        rule: "type",
        place: "/task/completed",
        found: Value::is_i64,
    },
    Deviation {
        name: "accessProfileIds of a lifecycle state without any is null",
        source: "seen by several independent clients of tenants: null for an empty list",
        expected_of_simulator: true,
        operation: "/lifecycle-states",
        part: Part::ResponseBody,
        rule: "type",
        place: "/accessProfileIds",
        found: Value::is_null,
    },
    Deviation {
        name: "a task that the caller may not see, or that is not there, answers with an error body",
        source: "the description leaves out the body of 403 and 404 of this operation alone",
        expected_of_simulator: true,
        operation: "GET /task-status/v1/{id}",
        part: Part::ResponseMedia,
        rule: "empty",
        place: "",
        found: |body| {
            body.as_str()
                .is_some_and(|text| text.contains("\"detailCode\":\"40"))
        },
    },
    Deviation {
        name: "a custom user level is patched with an array of operations",
        source: "the official example of the operation: its schema is an object with operations",
        expected_of_simulator: true,
        operation: "PATCH /authorization/v1/custom-user-levels/{id}",
        part: Part::RequestBody,
        rule: "type",
        place: "",
        found: Value::is_array,
    },
    Deviation {
        name: "a new token that never expires has null for its expiry",
        source: "the description of the request: null is never; that of the answer has no word for it",
        expected_of_simulator: true,
        operation: "POST /personal-access-tokens/v1",
        part: Part::ResponseBody,
        rule: "type",
        place: "/expirationDate",
        found: Value::is_null,
    },
    Deviation {
        name: "the identity of a preview is named by an id without dashes",
        source: "the example of the same field has none, nor have the ids of identities",
        expected_of_simulator: true,
        operation: "POST /identity-profiles/v1/identity-preview",
        part: Part::RequestBody,
        rule: "format",
        place: "/identityId",
        found: is_plain_id,
    },
    Deviation {
        name: "an id in the path that nothing has answers 404 where only 400 is documented",
        source: "inferred: neighbouring operations on the same path document 404",
        expected_of_simulator: true,
        operation: "/{",
        part: Part::Status,
        rule: "documented",
        place: "",
        found: |status| status == 404,
    },
    Deviation {
        name: "a body of another media type answers 415",
        source: "inferred: what HTTP has for it; the description has no word for the case",
        expected_of_simulator: true,
        operation: "",
        part: Part::Status,
        rule: "documented",
        place: "",
        found: |status| status == 415,
    },
    Deviation {
        name: "a source that has an identity profile already answers 409",
        source: "isc-facts, identity profile: one profile per source (409) [doc][live]",
        expected_of_simulator: true,
        operation: "POST /identity-profiles/v1",
        part: Part::Status,
        rule: "documented",
        place: "",
        found: |status| status == 409,
    },
    Deviation {
        name: "what is not simulated answers 501, which ISC never does",
        source: "the simulator's own word, with a body that says so",
        expected_of_simulator: true,
        operation: "",
        part: Part::Status,
        rule: "documented",
        place: "",
        found: |status| status == 501,
    },
    Deviation {
        name: "the task of a deleted source has no name",
        source: "the official example of the operation",
        expected_of_simulator: true,
        operation: "DELETE /sources/v1/{id}",
        part: Part::ResponseBody,
        rule: "type",
        place: "/name",
        found: Value::is_null,
    },
    Deviation {
        name: "the refusal to delete an identity has its causes in an object",
        source: "the official example of the operation",
        expected_of_simulator: false,
        operation: "DELETE /identities/v1/{id}",
        part: Part::ResponseBody,
        rule: "type",
        place: "/associationDetails",
        found: Value::is_object,
    },
    Deviation {
        name: "the owner of a custom user level is a reference and has a type",
        source: OWNER_OF_LEVEL,
        expected_of_simulator: false,
        operation: " /authorization/v1/custom-user-levels",
        part: Part::ResponseBody,
        rule: "documented",
        place: "/owner/type",
        found: |kind| kind == "IDENTITY",
    },
    Deviation {
        name: "the owner of a custom user level is a reference and has no alias",
        source: OWNER_OF_LEVEL,
        expected_of_simulator: false,
        operation: " /authorization/v1/custom-user-levels",
        part: Part::ResponseBody,
        rule: "required",
        place: "/owner/alias",
        found: Value::is_null,
    },
    Deviation {
        name: "the owner of a custom user level is a reference and has no attributes",
        source: OWNER_OF_LEVEL,
        expected_of_simulator: false,
        operation: " /authorization/v1/custom-user-levels",
        part: Part::ResponseBody,
        rule: "required",
        place: "/owner/attributes",
        found: Value::is_null,
    },
    Deviation {
        name: "a document of the search has its tags counted as tagCount",
        source: "the official examples of the operation, of which none has tagsCount",
        expected_of_simulator: false,
        operation: "POST /search/v1",
        part: Part::ResponseBody,
        rule: "documented",
        place: "/*/tagCount",
        found: Value::is_u64,
    },
];

/// Whether a value is an id of 32 digits, as those of identities are.
fn is_plain_id(value: &Value) -> bool {
    let id = value.as_str().unwrap_or_default();
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

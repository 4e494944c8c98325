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
    /// The operations, by prefix (`POST /sources/v1`); the empty prefix is every operation.
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
        complaint.operation.starts_with(self.operation)
            && complaint.part == self.part
            && complaint.rule == self.rule
            && complaint.place.ends_with(self.place)
            && (self.found)(&complaint.found)
    }
}

const LOAD_ACCOUNTS: &str = "POST /sources/v1/{id}/load-accounts";
const LIVE_TASK_DATES: &str =
    "isc-facts, CSV import: the task of load-accounts has its dates as epoch milliseconds [live]";

/// All deviations that are known.
pub const DEVIATIONS: &[Deviation] = &[
    Deviation {
        name: "created of a load-accounts task is epoch milliseconds",
        source: LIVE_TASK_DATES,
        operation: LOAD_ACCOUNTS,
        part: Part::ResponseBody,
        rule: "type",
        place: "/task/created",
        found: Value::is_i64,
    },
    Deviation {
        name: "launched of a load-accounts task is epoch milliseconds",
        source: LIVE_TASK_DATES,
        operation: LOAD_ACCOUNTS,
        part: Part::ResponseBody,
        rule: "type",
        place: "/task/launched",
        found: Value::is_i64,
    },
    Deviation {
        name: "what is not simulated answers 501, which ISC never does",
        source: "the simulator's own word, with a body that says so",
        operation: "",
        part: Part::Status,
        rule: "documented",
        place: "",
        found: |status| status == 501,
    },
];

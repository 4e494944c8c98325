//! Audit events: who did what, as the search index `events` has them.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::ids::{fingerprint, scramble};
use crate::clock::iso;

/// So many events are kept. Tenants keep theirs for some months.
const KEPT: usize = 2_000;

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AuditEvent {
    pub(crate) number: u64,
    pub(crate) time: Timestamp,
    /// Who did it; `System` for what the tenant does by itself.
    pub(crate) actor: String,
    pub(crate) what: Deed,
    /// The name of what it was done to.
    pub(crate) target: String,
}

/// What was done to which kind of object, and whether it went well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deed {
    /// The name that the event has itself, such as `PERSONAL_ACCESS_TOKEN_CREATED`.
    pub(crate) name: String,
    pub(crate) object: String,
    pub(crate) operation: String,
    pub(crate) passed: bool,
}

impl Deed {
    pub(crate) fn new(object: &str, operation: &str) -> Self {
        Self {
            name: format!("{object}_{operation}_PASSED"),
            object: object.to_owned(),
            operation: operation.to_owned(),
            passed: true,
        }
    }

    /// One whose name does not follow from what was done.
    pub(crate) fn named(name: &str, object: &str, operation: &str) -> Self {
        Self {
            name: name.to_owned(),
            passed: !name.ends_with("FAILED"),
            ..Self::new(object, operation)
        }
    }
}

/// The latest events, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Saved")]
pub(crate) struct Audit {
    events: VecDeque<AuditEvent>,
    count: u64,
    /// The number of the last event that does not count as new.
    #[serde(skip)]
    known: u64,
}

impl PartialEq for Audit {
    fn eq(&self, other: &Self) -> bool {
        (&self.events, self.count) == (&other.events, other.count)
    }
}

#[derive(Deserialize)]
struct Saved {
    events: VecDeque<AuditEvent>,
    count: u64,
}

impl From<Saved> for Audit {
    fn from(saved: Saved) -> Self {
        let Saved { events, count } = saved;
        Self {
            events,
            count,
            known: count,
        }
    }
}

/// Events that are new.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct AuditChanges(Vec<AuditEvent>);

impl AuditChanges {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Audit {
    pub(crate) fn push(&mut self, time: Timestamp, actor: &str, what: Deed, target: &str) {
        self.keep(AuditEvent {
            number: self.count + 1,
            time,
            actor: actor.to_owned(),
            what,
            target: target.to_owned(),
        });
    }

    fn keep(&mut self, event: AuditEvent) {
        self.count = event.number;
        if self.events.len() >= KEPT {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    pub(crate) fn take_changes(&mut self) -> AuditChanges {
        let old = self
            .events
            .partition_point(|event| event.number <= self.known);
        self.known = self.count;
        AuditChanges(self.events.range(old..).cloned().collect())
    }

    pub(crate) fn apply(&mut self, changes: AuditChanges) {
        for event in changes.0 {
            self.keep(event);
        }
        self.known = self.count;
    }

    pub(crate) fn forget_changes(&mut self) {
        self.known = self.count;
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &AuditEvent> {
        self.events.iter()
    }

    /// How many there were.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }
}

impl AuditEvent {
    pub(crate) fn id(&self) -> String {
        let mark = fingerprint(self.number, b"event");
        format!("{mark:016x}{:016x}", scramble(self.number))
    }

    /// The document of the event.
    pub(crate) fn document(&self, org: &str) -> Value {
        let words = self.what.name.replace('_', " ").to_lowercase();
        json!({
            "id": self.id(),
            "name": words,
            "action": self.what.name,
            "type": self.what.object,
            "actor": {"name": self.actor},
            "target": {"name": self.target},
            "stack": "simulator",
            "trackingNumber": self.id(),
            "ipAddress": "127.0.0.1",
            "details": self.id(),
            "attributes": {"hostName": "simulator.invalid", "sourceName": self.target},
            "objects": [self.what.object],
            "operation": self.what.operation,
            "status": if self.what.passed { "PASSED" } else { "FAILED" },
            "technicalName": self.what.name,
            "created": iso(self.time),
            "synced": iso(self.time),
            "org": org,
            "pod": "simulator",
            "_type": "event",
            "_version": "v1",
        })
    }
}

//! Event queue of the tenant: what happens later without a request.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that happens at its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Event {
    /// A task is done: its work takes effect.
    TaskCompletes { task: String },
    /// Identities of a profile are made or updated from its source's accounts: of all accounts, or of
    /// those that changed since their identity was refreshed.
    IdentityRefresh { profile: String, everything: bool },
    /// Identities whose authoritative account is gone disappear.
    IdentityDeletion,
    /// An invitation that was sent at this time is no longer good.
    InvitationExpires { identity: String, sent: Timestamp },
    /// Changed scopes of a personal access token reach new access tokens.
    ScopesTakeEffect { token: String },
}

/// Events in the order of their time and, at the same time, of their scheduling.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub(crate) struct Queue {
    events: BTreeMap<(Timestamp, u64), Event>,
    scheduled: u64,
    /// Those that came or went since the changes were last taken.
    changed: BTreeSet<(Timestamp, u64)>,
}

impl PartialEq for Queue {
    fn eq(&self, other: &Self) -> bool {
        (&self.events, self.scheduled) == (&other.events, other.scheduled)
    }
}

/// What has changed in the queue.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct QueueChanges {
    scheduled: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    put: Vec<(Timestamp, u64, Event)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gone: Vec<(Timestamp, u64)>,
}

impl QueueChanges {
    pub(crate) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.gone.is_empty()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Saved {
    scheduled: u64,
    events: Vec<(Timestamp, u64, Event)>,
}

impl From<Saved> for Queue {
    fn from(saved: Saved) -> Self {
        let events = saved
            .events
            .into_iter()
            .map(|(at, number, event)| ((at, number), event))
            .collect();
        Self {
            events,
            scheduled: saved.scheduled,
            changed: BTreeSet::new(),
        }
    }
}

impl From<Queue> for Saved {
    fn from(queue: Queue) -> Self {
        let events = queue
            .events
            .into_iter()
            .map(|((at, number), event)| (at, number, event))
            .collect();
        Self {
            scheduled: queue.scheduled,
            events,
        }
    }
}

impl Queue {
    pub(crate) fn schedule(&mut self, at: Timestamp, event: Event) {
        self.scheduled += 1;
        self.changed.insert((at, self.scheduled));
        self.events.insert((at, self.scheduled), event);
    }

    pub(crate) fn pop_until(&mut self, time: Timestamp) -> Option<(Timestamp, Event)> {
        let entry = self.events.first_entry()?;
        let key = *entry.key();
        let due = (key.0 <= time).then(|| (key.0, entry.remove()))?;
        self.changed.insert(key);
        Some(due)
    }

    pub(crate) fn take_changes(&mut self) -> QueueChanges {
        let mut changes = QueueChanges {
            scheduled: self.scheduled,
            ..QueueChanges::default()
        };
        for (at, number) in std::mem::take(&mut self.changed) {
            match self.events.get(&(at, number)) {
                Some(event) => changes.put.push((at, number, event.clone())),
                None => changes.gone.push((at, number)),
            }
        }
        changes
    }

    pub(crate) fn apply(&mut self, changes: QueueChanges) {
        let QueueChanges {
            scheduled,
            put,
            gone,
        } = changes;
        self.scheduled = self.scheduled.max(scheduled);
        for key in gone {
            self.events.remove(&key);
        }
        for (at, number, event) in put {
            self.events.insert((at, number), event);
        }
    }

    pub(crate) fn forget_changes(&mut self) {
        self.changed.clear();
    }

    /// When the next event is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.events.keys().next().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_in_order_and_survive_saving() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let refresh = |profile: &str| Event::IdentityRefresh {
            profile: profile.into(),
            everything: true,
        };
        let mut queue = Queue::default();
        queue.schedule(at(20), refresh("late"));
        queue.schedule(at(10), refresh("first"));
        queue.schedule(at(10), refresh("second"));
        let text = serde_json::to_string(&queue).unwrap();
        let mut read: Queue = serde_json::from_str(&text).unwrap();
        assert_eq!(read, queue);
        assert_eq!(read.pop_until(at(15)), Some((at(10), refresh("first"))));
        assert_eq!(read.pop_until(at(15)), Some((at(10), refresh("second"))));
        assert_eq!(read.pop_until(at(15)), None);
        assert_eq!(read.next_due(), Some(at(20)));
    }
}

//! Event queue of the tenant: what happens later without a request.

use std::collections::BTreeMap;

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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub(crate) struct Queue {
    events: BTreeMap<(Timestamp, u64), Event>,
    scheduled: u64,
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
        self.events.insert((at, self.scheduled), event);
    }

    pub(crate) fn pop_until(&mut self, time: Timestamp) -> Option<(Timestamp, Event)> {
        let entry = self.events.first_entry()?;
        let at = entry.key().0;
        (at <= time).then(|| (at, entry.remove()))
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

//! What receivers were sent, kept in the record: each cause is sent once.

use super::cause::Notice;
use jiff::{SignedDuration, Timestamp};
use model::NoticeEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was sent, by receiver. Addresses are never part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticeState {
    /// The receivers, by kind and the name of the variable that has the address.
    #[serde(default)]
    pub receivers: BTreeMap<String, ReceiverState>,
}

/// What a receiver was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiverState {
    /// The causes that were sent and are not over, by id.
    #[serde(default)]
    pub said: BTreeMap<String, Said>,
    /// When the last heartbeat was sent, in RFC 3339.
    #[serde(default)]
    pub heartbeat: Option<String>,
}

/// A cause that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// Differs between causes at the same place.
    pub digest: String,
    /// What was said, for the notice that it is over.
    pub text: String,
    /// When it was sent first, in RFC 3339.
    pub since: String,
}

impl NoticeState {
    /// What two runs at the same time have sent: what this one changed since `before`, and
    /// the rest as `other` has it.
    #[must_use]
    pub fn joined(&self, before: Option<&Self>, other: Self) -> Self {
        let mut joined = other;
        for (name, state) in &self.receivers {
            let before = before.and_then(|before| before.receivers.get(name));
            let joined = joined.receivers.entry(name.clone()).or_default();
            let had = |id: &str| before.and_then(|before| before.said.get(id));
            for (id, said) in &state.said {
                if had(id) != Some(said) {
                    joined.said.insert(id.clone(), said.clone());
                }
            }
            for id in before.iter().flat_map(|before| before.said.keys()) {
                if !state.said.contains_key(id) {
                    joined.said.remove(id);
                }
            }
            if state.heartbeat != before.and_then(|before| before.heartbeat.clone()) {
                joined.heartbeat.clone_from(&state.heartbeat);
            }
        }
        joined
    }
}

impl ReceiverState {
    /// Whether a heartbeat is due: at most one a day, with room for a schedule that is not
    /// exact.
    pub(super) fn is_heartbeat_due(&self, now: Timestamp) -> bool {
        let last = self.heartbeat.as_ref();
        let Some(last) = last.and_then(|last| last.parse::<Timestamp>().ok()) else {
            return true;
        };
        // A clock that was set back must not silence it.
        last > now || now.duration_since(last) >= SignedDuration::from_hours(20)
    }

    /// Takes note of a notice that was sent, or that the receiver does not want.
    pub fn sent(&mut self, notice: &Notice, now: Timestamp) {
        match notice.event {
            NoticeEvent::Recovery => {
                for cause in &notice.causes {
                    self.said.remove(&cause.id);
                }
            }
            NoticeEvent::Heartbeat => self.heartbeat = Some(now.to_string()),
            NoticeEvent::Drift | NoticeEvent::Failure | NoticeEvent::Expiring => {
                for cause in &notice.causes {
                    let since = self.said.get(&cause.id).map(|said| said.since.clone());
                    self.said.insert(
                        cause.id.clone(),
                        Said {
                            digest: cause.digest.clone(),
                            text: cause.text.clone(),
                            since: since.unwrap_or_else(|| now.to_string()),
                        },
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(said: &[&str]) -> NoticeState {
        let said = said.iter().map(|id| {
            let said = Said {
                digest: String::new(),
                text: (*id).to_owned(),
                since: "2026-11-27T01:00:00Z".to_owned(),
            };
            ((*id).to_owned(), said)
        });
        let receiver = ReceiverState {
            said: said.collect(),
            heartbeat: None,
        };
        NoticeState {
            receivers: BTreeMap::from([("slack HOOK".to_owned(), receiver)]),
        }
    }

    #[test]
    fn of_two_runs_at_once_nothing_is_forgotten_or_comes_back() {
        // This run has said `new` and that `over` is over; the other one `theirs`, and that
        // `ended` is over.
        let before = state(&["over", "ended", "stays"]);
        let mine = state(&["ended", "stays", "new"]);
        let theirs = state(&["over", "stays", "theirs"]);
        let joined = mine.joined(Some(&before), theirs);
        assert_eq!(joined, state(&["stays", "new", "theirs"]));
        assert_eq!(mine.joined(Some(&mine), mine.clone()), mine);
    }
}

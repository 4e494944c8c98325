//! Decides which notices a receiver is to get after a run.

use super::cause::{Cause, Causes, Found, Notice, cut, run_failure, step_failure};
use super::state::ReceiverState;
use crate::notice_people::ForPeople;
use crate::run_facts::RunFacts;
use model::NoticeEvent;
use std::collections::BTreeSet;

/// The notices that are due after a run, and the state without what the receiver does not
/// want to hear of. At most one notice for each event.
pub fn due(
    run: &RunFacts,
    on: &BTreeSet<NoticeEvent>,
    mut state: ReceiverState,
) -> (Vec<Notice>, ReceiverState) {
    let causes = Causes::of(run);
    let mut due = Vec::new();
    let mut over = Vec::new();
    let groups = [
        (
            NoticeEvent::Drift,
            "drift/".to_owned(),
            causes.drift.as_ref(),
        ),
        (
            NoticeEvent::Failure,
            run_failure(run.command),
            causes.run.as_ref(),
        ),
        (
            NoticeEvent::Failure,
            step_failure(run.command),
            causes.steps.as_ref(),
        ),
        (
            NoticeEvent::Expiring,
            "expiring/".to_owned(),
            causes.expiring.as_ref(),
        ),
    ];
    for (event, place, known) in groups {
        let fresh = fresh(known, &state);
        if on.contains(&event) && !fresh.is_empty() {
            match due
                .iter_mut()
                .find(|notice: &&mut Notice| notice.event == event)
            {
                Some(notice) => notice.causes.extend(fresh),
                None => due.push(Notice {
                    event,
                    causes: fresh,
                }),
            }
        }
        over.extend(gone(known, &place, &state));
    }
    if !run.is_success() {
        // Another failure in the place of the last one is no recovery.
        let place = run_failure(run.command);
        let replaced = |cause: &Cause| cause.id.starts_with(&place);
        for cause in over.extract_if(.., |cause| replaced(cause)) {
            state.said.remove(&cause.id);
        }
    }
    if !over.is_empty() {
        let notice = Notice {
            event: NoticeEvent::Recovery,
            causes: over,
        };
        if on.contains(&NoticeEvent::Recovery) {
            due.push(notice);
        } else {
            state.sent(&notice, run.ended);
        }
    }
    if on.contains(&NoticeEvent::Heartbeat) && run.is_success() && state.is_heartbeat_due(run.ended)
    {
        due.push(Notice {
            event: NoticeEvent::Heartbeat,
            causes: Vec::new(),
        });
    }
    (due, state)
}

/// The causes that were not sent yet.
fn fresh(known: Option<&Found>, state: &ReceiverState) -> Vec<Cause> {
    let is_fresh = |cause: &&Cause| {
        let said = state.said.get(&cause.id);
        said.is_none_or(|said| said.digest != cause.digest)
    };
    let causes = known.into_iter().flat_map(Found::values);
    causes.filter(is_fresh).cloned().collect()
}

/// The causes at a place that were sent and are over. What is not known is not over.
fn gone(known: Option<&Found>, place: &str, state: &ReceiverState) -> Vec<Cause> {
    let Some(known) = known else {
        return Vec::new();
    };
    let here = state.said.iter().filter(|(id, _)| id.starts_with(place));
    here.filter(|(id, _)| !known.contains_key(*id))
        .map(|(id, said)| Cause {
            id: id.clone(),
            digest: said.digest.clone(),
            // What was said is still there to read, and is not so any more.
            text: cut(&format!("over: {}", said.text)),
            people: ForPeople::default(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run_facts::{Difference, Seen, TokenEnd, TokenRole};
    use jiff::{SignedDuration, Timestamp};

    fn run(hour: i64, exit_code: u8, seen: Option<Seen>) -> RunFacts {
        let start: Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
        RunFacts {
            command: "drift",
            tenant: "https://acme.api.identitynow.com".to_owned(),
            ended: start + SignedDuration::from_hours(hour),
            elapsed: std::time::Duration::ZERO,
            exit_code,
            traffic: model::Traffic::default(),
            error: Some("the tenant could not be read".to_owned()),
            failed_steps: None,
            seen,
        }
    }

    fn seen(drift: &[(&str, &str)]) -> Seen {
        Seen {
            is_complete: true,
            drift: drift
                .iter()
                .map(|(address, digest)| Difference {
                    address: (*address).to_owned(),
                    kind: "levels".to_owned(),
                    cause: "tenant",
                    text: format!("{address} differs"),
                    digest: (*digest).to_owned(),
                })
                .collect(),
            tokens: Some(vec![TokenEnd {
                name: "token/SA-001/nightly".to_owned(),
                role: TokenRole::Token,
                expires: Some("2026-12-31T00:00:00Z".parse().unwrap()),
                replaced_before: None,
            }]),
            ..Seen::default()
        }
    }

    /// The events and causes of each of these runs, all of whose notices are sent.
    fn told(runs: &[RunFacts], on: &[NoticeEvent]) -> Vec<String> {
        let on: BTreeSet<NoticeEvent> = on.iter().copied().collect();
        let mut state = ReceiverState::default();
        let mut told = Vec::new();
        for run in runs {
            let (notices, next) = due(run, &on, state);
            state = next;
            let words = notices.iter().map(|notice| {
                let ids: Vec<&str> = notice
                    .causes
                    .iter()
                    .map(|cause| cause.id.as_str())
                    .collect();
                format!("{} {}", notice.event, ids.join(" "))
                    .trim()
                    .to_owned()
            });
            told.push(words.collect::<Vec<_>>().join("; "));
            for notice in &notices {
                state.sent(notice, run.ended);
            }
        }
        told
    }

    #[test]
    fn a_cause_is_sent_once_and_its_end_once() {
        let runs = [
            run(0, 2, Some(seen(&[("levels/SA-001", "a")]))),
            run(1, 2, Some(seen(&[("levels/SA-001", "a")]))),
            // Another change of the same object.
            run(
                2,
                2,
                Some(seen(&[("levels/SA-001", "b"), ("levels/SA-002", "a")])),
            ),
            // What is not known is neither repeated nor over.
            run(3, 8, None),
            run(4, 8, None),
            run(
                5,
                2,
                Some(seen(&[("levels/SA-001", "b"), ("levels/SA-002", "a")])),
            ),
            run(6, 0, Some(seen(&[]))),
            run(7, 0, Some(seen(&[]))),
        ];
        assert_eq!(
            told(&runs, &NoticeEvent::DEFAULT),
            [
                "drift drift/levels/SA-001",
                "",
                "drift drift/levels/SA-001 drift/levels/SA-002",
                "failure failure/drift/run/8",
                "",
                "recovery failure/drift/run/8",
                "recovery drift/levels/SA-001 drift/levels/SA-002",
                "",
            ]
        );
    }

    #[test]
    fn another_failure_is_no_recovery_of_the_last_one() {
        let runs = [run(0, 8, None), run(1, 6, None), run(2, 0, Some(seen(&[])))];
        assert_eq!(
            told(&runs, &NoticeEvent::DEFAULT),
            [
                "failure failure/drift/run/8",
                "failure failure/drift/run/6",
                "recovery failure/drift/run/6",
            ]
        );
    }

    #[test]
    fn an_end_is_sent_at_30_7_and_1_days() {
        let runs = [0, 10, 20, 29, 30, 34, 36].map(|day| run(24 * day, 0, Some(seen(&[]))));
        let once = "expiring expiring/token/SA-001/nightly";
        assert_eq!(
            told(&runs, &[NoticeEvent::Expiring]),
            ["", once, "", once, "", "", once]
        );
    }

    #[test]
    fn a_heartbeat_is_sent_once_a_day_and_only_after_success() {
        let runs = [
            run(0, 0, Some(seen(&[]))),
            run(1, 0, Some(seen(&[]))),
            run(24, 8, None),
            run(25, 2, Some(seen(&[("levels/SA-001", "a")]))),
            run(46, 0, Some(seen(&[]))),
        ];
        assert_eq!(
            told(&runs, &[NoticeEvent::Heartbeat]),
            ["heartbeat", "", "", "heartbeat", "heartbeat"]
        );
    }
}

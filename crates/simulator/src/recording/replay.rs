//! Answers requests from a recording, in its order, and knows what was not recorded or not asked for.

use std::collections::{BTreeMap, HashMap};

use super::exchange::{Exchange, RecordedAnswer, RecordedBody, RecordedRequest};
use super::file::Recording;
use crate::routing::TOKEN_PATH;

/// So many different requests that were not recorded are remembered.
const REMEMBERED: usize = 1000;

/// A recording, and how far it was asked for.
#[derive(Debug)]
pub(crate) struct Replay {
    asked: HashMap<Key, Course>,
    not_recorded: BTreeMap<NotRecorded, u64>,
    ended_at: Option<String>,
}

/// What has to be the same for an answer: all but the body.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    method: String,
    path: String,
    /// In the order of their names: that of the request means nothing.
    query: Vec<(String, String)>,
}

impl Key {
    fn of(request: &RecordedRequest) -> Self {
        let mut query = request.query.clone();
        query.sort();
        Self {
            method: request.method.clone(),
            path: request.path.clone(),
            query,
        }
    }
}

/// The answers to one key, by the body of the request.
#[derive(Debug, Default)]
struct Course {
    /// To requests that were answered without their body: any body fits.
    to_any: Answers,
    by_body: HashMap<String, Answers>,
}

/// Answers to the same request, in their order.
#[derive(Debug, Default)]
struct Answers {
    /// With their places in the recording.
    all: Vec<(usize, RecordedAnswer)>,
    given: usize,
}

impl Answers {
    /// The place of the next answer.
    fn place(&self) -> Option<usize> {
        self.all.get(self.given).map(|(place, _)| *place)
    }

    fn next(&mut self) -> Option<&RecordedAnswer> {
        let (_, answer) = self.all.get(self.given)?;
        self.given += 1;
        Some(answer)
    }
}

impl Course {
    fn add(&mut self, place: usize, body: &RecordedBody, answer: RecordedAnswer) {
        let answers = match body {
            RecordedBody::Unread => &mut self.to_any,
            body => self.by_body.entry(canonical(body)).or_default(),
        };
        answers.all.push((place, answer));
    }

    fn next(&mut self, body: &str) -> Option<&RecordedAnswer> {
        let exact = self.by_body.get_mut(body);
        match (exact, self.to_any.place()) {
            (Some(exact), None) => exact.next(),
            (Some(exact), Some(any)) if exact.place().is_some_and(|place| place < any) => {
                exact.next()
            }
            (_, _) => self.to_any.next(),
        }
    }

    /// All answers that fit, given or not.
    fn fitting(&self, body: &str) -> impl Iterator<Item = &RecordedAnswer> {
        let exact = self.by_body.get(body);
        let exact = exact.into_iter().chain([&self.to_any]);
        exact
            .flat_map(|answers| &answers.all)
            .map(|(_, answer)| answer)
    }

    /// How many there are, and how many of them were given.
    fn counts(&self) -> (usize, usize) {
        let all = self.by_body.values().chain([&self.to_any]);
        all.fold((0, 0), |(all, given), answers| {
            (all + answers.all.len(), given + answers.given)
        })
    }
}

/// A body as a text that is the same where it means the same.
fn canonical(body: &RecordedBody) -> String {
    let mut body = body.clone();
    if let RecordedBody::Json(value) = &mut body {
        value.sort_all_objects();
    }
    serde_json::to_string(&body).unwrap_or_default()
}

/// What a replay has for a request.
#[derive(Debug)]
pub(crate) enum Found {
    /// The answer.
    Answer(Box<RecordedAnswer>),
    /// None, and why not.
    Nothing(String),
}

/// A request that was not in the recording, or was asked too often.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotRecorded {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, decoded.
    pub query: String,
    /// Why there was no answer.
    pub reason: String,
}

/// Recorded answers to one request that were not asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOver {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, decoded.
    pub query: String,
    /// How many answers are left.
    pub left: usize,
    /// How many were recorded.
    pub recorded: usize,
}

/// How a replay differs from its recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplayReport {
    /// What was not asked for.
    pub left: Vec<LeftOver>,
    /// What was not recorded, and how often it was asked for.
    pub not_recorded: Vec<(NotRecorded, u64)>,
}

impl ReplayReport {
    /// Whether all that was recorded was asked for, and nothing else.
    pub fn is_exact(&self) -> bool {
        let Self { left, not_recorded } = self;
        left.is_empty() && not_recorded.is_empty()
    }
}

impl Replay {
    pub(crate) fn new(recording: Recording) -> Self {
        let Recording {
            exchanges,
            ended_at,
        } = recording;
        let mut asked: HashMap<Key, Course> = HashMap::new();
        for (place, Exchange { request, answer }) in exchanges.into_iter().enumerate() {
            let course = asked.entry(Key::of(&request)).or_default();
            course.add(place, &request.body, answer);
        }
        Self {
            asked,
            not_recorded: BTreeMap::new(),
            ended_at,
        }
    }

    /// The next answer to a request.
    pub(crate) fn answer(&mut self, request: &RecordedRequest) -> Found {
        let key = Key::of(request);
        let reason = match self.asked.get_mut(&key) {
            None => self.reason_of_unknown(&key),
            Some(course) => {
                let body = canonical(&request.body);
                if let Some(answer) = course.next(&body) {
                    return Found::Answer(Box::new(answer.clone()));
                }
                match (course.fitting(&body).count(), course.fitting(&body).last()) {
                    // How often a client signs in depends on time, and not on what it does.
                    (_, Some(answer)) if key.path == TOKEN_PATH => {
                        return Found::Answer(Box::new(answer.clone()));
                    }
                    (count, Some(_)) => format!(
                        "it was recorded {}, and all its answers were given",
                        times(count)
                    ),
                    (_, None) => "it was recorded with another body only".to_owned(),
                }
            }
        };
        let reason = match &self.ended_at {
            Some(limit) => format!("{reason}; the recording ended at its limit of {limit}"),
            None => reason,
        };
        let request = NotRecorded {
            query: shown(&key.query),
            method: key.method,
            path: key.path,
            reason: reason.clone(),
        };
        if self.not_recorded.len() < REMEMBERED || self.not_recorded.contains_key(&request) {
            *self.not_recorded.entry(request).or_default() += 1;
        }
        Found::Nothing(reason)
    }

    fn reason_of_unknown(&self, key: &Key) -> String {
        let same_path = |known: &&Key| known.path == key.path;
        let mut others = self.asked.keys().filter(same_path);
        if others.clone().any(|known| known.method == key.method) {
            "it was recorded with another query only".to_owned()
        } else if others.next().is_some() {
            "it was recorded with another method only".to_owned()
        } else {
            "its path was not recorded".to_owned()
        }
    }

    /// What was not asked for so far, and what was not recorded.
    pub(crate) fn report(&self) -> ReplayReport {
        let mut left: Vec<_> = self
            .asked
            .iter()
            .filter(|(key, _)| key.path != TOKEN_PATH)
            .map(|(key, course)| {
                let (recorded, given) = course.counts();
                LeftOver {
                    method: key.method.clone(),
                    path: key.path.clone(),
                    query: shown(&key.query),
                    left: recorded - given,
                    recorded,
                }
            })
            .filter(|course| course.left > 0)
            .collect();
        left.sort();
        let not_recorded = self.not_recorded.iter();
        ReplayReport {
            left,
            not_recorded: not_recorded
                .map(|(key, count)| (key.clone(), *count))
                .collect(),
        }
    }
}

fn shown(query: &[(String, String)]) -> String {
    let pairs: Vec<_> = query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use serde_json::{Value, json};

    fn request(line: &str, body: RecordedBody) -> RecordedRequest {
        let (method, target) = line.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        RecordedRequest {
            method: method.to_owned(),
            path: path.to_owned(),
            query: crate::routing::form_decoded(query),
            headers: Vec::new(),
            body,
        }
    }

    fn replay(exchanges: &[(&str, RecordedBody, u16)]) -> Replay {
        let exchanges = exchanges.iter().map(|(line, body, status)| Exchange {
            request: request(line, body.clone()),
            answer: RecordedAnswer {
                time: Timestamp::UNIX_EPOCH,
                status: *status,
                headers: Vec::new(),
                body: RecordedBody::Empty,
                transport: crate::engine::Transport::Whole,
                slow_by_milliseconds: 0,
            },
        });
        Replay::new(Recording {
            exchanges: exchanges.collect(),
            ended_at: None,
        })
    }

    fn ask(replay: &mut Replay, line: &str, body: RecordedBody) -> Result<u16, String> {
        match replay.answer(&request(line, body)) {
            Found::Answer(answer) => Ok(answer.status),
            Found::Nothing(reason) => Err(reason),
        }
    }

    fn json(value: Value) -> RecordedBody {
        RecordedBody::Json(value)
    }

    #[test]
    fn answers_come_in_the_order_of_the_recording_for_each_request() {
        let mut replay = replay(&[
            ("GET /a?x=1&y=2", RecordedBody::Empty, 200),
            ("POST /a", json(json!({"n": 1, "m": 2})), 201),
            ("POST /a", RecordedBody::Unread, 401),
            ("POST /a", json(json!({"n": 2})), 202),
            ("GET /a?x=1&y=2", RecordedBody::Empty, 203),
        ]);
        assert_eq!(
            ask(&mut replay, "GET /a?y=2&x=1", RecordedBody::Empty),
            Ok(200)
        );
        // Another order of requests is fine, and that of an object's fields means nothing.
        assert_eq!(ask(&mut replay, "POST /a", json(json!({"n": 2}))), Ok(401));
        assert_eq!(
            ask(&mut replay, "POST /a", json(json!({"m": 2, "n": 1}))),
            Ok(201)
        );
        assert_eq!(ask(&mut replay, "POST /a", json(json!({"n": 2}))), Ok(202));
        let left = replay.report().left;
        assert_eq!(left.len(), 1);
        assert_eq!((left[0].left, left[0].recorded), (1, 2));
        assert_eq!(
            ask(&mut replay, "GET /a?x=1&y=2", RecordedBody::Empty),
            Ok(203)
        );
        assert!(replay.report().is_exact());
    }

    #[test]
    fn what_was_not_recorded_is_told_with_its_reason() {
        let mut replay = replay(&[
            ("GET /a", RecordedBody::Empty, 200),
            ("POST /a", json(json!({"n": 1})), 201),
        ]);
        assert_eq!(ask(&mut replay, "GET /a", RecordedBody::Empty), Ok(200));
        for (line, body, reason) in [
            ("GET /a", RecordedBody::Empty, "recorded once, and all"),
            ("GET /a?x=1", RecordedBody::Empty, "another query"),
            ("PUT /a", RecordedBody::Empty, "another method"),
            ("GET /b", RecordedBody::Empty, "path was not recorded"),
            ("POST /a", json(json!({"n": 7})), "another body"),
        ] {
            let said = ask(&mut replay, line, body).unwrap_err();
            assert!(said.contains(reason), "{line}: {said}");
        }
        let report = replay.report();
        assert_eq!(report.not_recorded.len(), 5);
        assert_eq!(report.left.len(), 1, "the post was not asked for");
    }

    #[test]
    fn signing_in_can_be_asked_for_as_often_as_needed() {
        let form = |id: &str| RecordedBody::Form(vec![("client_id".to_owned(), id.to_owned())]);
        let mut replay = replay(&[
            ("POST /oauth/token", form("a"), 200),
            ("POST /oauth/token", form("a"), 201),
        ]);
        assert!(replay.report().is_exact());
        for expected in [200, 201, 201] {
            assert_eq!(
                ask(&mut replay, "POST /oauth/token", form("a")),
                Ok(expected)
            );
        }
        assert!(ask(&mut replay, "POST /oauth/token", form("b")).is_err());
    }
}

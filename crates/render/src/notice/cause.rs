//! Causes of notices, as a run found them.

use crate::notice_people::ForPeople;
use crate::run_facts::{Left, RunFacts, digest};
use model::{NoticeEvent, visible};
use std::collections::BTreeMap;

/// How long the text of a cause may be, in characters.
const LONGEST: usize = 300;

/// Something that a receiver hears of once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its place, such as `drift/levels/SA-001`: the same in each run.
    pub id: String,
    /// Differs between causes at the same place.
    pub digest: String,
    /// What a person reads.
    pub text: String,
    /// What the files say for people of what it is about.
    pub people: ForPeople,
}

/// A notice that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub event: NoticeEvent,
    /// The causes, which a heartbeat has none of.
    pub causes: Vec<Cause>,
}

/// Causes of one event by id; none where the run does not know them, so that those of
/// earlier runs are neither repeated nor over.
pub(super) type Known = Option<Found>;

/// Causes by id.
pub(super) type Found = BTreeMap<String, Cause>;

/// The causes that a run found.
#[derive(Clone, Debug)]
pub(super) struct Causes {
    /// What differs.
    pub(super) drift: Known,
    /// That the run as a whole failed.
    pub(super) run: Known,
    /// The steps that failed.
    pub(super) steps: Known,
    /// What expires.
    pub(super) expiring: Known,
}

/// Where a failure of a run as a whole is.
pub(super) fn run_failure(command: &str) -> String {
    format!("failure/{command}/run/")
}

/// Where the failed steps of a command are.
pub(super) fn step_failure(command: &str) -> String {
    format!("failure/{command}/step/")
}

impl Causes {
    pub(super) fn of(run: &RunFacts) -> Self {
        let seen = run.seen.as_ref();
        let people = |address: &str| seen.map(|seen| seen.people.at(address)).unwrap_or_default();
        let all: fn(Vec<Cause>) -> BTreeMap<String, Cause> = |causes| {
            causes
                .into_iter()
                .map(|cause| (cause.id.clone(), cause))
                .collect()
        };
        let drift = seen.filter(|seen| seen.is_complete).and_then(|seen| {
            // What an apply could not change is its failure, not drift.
            if run.command != "drift" && !seen.drift.is_empty() {
                return None;
            }
            let causes = seen.drift.iter().map(|difference| Cause {
                id: format!("drift/{}", difference.address),
                digest: difference.digest.clone(),
                text: cut(&match difference.cause {
                    "unknown" => difference.text.clone(),
                    "git" => format!("{} (the files are ahead)", difference.text),
                    "both" => format!("{} (files and tenant changed)", difference.text),
                    _ => format!("{} (changed in the tenant)", difference.text),
                }),
                people: people(&difference.address),
            });
            Some(all(causes.collect()))
        });
        let expiring = seen.and_then(|seen| seen.tokens.as_ref()).map(|tokens| {
            let ending = tokens
                .iter()
                .filter(|token| token.needs_a_person(run.ended));
            let causes = ending.map(|token| {
                let left = Left::of(token.expires, run.ended);
                let end = token
                    .expires
                    .map(|end| end.strftime("%Y-%m-%d").to_string());
                let end = end.unwrap_or_default();
                let verb = match left {
                    Left::Expired => "expired on",
                    _ => "expires on",
                };
                Cause {
                    id: format!("expiring/{}", token.name),
                    // Of a replaced token with the same name, another end.
                    digest: digest(&[&end, left.word()]),
                    text: cut(&format!("{} {verb} {end}", token.name)),
                    people: people(&token.name),
                }
            });
            all(causes.collect())
        });
        let steps = run.failed_steps.as_ref().map(|steps| {
            let causes = steps.iter().map(|(address, error)| Cause {
                id: format!("{}{address}", step_failure(run.command)),
                digest: String::new(),
                text: cut(&format!("{address}: {error}")),
                people: people(address),
            });
            all(causes.collect())
        });
        let is_of_steps = run
            .failed_steps
            .as_ref()
            .is_some_and(|steps| !steps.is_empty());
        let failure = if run.is_success() || is_of_steps {
            Vec::new()
        } else {
            let why = run.error.as_deref().unwrap_or("see its output");
            vec![Cause {
                id: format!("{}{}", run_failure(run.command), run.exit_code),
                digest: String::new(),
                text: cut(&format!(
                    "`steersman {}` ended with exit code {}: {why}",
                    run.command, run.exit_code
                )),
                people: ForPeople::default(),
            }]
        };
        Self {
            drift,
            run: Some(all(failure)),
            steps,
            expiring,
        }
    }
}

pub(super) fn cut(text: &str) -> String {
    let text = visible(text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    let mut short: String = text.chars().take(LONGEST - 1).collect();
    short.push('…');
    short
}

//! Plays a history, and makes one that found something as short as it goes.

use crate::fault::Fault;
use crate::story::{Counts, Story};
use crate::tenant::View;
use std::fmt;
use std::time::{Duration, Instant};

/// How long a history is looked for that is shorter and finds the same.
const PATIENCE: Duration = Duration::from_mins(4);

/// A history by its seed and the numbers of what happens in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct History {
    pub(crate) seed: u64,
    pub(crate) steps: Vec<usize>,
}

/// How a history went.
pub(crate) struct Played {
    pub(crate) history: History,
    pub(crate) fault: Option<Fault>,
    pub(crate) log: Vec<String>,
    /// The tenant at the end.
    pub(crate) view: View,
    pub(crate) counts: Counts,
}

impl History {
    /// The first steps of a seed.
    pub(crate) fn of(seed: u64, steps: usize) -> Self {
        Self {
            seed,
            steps: (0..steps).collect(),
        }
    }

    /// Reads `SEED:STEP,STEP-STEP,…`, as a failure prints it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (seed, steps) = text.split_once(':')?;
        let mut numbers = Vec::new();
        for part in steps.split(',').filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
            numbers.extend(first..=last);
        }
        Some(Self {
            seed: seed.parse().ok()?,
            steps: numbers,
        })
    }

    /// Lets it happen, to its end or to the first fault.
    pub(crate) fn play(&self) -> Played {
        let mut story = Story::begin(self.seed);
        let mut happened = Vec::new();
        let mut fault = story.first().err();
        for number in &self.steps {
            if fault.is_some() {
                break;
            }
            happened.push(*number);
            fault = story.step(self.seed, *number).err();
        }
        if fault.is_none() {
            fault = story.end().err();
        }
        Played {
            history: Self {
                seed: self.seed,
                steps: happened,
            },
            fault,
            view: View::of(&story.tenant),
            log: story.log,
            counts: story.counts,
        }
    }
}

impl Played {
    /// A shorter history that breaks the same promise, as far as it is found in time.
    pub(crate) fn shortened(self) -> Self {
        let Some(promise) = self.fault.as_ref().map(|fault| fault.promise) else {
            return self;
        };
        let began = Instant::now();
        let mut best = self;
        let mut size = best.history.steps.len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < best.history.steps.len() {
                if began.elapsed() > PATIENCE {
                    return best;
                }
                let mut shorter = best.history.clone();
                let end = (at + size).min(shorter.steps.len());
                shorter.steps.drain(at..end);
                let played = shorter.play();
                let same = played.fault.as_ref().map(|fault| fault.promise) == Some(promise);
                if same
                    && played
                        .fault
                        .as_ref()
                        .is_some_and(|fault| fault.known().is_none())
                {
                    best = played;
                } else {
                    at += size;
                }
            }
            size /= 2;
        }
        best
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.seed)?;
        let runs = self.steps.chunk_by(|left, right| left + 1 == *right);
        for (index, run) in runs.enumerate() {
            if index > 0 {
                write!(f, ",")?;
            }
            match run {
                [one] => write!(f, "{one}")?,
                [first, .., last] => write!(f, "{first}-{last}")?,
                [] => {}
            }
        }
        Ok(())
    }
}

impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.log {
            writeln!(f, "{line}")?;
        }
        if let Some(fault) = &self.fault {
            writeln!(f, "\n{fault}")?;
        }
        write!(
            f,
            "\nrepeat it with\n  STEERSMAN_HISTORY={} cargo test -p tests --test histories -- --ignored --nocapture one_history",
            self.history
        )
    }
}

#[test]
fn a_history_is_read_as_it_is_written() {
    let history = History {
        seed: 7,
        steps: vec![0, 1, 2, 5, 9, 10],
    };
    assert_eq!(history.to_string(), "7:0-2,5,9-10");
    assert_eq!(History::read("7:0-2,5,9-10"), Some(history));
    assert_eq!(
        History::read("7:").map(|history| history.steps),
        Some(vec![])
    );
}

/// Histories that broke a promise once, each by its seed and what is left of it.
fn keeps_all_promises(text: &str) {
    let played = History::read(text).unwrap().play();
    assert!(played.fault.is_none(), "{played}");
}

#[test]
fn what_is_known_of_an_identity_does_not_depend_on_what_else_an_apply_does() {
    keeps_all_promises("50039:8,13,17,19,24-26,28");
}

#[test]
fn one_apply_is_enough_for_an_account_that_moves_to_another_source() {
    keeps_all_promises("50089:7,16,22");
}

#[test]
fn a_replaced_token_that_outlives_its_overlap_is_named() {
    keeps_all_promises("50115:2,5-8,22,25-26,29");
}

#[test]
fn one_apply_is_enough_for_an_identity_that_was_not_its_own_until_its_row_was_mended() {
    keeps_all_promises("70109:1-4,6-11");
}

#[test]
fn an_identity_that_isc_made_of_the_row_from_before_the_import_is_waited_for() {
    keeps_all_promises("70195:2-10");
}

#[test]
fn an_apply_sees_the_tokens_of_an_identity_whose_email_address_it_mended() {
    keeps_all_promises("90591:3-5,8-10,12-14");
}

//! Plays a history, and makes one that found something as short as it goes.

use crate::fault::Fault;
use crate::random::Random;
use crate::runs::{self, Trouble};
use crate::site::Site;
use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

/// How long a history is looked for that is shorter and finds the same.
const PATIENCE: Duration = Duration::from_mins(3);

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
    log: Vec<String>,
    pub(crate) counts: BTreeMap<String, usize>,
}

impl History {
    /// The first steps of a seed.
    pub(crate) fn of(seed: u64, steps: usize) -> Self {
        Self {
            seed,
            steps: (0..steps).collect(),
        }
    }

    /// Reads `SEED:STEP,STEP,…`, as a failure prints it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (seed, steps) = text.split_once(':')?;
        let steps = steps.split(',').filter(|part| !part.is_empty());
        Some(Self {
            seed: seed.parse().ok()?,
            steps: steps.map(|part| part.parse().ok()).collect::<Option<_>>()?,
        })
    }

    /// Lets it happen, to its end or to the first fault. At the end, an apply that nothing
    /// disturbs settles it, whatever happened.
    pub(crate) fn play(&self) -> Played {
        let mut site = Site::begin(self.seed);
        let settle = |site: &mut Site| runs::apply(site, &mut Random::of(0, 0), &Trouble::None);
        let mut happened = Vec::new();
        let mut fault = settle(&mut site).err();
        for number in &self.steps {
            if fault.is_some() {
                break;
            }
            happened.push(*number);
            fault = site.step(self.seed, *number).err();
        }
        if fault.is_none() {
            site.note("the end");
            fault = settle(&mut site).err();
        }
        Played {
            history: Self {
                seed: self.seed,
                steps: happened,
            },
            fault,
            log: site.log,
            counts: site.counts,
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
                if played.fault.as_ref().map(|fault| fault.promise) == Some(promise) {
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
        let steps: Vec<String> = self.steps.iter().map(ToString::to_string).collect();
        write!(f, "{}:{}", self.seed, steps.join(","))
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
            "\nrepeat it with\n  STEERSMAN_TOKEN_HISTORY={} cargo test -p tests --test token_histories -- --ignored --nocapture one_history",
            self.history
        )
    }
}

#[test]
fn a_history_is_read_as_it_is_written() {
    let history = History {
        seed: 7,
        steps: vec![0, 1, 5],
    };
    assert_eq!(history.to_string(), "7:0,1,5");
    assert_eq!(History::read("7:0,1,5"), Some(history));
    assert_eq!(History::read("7:x"), None);
}

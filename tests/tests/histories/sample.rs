//! The histories that run with the other tests, and those that are asked for.

use crate::fault::Fault;
use crate::played::{History, Played};
use crate::story::Counts;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Mutex;

/// Steps of a history, if it is not said otherwise.
const LENGTH: usize = 30;

/// Plays one, and complains of what is new.
fn complaint(seed: u64, steps: usize) -> (Counts, Option<&'static str>, Option<String>) {
    let played = History::of(seed, steps).play();
    let counts = played.counts.clone();
    match played.fault.as_ref().map(Fault::known) {
        None => (counts, None, None),
        Some(Some(known)) => (counts, Some(known), None),
        Some(None) => (counts, None, Some(told(played))),
    }
}

fn told(played: Played) -> String {
    let first = format!("{}", played.history);
    format!(
        "history {first} broke a promise; shortened:\n{}",
        played.shortened()
    )
}

#[test]
fn a_few_histories_keep_all_promises() {
    for seed in [1, 2, 3, 4] {
        let (_, _, complaint) = complaint(seed, 12);
        assert!(complaint.is_none(), "{}", complaint.unwrap_or_default());
    }
}

/// A number from the environment.
pub(crate) fn number<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// What many histories have brought about.
#[derive(Default)]
struct Sum {
    counts: Counts,
    histories: usize,
    known: BTreeMap<&'static str, usize>,
    /// The seeds that broke a promise.
    faults: Vec<u64>,
    next: u64,
}

/// `STEERSMAN_HISTORIES_STEPS` steps, from the seed `STEERSMAN_HISTORIES_SEED` on.
#[test]
#[ignore = "takes long; CONTRIBUTING.md has the command"]
fn histories_at_length() {
    let wanted = number("STEERSMAN_HISTORIES_STEPS").unwrap_or(1000);
    let length = number("STEERSMAN_HISTORIES_LENGTH").unwrap_or(LENGTH);
    let most = number("STEERSMAN_HISTORIES_FAULTS").unwrap_or(1);
    let sum = Mutex::new(Sum {
        next: number("STEERSMAN_HISTORIES_SEED").unwrap_or(1000),
        ..Sum::default()
    });
    let work = || {
        loop {
            let seed = {
                let mut sum = sum.lock().unwrap();
                if sum.counts.steps >= wanted || sum.faults.len() >= most {
                    return;
                }
                sum.next += 1;
                sum.next - 1
            };
            let (counts, expected, complaint) = complaint(seed, length);
            let mut sum = sum.lock().unwrap();
            sum.counts.add(&counts);
            sum.histories += 1;
            if let Some(reason) = expected {
                *sum.known.entry(reason).or_default() += 1;
            }
            if let Some(text) = complaint {
                println!("{text}\n");
                sum.faults.push(seed);
            }
            if sum.histories.is_multiple_of(20) {
                let (histories, steps) = (sum.histories, sum.counts.steps);
                println!(
                    "{histories} histories, {steps} steps, faults: {:?}",
                    sum.faults
                );
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..number("STEERSMAN_HISTORIES_THREADS").unwrap_or(4) {
            scope.spawn(work);
        }
    });
    let Sum {
        counts,
        histories,
        known,
        faults,
        next: _,
    } = sum.into_inner().unwrap();
    println!(
        "{histories} histories, {} steps, {} runs",
        counts.steps, counts.runs
    );
    println!("applies by exit code: {:?}", counts.applies);
    for (reason, count) in &counts.refusals {
        println!("{count:5} refused: {reason}");
    }
    for (reason, count) in &known {
        println!("{count:5} known: {reason}");
    }
    assert!(faults.is_empty(), "faults with the seeds {faults:?}");
}

/// The history that `STEERSMAN_HISTORY` names, as a failure prints it.
#[test]
#[ignore = "repeats a history that found something; CONTRIBUTING.md has the command"]
fn one_history() {
    let Ok(text) = std::env::var("STEERSMAN_HISTORY") else {
        println!("STEERSMAN_HISTORY names no history");
        return;
    };
    let history = History::read(&text).expect("STEERSMAN_HISTORY is SEED:STEP,STEP-STEP");
    let played = history.play();
    println!("{:#?}\n{played}", played.view);
    assert!(played.fault.is_none(), "a promise was broken");
}

//! The histories that run with the other tests, and those that are asked for.

use crate::history::History;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Mutex;

/// Steps of a history, if it is not said otherwise.
const LENGTH: usize = 40;

#[test]
fn a_few_histories_keep_all_promises_of_tokens() {
    for seed in [1, 2, 3] {
        let played = History::of(seed, 25).play();
        let is_broken = played.fault.is_some();
        let complaint = is_broken.then(|| played.shortened().to_string());
        assert!(complaint.is_none(), "{}", complaint.unwrap_or_default());
    }
}

/// A number from the environment.
fn number<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

#[derive(Default)]
struct Sum {
    counts: BTreeMap<String, usize>,
    histories: usize,
    /// The seeds that broke a promise.
    faults: Vec<u64>,
    next: u64,
}

impl Sum {
    fn steps(&self) -> usize {
        self.counts.get("steps").copied().unwrap_or_default()
    }
}

/// `STEERSMAN_HISTORIES_STEPS` steps, from the seed `STEERSMAN_HISTORIES_SEED` on.
#[test]
#[ignore = "takes long; CONTRIBUTING.md has the command"]
fn token_histories_at_length() {
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
                if sum.steps() >= wanted || sum.faults.len() >= most {
                    return;
                }
                sum.next += 1;
                sum.next - 1
            };
            let played = History::of(seed, length).play();
            let mut sum = sum.lock().unwrap();
            sum.histories += 1;
            for (what, count) in &played.counts {
                *sum.counts.entry(what.clone()).or_default() += count;
            }
            if played.fault.is_some() {
                sum.faults.push(seed);
                drop(sum);
                println!("{}\n", played.shortened());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..number("STEERSMAN_HISTORIES_THREADS").unwrap_or(2) {
            scope.spawn(work);
        }
    });
    let sum = sum.into_inner().unwrap();
    println!("{} histories", sum.histories);
    for (what, count) in &sum.counts {
        println!("{count:7} {what}");
    }
    assert!(
        sum.faults.is_empty(),
        "faults with the seeds {:?}",
        sum.faults
    );
}

/// The history that `STEERSMAN_TOKEN_HISTORY` names, as a failure prints it.
#[test]
#[ignore = "repeats a history that found something; CONTRIBUTING.md has the command"]
fn one_history() {
    let Ok(text) = std::env::var("STEERSMAN_TOKEN_HISTORY") else {
        println!("STEERSMAN_TOKEN_HISTORY names no history");
        return;
    };
    let history = History::read(&text).expect("STEERSMAN_TOKEN_HISTORY is SEED:STEP,STEP");
    let played = history.play();
    println!("{played}");
    assert!(played.fault.is_none(), "a promise was broken");
}

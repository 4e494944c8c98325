//! The tests: a sample of the cells, and all of them.

use crate::cell::{Cell, Which};
use crate::cells;
use crate::judge::{self, Held};
use crate::prepared::Prepared;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::Instant;

/// How many cells are run with the other tests.
const SAMPLE: usize = 12;

/// How many cells of a kind were run, came about, and held.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    run: usize,
    met: usize,
    held: usize,
}

type Table = BTreeMap<(Which, String), Counts>;

fn number(variable: &str, default: usize) -> usize {
    let given = std::env::var(variable).ok();
    given.map_or(default, |text| text.parse().unwrap())
}

/// Runs cells, some at a time, and prints those that do not hold.
fn run(cells: &[Cell]) -> (Table, usize) {
    let next = Mutex::new(cells.iter());
    let table = Mutex::new(Table::new());
    let faults = Mutex::new(0);
    let since = Instant::now();
    let work = || {
        loop {
            let cell = next.lock().unwrap().next();
            let Some(cell) = cell else { return };
            let held = judge::run(cell);
            let mut table = table.lock().unwrap();
            let counts = table.entry((cell.which, cell.kind())).or_default();
            counts.run += 1;
            counts.met += usize::from(held.met);
            counts.held += usize::from(held.complaints.is_empty());
            let done: usize = table.values().map(|counts| counts.run).sum();
            if done.is_multiple_of(100) {
                println!("{done} of {} cells", cells.len());
            }
            if !held.complaints.is_empty() {
                *faults.lock().unwrap() += 1;
                println!("{}", told(cell, &held));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..number("STEERSMAN_MATRIX_THREADS", 3) {
            scope.spawn(work);
        }
    });
    println!("{} cells in {} s", cells.len(), since.elapsed().as_secs());
    (table.into_inner().unwrap(), faults.into_inner().unwrap())
}

/// A cell that does not hold, and how to repeat it.
fn told(cell: &Cell, held: &Held) -> String {
    let mut text = format!("\n== {cell}\n");
    for complaint in &held.complaints {
        let _ = writeln!(text, "-- {complaint}");
    }
    let _ = write!(
        text,
        "the disturbed run: {}\nrepeat: STEERSMAN_MATRIX={cell} cargo test -p tests --test matrix -- --ignored --nocapture",
        held.shown
    );
    text
}

fn shown(table: &Table) -> String {
    let mut text =
        "| apply | disturbed by | cells | came about | held |\n|---|---|---:|---:|---:|\n"
            .to_owned();
    let mut all = Counts::default();
    for ((which, kind), counts) in table {
        let Counts { run, met, held } = *counts;
        let _ = writeln!(text, "| {which} | {kind} | {run} | {met} | {held} |");
        all.run += run;
        all.met += met;
        all.held += held;
    }
    let Counts { run, met, held } = all;
    let _ = writeln!(text, "| both | all | {run} | {met} | {held} |");
    text
}

/// All cells whose name begins with these parts, where `*` is any part; `all` is each cell.
fn chosen(pattern: &str) -> Vec<Cell> {
    let parts: Vec<&str> = match pattern {
        "all" => Vec::new(),
        pattern => pattern.split('/').collect(),
    };
    let fits = |name: &str| {
        let mut name = name.split('/');
        let mut parts = parts.iter();
        parts.all(|part| name.next().is_some_and(|own| *part == "*" || *part == own))
    };
    let first = parts.first().copied().unwrap_or("*");
    Which::ALL
        .into_iter()
        .filter(|which| first == "*" || first == which.to_string())
        .flat_map(cells::of)
        .filter(|cell| fits(&cell.to_string()))
        .collect()
}

/// Runs the cells of a pattern, which all have to hold.
pub(crate) fn hold(pattern: &str) {
    let cells = chosen(pattern);
    assert!(!cells.is_empty(), "no cell is {pattern}");
    let (_, faults) = run(&cells);
    assert_eq!(faults, 0, "some cells did not hold");
}

#[test]
fn a_sample_of_the_matrix_holds() {
    let seed = number("STEERSMAN_MATRIX_SEED", 1);
    let seed = u64::try_from(seed).unwrap();
    println!("STEERSMAN_MATRIX_SEED={seed}");
    let cells = cells::sample(chosen("all"), seed, SAMPLE);
    let (table, faults) = run(&cells);
    println!("{}", shown(&table));
    assert_eq!(faults, 0, "cells of the seed {seed} did not hold");
}

#[test]
#[ignore = "runs for an hour: CONTRIBUTING.md has the command"]
fn the_matrix_holds() {
    let pattern = std::env::var("STEERSMAN_MATRIX").unwrap_or_else(|_| "all".to_owned());
    let cells = chosen(&pattern);
    let seed = u64::try_from(number("STEERSMAN_MATRIX_SEED", 1)).unwrap();
    let count = number("STEERSMAN_MATRIX_CELLS", cells.len());
    let cells = cells::sample(cells, seed, count);
    assert!(!cells.is_empty(), "no cell is {pattern}");
    let (table, faults) = run(&cells);
    println!("{}", shown(&table));
    assert_eq!(faults, 0, "some cells did not hold");
}

#[test]
fn the_mixed_apply_has_a_change_of_each_kind() {
    let prepared = Prepared::of(Which::Mixed);
    let (before, after) = (&prepared.objects_before, &prepared.objects_after);
    for (address, was, is) in [
        ("account/SA-501", false, true),
        ("account/SA-404", true, false),
        ("invitation/SA-501", false, true),
        ("levels/SA-501", false, true),
        ("token/SA-101/weekly-review", false, true),
        ("token/SA-304/unlocker", true, false),
        ("token/SA-404/leaver-check", true, false),
    ] {
        let there = (before.contains_key(address), after.contains_key(address));
        assert_eq!(there, (was, is), "{address}");
    }
    for address in [
        "account/SA-303",
        "levels/SA-203",
        "levels/SA-301",
        "token/SA-104/event-reader",
        "token/SA-304/account-finder",
    ] {
        assert_ne!(before[address], after[address], "{address}");
    }
    assert!(prepared.untouched.len() > 60);
}

//! One edit at one moment of an apply, and what has to come of it.

use crate::edit::Edit;
use crate::site::{Change, Site};
use serde_json::Value;
use std::collections::BTreeMap;
use tests::scale;

/// When a person edits the tenant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Moment {
    /// After a plan was saved, before it is applied.
    Saved,
    /// Directly before a request of this operation: the one that comes after so many others
    /// of the apply, those of its plan not counted.
    Before(&'static str, u64),
}

/// A line of a table: the edit, when, the exit code, and what the report says.
pub(crate) type Line<'a> = (Edit, Moment, i32, Told<'a>);

/// What becomes of the steps.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told<'a> {
    /// All are done.
    Done,
    /// The step of one account fails, with this text; all others are done, but for the
    /// processing of identities that depends on it.
    Refused(usize, &'a str),
    /// All fail of one cause, with this text.
    AllRefused(&'a str),
    /// No step begins, and the run says this.
    Nothing(&'a str),
}

/// Plays each line at a tenant of its own, and fails with all that do not hold.
#[track_caller]
pub(crate) fn play(accounts: usize, change: Change, lines: &[Line<'_>]) {
    let play = |line: &Line<'_>| {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            one(accounts, change, *line);
        }))
    };
    let failed = lines.iter().filter(|line| play(line).is_err()).count();
    assert_eq!(failed, 0, "of {} edits", lines.len());
}

fn one(accounts: usize, change: Change, line: Line<'_>) {
    let (edit, moment, exit, told) = line;
    let site = Site::new(accounts, change);
    let simulator = site.tenant.simulator();
    let before = site.state();
    let allowed = site.allowed();
    let apply = match moment {
        Moment::Saved => {
            let plan = format!("plan {allowed} --save saved.plan");
            let _ = site.world.steersman(&plan).exits(0);
            simulator.with_tenant(|tenant| edit.make(tenant, &before));
            format!("apply {allowed} --plan saved.plan --out json=report.json")
        }
        Moment::Before(operation, skip) => {
            let counted = site.tenant.count(operation);
            let _ = site.world.steersman(&format!("plan {allowed}")).exits(0);
            let reads = site.tenant.count(operation) - counted;
            let known = before.clone();
            simulator.before_request(operation, reads + skip, move |tenant| {
                edit.make(tenant, &known);
            });
            format!("apply {allowed} --auto-approve --out json=report.json")
        }
    };
    let run = site
        .world
        .steersman(&format!("{apply} {}", site.parallelism()));
    let shown = run.shown();
    let context = format!("{accounts} {change:?}, {edit:?} {moment:?}:\n{shown}");
    assert_eq!(simulator.changes_waiting(), 0, "never edited: {context}");
    assert_eq!(run.code, exit, "{context}");
    edit.is_kept(&before, &site.state());
    println!("| {accounts} | {change:?} | {edit:?} | {moment:?} | {exit} |");
    let mut results = BTreeMap::new();
    if site.world.path("report.json").exists() {
        let report: Value = serde_json::from_str(&site.world.read("report.json")).unwrap();
        for cause in report["causes"].as_array().unwrap() {
            println!("    {} steps: {}", cause["steps"], cause["error"]);
        }
        for step in report["steps"].as_array().unwrap() {
            let text = |key: &str| step[key].as_str().unwrap().to_owned();
            results.insert(text("address"), text("result"));
        }
    }
    let with = |result: &str| -> Vec<&String> {
        let steps = results.iter().filter(|(_, found)| *found == result);
        steps.map(|(address, _)| address).collect()
    };
    match told {
        Told::Done => assert_eq!(with("done").len(), results.len(), "{context}"),
        Told::Refused(number, text) => {
            let failed = with("failed");
            let id = scale::id(number);
            assert_eq!(failed.len(), 1, "{failed:?} of {context}");
            assert!(failed[0].contains(&id), "{failed:?} of {context}");
            let skipped = with("skipped");
            let is_processing = |address: &&String| address.starts_with("processing/");
            assert!(
                skipped.iter().all(is_processing),
                "{skipped:?} of {context}"
            );
            let done = with("done").len();
            assert_eq!(done + 1 + skipped.len(), results.len(), "{context}");
            assert!(shown.contains(text), "{context}");
        }
        Told::AllRefused(text) => {
            assert_eq!(with("done"), Vec::<&String>::new(), "{context}");
            assert!(shown.contains(text), "{context}");
        }
        Told::Nothing(text) => {
            assert_eq!(with("done").len(), 0, "{context}");
            assert!(shown.contains(text), "{context}");
        }
    }
}

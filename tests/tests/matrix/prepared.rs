//! What the cells of an apply begin with, and how it goes without a disturbance.

use crate::cell::Which;
use crate::mixed;
use crate::run::{JOURNAL, LOCK, Stage};
use crate::state::{Objects, State};
use jiff::SignedDuration;
use simulator::{LoggedRequest, RequestFilter};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

/// The beginning of all cells of an apply.
pub(crate) struct Prepared {
    /// The folder.
    pub(crate) files: Vec<(String, String)>,
    /// The tenant's address that the files name.
    pub(crate) address: String,
    pub(crate) before: State,
    /// What is declared, before and after.
    pub(crate) objects_before: Objects,
    pub(crate) objects_after: Objects,
    /// The objects that the apply leaves as they are.
    pub(crate) untouched: Objects,
    /// Documents that sign in before and after.
    pub(crate) kept_documents: BTreeSet<String>,
    /// How many requests each operation gets.
    pub(crate) requests: BTreeMap<String, u64>,
    /// What it writes to.
    pub(crate) writes: BTreeSet<String>,
    /// How many lines and bytes the journal gets.
    pub(crate) journal: (usize, u64),
    pub(crate) took: Duration,
}

impl Prepared {
    pub(crate) fn of(which: Which) -> &'static Self {
        static FIRST: OnceLock<Prepared> = OnceLock::new();
        static MIXED: OnceLock<Prepared> = OnceLock::new();
        match which {
            Which::First => FIRST.get_or_init(|| Self::make(|_| ())),
            Which::Mixed => MIXED.get_or_init(|| Self::make(mixed::prepare)),
        }
    }

    fn make(prepare: impl FnOnce(&Stage)) -> Self {
        let stage = Stage::new();
        prepare(&stage);
        // Nothing is under way.
        let hour = SignedDuration::from_hours(1);
        stage.tenant.simulator().advance(hour).unwrap();
        let files = files(&stage);
        let before = stage.state();
        let journal = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.len());
        let journal = || journal(&stage.world.path(JOURNAL));
        let (lines, bytes) = (stage.journal_lines(), journal());
        stage.tenant.simulator().clear_requests();
        let ended = stage.apply();
        let (stdout, errors) = (&ended.stdout, ended.told_errors());
        assert_eq!(ended.code, Some(0), "{stdout}\n{errors}");
        let requests = stage
            .tenant
            .simulator()
            .request_counts(&RequestFilter::default());
        let writes = writes(&stage, &before);
        let after = stage.state();
        let later = after.settled();
        let mut untouched = before.by_id();
        for state in [&after, &later] {
            let now = state.by_id();
            untouched.retain(|id, object| now.get(id) == Some(object));
        }
        let working = after.working_documents();
        let kept_documents = before.working_documents();
        Self {
            address: stage.tenant.simulator().base_url(),
            files,
            objects_before: before.objects(),
            objects_after: after.objects(),
            untouched,
            kept_documents: kept_documents.intersection(&working).cloned().collect(),
            requests,
            writes: writes.into_iter().map(|(write, _)| write).collect(),
            journal: (stage.journal_lines() - lines, journal() - bytes),
            took: ended.took,
            before,
        }
    }
}

/// The writes so far, each with whether it is to an object that is new, and the ids of
/// tokens that were to be deleted are in their paths.
pub(crate) fn writes(stage: &Stage, before: &State) -> Vec<(String, LoggedRequest)> {
    let known = before.by_id();
    let known: BTreeSet<&str> = known
        .keys()
        .filter_map(|id| Some(id.split_once('/')?.1))
        .collect();
    let writes = RequestFilter {
        writes: Some(true),
        ..RequestFilter::default()
    };
    let writes = stage.tenant.simulator().requests(&writes);
    writes
        .into_iter()
        .map(|request| {
            let part = |part: &str| {
                let is_id = part.len() >= 32;
                if is_id && !known.contains(part) {
                    "NEW".to_owned()
                } else {
                    part.to_owned()
                }
            };
            let path: Vec<String> = request.path.split('/').map(part).collect();
            (format!("{} {}", request.method, path.join("/")), request)
        })
        .collect()
}

/// The text of each file of the folder but for reports.
fn files(stage: &Stage) -> Vec<(String, String)> {
    const LEFT_OUT: [&str; 4] = ["events.jsonl", "record.json", "report.json", LOCK];
    stage
        .world
        .everything_written()
        .into_iter()
        .map(|(path, text)| {
            let path = path.strip_prefix(stage.world.folder()).unwrap();
            (path.display().to_string(), text)
        })
        .filter(|(path, _)| !LEFT_OUT.contains(&path.as_str()))
        .collect()
}

//! The reports of a run, and whether they say what is so.

use crate::prepared::Prepared;
use crate::run::Stage;
use crate::state::{Objects, State};
use serde_json::Value;
use std::collections::BTreeMap;

/// The report of a run that was disturbed.
pub(crate) struct Report {
    code: Option<i64>,
    ending: String,
    steps: Vec<(String, String)>,
}

/// What was there before a run.
pub(crate) struct Before {
    at_first: Objects,
    /// What becomes of it by itself: the import of a run that was killed may still be under
    /// way, and a run after it that fails has not done that.
    at_last: Objects,
}

impl Before {
    pub(crate) fn of(state: &State) -> Self {
        Self {
            at_first: state.objects(),
            at_last: state.settled().objects(),
        }
    }

    fn leads_to(&self, now: &Objects) -> bool {
        *now == self.at_first || *now == self.at_last
    }
}

/// The reports of a run.
pub(crate) enum Found {
    None,
    /// A file that is no report.
    Cut,
    Whole(Report),
}

impl Report {
    pub(crate) fn read(stage: &Stage) -> Found {
        let Ok(text) = std::fs::read_to_string(stage.world.path("report.json")) else {
            return Found::None;
        };
        let Ok(report) = serde_json::from_str::<Value>(&text) else {
            return if text.trim().is_empty() {
                Found::None
            } else {
                Found::Cut
            };
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let steps = report["steps"].as_array().into_iter().flatten();
        Found::Whole(Self {
            code: report["exitCode"].as_i64(),
            ending: text(&report["ending"]),
            steps: steps
                .map(|step| (text(&step["address"]), text(&step["result"])))
                .collect(),
        })
    }

    /// Whether a part was done, of which no step shows more than that it failed.
    pub(crate) fn is_partial_by_a_failure(&self) -> bool {
        let shows =
            |(_, result): &(String, String)| ["done", "sentNotVerified"].contains(&result.as_str());
        self.ending == "partial" && !self.steps.iter().any(shows)
    }

    /// What it says that is not so. `now` is the state when the run ended, `later` what
    /// became of it by itself.
    pub(crate) fn untrue(
        &self,
        code: Option<i32>,
        prepared: &Prepared,
        before: &Before,
        (now, later): (&State, &State),
    ) -> Vec<String> {
        let mut untrue = Vec::new();
        let after = &prepared.objects_after;
        let (now, later) = (now.objects(), later.objects());
        if self.code != code.map(i64::from) {
            untrue.push(format!(
                "the report says exit code {:?}, and it was {code:?}",
                self.code
            ));
        }
        for (address, result) in &self.steps {
            let is = |objects: &Objects| objects.get(address) == after.get(address);
            let is_change = !is(&before.at_last);
            let complaint = match result.as_str() {
                "done" if !is(&now) => "done, and it is not",
                "failed" | "blocked" if is_change && is(&later) => "not done, and it is",
                "skipped" | "neverTried" if is_change && is(&later) => "not tried, and it is done",
                _ => continue,
            };
            let shown = |objects: &Objects| format!("{:?}", objects.get(address));
            untrue.push(format!(
                "{address} is reported {result}: {complaint}: before {}, now {}, declared {}",
                shown(&before.at_last),
                shown(&now),
                shown(after)
            ));
        }
        untrue.extend(self.ending(code, prepared, before, &now));
        untrue
    }

    fn ending(
        &self,
        code: Option<i32>,
        prepared: &Prepared,
        before: &Before,
        now: &Objects,
    ) -> Option<String> {
        let some = |results: &[&str]| {
            let mut steps = self.steps.iter();
            steps.any(|(_, result)| results.contains(&result.as_str()))
        };
        let complaint = match (self.ending.as_str(), code) {
            ("verified" | "nothingToDo", Some(0)) => {
                if *now != prepared.objects_after {
                    "all is done, and the tenant is not as declared"
                } else if some(&["failed", "sentNotVerified", "skipped", "neverTried"]) {
                    "all is done, and a step is not"
                } else {
                    return None;
                }
            }
            (_, Some(0)) => "exit code 0 with another ending than verified",
            ("nothing", _) if !before.leads_to(now) => "nothing was done, and it was",
            ("nothing", _) if some(&["done"]) => "nothing was done, and a step is",
            // A step that failed can have changed something before; the judge looks for the
            // write.
            ("partial", Some(3)) if !some(&["done", "sentNotVerified", "failed"]) => {
                "a part was done, and no step was"
            }
            ("partial", Some(3)) => return None,
            ("partial", _) => "a part was done, and the exit code is not 3",
            _ => return None,
        };
        Some(format!("ending {}: {complaint}", self.ending))
    }
}

/// Results of the event file that differ from the report's.
pub(crate) fn events_differ(stage: &Stage) -> Vec<String> {
    let Found::Whole(report) = Report::read(stage) else {
        return Vec::new();
    };
    let text = stage.world.read("events.jsonl");
    let mut results: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines() {
        let Ok(event) = serde_json::from_str::<Value>(line) else {
            return vec![format!("a line of the events is cut: {line}")];
        };
        if ["stepEnded", "stepRevised"].contains(&event["event"].as_str().unwrap_or_default()) {
            let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
            results.insert(text("address"), text("result"));
        }
    }
    report
        .steps
        .iter()
        .filter(|(address, result)| results.get(address).is_none_or(|event| event != result))
        .map(|(address, result)| {
            format!(
                "{address} is {result} in the report, and {:?} in the events",
                results.get(address)
            )
        })
        .collect()
}

/// Steps that the events of a run that was killed say are done, and are not.
pub(crate) fn untrue_events(stage: &Stage, prepared: &Prepared, now: &State) -> Vec<String> {
    let Ok(text) = std::fs::read_to_string(stage.world.path("events.jsonl")) else {
        return Vec::new();
    };
    let now = now.objects();
    let after = &prepared.objects_after;
    text.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|event| event["event"] == "stepEnded" && event["result"] == "done")
        .filter_map(|event| event["address"].as_str().map(str::to_owned))
        .filter(|address| now.get(address) != after.get(address))
        .map(|address| format!("the events say that {address} is done, and it is not"))
        .collect()
}

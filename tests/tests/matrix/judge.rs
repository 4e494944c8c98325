//! The promises that each cell has to keep.

use crate::canary::Canary;
use crate::cell::{Cell, Disturbance};
use crate::disturb;
use crate::prepared::{self, Prepared};
use crate::report::{self, Before, Found, Report};
use crate::run::{Ended, Stage};
use crate::state::{Objects, State};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// So many undisturbed runs have to be enough.
const RUNS: usize = 3;
/// Longer than a replaced token is kept.
const OVERLAP: SignedDuration = SignedDuration::from_hours(49);

/// What a cell found.
pub(crate) struct Held {
    /// Whether the disturbance came about: a run may end before it.
    pub(crate) met: bool,
    pub(crate) complaints: Vec<String>,
    /// What the disturbed run wrote for people.
    pub(crate) shown: String,
}

/// A cell while it runs.
struct Judge {
    cell: Cell,
    prepared: &'static Prepared,
    stage: Stage,
    /// All that was said by all runs.
    said: String,
    complaints: Vec<String>,
    invitations: BTreeSet<(String, String)>,
}

/// Runs a cell.
pub(crate) fn run(cell: &Cell) -> Held {
    let prepared = Prepared::of(cell.which);
    let mut judge = Judge {
        cell: cell.clone(),
        prepared,
        stage: Stage::of(prepared),
        said: String::new(),
        complaints: Vec::new(),
        invitations: prepared.before.invitations(),
    };
    let ended = disturb::apply(&judge.stage, prepared, &cell.disturbance);
    let met = judge.was_met(&ended);
    let shown = format!(
        "exit code {:?} after {:?}\n{}{}",
        ended.code,
        ended.took,
        ended.stdout,
        ended.told_errors()
    );
    judge.disturbed(&ended);
    judge.recovers();
    judge.secrets_are_kept();
    Held {
        met,
        complaints: judge.complaints,
        shown,
    }
}

impl Judge {
    fn was_met(&self, ended: &Ended) -> bool {
        let requests = self
            .stage
            .tenant
            .simulator()
            .requests(&simulator::RequestFilter::default());
        match &self.cell.disturbance {
            Disturbance::Fault(..)
            | Disturbance::Outage(..)
            | Disturbance::KilledAt(_)
            | Disturbance::Signal(..) => requests.iter().any(|request| !request.faults.is_empty()),
            Disturbance::KilledAtLine(_) | Disturbance::KilledAfter(_) => ended.code.is_none(),
            Disturbance::TornJournal(_)
            | Disturbance::FullJournal(_)
            | Disturbance::FullDisk(_)
            | Disturbance::FullReport(_)
            | Disturbance::Store(_) => ended.code != Some(0),
        }
    }

    fn complain(&mut self, text: impl Into<String>) {
        self.complaints.push(text.into());
    }

    fn hear(&mut self, ended: &Ended) {
        self.said.push_str(&ended.stdout);
        self.said.push_str(&ended.stderr);
    }

    /// The run that was disturbed has ended.
    fn disturbed(&mut self, ended: &Ended) {
        self.hear(ended);
        let now = self.stage.state();
        let later = now.settled();
        let ends_by_itself = match &self.cell.disturbance {
            Disturbance::KilledAt(_)
            | Disturbance::KilledAtLine(_)
            | Disturbance::TornJournal(_)
            | Disturbance::KilledAfter(_) => false,
            Disturbance::Fault(..)
            | Disturbance::Outage(..)
            | Disturbance::Signal(..)
            | Disturbance::FullJournal(_)
            | Disturbance::FullDisk(_)
            | Disturbance::FullReport(_)
            | Disturbance::Store(_) => true,
        };
        if ended.was_endless {
            self.complain("the run did not end");
        }
        if ended.stderr.contains("panicked") {
            self.complain("it panicked");
        }
        self.looks_right(&now);
        if !ends_by_itself && ended.code.is_none() {
            let untrue = report::untrue_events(&self.stage, self.prepared, &now);
            self.complaints.extend(untrue);
            return;
        }
        self.exit_code(ended);
        if ended.was_stopped_at_once() {
            // It says so; the next run tells what became of it.
            return;
        }
        match Report::read(&self.stage) {
            Found::None => self.without_report(ended, &later),
            Found::Cut => {
                let is_told = ended.stderr.contains("report.json");
                if !is_told || ended.code == Some(0) {
                    self.complain("the report is cut, and that is not told");
                }
            }
            Found::Whole(report) => {
                let before = Before::of(&self.prepared.before);
                let untrue = report.untrue(ended.code, self.prepared, &before, (&now, &later));
                self.complaints.extend(untrue);
                if report.is_partial_by_a_failure() && !self.may_have_written() {
                    self.complain("a part was done, and each write was refused or never sent");
                }
                let is_full = matches!(self.cell.disturbance, Disturbance::FullDisk(_));
                if !is_full && self.stage.world.path("events.jsonl").exists() {
                    let differ = report::events_differ(&self.stage);
                    self.complaints.extend(differ);
                }
            }
        }
        self.tokens_are_told(&now);
    }

    /// Whether a write was accepted, or met a fault, so that its sender cannot know.
    fn may_have_written(&self) -> bool {
        let writes = prepared::writes(&self.stage, &self.prepared.before);
        writes
            .iter()
            .any(|(_, request)| request.status < 400 || !request.faults.is_empty())
    }

    fn exit_code(&mut self, ended: &Ended) {
        let allowed: &[i32] = match &self.cell.disturbance {
            Disturbance::Signal(..) => &[0, 1, 3, 6, 8, 130, 143],
            _ => &[0, 1, 3, 4, 6, 8],
        };
        match ended.code {
            Some(code) if allowed.contains(&code) => {}
            code => self.complain(format!("it ended with {code:?}")),
        }
    }

    /// No report: then nothing was done.
    fn without_report(&mut self, ended: &Ended, later: &State) {
        let objects = later.objects();
        let is_full = matches!(
            self.cell.disturbance,
            Disturbance::FullDisk(_) | Disturbance::FullReport(_)
        );
        if is_full && ended.code != Some(0) {
            return;
        }
        if objects != self.prepared.objects_before {
            let changed = differences(&self.prepared.objects_before, &objects);
            self.complain(format!("no report, and it changed {changed}"));
        }
        if ended.code == Some(0) {
            self.complain("no report, and exit code 0");
        }
    }

    /// What holds at any time.
    fn looks_right(&mut self, now: &State) {
        let found = now.by_id();
        let touched: Vec<String> = self
            .prepared
            .untouched
            .iter()
            .filter(|(id, object)| found.get(*id) != Some(*object))
            .map(|(id, object)| format!("{id}: {object} became {:?}", found.get(id)))
            .collect();
        for text in touched {
            self.complain(format!("outside of the plan: {text}"));
        }
        let working = now.working_documents();
        let lost: Vec<String> = self
            .prepared
            .kept_documents
            .iter()
            .filter(|place| !working.contains(*place))
            .cloned()
            .collect();
        for place in lost {
            self.complain(format!("the document {place} does not sign in any more"));
        }
        self.invitations.extend(now.invitations());
    }

    /// A live token without its secret in the store is told, unless the run was killed.
    fn tokens_are_told(&mut self, now: &State) {
        let issued = self.prepared.before.tokens();
        let known: BTreeSet<String> = issued.map(|token| token.id).collect();
        let lost: Vec<_> = now
            .tokens()
            .filter(|token| !known.contains(&token.id) && !now.is_delivered(token))
            .filter(|token| !self.is_told(&token.id, &token.name, &token.account))
            .collect();
        for token in lost {
            self.complain(format!(
                "the secret of token/{}/{} is lost, and that is not told",
                token.account, token.name
            ));
        }
    }

    /// Whether a line says of a token that something is wrong with it.
    fn is_told(&self, id: &str, name: &str, account: &str) -> bool {
        const WRONG: [&str; 5] = ["failed", "not verified", "orphan", "lost", "abandoned"];
        let address = format!("token/{account}/{name}");
        // In a plan, below the account.
        let planned = format!("token {name} ");
        let told = |line: &str| {
            (line.contains(id) || line.contains(&address) || line.contains(&planned))
                && WRONG.iter().any(|wrong| line.contains(wrong))
                && !line.contains(" DEBUG ")
        };
        self.said.lines().any(told)
    }

    /// Undisturbed runs bring about what is declared.
    fn recovers(&mut self) {
        let mut last = String::new();
        let mut done = false;
        for _ in 0..RUNS {
            let _ = std::fs::remove_file(self.stage.world.path("report.json"));
            let before = Before::of(&self.stage.state());
            let ended = self.stage.apply();
            self.hear(&ended);
            let now = self.stage.state();
            self.looks_right(&now);
            if let Found::Whole(report) = Report::read(&self.stage) {
                let later = now.settled();
                let untrue = report.untrue(ended.code, self.prepared, &before, (&now, &later));
                self.complaints
                    .extend(untrue.into_iter().map(|text| format!("afterwards: {text}")));
            }
            last = format!("{}\n{}", ended.stdout, ended.told_errors());
            done = ended.code == Some(0);
            if done {
                break;
            }
        }
        if !done {
            self.complain(format!("not done after {RUNS} runs:\n{last}"));
            return;
        }
        let now = self.stage.state();
        self.is_as_declared(&now);
        self.nothing_else_was_written();
        self.nothing_twice(&now);
    }

    fn is_as_declared(&mut self, now: &State) {
        let (found, declared) = (now.objects(), &self.prepared.objects_after);
        if found != *declared {
            let text = differences(declared, &found);
            self.complain(format!("the end is not that of an undisturbed run: {text}"));
        }
    }

    /// Tokens beyond those of an undisturbed run are on their way out and told; nobody is
    /// invited twice.
    fn nothing_twice(&mut self, now: &State) {
        let before = &self.prepared.before;
        let mut invited: Vec<&String> = self.invitations.iter().map(|(who, _)| who).collect();
        invited.dedup();
        let tasks = now
            .invitation_tasks()
            .saturating_sub(before.invitation_tasks());
        // Each task leaves its time on those whom it invites, unless another one does it again.
        let earlier = before.invitations();
        let later = now.invitations();
        let new = later.difference(&earlier);
        let times: BTreeSet<&String> = new.map(|(_, time)| time).collect();
        if invited.len() != self.invitations.len() || tasks > times.len() {
            let text = format!("invited twice, by {tasks} tasks: {:?}", self.invitations);
            self.complain(text);
        }
        let issued: BTreeSet<String> = before.tokens().map(|token| token.id).collect();
        let extra: Vec<_> = now
            .tokens()
            .filter(|token| token.is_retiring() && !issued.contains(&token.id))
            .collect();
        if extra.is_empty() {
            return;
        }
        for token in &extra {
            let declared = token.name.split('~').next().unwrap_or_default();
            if !self.is_told(&token.id, declared, &token.account) {
                self.complain(format!("{} is on its way out, untold", token.name));
            }
        }
        self.stage.tenant.simulator().advance(OVERLAP).unwrap();
        let ended = self.stage.apply();
        self.hear(&ended);
        let now = self.stage.state();
        let left: Vec<_> = now
            .tokens()
            .filter(|token| extra.iter().any(|extra| extra.id == token.id))
            .collect();
        for token in left {
            self.complain(format!("{} remains", token.name));
        }
        self.is_as_declared(&now);
    }

    /// All writes are those of the undisturbed run, or to what this cell has made.
    fn nothing_else_was_written(&mut self) {
        let writes = prepared::writes(&self.stage, &self.prepared.before);
        let others: BTreeSet<String> = writes
            .into_iter()
            .map(|(write, _)| write)
            .filter(|write| !self.prepared.writes.contains(write))
            .filter(|write| !write.contains("NEW"))
            .collect();
        for write in others {
            self.complain(format!("no undisturbed run sends {write}"));
        }
    }

    /// No secret is in anything but its store.
    fn secrets_are_kept(&mut self) {
        let now = self.stage.state();
        let writes = prepared::writes(&self.stage, &self.prepared.before);
        let deleted = writes
            .iter()
            .filter(|(_, request)| request.method == "DELETE")
            .filter_map(|(_, request)| request.path.rsplit('/').next())
            .map(str::to_owned)
            .collect();
        let mut secrets = self.prepared.before.secrets(&deleted);
        secrets.extend(now.secrets(&deleted));
        let canary = Canary::new(secrets.into_values());
        if canary.is_in(&self.said) {
            self.complain("a secret was said");
        }
        let store = self.stage.world.path(".steersman/secrets");
        for (path, text) in self.stage.world.everything_written() {
            if !path.starts_with(&store) && canary.is_in(&text) {
                self.complain(format!("a secret is in {}", path.display()));
            }
            if path.starts_with(&store) && path.display().to_string().contains(".steersman-") {
                self.complain(format!("{} is left behind", path.display()));
            }
        }
    }
}

/// What differs between two states.
fn differences(declared: &Objects, found: &Objects) -> String {
    let addresses: BTreeSet<&String> = declared.keys().chain(found.keys()).collect();
    addresses
        .into_iter()
        .filter(|address| declared.get(*address) != found.get(*address))
        .map(|address| {
            let (declared, found) = (declared.get(address), found.get(address));
            format!("{address}: {declared:?} is {found:?}")
        })
        .collect::<Vec<_>>()
        .join("; ")
}

//! Progress of an apply: spinners on a terminal, lines elsewhere.

use crate::output::Output;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use isc::Reader;
use model::{Address, Counted, Event, EventSink, StepResult, visible};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Prints events on standard error.
pub(crate) enum Progress {
    /// A spinner for each unit of work.
    Live(Live),
    /// A line when a step ends, and ever more seldom while it waits.
    Lines(Mutex<Lines>),
}

/// What the execution of a plan is measured by.
pub(crate) struct Whole {
    /// How many steps there are.
    pub(crate) steps: usize,
    /// How long each wait may take.
    pub(crate) wait: Duration,
    /// Counts the requests.
    pub(crate) reader: Reader,
}

impl Progress {
    /// Spinners on a color terminal, lines elsewhere.
    pub(crate) fn new(output: &Output) -> Self {
        if Output::talk_is_watched() && output.talk_in_colour() {
            Self::Live(Live::new())
        } else {
            Self::Lines(Mutex::new(Lines {
                output: Output::new(),
                said: BTreeMap::new(),
                told: Told::default(),
                ended: 0,
                units: BTreeMap::new(),
                unit_of: BTreeMap::new(),
                whole: None,
            }))
        }
    }

    /// A plan is about to be executed.
    pub(crate) fn begin(&self, whole: Whole) {
        match self {
            Self::Live(live) => live.begin(whole),
            Self::Lines(lines) => {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines.ended = 0;
                lines.end_units();
                lines.whole = Some(whole);
            }
        }
    }

    /// The plan was executed; what follows is no progress of it.
    pub(crate) fn rest(&self) {
        match self {
            Self::Live(live) => live.rest(),
            Self::Lines(lines) => {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines.end_units();
                lines.whole = None;
            }
        }
    }
}

impl EventSink for Progress {
    fn event(&self, event: Event) {
        match self {
            Self::Live(live) => live.show(event),
            Self::Lines(lines) => {
                lines
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .show(event);
            }
        }
    }
}

/// A spinner for each unit of work.
pub(crate) struct Live {
    bars: MultiProgress,
    open: Mutex<BTreeMap<Address, ProgressBar>>,
    told: Mutex<Told>,
    /// How many steps have ended, while a plan is executed.
    all: Mutex<Option<All>>,
}

/// The line about all steps.
struct All {
    bar: ProgressBar,
    whole: Whole,
}

impl Live {
    fn new() -> Self {
        Self {
            bars: MultiProgress::new(),
            open: Mutex::default(),
            told: Mutex::default(),
            all: Mutex::default(),
        }
    }

    fn all(&self) -> MutexGuard<'_, Option<All>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, whole: Whole) {
        let bar = self.bars.add(ProgressBar::new(whole.steps as u64));
        if let Ok(style) =
            ProgressStyle::with_template("  [{bar:24}] {pos}/{len} steps, {msg}, {elapsed:.dim}")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(requests(&whole));
        bar.enable_steady_tick(Duration::from_secs(1));
        Output::above(Some(self.bars.clone()));
        *self.all() = Some(All { bar, whole });
    }

    fn rest(&self) {
        if let Some(All { bar, whole: _ }) = self.all().take() {
            bar.finish_and_clear();
        }
        Output::above(None);
    }

    fn show(&self, event: Event) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all = self.all();
        let whole = all.as_ref().map(|all| &all.whole);
        if let Some(All { bar, whole }) = all.as_ref() {
            let left = time_left(bar.elapsed(), bar.position(), whole.steps as u64);
            bar.set_message(format!("{}{left}", requests(whole)));
        }
        match event {
            Event::Started { addresses } => {
                let Some(first) = addresses.first() else {
                    return;
                };
                let bar = ProgressBar::new_spinner();
                let bar = match all.as_ref() {
                    Some(all) => self.bars.insert_before(&all.bar, bar),
                    None => self.bars.add(bar),
                };
                let style = ProgressStyle::with_template("  {spinner} {elapsed:.dim} {wide_msg}");
                if let Ok(style) = style {
                    bar.set_style(style);
                }
                bar.set_message(Output::safe(&name(&addresses)));
                bar.enable_steady_tick(Duration::from_millis(100));
                open.insert(first.clone(), bar);
            }
            Event::Waiting {
                addresses,
                on,
                elapsed,
                progress,
            } => {
                if let Some(bar) = addresses.first().and_then(|first| open.get(first)) {
                    let left = whole.map_or_else(String::new, |whole| left(whole, elapsed) + ": ");
                    let message = format!("{left}{}", waiting(&addresses, &on, progress));
                    bar.set_message(Output::safe(&message));
                }
            }
            Event::Finished {
                address,
                result,
                elapsed,
                action: _,
                tracking_ids: _,
            } => {
                if let Some(bar) = open.remove(&address) {
                    bar.finish_and_clear();
                }
                if let Some(all) = all.as_ref() {
                    all.bar.inc(1);
                }
                let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
                if told.is_new(&result)
                    && let Some(line) = ended(&address, &result, elapsed)
                {
                    let _ = self.bars.println(Output::safe(&line));
                }
            }
            Event::Notice { address, text } => {
                let _ = self.bars.println(Output::safe(&note(&address, &text)));
            }
            Event::Revised { address, result } => {
                if let Some(line) = ended(&address, &result, Duration::ZERO) {
                    let _ = self.bars.println(Output::safe(&line));
                }
            }
            // Totals and the plan are shown with it; long waits of requests have a line.
            Event::RunStarted { .. } | Event::Retrying(_) | Event::RunEnded { .. } => {}
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.rest();
    }
}

/// Lines, for logs and pipelines.
pub(crate) struct Lines {
    output: Output,
    /// The last line about the waiting of each unit of work.
    said: BTreeMap<Address, Said>,
    told: Told,
    /// How many steps have ended.
    ended: usize,
    /// What is done together, such as the rows of an import, by its first step.
    units: BTreeMap<Address, Unit>,
    unit_of: BTreeMap<Address, Address>,
    whole: Option<Whole>,
}

/// Steps that are done together, and are told together.
struct Unit {
    /// How many have not ended.
    open: usize,
    /// Those that are done and not told.
    done: Vec<Address>,
    elapsed: Duration,
}

/// What was printed about a wait.
struct Said {
    on: String,
    seconds: u64,
}

impl Lines {
    /// Seconds between two lines about a wait, at least.
    const EVERY: u64 = 10;

    /// Whether a wait is worth a line: it is for something else, or takes twice as long as
    /// when it was told last.
    fn is_news(&self, first: &Address, on: &str, seconds: u64) -> bool {
        match self.said.get(first) {
            None => seconds >= Self::EVERY,
            Some(said) if said.on == on => seconds >= 2 * said.seconds,
            Some(said) => seconds >= said.seconds + Self::EVERY,
        }
    }

    /// The line with how many steps have ended.
    fn counted(&self, line: &str) -> String {
        let of = self.whole.as_ref().map(|whole| whole.steps);
        of.map_or_else(
            || line.to_owned(),
            |of| format!("{line} [{}/{of}]", self.ended),
        )
    }

    /// Takes note of a step that ended as one of several, and tells of them when all have.
    /// One that failed, or has a note, has a line of its own.
    fn is_in_unit(&mut self, address: &Address, result: &StepResult, elapsed: Duration) -> bool {
        let Some(first) = self.unit_of.remove(address) else {
            return false;
        };
        let Some(unit) = self.units.get_mut(&first) else {
            return false;
        };
        let is_plain = matches!(result, StepResult::Done { note: None });
        unit.open = unit.open.saturating_sub(1);
        unit.elapsed = unit.elapsed.max(elapsed);
        if is_plain {
            unit.done.push(address.clone());
        }
        if unit.open == 0 {
            self.end_unit(&first);
        }
        is_plain
    }

    fn end_unit(&mut self, first: &Address) {
        let Some(Unit { done, elapsed, .. }) = self.units.remove(first) else {
            return;
        };
        if !done.is_empty() {
            let line = format!("  done {}{}", name(&done), seconds(elapsed));
            self.output.talk(&self.counted(&line));
        }
    }

    /// Tells of what was done of units that did not end.
    fn end_units(&mut self) {
        while let Some(first) = self.units.keys().next().cloned() {
            self.end_unit(&first);
        }
        self.unit_of.clear();
    }

    fn show(&mut self, event: Event) {
        match event {
            Event::RunStarted { .. } | Event::Retrying(_) | Event::RunEnded { .. } => {}
            Event::Started { addresses } => {
                if let [first, _, ..] = addresses.as_slice() {
                    let unit = Unit {
                        open: addresses.len(),
                        done: Vec::new(),
                        elapsed: Duration::ZERO,
                    };
                    self.units.insert(first.clone(), unit);
                    let of_it = addresses.iter().map(|one| (one.clone(), first.clone()));
                    self.unit_of.extend(of_it);
                }
            }
            Event::Revised { address, result } => {
                if let Some(line) = ended(&address, &result, Duration::ZERO) {
                    self.output.talk(&line);
                }
            }
            Event::Waiting {
                addresses,
                on,
                elapsed,
                progress,
            } => {
                let Some(first) = addresses.first() else {
                    return;
                };
                let seconds = elapsed.as_secs();
                if !self.is_news(first, &on, seconds) {
                    return;
                }
                let measured = self.whole.as_ref().map_or_else(String::new, |whole| {
                    format!(
                        ", {}; {} of {} steps ended, {}",
                        left(whole, elapsed),
                        self.ended,
                        whole.steps,
                        requests(whole),
                    )
                });
                let waiting = waiting(&addresses, &on, progress);
                self.output
                    .talk(&format!("  waiting {waiting} ({seconds} s{measured})"));
                self.said.insert(first.clone(), Said { on, seconds });
            }
            Event::Finished {
                address,
                result,
                elapsed,
                action: _,
                tracking_ids: _,
            } => {
                self.ended += 1;
                if self.is_in_unit(&address, &result, elapsed) {
                    return;
                }
                if self.told.is_new(&result)
                    && let Some(line) = ended(&address, &result, elapsed)
                {
                    self.output.talk(&self.counted(&line));
                }
            }
            Event::Notice { address, text } => {
                self.output.talk(&note(&address, &text));
            }
        }
    }
}

/// The causes of failures that were told. All rows of an import fail of one cause; the
/// report at the end says how many.
#[derive(Default)]
pub(crate) struct Told(BTreeSet<String>);

impl Told {
    fn is_new(&mut self, result: &StepResult) -> bool {
        match result {
            StepResult::Failed { error, .. }
            | StepResult::SentNotVerified { error, .. }
            | StepResult::Blocked { error, .. } => self.0.insert(error.clone()),
            StepResult::Done { .. } | StepResult::Skipped { .. } | StepResult::NeverTried => true,
        }
    }
}

/// About how long the other steps take, where some have ended.
fn time_left(elapsed: Duration, done: u64, all: u64) -> String {
    let seconds = elapsed
        .as_secs()
        .saturating_mul(all.saturating_sub(done))
        .checked_div(done)
        .filter(|seconds| *seconds > 0);
    seconds.map_or_else(String::new, |seconds| {
        format!(", about {}:{:02} left", seconds / 60, seconds % 60)
    })
}

/// How long a wait goes on at most.
fn left(whole: &Whole, elapsed: Duration) -> String {
    let left = whole.wait.saturating_sub(elapsed);
    format!("at most {} s more", left.as_secs())
}

fn requests(whole: &Whole) -> String {
    match whole.reader.requests() {
        1 => "1 request".to_owned(),
        requests => format!("{requests} requests"),
    }
}

fn waiting(addresses: &[Address], on: &str, progress: Option<Counted>) -> String {
    let counted = progress.map_or_else(String::new, |Counted { done, of }| {
        format!(" ({done}/{of})")
    });
    format!("{}{counted}: {}", name(addresses), visible(on))
}

fn note(address: &Address, text: &str) -> String {
    format!(
        "  note {}: {}",
        visible(&address.to_string()),
        visible(text)
    )
}

fn name(addresses: &[Address]) -> String {
    match addresses {
        [one] => visible(&one.to_string()),
        [first, rest @ ..] => format!("{} and {} more", visible(&first.to_string()), rest.len()),
        [] => String::new(),
    }
}

fn ended(address: &Address, result: &StepResult, elapsed: Duration) -> Option<String> {
    let word = match result {
        StepResult::Done { .. } => "done",
        StepResult::Failed { .. } => "failed",
        StepResult::SentNotVerified { .. } => "not verified",
        StepResult::Blocked { .. } => "blocked",
        StepResult::Skipped { .. } | StepResult::NeverTried => return None,
    };
    let note = match result {
        StepResult::Done { note: Some(note) } => format!(": {}", visible(note)),
        StepResult::Done { note: None }
        | StepResult::Failed { .. }
        | StepResult::SentNotVerified { .. }
        | StepResult::Blocked { .. }
        | StepResult::Skipped { .. }
        | StepResult::NeverTried => String::new(),
    };
    let address = visible(&address.to_string());
    Some(format!("  {word} {address}{note}{}", seconds(elapsed)))
}

/// How long something took, where that is worth saying.
fn seconds(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        0 => String::new(),
        seconds => format!(" ({seconds} s)"),
    }
}

#[cfg(test)]
mod tests {
    use super::time_left;
    use std::time::Duration;

    #[test]
    fn the_time_left_is_known_once_steps_have_ended() {
        for (seconds, done, all, expected) in [
            (10, 0, 4, ""),
            (30, 1, 4, ", about 1:30 left"),
            (30, 4, 4, ""),
            (0, 1, 4, ""),
        ] {
            assert_eq!(time_left(Duration::from_secs(seconds), done, all), expected);
        }
    }
}

//! Progress of an apply: spinners on a terminal, lines elsewhere.

use crate::output::Output;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use isc::Reader;
use model::{Address, Counted, Event, EventSink, StepResult, visible};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
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
                lines.whole = Some(whole);
            }
        }
    }

    /// The plan was executed; what follows is no progress of it.
    pub(crate) fn rest(&self) {
        match self {
            Self::Live(live) => live.rest(),
            Self::Lines(lines) => {
                lines.lock().unwrap_or_else(PoisonError::into_inner).whole = None;
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
            ProgressStyle::with_template("  {pos}/{len} steps, {msg}, {elapsed:.dim}")
        {
            bar.set_style(style);
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
            bar.set_message(requests(whole));
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
    whole: Option<Whole>,
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

    fn show(&mut self, event: Event) {
        match event {
            Event::Started { .. }
            | Event::RunStarted { .. }
            | Event::Retrying(_)
            | Event::RunEnded { .. } => {}
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
                if self.told.is_new(&result)
                    && let Some(line) = ended(&address, &result, elapsed)
                {
                    self.output.talk(&line);
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
    let mut line = format!("  {word} {}", visible(&address.to_string()));
    if elapsed >= Duration::from_secs(1) {
        let _ = write!(line, " ({} s)", elapsed.as_secs());
    }
    Some(line)
}

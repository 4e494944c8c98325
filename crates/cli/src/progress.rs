//! Progress of an apply: spinners on a terminal, lines elsewhere.

use crate::output::Output;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use model::{Address, Counted, Event, EventSink, StepResult, visible};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Prints events on standard error.
pub(crate) enum Progress {
    /// A spinner for each unit of work.
    Live(Live),
    /// A line when a step ends, and every 10 seconds while it waits.
    Lines(Mutex<Lines>),
}

impl Progress {
    /// Spinners on a color terminal, lines elsewhere.
    pub(crate) fn new(output: &Output) -> Self {
        if Output::talk_is_watched() && output.talk_in_colour() {
            Self::Live(Live {
                bars: MultiProgress::new(),
                open: Mutex::new(BTreeMap::new()),
                told: Mutex::default(),
            })
        } else {
            Self::Lines(Mutex::new(Lines {
                output: Output::new(),
                said: BTreeMap::new(),
                told: Told::default(),
            }))
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
}

impl Live {
    fn show(&self, event: Event) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Started { addresses } => {
                let Some(first) = addresses.first() else {
                    return;
                };
                let bar = self.bars.add(ProgressBar::new_spinner());
                let style = ProgressStyle::with_template("  {spinner} {msg} {elapsed:.dim}");
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
                progress,
                ..
            } => {
                if let Some(bar) = addresses.first().and_then(|first| open.get(first)) {
                    bar.set_message(Output::safe(&waiting(&addresses, &on, progress)));
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

/// Lines, for logs and pipelines.
pub(crate) struct Lines {
    output: Output,
    /// The last round of waiting that was printed, for each unit of work.
    said: BTreeMap<Address, u64>,
    told: Told,
}

impl Lines {
    /// Seconds between two lines about the same wait.
    const EVERY: u64 = 10;

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
                let round = elapsed.as_secs() / Self::EVERY;
                if round > 0 && self.said.insert(first.clone(), round) != Some(round) {
                    let seconds = elapsed.as_secs();
                    let waiting = waiting(&addresses, &on, progress);
                    self.output
                        .talk(&format!("  waiting {waiting} ({seconds} s)"));
                }
            }
            Event::Finished {
                address,
                result,
                elapsed,
                action: _,
                tracking_ids: _,
            } => {
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

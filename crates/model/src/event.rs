//! Events of an apply, for progress output.

use crate::{Address, StepResult};
use std::time::Duration;

/// One event of an apply.
#[derive(Clone, Debug)]
pub enum Event {
    /// Work on these steps (one, or all rows of an import) has begun.
    Started {
        /// The steps.
        addresses: Vec<Address>,
    },
    /// The steps wait for the tenant.
    Waiting {
        /// The steps.
        addresses: Vec<Address>,
        /// What for, such as `import task 2c91… (running)`.
        on: String,
        /// Since when, on this machine's clock.
        elapsed: Duration,
    },
    /// A step has ended.
    Finished {
        /// The step.
        address: Address,
        /// Its result.
        result: StepResult,
        /// How long it took, on this machine's clock.
        elapsed: Duration,
    },
    /// A fact that a person should know and that is not a failure, such as an
    /// orphaned token.
    Notice {
        /// The step that it is about.
        address: Address,
        /// The fact.
        text: String,
    },
}

/// Receiver of events: a progress bar, a log, a test. A run has one.
pub trait EventSink: Send + Sync {
    /// Receives one event; must not block for long.
    fn event(&self, event: Event);
}

//! What the applier tells while it works.

use crate::{Address, StepResult};
use std::time::Duration;

/// One thing that happened during an apply.
#[derive(Clone, Debug)]
pub enum Event {
    /// Work on these steps (one, or all that go by one import) has begun.
    Started {
        /// The steps.
        addresses: Vec<Address>,
    },
    /// The steps wait for the tenant.
    Waiting {
        /// The steps.
        addresses: Vec<Address>,
        /// For what, such as `import task 2c91… (running)`.
        on: String,
        /// Since when, on this machine's clock.
        elapsed: Duration,
    },
    /// A step has come to its end.
    Finished {
        /// The step.
        address: Address,
        /// What became of it.
        result: StepResult,
        /// How long it took, on this machine's clock.
        elapsed: Duration,
    },
    /// Something that a person should know and that is no failure, such as a
    /// token whose secret could not be delivered and that could not be revoked.
    Notice {
        /// The step that it is about.
        address: Address,
        /// What to know.
        text: String,
    },
}

/// Where events go: a progress bar, a log, a test.
pub trait EventSink: Send + Sync {
    /// Takes one event; must not block for long.
    fn event(&self, event: Event);
}

//! Events of an apply: the one stream that its reports are made of.

use crate::{Action, Address, Blocked, Digest, StepResult};
use std::time::Duration;

/// One event of an apply.
#[derive(Clone, Debug)]
pub enum Event {
    /// A plan is about to be applied. The steps that follow from an apply come with a
    /// second one.
    RunStarted {
        /// The tenant, as people call it.
        tenant: String,
        /// Who applies the plan.
        user: String,
        /// The digest of the spec.
        spec: Digest,
        /// The digest of the plan's document.
        plan: Digest,
        /// How many steps it has.
        steps: usize,
        /// What of it is blocked.
        blocked: Vec<Blocked>,
    },
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
        /// How much of it is there already, where it can be counted.
        progress: Option<Counted>,
    },
    /// A request is sent again, after a while.
    Retrying(Attempt),
    /// A step has ended.
    Finished {
        /// The step.
        address: Address,
        /// What it was to do.
        action: Action,
        /// Its result.
        result: StepResult,
        /// How long it took, on this machine's clock.
        elapsed: Duration,
        /// The tracking ids of its requests that ISC gave one to.
        tracking_ids: Vec<String>,
    },
    /// A reading after the last step shows another result than the step's end.
    Revised {
        /// The step.
        address: Address,
        /// Its result.
        result: StepResult,
    },
    /// A fact that a person should know and that is not a failure, such as an
    /// orphaned token.
    Notice {
        /// The step that it is about.
        address: Address,
        /// The fact.
        text: String,
    },
    /// The run has ended; no event follows.
    RunEnded {
        /// How it ended.
        ending: Ending,
        /// The exit code of the program.
        exit_code: u8,
        /// What was sent.
        traffic: Traffic,
        /// How long it took, on this machine's clock.
        elapsed: Duration,
    },
}

/// How many of some objects are as they are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Those that are.
    pub done: usize,
    /// All of them.
    pub of: usize,
}

/// How an apply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// There was no step to apply.
    NothingToDo,
    /// Every step is done, and the tenant was read again and is as declared.
    Verified,
    /// Every step is done, and the tenant still differs from the spec.
    Differs,
    /// Every step that could be tried was, and the tenant could not be read again.
    NotVerified,
    /// Some steps are done or may be, others are not.
    Partial,
    /// No step is done.
    Nothing,
    /// The operator interrupted it.
    Interrupted,
}

/// One attempt of a request, as the client saw its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The request, such as `GET /accounts/v1`.
    pub call: String,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// Whether it only reads.
    pub reads: bool,
    /// The HTTP status; none where there was no response.
    pub status: Option<u16>,
    /// ISC's tracking id, which SailPoint's support asks for.
    pub tracking_id: Option<String>,
    /// For how long the client waits before it sends the request again; none where it
    /// does not.
    pub waits: Option<Duration>,
}

impl Attempt {
    /// Whether the tenant refused it because of the rate limit.
    pub fn is_throttled(&self) -> bool {
        self.status == Some(429)
    }
}

/// What a run sent to the tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// The requests, sign-ins and retries included.
    pub requests: u64,
    /// Those that were sent again.
    pub retried: u64,
    /// Those that the tenant refused because of the rate limit (429).
    pub throttled: u64,
    /// For how long no request was sent because of that.
    pub throttled_for: Duration,
}

/// Receiver of events: a progress bar, a log, a test. A run has one.
pub trait EventSink: Send + Sync {
    /// Receives one event; must not block for long.
    fn event(&self, event: Event);
}

//! The simulator's fault kinds, and which requests each can change.

use simulator::{Completion, Fault};

/// A fault kind with its name in the matrix.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) faults: Vec<Fault>,
    pub(crate) meets: Meets,
}

/// The requests that a fault changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meets {
    All,
    /// Those that answer with a page of a list.
    Lists,
    /// Those that start a task.
    Tasks,
}

impl Meets {
    pub(crate) fn concerns(self, operation: &str) -> bool {
        match self {
            Self::All => true,
            Self::Lists => operation.starts_with("list") || operation == "getTaskStatusListV1",
            Self::Tasks => ["importAccountsV1", "startIdentitiesInviteV1"].contains(&operation),
        }
    }
}

/// All kinds. A kind that the simulator gets later is missed by [`name`], which the compiler
/// then refuses.
pub(crate) fn kinds() -> Vec<Kind> {
    let task = |outcome| Fault::Task { outcome };
    let status = |status| Fault::Status { status };
    let alone = [
        Fault::TooManyRequests { retry_after: None },
        Fault::TooManyRequests {
            retry_after: Some(1),
        },
        status(403),
        status(500),
        status(502),
        status(503),
        status(504),
        Fault::ExpiredToken,
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::Slow { milliseconds: 200 },
        Fault::TruncatedBody,
        Fault::MalformedJson,
        task(Completion::Error),
        task(Completion::Terminated),
        task(Completion::Warning),
        Fault::StatusRace,
        Fault::ShortPage,
        Fault::EmptyList,
        Fault::ShortList,
        Fault::ChangingTotal,
        Fault::UnstableOrder,
    ];
    let kind = |faults: Vec<Fault>| {
        let (name, meets) = name(&faults[0]);
        Kind {
            name,
            faults,
            meets,
        }
    };
    let mut kinds: Vec<Kind> = alone.into_iter().map(|fault| kind(vec![fault])).collect();
    // It changes errors only.
    kinds.push(kind(vec![Fault::ContentEncoding, status(503)]));
    kinds
}

fn name(fault: &Fault) -> (&'static str, Meets) {
    match fault {
        Fault::TooManyRequests { retry_after: None } => ("429", Meets::All),
        Fault::TooManyRequests {
            retry_after: Some(_),
        } => ("429-retry-after", Meets::All),
        Fault::Status { status: 403 } => ("403", Meets::All),
        Fault::Status { status: 500 } => ("500", Meets::All),
        Fault::Status { status: 502 } => ("502", Meets::All),
        Fault::Status { status: 503 } => ("503", Meets::All),
        Fault::Status { status: _ } => ("504", Meets::All),
        Fault::ExpiredToken => ("401", Meets::All),
        Fault::ResetBefore => ("reset-before", Meets::All),
        Fault::ResetAfter => ("reset-after", Meets::All),
        Fault::Slow { milliseconds: _ } => ("slow", Meets::All),
        Fault::TruncatedBody => ("truncated-body", Meets::All),
        Fault::MalformedJson => ("malformed-json", Meets::All),
        Fault::ContentEncoding => ("content-encoding", Meets::All),
        Fault::Task { outcome } => match outcome {
            Completion::Success | Completion::Warning => ("task-warning", Meets::Tasks),
            Completion::Error => ("task-error", Meets::Tasks),
            Completion::Terminated => ("task-terminated", Meets::Tasks),
        },
        Fault::StatusRace => ("status-race", Meets::Tasks),
        Fault::ShortPage => ("short-page", Meets::Lists),
        Fault::EmptyList => ("empty-list", Meets::Lists),
        Fault::ShortList => ("short-list", Meets::Lists),
        Fault::ChangingTotal => ("changing-total", Meets::Lists),
        Fault::UnstableOrder => ("unstable-order", Meets::Lists),
    }
}

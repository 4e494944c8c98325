//! A cell of the matrix: an apply, and what disturbs it.

use std::fmt;

/// Which apply is disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Which {
    /// The first one, in a new tenant.
    First,
    /// One that creates, changes, deletes, mints, rotates, revokes, grants and invites.
    Mixed,
}

impl Which {
    pub(crate) const ALL: [Self; 2] = [Self::First, Self::Mixed];
}

impl fmt::Display for Which {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::First => "first",
            Self::Mixed => "mixed",
        })
    }
}

/// A request, by its operation and how many of it are before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) operation: String,
    pub(crate) skip: u64,
}

/// A signal that asks a run to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Interrupt,
    Terminate,
    InterruptTwice,
    TerminateTwice,
}

/// What happens to the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Disturbance {
    /// The request meets a fault.
    Fault(Request, &'static str),
    /// From this request on, all fail until the run ends.
    Outage(Request, &'static str),
    /// SIGKILL while the request is in flight; it has had its effect.
    KilledAt(Request),
    /// A signal while the request is in flight.
    Signal(Request, Asked),
    /// SIGKILL when the journal has got so many lines.
    KilledAtLine(usize),
    /// The process dies in the write of the journal that reaches this byte.
    TornJournal(u64),
    /// SIGKILL after so many thousandths of the time that the run takes.
    KilledAfter(u32),
    /// The journal takes no byte from this one on.
    FullJournal(u64),
    /// No file can become longer.
    FullDisk(u64),
    /// A file of reports is on a full disk.
    FullReport(&'static str),
    /// A store cannot be written.
    Store(&'static str),
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) which: Which,
    pub(crate) disturbance: Disturbance,
}

impl Cell {
    /// The row of the table that it belongs to.
    pub(crate) fn kind(&self) -> String {
        match &self.disturbance {
            Disturbance::Fault(_, kind) => (*kind).to_owned(),
            Disturbance::Outage(_, kind) => format!("outage {kind}"),
            Disturbance::KilledAt(_) => "kill -9 at a request".to_owned(),
            Disturbance::Signal(_, asked) => format!("signal {asked}"),
            Disturbance::KilledAtLine(_) => "kill -9 at a journal line".to_owned(),
            Disturbance::TornJournal(_) => "death inside a journal write".to_owned(),
            Disturbance::KilledAfter(_) => "kill -9 at a random moment".to_owned(),
            Disturbance::FullJournal(_) => "full disk, journal".to_owned(),
            Disturbance::FullDisk(_) => "full disk, all files".to_owned(),
            Disturbance::FullReport(_) => "full disk, one report".to_owned(),
            Disturbance::Store(_) => "store cannot be written".to_owned(),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let which = self.which;
        match &self.disturbance {
            Disturbance::Fault(request, kind) => {
                write!(formatter, "{which}/fault/{request}/{kind}")
            }
            Disturbance::Outage(request, kind) => {
                write!(formatter, "{which}/outage/{request}/{kind}")
            }
            Disturbance::KilledAt(request) => write!(formatter, "{which}/killed-at/{request}"),
            Disturbance::Signal(request, asked) => {
                write!(formatter, "{which}/signal/{request}/{asked}")
            }
            Disturbance::KilledAtLine(line) => write!(formatter, "{which}/killed-at-line/{line}"),
            Disturbance::TornJournal(byte) => write!(formatter, "{which}/torn-journal/{byte}"),
            Disturbance::KilledAfter(part) => write!(formatter, "{which}/killed-after/{part}"),
            Disturbance::FullJournal(byte) => write!(formatter, "{which}/full-journal/{byte}"),
            Disturbance::FullDisk(byte) => write!(formatter, "{which}/full-disk/{byte}"),
            Disturbance::FullReport(file) => write!(formatter, "{which}/full-report/{file}"),
            Disturbance::Store(how) => write!(formatter, "{which}/store/{how}"),
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.operation, self.skip + 1)
    }
}

impl Asked {
    pub(crate) const ALL: [Self; 4] = [
        Self::Interrupt,
        Self::Terminate,
        Self::InterruptTwice,
        Self::TerminateTwice,
    ];
}

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Interrupt => "int",
            Self::Terminate => "term",
            Self::InterruptTwice => "int-twice",
            Self::TerminateTwice => "term-twice",
        })
    }
}

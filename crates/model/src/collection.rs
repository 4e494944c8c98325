//! What was read of a collection, and whether that is all of it.

use serde::Serialize;
use std::fmt;

/// The rows of a collection, complete or partial.
///
/// A partial collection is never taken for absence: whoever needs the whole of
/// it asks with [`Collection::complete`] and has to say what happens otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Collection<T> {
    /// Everything that is there.
    Complete(T),
    /// Some of it, and why not all.
    Partial {
        /// What could be read.
        found: T,
        /// Why the rest could not.
        why: Incomplete,
    },
}

impl<T> Collection<T> {
    /// The whole collection, or why it is not whole.
    pub fn complete(&self) -> Result<&T, &Incomplete> {
        match self {
            Self::Complete(all) => Ok(all),
            Self::Partial { why, .. } => Err(why),
        }
    }

    /// The same collection with other rows: as whole, or as partial, as it was.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Collection<U> {
        match self {
            Self::Complete(all) => Collection::Complete(convert(all)),
            Self::Partial { found, why } => Collection::Partial {
                found: convert(found),
                why,
            },
        }
    }

    /// What was found, whole or not. For display, never for a decision.
    pub fn found(&self) -> &T {
        match self {
            Self::Complete(found) | Self::Partial { found, .. } => found,
        }
    }
}

impl<T: Default> Collection<T> {
    /// Nothing could be read.
    pub fn unread(reason: IncompleteReason, detail: impl Into<String>) -> Self {
        Self::Partial {
            found: T::default(),
            why: Incomplete {
                reason,
                detail: detail.into(),
            },
        }
    }
}

/// Why a collection is partial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Incomplete {
    /// The kind of trouble.
    pub reason: IncompleteReason,
    /// What happened, in words, with the tracking id where ISC gave one.
    pub detail: String,
}

impl fmt::Display for Incomplete {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.reason, self.detail)
    }
}

/// The kinds of trouble that leave a collection partial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum IncompleteReason {
    /// The caller may not read it (403).
    Forbidden,
    /// The tenant does not take the request, or says that what was asked for is
    /// not there (400, 404 and the like).
    Refused,
    /// The tenant kept failing until the retries were used up.
    RetriesUsedUp,
    /// A page had fewer rows than it should.
    ShortPage,
    /// The number of rows does not match the total that the tenant stated.
    TotalMismatch,
    /// A row could not be understood.
    UndecodableRow,
    /// Several rows fit where there can be only one.
    Ambiguous,
}

impl fmt::Display for IncompleteReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Forbidden => "not allowed",
            Self::Refused => "the tenant does not answer that",
            Self::RetriesUsedUp => "no answer after all retries",
            Self::ShortPage => "a page came short",
            Self::TotalMismatch => "the rows do not add up to the stated total",
            Self::UndecodableRow => "a row could not be understood",
            Self::Ambiguous => "several fit where there can be only one",
        })
    }
}

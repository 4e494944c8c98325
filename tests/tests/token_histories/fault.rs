//! What a run did not keep.

use std::fmt;

/// A promise that a run did not keep.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) promise: Promise,
    /// What happened, for a person.
    pub(crate) text: String,
}

/// What every run promises of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Whoever reads a delivered secret can sign in with it, after each run as before.
    SecretsWork,
    /// Whoever holds the secret before can sign in with it for the overlap.
    OverlapsLast,
    /// A replaced token that is used is kept up to the longest overlap.
    UsedIsKept,
    /// Who could create tokens of an account before a run can do so after it.
    IssuersWork,
    /// What people made is neither changed nor revoked without a policy.
    HandsAreLeft,
    /// The secret of another token is neither used nor overwritten.
    ForeignStays,
    /// A store that cannot be read leads to no new token.
    UnreadMintsNothing,
    /// A successful apply leaves each declared token with its secret in its place.
    DeclaredIsThere,
    /// Every token of a managed account is listed, as what it is.
    EverythingIsListed,
    /// An undisturbed apply succeeds, or refuses before the first write.
    OneApplyIsEnough,
    /// After a successful apply the next plan is empty.
    NextPlanIsEmpty,
    /// No secret is printed, or written outside of the stores.
    SecretsAreNotShown,
    /// The program ends by itself, in words and with a known exit code.
    EndsInOrder,
}

impl Fault {
    pub(crate) fn new(promise: Promise, text: impl Into<String>) -> Self {
        Self {
            promise,
            text: text.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.promise, self.text)
    }
}

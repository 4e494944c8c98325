//! What can be wrong with a run, and which of it is known.

use std::fmt;

/// A promise that a run did not keep.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) promise: Promise,
    /// What happened, for a person.
    pub(crate) text: String,
}

/// What every run promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Promise {
    /// Nothing that no file declares is removed or changed without a policy.
    UndeclaredStays,
    /// Nothing is removed where a collection was read in part.
    PartialRemovesNothing,
    /// A successful apply leaves what is declared.
    DeclaredIsThere,
    /// Whoever reads a delivered secret can sign in with it.
    SecretsWork,
    /// After a successful apply the next plan is empty.
    NextPlanIsEmpty,
    /// An undisturbed apply succeeds, or refuses before the first write.
    OneApplyIsEnough,
    /// What only reads, or refuses, changes nothing.
    RefusalsChangeNothing,
    /// Removals above a limit are refused.
    GuardsSpeak,
    /// A replaced token ends after its overlap, or is reported.
    ReplacedTokensEnd,
    /// No secret is printed.
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

/// A fault that is known and not mended yet. It is matched narrowly; the list is
/// to become empty.
pub(crate) struct Known {
    pub(crate) promise: Promise,
    /// Texts that the fault has, all of them.
    pub(crate) says: &'static [&'static str],
    /// The finding, and why it is still open.
    pub(crate) reason: &'static str,
}

/// All that is known.
pub(crate) const KNOWN: &[Known] = &[];

impl Fault {
    /// Why the fault is expected; none if it is new.
    pub(crate) fn known(&self) -> Option<&'static str> {
        KNOWN
            .iter()
            .find(|known| {
                known.promise == self.promise
                    && known.says.iter().all(|text| self.text.contains(text))
            })
            .map(|known| known.reason)
    }
}

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
pub(crate) const KNOWN: &[Known] = &[
    Known {
        promise: Promise::SecretsWork,
        says: &["its store has"],
        reason: "planner 17: what a store holds is no fact of the plan yet",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &["it is not known what a delivery would overwrite"],
        reason: "planner 17: what a store holds is no fact of the plan yet",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &["holds a secret that is not this token's"],
        reason: "planner 17: what a store holds is no fact of the plan yet",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &[
            "NeverTried",
            "account/HAND-0 (NotDeclared)\n  Delete account/HAND-0",
        ],
        reason: "planner 6: undeclared accounts of two sources have one address",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &["signing in to", "not signed in (401)"],
        reason: "planner 18: an issuer that has expired is not noticed",
    },
    Known {
        promise: Promise::PartialRemovesNothing,
        says: &["Profile(", "not planned with all of it"],
        reason: "histories 3: an unread profile makes a person's identity one's own",
    },
    Known {
        promise: Promise::UndeclaredStays,
        says: &["listAccountsV1: EmptyList"],
        reason: "tenants 1: an empty list that is wrong is believed",
    },
    Known {
        promise: Promise::UndeclaredStays,
        says: &["listAccountsV1: ShortList"],
        reason: "tenants 1: a list that is short and says so nowhere is believed",
    },
    Known {
        promise: Promise::PartialRemovesNothing,
        says: &["listAccountsV1: ShortList"],
        reason: "tenants 1: a list that is short and says so nowhere is believed",
    },
    Known {
        promise: Promise::PartialRemovesNothing,
        says: &["listAccountsV1: EmptyList"],
        reason: "tenants 1: an empty list that is wrong is believed",
    },
    Known {
        promise: Promise::GuardsSpeak,
        says: &["renameAccounts", "listAccountsV1: EmptyList"],
        reason: "tenants 1: a row that is not listed is added anew under another name",
    },
    Known {
        promise: Promise::GuardsSpeak,
        says: &["renameAccounts", "listAccountsV1: ShortList"],
        reason: "tenants 1: a row that is not listed is added anew under another name",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &[
            "verification failed",
            "its id changes: to ISC this is another account",
        ],
        reason: "planner 27: what follows from a changed id is left to the next plan",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &["verification failed", "(absent)", "no invitation is needed"],
        reason: "planner 27: what follows from an identity that lingers is left to the next plan",
    },
    Known {
        promise: Promise::RefusalsChangeNothing,
        says: &["An identity profile with the name", "(409)"],
        reason: "planner 23 and 26: the name of a profile that another source has",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &["An identity profile with the name", "(409)"],
        reason: "planner 23 and 26: the name of a profile that another source has",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &["already holds", "which the plan did not show"],
        reason: "histories 10: levels of an identity that an account takes up are not planned",
    },
    Known {
        promise: Promise::RefusalsChangeNothing,
        says: &["changing the token", "not allowed (403)"],
        reason: "histories 5: an issuer that lost its scope is not noticed",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &["changing the token", "not allowed (403)"],
        reason: "histories 5: an issuer that lost its scope is not noticed",
    },
    Known {
        promise: Promise::DeclaredIsThere,
        says: &["it is not invited", "as declared"],
        reason: "histories 2: an issuer of another identity hides that the account is not registered",
    },
    Known {
        promise: Promise::UndeclaredStays,
        says: &["token job-", "was changed"],
        reason: "histories 11: while processing is due, another identity counts as unknown",
    },
    Known {
        promise: Promise::NextPlanIsEmpty,
        says: &["still planned:\n  Delete account/", "Run processing/"],
        reason: "histories 8: a deletion that waits for processing is left to the next plan",
    },
    Known {
        promise: Promise::ReplacedTokensEnd,
        says: &["is alive since"],
        reason: "planner 22: a replaced token of an account that declares no tokens any more",
    },
    Known {
        promise: Promise::UndeclaredStays,
        says: &["token issuer of", "was revoked"],
        reason: "histories 7: a document of another token is taken for the issuer",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &["verification failed", "it is older than the account"],
        reason: "histories 6: a change that settles whose identity it is leaves levels to the next plan",
    },
    Known {
        promise: Promise::RefusalsChangeNothing,
        says: &["creating the token", "not allowed (403)"],
        reason: "histories 5: an issuer that lost its scope is not noticed",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &["creating the token", "not allowed (403)"],
        reason: "histories 5: an issuer that lost its scope is not noticed",
    },
    Known {
        promise: Promise::DeclaredIsThere,
        says: &["it is not invited", "is not a token of"],
        reason: "tokens 10: an issuer of another identity hides that the account is not registered",
    },
    Known {
        promise: Promise::DeclaredIsThere,
        says: &["it is not invited", "Plan: nothing to apply"],
        reason: "histories 4: an invitation that is held back because of the identity is not said",
    },
    Known {
        promise: Promise::OneApplyIsEnough,
        says: &["timed out", "no identity yet for"],
        reason: "planner 24: a user name that another row has is not refused",
    },
];

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

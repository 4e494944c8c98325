//! Lists of accounts that a run has read lately, which its last reading takes over.
//!
//! Nothing is read again that a list has told within 30 seconds, where nothing of the run
//! can have changed it since. Partial lists are not kept.

use model::{Collection, LiveAccount, SourceId};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How old a list is at most that is taken over.
const TAKEN_OVER_FOR: Duration = Duration::from_secs(30);

/// The last complete list of each source, and when accounts were last written.
#[derive(Debug, Default)]
pub(crate) struct Lately(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    lists: BTreeMap<SourceId, List>,
    written_at: Option<Instant>,
}

#[derive(Debug)]
struct List {
    /// When its reading began.
    at: Instant,
    accounts: Vec<LiveAccount>,
}

impl Lately {
    /// A list was read, whose reading began then.
    pub(crate) fn listed(
        &self,
        source: &SourceId,
        at: Instant,
        read: &Collection<Vec<LiveAccount>>,
    ) {
        let list = match read {
            Collection::Complete(accounts) => Some(List {
                at,
                accounts: accounts.clone(),
            }),
            Collection::Partial { .. } => None,
        };
        let mut kept = self.kept();
        match list {
            Some(list) => kept.lists.insert(source.clone(), list),
            // It speaks against the one before.
            None => kept.lists.remove(source),
        };
    }

    /// Something is written, or was, that can change accounts or their identities.
    pub(crate) fn written(&self) {
        let mut kept = self.kept();
        kept.lists.clear();
        kept.written_at = Some(Instant::now());
    }

    /// The list of a source, if it may be taken over; nobody gets it a second time.
    pub(crate) fn take(&self, source: &SourceId) -> Option<Vec<LiveAccount>> {
        let mut kept = self.kept();
        let list = kept.lists.remove(source)?;
        let facts = Facts {
            age: list.at.elapsed(),
            is_before_a_write: kept.written_at.is_some_and(|written| list.at <= written),
            has_unsettled: list
                .accounts
                .iter()
                .any(|account| account.identity.is_none()),
        };
        let verdict = judge(facts);
        tracing::debug!(
            source = %source,
            accounts = list.accounts.len(),
            milliseconds = u64::try_from(facts.age.as_millis()).unwrap_or(u64::MAX),
            "a list of accounts that was read lately: {}",
            verdict.text()
        );
        match verdict {
            Verdict::TakenOver => Some(list.accounts),
            Verdict::Old | Verdict::Written | Verdict::Unsettled => None,
        }
    }

    /// Keeps no list any longer.
    pub(crate) fn forget(&self) {
        self.kept().lists.clear();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing panics while it holds the lock; even then the lists are whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What decides whether a complete list is taken over.
#[derive(Clone, Copy, Debug)]
struct Facts {
    age: Duration,
    /// Whether something that can change accounts was written after its reading began.
    is_before_a_write: bool,
    /// Whether an account has no identity, which ISC can give it at any time.
    has_unsettled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    TakenOver,
    Old,
    Written,
    Unsettled,
}

impl Verdict {
    fn text(self) -> &'static str {
        match self {
            Self::TakenOver => "taken over",
            Self::Old => "read again, because it is older than 30 seconds",
            Self::Written => "read again, because something was written after it",
            Self::Unsettled => "read again, because an account has no identity yet",
        }
    }
}

fn judge(facts: Facts) -> Verdict {
    let Facts {
        age,
        is_before_a_write,
        has_unsettled,
    } = facts;
    if is_before_a_write {
        Verdict::Written
    } else if age > TAKEN_OVER_FOR {
        Verdict::Old
    } else if has_unsettled {
        Verdict::Unsettled
    } else {
        Verdict::TakenOver
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Incomplete, IncompleteReason};
    use std::collections::BTreeSet;

    #[test]
    fn a_list_is_taken_over_while_nothing_can_have_changed_it() {
        for (seconds, is_before_a_write, has_unsettled, expected) in [
            (0, false, false, Verdict::TakenOver),
            (30, false, false, Verdict::TakenOver),
            (31, false, false, Verdict::Old),
            (0, true, false, Verdict::Written),
            (0, false, true, Verdict::Unsettled),
            (31, true, true, Verdict::Written),
        ] {
            let age = Duration::from_secs(seconds);
            let facts = Facts {
                age,
                is_before_a_write,
                has_unsettled,
            };
            assert_eq!(judge(facts), expected, "{facts:?}");
        }
    }

    fn account() -> LiveAccount {
        LiveAccount {
            id: "a".into(),
            native_identity: "SA-1".into(),
            name: "audit01".into(),
            cells: BTreeMap::new(),
            several: BTreeSet::new(),
            identity: Some("i".into()),
            manually_correlated: None,
            is_machine: None,
            created: None,
        }
    }

    #[test]
    fn only_the_last_complete_list_is_kept_and_once() {
        let lately = Lately::default();
        let source = SourceId::from("s");
        let whole = Collection::Complete(vec![account()]);
        let now = Instant::now;
        lately.listed(&source, now(), &whole);
        assert_eq!(lately.take(&source), Some(vec![account()]));
        assert_eq!(lately.take(&source), None);

        lately.listed(&source, now(), &whole);
        let partial = Collection::Partial {
            found: vec![account()],
            why: Incomplete::new(IncompleteReason::Forbidden, "403"),
        };
        lately.listed(&source, now(), &partial);
        assert_eq!(lately.take(&source), None, "a partial list after it");

        let before = now();
        lately.written();
        lately.listed(&source, before, &whole);
        assert_eq!(lately.take(&source), None, "begun before the write ended");

        lately.listed(&source, now(), &whole);
        lately.forget();
        assert_eq!(lately.take(&source), None, "forgotten");
    }
}

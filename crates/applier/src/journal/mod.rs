//! Journal of token mints, invitations, raised thresholds and used plans, on disk before
//! each begins.
//!
//! A run that is killed leaves intents without a conclusion; the next run looks
//! up the tokens and replaces those whose secret is lost. The file holds one
//! JSON object a line and never a secret.

mod created;
mod entry;
mod error;
#[cfg(any(test, fuzzing))]
#[path = "../testing/fuzz_journal.rs"]
pub(crate) mod fuzzing;
mod git_index;
mod history;
mod intent;
mod log;
mod tracked;

pub use created::Created;
pub use error::JournalError;
pub use intent::{
    Conclusion, IntentId, InviteIntent, LeftInvited, LeftRaised, MintIntent, RaiseIntent, Target,
    Unfinished,
};

use camino::Utf8Path;
use history::History;
use jiff::Timestamp;
use log::Log;
use model::{Address, IdentityId, Invited, StoreKey, TokenId, Tries};
use std::collections::BTreeMap;
use std::io::BufReader;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What earlier runs left in a journal for a tenant.
#[derive(Debug, Default)]
pub struct Earlier {
    /// Intents without a conclusion, the oldest first.
    pub unfinished: Vec<Unfinished>,
    /// Where each token was delivered to last.
    pub delivered: BTreeMap<Address, StoreKey>,
    /// Which token was delivered last, as far as the journal says.
    pub created: BTreeMap<Address, Created>,
    /// The places that tokens were delivered to before, and nothing since, with the token.
    pub left: BTreeMap<StoreKey, Address>,
    /// The places that runs for other tenants delivered to, with the tenant.
    pub of_others: BTreeMap<Target, String>,
    /// Thresholds that were raised for an import and not set back, the oldest first.
    pub raised: Vec<LeftRaised>,
    /// Invitations that may have been sent, the oldest first.
    pub invited: Vec<LeftInvited>,
    /// The invitations that were sent, by identity.
    pub sent: BTreeMap<IdentityId, Invited>,
    /// The creations of tokens that failed since the last one that succeeded.
    pub tries: BTreeMap<Address, Tries>,
    /// What a person should know about the journal.
    pub notices: Vec<String>,
}

/// A journal, open for one run at a time.
#[derive(Debug)]
pub struct Journal(Option<Mutex<Log>>);

impl Journal {
    /// A journal that keeps nothing, for simulated tenants. After a crash the next
    /// run cannot find tokens whose secret is lost.
    pub fn disabled() -> Self {
        Self(None)
    }

    /// Opens the journal at this path for a run that changes this tenant, or creates
    /// one there. Intents for other tenants stay as they are. The file gets the
    /// mode 0600, folders that are missing above it 0700.
    ///
    /// A crash can leave a last line without its line break. A line that is
    /// complete otherwise counts; any other is cut off, because no operation
    /// begins before its intent is on disk in full.
    ///
    /// # Errors
    /// When another run has it open, when it cannot be read or written, when it is a
    /// link or tracked by Git, or when any other line is damaged.
    pub fn open(path: &Utf8Path, tenant: &str) -> Result<Self, JournalError> {
        Ok(Self(Some(Mutex::new(Log::open(path, tenant)?))))
    }

    /// What earlier runs left in the journal for this tenant, for readers: nothing is
    /// locked, created or changed. A journal that does not exist has nothing.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged.
    pub fn peek(path: &Utf8Path, tenant: &str) -> Result<Earlier, JournalError> {
        match fs_err::symlink_metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                log::check_links(path)?;
                return Ok(Earlier::default());
            }
            Ok(_) | Err(_) => log::check(path)?,
        }
        let Some(file) = log::existing(path)? else {
            return Ok(Earlier::default());
        };
        let history = History::read(path, BufReader::new(file), tenant)?;
        Ok(Earlier {
            notices: history.notices(path),
            unfinished: history.unfinished,
            delivered: history.delivered,
            created: history.created,
            left: history.left,
            of_others: history.of_others,
            raised: history.raised,
            invited: history.invited,
            sent: history.sent,
            tries: history.tries,
        })
    }

    /// Writes an intent. It is on disk when this returns; the mint may begin only
    /// then.
    ///
    /// # Errors
    /// When it could not be written; then the mint must not begin.
    pub fn intend(&self, address: &Address, what: MintIntent) -> Result<IntentId, JournalError> {
        match self.log() {
            Some(mut log) => log.intend(address, what),
            None => Ok(IntentId::unwritten()),
        }
    }

    /// Writes that a token is in another place now. It was put there before: an intent of its
    /// own would make the next run look for a token that was lost.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn delivered(&self, address: &Address, what: MintIntent) -> Result<(), JournalError> {
        let id = self.intend(address, what)?;
        self.conclude(id, &Conclusion::Done)
    }

    /// Writes that a threshold is raised. It is on disk when this returns; the change
    /// may begin only then.
    ///
    /// # Errors
    /// When it could not be written; then the threshold must not be raised.
    pub fn raise(&self, address: &Address, what: RaiseIntent) -> Result<IntentId, JournalError> {
        match self.log() {
            Some(mut log) => log.raise(address, what),
            None => Ok(IntentId::unwritten()),
        }
    }

    /// Writes that identities are invited. It is on disk when this returns; the request
    /// may be sent only then.
    ///
    /// # Errors
    /// When it could not be written; then nobody must be invited.
    pub fn invite(&self, address: &Address, what: InviteIntent) -> Result<IntentId, JournalError> {
        match self.log() {
            Some(mut log) => log.invite(address, what),
            None => Ok(IntentId::unwritten()),
        }
    }

    /// What earlier runs left for this run to finish.
    pub fn earlier(&self) -> Earlier {
        self.log().map_or_else(Earlier::default, |log| Earlier {
            delivered: log.delivered().clone(),
            created: log.created().clone(),
            left: log.left().clone(),
            of_others: log.of_others().clone(),
            unfinished: log.unfinished().to_vec(),
            raised: log.raised().to_vec(),
            invited: log.invited().to_vec(),
            sent: log.sent().clone(),
            tries: log.tries().clone(),
            notices: log.notices().to_vec(),
        })
    }

    /// Writes how an intent ended, of this run or an earlier one.
    ///
    /// # Errors
    /// When it could not be written. The next run then looks for the token.
    pub fn conclude(&self, id: IntentId, result: &Conclusion) -> Result<(), JournalError> {
        match self.log() {
            Some(mut log) => log.conclude(id, result, None),
            None => Ok(()),
        }
    }

    /// Writes that the token of an intent was created and delivered.
    ///
    /// # Errors
    /// As [`Journal::conclude`].
    pub fn conclude_created(&self, id: IntentId, token: TokenId) -> Result<(), JournalError> {
        match self.log() {
            Some(mut log) => log.conclude(id, &Conclusion::Done, Some(token)),
            None => Ok(()),
        }
    }

    /// What a person should know about the journal.
    pub fn notices(&self) -> Vec<String> {
        self.log()
            .map(|log| log.notices().to_vec())
            .unwrap_or_default()
    }

    /// The intents of earlier runs without a conclusion, the oldest first.
    pub fn unfinished(&self) -> Vec<Unfinished> {
        self.log()
            .map(|log| log.unfinished().to_vec())
            .unwrap_or_default()
    }

    /// When the saved plan of this id was applied, by this run or an earlier one
    /// with this journal; none if it was not.
    pub fn plan_used_at(&self, plan: &str) -> Option<Timestamp> {
        self.log()?.plan_used_at(plan)
    }

    /// Marks the saved plan of this id as used. The mark is on disk when this
    /// returns; the plan may be applied only then.
    ///
    /// # Errors
    /// When it could not be written; then the plan must not be applied.
    pub fn use_plan(&self, plan: &str) -> Result<(), JournalError> {
        match self.log() {
            Some(mut log) => log.use_plan(plan),
            None => Ok(()),
        }
    }

    fn log(&self) -> Option<MutexGuard<'_, Log>> {
        // The log itself detects what a panic could leave half-written.
        self.0
            .as_ref()
            .map(|log| log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
#[path = "../testing/journal.rs"]
mod tests;

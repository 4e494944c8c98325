//! Record of token mints in the journal: the intent before, the conclusion after.

use super::progress::Progress;
use crate::journal::{Conclusion, IntentId, Journal, JournalError, MintIntent, Unfinished};
use crate::step_error::{StepError, may_have_happened};
use model::{Address, LiveToken, Redactor, error_chain};
use std::future::Future;

/// Writes intents and conclusions of mints.
pub(super) struct MintRecord<'run> {
    journal: &'run Journal,
    redactor: &'run Redactor,
}

impl<'run> MintRecord<'run> {
    pub(super) fn new(journal: &'run Journal, redactor: &'run Redactor) -> Self {
        Self { journal, redactor }
    }

    /// Writes the intent, acts, writes the conclusion. After a success the
    /// intents of earlier runs for the same token are closed, too: nothing is
    /// left to look for.
    pub(super) async fn around(
        &self,
        progress: &Progress<'_>,
        address: &Address,
        intent: MintIntent,
        act: impl Future<Output = Result<LiveToken, StepError>>,
    ) -> Result<LiveToken, StepError> {
        let id = self
            .journal
            .intend(address, intent.clone())
            .map_err(StepError::Journal)?;
        let result = act.await;
        match (&result, conclusion(&result)) {
            (Ok(token), _) => {
                let written = self.journal.conclude_created(id, token.id.clone());
                not_written(progress, address, written);
            }
            (Err(_), Some(mut conclusion)) => {
                if let Conclusion::Failed(why) = &mut conclusion {
                    *why = self.redactor.redact(why).into_owned();
                }
                self.conclude(progress, address, id, &conclusion);
            }
            (Err(_), None) => {}
        }
        if result.is_ok() {
            for unfinished in self.unfinished() {
                if unfinished.intent.is_for_token_of(&intent) {
                    self.supersede(progress, unfinished);
                }
            }
        }
        result
    }

    pub(super) fn unfinished(&self) -> Vec<Unfinished> {
        self.journal.unfinished()
    }

    /// Closes an intent of an earlier run: nothing is left to look for.
    pub(super) fn supersede(&self, progress: &Progress<'_>, unfinished: Unfinished) {
        let Unfinished {
            id,
            time: _,
            address,
            intent: _,
        } = unfinished;
        self.conclude(progress, &address, id, &Conclusion::Superseded);
    }

    fn conclude(
        &self,
        progress: &Progress<'_>,
        address: &Address,
        id: IntentId,
        conclusion: &Conclusion,
    ) {
        not_written(progress, address, self.journal.conclude(id, conclusion));
    }
}

/// Says that a result is not in the journal.
fn not_written(progress: &Progress<'_>, address: &Address, written: Result<(), JournalError>) {
    if let Err(error) = written {
        // The call has been made; failing the step now would only hide that.
        let error = error_chain(&error);
        progress.notice(
            address,
            &format!("cannot write the result to the journal: {error}"),
        );
    }
}

/// How an act ended; none where it may have taken effect without a response, so
/// that the next run looks for the token.
fn conclusion<V>(result: &Result<V, StepError>) -> Option<Conclusion> {
    match result {
        Ok(_) => Some(Conclusion::Done),
        Err(StepError::Orphan(_)) => None,
        Err(StepError::Tenant(error)) if may_have_happened(error) => None,
        Err(error) => Some(Conclusion::Failed(error.chain())),
    }
}

//! Context of one apply run: what all of its steps share.

mod ages;
mod facts;
mod held;
mod interrupts;
mod invitees;
mod mint_record;
mod progress;
mod results;

use crate::cancel::Cancel;
use crate::journal::{Journal, MintIntent, Unfinished};
use crate::options::Options;
use crate::step_error::StepError;
use crate::stores::Stores;
pub(crate) use ages::RELIED_ON_FOR;
pub(crate) use facts::{Facts, Held, OwnTokens, Written};
pub(crate) use held::still_has;
use interrupts::Interrupts;
pub(crate) use invitees::{Identities, one_request};
use jiff::Timestamp;
use mint_record::MintRecord;
use model::{Address, EventSink, LiveToken, Plan, StepResult, TenantWrite};
use progress::Progress;
use results::Results;
pub(crate) use results::Settled;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The tenant, the stores and the settings of a run, and what its steps report.
pub(crate) struct Context<'run, T> {
    pub(crate) tenant: &'run T,
    pub(crate) stores: &'run Stores,
    pub(crate) options: &'run Options,
    /// Ids that earlier steps of the run created.
    pub(crate) results: Results,
    /// What several steps rest on, read at most 30 seconds before a write.
    pub(crate) facts: Facts<'run>,
    /// Where events and notices go.
    pub(crate) progress: Progress<'run>,
    /// Whether the run is to stop, and whether that ended a wait.
    pub(crate) interrupts: Interrupts<'run>,
    record: MintRecord<'run>,
    /// The journal, for what is not a mint.
    pub(crate) journal: &'run Journal,
    /// When the tenant was read for the plan, by its clock.
    pub(crate) planned_at: Timestamp,
    /// How many steps failed because the caller may not make a call.
    refused: AtomicUsize,
}

impl<'run, T: TenantWrite> Context<'run, T> {
    pub(crate) fn new(
        tenant: &'run T,
        stores: &'run Stores,
        journal: &'run Journal,
        options: &'run Options,
        events: &'run dyn EventSink,
        cancel: &'run Cancel,
        plan: &'run Plan,
    ) -> Self {
        Self {
            tenant,
            stores,
            options,
            results: Results::default(),
            facts: Facts::new(plan, options.read_at),
            progress: Progress::new(events, stores.redactor()),
            interrupts: Interrupts::new(cancel),
            record: MintRecord::new(journal, stores.redactor()),
            journal,
            planned_at: plan.created_at,
            refused: AtomicUsize::new(0),
        }
    }

    /// Writes the intent to the journal, acts, and writes how it ended. The act
    /// includes looking for what a lost response has left in the tenant.
    pub(crate) async fn journalled(
        &self,
        address: &Address,
        intent: MintIntent,
        act: impl Future<Output = Result<LiveToken, StepError>>,
    ) -> Result<LiveToken, StepError> {
        self.record
            .around(&self.progress, address, intent, act)
            .await
    }

    /// The result of a step that ended with this error, without secrets.
    pub(crate) fn failed(&self, error: StepError) -> StepResult {
        let redact = |text: String| self.stores.redactor().redact(&text).into_owned();
        if error.is_not_allowed() {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        match error.into_result() {
            StepResult::Failed { error, help } => StepResult::Failed {
                error: redact(error),
                help: help.map(redact),
            },
            StepResult::SentNotVerified { error, help } => StepResult::SentNotVerified {
                error: redact(error),
                help: help.map(redact),
            },
            StepResult::Blocked { error, help } => StepResult::Blocked {
                error: redact(error),
                help: help.map(redact),
            },
            result @ (StepResult::Done { .. }
            | StepResult::Skipped { .. }
            | StepResult::NeverTried) => result,
        }
    }

    /// How many steps failed because the caller may not make a call.
    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }

    /// Closes an intent of an earlier run: nothing is left to look for.
    pub(crate) fn supersede(&self, unfinished: Unfinished) {
        self.record.supersede(&self.progress, unfinished);
    }

    /// The intents of earlier runs that have no conclusion.
    pub(crate) fn unfinished(&self) -> Vec<Unfinished> {
        self.record.unfinished()
    }
}

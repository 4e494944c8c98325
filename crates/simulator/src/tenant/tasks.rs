//! Starts, completes and cancels tasks.

use jiff::{SignedDuration, Timestamp};
use serde_json::Map;

use super::records::{
    About, Completion, Event, Severity, Task, TaskKind, TaskMessage, Work, WorkDone,
};
use super::{Tenant, delays};
use crate::errors::Refusal;

/// So many tasks are kept. Tenants forget theirs after some months.
const KEPT_TASKS: usize = 2_000;

impl Tenant {
    /// Starts a task that takes so long. Injected outcomes of tasks apply to the next one started.
    pub(crate) fn start_task(
        &mut self,
        kind: TaskKind,
        launcher: &str,
        about: About,
        work: Work,
        duration: SignedDuration,
    ) -> String {
        let id = self.ids.hex();
        let injected = std::mem::take(&mut self.next_task);
        self.tasks.insert(
            id.clone(),
            Task {
                id: id.clone(),
                kind,
                launcher: launcher.to_owned(),
                source: about.source,
                target: about.target,
                created: self.now,
                completed: None,
                completion: None,
                completion_shown_from: None,
                messages: Vec::new(),
                attributes: Map::new(),
                work: Some(work),
                forced: injected.outcome,
                status_race: injected.status_race,
            },
        );
        self.task_order.push(id.clone());
        self.forget_old_tasks();
        self.after(duration, Event::TaskCompletes { task: id.clone() });
        self.touch();
        id
    }

    /// Forgets the oldest tasks that have ended, beyond the number that is kept.
    fn forget_old_tasks(&mut self) {
        if self.task_order.len() <= KEPT_TASKS {
            return;
        }
        let ended = self
            .task_order
            .iter()
            .position(|id| self.tasks.get(id).is_none_or(|task| !task.is_running()));
        if let Some(index) = ended {
            let id = self.task_order.remove(index);
            self.tasks.remove(&id);
        }
    }

    /// Records a task that failed before it began.
    pub(crate) fn record_failed_task(
        &mut self,
        kind: TaskKind,
        launcher: &str,
        about: About,
        text: &str,
    ) -> String {
        let id = self.start_task(
            kind,
            launcher,
            about,
            Work::AggregateDirectly,
            SignedDuration::ZERO,
        );
        let now = self.now;
        if let Some(task) = self.tasks.get_mut(&id) {
            task.work = None;
            task.completed = Some(now);
            task.completion = Some(Completion::Error);
            task.messages.push(TaskMessage {
                severity: Severity::Error,
                text: text.to_owned(),
            });
        }
        id
    }

    pub(crate) fn task(&self, id: &str) -> Result<&Task, Refusal> {
        self.tasks
            .get(id)
            .ok_or_else(|| Refusal::not_found(format!("Task {id}")))
    }

    /// All tasks, oldest first.
    pub(crate) fn tasks_in_order(&self) -> impl Iterator<Item = &Task> {
        self.task_order.iter().filter_map(|id| self.tasks.get(id))
    }

    /// Whether an aggregation of this source is running.
    pub(crate) fn is_aggregating(&self, source: &str) -> bool {
        self.tasks.values().any(|task| {
            task.is_running()
                && task.kind == TaskKind::AccountAggregation
                && task.source.as_deref() == Some(source)
        })
    }

    /// Ends a running task before it has any effect.
    pub(crate) fn end_task(
        &mut self,
        id: &str,
        completion: Completion,
        completed: Option<Timestamp>,
    ) -> Result<(), Refusal> {
        if !self.task(id)?.is_running() {
            return Err(Refusal::illegal_update("The task has ended already."));
        }
        let now = self.now;
        if let Some(task) = self.tasks.get_mut(id) {
            task.work = None;
            task.completed = Some(completed.unwrap_or(now));
            task.completion = Some(completion);
        }
        self.touch();
        Ok(())
    }

    pub(super) fn complete_task(&mut self, id: &str) {
        let Some(task) = self.tasks.get_mut(id) else {
            return;
        };
        let Some(work) = task.work.take() else { return };
        let forced = task.forced;
        let launcher = task.launcher.clone();
        let done = match forced {
            Some(Completion::Error) => WorkDone::with(
                Completion::Error,
                Severity::Error,
                "The task failed, as a fault was injected.",
            ),
            Some(Completion::Terminated) => WorkDone::with(
                Completion::Terminated,
                Severity::Warn,
                "The task was terminated, as a fault was injected.",
            ),
            Some(Completion::Warning) => {
                let mut done = self.work(work, &launcher);
                done.completion = Completion::Warning;
                done.messages.push(TaskMessage {
                    severity: Severity::Warn,
                    text: "The task ended with a warning, as a fault was injected.".into(),
                });
                done
            }
            Some(Completion::Success) | None => self.work(work, &launcher),
        };
        let now = self.now;
        if let Some(task) = self.tasks.get_mut(id) {
            task.completed = Some(now);
            task.completion = Some(done.completion);
            if task.status_race {
                task.completion_shown_from = now.checked_add(delays::STATUS_RACE).ok();
            }
            task.messages.extend(done.messages);
            task.attributes.extend(done.counts);
        }
    }

    fn work(&mut self, work: Work, launcher: &str) -> WorkDone {
        match work {
            Work::Aggregate {
                source,
                csv,
                optimized,
            } => self.aggregate(&source, &csv, optimized),
            Work::AggregateDirectly | Work::ReloadAccount { .. } => WorkDone::success(),
            Work::RemoveAccounts { source } => self.remove_all_accounts(&source),
            Work::CreateAccount { source, attributes } => {
                self.create_account_now(&source, attributes)
            }
            Work::ReplaceAccount {
                account,
                attributes,
            } => self.replace_account_now(&account, attributes),
            Work::DeleteAccount { account } => self.delete_account_now(&account),
            Work::SetAccountState {
                account,
                disabled,
                locked,
            } => self.set_account_state_now(&account, disabled, locked),
            Work::Invite { identities } => self.send_invitations(&identities, launcher),
            Work::ProcessIdentities { identities } => self.process_identities_now(&identities),
            Work::DeleteSource { source } => self.delete_source_now(&source),
            Work::DeleteProfiles { profiles } => self.delete_profiles_now(&profiles),
            Work::DeleteLifecycleState { profile, state } => {
                self.delete_lifecycle_state_now(&profile, &state)
            }
        }
    }
}

//! Polling: waits until the tenant has finished.

use crate::cancel::PATIENCE;
use crate::context::Context;
use crate::step_error::StepError;
use model::{Address, Counted, Task, TaskId, TaskState, TenantWrite};
use std::future::Future;
use std::time::{Duration, Instant};

/// How a wait reacts to Ctrl-C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopping {
    /// It goes on for a few seconds: an operation that is in flight can end soon.
    Waits,
    /// It ends: ISC continues by itself, or was not asked for anything yet.
    GivesUp,
}

/// Asks repeatedly until there is an answer.
///
/// # Errors
/// What `ask` fails with, the result of `late` when the time is over, or
/// [`StepError::Stopped`].
pub(crate) async fn until<T: TenantWrite, V, F>(
    context: &Context<'_, T>,
    addresses: &[Address],
    timeout: Duration,
    stopping: Stopping,
    mut ask: impl FnMut() -> F,
    late: impl FnOnce(String) -> StepError,
) -> Result<V, StepError>
where
    F: Future<Output = Result<Answer<V>, StepError>>,
{
    let since = Instant::now();
    let started = tokio::time::Instant::now();
    let mut what = "ISC has not answered yet".to_owned();
    for pause in context.options.poll.pauses() {
        let step = async {
            let (on, progress) = match ask().await? {
                Answer::Ready(value) => return Ok::<_, StepError>(Asked::Ready(value)),
                Answer::Pending(on) => (on, None),
                Answer::Counted(on, counted) => (on, Some(counted)),
            };
            context.progress.waiting(addresses, &on, progress, since);
            what = on;
            if started.elapsed() + pause > timeout {
                return Ok(Asked::Late);
            }
            tokio::time::sleep(pause).await;
            Ok(Asked::Pending)
        };
        let asked = tokio::select! {
            biased;
            asked = step => Some(asked?),
            () = context.interrupts.requested_for(stopping.patience()) => None,
        };
        let Some(asked) = asked else {
            // It may have ended since ISC was asked last.
            if stopping == Stopping::Waits
                && let Ok(Ok(Answer::Ready(value))) = tokio::time::timeout(PATIENCE, ask()).await
            {
                return Ok(value);
            }
            context.interrupts.record();
            return Err(StepError::Stopped { what });
        };
        match asked {
            Asked::Ready(value) => return Ok(value),
            Asked::Late => return Err(late(what)),
            Asked::Pending => {}
        }
    }
    // The schedule has no end.
    Err(late(what))
}

/// What one round of a wait came to.
enum Asked<V> {
    Ready(V),
    /// The time is over.
    Late,
    Pending,
}

impl Stopping {
    fn patience(self) -> Duration {
        match self {
            Self::Waits => PATIENCE,
            Self::GivesUp => Duration::ZERO,
        }
    }
}

/// The answer to one poll.
pub(crate) enum Answer<V> {
    /// The wait is over.
    Ready(V),
    /// Not yet; what the wait is for, as text.
    Pending(String),
    /// Not yet; what the wait is for, and how much of it is there.
    Counted(String, Counted),
}

/// Waits for a task to end, well or badly.
pub(crate) async fn task_end<T: TenantWrite>(
    context: &Context<'_, T>,
    addresses: &[Address],
    what: &'static str,
    task: &TaskId,
) -> Result<Task, StepError> {
    let timeout = context.options.task_timeout;
    until(
        context,
        addresses,
        timeout,
        Stopping::Waits,
        || async {
            let task = context.tenant.task(task).await?;
            Ok(match task.state {
                TaskState::Running => Answer::Pending(format!("{what} task {} is running", task.id)),
                TaskState::Success
                | TaskState::Warning
                | TaskState::Failed(_)
                | TaskState::Unknown(_) => {
                    Answer::Ready(task)
                }
            })
        },
        |on| StepError::Timeout {
            what: on,
            seconds: timeout.as_secs(),
            help: "check the task in ISC; run `steersman apply` again when it has ended, or wait longer with --wait".to_owned(),
        },
    )
    .await
}

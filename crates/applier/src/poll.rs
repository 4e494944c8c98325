//! Waiting for the tenant.

use crate::context::Context;
use crate::step_error::StepError;
use model::{Address, Task, TaskId, TaskState, TenantWrite};
use std::future::Future;
use std::time::{Duration, Instant};

/// What a wish to stop does to a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopping {
    /// The wait is for something that is in flight, and is finished.
    Waits,
    /// The wait is given up: the tenant goes on by itself, or nothing was asked
    /// of it yet.
    GivesUp,
}

/// Asks again and again until there is an answer.
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
    for pause in context.options.poll.pauses() {
        match ask().await? {
            Answer::There(value) => return Ok(value),
            Answer::NotYet(on) => {
                context.waiting(addresses, on.clone(), since);
                if started.elapsed() + pause > timeout {
                    return Err(late(on));
                }
                let sleep = tokio::time::sleep(pause);
                match stopping {
                    Stopping::Waits => sleep.await,
                    Stopping::GivesUp => tokio::select! {
                        () = sleep => {}
                        () = context.cancel.cancelled() => {
                            context.interrupted();
                            return Err(StepError::Stopped { what: on });
                        }
                    },
                }
            }
        }
    }
    // The schedule has no end.
    Err(late(String::new()))
}

/// What came of asking once.
pub(crate) enum Answer<V> {
    /// What was waited for.
    There(V),
    /// Not yet; what is waited for, in words.
    NotYet(String),
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
                TaskState::Running => Answer::NotYet(format!("{what} task {} runs", task.id)),
                TaskState::Success | TaskState::Warning | TaskState::Failed(_) => {
                    Answer::There(task)
                }
            })
        },
        |_| StepError::Timeout {
            what: format!("the {what} task {task} did not end"),
            seconds: timeout.as_secs(),
            help: "look at the task in the tenant's monitor; apply again when it has ended, or wait longer with --wait".to_owned(),
        },
    )
    .await
}

//! Options of a run: timeouts, polling and parallelism.

use std::time::Duration;
use tokio::time::Instant;

/// Settings of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long to wait for identities to appear after processing.
    pub identity_timeout: Duration,
    /// How long to wait for a task, such as an import, to end.
    pub task_timeout: Duration,
    /// How often to poll while waiting.
    pub poll: PollSchedule,
    /// How many units of work run at a time, at most.
    pub parallelism: usize,
    /// When the reading of the tenant ended that the plan was made from; none where that is
    /// not known, such as for a plan that was made by another run.
    pub read_at: Option<Instant>,
}

impl Default for Options {
    /// Timeouts of 15 minutes, 8 units at a time, and nothing known of the reading.
    fn default() -> Self {
        Self {
            identity_timeout: Duration::from_mins(15),
            task_timeout: Duration::from_mins(15),
            poll: PollSchedule::default(),
            parallelism: 8,
            read_at: None,
        }
    }
}

/// Pauses between two polls. They grow, so that a short task is noticed soon and a
/// long one costs few requests.
#[derive(Clone, Debug)]
pub struct PollSchedule {
    /// The first pause.
    pub first: Duration,
    /// By how much each pause is longer than the one before.
    pub factor: f64,
    /// The longest pause.
    pub longest: Duration,
}

impl Default for PollSchedule {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(50),
            factor: 1.6,
            longest: Duration::from_secs(5),
        }
    }
}

impl PollSchedule {
    /// The pauses, one after the other, without end.
    pub fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        let Self {
            first,
            factor,
            longest,
        } = self.clone();
        let mut next = first.min(longest);
        std::iter::from_fn(move || {
            let pause = next;
            next = next.mul_f64(factor).min(longest);
            Some(pause)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PollSchedule;
    use std::time::Duration;

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let schedule = PollSchedule {
            first: Duration::from_secs(1),
            factor: 2.0,
            longest: Duration::from_secs(5),
        };
        let seconds: Vec<u64> = schedule
            .pauses()
            .take(5)
            .map(|pause| pause.as_secs())
            .collect();
        assert_eq!(seconds, [1, 2, 4, 5, 5]);
    }
}

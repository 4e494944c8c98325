//! Tracking ids of requests, by the step whose work sent them.

use model::Attempt;
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

tokio::task_local! {
    /// The ids of the unit of work that is polled.
    static UNDER_WAY: Ids;
}

#[derive(Clone, Default)]
struct Ids(Arc<Mutex<BTreeSet<String>>>);

/// Tells the step under way of an attempt that its work made. The ids of writes and of
/// whatever failed are kept: SailPoint's support asks for them.
pub fn heard(attempt: &Attempt) {
    let is_success = attempt
        .status
        .is_some_and(|status| (200..300).contains(&status));
    let Some(id) = &attempt.tracking_id else {
        return;
    };
    if attempt.reads && is_success {
        return;
    }
    // Outside of a step there is nothing to keep.
    let _ = UNDER_WAY.try_with(|ids| {
        // Nothing panics while it holds the lock.
        let mut ids = ids.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.insert(id.clone());
    });
}

/// Does some work, and returns the tracking ids of its requests with its result.
pub(crate) async fn tracked<V>(work: impl Future<Output = V>) -> (V, Vec<String>) {
    let ids = Ids::default();
    let result = UNDER_WAY.scope(ids.clone(), work).await;
    let ids = std::mem::take(&mut *ids.0.lock().unwrap_or_else(PoisonError::into_inner));
    (result, ids.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::{heard, tracked};
    use model::Attempt;

    fn attempt(reads: bool, status: u16, id: &str) -> Attempt {
        Attempt {
            call: "GET /accounts/v1".to_owned(),
            attempt: 1,
            reads,
            status: Some(status),
            tracking_id: Some(id.to_owned()),
            waits: None,
        }
    }

    #[tokio::test]
    async fn ids_go_to_the_work_that_sent_the_request() {
        heard(&attempt(false, 200, "outside"));
        let one = tracked(async {
            heard(&attempt(false, 201, "write"));
            tokio::task::yield_now().await;
            heard(&attempt(true, 503, "failed read"));
            heard(&attempt(true, 200, "read"));
        });
        let other = tracked(async { heard(&attempt(false, 204, "other")) });
        let (((), one), ((), other)) = tokio::join!(one, other);
        assert_eq!(one, ["failed read", "write"]);
        assert_eq!(other, ["other"]);
    }
}

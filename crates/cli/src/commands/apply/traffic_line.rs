//! Line with what an apply has cost, its last one.

use model::Traffic;
use std::fmt::Write as _;
use std::time::Duration;

/// What an apply has cost, for its last line.
pub(super) fn of(traffic: Traffic) -> String {
    let Traffic {
        requests,
        retried,
        throttled: _,
        throttled_for,
    } = traffic;
    let mut text = format!("requests: {requests}");
    if retried > 0 {
        let _ = write!(text, ", {retried} of them repeated");
    }
    if throttled_for > Duration::ZERO {
        let _ = write!(text, ", {} s throttled", throttled_for.as_secs().max(1));
    }
    text
}

//! Check of the rate limit: the share that steersman takes, and whether others use it up.

use super::list::List;
use crate::session::Session;
use isc::RateBudget;
use render::doctor::CheckName;

pub(super) fn check(list: &mut List, session: &Session, share: RateBudget) {
    let tried = "counting the responses that say 429";
    let throttled = session.meter().traffic().throttled;
    if throttled > 0 {
        list.warn(
            CheckName::RateLimit,
            tried,
            format!(
                "ISC throttled {throttled} of a few requests: other programs use the same client ID"
            ),
            "give steersman a token of its own; the limit is counted for each client ID",
        );
        return;
    }
    let limit = RateBudget::ISC_LIMIT;
    match share.requests() {
        Some(requests) => list.ok(
            CheckName::RateLimit,
            tried,
            format!("steersman uses {requests} of {limit} requests in 10 seconds"),
        ),
        None if session.is_on_this_machine() => {
            list.ok(
                CheckName::RateLimit,
                tried,
                "steersman does not limit itself",
            );
        }
        None => list.warn(
            CheckName::RateLimit,
            tried,
            "`--rate-share off`: steersman does not limit itself, and ISC throttles it",
            format!("leave it out, or give a percentage of the {limit} requests in 10 seconds"),
        ),
    }
}

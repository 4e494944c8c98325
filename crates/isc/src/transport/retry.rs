//! Retry policy: accepts, repeats or gives up a request after each attempt.

use std::time::Duration;

/// The result of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A complete response.
    Status(u16),
    /// A web page that says no, of something between here and the tenant.
    Page(u16),
    /// No connection: the tenant has not seen the request.
    NotSent,
    /// The connection ended, or the timeout passed, before the response was complete.
    Lost,
}

/// The next action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Return the response to the caller, whatever its status.
    Return,
    /// Send the request again, after the time in `Retry-After` where there is one,
    /// else after a time that grows with each attempt.
    Retry(Option<Duration>),
    /// Fail: all attempts are used up.
    GiveUp,
    /// Fail: the request may have taken effect, and must not be sent again.
    Unknown,
}

/// The attempts of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempts {
    /// The one just made, from 1.
    pub(crate) made: u32,
    /// How many there may be.
    pub(crate) most: u32,
}

/// Decides by the result of an attempt. After a 429 or without a connection the
/// request had no effect; any other failure can follow the effect, and then only an
/// idempotent request is retried.
pub(crate) fn decide(
    seen: Seen,
    idempotent: bool,
    retry_after: Option<Duration>,
    attempts: Attempts,
) -> Decision {
    /// A firewall that refuses rarely changes its mind.
    const MOST_OF_PAGES: u32 = 2;
    let (harmless, most) = match seen {
        Seen::Status(429) | Seen::NotSent => (true, attempts.most),
        Seen::Status(500 | 502..=504) | Seen::Lost => (idempotent, attempts.most),
        Seen::Page(_) if attempts.made >= MOST_OF_PAGES => return Decision::Return,
        Seen::Page(_) => (idempotent, MOST_OF_PAGES),
        Seen::Status(_) => return Decision::Return,
    };
    if !harmless {
        Decision::Unknown
    } else if attempts.made < most {
        Decision::Retry(retry_after)
    } else {
        Decision::GiveUp
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_repeated_is_repeated() {
        use Decision::{GiveUp, Retry, Return, Unknown};
        use Seen::{Lost, NotSent, Page, Status};
        let after = Some(Duration::from_secs(7));
        let table = [
            // (seen, idempotent, Retry-After, attempt made) -> decision, of 3 attempts
            (Status(200), true, None, 1, Return),
            (Status(204), false, None, 1, Return),
            (Status(400), true, None, 1, Return),
            (Status(401), true, None, 1, Return),
            (Status(403), true, None, 1, Return),
            (Status(404), true, None, 1, Return),
            (Status(409), false, None, 1, Return),
            (Status(501), true, None, 1, Return),
            (Status(429), true, after, 1, Retry(after)),
            (Status(429), false, after, 2, Retry(after)),
            (Status(429), false, None, 1, Retry(None)),
            (Status(429), false, after, 3, GiveUp),
            (Status(500), true, None, 1, Retry(None)),
            (Status(502), true, None, 2, Retry(None)),
            (Status(503), true, after, 1, Retry(after)),
            (Status(504), true, None, 3, GiveUp),
            (Status(500), false, None, 1, Unknown),
            (Status(502), false, None, 1, Unknown),
            (Status(503), false, after, 1, Unknown),
            (Status(504), false, None, 3, Unknown),
            (Page(403), true, None, 1, Retry(None)),
            (Page(403), true, None, 2, Return),
            (Page(403), false, None, 1, Unknown),
            (NotSent, true, None, 1, Retry(None)),
            (NotSent, false, None, 1, Retry(None)),
            (NotSent, false, None, 3, GiveUp),
            (Lost, true, None, 1, Retry(None)),
            (Lost, true, None, 3, GiveUp),
            (Lost, false, None, 1, Unknown),
            (Lost, false, None, 3, Unknown),
        ];
        for (seen, idempotent, retry_after, made, decision) in table {
            let attempts = Attempts { made, most: 3 };
            assert_eq!(
                decide(seen, idempotent, retry_after, attempts),
                decision,
                "{seen:?}, idempotent: {idempotent}, attempt {made}"
            );
        }
    }
}

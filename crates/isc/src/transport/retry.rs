//! Retry policy: accepts, repeats or gives up a request after each attempt.

use std::time::Duration;

/// The result of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A complete response.
    Status(u16),
    /// A response of success whose body is no JSON document, or cut off.
    Garbled,
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
    /// Wait in the same way; then what the request rests on has to be read again.
    ReadAgain(Option<Duration>),
    /// Sign in again, then send the request again.
    Renew,
    /// Fail: the attempts or the time are used up.
    GiveUp,
    /// Fail: the request may have taken effect, and must not be sent again.
    Unknown,
}

/// What the decision needs to know of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Nature {
    /// Whether sending it twice has the effect of sending it once.
    pub(crate) idempotent: bool,
    /// Whether it overwrites what was read just before.
    pub(crate) rests_on_reading: bool,
    /// Whether it has an access token that was not renewed for it yet.
    pub(crate) renewable: bool,
}

/// The attempts of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempts {
    /// The one just made, from 1.
    pub(crate) made: u32,
    /// How many there may be.
    pub(crate) most: u32,
    /// The time since the first, without the waits that the tenant asked for.
    pub(crate) elapsed: Duration,
    /// After how long none begins.
    pub(crate) longest: Duration,
}

/// Decides by the result of an attempt. After a 429 or without a connection the
/// request had no effect; any other failure can follow the effect, and then only an
/// idempotent request is retried.
pub(crate) fn decide(
    seen: Seen,
    nature: Nature,
    retry_after: Option<Duration>,
    attempts: Attempts,
) -> Decision {
    /// A firewall that refuses rarely changes its mind.
    const MOST_OF_PAGES: u32 = 2;
    /// What comes garbled again and again is wrong at its origin.
    const MOST_GARBLED: u32 = 3;
    let Nature {
        idempotent,
        rests_on_reading,
        renewable,
    } = nature;
    let Attempts {
        made,
        most,
        elapsed,
        longest,
    } = attempts;
    let (harmless, most) = match seen {
        Seen::Status(401) if renewable => return Decision::Renew,
        Seen::Status(429) | Seen::NotSent => (true, most),
        Seen::Status(500 | 502..=504) | Seen::Lost => (idempotent, most),
        // Decoding says what is wrong with it, and whether it may have taken effect.
        Seen::Garbled if !idempotent || made >= most.min(MOST_GARBLED) => return Decision::Return,
        Seen::Garbled => (true, MOST_GARBLED),
        Seen::Page(_) if made >= MOST_OF_PAGES => return Decision::Return,
        Seen::Page(_) => (idempotent, MOST_OF_PAGES),
        Seen::Status(_) => return Decision::Return,
    };
    if !harmless {
        Decision::Unknown
    } else if made >= most || elapsed >= longest {
        Decision::GiveUp
    } else if rests_on_reading {
        Decision::ReadAgain(retry_after)
    } else {
        Decision::Retry(retry_after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Nature = Nature {
        idempotent: true,
        rests_on_reading: false,
        renewable: true,
    };
    const RENEWED: Nature = Nature {
        renewable: false,
        ..READ
    };
    const CREATE: Nature = Nature {
        idempotent: false,
        ..READ
    };
    const OVERWRITE: Nature = Nature {
        rests_on_reading: true,
        ..READ
    };

    #[test]
    fn what_may_be_repeated_is_repeated() {
        use Decision::{GiveUp, ReadAgain, Renew, Retry, Return, Unknown};
        use Seen::{Garbled, Lost, NotSent, Page, Status};
        let after = Some(Duration::from_secs(7));
        let table = [
            // (seen, nature, Retry-After, attempt of 4, seconds of 90) -> decision
            (Status(200), READ, None, 1, 0, Return),
            (Status(204), CREATE, None, 1, 0, Return),
            (Status(400), READ, None, 1, 0, Return),
            (Status(403), READ, None, 1, 0, Return),
            (Status(404), READ, None, 1, 0, Return),
            (Status(409), CREATE, None, 1, 0, Return),
            (Status(501), READ, None, 1, 0, Return),
            (Status(401), READ, None, 1, 0, Renew),
            (Status(401), CREATE, None, 3, 0, Renew),
            (Status(401), OVERWRITE, None, 1, 0, Renew),
            (Status(401), RENEWED, None, 2, 0, Return),
            (Status(429), READ, after, 1, 0, Retry(after)),
            (Status(429), CREATE, after, 2, 0, Retry(after)),
            (Status(429), CREATE, None, 1, 0, Retry(None)),
            (Status(429), OVERWRITE, after, 1, 0, ReadAgain(after)),
            (Status(429), CREATE, after, 4, 0, GiveUp),
            (Status(429), READ, after, 2, 90, GiveUp),
            (Status(500), READ, None, 1, 0, Retry(None)),
            (Status(502), READ, None, 2, 60, Retry(None)),
            (Status(503), READ, after, 1, 0, Retry(after)),
            (Status(503), OVERWRITE, None, 1, 0, ReadAgain(None)),
            (Status(503), READ, None, 2, 91, GiveUp),
            (Status(504), READ, None, 4, 0, GiveUp),
            (Status(500), CREATE, None, 1, 0, Unknown),
            (Status(502), CREATE, None, 1, 0, Unknown),
            (Status(503), CREATE, after, 1, 0, Unknown),
            (Status(504), CREATE, None, 4, 0, Unknown),
            (Garbled, READ, None, 1, 0, Retry(None)),
            (Garbled, READ, None, 3, 0, Return),
            (Garbled, CREATE, None, 1, 0, Return),
            (Page(403), READ, None, 1, 0, Retry(None)),
            (Page(403), READ, None, 2, 0, Return),
            (Page(403), CREATE, None, 1, 0, Unknown),
            (NotSent, READ, None, 1, 0, Retry(None)),
            (NotSent, CREATE, None, 1, 0, Retry(None)),
            (NotSent, CREATE, None, 4, 0, GiveUp),
            (Lost, READ, None, 1, 0, Retry(None)),
            (Lost, OVERWRITE, None, 1, 0, ReadAgain(None)),
            (Lost, READ, None, 4, 0, GiveUp),
            (Lost, CREATE, None, 1, 0, Unknown),
            (Lost, CREATE, None, 4, 0, Unknown),
        ];
        for (seen, nature, retry_after, made, elapsed, decision) in table {
            let attempts = Attempts {
                made,
                most: 4,
                elapsed: Duration::from_secs(elapsed),
                longest: Duration::from_secs(90),
            };
            assert_eq!(
                decide(seen, nature, retry_after, attempts),
                decision,
                "{seen:?}, {nature:?}, attempt {made} after {elapsed} s"
            );
        }
    }
}

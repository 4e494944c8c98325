//! Expiry of tokens: when a token should expire, and whether it does.

use jiff::{SignedDuration, Timestamp};
use model::{LiveToken, TokenLifetime};

/// When a token of this lifetime expires if it is created at `created`; none if never.
pub(crate) fn end_of(created: Timestamp, lifetime: TokenLifetime) -> Option<Timestamp> {
    match lifetime {
        TokenLifetime::After(duration) => created.checked_add(duration).ok(),
        TokenLifetime::Never => None,
    }
}

/// Whether a token expires as its declared lifetime says, counted from its creation.
///
/// The expiry is computed when planning, and the token is created somewhat later.
/// So they may differ by a twentieth of the lifetime, but by at most a day.
pub fn ends_as_declared(token: &LiveToken, lifetime: TokenLifetime) -> bool {
    match (token.expires, lifetime) {
        (None, TokenLifetime::Never) => true,
        (None, TokenLifetime::After(_)) | (Some(_), TokenLifetime::Never) => false,
        (Some(live), TokenLifetime::After(duration)) => {
            let tolerance = (duration / 20).min(SignedDuration::from_hours(24));
            end_of(token.created, lifetime)
                .is_some_and(|declared| live.duration_since(declared).abs() <= tolerance)
        }
    }
}

/// How near an end is that nobody declares for a token that is in use.
const NEAR: SignedDuration = SignedDuration::from_hours(1);

/// Whether somebody brought the end of a token near, to stop it. To extend it again would
/// be to revive a secret that others may have.
pub(crate) fn is_disabled(token: &LiveToken, lifetime: TokenLifetime, now: Timestamp) -> bool {
    let is_near = |end: Timestamp| end.duration_since(now) <= NEAR;
    let declared = end_of(token.created, lifetime);
    token.expires.is_some_and(|end| {
        is_near(end)
            && !ends_as_declared(token, lifetime)
            && declared.is_none_or(|declared| end < declared)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, live_token};

    #[test]
    fn ends_are_compared_with_tolerance() {
        let days = |days: i64| TokenLifetime::After(SignedDuration::from_hours(24 * days));
        let at = |hours: i64| Some(NOW + SignedDuration::from_hours(hours));
        for (expires, lifetime, expected) in [
            (at(90 * 24), days(90), true),
            (at(90 * 24 - 23), days(90), true),
            (at(90 * 24 - 25), days(90), false),
            (at(30 * 24), days(90), false),
            (at(26), days(1), false),
            (at(25), days(1), true),
            (None, days(90), false),
            (None, TokenLifetime::Never, true),
            (at(1), TokenLifetime::Never, false),
        ] {
            let mut token = live_token("t", "i", &[]);
            token.created = NOW;
            token.expires = expires;
            assert_eq!(
                ends_as_declared(&token, lifetime),
                expected,
                "{expires:?} {lifetime:?}"
            );
        }
    }

    #[test]
    fn an_end_that_was_brought_near_is_not_extended() {
        let hours = |hours: i64| TokenLifetime::After(SignedDuration::from_hours(hours));
        let at = |minutes: i64| Some(NOW + SignedDuration::from_mins(minutes));
        for (age, expires, lifetime, expected) in [
            // Disabled a moment ago, and over.
            (24, at(1), hours(90 * 24), true),
            (24, at(-1), hours(90 * 24), true),
            (24, at(60), hours(90 * 24), true),
            (24, at(1), TokenLifetime::Never, true),
            // Shortened by a person who wants it to go on for a while.
            (24, at(61), hours(90 * 24), false),
            (24, None, hours(90 * 24), false),
            // It ends as it is declared to.
            (23, at(60), hours(24), false),
            (1, at(0), hours(1), false),
            // It was to end even sooner.
            (24, at(30), hours(1), false),
        ] {
            let mut token = live_token("t", "i", &[]);
            token.created = NOW - SignedDuration::from_hours(age);
            token.expires = expires;
            let found = is_disabled(&token, lifetime, NOW);
            assert_eq!(found, expected, "{age} {expires:?} {lifetime:?}");
        }
    }
}

//! The lifetime that declares when a live token expires.

use crate::planner::Planner;
use jiff::SignedDuration;
use model::{LiveToken, TokenLifetime};
use std::fmt::Write as _;

const DAY: i64 = 86_400;

/// The lifetime that a person would write for this token and in which the planner
/// finds no difference: in days where that is close enough, else in hours,
/// minutes or seconds. None where no lifetime matches the token's expiry.
pub(crate) fn lifetime(planner: &dyn Planner, token: &LiveToken) -> Option<TokenLifetime> {
    let Some(end) = token.expires else {
        return Some(TokenLifetime::Never);
    };
    let seconds = end.duration_since(token.created).as_secs();
    [DAY, 3_600, 60, 1]
        .into_iter()
        .map(|unit| (seconds + unit / 2) / unit * unit)
        .filter(|seconds| *seconds > 0)
        .map(|seconds| TokenLifetime::After(SignedDuration::from_secs(seconds)))
        .find(|lifetime| planner.expires_as_declared(token, *lifetime))
}

/// A duration as it is written in a spec: `90d`, `1d12h`.
pub(crate) fn duration_text(duration: SignedDuration) -> String {
    let mut rest = duration.as_secs();
    let mut text = String::new();
    for (unit, seconds) in [("d", DAY), ("h", 3_600), ("m", 60), ("s", 1)] {
        let count = rest / seconds;
        if count > 0 {
            let _ = write!(text, "{count}{unit}");
            rest %= seconds;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::planner::ProductPlanner;
    use jiff::Timestamp;

    #[test]
    fn lifetimes_are_written_as_a_person_would() {
        let created: Timestamp = "2026-01-01T00:00:07Z".parse().unwrap();
        for (seconds, expected) in [
            (90 * DAY, Some("90d")),
            (90 * DAY - 7, Some("90d")),
            (90 * DAY + 11 * 3_600, Some("90d")),
            (DAY / 2, Some("12h")),
            (DAY + DAY / 2, Some("1d12h")),
            (5_400, Some("1h30m")),
            (61, Some("1m")),
            (59, Some("1m")),
            (33, Some("33s")),
            (1, Some("1s")),
            (0, None),
            (-DAY, None),
        ] {
            let token = LiveToken {
                id: "t".into(),
                name: "t".into(),
                owner: "i".into(),
                scopes: std::collections::BTreeSet::new(),
                created,
                expires: Some(created + SignedDuration::from_secs(seconds)),
                last_used: None,
                access_token_validity: None,
                managed: false,
            };
            let written = lifetime(&ProductPlanner, &token).map(|lifetime| match lifetime {
                TokenLifetime::After(duration) => duration_text(duration),
                TokenLifetime::Never => "never".to_owned(),
            });
            assert_eq!(written.as_deref(), expected, "{seconds}");
        }
    }
}

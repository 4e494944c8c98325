//! Names and overlap of retiring tokens: tokens that were replaced and are kept for a while.
//!
//! While a token is rotated, the old one is called `NAME~retiring-YYYYMMDD`. The
//! day is the last one on which it is kept. No declared token may be called so.

use crate::TokenName;
use jiff::{SignedDuration, Timestamp};

/// What stands between a token's name and the last day on which it is kept.
pub const MARK: &str = "~retiring-";

/// How long a replaced token is kept where no file says otherwise: a day, so
/// that a nightly job reads the new secret at least once.
pub const DEFAULT_OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// The name under which a token that is replaced at `now` is kept. It is kept
/// until the end of the day in the name, so at least for the overlap.
pub fn name(token: &TokenName, now: Timestamp, overlap: SignedDuration) -> TokenName {
    let until = now.checked_add(overlap).unwrap_or(now);
    let day = until.strftime("%Y%m%d").to_string();
    format!("{token}{MARK}{day}").into()
}

/// The name that a retiring token had before, and until when it is kept; none
/// if the name is not one of a retiring token.
pub fn parse(name: &TokenName) -> Option<(TokenName, Timestamp)> {
    let (before, day) = name.as_str().rsplit_once(MARK)?;
    let date = jiff::civil::Date::strptime("%Y%m%d", day).ok()?;
    let end = date.tomorrow().ok()?;
    let end = end.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    Some((before.into(), end.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retiring_name_says_until_when() {
        let now: Timestamp = "2026-03-01T22:00:00Z".parse().unwrap();
        let name = name(&"report".into(), now, SignedDuration::from_hours(24));
        assert_eq!(name.as_str(), "report~retiring-20260302");
        assert_eq!(
            parse(&name),
            Some(("report".into(), "2026-03-03T00:00:00Z".parse().unwrap()))
        );
    }

    #[test]
    fn other_names_are_not_retiring_names() {
        for name in [
            "report",
            "report~retiring-",
            "report~retiring-2026",
            "~retiring-20261399",
        ] {
            assert_eq!(parse(&name.into()), None, "{name}");
        }
    }
}

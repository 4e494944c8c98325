//! Names and overlap of retiring tokens: tokens that were replaced and are kept for a while.
//!
//! While a token is rotated, the old one is called `NAME~retiring-YYYYMMDD-HASH`. The
//! day is the last one on which it is kept, and `HASH` is four digits of a hash of the
//! token's id: two replacements on one day have two names, and a name that a person
//! writes has not this mark by chance. A name without its token's own mark is a name
//! like any other. No declared token may be called so.

use crate::{Digest, TokenId, TokenName};
use jiff::{SignedDuration, Timestamp};

/// What stands between a token's name and the last day on which it is kept.
pub const MARK: &str = "~retiring-";

/// The name under which a token that is replaced at `now` is kept. It is kept
/// until the end of the day in the name, so at least for the overlap.
pub fn name(token: &TokenName, id: &TokenId, now: Timestamp, overlap: SignedDuration) -> TokenName {
    let until = now.checked_add(overlap).unwrap_or(now);
    let day = until.strftime("%Y%m%d").to_string();
    format!("{token}{MARK}{day}-{}", mark_of(id)).into()
}

/// The name that a retiring token had before, and until when it is kept; none where
/// steersman did not give the token of this id its name.
pub fn parse(name: &TokenName, id: &TokenId) -> Option<(TokenName, Timestamp)> {
    let (before, day) = name.as_str().rsplit_once(MARK)?;
    let (day, mark) = day.split_once('-')?;
    if mark != mark_of(id) {
        return None;
    }
    let date = jiff::civil::Date::strptime("%Y%m%d", day).ok()?;
    let end = date.tomorrow().ok()?;
    let end = end.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    Some((before.into(), end.timestamp()))
}

fn mark_of(id: &TokenId) -> String {
    let digest = Digest::of_bytes(id.as_str().as_bytes());
    digest.as_str().chars().take(4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retiring_name_says_until_when() {
        let now: Timestamp = "2026-03-01T22:00:00Z".parse().unwrap();
        let day = SignedDuration::from_hours(24);
        let name = |id: &str| super::name(&"report".into(), &id.into(), now, day);
        assert_eq!(name("t1").as_str(), "report~retiring-20260302-628b");
        let end = "2026-03-03T00:00:00Z".parse().unwrap();
        let parsed = parse(&name("t1"), &"t1".into());
        assert_eq!(parsed, Some(("report".into(), end)));
    }

    #[test]
    fn planner_09_two_replacements_on_one_day_have_two_names() {
        let now: Timestamp = "2026-03-01T22:00:00Z".parse().unwrap();
        let name = |id: &str| name(&"report".into(), &id.into(), now, crate::Overlap::MIN);
        assert_ne!(name("t1"), name("t2"));
        assert_eq!(name("t1"), name("t1"));
    }

    #[test]
    fn other_names_are_not_retiring_names() {
        for name in [
            "report",
            "report-628b",
            "report~retiring-",
            "report~retiring-2026",
            "~retiring-20261399-628b",
            // A person wrote it, or an earlier version of steersman.
            "report~retiring-20260302",
            "report~retiring-20260302-",
            "report~retiring-20260302-12",
            "report~retiring-20260302-zzzz",
            // The mark of another token.
            "report~retiring-20260302-0000",
        ] {
            assert_eq!(parse(&name.into(), &"t1".into()), None, "{name}");
        }
        let own = TokenName::from("report~retiring-20260302-628b");
        assert!(parse(&own, &"t1".into()).is_some());
        assert_eq!(parse(&own, &"t2".into()), None);
    }
}

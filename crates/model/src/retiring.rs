//! Names and overlap of retiring tokens: tokens that were replaced and are kept for a while.
//!
//! While a token is rotated, the old one is called `NAME~retiring-YYYYMMDD-HASH`. The
//! day is the last one on which it is kept, and `HASH` is four digits of a hash of the
//! token's id, so that two replacements on one day have two names. Earlier versions left it out. No
//! declared token may be called so.

use crate::{Digest, TokenId, TokenName};
use jiff::{SignedDuration, Timestamp};

/// What stands between a token's name and the last day on which it is kept.
pub const MARK: &str = "~retiring-";

/// How long a replaced token is kept where no file says otherwise: a day, so
/// that a nightly job reads the new secret at least once.
pub const DEFAULT_OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// The name under which a token that is replaced at `now` is kept. It is kept
/// until the end of the day in the name, so at least for the overlap.
pub fn name(token: &TokenName, id: &TokenId, now: Timestamp, overlap: SignedDuration) -> TokenName {
    let until = now.checked_add(overlap).unwrap_or(now);
    let day = until.strftime("%Y%m%d").to_string();
    format!("{token}{MARK}{day}-{}", mark_of(id)).into()
}

/// The name that a retiring token had before, and until when it is kept; none
/// if the name is not one of a retiring token.
pub fn parse(name: &TokenName) -> Option<(TokenName, Timestamp)> {
    let (before, day) = name.as_str().rsplit_once(MARK)?;
    let day = match day.split_once('-') {
        None => day,
        Some((day, mark)) if is_mark(mark) => day,
        Some(_) => return None,
    };
    let date = jiff::civil::Date::strptime("%Y%m%d", day).ok()?;
    let end = date.tomorrow().ok()?;
    let end = end.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    Some((before.into(), end.timestamp()))
}

/// Whether a name has the form of a retiring token's with the mark of another token, so
/// that somebody else gave it.
pub fn has_wrong_mark(name: &TokenName, id: &TokenId) -> bool {
    let day = name.as_str().rsplit_once(MARK).map(|(_, day)| day);
    day.is_some_and(|day| day.contains('-')) && parse(name).is_some() && !is_marked(name, id)
}

/// Whether steersman gave a token this name: its mark is that of the token's own id.
/// Names of earlier versions have no mark, and show nothing.
pub fn is_marked(name: &TokenName, id: &TokenId) -> bool {
    let mark = name.as_str().rsplit_once('-').map(|(_, mark)| mark);
    parse(name).is_some() && mark == Some(mark_of(id).as_str())
}

fn mark_of(id: &TokenId) -> String {
    let digest = Digest::of_bytes(id.as_str().as_bytes());
    digest.as_str().chars().take(4).collect()
}

fn is_mark(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
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
        for name in [name("t1"), "report~retiring-20260302".into()] {
            assert_eq!(parse(&name), Some(("report".into(), end)), "{name}");
        }
    }

    #[test]
    fn planner_09_two_replacements_on_one_day_have_two_names() {
        let now: Timestamp = "2026-03-01T22:00:00Z".parse().unwrap();
        let name = |id: &str| name(&"report".into(), &id.into(), now, DEFAULT_OVERLAP);
        assert_ne!(name("t1"), name("t2"));
        assert_eq!(name("t1"), name("t1"));
    }

    #[test]
    fn a_mark_is_that_of_the_tokens_own_id() {
        let now: Timestamp = "2026-03-01T22:00:00Z".parse().unwrap();
        let own = name(&"report".into(), &"t1".into(), now, DEFAULT_OVERLAP);
        assert!(is_marked(&own, &"t1".into()));
        assert!(!is_marked(&own, &"t2".into()));
        assert!(has_wrong_mark(&own, &"t2".into()));
        assert!(!has_wrong_mark(&own, &"t1".into()));
        for name in ["report~retiring-20260302", "report-628b", "report"] {
            assert!(!is_marked(&name.into(), &"t1".into()), "{name}");
            assert!(!has_wrong_mark(&name.into(), &"t1".into()), "{name}");
        }
    }

    #[test]
    fn other_names_are_not_retiring_names() {
        for name in [
            "report",
            "report~retiring-",
            "report~retiring-2026",
            "~retiring-20261399",
            "report~retiring-20260302-",
            "report~retiring-20260302-12",
            "report~retiring-20260302-zzzz",
        ] {
            assert_eq!(parse(&name.into()), None, "{name}");
        }
    }
}

//! Bounds of ranges in searches: texts, and times such as `now-7d`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _};

use super::query::Bound;

/// An end of a range. A day, month or year is all of its time, so an end that is to lie beyond it
/// is its last millisecond.
pub(super) fn bound(
    text: &str,
    inclusive: bool,
    is_lower: bool,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Bound, String> {
    let span = time_span(text, now, zone)?;
    let at_its_end = is_lower != inclusive;
    Ok(Bound {
        text: text.to_owned(),
        time: span.map(|(first, last)| if at_its_end { last } else { first }),
        inclusive,
    })
}

/// The first and the last millisecond of what a text says, if it is about time: `now`, `now-7d`, a
/// moment, a day, a month or a year.
fn time_span(
    text: &str,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Option<(Timestamp, Timestamp)>, String> {
    if let Some(shift) = text.strip_prefix("now") {
        let moment = shifted(now, shift)
            .ok_or_else(|| format!("the simulator does not understand the time {text:?}"))?;
        return Ok(Some((moment, moment)));
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(Some((moment, moment)));
    }
    let (day, length): (String, Span) = match text.len() {
        4 => (format!("{text}-01-01"), 1.year()),
        7 => (format!("{text}-01"), 1.month()),
        _ => (text.to_owned(), 1.day()),
    };
    let span = day.parse::<Date>().ok().and_then(|day| {
        let first = day.to_zoned_datetime(zone.clone()).ok()?;
        let next = first.checked_add(length).ok()?;
        let last = next.checked_sub(1.millisecond()).ok()?;
        Some((first.timestamp(), last.timestamp()))
    });
    Ok(span)
}

/// A time so much later or earlier: `-7d`, `+1M`, or nothing.
fn shifted(now: Timestamp, shift: &str) -> Option<Timestamp> {
    if shift.is_empty() {
        return Some(now);
    }
    let unit_at = shift.len().checked_sub(1)?;
    let (number, unit) = shift.split_at_checked(unit_at)?;
    let sign = if number.starts_with('-') { -1 } else { 1 };
    let count: i64 = number.strip_prefix(['-', '+'])?.parse().ok()?;
    let count = sign * count.min(100_000);
    let span = Span::new();
    let span = match unit {
        "y" => span.try_years(count),
        "M" => span.try_months(count),
        "w" => span.try_weeks(count),
        "d" => span.try_days(count),
        "h" | "H" => span.try_hours(count),
        "m" => span.try_minutes(count),
        "s" => span.try_seconds(count),
        _ => return None,
    };
    let moment = now
        .to_zoned_datetime(TimeZone::UTC)
        .checked_add(span.ok()?)
        .ok()?;
    Some(moment.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_begin_and_end_where_the_zone_says() {
        let now: Timestamp = "2026-05-06T12:00:00Z".parse().unwrap();
        let berlin = TimeZone::fixed(jiff::tz::offset(2));
        let utc = TimeZone::UTC;
        let table = [
            ("now", &utc, "2026-05-06T12:00:00Z", "2026-05-06T12:00:00Z"),
            (
                "now-1M",
                &utc,
                "2026-04-06T12:00:00Z",
                "2026-04-06T12:00:00Z",
            ),
            (
                "now+2h",
                &utc,
                "2026-05-06T14:00:00Z",
                "2026-05-06T14:00:00Z",
            ),
            (
                "2024-02",
                &utc,
                "2024-02-01T00:00:00Z",
                "2024-02-29T23:59:59.999Z",
            ),
            (
                "2024",
                &utc,
                "2024-01-01T00:00:00Z",
                "2024-12-31T23:59:59.999Z",
            ),
            (
                "2024-03-01",
                &berlin,
                "2024-02-29T22:00:00Z",
                "2024-03-01T21:59:59.999Z",
            ),
        ];
        for (text, zone, first, last) in table {
            let span = time_span(text, now, zone).unwrap();
            let expected = (first.parse().unwrap(), last.parse().unwrap());
            assert_eq!(span, Some(expected), "{text}");
        }
        for text in ["Austin", "3", "2024-13", ""] {
            assert_eq!(time_span(text, now, &utc), Ok(None), "{text}");
        }
        for text in ["now-7d/d", "now7d", "now-d", "now-7x", "nowhere"] {
            assert!(time_span(text, now, &utc).is_err(), "{text}");
        }
    }
}

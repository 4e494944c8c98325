//! Maintenance window: weekly hours, in UTC, in which rotations begin.

use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, Serializer};
use std::fmt;

/// The days of the week as a spec writes them, Monday first.
pub const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;
/// The minutes of a day.
const MINUTES: u16 = 1_440;

/// The hours of some days of each week, in UTC. One that ends before it begins ends on
/// the day after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The days on which it opens: a bit for each, Monday first.
    days: u8,
    /// When it opens: minutes after midnight.
    opens: u16,
    /// For how many minutes it is open.
    minutes: u16,
}

impl Window {
    /// A window that opens on these days, bit 0 for Monday, so many minutes after
    /// midnight, for so many minutes. None where it has no day, does not open within the
    /// day, is empty, or is longer than a day.
    pub fn new(days: u8, opens: u16, minutes: u16) -> Option<Self> {
        let fits =
            (1..=0x7f).contains(&days) && opens < MINUTES && (1..=MINUTES).contains(&minutes);
        fits.then_some(Self {
            days,
            opens,
            minutes,
        })
    }

    /// For how long it is open.
    pub fn length(self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.minutes) * MINUTE)
    }

    /// When it opens next; where it is open at this time, when it opened.
    pub fn opening(self, at: Timestamp) -> Timestamp {
        let now = at.as_second();
        let today = now.div_euclid(DAY);
        let starts = (-1..=8).filter_map(|offset| {
            let day = today + offset;
            // The first day of Unix time was a Thursday.
            let weekday = (day + 3).rem_euclid(7);
            let is_listed = (self.days >> weekday) & 1 == 1;
            is_listed.then_some(day * DAY + i64::from(self.opens) * MINUTE)
        });
        let open = i64::from(self.minutes) * MINUTE;
        let found = starts.into_iter().find(|start| start + open > now);
        found
            .and_then(|start| Timestamp::from_second(start).ok())
            .unwrap_or(at)
    }

    /// The longest time from one opening to the next.
    pub fn longest_gap(self) -> SignedDuration {
        let days: Vec<i64> = (0..7).filter(|day| (self.days >> day) & 1 == 1).collect();
        let next = days.iter().skip(1).copied();
        let next = next.chain(days.first().map(|first| first + 7));
        let gap = days.iter().zip(next).map(|(day, next)| next - day).max();
        SignedDuration::from_secs(gap.unwrap_or(7) * DAY)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.days == 0x7f {
            formatter.write_str("daily")?;
        } else {
            let days = (0..7).zip(WEEKDAYS);
            let days: Vec<&str> = days
                .filter(|(day, _)| (self.days >> day) & 1 == 1)
                .map(|(_, name)| name)
                .collect();
            formatter.write_str(&days.join(","))?;
        }
        let end = self.opens + self.minutes;
        let end = if end > MINUTES { end - MINUTES } else { end };
        write!(
            formatter,
            " {:02}:{:02}-{:02}:{:02} UTC",
            self.opens / 60,
            self.opens % 60,
            end / 60,
            end % 60
        )
    }
}

impl Serialize for Window {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_opens_on_its_days() {
        let saturday = Window::new(1 << 5, 120, 180).unwrap();
        let nights = Window::new(0b1_1111, 22 * 60, 6 * 60).unwrap();
        let always = Window::new(0x7f, 0, MINUTES).unwrap();
        // 2026-01-03 is a Saturday.
        for (window, at, opening) in [
            (saturday, "2026-01-02T12:00:00Z", "2026-01-03T02:00:00Z"),
            (saturday, "2026-01-03T02:00:00Z", "2026-01-03T02:00:00Z"),
            (saturday, "2026-01-03T04:59:59Z", "2026-01-03T02:00:00Z"),
            (saturday, "2026-01-03T05:00:00Z", "2026-01-10T02:00:00Z"),
            // It opened on Friday and is open until Saturday 04:00.
            (nights, "2026-01-03T03:59:00Z", "2026-01-02T22:00:00Z"),
            (nights, "2026-01-03T04:00:00Z", "2026-01-05T22:00:00Z"),
            (always, "2026-01-03T23:59:59Z", "2026-01-03T00:00:00Z"),
        ] {
            let at: Timestamp = at.parse().unwrap();
            assert_eq!(window.opening(at).to_string(), opening, "{window} {at}");
        }
        assert_eq!(saturday.to_string(), "Sat 02:00-05:00 UTC");
        assert_eq!(nights.to_string(), "Mon,Tue,Wed,Thu,Fri 22:00-04:00 UTC");
        assert_eq!(always.to_string(), "daily 00:00-24:00 UTC");
        let days = |window: Window| window.longest_gap().as_hours() / 24;
        assert_eq!([saturday, nights, always].map(days), [7, 3, 1]);
    }

    #[test]
    fn what_is_no_window_is_none() {
        for (days, opens, minutes) in [(0, 0, 60), (0x80, 0, 60), (1, MINUTES, 60), (1, 0, 0)] {
            assert_eq!(Window::new(days, opens, minutes), None);
        }
        assert_eq!(Window::new(1, 0, MINUTES + 1), None);
    }
}

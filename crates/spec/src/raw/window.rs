//! Maintenance window such as `Sat 02:00-05:00 UTC`.

use crate::code::Code;
use crate::decode::{FromScalar, Refusal};
use model::{WEEKDAYS, Window};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// Days and hours in UTC in which a rotation may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hours(pub(crate) Window);

/// The shortest window, in minutes: less is missed by a job that starts late.
const SHORTEST: u16 = 15;

/// Why a text is not a valid window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    /// It is written in another way.
    Form,
    /// It does not end in `UTC`.
    Zone,
    /// A day of the week that is none.
    Day,
    /// A time of the day that is none.
    Time,
    /// It ends when it begins.
    Empty,
    /// It is shorter than a quarter of an hour.
    Short,
}

impl Problem {
    fn help(self) -> &'static str {
        match self {
            Self::Form => {
                "write days, a time from and to, and `UTC`, as in `Sat 02:00-05:00 UTC`, `Mon-Fri 22:00-04:00 UTC` or `daily 02:00-05:00 UTC`"
            }
            Self::Zone => {
                "convert the times to UTC, and end with `UTC`: with daylight saving time, a local hour can be missing"
            }
            Self::Day => {
                "write `daily`, or days such as `Sat`, `Sat,Sun` or `Mon-Fri`: `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat`, `Sun`"
            }
            Self::Time => "write times as `HH:MM`, from `00:00` to `24:00`",
            Self::Empty => {
                "write an end that differs from the beginning; a whole day is `00:00-24:00`"
            }
            Self::Short => "write a window of at least 15 minutes",
        }
    }
}

impl FromScalar for Hours {
    fn expected() -> String {
        "days and times in UTC, such as `Sat 02:00-05:00 UTC`".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        parse(text).map(Self).map_err(|problem| Refusal::Wrong {
            code: Code::MaintenanceWindow,
            expected: Self::expected(),
            help: problem.help().to_owned(),
        })
    }
}

impl JsonSchema for Hours {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Hours".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let day = format!("({})", WEEKDAYS.join("|"));
        let days = format!("(daily|{day}(-{day})?(,{day}(-{day})?)*)");
        let time = "([01][0-9]|2[0-3]):[0-5][0-9]";
        let pattern = format!(r"^{days} {time}-({time}|24:00) UTC$|\$\{{");
        json_schema!({
            "type": "string",
            "pattern": pattern,
            "examples": ["Sat 02:00-05:00 UTC", "Mon-Fri 22:00-04:00 UTC", "daily 02:00-05:00 UTC"],
        })
    }
}

fn parse(text: &str) -> Result<Window, Problem> {
    let words: Vec<&str> = text.split(' ').collect();
    let (days, hours, zone) = match words.as_slice() {
        [days, hours, zone] => (*days, *hours, *zone),
        [_, _] => return Err(Problem::Zone),
        _ => return Err(Problem::Form),
    };
    if zone != "UTC" {
        return Err(Problem::Zone);
    }
    let days = days_of(days)?;
    let (opens, closes) = hours.split_once('-').ok_or(Problem::Form)?;
    let (opens, closes) = (time(opens)?, time(closes)?);
    let minutes = match closes.cmp(&opens) {
        std::cmp::Ordering::Equal => return Err(Problem::Empty),
        std::cmp::Ordering::Greater => closes - opens,
        // It ends on the day after.
        std::cmp::Ordering::Less => closes + DAY - opens,
    };
    if minutes < SHORTEST {
        return Err(Problem::Short);
    }
    Window::new(days, opens, minutes).ok_or(Problem::Time)
}

/// The minutes of a day.
const DAY: u16 = 1_440;

/// Days, as a bit for each, Monday first.
fn days_of(text: &str) -> Result<u8, Problem> {
    if text == "daily" {
        return Ok(0x7f);
    }
    let mut days = 0;
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        // `Fri-Mon` goes over the weekend.
        let count = (last + 7 - first) % 7;
        for offset in 0..=count {
            days |= 1 << ((first + offset) % 7);
        }
    }
    Ok(days)
}

fn day(text: &str) -> Result<usize, Problem> {
    WEEKDAYS
        .iter()
        .position(|day| *day == text)
        .ok_or(Problem::Day)
}

/// Minutes after midnight, up to those of a whole day.
fn time(text: &str) -> Result<u16, Problem> {
    let (hours, minutes) = text.split_once(':').ok_or(Problem::Time)?;
    let number = |text: &str, most: u16| {
        let is_two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse::<u16>().ok().filter(|_| is_two_digits);
        number.filter(|number| *number <= most).ok_or(Problem::Time)
    };
    let minutes = number(hours, 24)? * 60 + number(minutes, 59)?;
    if minutes <= DAY {
        Ok(minutes)
    } else {
        Err(Problem::Time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows() {
        for (text, expected) in [
            ("Sat 02:00-05:00 UTC", Ok("Sat 02:00-05:00 UTC")),
            ("Sat,Sun 02:00-05:00 UTC", Ok("Sat,Sun 02:00-05:00 UTC")),
            (
                "Fri-Mon 02:00-02:15 UTC",
                Ok("Mon,Fri,Sat,Sun 02:00-02:15 UTC"),
            ),
            ("Mon-Sun 22:00-04:00 UTC", Ok("daily 22:00-04:00 UTC")),
            ("daily 00:00-24:00 UTC", Ok("daily 00:00-24:00 UTC")),
            ("Sat 22:00-24:00 UTC", Ok("Sat 22:00-24:00 UTC")),
            ("Sat 24:00-01:00 UTC", Err(Problem::Time)),
            ("Sat 02:00-05:00", Err(Problem::Zone)),
            ("Sat 02:00-05:00 CET", Err(Problem::Zone)),
            ("Sat 02:00-05:00 Europe/Berlin", Err(Problem::Zone)),
            ("Saturday 02:00-05:00 UTC", Err(Problem::Day)),
            ("sat 02:00-05:00 UTC", Err(Problem::Day)),
            ("Sat, 02:00-05:00 UTC", Err(Problem::Day)),
            ("Sat 2:00-05:00 UTC", Err(Problem::Time)),
            ("Sat 02:00-05:60 UTC", Err(Problem::Time)),
            ("Sat 02:00-24:01 UTC", Err(Problem::Time)),
            ("Sat +2:00-05:00 UTC", Err(Problem::Time)),
            ("Sat 02:00 UTC", Err(Problem::Form)),
            ("Sat 02:00 - 05:00 UTC", Err(Problem::Form)),
            ("", Err(Problem::Form)),
            ("Sat 02:00-02:00 UTC", Err(Problem::Empty)),
            ("Sat 02:00-02:14 UTC", Err(Problem::Short)),
        ] {
            let parsed = parse(text).map(|window| window.to_string());
            assert_eq!(parsed, expected.map(str::to_owned), "{text}");
        }
    }
}

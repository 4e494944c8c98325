//! Durations such as `15m`, `24h`, `90d`, and token lifetimes.

use crate::code::Code;
use crate::decode::{FromScalar, Refusal};
use jiff::SignedDuration;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A duration longer than 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duration(pub(crate) SignedDuration);

/// Lifetime of a token: a duration, or `never` for one that does not expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// It expires this long after its creation.
    After(SignedDuration),
    /// It does not expire.
    Never,
}

/// `never`, where a token is not to be rotated although the defaults say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RotationOff;

impl FromScalar for Duration {
    fn expected() -> String {
        "a duration such as `15m`, `24h` or `90d`".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        match parse(text) {
            Ok(duration) => Ok(Self(duration)),
            Err(problem) => {
                Err(problem.refusal_of(text, "a duration such as `15m`, `24h` or `90d`"))
            }
        }
    }
}

impl FromScalar for Lifetime {
    fn expected() -> String {
        "a duration such as `90d` or `never`".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        if text == "never" {
            return Ok(Self::Never);
        }
        match parse(text) {
            Ok(duration) => Ok(Self::After(duration)),
            Err(_) if is_date(text) => Err(Refusal::Wrong {
                code: Code::Duration,
                expected: Self::expected(),
                help: "write for how long each token is valid from its creation, such as `90d`: a rotation creates a new token, so a fixed date is not possible".to_owned(),
            }),
            Err(problem) => Err(problem.refusal_of(text, "a duration such as `90d` or `never`")),
        }
    }
}

impl FromScalar for RotationOff {
    fn expected() -> String {
        "`{before: …, overlap: …}` or `never`".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        if text == "never" {
            Ok(Self)
        } else {
            Err(Refusal::WrongType)
        }
    }
}

impl JsonSchema for Duration {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": PATTERN, "examples": ["15m", "24h", "90d"]})
    }
}

impl JsonSchema for Lifetime {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Lifetime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": format!("{PATTERN}|^never$"),
            "examples": ["90d", "180d", "never"],
        })
    }
}

/// Durations, and variables that may bring one.
const PATTERN: &str = r"^(0*[1-9][0-9]*w([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?|(0+w)?0*[1-9][0-9]*d([0-9]+h)?([0-9]+m)?([0-9]+s)?|(0+w)?(0+d)?0*[1-9][0-9]*h([0-9]+m)?([0-9]+s)?|(0+w)?(0+d)?(0+h)?0*[1-9][0-9]*m([0-9]+s)?|(0+w)?(0+d)?(0+h)?(0+m)?0*[1-9][0-9]*s)$|\$\{";

/// Durations, shares of a lifetime, and variables that may bring one.
pub(super) const BEFORE_PATTERN: &str = r"^(0*[1-9][0-9]*w([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?|(0+w)?0*[1-9][0-9]*d([0-9]+h)?([0-9]+m)?([0-9]+s)?|(0+w)?(0+d)?0*[1-9][0-9]*h([0-9]+m)?([0-9]+s)?|(0+w)?(0+d)?(0+h)?0*[1-9][0-9]*m([0-9]+s)?|(0+w)?(0+d)?(0+h)?(0+m)?0*[1-9][0-9]*s)$|^0*[1-9][0-9]?%$|\$\{";

/// Reads a duration where other texts are allowed, too.
pub(super) fn parse_positive(text: &str, expected: &str) -> Result<SignedDuration, Refusal> {
    parse(text).map_err(|problem| problem.refusal_of(text, expected))
}

/// Why a text is not a valid duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    /// It is written in another way.
    Form,
    /// A number without a unit.
    NoUnit,
    /// Zero: `0s`.
    Zero,
    /// More than ISC's dates can hold.
    TooLong,
}

impl Problem {
    /// Says what was meant where a unit is written in full, as in `90 days`.
    fn refusal_of(self, text: &str, expected: &str) -> Refusal {
        match meant(text) {
            Some(instead) => Refusal::Instead {
                code: Code::Duration,
                expected: expected.to_owned(),
                instead,
            },
            None => self.refusal(expected),
        }
    }

    fn refusal(self, expected: &str) -> Refusal {
        let help = match self {
            Self::Form => {
                "write numbers with the units `w`, `d`, `h`, `m` or `s`, larger units first, as in `1d12h`; count months and years in days"
            }
            Self::NoUnit => "add a unit: `w`, `d`, `h`, `m` or `s`, as in `90d`",
            Self::Zero => "write a duration longer than 0",
            Self::TooLong => "write at most `3650d` (10 years)",
        };
        Refusal::Wrong {
            code: Code::Duration,
            expected: expected.to_owned(),
            help: help.to_owned(),
        }
    }
}

/// The duration that is written as a number and a word, such as `90 days` or `12H`.
fn meant(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    // As ISO 8601 writes it: `P90D`, `PT24H`.
    let is_time = text.starts_with("pt");
    let text = match text.strip_prefix('p') {
        Some(date) => match date.strip_prefix('t') {
            Some(time) if time.ends_with(['h', 'm', 's']) => time.to_owned(),
            None if date.ends_with(['d', 'w']) => date.to_owned(),
            Some(_) | None => return None,
        },
        None => text,
    };
    let word = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let number: u64 = text[..text.len() - word.len()].parse().ok()?;
    let (number, unit) = match word.trim() {
        "s" | "sec" | "secs" | "second" | "seconds" => (number, 's'),
        // `M` can be a month.
        "min" | "mins" | "minute" | "minutes" => (number, 'm'),
        "m" if is_time => (number, 'm'),
        "h" | "hr" | "hrs" | "hour" | "hours" => (number, 'h'),
        "d" | "day" | "days" => (number, 'd'),
        "w" | "week" | "weeks" => (number, 'w'),
        "y" | "year" | "years" => (number.checked_mul(365)?, 'd'),
        _ => return None,
    };
    let meant = format!("{number}{unit}");
    parse(&meant).is_ok().then_some(meant)
}

/// Whether a text is a date, or begins with one.
fn is_date(text: &str) -> bool {
    let date = text.get(..10).unwrap_or_default();
    date.parse::<jiff::civil::Date>().is_ok()
}

/// The longest accepted duration: ten years.
const LONGEST: i64 = 3_650 * 86_400;

/// Reads one or more numbers with units, the larger unit first: `1d12h`.
fn parse(text: &str) -> Result<SignedDuration, Problem> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::NoUnit);
    }
    let mut seconds: i64 = 0;
    let mut smallest = i64::MAX;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at(digits);
        let unit: i64 = match after.bytes().next() {
            Some(b'w') => 7 * 86_400,
            Some(b'd') => 86_400,
            Some(b'h') => 3_600,
            Some(b'm') => 60,
            Some(b's') => 1,
            _ => return Err(Problem::Form),
        };
        if number.is_empty() || unit >= smallest {
            return Err(Problem::Form);
        }
        smallest = unit;
        rest = &after[1..];
        // More digits than fit are more than ten years too.
        let number: i64 = number.parse().map_err(|_| Problem::TooLong)?;
        seconds = number
            .checked_mul(unit)
            .and_then(|part| seconds.checked_add(part))
            .filter(|seconds| *seconds <= LONGEST)
            .ok_or(Problem::TooLong)?;
    }
    match (text.is_empty(), seconds) {
        (true, _) => Err(Problem::Form),
        (false, 0) => Err(Problem::Zero),
        (false, seconds) => Ok(SignedDuration::from_secs(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_worked_out() {
        for (text, expected) in [
            ("90 days", Some("90d")),
            ("P90D", Some("90d")),
            ("pt24h", Some("24h")),
            ("PT15M", Some("15m")),
            ("P3M", None),
            ("P1DT12H", None),
            ("15M", None),
            ("p", None),
        ] {
            assert_eq!(meant(text).as_deref(), expected, "{text}");
        }
        assert!(is_date("2027-03-01") && is_date("2027-03-01T00:00:00Z"));
        assert!(!is_date("2027-13-01") && !is_date("90d"));
    }

    #[test]
    fn durations() {
        for (text, expected) in [
            ("15m", Ok(900)),
            ("90d", Ok(7_776_000)),
            ("24h", Ok(86_400)),
            ("2w", Ok(1_209_600)),
            ("1d12h", Ok(129_600)),
            ("30s", Ok(30)),
            ("3650d", Ok(LONGEST)),
            ("90", Err(Problem::NoUnit)),
            ("", Err(Problem::Form)),
            ("d", Err(Problem::Form)),
            ("90 d", Err(Problem::Form)),
            ("-1d", Err(Problem::Form)),
            ("1h1d", Err(Problem::Form)),
            ("1d1d", Err(Problem::Form)),
            ("1y", Err(Problem::Form)),
            ("1.5h", Err(Problem::Form)),
            ("1é", Err(Problem::Form)),
            ("0s", Err(Problem::Zero)),
            ("0d0h", Err(Problem::Zero)),
            ("3651d", Err(Problem::TooLong)),
            ("99999999999999999999d", Err(Problem::TooLong)),
            ("9223372036854775807w", Err(Problem::TooLong)),
        ] {
            assert_eq!(
                parse(text).map(|duration| duration.as_secs()),
                expected,
                "{text}"
            );
        }
    }
}

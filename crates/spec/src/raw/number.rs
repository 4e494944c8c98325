//! Numbers in a range: percentages, and exit codes of programs.

use crate::code::Code;
use crate::decode::{FromScalar, Refusal, or_variable};
use model::Percent;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A whole number of percent, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share(pub(crate) Percent);

impl FromScalar for Share {
    const PLAIN: bool = true;

    fn expected() -> String {
        "a whole number from 0 to 100".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        let number: i64 = whole(text).ok_or(Refusal::WrongType)?;
        Percent::try_from(number)
            .map(Self)
            .map_err(|_| Refusal::Wrong {
                code: Code::OutOfRange,
                expected: Self::expected(),
                help: "write the percentage as a number without `%`".to_owned(),
            })
    }
}

impl JsonSchema for Share {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Share".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        or_variable(&json_schema!({"type": "integer", "minimum": 0, "maximum": 100}))
    }
}

/// An exit code of a program that failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExitCode(pub(crate) u8);

impl FromScalar for ExitCode {
    const PLAIN: bool = true;

    fn expected() -> String {
        "an exit code such as 2".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        let number: i64 = whole(text).ok_or(Refusal::WrongType)?;
        match u8::try_from(number) {
            Ok(code) if code > 0 => Ok(Self(code)),
            Ok(_) | Err(_) => Err(Refusal::Wrong {
                code: Code::OutOfRange,
                expected: "an exit code from 1 to 255".to_owned(),
                help: "write an exit code from 1 to 255; 0 means that the program succeeded"
                    .to_owned(),
            }),
        }
    }
}

impl JsonSchema for ExitCode {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ExitCode".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        or_variable(&json_schema!({"type": "integer", "minimum": 1, "maximum": 255}))
    }
}

/// A whole number, also one that YAML reads as one: `2.0` and `1e1` are numbers there.
pub(super) fn whole<T: TryFrom<i128>>(text: &str) -> Option<T> {
    /// Up to here, each whole number is exact.
    const MOST: f64 = 9_007_199_254_740_992.0;
    let number = text.parse::<i128>().ok().or_else(|| {
        let is_number = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        let number: f64 = text.parse().ok().filter(|_| is_number)?;
        let is_whole = number.fract() == 0.0 && number.abs() <= MOST;
        is_whole.then(|| format!("{number:.0}").parse().ok())?
    })?;
    T::try_from(number).ok()
}

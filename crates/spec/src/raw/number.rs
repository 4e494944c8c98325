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
        let number: i64 = text.parse().map_err(|_| Refusal::WrongType)?;
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
        let number: i64 = text.parse().map_err(|_| Refusal::WrongType)?;
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
        json_schema!({"type": "integer", "minimum": 1, "maximum": 255})
    }
}

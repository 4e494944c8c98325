//! Percentages from 0 to 100.

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

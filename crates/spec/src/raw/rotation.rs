//! Raw types of a token's rotation.

use super::duration::{BEFORE_PATTERN, parse_positive};
use super::number::whole;
use super::window::Hours;
use super::{Duration, RotationOff};
use crate::code::Code;
use crate::decode::{Decode, FromScalar, Refusal, or_variable, record};
use crate::finding::Findings;
use crate::span::{Span, Spanned};
use crate::yaml::{Node, Value};
use model::RotateBefore;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// Rotation: replacement of a token before it expires.
    #[schemars(rename = "Rotation")]
    RawRotation as "`rotate`" {
        /// Time before expiry at which the new token is created, or a share of the
        /// token's lifetime.
        #[schemars(example = &"14d", example = &"20%")]
        needed before as "before": Spanned<Before>,
        /// Time for which the old token stays valid beside the new one. With `min` and
        /// `max`, one that is still used is kept up to `max`. Default: 24 hours, and
        /// up to 7 days while it is still used.
        #[schemars(example = &"24h")]
        optional overlap as "overlap": Box<RawOverlap>,
        /// Days and times in UTC at which a rotation may begin. A token whose end comes
        /// too close is rotated outside of them. Default: any time.
        #[schemars(example = &"Sat 02:00-05:00 UTC")]
        optional window as "window": Spanned<Hours>,
        /// Time before `before` over which the rotations of many tokens are spread.
        /// Default: not spread.
        #[schemars(example = &"4h")]
        optional spread as "spread": Spanned<Duration>,
    }
}

record! {
    /// Overlap: time for which a replaced token stays valid.
    #[schemars(rename = "OverlapRange")]
    RawOverlapRange as "`overlap`" {
        /// Time for which it stays valid in any case.
        #[schemars(example = &"24h")]
        required min as "min": Spanned<Duration>,
        /// Time up to which it stays valid while it is still used. Default: 7 days.
        #[schemars(example = &"7d")]
        optional max as "max": Spanned<Duration>,
    }
}

/// When a token is replaced before its end: a time, or a share of its lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Before(pub(crate) RotateBefore);

impl FromScalar for Before {
    fn expected() -> String {
        "a duration such as `14d`, or a share of the lifetime such as `20%`".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        let Some(share) = text.strip_suffix('%') else {
            let time = parse_positive(text, &Self::expected())?;
            return Ok(Self(RotateBefore::Time(time)));
        };
        let is_number = !share.is_empty() && share.bytes().all(|byte| byte.is_ascii_digit());
        match share.parse::<u8>().ok().filter(|_| is_number) {
            Some(share @ 1..=99) => Ok(Self(RotateBefore::Share(share))),
            Some(_) | None => Err(Refusal::Wrong {
                code: if is_number {
                    Code::OutOfRange
                } else {
                    Code::Duration
                },
                expected: Self::expected(),
                help: "write a whole number of percent from `1%` to `99%`".to_owned(),
            }),
        }
    }
}

impl JsonSchema for Before {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Before".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": BEFORE_PATTERN})
    }
}

/// Overlap of a token: a duration, or from and to.
#[derive(Clone, Debug)]
pub(crate) enum RawOverlap {
    /// The least time.
    For(Spanned<Duration>),
    /// The least time, and the most while the token is used.
    Range(RawOverlapRange),
}

impl Decode for RawOverlap {
    fn expected() -> String {
        "a duration such as `24h`, or `{min: …, max: …}`".to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        if matches!(node.value, Value::Mapping(_)) {
            return RawOverlapRange::decode(node, findings).map(Self::Range);
        }
        Spanned::<Duration>::decode(node, findings).map(Self::For)
    }
}

impl JsonSchema for RawOverlap {
    fn schema_name() -> Cow<'static, str> {
        "Overlap".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let duration = generator.subschema_for::<Duration>();
        let range = generator.subschema_for::<RawOverlapRange>();
        json_schema!({
            "description": "Time for which a replaced token stays valid.",
            "anyOf": [duration, range],
        })
    }
}

/// Rotation of a token, or `never`.
#[derive(Clone, Debug)]
pub(crate) enum RawRotate {
    /// The token is rotated.
    Rotation(Box<RawRotation>),
    /// The token is not rotated, whatever the defaults are.
    Never(Span),
}

impl Decode for RawRotate {
    fn expected() -> String {
        "`{before: …, overlap: …}` or `never`".to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        if matches!(node.value, Value::Mapping(_)) {
            return Box::decode(node, findings).map(Self::Rotation);
        }
        Spanned::<RotationOff>::decode(node, findings).map(|off| Self::Never(off.span))
    }
}

impl JsonSchema for RawRotate {
    fn schema_name() -> Cow<'static, str> {
        "Rotate".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let rotation = generator.subschema_for::<RawRotation>();
        json_schema!({
            "description": "Rotation: replacement of a token before it expires, or `never`.",
            "anyOf": [
                rotation,
                {"type": "string", "enum": ["never"]},
            ],
        })
    }
}

/// A number that is changed to rotate a token once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) u32);

impl FromScalar for Count {
    const PLAIN: bool = true;

    fn expected() -> String {
        "a whole number from 0 to 4294967295".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        let number: i128 = whole(text).ok_or(Refusal::WrongType)?;
        u32::try_from(number).map(Self).map_err(|_| Refusal::Wrong {
            code: Code::OutOfRange,
            expected: Self::expected(),
            help: "write the next whole number, such as `rotation: 1`".to_owned(),
        })
    }
}

impl JsonSchema for Count {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Count".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        or_variable(&json_schema!({"type": "integer", "minimum": 0, "maximum": u32::MAX}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn shares_and_durations() {
        let days = |days: i64| Ok(RotateBefore::Time(SignedDuration::from_hours(24 * days)));
        for (text, expected) in [
            ("14d", days(14)),
            ("20%", Ok(RotateBefore::Share(20))),
            ("1%", Ok(RotateBefore::Share(1))),
            ("99%", Ok(RotateBefore::Share(99))),
            ("0%", Err(Code::OutOfRange)),
            ("100%", Err(Code::OutOfRange)),
            ("300%", Err(Code::OutOfRange)),
            ("-5%", Err(Code::Duration)),
            ("2.5%", Err(Code::Duration)),
            ("+5%", Err(Code::Duration)),
            ("%", Err(Code::Duration)),
            ("20 %", Err(Code::Duration)),
            ("20", Err(Code::Duration)),
            ("0d", Err(Code::Duration)),
        ] {
            let read = Before::from_scalar(text).map(|Before(before)| before);
            let read = read.map_err(|refusal| match refusal {
                Refusal::Wrong { code, .. } => code,
                other => panic!("{text}: {other:?}"),
            });
            assert_eq!(read, expected, "{text}");
        }
    }
}

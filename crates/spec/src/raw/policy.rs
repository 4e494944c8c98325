//! Raw types of the policy and its limits.

use super::Duration;
use super::number::whole;
use crate::code::Code;
use crate::decode::{FromScalar, List, Named, Refusal, Text, choice, record};
use crate::span::Spanned;
use model::{Limit, Percent};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// Forbidden user levels and scopes, and limits on deletions.
    #[schemars(rename = "Policy")]
    RawPolicy as "`policy`" {
        /// User levels that no service account may hold.
        #[schemars(with = "Option<super::value_schema::UserLevels>")]
        optional forbid_user_levels as "forbidUserLevels": List<Text>,
        /// Scopes that no token may have.
        #[schemars(with = "Option<super::value_schema::Scopes>")]
        optional forbid_scopes as "forbidScopes": List<Text>,
        /// Longest allowed lifetime of a token.
        #[schemars(example = &"180d")]
        optional max_token_lifetime as "maxTokenLifetime": Spanned<Duration>,
        /// How many objects of each kind one plan may delete or remove: a number,
        /// or a percentage such as `10%`.
        optional limits as "limits": Named<Spanned<RawLimit>>,
        /// Treatment of unmanaged tokens: tokens of managed accounts that no file
        /// declares.
        optional unmanaged_tokens as "unmanagedTokens": Spanned<RawUnmanagedTokens>,
    }
}

choice! {
    /// Treatment of unmanaged tokens: tokens of managed accounts that no file
    /// declares.
    #[schemars(rename = "UnmanagedTokens")]
    RawUnmanagedTokens {
        /// Keep and report them (default).
        Report = "report",
        /// Revoke them.
        Revoke = "revoke",
    }
}

/// A number, or a percentage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawLimit(pub(crate) Limit);

impl FromScalar for RawLimit {
    fn expected() -> String {
        "a whole number such as `2` or a percentage such as `10%`".to_owned()
    }

    fn from_scalar(text: &str) -> Result<Self, Refusal> {
        let limit = match text.strip_suffix('%') {
            Some(share) => {
                let number: i64 = share.trim().parse().map_err(|_| Refusal::WrongType)?;
                Percent::try_from(number)
                    .map(Limit::Share)
                    .map_err(|_| Refusal::Wrong {
                        code: Code::OutOfRange,
                        expected: "a percentage from `0%` to `100%`".to_owned(),
                        help: "write a whole percentage, for example `10%`".to_owned(),
                    })?
            }
            None => Limit::Count(whole(text).ok_or(Refusal::WrongType)?),
        };
        Ok(Self(limit))
    }
}

impl JsonSchema for RawLimit {
    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number, or a percentage.",
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": r"^\s*\+?0*(100|[1-9]?[0-9])\s*%$|^\+?[0-9]+$|\$\{", "examples": ["10%"]},
            ],
        })
    }
}

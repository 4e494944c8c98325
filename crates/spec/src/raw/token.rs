//! Raw types of a token and its rotation.

use super::{Duration, Lifetime, RawDelivery, RotationOff};
use crate::decode::{Decode, List, Text, record};
use crate::finding::Findings;
use crate::span::{Span, Spanned};
use crate::yaml::{Node, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// A personal access token (PAT) of a service account, with `scopes` or
    /// `calls`.
    #[schemars(rename = "Token")]
    RawToken as "a token" {
        /// Token name, unique for the account.
        #[schemars(example = &"monthly-report")]
        required name as "name": Text,
        /// Scopes of the token: exactly these.
        #[schemars(with = "Option<super::value_schema::Scopes>")]
        optional scopes as "scopes": List<Text>,
        /// API calls of the integration, as method and path. steersman finds the
        /// least scopes that allow them.
        #[schemars(example = super::example::calls_example())]
        optional calls as "calls": List<Text>,
        /// Validity of access tokens from this token: 15 seconds to 12 hours.
        /// Default: `defaults.token`, or else ISC's default.
        optional access_token_validity as "accessTokenValidity": Spanned<Duration>,
        /// Time until the token expires, or `never`. Default: `defaults.token`, or
        /// else 90 days.
        optional expires as "expires": Spanned<Lifetime>,
        /// Rotation: replacement of the token before it expires, or `never`.
        /// Default: `defaults.token`, or else no rotation.
        optional rotate as "rotate": Box<RawRotate>,
        /// Store location of its secret. Default: `defaults.token`.
        optional deliver as "deliver": Box<RawDelivery>,
    }
}

record! {
    /// Rotation: replacement of a token before it expires.
    #[schemars(rename = "Rotation")]
    RawRotation as "`rotate`" {
        /// Time before expiry at which the new token is created.
        #[schemars(example = &"14d")]
        required before as "before": Spanned<Duration>,
        /// Time for which the old token stays valid beside the new one. Default:
        /// 24 hours.
        #[schemars(example = &"24h")]
        optional overlap as "overlap": Spanned<Duration>,
    }
}

/// Rotation of a token, or `never`.
#[derive(Clone, Debug)]
pub(crate) enum RawRotate {
    /// The token is rotated.
    Rotation(RawRotation),
    /// The token is not rotated, whatever the defaults are.
    Never(Span),
}

impl Decode for RawRotate {
    fn expected() -> String {
        "`{before: …, overlap: …}` or `never`".to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        if matches!(node.value, Value::Mapping(_)) {
            return RawRotation::decode(node, findings).map(Self::Rotation);
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

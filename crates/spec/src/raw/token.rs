//! A token as it is written.

use super::{Duration, Lifetime, RawPlace, RotationOff};
use crate::decode::{Decode, List, Text, record};
use crate::finding::Findings;
use crate::span::{Span, Spanned};
use crate::yaml::{Node, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// A personal access token of a service account, with `scopes` or `calls`.
    #[schemars(rename = "Token")]
    RawToken as "a token" {
        /// Its name, unique for the account.
        #[schemars(example = &"monthly-report")]
        required name as "name": Text,
        /// The scopes it is to have: exactly these.
        #[schemars(with = "Option<super::value_schema::Scopes>")]
        optional scopes as "scopes": List<Text>,
        /// The calls that its user makes, as method and path; the least scopes
        /// that open them are worked out.
        #[schemars(example = super::example::calls_example())]
        optional calls as "calls": List<Text>,
        /// For how long an access token made with it is valid: 15 seconds to
        /// 12 hours. Left out: the default, or else ISC's.
        optional access_token_validity as "accessTokenValidity": Spanned<Duration>,
        /// How long it lives, or `never`. Left out: the default, or else 90 days.
        optional expires as "expires": Spanned<Lifetime>,
        /// How it is replaced before it ends, or `never`. Left out: the
        /// default, or else it is not.
        optional rotate as "rotate": RawRotate,
        /// Where its secret is delivered to. Left out: the default.
        optional deliver as "deliver": RawPlace,
    }
}

record! {
    /// How a token is replaced before it ends.
    #[schemars(rename = "Rotation")]
    RawRotation as "a rotation" {
        /// How long before its end the new one is made.
        #[schemars(example = &"14d")]
        required before as "before": Spanned<Duration>,
        /// For how long the old one is kept beside the new one. Left out: 24 hours.
        #[schemars(example = &"24h")]
        optional overlap as "overlap": Spanned<Duration>,
    }
}

/// Whether and how a token is replaced before it ends.
#[derive(Clone, Debug)]
pub(crate) enum RawRotate {
    /// It is, so.
    Rotation(RawRotation),
    /// It is not, although the defaults may say so.
    Never(Span),
}

impl Decode for RawRotate {
    fn expected() -> String {
        "`{before: …, overlap: …}`, or `never`".to_owned()
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
            "description": "How a token is replaced before it ends, or `never`.",
            "anyOf": [
                rotation,
                {"type": "string", "enum": ["never"]},
            ],
        })
    }
}

//! JSON Schemas of values whose Rust type is wider than what an editor offers.

use crate::decode::or_variable;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Declares a schema that has no Rust type of its own.
macro_rules! schema_only {
    ($($(#[$meta:meta])* $name:ident = $schema:expr;)*) => {$(
        $(#[$meta])*
        pub(crate) enum $name {}

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

schema_only! {
    /// `true`, `false`, or a variable.
    Truth = or_variable(&json_schema!({"type": "boolean"}));
    /// A list of user levels: the documented ones are offered, and custom levels of
    /// the tenant are allowed.
    UserLevels = open_list(catalog::user_levels().iter().map(|level| level.id));
    /// A list of scopes: those of the catalog are offered, and others are allowed.
    Scopes = open_list(catalog::scopes());
}

fn open_list<'a>(known: impl IntoIterator<Item = &'a str>) -> Schema {
    let known: BTreeSet<&str> = known.into_iter().collect();
    json_schema!({
        "type": "array",
        "items": {
            "anyOf": [
                {"type": "string", "enum": known},
                {"type": "string", "minLength": 1},
            ],
        },
    })
}

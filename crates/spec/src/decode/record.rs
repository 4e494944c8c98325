//! Decodes mappings with fixed keys: struct, JSON Schema and reader from one list of keys.

/// Declares a raw type: the struct, its JSON Schema and how it is read, from
/// one list of keys, so that none of the three can lag behind the others.
///
/// Each field is `required`, `needed` or `optional`. A record that lacks a required key
/// is reported and left out. One that lacks a needed key is reported and kept, so that
/// its other keys are checked. An optional field that cannot be read is reported and
/// counts as absent.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident as $what:literal {
            $($(#[$field_meta:meta])* $need:ident $field:ident as $key:tt: $type:ty,)*
        }
    ) => {
        #[derive(Clone, Debug, schemars::JsonSchema)]
        $(#[$meta])*
        #[schemars(deny_unknown_fields)]
        pub(crate) struct $name {
            /// Where to point when the mapping as a whole is meant.
            #[schemars(skip)]
            pub(crate) head: $crate::span::Span,
            /// The keys that are written and could not be read, and those that a
            /// misspelled one was probably meant to be: they are not called missing.
            #[schemars(skip)]
            pub(crate) broken: Vec<&'static str>,
            $($(#[$field_meta])* #[schemars(rename = $key)]
            pub(crate) $field: $crate::decode::record!(@field $need $type),)*
        }

        impl $crate::decode::Record for $name {
            fn head(&self) -> $crate::span::Span {
                self.head
            }

            fn unreadable(&self) -> &[&'static str] {
                &self.broken
            }
        }

        impl $crate::decode::Decode for $name {
            fn expected() -> String {
                "a mapping".to_owned()
            }

            fn decode(
                node: $crate::yaml::Node,
                findings: &mut $crate::finding::Findings,
            ) -> Option<Self> {
                const KEYS: &[&str] = &[$($key),*];
                let head = node.head();
                let $crate::yaml::Value::Mapping(entries) = node.value else {
                    $crate::decode::wrong_type::<Self>(&node, findings);
                    return None;
                };
                $(let mut $field: Option<Option<$type>> = None;)*
                let mut broken = Vec::new();
                for entry in entries {
                    match entry.key.text.as_str() {
                        $($key => {
                            $field = Some(findings.below(
                                $crate::value_name::ValueName::Key($key),
                                |findings| $crate::decode::Decode::decode(entry.value, findings),
                            ));
                        })*
                        _ => broken.extend($crate::decode::unknown_key(
                            &entry.key, $what, KEYS, findings,
                        )),
                    }
                }
                $($crate::decode::record!(
                    @missing $need $field $key $what head broken findings
                );)*
                $(if matches!($field, Some(None)) {
                    broken.push($key);
                })*
                Some(Self {
                    head,
                    broken,
                    $($field: $crate::decode::record!(@value $need $field),)*
                })
            }
        }
    };
    (@field required $type:ty) => { $type };
    (@field needed $type:ty) => { $crate::decode::Needed<$type> };
    (@field optional $type:ty) => { Option<$type> };
    (
        @missing required
        $field:ident $key:tt $what:literal $head:ident $broken:ident $findings:ident
    ) => {
        if $field.is_none() && !$broken.contains(&$key) {
            $crate::decode::missing_key($key, $what, $head, $findings);
        }
    };
    (
        @missing needed
        $field:ident $key:tt $what:literal $head:ident $broken:ident $findings:ident
    ) => {
        $crate::decode::record!(
            @missing required $field $key $what $head $broken $findings
        );
    };
    (
        @missing optional
        $field:ident $key:tt $what:literal $head:ident $broken:ident $findings:ident
    ) => {};
    (@value required $field:ident) => { $field.flatten()? };
    (@value needed $field:ident) => { $crate::decode::Needed($field.flatten()) };
    (@value optional $field:ident) => { $field.flatten() };
}

pub(crate) use record;

/// The value of a key that has to be written; none where it is not, which was reported.
#[derive(Clone, Debug)]
pub(crate) struct Needed<T>(pub(crate) Option<T>);

/// In the schema, it is the value: the key is required.
impl<T: JsonSchema> JsonSchema for Needed<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// What all raw types have in common.
pub(crate) trait Record {
    /// Where to point when the mapping as a whole is meant.
    fn head(&self) -> Span;

    /// The keys that are written and could not be read.
    fn unreadable(&self) -> &[&'static str];
}

use super::misplaced;
use super::suggestion::{all_of, did_you_mean};
use crate::characters::unseen;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::mask::masked;
use crate::span::Span;
use crate::suggestion::Fix;
use crate::yaml::Key;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;

/// Reports an unknown key, and returns the one that was probably meant, or that it belongs
/// below.
pub(crate) fn unknown_key(
    key: &Key,
    what: &str,
    known: &[&'static str],
    findings: &mut Findings,
) -> Option<&'static str> {
    let mut meant = None;
    findings.push_with(Code::UnknownKey, || {
        let place = misplaced::home(what, &key.text);
        let similar = match place {
            None => known_key(&key.text, known),
            Some(_) => None,
        };
        meant = similar.or(place.map(|place| place.counts_as));
        Finding::new(
            Code::UnknownKey,
            format!(
                "unknown key `{}` in {what}",
                // A secret that was written as a part of it.
                masked(key.text.clone()).escape_debug()
            ),
        )
        .at(key.span, "unknown key")
        .fix(similar.map(|similar| Fix::scalar(key.span, similar)))
        .help(match (place, similar) {
            (Some(place), _) => place.help.to_owned(),
            (None, Some(meant)) => match unseen(&key.text) {
                Some(odd) => format!(
                    "type `{meant}`: the key contains {}, which {}",
                    odd.name, odd.why
                ),
                None => format!("did you mean `{meant}`?"),
            },
            (None, None) => format!("allowed keys: {}", all_of(known)),
        })
    });
    meant
}

/// The known key that another was probably meant to be.
fn known_key(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let meant = did_you_mean(key, known.iter().copied())?;
    known.iter().copied().find(|known| *known == meant)
}

/// Reports a missing key.
pub(crate) fn missing_key(key: &str, what: &str, head: Span, findings: &mut Findings) {
    let what = what
        .strip_prefix("a ")
        .or_else(|| what.strip_prefix("an "))
        .unwrap_or(what);
    findings.push(
        Finding::new(Code::MissingKey, format!("{what} has no `{key}`"))
            .at(head, format!("missing `{key}`"))
            .fix((key == "steersman").then(|| Fix::key_before(head, "steersman: v1")))
            .help(match key {
                "steersman" => "add `steersman: v1`".to_owned(),
                "before" => {
                    "add how long before its end a token is replaced, such as `before: 14d`"
                        .to_owned()
                }
                _ => format!("add `{key}: …`"),
            }),
    );
}

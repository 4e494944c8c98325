//! Spans: byte ranges in the files.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;

/// A range of bytes in one of the files.
///
/// The order of spans is the order in which a reader meets them: by file, then
/// by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    /// The file's index in the order in which the files were given.
    pub(crate) file: u32,
    /// The first byte.
    pub(crate) start: u32,
    /// The byte after the last one.
    pub(crate) end: u32,
}

impl Span {
    /// The whole from the start of one span to the end of another of the same file.
    pub(crate) fn to(self, end: Self) -> Self {
        Self {
            end: end.end.max(self.end),
            ..self
        }
    }
}

/// A value with the place it was written at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spanned<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it is written.
    pub(crate) span: Span,
}

impl<T: JsonSchema> JsonSchema for Spanned<T> {
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

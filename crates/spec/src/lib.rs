//! From YAML files to a checked [`model::Spec`], with every problem at its place.
//!
//! [`load`] takes the bytes of all files and the variables, and gives the spec
//! or every problem of every file at once. Nothing here reads files or the
//! environment.
//!
//! The way of a file: `yaml` makes a tree of it that knows where each value
//! stands; `variables` are put in; `decode` reads the `raw` types from
//! it, each value by itself; `merge` joins the files; `lower` applies
//! defaults and follows references; `checks` looks at the whole. Whatever goes wrong on the way is noted
//! among the `diagnostic`s, and the rest goes on.

mod checks;
mod code;
mod decode;
mod diagnostic;
mod explain;
mod finding;
mod load;
mod lower;
mod mask;
mod merge;
mod places;
mod raw;
mod schema;
mod source;
mod span;
#[cfg(test)]
mod testing;
mod variables;
mod words;
mod yaml;

pub use code::{Code, Severity, UnknownCode};
pub use decode::did_you_mean;
pub use diagnostic::{ByteSpan, Diagnostic, DiagnosticReport, Label};
pub use explain::{Example, Explanation, diagnostics_markdown, explanations};
pub use load::{Loaded, Options, load};
pub use places::Places;
pub use schema::{diagnostics_schema, json_schema};
pub use source::{Excerpt, Location, SourceFile, Sources};
pub use variables::Variables;

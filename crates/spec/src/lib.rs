//! Reads YAML files into a checked [`model::Spec`], or reports every problem with file, line and column.
//!
//! [`load`] takes the bytes of all files and the variables, and returns the spec
//! or every problem of every file at once. Nothing here reads files or the
//! environment.
//!
//! The stages: `yaml` parses a file into a tree with the span of each value;
//! `variables` are expanded; `decode` reads the `raw` types from the tree, each
//! value by itself; `merge` joins the files; `lower` applies defaults and
//! resolves references; `checks` examines the whole spec. A stage reports a
//! problem as a `finding` and continues.

mod characters;
mod checks;
mod code;
mod decode;
mod diagnostic;
mod explain;
mod finding;
mod left_out;
mod load;
mod lower;
mod mask;
mod merge;
mod places;
mod raw;
mod real_folders;
mod schema;
mod source;
mod span;
mod suggestion;
#[cfg(test)]
mod testing;
mod value_name;
mod variables;
mod words;
mod yaml;

pub use code::{Code, Severity, UnknownCode};
pub use decode::did_you_mean;
pub use diagnostic::{
    Applicability, ByteSpan, Diagnostic, DiagnosticReport, Label, NotRead, NotReadReason,
    Suggestion,
};
pub use explain::{Example, Explanation, diagnostics_markdown, explanations};
pub use left_out::{LeftOut, has_policy};
pub use load::{Loaded, Options, load};
pub use lower::issuer_key;
pub use places::Places;
pub use real_folders::RealFolders;
pub use schema::{diagnostics_schema, json_schema};
pub use source::{Excerpt, Location, SourceFile, Sources};
pub use variables::{Variables, is_name as is_variable_name};
pub use yaml::MOST_BYTES;

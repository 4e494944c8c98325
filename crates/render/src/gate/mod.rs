//! Output gate: what a reader may get of any text, whoever wrote it.
//!
//! Names and messages come from the tenant, from files and from stores. A
//! terminal obeys control characters, and a CI system obeys some lines of its
//! log. The gate shows both by number, such as `\u{202e}`, and lets only the
//! colors through that steersman's own renderers use.

mod json;
mod pass;
mod style;

pub(crate) use json::json_line;
pub use json::json_text;
pub use pass::{gate, gate_plain};

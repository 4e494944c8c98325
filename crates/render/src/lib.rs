//! Renderers of plans, diagnostics and outcomes: terminal, JSON, Markdown, HTML, SARIF.
//!
//! Pure text from values. Nothing here reads a file, the environment, the clock
//! or the terminal: width, color and time are handed in. The facts of a plan are
//! collected once, in a [`view::PlanView`], and every format renders that view,
//! so two formats cannot say different things. Whatever is printed or written for a
//! reader passes the [`gate()`].

pub mod apply_report;
mod cell_text;
mod completion;
mod count;
pub mod diagnostics;
pub mod doctor;
pub mod drift;
mod drift_facts;
mod error;
mod file_difference;
mod gate;
mod holding_document;
pub mod html;
pub mod inventory;
mod json_strings;
pub mod markdown;
pub mod metrics;
pub mod notice;
pub mod notice_people;
pub mod plan_document;
pub mod run_facts;
pub mod saved_plan;
mod secret_place;
mod status;
mod store_document;
mod table_width;
pub mod terminal;
pub mod token_list;
mod touched;
pub mod view;

#[cfg(any(test, fuzzing))]
pub mod testing;

pub use apply_report::outcome_text;
pub use completion::Completion;
pub use count::counted;
pub use drift_facts::seen_by_drift;
pub use error::RenderError;
pub use file_difference::file_difference;
pub use gate::{gate, gate_plain, json_text};
pub use json_strings::redact_json;
pub use secret_place::secret_place;
pub use status::{Expiring, Report, StatusDocument, status_text};
pub use store_document::StoreDocument;

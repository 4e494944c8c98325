//! Reports of an apply: the document, made of its events, and its formats.

mod builder;
mod document;
mod event_line;
mod event_text;
mod html;
mod markdown;
mod record;
mod record_error;
mod run_by;
mod text;

pub use builder::ReportBuilder;
pub(crate) use document::seconds;
pub use document::{
    ApplyReport, Cause, EndingDocument, ResultDocument, StepReport, Summary, TrafficDocument,
};
pub use event_line::EventLine;
pub use event_text::events_text;
pub use html::html;
pub use markdown::markdown;
pub use record::Record;
pub use record_error::RecordError;
pub use run_by::{Commit, RunBy};
pub use text::{outcome_text, record_text, report_text};

//! Plan view: the facts of a plan, from which terminal, Markdown and HTML are rendered.
//!
//! Every text in it is safe to show on one line.

pub(crate) mod cells;
pub(crate) mod difference;
pub(crate) mod field;
pub(crate) mod group;
pub(crate) mod next_step;
pub(crate) mod notes;
pub(crate) mod piece;
pub(crate) mod plan;
pub(crate) mod powers;
pub(crate) mod rewrite;
mod rewritten;
pub(crate) mod row;
mod said_once;
pub(crate) mod sections;
pub(crate) mod selection;
pub(crate) mod shape;
pub(crate) mod stores;
pub(crate) mod summary;
pub(crate) mod waiting;
pub(crate) mod words;

pub use plan::PlanView;
pub(crate) use waiting::waiting_of;
pub use waiting::{WaitingView, waiting};

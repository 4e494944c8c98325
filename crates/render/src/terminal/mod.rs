//! Terminal renderer: a plan as colored text, also for logs, files and code blocks.

mod cells;
mod change;
mod explanation;
mod group;
mod layout;
pub(crate) mod line;
mod message;
mod notes;
mod plan;
mod stores;
pub(crate) mod tone;
pub(crate) mod waiting;

pub use explanation::explanation;
pub use layout::Layout;
pub use message::message;
pub(crate) use plan::lines;
pub use plan::{plan, plan_and_waiting};
pub use waiting::waiting;

//! Notices: which a run is to send, and what each kind of receiver gets.

mod body;
mod cause;
mod due;
mod state;

pub use body::{NoticeDocument, body};
pub use cause::Cause;
pub use due::{Notice, due};
pub use state::{NoticeState, ReceiverState, Said};

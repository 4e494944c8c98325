//! Notices: which a run is to send, and what each kind of receiver gets.

mod body;
mod cause;
mod due;
mod state;

pub use body::{NoticeDocument, body};
pub use cause::{Cause, Notice};
pub use due::due;
pub use state::{NoticeState, ReceiverState, Said};

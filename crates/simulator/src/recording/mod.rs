//! Recordings: requests and their answers in a file, to be answered again without a tenant.

mod exchange;
mod file;
mod mask;
mod place;
mod recorder;
mod regular;
mod replay;

pub(crate) use exchange::{RecordedAnswer, RecordedBody, RecordedRequest, Taken};
pub(crate) use file::read;
pub(crate) use place::Place;
pub(crate) use recorder::Recorder;
pub(crate) use replay::{Found, Replay};
pub use replay::{LeftOver, NotRecorded, ReplayReport};

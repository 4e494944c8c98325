//! A lowered receiver of notices, with the places of its secrets.

use crate::span::Span;
use model::NoticeReceiver;

/// A receiver, and where its address and its key are written.
#[derive(Debug)]
pub(crate) struct Receiver {
    pub(crate) lowered: NoticeReceiver,
    pub(crate) address: Span,
    pub(crate) key: Option<Span>,
}

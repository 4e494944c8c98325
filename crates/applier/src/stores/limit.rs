//! Limit of the size of a secret document.

/// The largest accepted document, in bytes. Real ones have some hundred.
pub(super) const LARGEST_DOCUMENT: usize = 64 * 1024;

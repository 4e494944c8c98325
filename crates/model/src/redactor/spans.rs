//! Spans of secrets in a text, and their replacement.

use std::ops::Range;

/// What stands in a text for a secret.
pub const REDACTED: &str = "[secret]";

/// The ranges in order, those that touch or overlap as one.
pub(super) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The text with each range replaced. The ranges are sorted and apart.
pub(super) fn replace(text: &[u8], secrets: &[Range<usize>]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(text.len());
    let mut copied = 0;
    for secret in secrets {
        clean.extend_from_slice(&text[copied..secret.start]);
        clean.extend_from_slice(REDACTED.as_bytes());
        copied = secret.end;
    }
    clean.extend_from_slice(&text[copied..]);
    clean
}

//! Folded dumps: `od` and `hexdump` print `*` in place of lines that repeat.
//!
//! How often a line repeats is not read from the offsets, which can be left out: a
//! secret is compared as if each folded line repeated as often as the secret needs.

use super::forms::{KEY, Key};
use std::ops::Range;

/// How many bytes are compared for one dump. Beyond it, what begins like a secret is
/// taken for one, so that no text costs more.
const MOST_COMPARED: usize = 4 << 20;

/// A line of a dump.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its bytes, of all bytes of the dump.
    pub(super) bytes: Range<usize>,
    /// Whether `*` follows it: it repeats at least once.
    pub(super) repeats: bool,
}

/// The rows of a dump with their bytes.
pub(super) struct Folded<'d> {
    bytes: &'d [u8],
    rows: &'d [Row],
    compared: usize,
}

impl<'d> Folded<'d> {
    pub(super) fn new(bytes: &'d [u8], rows: &'d [Row]) -> Self {
        Self {
            bytes,
            rows,
            compared: 0,
        }
    }

    /// Every place where a secret can begin: a row, and a byte of it.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, usize)> + use<'d> {
        let rows = self.rows.iter().enumerate();
        rows.flat_map(|(row, Row { bytes, .. })| (0..bytes.len()).map(move |at| (row, at)))
    }

    /// What a form that begins at a place can begin with.
    pub(super) fn keys(&self, (row, at): (usize, usize)) -> Vec<Key> {
        let mut keys = Vec::new();
        self.add_keys(row, at, &mut Vec::with_capacity(KEY), &mut keys);
        keys
    }

    fn add_keys(&self, row: usize, at: usize, begun: &mut Vec<u8>, keys: &mut Vec<Key>) {
        let Some(rest) = self.row(row).get(at..).filter(|rest| !rest.is_empty()) else {
            return;
        };
        let before = begun.len();
        begun.extend(rest.iter().take(KEY - before));
        if let Ok(key) = Key::try_from(begun.as_slice()) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        } else {
            if self.rows[row].repeats {
                self.add_keys(row, 0, begun, keys);
            }
            self.add_keys(row + 1, 0, begun, keys);
        }
        begun.truncate(before);
    }

    /// Which bytes of the dump are a form that begins at a place; none where it does not.
    pub(super) fn find(&mut self, (row, at): (usize, usize), form: &[u8]) -> Option<Range<usize>> {
        let start = self.rows[row].bytes.start + at;
        let (mut row, mut at, mut rest) = (row, at, form);
        loop {
            if self.compared > MOST_COMPARED {
                return Some(start..self.rows[row].bytes.end);
            }
            let here = self.row(row).get(at..).filter(|here| !here.is_empty())?;
            let length = here.len().min(rest.len());
            self.compared += length;
            if here[..length] != rest[..length] {
                return None;
            }
            rest = &rest[length..];
            if rest.is_empty() {
                let end = self.rows[row].bytes.start + at + length;
                return Some(start.min(end - 1)..end);
            }
            at = 0;
            let whole = self.row(row);
            let again = &whole[..whole.len().min(rest.len())];
            // The line after a folded one differs from it, so there is one way to go on.
            if !(self.rows[row].repeats && rest.starts_with(again)) {
                row += 1;
            }
        }
    }

    fn row(&self, row: usize) -> &'d [u8] {
        self.rows
            .get(row)
            .and_then(|row| self.bytes.get(row.bytes.clone()))
            .unwrap_or_default()
    }
}

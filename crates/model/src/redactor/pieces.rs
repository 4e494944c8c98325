//! Pieces of secrets: what is left of one where a program or a tenant cuts it.

use super::forms::{KEY, Key};
use super::views::View;
use std::collections::BTreeSet;
use std::ops::Range;

/// The shortest piece that is redacted, in bytes: each has a whole key in it.
const SHORTEST: usize = 2 * KEY;

/// How many bytes are compared for one text. Beyond it, the rest is taken for a
/// secret, so that no text costs more.
const MOST_COMPARED: usize = 4 << 20;

/// Every sixth place of every secret, by the bytes that stand there.
#[derive(Default)]
pub(super) struct Pieces {
    places: BTreeSet<(Key, usize, usize)>,
    filter: super::filter::Filter,
}

impl Pieces {
    /// Adds a secret.
    pub(super) fn add(&mut self, secret: &[u8], index: usize) {
        if secret.len() < SHORTEST {
            return;
        }
        let (keys, _) = secret.as_chunks::<KEY>();
        for (number, key) in keys.iter().enumerate() {
            self.filter.add(*key);
            self.places.insert((*key, index, number * KEY));
        }
    }

    /// Reports where pieces of secrets are in a view, by the places in the text, and of
    /// which secret.
    pub(super) fn find_in<'s>(
        &self,
        view: &View<'_>,
        secret: impl Fn(usize) -> &'s [u8],
        mut found: impl FnMut(Range<usize>, usize),
    ) {
        let text = view.text();
        let mut compared = 0;
        for (at, key) in text.array_windows::<KEY>().enumerate() {
            if !self.filter.may_have(*key) {
                continue;
            }
            for (_, index, place) in self
                .places
                .range((*key, 0, 0)..=(*key, usize::MAX, usize::MAX))
            {
                let secret = secret(*index);
                let before = common(text[..at].iter().rev(), secret[..*place].iter().rev());
                let after = common(text[at..].iter(), secret[*place..].iter());
                if before + after >= SHORTEST {
                    found(view.origin(at - before..at + after), *index);
                }
                compared += before + after;
                if compared > MOST_COMPARED {
                    found(view.origin(at..text.len()), *index);
                    return;
                }
            }
        }
    }
}

/// How many bytes two texts have in common.
fn common<'b>(left: impl Iterator<Item = &'b u8>, right: impl Iterator<Item = &'b u8>) -> usize {
    left.zip(right)
        .take_while(|(left, right)| left == right)
        .count()
}

#[cfg(test)]
#[path = "../testing/pieces.rs"]
mod tests;

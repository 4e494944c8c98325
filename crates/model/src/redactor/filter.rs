//! Filter of keys: rules out most places of a text before anything is looked up.

use super::forms::{KEY, Key};

/// One bit for each hash of a key.
#[derive(Default)]
pub(super) struct Filter {
    words: Vec<u64>,
}

/// Bits of the filter: 8 KiB.
const WORDS: usize = 1024;

impl Filter {
    pub(super) fn add(&mut self, key: Key) {
        self.words.resize(WORDS, 0);
        let bit = hash(key);
        if let Some(word) = self.words.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    /// Whether a key may have been added.
    pub(super) fn may_have(&self, key: Key) -> bool {
        let bit = hash(key);
        let word = self.words.get(bit / 64);
        word.is_some_and(|word| word & (1 << (bit % 64)) != 0)
    }
}

/// A number below the filter's count of bits.
fn hash(key: Key) -> usize {
    let mut word = [0; 8];
    word[..KEY].copy_from_slice(&key);
    let spread = u64::from_le_bytes(word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(spread >> 48).unwrap_or(0)
}

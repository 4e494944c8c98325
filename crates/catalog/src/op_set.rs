//! Sets of operations, and the power over a tenant that a set gives.

use crate::operation::{Method, Operation};
use crate::table::operations;

/// A set of operations of the catalog, by their position in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpSet {
    words: Vec<u64>,
}

impl OpSet {
    /// The set without members.
    pub(crate) fn empty() -> Self {
        Self {
            words: vec![0; operations().len().div_ceil(64)],
        }
    }

    /// The operations for which `keep` holds.
    pub(crate) fn filter(keep: impl Fn(&Operation) -> bool) -> Self {
        let mut set = Self::empty();
        for (position, operation) in operations().iter().enumerate() {
            if keep(operation) {
                set.insert(position);
            }
        }
        set
    }

    /// Adds the operation at this position of the catalog.
    pub(crate) fn insert(&mut self, position: usize) {
        if let Some(word) = self.words.get_mut(position / 64) {
            *word |= 1 << (position % 64);
        }
    }

    /// Adds every operation of the other set.
    pub(crate) fn add_all(&mut self, other: &Self) {
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
    }

    /// The operations that are in both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let both = self.words.iter().zip(&other.words);
        Self {
            words: both.map(|(one, two)| one & two).collect(),
        }
    }

    /// Whether each operation of this set is in the other.
    pub(crate) fn within(&self, other: &Self) -> bool {
        let mut both = self.words.iter().zip(&other.words);
        both.all(|(mine, theirs)| mine & !theirs == 0)
    }

    /// Whether the set has no member.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// How many operations are in both sets.
    pub(crate) fn count_in(&self, other: &Self) -> u32 {
        let both = self.words.iter().zip(&other.words);
        both.map(|(one, two)| (one & two).count_ones()).sum()
    }

    /// The operations, in the catalog's order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static Operation> + '_ {
        operations()
            .iter()
            .enumerate()
            .filter(|(position, _)| {
                self.words
                    .get(position / 64)
                    .is_some_and(|word| word >> (position % 64) & 1 == 1)
            })
            .map(|(_, operation)| operation)
    }
}

/// How much a set of operations lets one do. What changes a tenant weighs before
/// what only reads it, whatever the number of reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Power {
    /// The operations that change something, each with its weight: 2 for what
    /// creates or starts, 3 for what replaces or edits, 5 for what deletes.
    pub(crate) changes: u32,
    /// The number of operations that only read.
    pub(crate) reads: u32,
}

/// The operations of the catalog by how they weigh.
#[derive(Debug)]
pub(crate) struct Weights {
    reads: OpSet,
    creates: OpSet,
    edits: OpSet,
    deletes: OpSet,
}

impl Weights {
    /// Sorts the catalog's operations by weight.
    pub(crate) fn new() -> Self {
        let changing = |methods: &[Method]| {
            OpSet::filter(|operation| !operation.reads() && methods.contains(&operation.method))
        };
        Self {
            reads: OpSet::filter(Operation::reads),
            creates: changing(&[Method::Post]),
            edits: changing(&[Method::Put, Method::Patch]),
            deletes: changing(&[Method::Delete]),
        }
    }

    /// The power of a set.
    pub(crate) fn power(&self, set: &OpSet) -> Power {
        Power {
            changes: 2 * set.count_in(&self.creates)
                + 3 * set.count_in(&self.edits)
                + 5 * set.count_in(&self.deletes),
            reads: set.count_in(&self.reads),
        }
    }
}

//! The counts that `--allow` lets pass a guard in this run.

use std::collections::BTreeMap;

/// How many may pass each guard in this run (`--allow deleteAccounts=3`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowances(BTreeMap<String, u64>);

impl Allowances {
    /// Allows `count` for the guard of that name.
    pub fn allow(&mut self, guard: impl Into<String>, count: u64) {
        self.0.insert(guard.into(), count);
    }

    /// How many are allowed for a guard; none without `--allow`.
    pub fn of(&self, guard: &str) -> Option<u64> {
        self.0.get(guard).copied()
    }
}

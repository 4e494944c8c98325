//! What a guard is: its name, what it counts, and how it is lifted.

/// A guard as it is listed for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardInfo {
    /// Its name, as in `--allow NAME=COUNT`.
    pub name: &'static str,
    /// What it counts, and when it refuses.
    pub about: &'static str,
    /// Up to how many it lets through where nothing else is said, in words.
    pub default: &'static str,
    /// How it is lifted, or what is done instead.
    pub lifted: &'static str,
    /// Whether `--allow` lifts it.
    pub allowable: bool,
}

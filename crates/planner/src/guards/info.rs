//! What a guard is: its name, what it counts, and how it is lifted.

/// A guard as it is listed for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardInfo {
    /// Its name, as in `--allow NAME=COUNT`.
    pub name: &'static str,
    /// What it counts, and when it refuses.
    pub about: &'static str,
    /// How many it lets through by default, in words.
    pub default: &'static str,
    /// How it is lifted, or what to do instead.
    pub lifting: Lifting,
}

/// How a guard is lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifting {
    /// By `--allow NAME=COUNT` for one run, or by `policy.limits.NAME`.
    CountOrLimit,
    /// By `--allow NAME=COUNT` for one run.
    Count,
    /// Not by a count; this is what to do instead.
    Instead(&'static str),
}

impl GuardInfo {
    /// Whether `--allow NAME=COUNT` lifts it.
    pub fn is_allowable(&self) -> bool {
        match self.lifting {
            Lifting::CountOrLimit | Lifting::Count => true,
            Lifting::Instead(_) => false,
        }
    }

    /// How it is lifted, or what to do instead, as text.
    pub fn lifted(&self) -> String {
        let name = self.name;
        match self.lifting {
            Lifting::CountOrLimit => format!("`--allow {name}=COUNT`, or `policy.limits.{name}`"),
            Lifting::Count => format!("`--allow {name}=COUNT`"),
            Lifting::Instead(what) => what.to_owned(),
        }
    }
}

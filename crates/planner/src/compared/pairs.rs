//! A declared object beside its observed values.

use model::Fields;
use serde_json::Value;
use std::collections::BTreeSet;

/// A declared object and its observed counterpart.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The declared fields, as the files have them.
    pub declared: Fields,
    /// The observed values of them.
    pub live: LiveFields,
    /// The fields that differ in meaning. Letter case of an email address does not.
    pub differing: BTreeSet<String>,
}

/// The observed values of the declared fields of an object.
#[derive(Clone, Debug, PartialEq)]
pub enum LiveFields {
    /// They were not read, so nothing is known of them.
    Unread,
    /// The tenant does not have the object.
    Absent,
    /// The values; one that was not read is left out.
    Present(Fields),
}

impl Compared {
    pub(super) fn unread(declared: Fields) -> Self {
        Self::with(declared, LiveFields::Unread)
    }

    pub(super) fn absent(declared: Fields) -> Self {
        Self::with(declared, LiveFields::Absent)
    }

    fn with(declared: Fields, live: LiveFields) -> Self {
        Self {
            declared,
            live,
            differing: BTreeSet::new(),
        }
    }

    /// Whether the object was read and no field of it differs.
    pub fn agrees(&self) -> bool {
        matches!(self.live, LiveFields::Present(_)) && self.differing.is_empty()
    }
}

/// Collects the fields of one object.
#[derive(Default)]
pub(super) struct Pairs {
    pub(super) declared: Fields,
    pub(super) live: Fields,
    differing: BTreeSet<String>,
}

impl Pairs {
    pub(super) fn add(&mut self, name: &str, declared: Value, live: Value, is_same: bool) {
        self.declared.insert(name.to_owned(), declared);
        self.live.insert(name.to_owned(), live);
        if !is_same {
            self.differing.insert(name.to_owned());
        }
    }

    /// A field whose observed value was not read.
    pub(super) fn add_unread(&mut self, name: &str, declared: Value) {
        self.declared.insert(name.to_owned(), declared);
    }

    pub(super) fn present(self) -> Compared {
        Compared {
            declared: self.declared,
            live: LiveFields::Present(self.live),
            differing: self.differing,
        }
    }
}

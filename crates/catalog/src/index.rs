//! Lookup tables from scopes and user levels to operations.
//!
//! They are built once, at the first question that needs them; the benchmark `catalogue`
//! measures how long that takes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::op_set::{OpSet, Weights};
use crate::scope;
use crate::table::operations;

static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

/// The index of the catalog.
pub(crate) fn index() -> &'static Index {
    &INDEX
}

/// What questions are answered from.
#[derive(Debug)]
pub(crate) struct Index {
    /// For each scope the operations that name it; `sp:scopes:all` has all.
    pub(crate) scopes: BTreeMap<&'static str, OpSet>,
    /// The scopes that reach further than their sibling, see [`narrower_names`].
    pub(crate) wide: BTreeSet<&'static str>,
    /// For each level that an operation names, the operations that name it.
    pub(crate) levels: BTreeMap<&'static str, OpSet>,
    /// The operations that any user may call.
    pub(crate) any_user: OpSet,
    /// How operations weigh.
    pub(crate) weights: Weights,
}

impl Index {
    fn new() -> Self {
        let mut index = Self {
            scopes: BTreeMap::new(),
            wide: BTreeSet::new(),
            levels: BTreeMap::new(),
            any_user: OpSet::filter(|operation| operation.levels.is_empty()),
            weights: Weights::new(),
        };
        for (position, operation) in operations().iter().enumerate() {
            for &name in operation.scopes {
                let opens = index.scopes.entry(name).or_insert_with(OpSet::empty);
                opens.insert(position);
            }
            for &level in operation.levels {
                let allows = index.levels.entry(level).or_insert_with(OpSet::empty);
                allows.insert(position);
            }
        }
        index.scopes.insert(scope::ALL, OpSet::filter(|_| true));
        index
            .scopes
            .entry(scope::DEFAULT)
            .or_insert_with(OpSet::empty);
        index.wide = index.scopes.keys().copied().collect();
        index.wide.retain(|name| {
            narrower_names(name).any(|narrower| index.scopes.contains_key(narrower.as_str()))
        });
        index
    }

    /// What these levels allow, what any user may do included.
    pub(crate) fn allowed_at<S: AsRef<str>>(&self, levels: &[S]) -> OpSet {
        let mut allowed = self.any_user.clone();
        for level in levels {
            if let Some(more) = self.levels.get(level.as_ref()) {
                allowed.add_all(more);
            }
        }
        allowed
    }

    /// What these scopes open by name, without the operations that need none.
    pub(crate) fn opened_by<S: AsRef<str>>(&self, scopes: &[S]) -> OpSet {
        let mut opened = OpSet::empty();
        for name in scopes {
            if let Some(more) = self.scopes.get(name.as_ref()) {
                opened.add_all(more);
            }
        }
        opened
    }

    /// Whether nothing can be said about what a level allows: it is a custom
    /// level, or one that no public operation names.
    pub(crate) fn is_opaque(&self, level: &str) -> bool {
        !self.levels.contains_key(level)
    }
}

/// What a scope with the same verb would be called that reaches less: one's own
/// tokens instead of everybody's, one's own requests, roles after a check of
/// what the caller is in charge of, a user's launchers instead of an admin's.
///
/// Such siblings open the same operations, or nearly, and there show or change
/// different objects. So the number of operations does not tell which of them is
/// less, and neither ever makes the other superfluous by that number alone.
fn narrower_names(scope: &str) -> impl Iterator<Item = String> {
    let renamed = [
        (":all-", ":my-"),
        ("-unchecked:", "-checked:"),
        ("-admin:", "-user:"),
    ]
    .into_iter()
    .filter(|(wide, _)| scope.contains(wide))
    .map(|(wide, narrow)| scope.replace(wide, narrow));
    let own = scope
        .rsplit_once(':')
        .map(|(rights, verb)| format!("{rights}-self:{verb}"));
    renamed.chain(own)
}

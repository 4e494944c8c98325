//! `--only` and `--except`: the part of a plan to show or apply.

use clap::Args;
use planner::{Pattern, Selection};

/// The part of a plan that a command uses.
#[derive(Debug, Default, Args)]
pub(crate) struct SelectionArguments {
    /// Only this and its dependencies, for example audit*; repeatable
    ///
    /// Example: `--only SA-001 --only 'token/SA-002/*' --only kind:levels`
    ///
    /// An account by id or name, an address such as levels/SA-001, or a kind such
    /// as kind:levels. `*` and `?` match any characters.
    #[arg(long, value_name = "WHAT")]
    only: Vec<Pattern>,
    /// Not this and its dependents; same patterns as --only; repeatable
    #[arg(long, value_name = "WHAT")]
    except: Vec<Pattern>,
}

impl SelectionArguments {
    /// The selection that the planner takes.
    pub(crate) fn selection(&self) -> Selection {
        Selection::new(self.only.clone(), self.except.clone())
    }
}

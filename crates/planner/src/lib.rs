//! The pure function from spec and live state to a plan.
//!
//! No clock, no environment, no I/O: the same inputs give the same bytes. What
//! has to be read for it is [`wanted`]; what was read is [`model::Live`].

mod claims;
mod draft;
mod estimate;
mod guards;
mod index;
mod outline;
mod phases;
mod problems;
mod selection;
mod stage;
mod token_expiry;
mod view;
mod wanted;

#[cfg(test)]
mod differences;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod realized;
#[cfg(test)]
mod scenarios;

pub use estimate::of as estimate;
pub use guards::{Allowances, GUARDS, GuardInfo};
pub use outline::{plan, plan_selected};
pub use problems::PROBLEM_CODES;
pub use selection::{Pattern, PatternError, Selection};
pub use token_expiry::ends_as_declared;
pub use wanted::wanted;

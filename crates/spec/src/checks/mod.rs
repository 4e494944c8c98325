//! What can be said about a spec without the tenant: each check in a file of
//! its own, by name in one table.
//!
//! The checks look at the lowered spec and find the places of what they say in
//! the map of places. A text that stands for a mocked variable is not known, and
//! nothing is said about it.

mod attributes;
mod calls;
mod email;
mod levels;
mod lifetimes;
mod long_description;
mod mappings;
mod policy;
mod previously;
mod reserved_names;
mod scope_effects;
mod scopes;
mod secrets;
mod store_keys;
mod subject;
mod token_count;
mod unneeded_levels;
mod unsafe_text;

#[cfg(test)]
pub(crate) mod testing;

pub(crate) use secrets::find_secrets;

use crate::diagnostic::Findings;
use crate::lower::Partial;
use subject::Subject;

/// Runs every check.
pub(crate) fn run(partial: &Partial, findings: &mut Findings) {
    let subject = Subject::new(partial);
    for check in CHECKS {
        check(&subject, findings);
    }
}

/// Every check of the spec as a whole; that for secrets looks at the files.
const CHECKS: &[fn(&Subject<'_>, &mut Findings)] = &[
    attributes::check,
    calls::check,
    email::check,
    levels::check,
    lifetimes::check,
    long_description::check,
    mappings::check,
    policy::check,
    previously::check,
    reserved_names::check,
    scope_effects::check,
    scopes::check,
    store_keys::check,
    token_count::check,
    unneeded_levels::check,
    unsafe_text::check,
];

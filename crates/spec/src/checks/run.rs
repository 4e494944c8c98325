//! Runs all checks.

use super::subject::Subject;
use super::{
    attributes, calls, characters, email, levels, lifetimes, long_description, mappings, policy,
    previously, reserved_names, scope_effects, scopes, secret_places, shared_identities,
    store_keys, token_count, unneeded_levels, unsafe_text, user_names,
};
use crate::finding::Findings;
use crate::lower::Partial;
use crate::real_folders::RealFolders;

/// Runs every check.
pub(crate) fn run(partial: &Partial, real_folders: Option<RealFolders>, findings: &mut Findings) {
    let subject = Subject::new(partial, real_folders);
    for check in CHECKS {
        check(&subject, findings);
    }
}

/// Every check of the spec as a whole; that for secrets looks at the files.
const CHECKS: &[fn(&Subject<'_>, &mut Findings)] = &[
    attributes::check,
    calls::check,
    characters::check,
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
    secret_places::check,
    shared_identities::check,
    store_keys::check,
    token_count::check,
    unneeded_levels::check,
    unsafe_text::check,
    user_names::check,
];

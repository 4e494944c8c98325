//! Runs all checks.

use super::each::Each;
use super::subject::{Owned, Subject};
use super::{
    attributes, calls, characters, email, levels, lifetimes, long_description, mappings, policy,
    previously, reserved_names, scope_effects, scopes, secret_places, shared_identities,
    store_keys, token_count, unneeded_levels, unsafe_text, user_names,
};
use crate::finding::Findings;
use crate::lower::Partial;
use crate::real_folders::RealFolders;

/// Runs every check of the spec; that for secrets in plain text looks at the files.
pub(crate) fn run(partial: &Partial, real_folders: Option<RealFolders>, findings: &mut Findings) {
    let subject = Subject::new(partial, real_folders);
    of_each(&subject, findings);
    characters::check(&subject, findings);
    long_description::check(&subject, findings);
    mappings::check(&subject, findings);
    shared_identities::check(&subject, findings);
}

/// Runs the checks that look at one account after the other.
fn of_each(subject: &Subject<'_>, findings: &mut Findings) {
    let checks: &mut [&mut dyn Each<'_>] = &mut [
        &mut attributes::Attributes::of(subject),
        &mut calls::Calls,
        &mut characters::Characters,
        &mut email::Email,
        &mut levels::Levels,
        &mut lifetimes::Lifetimes,
        &mut policy::Policy::default(),
        &mut previously::Renamed::default(),
        &mut reserved_names::ReservedNames,
        &mut scope_effects::ScopeEffects::default(),
        &mut scopes::Scopes,
        &mut secret_places::SecretPlaces::of(subject),
        &mut store_keys::StoreKeys,
        &mut token_count::TokenCount,
        &mut unneeded_levels::UnneededLevels::default(),
        &mut unsafe_text::UnsafeText,
        &mut user_names::UserNames::of(subject),
    ];
    for account in subject.accounts() {
        for check in &mut *checks {
            check.account(subject, account, findings);
        }
        for owned in Owned::of(account) {
            for check in &mut *checks {
                check.token(subject, &owned, findings);
            }
        }
    }
    for owned in subject.tokens_again() {
        for check in &mut *checks {
            check.token(subject, &owned, findings);
        }
    }
    for check in checks {
        check.end(subject, findings);
    }
}

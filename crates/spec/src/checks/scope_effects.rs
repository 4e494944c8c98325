//! Reports scopes without effect at the account's user levels.
//!
//! ISC accepts them without a warning, and their calls fail with 403.

use super::each::Each;
use super::subject::{Owned, Subject, address_of};
use crate::code::Code;
use crate::decode::one_of;
use crate::finding::{Finding, Findings};
use crate::suggestion::Fix;
use foldhash::HashMap;
use model::{AccountKey, Address, UserLevel};
use std::collections::BTreeSet;

/// What is known of scopes so far.
#[derive(Default)]
pub(super) struct ScopeEffects<'a> {
    /// By scope and levels: many accounts share few combinations.
    known: HashMap<(&'a str, &'a BTreeSet<UserLevel>), Option<Vec<&'static str>>>,
    /// Accounts whose scopes need a level, and which have none.
    without_level: BTreeSet<&'a AccountKey>,
}

impl<'a> Each<'a> for ScopeEffects<'a> {
    fn token(&mut self, subject: &Subject<'a>, owned: &Owned<'a>, findings: &mut Findings) {
        let Some(levels) = &owned.account.user_levels else {
            return;
        };
        if !subject.has_whole_levels(owned.account) {
            return;
        }
        for scope in owned.written_scopes() {
            let needed = self
                .known
                .entry((scope, levels))
                .or_insert_with(|| needed_levels(scope, levels));
            let Some(needed) = needed else { continue };
            if levels.is_empty() {
                self.without_level.insert(&owned.account.key);
            } else {
                without_effect(subject, owned, scope, needed, findings);
            }
        }
    }

    fn end(&mut self, subject: &Subject<'a>, findings: &mut Findings) {
        for key in &self.without_level {
            no_level(subject, key, findings);
        }
    }
}

/// The levels of which one is needed for the scope to have an effect, where it
/// has none at these levels for certain.
fn needed_levels(scope: &str, levels: &BTreeSet<UserLevel>) -> Option<Vec<&'static str>> {
    let levels: Vec<&str> = levels.iter().map(UserLevel::as_str).collect();
    let effect = catalog::scope_effect(scope, &levels).filter(catalog::ScopeEffect::is_none)?;
    let needed: BTreeSet<&'static str> = effect
        .beyond
        .iter()
        .flat_map(|operation| operation.levels)
        .copied()
        .collect();
    Some(narrow(needed.iter().copied()))
}

/// The levels without `ORG_ADMIN`, which is almost always among them and is not the least one.
pub(super) fn narrow(levels: impl Iterator<Item = &'static str> + Clone) -> Vec<&'static str> {
    let narrow = levels.clone().filter(|level| *level != catalog::ORG_ADMIN);
    let narrow: Vec<&'static str> = narrow.collect();
    if narrow.is_empty() {
        levels.collect()
    } else {
        narrow
    }
}

fn without_effect(
    subject: &Subject<'_>,
    owned: &Owned<'_>,
    scope: &str,
    needed: &[&'static str],
    findings: &mut Findings,
) {
    let Some(span) = subject.scope(owned, scope) else {
        return;
    };
    let finding = Finding::new(
        Code::ScopeWithoutEffect,
        format!(
            "scope `{scope}` has no effect at the user levels of `{}`",
            owned.account.key
        ),
    )
    .at(
        span,
        "ISC accepts this scope, but answers its calls with 403",
    );
    let account = address_of(owned.account);
    let finding = match subject.known(&account, "userLevels") {
        Some(levels) => finding.at(levels, "user levels of the account"),
        None => finding,
    };
    let finding = finding.fix(needed.is_empty().then(|| Fix::without(span)));
    findings.push(finding.help(if needed.is_empty() {
        "remove the scope".to_owned()
    } else {
        format!(
            "remove the scope, or add {}",
            one_of(needed.iter().copied())
        )
    }));
}

fn no_level(subject: &Subject<'_>, key: &AccountKey, findings: &mut Findings) {
    let account = Address::Account(key.clone());
    let Some(span) = subject.known(&account, "userLevels") else {
        return;
    };
    findings.push(
        Finding::new(
            Code::NoLevel,
            format!(
                "tokens of `{key}` have scopes that need a user level, but the account has none"
            ),
        )
        .at(span, "no user level")
        .help("add the level that the calls need; `steersman scopes explain SCOPE` shows it"),
    );
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::accounts;

    #[test]
    fn scopes_without_effect() {
        accounts(
            Code::ScopeWithoutEffect,
            &[
                (
                    "userLevels: [ORG_ADMIN], tokens: [{name: t, scopes: [idn:access-model-metadata:create]}]",
                    0,
                ),
                (
                    "userLevels: [HELPDESK], tokens: [{name: t, scopes: [idn:access-model-metadata:create]}]",
                    1,
                ),
                (
                    "userLevels: [OUR_OWN], tokens: [{name: t, scopes: [idn:access-model-metadata:create]}]",
                    0,
                ),
                (
                    "tokens: [{name: t, scopes: [idn:access-model-metadata:create]}]",
                    0,
                ),
                (
                    "userLevels: [], tokens: [{name: t, scopes: [idn:access-model-metadata:create]}]",
                    0,
                ),
                (
                    "userLevels: [HELPDESK], tokens: [{name: t, scopes: [nonsense]}]",
                    0,
                ),
            ],
        );
    }

    #[test]
    fn accounts_without_level() {
        accounts(
            Code::NoLevel,
            &[
                (
                    "userLevels: [], tokens: [{name: t, scopes: [idn:access-model-metadata:create, idn:access-model-metadata:update]}]",
                    1,
                ),
                (
                    "userLevels: [], tokens: [{name: t, scopes: [sp:scopes:default]}]",
                    0,
                ),
                (
                    "tokens: [{name: t, scopes: [idn:access-model-metadata:create]}]",
                    0,
                ),
                (
                    "userLevels: [HELPDESK], tokens: [{name: t, scopes: [idn:access-model-metadata:create]}]",
                    0,
                ),
            ],
        );
    }
}

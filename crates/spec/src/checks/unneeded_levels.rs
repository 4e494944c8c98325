//! Reports user levels that no token of the account needs.

use super::each::Each;
use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use crate::suggestion::Fix;
use foldhash::HashMap;
use model::{AccountSpec, Scope, TokenSpecs, UserLevel};
use std::collections::BTreeSet;

/// What the answer depends on: levels, scopes and calls.
type Question<'a> = (
    &'a BTreeSet<UserLevel>,
    Vec<&'a BTreeSet<Scope>>,
    Vec<&'a str>,
);

/// The levels of an account that none of its tokens needs.
struct Unneeded<'a> {
    account: &'a AccountSpec,
    levels: Vec<&'a UserLevel>,
}

/// What was found so far.
#[derive(Default)]
pub(super) struct UnneededLevels<'a> {
    /// Accounts with the same levels and scopes get the same answer.
    answers: HashMap<Question<'a>, Vec<usize>>,
    found: Vec<Unneeded<'a>>,
}

impl<'a> Each<'a> for UnneededLevels<'a> {
    fn account(
        &mut self,
        subject: &Subject<'a>,
        account: &'a AccountSpec,
        _findings: &mut Findings,
    ) {
        let (Some(levels), Some(tokens)) = (&account.user_levels, &account.tokens) else {
            return;
        };
        if levels.is_empty() || tokens.is_empty() || !subject.has_whole_tokens(account) {
            return;
        }
        let question = question(levels, tokens);
        let unneeded = self
            .answers
            .entry(question)
            .or_insert_with_key(|(levels, tokens, calls)| answer(levels, tokens, calls));
        let unneeded: Vec<&UserLevel> = unneeded
            .iter()
            .filter_map(|index| levels.iter().nth(*index))
            .filter(|level| !conflicts(level, levels))
            .collect();
        if !unneeded.is_empty() {
            self.found.push(Unneeded {
                account,
                levels: unneeded,
            });
        }
    }

    fn end(&mut self, subject: &Subject<'a>, findings: &mut Findings) {
        if !self.found.is_empty() {
            report_all(subject, std::mem::take(&mut self.found), findings);
        }
    }
}

/// Which of the levels none of the tokens needs.
fn answer(levels: &BTreeSet<UserLevel>, tokens: &[&BTreeSet<Scope>], calls: &[&str]) -> Vec<usize> {
    let levels: Vec<&str> = levels.iter().map(UserLevel::as_str).collect();
    let tokens: Vec<Vec<&str>> = tokens
        .iter()
        .map(|scopes| scopes.iter().map(Scope::as_str).collect())
        .collect();
    let operations: Vec<_> = calls
        .iter()
        .filter_map(|call| catalog::find_call(call).ok())
        .map(|call| call.operation)
        .collect();
    // Where a scope or a call needs another level, the level is wrong, which is reported, and
    // whether one is left over is seen once that is mended.
    let is_without_effect =
        |scope: &&str| catalog::scope_effect(scope, &levels).is_some_and(|effect| effect.is_none());
    if tokens.iter().flatten().any(is_without_effect)
        || (operations.iter()).any(|call| catalog::may_call(call, &levels) == catalog::Verdict::No)
    {
        return Vec::new();
    }
    catalog::unneeded_levels(&levels, &tokens, &operations)
}

fn report_all(subject: &Subject<'_>, found: Vec<Unneeded<'_>>, findings: &mut Findings) {
    let written = written_for(subject);
    for Unneeded { account, levels } in found {
        let places: Vec<Span> = levels
            .iter()
            .filter_map(|level| subject.level(account, level))
            .collect();
        // What a profile has, other accounts may need.
        let is_own = |place: &Span| written.get(place).is_none_or(|accounts| *accounts == 1);
        let is_all = account.user_levels.as_ref().map(BTreeSet::len) == Some(places.len())
            && subject.has_whole_levels(account);
        let all = match (places.iter().min(), places.iter().max()) {
            (Some(first), Some(last)) if is_all => Some(first.to(*last)),
            (_, _) => None,
        };
        for level in levels {
            let Some(place) = subject.level(account, level) else {
                continue;
            };
            // One by one, the last would be left, or a list without an item.
            let fix = match all {
                Some(all) => Fix::without_any(all),
                None => Fix::without(place),
            };
            let fix = is_own(&place).then(|| fix.if_decided());
            report(account, level, place, fix, findings);
        }
    }
}

/// For how many accounts the level at each place is written.
fn written_for(subject: &Subject<'_>) -> HashMap<Span, usize> {
    let mut written: HashMap<Span, usize> = HashMap::default();
    for account in subject.accounts() {
        for level in account.user_levels.iter().flatten() {
            if let Some(place) = subject.level(account, level) {
                *written.entry(place).or_default() += 1;
            }
        }
    }
    written
}

/// Whether one of two levels has to go for another reason, which is reported.
fn conflicts(level: &UserLevel, levels: &BTreeSet<UserLevel>) -> bool {
    let has = |name: &str| levels.iter().any(|level| level.as_str() == name);
    catalog::incompatible_levels()
        .iter()
        .any(|(one, other)| [*one, *other].contains(&level.as_str()) && has(one) && has(other))
}

fn question<'a>(levels: &'a BTreeSet<UserLevel>, tokens: &'a TokenSpecs) -> Question<'a> {
    let by_scopes = tokens
        .values()
        // A token with calls is for these alone, whatever else its scopes allow.
        .filter(|token| token.calls.is_empty())
        .map(|token| &token.scopes);
    let calls = tokens.values().flat_map(|token| &token.calls);
    (
        levels,
        by_scopes.collect(),
        calls.map(String::as_str).collect(),
    )
}

fn report(
    account: &AccountSpec,
    level: &UserLevel,
    place: Span,
    fix: Option<Fix>,
    findings: &mut Findings,
) {
    findings.push(
        Finding::new(
            Code::UnneededLevel,
            format!("no token of `{}` needs the user level {level}", account.key),
        )
        .at(
            place,
            "not needed: the tokens can make the same calls without it",
        )
        .help("remove the level, unless the account uses it in the ISC UI")
        .fix(fix)
        .once_at_its_place("service account"),
    );
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::accounts;

    #[test]
    fn table() {
        accounts(
            Code::UnneededLevel,
            &[
                (
                    "userLevels: [SOURCE_ADMIN], tokens: [{name: t, scopes: [idn:sources:manage]}]",
                    0,
                ),
                (
                    "userLevels: [SOURCE_ADMIN, CERT_ADMIN], tokens: [{name: t, scopes: [idn:sources:manage]}]",
                    1,
                ),
                ("userLevels: [CERT_ADMIN], tokens: []", 0),
                // It is the wrong level, which is reported as such.
                (
                    "userLevels: [CERT_ADMIN], tokens: [{name: t, scopes: [idn:access-profile:read]}]",
                    0,
                ),
                (
                    "userLevels: [CERT_ADMIN], tokens: [{name: t, calls: [POST /sources/v1]}]",
                    0,
                ),
                ("userLevels: [CERT_ADMIN]", 0),
                (
                    "userLevels: [OUR_OWN], tokens: [{name: t, scopes: [sp:scopes:default]}]",
                    0,
                ),
                (
                    "userLevels: [CERT_ADMIN], tokens: [{name: t, calls: [GET /public-identities/v1]}]",
                    1,
                ),
                (
                    "userLevels: [ORG_ADMIN], tokens: [{name: t, calls: [GET /public-identities/v1]}]",
                    1,
                ),
                (
                    "userLevels: [ORG_ADMIN, SOURCE_ADMIN, HELPDESK], tokens: [{name: t, calls: [GET /public-identities/v1]}]",
                    3,
                ),
                (
                    "userLevels: [ORG_ADMIN, SOURCE_ADMIN], tokens: [{name: t, calls: [POST /sources/v1]}]",
                    1,
                ),
                (
                    "userLevels: [SOURCE_ADMIN], tokens: [{name: t, calls: [GET /public-identities/v1]}, {name: u, scopes: [idn:sources:manage]}]",
                    0,
                ),
            ],
        );
    }
}

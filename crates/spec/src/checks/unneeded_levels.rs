//! Reports user levels that no token of the account needs.

use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use crate::suggestion::Fix;
use model::{AccountSpec, UserLevel};
use std::collections::{BTreeSet, HashMap};

/// What the answer depends on: levels, scopes and calls.
type Question = (Vec<String>, Vec<Vec<String>>, Vec<String>);

/// The levels of an account that none of its tokens needs.
struct Unneeded<'a> {
    account: &'a AccountSpec,
    levels: Vec<&'a UserLevel>,
}

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    // Accounts with the same levels and scopes get the same answer.
    let mut answers: HashMap<Question, Vec<usize>> = HashMap::new();
    let mut found = Vec::new();
    for (account, _) in subject.accounts() {
        let (Some(levels), Some(tokens)) = (&account.user_levels, &account.tokens) else {
            continue;
        };
        if levels.is_empty() || tokens.is_empty() || !subject.has_whole_tokens(account) {
            continue;
        }
        let question = question(account);
        let unneeded = answers
            .entry(question)
            .or_insert_with_key(|(levels, tokens, calls)| {
                let operations: Vec<_> = calls
                    .iter()
                    .filter_map(|call| catalog::find_call(call).ok())
                    .map(|call| call.operation)
                    .collect();
                catalog::unneeded_levels(levels, tokens, &operations)
            });
        let unneeded: Vec<&UserLevel> = unneeded
            .iter()
            .filter_map(|index| levels.iter().nth(*index))
            .filter(|level| !conflicts(level, levels))
            .collect();
        if !unneeded.is_empty() {
            found.push(Unneeded {
                account,
                levels: unneeded,
            });
        }
    }
    if found.is_empty() {
        return;
    }
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
    let mut written: HashMap<Span, usize> = HashMap::new();
    for (account, _) in subject.accounts() {
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

fn question(account: &AccountSpec) -> Question {
    let tokens = account.tokens.iter().flat_map(model::TokenSpecs::values);
    (
        account
            .user_levels
            .iter()
            .flatten()
            .map(ToString::to_string)
            .collect(),
        // A token with calls is for these alone, whatever else its scopes allow.
        tokens
            .clone()
            .filter(|token| token.calls.is_empty())
            .map(|token| token.scopes.iter().map(ToString::to_string).collect())
            .collect(),
        tokens
            .flat_map(|token| token.calls.iter().cloned())
            .collect(),
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

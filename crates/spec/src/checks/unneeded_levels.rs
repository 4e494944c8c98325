//! Reports user levels that no token of the account needs.

use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::suggestion::Fix;
use model::{AccountSpec, UserLevel};
use std::collections::{BTreeSet, HashMap};

/// What the answer depends on: levels, scopes and calls.
type Question = (Vec<String>, Vec<Vec<String>>, Vec<String>);

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    // Accounts with the same levels and scopes get the same answer.
    let mut answers: HashMap<Question, Vec<usize>> = HashMap::new();
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
        for index in unneeded {
            if let Some(level) = levels.iter().nth(*index)
                && !conflicts(level, levels)
            {
                report(subject, account, level, findings);
            }
        }
    }
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
        tokens
            .clone()
            .map(|token| token.scopes.iter().map(ToString::to_string).collect())
            .collect(),
        tokens
            .flat_map(|token| token.calls.iter().cloned())
            .collect(),
    )
}

fn report(
    subject: &Subject<'_>,
    account: &AccountSpec,
    level: &UserLevel,
    findings: &mut Findings,
) {
    let Some(span) = subject.level(account, level) else {
        return;
    };
    findings.push(
        Finding::new(
            Code::UnneededLevel,
            format!("no token of `{}` needs the user level {level}", account.key),
        )
        .at(
            span,
            "not needed: the tokens can make the same calls without it",
        )
        .help("remove the level, unless the account uses it in the ISC UI")
        .fix(Fix::without(span).if_decided())
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
            ],
        );
    }
}

//! Rejects levels, scopes and lifetimes that the policy forbids.

use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::suggestion::Fix;
use crate::words::duration;
use model::TokenLifetime;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let policy = &subject.spec().policy;
    for (account, _) in subject.accounts() {
        for level in account.user_levels.iter().flatten() {
            if !policy.forbid_user_levels.contains(level) {
                continue;
            }
            if let Some(span) = subject.level(account, level) {
                findings.push(
                    Finding::new(
                        Code::ForbiddenLevel,
                        format!("policy forbids the user level {level}"),
                    )
                    .at(span, "forbidden by `policy.forbidUserLevels`")
                    .help("remove the level, or change `policy.forbidUserLevels`")
                    .once_at_its_place("service account"),
                );
            }
        }
    }
    for owned in subject.tokens() {
        for scope in &owned.token.scopes {
            if !policy.forbid_scopes.contains(scope) {
                continue;
            }
            if let Some(span) = subject.scope(&owned, scope) {
                findings.push(
                    Finding::new(
                        Code::ForbiddenScope,
                        format!("policy forbids the scope `{scope}`"),
                    )
                    .at(span, "forbidden by `policy.forbidScopes`")
                    .help("remove the scope, or change `policy.forbidScopes`"),
                );
            }
        }
        let Some(longest) = policy.max_token_lifetime else {
            continue;
        };
        let expires = match owned.token.expires {
            TokenLifetime::Never => "never expires".to_owned(),
            TokenLifetime::After(life) if life > longest => {
                format!("expires after {}", duration(life))
            }
            TokenLifetime::After(_) => continue,
        };
        if let Some(place) = subject.nearest(&owned.address, "expires") {
            findings.push(
                Finding::new(
                    Code::LifetimeTooLong,
                    format!(
                        "token `{}` {expires}, policy limit {}",
                        owned.token.name,
                        duration(longest)
                    ),
                )
                .at(place.span, "longer than `policy.maxTokenLifetime`")
                .help(format!(
                    "write `expires: {}` or less, here or under `defaults.token`",
                    duration(longest)
                ))
                .fix(
                    subject
                        .known(&owned.address, "expires")
                        .map(|span| Fix::scalar(span, duration(longest)).if_decided()),
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::{account, snippets};

    fn with(policy: &str, keys: &str) -> String {
        format!("policy: {policy}\n{}", account(keys))
    }

    #[test]
    fn forbidden_levels() {
        let policy = "{forbidUserLevels: [ORG_ADMIN]}";
        snippets(
            Code::ForbiddenLevel,
            &[
                (&with(policy, "userLevels: [HELPDESK]"), 0),
                (&with(policy, "userLevels: [ORG_ADMIN]"), 1),
                (&with("{}", "userLevels: [ORG_ADMIN]"), 0),
            ],
        );
    }

    #[test]
    fn forbidden_scopes() {
        let policy = "{forbidScopes: [sp:scopes:all, sp:search:read]}";
        snippets(
            Code::ForbiddenScope,
            &[
                (
                    &with(policy, "tokens: [{name: t, scopes: [sp:report:read]}]"),
                    0,
                ),
                (
                    &with(policy, "tokens: [{name: t, scopes: [sp:scopes:all]}]"),
                    1,
                ),
                (
                    &with(policy, "tokens: [{name: t, calls: [POST /search/v1]}]"),
                    1,
                ),
            ],
        );
    }

    #[test]
    fn lifetimes() {
        let token = |expires: &str| {
            with(
                "{maxTokenLifetime: 60d}",
                &format!("tokens: [{{name: t, scopes: [sp:report:read]{expires}}}]"),
            )
        };
        snippets(
            Code::LifetimeTooLong,
            &[
                (&token(", expires: 60d"), 0),
                (&token(", expires: 61d"), 1),
                (&token(", expires: never"), 1),
                (&token(""), 1),
            ],
        );
    }
}

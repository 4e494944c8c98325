//! Rejects levels, scopes and lifetimes that the policy forbids.

use super::each::Each;
use super::subject::{Owned, Subject, address_of};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::suggestion::Fix;
use crate::words::duration;
use jiff::SignedDuration;
use model::{AccountSpec, TokenLifetime};
use std::collections::BTreeSet;

/// What the policy forbids; lifetimes of issuer tokens that were reported.
#[derive(Default)]
pub(super) struct Policy {
    reported: BTreeSet<String>,
}

impl<'a> Each<'a> for Policy {
    fn account(
        &mut self,
        subject: &Subject<'a>,
        account: &'a AccountSpec,
        findings: &mut Findings,
    ) {
        let policy = &subject.spec().policy;
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
        if let Some(longest) = policy.max_token_lifetime {
            self.issuer(subject, account, longest, findings);
        }
    }

    fn token(&mut self, subject: &Subject<'a>, owned: &Owned<'a>, findings: &mut Findings) {
        let policy = &subject.spec().policy;
        for scope in &owned.token.scopes {
            if !policy.forbid_scopes.contains(scope) {
                continue;
            }
            if let Some(span) = subject.scope(owned, scope.as_str()) {
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
        if let Some(longest) = policy.max_token_lifetime {
            lifetime(subject, owned, longest, findings);
        }
    }
}

/// The lifetime of a token.
fn lifetime(
    subject: &Subject<'_>,
    owned: &Owned<'_>,
    longest: SignedDuration,
    findings: &mut Findings,
) {
    let expires = match owned.token.expires {
        TokenLifetime::Never => "never expires".to_owned(),
        TokenLifetime::After(life) if life > longest => {
            format!("expires after {}", duration(life))
        }
        TokenLifetime::After(_) => return,
    };
    let finding = Finding::new(
        Code::LifetimeTooLong,
        format!(
            "token `{}` {expires}, policy limit {}",
            owned.token.name,
            duration(longest)
        ),
    );
    let inherited = subject.inherited(owned, &["expires"], |places| places.expires);
    let address = owned.address();
    if let Some(span) = inherited {
        findings.push(
            finding
                .at(span, "longer than `policy.maxTokenLifetime`")
                .help(format!("write `expires: {}` or less", duration(longest)))
                .once_at_its_place("token"),
        );
    } else if let Some(place) = subject.nearest(&address, "expires") {
        findings.push(
            finding
                .at(place.span, "longer than `policy.maxTokenLifetime`")
                .help(format!(
                    "write `expires: {}` or less, here or under `defaults.token`",
                    duration(longest)
                ))
                .fix(
                    subject
                        .known(&address, "expires")
                        .map(|span| Fix::scalar(span, duration(longest)).if_decided()),
                ),
        );
    }
}

impl Policy {
    /// The lifetime of an issuer token; one that is written for many accounts is reported
    /// once.
    fn issuer(
        &mut self,
        subject: &Subject<'_>,
        account: &AccountSpec,
        longest: SignedDuration,
        findings: &mut Findings,
    ) {
        let expires = match account.issuer_life.and_then(|life| life.expires) {
            Some(TokenLifetime::Never) if account.issuer.is_some() => "never expires".to_owned(),
            Some(TokenLifetime::After(life)) if life > longest && account.issuer.is_some() => {
                format!("expires after {}", duration(life))
            }
            Some(TokenLifetime::Never | TokenLifetime::After(_)) | None => return,
        };
        let address = address_of(account);
        let Some(place) = subject.nearest(&address, "issuer") else {
            return;
        };
        let by_default = subject.known(&address, "issuer").is_none();
        if by_default && !self.reported.insert(expires.clone()) {
            return;
        }
        findings.push(
            Finding::new(
                Code::LifetimeTooLong,
                format!(
                    "issuer token of `{}` {expires}, policy limit {}",
                    account.key,
                    duration(longest)
                ),
            )
            .at(place.span, "longer than `policy.maxTokenLifetime`")
            .help(format!(
                "write `expires: {}` or less in `issuer` of the account, or in `defaults.issuer`",
                duration(longest)
            )),
        );
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

    #[test]
    fn lifetimes_of_issuer_tokens() {
        let issuer = |expires: &str| {
            with(
                "{maxTokenLifetime: 60d}",
                &format!("issuer: {{store: local, key: i{expires}}}, tokens: []"),
            )
        };
        snippets(
            Code::LifetimeTooLong,
            &[
                (&issuer(", expires: 60d"), 0),
                (&issuer(", expires: 61d"), 1),
                (&issuer(", expires: never"), 1),
                // Nothing is declared that could be too long.
                (&issuer(""), 0),
            ],
        );
    }
}

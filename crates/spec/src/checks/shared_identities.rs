//! Rejects accounts that share an identity and declare different things for it.
//!
//! User levels and tokens belong to the identity. With two declarations, each apply would
//! undo what the one before has done.

use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use model::{AccountSpec, Address, IdentityId, TokenName};
use std::collections::BTreeMap;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let mut accounts: Vec<(Span, &IdentityId, &AccountSpec)> = subject
        .distinct_accounts()
        .filter_map(|(account, address)| {
            let identity = account.identity.as_ref()?;
            let span = subject.known(&address, "identity")?;
            Some((span, identity, account))
        })
        .collect();
    accounts.sort_by_key(|(span, _, _)| *span);
    let mut by_identity: BTreeMap<&IdentityId, Vec<&AccountSpec>> = BTreeMap::new();
    for (_, identity, account) in accounts {
        by_identity.entry(identity).or_default().push(account);
    }
    for (identity, accounts) in by_identity {
        if accounts.len() > 1 {
            levels(subject, identity, &accounts, findings);
            tokens(subject, identity, &accounts, findings);
        }
    }
}

fn levels(
    subject: &Subject<'_>,
    identity: &IdentityId,
    accounts: &[&AccountSpec],
    findings: &mut Findings,
) {
    let mut declared = accounts
        .iter()
        .filter(|account| account.user_levels.is_some() && subject.has_whole_levels(account));
    let Some(first) = declared.next() else { return };
    for second in declared.filter(|account| account.user_levels != first.user_levels) {
        report(
            subject,
            format!(
                "{} and {} have the same identity `{identity}`, and declare different user levels",
                first.key, second.key
            ),
            [first, second].map(|account| {
                (
                    *account,
                    Address::Account(account.key.clone()),
                    "userLevels",
                )
            }),
            "declare the same `userLevels` on both accounts, or leave them out on one",
            findings,
        );
    }
}

fn tokens(
    subject: &Subject<'_>,
    identity: &IdentityId,
    accounts: &[&AccountSpec],
    findings: &mut Findings,
) {
    let mut first: BTreeMap<&TokenName, &AccountSpec> = BTreeMap::new();
    for account in accounts {
        for name in account.tokens.iter().flat_map(model::TokenSpecs::keys) {
            let Some(earlier) = first.get(name) else {
                first.insert(name, account);
                continue;
            };
            report(
                subject,
                format!(
                    "{} and {} have the same identity `{identity}`, and both declare the token `{name}`",
                    earlier.key, account.key
                ),
                [*earlier, *account].map(|account| {
                    let address = Address::Token(account.key.clone(), name.clone());
                    (account, address, "name")
                }),
                "declare the token on one of the accounts: a token's name is unique for its identity",
                findings,
            );
        }
    }
}

fn report(
    subject: &Subject<'_>,
    what: String,
    places: [(&AccountSpec, Address, &str); 2],
    help: &str,
    findings: &mut Findings,
) {
    let [(first, first_address, field), (second, second_address, _)] = places;
    let place = |address: &Address, account: &AccountSpec| {
        let own = Address::Account(account.key.clone());
        subject
            .nearest(address, field)
            .or_else(|| subject.nearest(&own, "identity"))
    };
    let (Some(one), Some(other)) = (place(&first_address, first), place(&second_address, second))
    else {
        return;
    };
    findings.push(
        Finding::new(Code::SharedIdentity, what)
            .at(other.span, format!("declared by {}", second.key))
            .at(one.span, format!("declared by {}", first.key))
            .help(help),
    );
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::snippets;

    #[test]
    fn planner_07_one_identity_is_declared_in_one_way() {
        let of = |first: &str, second: &str| {
            let token = "{scopes: [\"sp:report:read\"], deliver: {store: local, key: \"{account}/{token}\"}, name: ";
            let account = |id: &str, keys: &str| {
                let keys = keys.replace("TOKEN ", token);
                format!(
                    "  - {{id: {id}, name: {id}, email: a@example.com, purpose: p, issuer: {{store: local, key: \"{{account}}/issuer\"}}, {keys}}}\n"
                )
            };
            format!(
                "stores: {{local: {{directory: secrets}}}}\nsources: [{{name: One, owner: jane.doe}}]\nserviceAccounts:\n{}{}",
                account("A", first),
                account("B", second)
            )
        };
        let one = "identity: i1, userLevels: [REPORT_ADMIN]";
        snippets(
            Code::SharedIdentity,
            &[
                (&of(one, "identity: i1, userLevels: [HELPDESK]"), 1),
                (&of(one, "identity: i1, userLevels: []"), 1),
                (&of(one, one), 0),
                (&of(one, "identity: i1"), 0),
                (&of(one, "identity: i2, userLevels: [HELPDESK]"), 0),
                (&of(one, "userLevels: [HELPDESK]"), 0),
                (
                    &of(
                        "identity: i1, tokens: [TOKEN a}]",
                        "identity: i1, tokens: [TOKEN a}]",
                    ),
                    1,
                ),
                (
                    &of(
                        "identity: i1, tokens: [TOKEN a}]",
                        "identity: i1, tokens: [TOKEN b}]",
                    ),
                    0,
                ),
            ],
        );
    }
}

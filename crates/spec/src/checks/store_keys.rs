//! Keys stay within the directory of their store.

use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use model::{Address, StoreKey, StoreSpec};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for (account, address) in subject.accounts() {
        if let Some(issuer) = &account.issuer {
            one(subject, issuer, &address, "issuer", findings);
        }
        for token in account.tokens.iter().flat_map(|tokens| tokens.values()) {
            let address = Address::Token(account.key.clone(), token.name.clone());
            one(subject, &token.deliver, &address, "deliver", findings);
        }
    }
}

fn one(
    subject: &Subject<'_>,
    place: &StoreKey,
    address: &Address,
    field: &str,
    findings: &mut Findings,
) {
    let is_directory = matches!(
        subject.spec().stores.get(&place.store),
        Some(StoreSpec::Directory { .. } | StoreSpec::Age { .. })
    );
    if !is_directory || stays_within(&place.key) {
        return;
    }
    if let Some(found) = subject.nearest(address, field) {
        findings.push(
            Finding::new(
                Code::UnsafeKey,
                format!(
                    "the key `{}` leads out of the store `{}`",
                    place.key.escape_debug(),
                    place.store
                ),
            )
            .at(found.span, "no path within the directory")
            .help("write a relative path without `..`, such as `{account}/{token}`"),
        );
    }
}

/// Whether a key is a path below the directory that it is put together with.
fn stays_within(key: &str) -> bool {
    !key.contains(['\\', '\0'])
        && key
            .split('/')
            .all(|part| !matches!(part, "" | "." | "..") && !part.ends_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::snippets;

    #[test]
    fn keys() {
        for (key, expected) in [
            ("audit01/monthly-report", true),
            ("a..b/.c", true),
            ("", false),
            ("/etc/passwd", false),
            ("a/../../b", false),
            ("a//b", false),
            ("./a", false),
            ("a\\b", false),
            ("C:/a", false),
        ] {
            assert_eq!(stays_within(key), expected, "{key}");
        }
    }

    #[test]
    fn names_that_lead_out_are_found_where_they_are_used() {
        let account = |name: &str| {
            format!(
                "serviceAccounts: [{{id: a, name: {name}, email: a@example.com, purpose: p, tokens: [{{name: t, scopes: [sp:report:read]}}]}}]\n"
            )
        };
        snippets(
            Code::UnsafeKey,
            &[(&account("audit"), 0), (&account(".."), 2)],
        );
    }
}

//! Rejects store keys that their store cannot use.

use super::each::Each;
use super::subject::{Owned, Subject, address_of};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use model::{AccountSpec, Address, IssuerLife, Readable, StoreKey, StoreSpec, TokenLifetime};

pub(super) struct StoreKeys;

impl<'a> Each<'a> for StoreKeys {
    fn account(
        &mut self,
        subject: &Subject<'a>,
        account: &'a AccountSpec,
        findings: &mut Findings,
    ) {
        if let Some(issuer) = &account.issuer
            && let Some(store) = subject.spec().stores.get(&issuer.store)
        {
            let address = || address_of(account);
            check_key(subject, issuer, store, address, "issuer", findings);
            check_issuer(subject, issuer, store, account, findings);
            check_life(subject, issuer, store, account, findings);
        }
    }

    fn token(&mut self, subject: &Subject<'a>, owned: &Owned<'a>, findings: &mut Findings) {
        let place = &owned.token.deliver;
        if let Some(store) = subject.spec().stores.get(&place.store) {
            let address = || owned.address();
            check_key(subject, place, store, address, "deliver", findings);
            check_delivery(subject, store, owned, findings);
        }
    }
}

/// A secret cannot be delivered to a store that is only read.
fn check_delivery(
    subject: &Subject<'_>,
    store: &StoreSpec,
    owned: &Owned<'_>,
    findings: &mut Findings,
) {
    if store.can_be_written() {
        return;
    }
    let place = &owned.token.deliver;
    if let Some(found) = subject.nearest(&owned.address(), "deliver") {
        findings.push(
            Finding::new(
                Code::ReadOnlyDelivery,
                format!(
                    "token `{}` cannot be delivered to `{}`, a store that steersman only reads",
                    owned.token.name, place.store
                ),
            )
            .at(found.span, "delivery to a store that is only read")
            .help("deliver the token to another store: an `env` store only holds issuer tokens"),
        );
    }
}

/// An issuer token in a store that is only read cannot be replaced.
fn check_life(
    subject: &Subject<'_>,
    place: &StoreKey,
    store: &StoreSpec,
    account: &AccountSpec,
    findings: &mut Findings,
) {
    if store.can_be_written() {
        return;
    }
    let Some(IssuerLife {
        expires,
        rotate: _,
        rotation,
    }) = account.issuer_life
    else {
        return;
    };
    if !matches!(expires, Some(TokenLifetime::After(_))) && rotation == 0 {
        return;
    }
    if let Some(found) = subject.nearest(&address_of(account), "issuer") {
        findings.push(
            Finding::new(
                Code::RotationMisfit,
                format!(
                    "the issuer token in `{}` is never replaced: steersman only reads this store",
                    place.store
                ),
            )
            .at(found.span, "issuer token in a store that is only read")
            .help("write `issuer: {store: …, key: …, expires: never}` for this account, without `rotation`; or keep the issuer token in another store"),
        );
    }
}

/// The issuer token is read from its store whenever a token is created.
fn check_issuer(
    subject: &Subject<'_>,
    place: &StoreKey,
    store: &StoreSpec,
    account: &AccountSpec,
    findings: &mut Findings,
) {
    if store.readable() != Readable::WriteOnly {
        return;
    }
    if let Some(found) = subject.nearest(&address_of(account), "issuer") {
        findings.push(
            Finding::new(
                Code::WriteOnlyIssuer,
                format!(
                    "the issuer token cannot be kept in `{}`, a store that cannot be read",
                    place.store
                ),
            )
            .at(found.span, "issuer token in a write-only store")
            .help("keep issuer tokens in a store that can be read, such as `directory`, `age` or `vault`"),
        );
    }
}

fn check_key(
    subject: &Subject<'_>,
    place: &StoreKey,
    store: &StoreSpec,
    address: impl FnOnce() -> Address,
    field: &str,
    findings: &mut Findings,
) {
    let Err(error) = store.check_key(&place.key) else {
        return;
    };
    let help = match store {
        StoreSpec::Directory { .. } | StoreSpec::Age { .. } => {
            "write a relative path without `..`, such as `{account}/{token}`"
        }
        StoreSpec::Environment { .. } => "write a word, such as `ISSUER_{account}`",
        StoreSpec::ReadyMade(_) => {
            "write a shorter relative path without `..`, such as `{account}/{token}`"
        }
        StoreSpec::Command { .. } => {
            "write a key on one line without `..`, that begins with a letter, a digit or `/`, such as `{account}/{token}`"
        }
    };
    if let Some(found) = subject.nearest(&address(), field) {
        findings.push(
            Finding::new(
                Code::UnsafeKey,
                format!(
                    "cannot use the key `{}` in the store `{}`: {error}",
                    place.key.escape_debug(),
                    place.store
                ),
            )
            .at(found.span, "invalid store key")
            .help(help),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::snippets;

    fn account(name: &str, keys: &str) -> String {
        format!(
            "serviceAccounts: [{{id: a, name: {name}, email: a@example.com, purpose: p, tokens: [{{name: t, scopes: [sp:report:read]{keys}}}]}}]\n"
        )
    }

    #[test]
    fn names_that_lead_out_are_found_where_they_are_used() {
        snippets(
            Code::UnsafeKey,
            &[(&account("audit", ""), 0), (&account("..", ""), 2)],
        );
    }

    #[test]
    fn tokens_3_no_issuer_is_kept_where_it_cannot_be_read() {
        let with = |store: &str| {
            format!(
                "stores: {{own: {store}}}\n{}",
                account("audit", "")
                    .replace("purpose: p", "purpose: p, issuer: {store: own, key: I}")
            )
        };
        snippets(
            Code::WriteOnlyIssuer,
            &[
                (
                    &with("{command: {put: [a, '{key}'], get: [a, '{key}']}}"),
                    0,
                ),
                (&with("{command: {put: [a, '{key}'], writeOnly: true}}"), 1),
                (&with("{githubActionsSecret: {repository: a/b}}"), 1),
            ],
        );
    }

    #[test]
    fn keys_of_commands_are_no_options() {
        let stores = "stores: {own: {command: {put: [a, '{key}'], get: [a, '{key}']}}}\n";
        let with = |key: &str| {
            format!(
                "{stores}{}",
                account("audit", &format!(", deliver: {{store: own, key: {key}}}"))
            )
        };
        snippets(
            Code::UnsafeKey,
            &[
                (&with("/a/b"), 0),
                (&with("--force"), 1),
                (&with("../prod"), 1),
                (&with("file:///etc/passwd"), 1),
            ],
        );
    }
}

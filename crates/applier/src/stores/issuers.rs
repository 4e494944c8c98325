//! Issuer lookup: which accounts have their issuer token in a store.

use super::{Holder, StoreError, Stores};
use futures::StreamExt;
use model::{AccountKey, IssuerState, Spec, error_chain};
use std::collections::BTreeMap;

/// How many places are read at a time. Programs are slow, and each is a process of
/// its own.
const AT_ONCE: usize = 16;

/// Reads the issuer token of each account that declares tokens and an issuer. A
/// store that cannot be read is part of the result.
pub async fn issuers(spec: &Spec, stores: &Stores) -> BTreeMap<AccountKey, IssuerState> {
    let places = spec.accounts.values().filter_map(|account| {
        let place = account.issuer.as_ref()?;
        account.tokens.as_ref().map(|_| (account, place))
    });
    futures::stream::iter(places)
        .map(|(account, place)| async move {
            let state = match stores.get(place).await {
                Ok(Some(document)) => {
                    let names: Vec<_> = std::iter::once(&account.name)
                        .chain(&account.previously.name)
                        .collect();
                    let holder = Holder {
                        account: &names,
                        identity: None,
                        token: None,
                    };
                    match stores.foreign(&document, holder) {
                        Some(why) => IssuerState::Foreign { why },
                        None => IssuerState::Present {
                            client_id: document.credential.client_id,
                        },
                    }
                }
                Ok(None) => IssuerState::Absent,
                Err(StoreError::NotAsked) => IssuerState::NotAsked,
                Err(error) => {
                    let why = format!("{place}: {}", error_chain(&error));
                    IssuerState::Unreadable {
                        why: stores.redactor().redact(&why).into_owned(),
                    }
                }
            };
            (account.key.clone(), state)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

#[cfg(test)]
mod tests {
    use super::issuers;
    use crate::stores::{Commands, Stores};
    use crate::testing::documents::settings;
    use model::{AccountSpec, IssuerState, Previously, Spec, StoreKey, StoreSpec};
    use std::collections::BTreeMap;

    fn account(name: &str, has_tokens: bool, issuer: Option<(&str, &str)>) -> AccountSpec {
        AccountSpec {
            key: name.into(),
            source: "Service Accounts".into(),
            name: name.into(),
            row: None,
            user_levels: None,
            tokens: has_tokens.then(BTreeMap::new),
            issuer: issuer.map(|(store, key)| StoreKey {
                store: store.into(),
                key: key.to_owned(),
            }),
            previously: Previously::default(),
            identity: None,
        }
    }

    #[tokio::test]
    async fn every_account_with_tokens_and_an_issuer_is_answered() {
        let folder = tempfile::tempdir().unwrap();
        let text = r#"{"clientId":"2f9c","clientSecret":"s3cr3t"}"#;
        fs_err::write(folder.path().join("present"), text).unwrap();
        fs_err::write(folder.path().join("broken"), "s3cr3t").unwrap();
        let store = StoreSpec::Directory {
            path: folder.path().to_str().unwrap().to_owned(),
        };
        let marker = folder.path().join("marker").to_str().unwrap().to_owned();
        let program = StoreSpec::Command {
            put: vec!["false".to_owned()],
            get: vec!["touch".to_owned(), marker.clone()],
            delete: None,
            not_found: None,
            environment: [].into(),
        };
        let foreign = r#"{"clientId":"2f9c","clientSecret":"s3cr3t","baseUrl":"https://other"}"#;
        fs_err::write(folder.path().join("foreign"), foreign).unwrap();
        let accounts = [
            account("foreign", true, Some(("local", "foreign"))),
            account("program", true, Some(("vault", "x"))),
            account("present", true, Some(("local", "present"))),
            account("absent", true, Some(("local", "absent"))),
            account("broken", true, Some(("local", "broken"))),
            account("undeclared", true, Some(("git", "present"))),
            account("no tokens", false, Some(("local", "present"))),
            account("no issuer", true, None),
        ];
        let spec = Spec {
            stores: [("local".into(), store), ("vault".into(), program)].into(),
            accounts: accounts
                .into_iter()
                .map(|account| (account.key.clone(), account))
                .collect(),
            ..Spec::default()
        };
        let found = issuers(
            &spec,
            &Stores::new(&spec.stores, &settings(Commands::NotAllowed)),
        )
        .await;
        let place = fs_err::canonicalize(folder.path()).unwrap().join("broken");
        let unreadable = |why: String| IssuerState::Unreadable { why };
        let expected = [
            ("absent", IssuerState::Absent),
            (
                "broken",
                unreadable(format!(
                    "local:broken: `{}` does not contain a valid secret document: it is not valid JSON (line 1, column 1)",
                    place.display()
                )),
            ),
            (
                "foreign",
                IssuerState::Foreign {
                    why: "it is for the tenant https://other, this run is for https://acme.api.identitynow.com".to_owned(),
                },
            ),
            ("program", IssuerState::NotAsked),
            (
                "present",
                IssuerState::Present {
                    client_id: "2f9c".into(),
                },
            ),
            (
                "undeclared",
                unreadable("git:present: store `git` is not declared in any file".to_owned()),
            ),
        ];
        let expected = expected.map(|(account, state)| (account.into(), state));
        assert_eq!(found, expected.into());
        assert!(fs_err::metadata(marker).is_err(), "the program ran");
    }
}

//! Declared secrets: what the stores hold for each issuer and token.

use super::passed_on::{other_secret, passed_on};
use super::{Holder, StoreError, Stores};
use crate::journal::{Earlier, Target};
use futures::StreamExt;
use model::{
    AccountKey, AccountName, AccountSpec, Address, DeliveredThere, IssuerOrigin, IssuerState,
    OtherSecret, SecretDocument, Spec, StoreKey, StoredToken, TokenId, TokenName, TokenSpec,
    error_chain,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many places are read at a time. Programs are slow, and each is a process of
/// its own.
const AT_ONCE: usize = 16;

/// What the stores hold for the declared issuers and tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredSecrets {
    /// By account, its issuer token.
    pub issuers: BTreeMap<AccountKey, IssuerState>,
    /// By account, where earlier runs put an issuer token that is not in its declared place.
    pub elsewhere: BTreeMap<AccountKey, StoreKey>,
    /// By account, the variable of its issuer token, in a store that is only read.
    pub variables: BTreeMap<AccountKey, String>,
    /// By account and name, its tokens.
    pub tokens: BTreeMap<AccountKey, BTreeMap<TokenName, StoredToken>>,
    /// The tokens whose place cannot be read, with the tokens that earlier runs delivered
    /// there last, and that no file declares there by now.
    pub passed_on: BTreeMap<Address, BTreeSet<DeliveredThere>>,
}

/// Reads the place of each declared secret: the issuers of the accounts that declare
/// tokens, and the tokens. A store that cannot be read is part of the result.
///
/// `earlier` has the places that earlier runs delivered tokens to. Where a token's declared
/// place has nothing, they are read, too. It is all that is known of a store that cannot be
/// read: also where runs for other tenants delivered to, and when tokens were created.
pub async fn stored_secrets(spec: &Spec, stores: &Stores, earlier: &Earlier) -> StoredSecrets {
    let found: Vec<Found<'_>> = futures::stream::iter(spec.accounts.values().flat_map(declared))
        .map(|declared| read(declared, stores, earlier))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let mut secrets = StoredSecrets {
        variables: variables(spec),
        passed_on: passed_on(spec, stores, earlier),
        ..StoredSecrets::default()
    };
    for found in found {
        match found {
            Found::Issuer(account, state, elsewhere) => {
                let elsewhere = elsewhere.map(|place| (account.clone(), place.clone()));
                secrets.elsewhere.extend(elsewhere);
                secrets.issuers.insert(account.clone(), state);
            }
            Found::Token(account, token, stored) => {
                let tokens = secrets.tokens.entry(account.clone()).or_default();
                tokens.insert(token.clone(), stored);
            }
        }
    }
    secrets
}

/// The variables that hold issuer tokens, by account.
fn variables(spec: &Spec) -> BTreeMap<AccountKey, String> {
    spec.accounts
        .values()
        .filter_map(|account| {
            let place = account.issuer.as_ref()?;
            let variable = spec.stores.get(&place.store)?.variable(&place.key)?;
            Some((account.key.clone(), variable))
        })
        .collect()
}

/// A secret that a spec declares.
enum Declared<'a> {
    Issuer(&'a AccountSpec, &'a StoreKey),
    Token(&'a AccountSpec, &'a TokenSpec),
}

/// What is in its place.
enum Found<'a> {
    /// With the place that holds it, where that is another one.
    Issuer(&'a AccountKey, IssuerState, Option<&'a StoreKey>),
    Token(&'a AccountKey, &'a TokenName, StoredToken),
}

fn declared(account: &AccountSpec) -> impl Iterator<Item = Declared<'_>> {
    let tokens = account.tokens.iter().flat_map(model::TokenSpecs::values);
    let issuer = account.issuer.iter().filter(|_| account.tokens.is_some());
    issuer
        .map(|place| Declared::Issuer(account, place))
        .chain(tokens.map(|token| Declared::Token(account, token)))
}

async fn read<'a>(declared: Declared<'a>, stores: &Stores, earlier: &'a Earlier) -> Found<'a> {
    let Earlier {
        delivered,
        of_others,
        ..
    } = earlier;
    match declared {
        Declared::Issuer(account, place) => {
            let state = match held(stores, account, None, place).await {
                Held::Nothing => IssuerState::Absent,
                Held::Secret(document) if !stores.can_be_written(&place.store) => {
                    IssuerState::Present {
                        client_id: document.credential.client_id,
                        origin: IssuerOrigin::Variable,
                    }
                }
                Held::Secret(document) => IssuerState::Present {
                    client_id: document.credential.client_id,
                    origin: match document.replaces {
                        Some(replaces) => IssuerOrigin::Steersman {
                            replaces,
                            rotation: document.rotation,
                        },
                        None => IssuerOrigin::Person,
                    },
                },
                Held::NotAsked => IssuerState::NotAsked,
                // No file declares an issuer token there.
                Held::WriteOnly => IssuerState::Unreadable {
                    why: format!("{place}: {}", StoreError::WriteOnly),
                },
                Held::Foreign(why, _) => IssuerState::Foreign { why },
                Held::Unreadable(why) => IssuerState::Unreadable { why },
            };
            let elsewhere = match &state {
                IssuerState::Absent => issuer_elsewhere(stores, account, place, delivered).await,
                _ => None,
            };
            Found::Issuer(&account.key, state, elsewhere)
        }
        Declared::Token(account, token) => {
            let stored = match held(stores, account, Some(&token.name), &token.deliver).await {
                Held::Nothing => match elsewhere(stores, account, token, delivered).await {
                    Some((at, Some(client_id))) => StoredToken::Elsewhere {
                        at,
                        client_id,
                        is_read: true,
                    },
                    Some((_, None)) | None => StoredToken::Absent,
                },
                Held::Secret(document) => StoredToken::Present {
                    says_own: says_own(&document, account, &token.name),
                    rotation: document.rotation,
                    previous: document
                        .previous
                        .map(|previous| previous.credential.client_id),
                    client_id: document.credential.client_id,
                },
                Held::NotAsked => StoredToken::NotAsked,
                Held::WriteOnly => match of_other(stores, of_others, &token.deliver) {
                    None => match elsewhere(stores, account, token, delivered).await {
                        Some((at, Some(client_id))) => StoredToken::Elsewhere {
                            at,
                            client_id,
                            is_read: false,
                        },
                        Some((at, None)) => {
                            delivered_elsewhere(stores, account, token, (at, earlier))
                        }
                        None => StoredToken::WriteOnly,
                    },
                    Some(tenant) => StoredToken::Foreign {
                        why: format!("the journal says that it is for the tenant {tenant}"),
                        of: None,
                    },
                },
                Held::Foreign(why, document) => {
                    let of = match other_secret(stores, *document) {
                        None => None,
                        Some(other) => {
                            let at = elsewhere(stores, account, token, delivered).await;
                            Some(Box::new(OtherSecret {
                                declared_one: at.and_then(|(at, id)| Some((at, id?))),
                                ..other
                            }))
                        }
                    };
                    StoredToken::Foreign { why, of }
                }
                Held::Unreadable(why) => StoredToken::Unreadable { why },
            };
            Found::Token(&account.key, &token.name, stored)
        }
    }
}

/// The tenant that a run for another one delivered to this place for, if the journal knows
/// one.
fn of_other<'a>(
    stores: &Stores,
    of_others: &'a BTreeMap<Target, String>,
    place: &StoreKey,
) -> Option<&'a String> {
    let by_place = stores.target(place).map(Target::Place);
    let by_place = by_place.and_then(|target| of_others.get(&target));
    by_place.or_else(|| of_others.get(&Target::Named(place.clone())))
}

/// What one place holds.
enum Held {
    Nothing,
    Secret(Box<SecretDocument>),
    NotAsked,
    WriteOnly,
    /// With what differs.
    Foreign(String, Box<SecretDocument>),
    Unreadable(String),
}

async fn held(
    stores: &Stores,
    account: &AccountSpec,
    token: Option<&TokenName>,
    place: &StoreKey,
) -> Held {
    match stores.get(place).await {
        Ok(Some(document)) => {
            let names: Vec<_> = names(account).collect();
            let holder = Holder {
                account: &names,
                identity: None,
                token,
            };
            match stores.foreign(&document, holder) {
                Some(why) => Held::Foreign(why, Box::new(document)),
                None => Held::Secret(Box::new(document)),
            }
        }
        Ok(None) => Held::Nothing,
        Err(StoreError::NotAsked) => Held::NotAsked,
        Err(StoreError::WriteOnly) => Held::WriteOnly,
        Err(error) => {
            let why = format!("{place}: {}", error_chain(&error));
            Held::Unreadable(stores.redactor().redact(&why).into_owned())
        }
    }
}

/// The place that an earlier run put the issuer token into, where it still holds one.
async fn issuer_elsewhere<'a>(
    stores: &Stores,
    account: &AccountSpec,
    declared: &StoreKey,
    delivered: &'a BTreeMap<Address, StoreKey>,
) -> Option<&'a StoreKey> {
    let at = last(account, delivered, Address::Issuer)?;
    if at == declared {
        return None;
    }
    match held(stores, account, None, at).await {
        Held::Secret(_) => Some(at),
        Held::Nothing
        | Held::NotAsked
        | Held::WriteOnly
        | Held::Foreign(..)
        | Held::Unreadable(_) => None,
    }
}

/// A token whose declared place has nothing, or is written to only: where an earlier run
/// delivered it to, and the client id of the secret there, where that can be read.
async fn elsewhere(
    stores: &Stores,
    account: &AccountSpec,
    token: &TokenSpec,
    delivered: &BTreeMap<Address, StoreKey>,
) -> Option<(StoreKey, Option<TokenId>)> {
    let at = last(account, delivered, |key| {
        Address::Token(key, token.name.clone())
    })
    .filter(|at| **at != token.deliver)?;
    match held(stores, account, Some(&token.name), at).await {
        Held::Secret(document) => Some((at.clone(), Some(document.credential.client_id))),
        Held::Nothing
        | Held::NotAsked
        | Held::WriteOnly
        | Held::Foreign(..)
        | Held::Unreadable(_) => Some((at.clone(), None)),
    }
}

/// A token whose declared place is written to only, and which the journal says went to
/// another one that shows nothing. The journal knows its id.
fn delivered_elsewhere(
    stores: &Stores,
    account: &AccountSpec,
    token: &TokenSpec,
    (at, earlier): (StoreKey, &Earlier),
) -> StoredToken {
    let of_token = |key| Address::Token(key, token.name.clone());
    let Some(created) = last(account, &earlier.created, of_token) else {
        return StoredToken::WriteOnly;
    };
    // Another name for the same place is no other place.
    if created.target.is_some() && created.target == stores.target(&token.deliver) {
        return StoredToken::WriteOnly;
    }
    StoredToken::Elsewhere {
        at,
        client_id: created.token.clone(),
        is_read: false,
    }
}

/// What the journal has of a secret of an account, under its `id` or the one before.
fn last<'a, T>(
    account: &AccountSpec,
    journal: &'a BTreeMap<Address, T>,
    of: impl Fn(AccountKey) -> Address,
) -> Option<&'a T> {
    let before = account.previously.id.as_ref();
    journal
        .get(&of(account.key.clone()))
        .or_else(|| journal.get(&of(AccountKey::new(before?.as_str()))))
}

/// Whether a document says itself that it is of this account and token.
fn says_own(document: &SecretDocument, account: &AccountSpec, token: &TokenName) -> bool {
    document.token.as_ref() == Some(token)
        && document
            .account
            .as_ref()
            .is_some_and(|found| names(account).any(|name| name == found))
}

/// The names that an account has and had.
fn names(account: &AccountSpec) -> impl Iterator<Item = &AccountName> {
    std::iter::once(&account.name).chain(&account.previously.name)
}

#[cfg(test)]
mod tests {
    use super::stored_secrets;
    use crate::Earlier;
    use crate::stores::{Commands, Stores};
    use crate::testing::documents::settings;
    use model::{
        AccountSpec, Address, IssuerState, Previously, Spec, StoreKey, StoreSpec, StoredToken,
        TokenLifetime, TokenSpec,
    };

    fn account(name: &str, has_tokens: bool, issuer: Option<(&str, &str)>) -> AccountSpec {
        AccountSpec {
            issuer_life: None,
            key: name.into(),
            source: "Service Accounts".into(),
            name: name.into(),
            row: None,
            user_levels: None,
            tokens: has_tokens.then(model::TokenSpecs::new),
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
        let text = r#"{"clientId":"2f9c","clientSecret":"s3cr3t-of-a-token"}"#;
        fs_err::write(folder.path().join("present"), text).unwrap();
        fs_err::write(folder.path().join("broken"), "s3cr3t").unwrap();
        let store = StoreSpec::Directory {
            path: folder.path().to_str().unwrap().to_owned(),
        };
        let marker = folder.path().join("marker").to_str().unwrap().to_owned();
        let program = StoreSpec::Command {
            put: vec!["false".to_owned()],
            get: Some(vec!["touch".to_owned(), marker.clone()]),
            delete: None,
            not_found: None,
            environment: [].into(),
        };
        let foreign =
            r#"{"clientId":"2f9c","clientSecret":"s3cr3t-of-a-token","baseUrl":"https://other"}"#;
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
        let stores = Stores::new(&spec.stores, &settings(Commands::NotAllowed));
        let found = stored_secrets(&spec, &stores, &Earlier::default())
            .await
            .issuers;
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
                    client_id: "2f9c".into(), origin: model::IssuerOrigin::Person },
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

    #[tokio::test]
    async fn planner_17_the_place_of_every_declared_token_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let document = |more: &str| {
            let base = "https://acme.api.identitynow.com";
            format!(
                r#"{{"clientId":"2f9c","clientSecret":"s3cr3t-of-a-token","baseUrl":"{base}"{more}}}"#
            )
        };
        for (file, text) in [
            ("own", document(r#","account":"audit01","token":"own""#)),
            ("bare", document("")),
            (
                "other",
                document(r#","account":"audit01","token":"nightly""#),
            ),
            ("broken", "s3cr3t".to_owned()),
            ("old", document(r#","account":"audit01","token":"moved""#)),
        ] {
            fs_err::write(folder.path().join(file), text).unwrap();
        }
        let store = |path: &str| StoreSpec::Directory {
            path: path.to_owned(),
        };
        let program = StoreSpec::Command {
            put: vec!["false".to_owned()],
            get: Some(vec!["false".to_owned()]),
            delete: None,
            not_found: None,
            environment: [].into(),
        };
        let key = |store: &str, key: &str| StoreKey {
            store: store.into(),
            key: key.to_owned(),
        };
        let names = ["own", "bare", "other", "broken", "absent", "moved", "vault"];
        let mut audit01 = account("audit01", true, None);
        audit01.tokens = Some(
            names
                .map(|name| {
                    let token = TokenSpec {
                        name: name.into(),
                        scopes: [].into(),
                        calls: Vec::new(),
                        access_token_validity: None,
                        expires: TokenLifetime::Never,
                        rotate: None,
                        overlap: model::Overlap::default(),
                        rotation: 0,
                        purpose: None,
                        owners: Vec::new(),
                        deliver: key(if name == "vault" { "vault" } else { "local" }, name),
                        form: model::DeliveredForm::Json,
                    };
                    (token.name.clone(), token)
                })
                .into_iter()
                .collect(),
        );
        let spec = Spec {
            stores: [
                ("local".into(), store(folder.path().to_str().unwrap())),
                ("vault".into(), program),
            ]
            .into(),
            accounts: [(audit01.key.clone(), audit01)].into(),
            ..Spec::default()
        };
        let stores = Stores::new(&spec.stores, &settings(Commands::NotAllowed));
        let at =
            |name: &str, place: StoreKey| (Address::Token("audit01".into(), name.into()), place);
        // A place that cannot be read shows nothing.
        let delivered = [
            at("moved", key("local", "old")),
            at("absent", key("gone", "absent")),
            at("own", key("local", "old")),
        ];
        let earlier = Earlier {
            delivered: delivered.into(),
            ..Earlier::default()
        };
        let found = stored_secrets(&spec, &stores, &earlier).await;
        let found = &found.tokens["audit01"];
        let present = |says_own| StoredToken::Present {
            client_id: "2f9c".into(),
            says_own,
            rotation: 0,
            previous: None,
        };
        assert_eq!(found["own"], present(true));
        assert_eq!(found["bare"], present(false));
        assert_eq!(found["absent"], StoredToken::Absent);
        assert_eq!(found["vault"], StoredToken::NotAsked);
        assert_eq!(
            found["moved"],
            StoredToken::Elsewhere {
                at: key("local", "old"),
                client_id: "2f9c".into(),
                is_read: true,
            }
        );
        let StoredToken::Foreign { why, of: Some(of) } = &found["other"] else {
            panic!("{found:?}");
        };
        assert!(why.contains("of token nightly"), "{why}");
        assert_eq!(of.client_id, "2f9c".into());
        assert_eq!(of.token, Some("nightly".into()));
        let StoredToken::Unreadable { why } = &found["broken"] else {
            panic!("{found:?}");
        };
        assert!(why.starts_with("local:broken: ") && !why.contains("s3cr3t"));
    }
}

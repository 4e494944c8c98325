//! What every store does, whatever it keeps its secrets in.

use applier::{Commands, Environment, SecretsOf, StoreError, StoreSettings, Stores};
use model::{Credential, DeliveredForm, Readable, Redactor, SecretDocument, StoreKey, StoreSpec};
use secrecy::ExposeSecret;
use std::ffi::OsString;

/// What the secrets begin with, so that one is found wherever it does not belong.
pub(crate) const SECRET: &str = "s3cr3t-of-a-token-";

const REPORT: &str = "acme/audit01/monthly-report";

/// Keys that one system or another does not take as they are.
const KEYS: [&str; 12] = [
    "acme/audit01/Monthly-Report",
    "acme/audit01/monthly_report",
    "acme/audit01/monthly-report2",
    "acme.audit01.monthly-report",
    "acme-audit01-monthly-report",
    "acme/Service Accounts/$(id)",
    "acme/audit01/a'b\"c",
    "acme/zürich/z",
    "a/b%2Fc?d=e#f",
    "a/-b-/.c.",
    "a/_/__",
    "1/2",
];

/// The store `s` of this kind, with these variables.
pub(crate) fn open(spec: StoreSpec, variables: &[(&str, &str)]) -> Stores {
    let variables = variables
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let settings = StoreSettings {
        tenant: SecretsOf::Tenant("https://acme.api.identitynow.com".to_owned()),
        commands: Commands::Allowed,
        environment: Environment::new(variables),
        redactor: Redactor::default(),
    };
    Stores::new(&[("s".into(), spec)].into(), &settings)
}

pub(crate) fn at(key: &str) -> StoreKey {
    StoreKey {
        store: "s".into(),
        key: key.to_owned(),
    }
}

pub(crate) fn document(number: usize) -> SecretDocument {
    SecretDocument {
        credential: Credential {
            client_id: format!("id-{number}").as_str().into(),
            client_secret: format!("{SECRET}{number}").into(),
        },
        base_url: Some("https://acme.api.identitynow.com".to_owned()),
        account: Some("audit01".into()),
        identity: Some("2c91".into()),
        token: Some("monthly-report".into()),
        scopes: ["sp:report:read".into(), "sp:search:read".into()].into(),
        created: Some("2026-11-24T20:00:00Z".parse().unwrap()),
        expires: Some("2027-02-22T20:00:00Z".parse().unwrap()),
        replaces: Some("1e8b".into()),
        rotation: 2,
        previous: None,
    }
}

/// The number of the document that a key has.
async fn number(stores: &Stores, key: &str) -> Option<usize> {
    let found = stores.get(&at(key)).await.unwrap()?;
    let secret = found.credential.client_secret.expose_secret();
    let number = secret.strip_prefix(SECRET).unwrap().parse().unwrap();
    let SecretDocument {
        credential: _,
        base_url,
        account,
        identity,
        token,
        scopes,
        created,
        expires,
        replaces,
        rotation,
        previous: _,
    } = document(number);
    assert_eq!(found.credential.client_id.as_str(), format!("id-{number}"));
    assert_eq!(found.base_url, base_url);
    assert_eq!(found.account, account);
    assert_eq!(found.identity, identity);
    assert_eq!(found.token, token);
    assert_eq!(found.scopes, scopes);
    assert_eq!(found.created, created);
    assert_eq!(found.expires, expires);
    assert_eq!(found.replaces, replaces);
    assert_eq!(found.rotation, rotation);
    Some(number)
}

/// Reads, probes, writes, replaces and deletes; keys do not touch each other.
pub(crate) async fn keeps(stores: &Stores) {
    assert_eq!(stores.readable(&"s".into()), Readable::Yes);
    assert_eq!(number(stores, REPORT).await, None);
    stores.probe(&at(REPORT)).await.unwrap();
    assert_eq!(number(stores, REPORT).await, None, "a probe left a secret");
    stores.put(&at(REPORT), &document(1)).await.unwrap();
    assert_eq!(number(stores, REPORT).await, Some(1));
    stores.probe(&at(REPORT)).await.unwrap();
    assert_eq!(
        number(stores, REPORT).await,
        Some(1),
        "a probe changed a secret"
    );
    stores.put(&at(REPORT), &document(2)).await.unwrap();
    assert_eq!(number(stores, REPORT).await, Some(2));
    for (index, form) in [DeliveredForm::Dotenv, DeliveredForm::Sail]
        .into_iter()
        .enumerate()
    {
        let written = document(10 + index);
        stores.put_as(&at(REPORT), &written, form).await.unwrap();
        assert_eq!(number(stores, REPORT).await, Some(10 + index), "{form:?}");
    }
    let mut written = Vec::new();
    for (index, key) in KEYS.into_iter().enumerate() {
        match stores.put(&at(key), &document(100 + index)).await {
            Ok(()) => written.push((key, 100 + index)),
            Err(StoreError::BadKey { .. }) => {}
            Err(error) => panic!("{key}: {error}"),
        }
    }
    for (key, expected) in &written {
        assert_eq!(number(stores, key).await, Some(*expected), "{key}");
    }
    assert_eq!(number(stores, REPORT).await, Some(11));
    for (key, _) in &written {
        stores.delete(&at(key)).await.unwrap();
        assert_eq!(number(stores, key).await, None, "{key}");
    }
    stores.delete(&at(REPORT)).await.unwrap();
    assert_eq!(number(stores, REPORT).await, None);
    stores.delete(&at(REPORT)).await.unwrap();
    stores.probe(&at(REPORT)).await.unwrap();
    stores.put(&at(REPORT), &document(3)).await.unwrap();
    assert_eq!(number(stores, REPORT).await, Some(3));
    stores.delete(&at(REPORT)).await.unwrap();
}

/// A store that refuses the caller has not said that it has nothing.
pub(crate) async fn refuses(stores: &Stores) {
    for error in failures(stores).await {
        assert!(matches!(error, StoreError::NotAllowed { .. }), "{error:?}");
    }
}

/// A store that does not answer has not said anything.
pub(crate) async fn is_unreachable(stores: &Stores) {
    for error in failures(stores).await {
        assert!(
            matches!(error, StoreError::ProgramFailed { .. }),
            "{error:?}"
        );
    }
}

async fn failures(stores: &Stores) -> Vec<StoreError> {
    let key = at(REPORT);
    let mut errors = vec![
        stores.probe(&key).await.unwrap_err(),
        stores.put(&key, &document(1)).await.unwrap_err(),
        stores.delete(&key).await.unwrap_err(),
    ];
    if stores.readable(&"s".into()) == Readable::Yes {
        errors.push(stores.get(&key).await.unwrap_err());
    }
    for error in &errors {
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error}");
    }
    errors
}

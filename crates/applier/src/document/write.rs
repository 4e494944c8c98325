//! Writer for secret documents.

use jiff::Timestamp;
use model::{
    AccountName, Credential, IdentityId, PreviousSecret, Scope, SecretDocument, TokenId, TokenName,
};
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io;

/// The fields in the order in which they are written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: &'a Option<String>,
    client_id: &'a str,
    client_secret: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: &'a Option<AccountName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: &'a Option<IdentityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: &'a Option<TokenName>,
    scopes: &'a BTreeSet<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: &'a Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: &'a Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: &'a Option<TokenId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<Previous<'a>>,
}

/// The secret of the token before, while it is kept.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Previous<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    scopes: &'a BTreeSet<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: &'a Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: &'a Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation: Option<u32>,
    until: &'a Timestamp,
}

impl<'a> Previous<'a> {
    fn of(previous: &'a PreviousSecret) -> Self {
        let PreviousSecret {
            credential:
                Credential {
                    client_id,
                    client_secret,
                },
            scopes,
            created,
            expires,
            rotation,
            until,
        } = previous;
        Self {
            client_id: client_id.as_str(),
            client_secret: client_secret.expose_secret(),
            scopes,
            created,
            expires,
            rotation: (*rotation != 0).then_some(*rotation),
            until,
        }
    }
}

/// The document as indented JSON that ends with a line break, in memory that is
/// wiped when it is dropped.
pub(crate) fn write(document: &SecretDocument) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    let SecretDocument {
        credential: Credential {
            client_id,
            client_secret,
        },
        base_url,
        account,
        identity,
        token,
        scopes,
        created,
        expires,
        replaces,
        rotation,
        previous,
    } = document;
    let written = Written {
        base_url,
        client_id: client_id.as_str(),
        client_secret: client_secret.expose_secret(),
        account,
        identity,
        token,
        scopes,
        created,
        expires,
        replaces,
        rotation: (*rotation != 0).then_some(*rotation),
        previous: previous.as_deref().map(Previous::of),
    };
    // A vector that grows leaves copies of what it held behind. So the text is
    // counted first, and then written into memory of the right size.
    let mut size = Count(1);
    serde_json::to_writer_pretty(&mut size, &written)?;
    let mut text = Zeroizing::new(Vec::with_capacity(size.0));
    serde_json::to_writer_pretty(&mut *text, &written)?;
    text.push(b'\n');
    Ok(text)
}

/// What a document is of, in one line of JSON without the credential and the tenant.
pub(super) fn facts(document: &SecretDocument) -> Result<String, serde_json::Error> {
    let SecretDocument {
        credential: _,
        base_url: _,
        account,
        identity,
        token,
        scopes,
        created,
        expires,
        replaces,
        rotation,
        // Only a JSON document keeps another secret.
        previous: _,
    } = document;
    serde_json::to_string(&Facts {
        account,
        identity,
        token,
        scopes,
        created,
        expires,
        replaces,
        rotation: Some(*rotation).filter(|rotation| *rotation > 0),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Facts<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    account: &'a Option<AccountName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: &'a Option<IdentityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: &'a Option<TokenName>,
    scopes: &'a BTreeSet<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: &'a Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: &'a Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: &'a Option<TokenId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation: Option<u32>,
}

/// Counts what is written to it.
struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::document::read;
    use model::{Credential, PreviousSecret, SecretDocument};
    use secrecy::ExposeSecret;

    fn full() -> SecretDocument {
        SecretDocument {
            credential: Credential {
                client_id: "2f9c".into(),
                client_secret: "tabs\tand \"quotes\"".to_owned().into(),
            },
            base_url: Some("https://acme.api.identitynow.com".to_owned()),
            account: Some("audit01".into()),
            identity: Some("2c91".into()),
            token: Some("monthly-report".into()),
            scopes: ["sp:search:read".into(), "sp:report:read".into()].into(),
            created: Some("2026-11-24T20:00:00Z".parse().unwrap()),
            expires: Some("2027-02-22T20:00:00Z".parse().unwrap()),
            replaces: Some("1e8b".into()),
            rotation: 2,
            previous: Some(Box::new(PreviousSecret {
                credential: Credential {
                    client_id: "1e8b".into(),
                    client_secret: "s3cr3t-before".to_owned().into(),
                },
                scopes: ["sp:search:read".into()].into(),
                created: None,
                expires: None,
                rotation: 1,
                until: "2026-11-26T00:00:00Z".parse().unwrap(),
            })),
        }
    }

    #[test]
    fn the_fields_have_their_names_and_order() {
        let text = write(&full()).unwrap();
        assert_eq!(
            std::str::from_utf8(&text).unwrap(),
            r#"{
  "baseUrl": "https://acme.api.identitynow.com",
  "clientId": "2f9c",
  "clientSecret": "tabs\tand \"quotes\"",
  "account": "audit01",
  "identity": "2c91",
  "token": "monthly-report",
  "scopes": [
    "sp:report:read",
    "sp:search:read"
  ],
  "created": "2026-11-24T20:00:00Z",
  "expires": "2027-02-22T20:00:00Z",
  "replaces": "1e8b",
  "rotation": 2,
  "previous": {
    "clientId": "1e8b",
    "clientSecret": "s3cr3t-before",
    "scopes": [
      "sp:search:read"
    ],
    "rotation": 1,
    "until": "2026-11-26T00:00:00Z"
  }
}
"#
        );
        assert_eq!(text.len(), text.capacity(), "the text was moved");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let back = read(&write(&full()).unwrap()).unwrap();
        let SecretDocument {
            credential,
            base_url,
            account,
            identity,
            token,
            scopes,
            created,
            expires,
            replaces,
            rotation,
            previous,
        } = full();
        assert_eq!(back.rotation, rotation);
        assert_eq!(back.credential.client_id, credential.client_id);
        assert_eq!(
            back.credential.client_secret.expose_secret(),
            credential.client_secret.expose_secret()
        );
        assert_eq!(back.base_url, base_url);
        assert_eq!(back.account, account);
        assert_eq!(back.identity, identity);
        assert_eq!(back.token, token);
        assert_eq!(back.scopes, scopes);
        assert_eq!(back.created, created);
        assert_eq!(back.expires, expires);
        assert_eq!(back.replaces, replaces);
        assert_eq!(back.rotation, rotation);
        let (back, previous) = (back.previous.unwrap(), previous.unwrap());
        let (secret, expected) = (back.credential, previous.credential);
        assert_eq!(secret.client_id, expected.client_id);
        assert_eq!(
            secret.client_secret.expose_secret(),
            expected.client_secret.expose_secret()
        );
        assert_eq!(back.scopes, previous.scopes);
        assert_eq!(back.rotation, previous.rotation);
        assert_eq!(back.until, previous.until);
    }

    #[test]
    fn what_a_person_wrote_as_previous_is_ignored() {
        for text in [
            "null",
            "1",
            "\"note\"",
            "{}",
            r#"{"clientId":"a","clientSecret":"b"}"#,
            r#"{"clientId":"a","clientSecret":"b","until":"soon"}"#,
        ] {
            let text = format!(r#"{{"clientId":"2f9c","clientSecret":"x","previous":{text}}}"#);
            assert!(read(text.as_bytes()).unwrap().previous.is_none(), "{text}");
        }
    }
}

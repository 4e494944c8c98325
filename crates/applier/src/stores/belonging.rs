//! Belonging of a document: whether a secret is of this tenant, account and token.

use super::settings::SecretsOf;
use model::{AccountName, IdentityId, SecretDocument, TokenName};

/// Whose secret a place is for.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// The names that the account has and had.
    pub account: &'a [&'a AccountName],
    /// Its identity, where it is known.
    pub identity: Option<&'a IdentityId>,
    /// The token; none for an issuer, which can have any name.
    pub token: Option<&'a TokenName>,
}

/// What shows that a document is another's, with both values; none where nothing
/// does. A document that a person wrote may say nothing about itself.
pub(super) fn foreign(
    document: &SecretDocument,
    tenant: &SecretsOf,
    holder: Holder<'_>,
) -> Option<String> {
    let SecretDocument {
        credential: _,
        base_url,
        account,
        identity,
        token,
        // They change while a token stays the same.
        scopes: _,
        created: _,
        expires: _,
        // They say how the token came to be.
        replaces: _,
        rotation: _,
        // It belongs to what the document belongs to.
        previous: _,
    } = document;
    if let Some(base_url) = base_url
        && !tenant.has(base_url)
    {
        return Some(format!(
            "it is for the tenant {}, this run is for {tenant}",
            base_url.escape_debug()
        ));
    }
    // The identity decides where a document has one: accounts are renamed.
    match (identity, holder.identity, account) {
        (Some(found), Some(own), _) if found != own => {
            return Some(format!("it is of identity {found}, this account is {own}"));
        }
        (None, _, Some(found)) if !holder.account.contains(&found) => {
            let own = holder.account.first().map(ToString::to_string);
            return Some(format!(
                "it is of account {found}, this account is {}",
                own.unwrap_or_default()
            ));
        }
        _ => {}
    }
    match (token, holder.token) {
        (Some(found), Some(own)) if found != own => {
            Some(format!("it is of token {found}, this token is {own}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Holder, foreign};
    use crate::stores::SecretsOf;
    use crate::testing::documents::document;
    use model::SecretDocument;

    /// What differs from a document of this tenant, account and token.
    type Change = fn(&mut SecretDocument);

    #[test]
    fn security_m8_a_document_of_another_is_foreign() {
        let cases: [(Change, Option<&str>); 7] = [
            (|_| {}, None),
            (
                |document| document.base_url = Some("https://acme.api.identitynow.com/".to_owned()),
                None,
            ),
            (
                |document| document.base_url = Some("https://other.example.com".to_owned()),
                Some("https://other.example.com, this run is for https://acme.api.identitynow.com"),
            ),
            (
                |document| document.account = Some("audit02".into()),
                Some("account audit02, this account is audit01"),
            ),
            // It was renamed.
            (|document| document.account = Some("earlier".into()), None),
            (
                |document| {
                    document.account = Some("renamed".into());
                    document.identity = Some("2c91".into());
                },
                None,
            ),
            (
                |document| document.identity = Some("2c92".into()),
                Some("identity 2c92, this account is 2c91"),
            ),
        ];
        let tenant = SecretsOf::Tenant("https://acme.api.identitynow.com".to_owned());
        let (account, earlier) = ("audit01".into(), "earlier".into());
        for (change, expected) in cases {
            let mut document = document("s3cr3t");
            document.base_url = None;
            document.account = None;
            document.identity = None;
            document.token = None;
            change(&mut document);
            let holder = Holder {
                account: &[&account, &earlier],
                identity: Some(&"2c91".into()),
                token: Some(&"report".into()),
            };
            let found = foreign(&document, &tenant, holder);
            match expected {
                None => assert_eq!(found, None),
                Some(words) => assert!(found.as_ref().unwrap().contains(words), "{found:?}"),
            }
            document.token = Some("nightly".into());
            assert!(foreign(&document, &tenant, holder).is_some());
        }
    }
}

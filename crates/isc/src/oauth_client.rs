//! OAuth client of a tenant that people sign in through, and what it sends.

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// The OAuth client of a tenant that people sign in through. It has the grant type
/// `AUTHORIZATION_CODE`, and the redirect URI in its list.
#[derive(Clone, Debug)]
pub struct OauthClient {
    /// Its id.
    pub id: String,
    /// Its secret; none for a public client.
    pub secret: Option<SecretString>,
}

/// The page of a text, where it is safe to send a person there: `https`, or this machine
/// where the tenant is on it.
pub(crate) fn safe_page(text: &str, is_loopback: bool) -> Option<Url> {
    let page = Url::parse(text).ok()?;
    let is_safe = match page.scheme() {
        "https" => true,
        "http" => is_loopback && page.host_str() == Some("127.0.0.1"),
        _ => false,
    };
    let is_plain =
        page.username().is_empty() && page.password().is_none() && page.fragment().is_none();
    (is_safe && is_plain && page.host_str().is_some()).then_some(page)
}

/// What is exchanged for an access token.
#[derive(Clone, Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) client: &'a OauthClient,
    pub(crate) redirect_uri: &'a str,
    pub(crate) code: &'a SecretString,
    pub(crate) verifier: &'a SecretString,
}

impl Exchange<'_> {
    /// The fields of the form.
    pub(crate) fn form(&self) -> Vec<(&'static str, &str)> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", self.client.id.as_str()),
            ("code", self.code.expose_secret()),
            ("redirect_uri", self.redirect_uri),
            ("code_verifier", self.verifier.expose_secret()),
        ];
        if let Some(secret) = &self.client.secret {
            form.push(("client_secret", secret.expose_secret()));
        }
        form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_sent_to_safe_pages_only() {
        for (text, is_loopback, is_safe) in [
            (
                "https://acme.login.sailpoint.com/oauth/authorize",
                false,
                true,
            ),
            ("http://127.0.0.1:1/oauth/authorize", true, true),
            ("http://127.0.0.1:1/oauth/authorize", false, false),
            ("http://acme.example/oauth/authorize", true, false),
            ("https://jane:secret@acme.example/", false, false),
            ("https://acme.example/#fragment", false, false),
            ("javascript:alert(1)", true, false),
            ("file:///etc/passwd", true, false),
            ("", true, false),
        ] {
            assert_eq!(safe_page(text, is_loopback).is_some(), is_safe, "{text}");
        }
    }
}

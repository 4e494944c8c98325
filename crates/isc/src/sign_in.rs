//! Sign-in of a person in a browser: OAuth authorization code with PKCE (S256).
//!
//! The person signs in at a page of the tenant, which sends the browser to the redirect
//! URI with a code. The code is exchanged at the tenant's own token endpoint, together
//! with a verifier that has never left this process. So a code that others see is of no
//! use to them, and `state` shows that the redirect belongs to this sign-in. ISC
//! documents no ID token, so there is no nonce.

use crate::Reader;
use crate::oauth_client::OauthClient;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Credential, IdentityId, TenantError, TenantErrorKind};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use url::Url;

/// A sign-in that waits for its code.
#[derive(Debug)]
pub struct SignIn {
    client: OauthClient,
    redirect_uri: String,
    state: String,
    verifier: SecretString,
    page: Url,
}

/// A person who has signed in.
#[derive(Debug)]
pub struct Person {
    /// The identity; none where the access token does not name one.
    pub identity: Option<IdentityId>,
    /// Its user name.
    pub user_name: Option<String>,
    /// Stands for the access token in calls of this reader and its writer, until the
    /// access token expires. It is no credential of the tenant.
    pub access: Credential,
}

impl SignIn {
    /// The page of the tenant where the person signs in.
    pub fn page(&self) -> &Url {
        &self.page
    }

    /// What the redirect has to bring back.
    pub fn state(&self) -> &str {
        &self.state
    }

    fn new(
        client: OauthClient,
        redirect_uri: &str,
        mut page: Url,
        [state, verifier]: [[u8; 32]; 2],
    ) -> Self {
        let state = URL_SAFE_NO_PAD.encode(state);
        let verifier = URL_SAFE_NO_PAD.encode(verifier);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        page.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &client.id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("state", &state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Self {
            client,
            redirect_uri: redirect_uri.to_owned(),
            state,
            verifier: verifier.into(),
            page,
        }
    }
}

impl Reader {
    /// Begins a sign-in: asks the tenant where its people sign in.
    ///
    /// # Errors
    /// A tenant that does not name a page, or names one that is not safe to open.
    pub async fn begin_sign_in(
        &self,
        client: OauthClient,
        redirect_uri: &str,
    ) -> Result<SignIn, TenantError> {
        let page = self.client.sign_in_page().await?;
        let random = [random()?, random()?];
        Ok(SignIn::new(client, redirect_uri, page, random))
    }

    /// Exchanges the code of a redirect for an access token of the person.
    ///
    /// # Errors
    /// A code or a client that the tenant does not accept.
    pub async fn finish_sign_in(
        &self,
        sign_in: SignIn,
        code: &SecretString,
    ) -> Result<Person, TenantError> {
        let SignIn {
            client,
            redirect_uri,
            state,
            verifier,
            page: _,
        } = sign_in;
        // The state is known to the browser; for this process it names the session.
        let stand_in = Credential {
            client_id: format!("person-{state}").into(),
            client_secret: verifier,
        };
        let claims = self
            .client
            .exchange_code(&client, &redirect_uri, code, &stand_in)
            .await?;
        Ok(Person {
            identity: claims.identity_id,
            user_name: claims.user_name,
            access: stand_in,
        })
    }
}

/// Bytes that cannot be guessed.
fn random() -> Result<[u8; 32], TenantError> {
    let mut bytes = [0; 32];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| {
            let text = "this machine gives no random bytes".to_owned();
            let kind = TenantErrorKind::NotATenant { text };
            TenantError::new("preparing the sign-in", kind)
        })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn the_page_has_a_challenge_and_never_the_verifier() {
        let client = OauthClient {
            id: "client 1".to_owned(),
            secret: Some("the-secret-of-the-client".to_owned().into()),
        };
        let page = Url::parse("https://acme.login.sailpoint.com/oauth/authorize").unwrap();
        let redirect = "http://127.0.0.1:8976/steersman";
        let sign_in = SignIn::new(client, redirect, page, [[1; 32], [2; 32]]);
        assert_eq!(sign_in.state().len(), 43);
        assert_eq!(sign_in.verifier.expose_secret().len(), 43);
        // RFC 7636, appendix B.
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(
            b"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ));
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let page = sign_in.page().as_str();
        for part in [
            "response_type=code",
            "client_id=client+1",
            "redirect_uri=http%3A%2F%2F127.0.0.1%3A8976%2Fsteersman",
            "code_challenge_method=S256",
            &format!("state={}", sign_in.state()),
        ] {
            assert!(page.contains(part), "no {part} in {page}");
        }
        assert!(!page.contains(sign_in.verifier.expose_secret()));
        assert!(!page.contains("the-secret-of-the-client"));
    }
}

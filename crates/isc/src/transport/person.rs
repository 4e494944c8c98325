//! Access of a person who signs in in a browser: the sign-in page, and the exchange of a
//! code for an access token.

use super::access_token::Granted;
use super::call::{Body, Call};
use super::claims::Claims;
use super::client::Client;
use super::connection::Connection;
use super::exchange::Exchanged;
use super::failure;
use super::session::Access;
use crate::oauth_client::{Exchange, OauthClient, safe_page};
use model::{Credential, TenantError, TenantErrorKind};
use secrecy::SecretString;
use serde::Deserialize;
use tokio::time::Instant;
use url::Url;

/// The response of `/oauth/info`, as far as it is used here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pages {
    #[serde(default)]
    authorize_endpoint: Option<String>,
}

impl Client {
    /// The page where the people of the tenant sign in, as the tenant's API names it.
    pub(crate) async fn sign_in_page(&self) -> Result<Url, TenantError> {
        let connection = self.connection();
        let doing = format!("asking {} where people sign in", connection.config.base_url);
        let call = Call::get(&["oauth", "info"], doing.clone());
        let answer = connection.unauthenticated(&call).await?;
        let named = failure::check(answer)?.json::<Pages>()?.authorize_endpoint;
        let is_loopback = connection.config.base_url.is_loopback();
        named
            .and_then(|text| safe_page(&text, is_loopback))
            .ok_or_else(|| {
                let text = "its /oauth/info names no `authorizeEndpoint` with https://".to_owned();
                TenantError::new(doing, TenantErrorKind::NotATenant { text })
            })
    }

    /// Exchanges a code for an access token, which `stand_in` stands for from now on. Its
    /// secret is the verifier of the code.
    pub(crate) async fn exchange_code(
        &self,
        client: &OauthClient,
        redirect_uri: &str,
        code: &SecretString,
        stand_in: &Credential,
    ) -> Result<Claims, TenantError> {
        let connection = self.connection();
        let redactor = &connection.config.redactor;
        redactor.learn(code);
        if let Some(secret) = &client.secret {
            redactor.learn(secret);
        }
        let doing = format!("exchanging the code of the sign-in as client {}", client.id);
        let body = Body::Exchange(Exchange {
            client,
            redirect_uri,
            code,
            verifier: &stand_in.client_secret,
        });
        let call = Call::post(&["oauth", "token"], body, doing);
        let asked = Instant::now();
        let answer = connection.unauthenticated(&call).await?;
        if matches!(answer.status, 400 | 401) && answer.page().is_none() {
            let text = answer.error_body().text;
            let kind = TenantErrorKind::Unauthenticated { text };
            return Err(TenantError::new(call.doing, kind));
        }
        let granted = failure::check(answer)?.json::<Granted>()?;
        let access = connection
            .accepted(granted, asked)
            .map_err(|text| TenantError::new(call.doing, TenantErrorKind::NotATenant { text }))?;
        let claims = access.claims.clone().unwrap_or_default();
        connection.hand_over(stand_in, access).await;
        Ok(claims)
    }
}

impl Connection {
    /// Sends a call without an access token.
    pub(super) async fn unauthenticated(
        &self,
        call: &Call<'_>,
    ) -> Result<super::Answer, TenantError> {
        let session = self.session(None);
        let mut tries = self.tries();
        match self.exchange(&session, call, None, &mut tries).await? {
            Exchanged::Answered(answer) | Exchanged::Expired(answer) => Ok(answer),
        }
    }

    /// Keeps an access token that cannot be renewed.
    async fn hand_over(&self, stand_in: &Credential, access: Access) {
        let session = self.session(Some(stand_in));
        session.keep(access).await;
    }
}

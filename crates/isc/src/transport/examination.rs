//! What `doctor` asks beside the reads of a plan: whether a tenant answers, whom a
//! credential belongs to, and whether a read is allowed.

use super::call::Call;
use super::client::Client;
use super::failure;
use crate::BaseUrl;
use crate::examination::{Probe, Signed};
use model::{TenantError, TenantErrorKind};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    #[serde(default)]
    api_base_url: Option<String>,
    #[serde(default)]
    token_endpoint: Option<String>,
}

/// What every row that a plan reads has.
#[derive(Deserialize)]
struct ProbedRow {
    #[serde(rename = "id")]
    _id: String,
}

impl Client {
    /// Asks the host for its `/oauth/info`, which needs no credential. Returns the address
    /// of the tenant's API that it names, if another.
    pub(crate) async fn reach(&self) -> Result<Option<BaseUrl>, TenantError> {
        let connection = self.connection();
        let base_url = &connection.config.base_url;
        let doing = format!("asking {base_url} for its /oauth/info");
        let call = Call::get(&["oauth", "info"], doing.clone());
        let answer = connection.unauthenticated(&call).await?;
        let not_a_tenant =
            |text: String| TenantError::new(doing.clone(), TenantErrorKind::NotATenant { text });
        if matches!(answer.status, 404 | 405) {
            return Err(not_a_tenant(format!(
                "its /oauth/info answers with {}; the address of a tenant's API is like https://TENANT.api.identitynow.com",
                answer.status
            )));
        }
        let info: Info = failure::check(answer)?.json().map_err(|_| {
            not_a_tenant(
                "its /oauth/info is no JSON object; the address of a tenant's API is like https://TENANT.api.identitynow.com".to_owned(),
            )
        })?;
        if info.api_base_url.is_none() && info.token_endpoint.is_none() {
            return Err(not_a_tenant(
                "its /oauth/info names neither `apiBaseUrl` nor `tokenEndpoint`".to_owned(),
            ));
        }
        let named = info.api_base_url.and_then(|text| text.parse().ok());
        Ok(named.filter(|named| named != base_url))
    }

    /// Signs in with the configured credential.
    pub(crate) async fn examine(&self) -> Result<Signed, TenantError> {
        let claims = self.claims(None).await?;
        Ok(Signed {
            is_api_client: self.is_api_client().await?,
            identity: claims.identity_id,
            user_name: claims.user_name,
            levels: claims.authorities,
            scopes: claims.scope,
        })
    }

    /// Makes a read of which only the form is looked at, for at most one row where the list has pages.
    pub(crate) async fn probe(&self, probe: Probe) -> Result<(), TenantError> {
        let path = probe.path();
        let doing = format!("trying {}", probe.call());
        let call = match probe {
            Probe::Tokens => Call::get(path, doing).whole_list(),
            Probe::CustomLevels => Call::get(path, doing).query("limit", "1").experimental(),
            Probe::Sources
            | Probe::Profiles
            | Probe::Accounts
            | Probe::Identities
            | Probe::Tasks => Call::get(path, doing).query("limit", "1"),
        };
        let rows: Vec<ProbedRow> = self.send(&call).await?.json()?;
        match probe {
            // The caller is an identity and has a token: a list without them is wrong.
            Probe::Identities | Probe::Tokens if rows.is_empty() => {
                let text = "an empty list, although there is at least what this run signed in with";
                Err(TenantError::new(
                    call.doing.clone(),
                    TenantErrorKind::Undecodable {
                        text: text.to_owned(),
                    },
                ))
            }
            Probe::Identities
            | Probe::Tokens
            | Probe::Sources
            | Probe::Profiles
            | Probe::Accounts
            | Probe::Tasks
            | Probe::CustomLevels => Ok(()),
        }
    }
}

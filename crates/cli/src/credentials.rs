//! Address and credentials of the tenant, from the files or the environment.

use crate::environment::variable;
use crate::failure::Failure;
use crate::redaction::redactor;
use model::{Credential, TenantSettings};
use secrecy::SecretString;

/// The values of the files, else of the variables that SailPoint's CLI and SDKs read.
///
/// # Errors
/// A value that neither gives.
pub(crate) fn address_and_credential(
    settings: &TenantSettings,
) -> Result<(String, Credential), Failure> {
    let TenantSettings {
        base_url,
        client_id,
        client_secret,
    } = settings;
    let base_url = base_url.clone().or_else(|| variable("SAIL_BASE_URL"));
    let client_id = client_id.clone().or_else(|| variable("SAIL_CLIENT_ID"));
    let client_secret = client_secret
        .clone()
        .or_else(|| variable("SAIL_CLIENT_SECRET").map(SecretString::from));
    if let Some(secret) = &client_secret {
        redactor().learn(secret);
    }
    match (base_url, client_id, client_secret) {
        (Some(base_url), Some(client_id), Some(client_secret)) => Ok((
            base_url,
            Credential {
                client_id: client_id.into(),
                client_secret,
            },
        )),
        (base_url, client_id, client_secret) => {
            let missing: Vec<&str> = [
                (base_url.is_none(), "SAIL_BASE_URL"),
                (client_id.is_none(), "SAIL_CLIENT_ID"),
                (client_secret.is_none(), "SAIL_CLIENT_SECRET"),
            ]
            .into_iter()
            .filter_map(|(missing, name)| missing.then_some(name))
            .collect();
            Err(Failure::NoCredentials {
                message: format!(
                    "no tenant configured: {} {} not set",
                    missing.join(", "),
                    if missing.len() == 1 { "is" } else { "are" }
                ),
            })
        }
    }
}

//! Creates, changes and deletes OAuth clients.

use serde_json::Value;

use super::Tenant;
use super::fields::refuse_changes;
use super::records::OauthClient;
use crate::errors::Refusal;

impl Tenant {
    pub(crate) fn oauth_client(&self, id: &str) -> Result<&OauthClient, Refusal> {
        self.oauth_clients
            .get(id)
            .ok_or_else(|| Refusal::not_found(format!("OAuth client {id}")))
    }

    /// Creates a client.
    pub(crate) fn create_oauth_client(&mut self, body: &Value) -> Result<String, Refusal> {
        let mut client = OauthClient {
            id: self.ids.hex(),
            secret: self.ids.secret(),
            name: String::new(),
            description: None,
            business_name: None,
            homepage_url: None,
            access_validity_seconds: 0,
            refresh_validity_seconds: 0,
            redirect_uris: Vec::new(),
            grant_types: Vec::new(),
            access_type: String::new(),
            kind: String::new(),
            internal: false,
            enabled: true,
            strong_auth_supported: false,
            claims_supported: false,
            scopes: Vec::new(),
            created: self.now,
            modified: self.now,
            last_used: None,
        };
        client.read(body)?;
        let id = client.id.clone();
        self.oauth_clients.insert(id.clone(), client);
        self.touch();
        Ok(id)
    }

    /// Makes a client what `wanted` says; `wanted` is the whole representation after a patch.
    pub(crate) fn change_oauth_client(&mut self, id: &str, wanted: &Value) -> Result<(), Refusal> {
        let mut client = self.oauth_client(id)?.clone();
        let current = client.wire();
        refuse_changes(
            wanted,
            &current,
            &[
                "id",
                "created",
                "modified",
                "lastUsed",
                "internal",
                "claimsSupported",
            ],
        )?;
        client.read(wanted)?;
        client.modified = self.now;
        self.oauth_clients.insert(id.to_owned(), client);
        self.touch();
        Ok(())
    }

    /// Deletes a client.
    pub(crate) fn delete_oauth_client(&mut self, id: &str) -> Result<(), Refusal> {
        self.oauth_client(id)?;
        self.oauth_clients.remove(id);
        self.touch();
        Ok(())
    }
}

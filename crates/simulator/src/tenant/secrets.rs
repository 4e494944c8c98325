//! Secrets of a tenant: those that it has issued, and those among the settings of its sources.

use serde_json::{Map, Value};

use super::Tenant;
use super::records::{AuthorizationCode, OauthClient, PersonalAccessToken, RefreshToken, Source};

/// Secrets of a tenant, or of what has changed in it.
#[derive(Default)]
pub(crate) struct Secrets<'a> {
    /// Secrets of tokens and OAuth clients, authorization codes, and refresh tokens. Access tokens
    /// are not among them: the tenant recognizes its own without keeping them.
    pub(crate) issued: Vec<&'a str>,
    /// Settings that may have passwords in them.
    pub(crate) settings: Vec<&'a Map<String, Value>>,
}

impl<'a> Secrets<'a> {
    pub(super) fn of(
        tokens: impl IntoIterator<Item = &'a PersonalAccessToken>,
        clients: impl IntoIterator<Item = &'a OauthClient>,
        codes: impl IntoIterator<Item = &'a AuthorizationCode>,
        refresh_tokens: impl IntoIterator<Item = &'a RefreshToken>,
        sources: impl IntoIterator<Item = &'a Source>,
    ) -> Self {
        let tokens = tokens.into_iter().map(|token| token.secret.as_str());
        let clients = clients.into_iter().map(|client| client.secret.as_str());
        let codes = codes.into_iter().map(|code| code.code.as_str());
        let refresh_tokens = refresh_tokens.into_iter().map(|token| token.token.as_str());
        let sources = sources.into_iter();
        Self {
            issued: tokens
                .chain(clients)
                .chain(codes)
                .chain(refresh_tokens)
                .collect(),
            settings: sources
                .flat_map(|source| [&source.connector_attributes, &source.passive])
                .collect(),
        }
    }
}

impl Tenant {
    /// All secrets that it has.
    pub(crate) fn secrets(&self) -> Secrets<'_> {
        Secrets::of(
            self.tokens.all(),
            self.oauth_clients.values(),
            self.codes.iter(),
            self.refresh_tokens.iter(),
            self.sources.values(),
        )
    }
}

//! HTTP client with TLS.

use crate::Config;
use model::{Obstacle, TenantError, TenantErrorKind};
use reqwest::Certificate;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use std::sync::Once;

/// Makes the client. TLS is rustls with ring. It trusts what the operating system
/// trusts, and the configured authorities; on Linux `SSL_CERT_FILE` and `SSL_CERT_DIR`
/// replace the system's. Proxies are those of the environment.
pub(super) fn http_client(config: &Config) -> Result<reqwest::Client, TenantError> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // It fails only where one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let mut headers = HeaderMap::new();
    // ISC labels some errors with invalid codings; where none is requested, bodies
    // come uncompressed.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let builder = reqwest::Client::builder()
        .user_agent(&config.user_agent)
        .default_headers(headers)
        .connect_timeout(config.timeouts.connect)
        .timeout(config.timeouts.answer)
        // A redirect would send credentials to another address.
        .redirect(reqwest::redirect::Policy::none());
    let builder = match (config.base_url.is_loopback(), config.base_url.is_tls()) {
        // This machine needs neither a proxy nor the system's certificates.
        (true, false) => builder.no_proxy().tls_certs_only([]),
        (true, true) => builder.no_proxy().tls_certs_merge(authorities(config)?),
        (false, _) => builder.tls_certs_merge(authorities(config)?),
    };
    builder.build().map_err(|error| unusable(&error))
}

fn authorities(config: &Config) -> Result<Vec<Certificate>, TenantError> {
    if config.authorities.is_empty() {
        return Ok(Vec::new());
    }
    Certificate::from_pem_bundle(&config.authorities).map_err(|error| unusable(&error))
}

fn unusable(error: &reqwest::Error) -> TenantError {
    let kind = TenantErrorKind::NotReached {
        obstacle: Obstacle::Tls,
        text: super::failure::innermost(error),
        attempts: 0,
    };
    TenantError::new("setting up TLS", kind)
}

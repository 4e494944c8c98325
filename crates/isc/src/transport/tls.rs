//! HTTP client with TLS.

use crate::Config;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use std::sync::Once;

/// Makes the client. TLS is rustls with ring, and trusts what the operating
/// system trusts.
pub(super) fn http_client(config: &Config) -> Result<reqwest::Client, reqwest::Error> {
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
    if config.base_url.is_loopback() {
        // This machine needs neither a proxy nor the system's certificates.
        builder.no_proxy().tls_certs_only([]).build()
    } else {
        builder.build()
    }
}

//! The HTTP client with its TLS.

use crate::Config;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use std::sync::Once;

/// Makes the client. TLS is rustls with ring, and trusts what the operating
/// system trusts.
pub(super) fn http_client(config: &Config) -> Result<reqwest::Client, reqwest::Error> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // An error says that the program has installed one before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let mut headers = HeaderMap::new();
    // ISC marks some errors with codings that are none; without any coding asked
    // for, bodies come as they are.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let builder = reqwest::Client::builder()
        .user_agent(&config.user_agent)
        .default_headers(headers)
        .connect_timeout(config.timeouts.connect)
        .timeout(config.timeouts.answer)
        // A redirect would carry credentials to where nobody has asked for them.
        .redirect(reqwest::redirect::Policy::none());
    if config.base_url.is_loopback() {
        // Neither a proxy nor the system's certificates have to do with this machine.
        builder.no_proxy().tls_certs_only([]).build()
    } else {
        builder.build()
    }
}

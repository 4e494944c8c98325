//! Sends notices over HTTP to hosts that the operator chose: the one place that speaks HTTP
//! to another host than the tenant.

use super::address::Address;
use super::signature::{HEADER, signature};
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Certificate, Client, StatusCode};
use secrecy::SecretString;
use std::error::Error;
use std::sync::Once;
use std::time::Duration;

/// A client for one receiver.
pub(super) struct Sender {
    http: Client,
}

/// Why a notice was not sent, in words without the address.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Setup,
    /// It did not respond in time.
    #[error("it did not respond in time")]
    TimedOut,
    /// It could not be reached.
    #[error("it cannot be reached: {0}")]
    NotReached(String),
    /// It responded with something else than success.
    #[error("it responded with {0}")]
    Status(u16),
    /// It responded with a redirect, which would send the notice elsewhere.
    #[error("it responded with a redirect ({0}), which is not followed")]
    Redirect(u16),
}

impl SendError {
    /// Whether the same notice may be taken a moment later.
    fn may_pass(&self) -> bool {
        match self {
            Self::TimedOut | Self::NotReached(_) => true,
            Self::Status(status) => *status == 429 || *status >= 500,
            Self::Setup | Self::Redirect(_) => false,
        }
    }
}

impl Sender {
    /// A client that follows no redirect. Proxies and authorities are those of the tenant's.
    ///
    /// # Errors
    /// Authorities that are none.
    pub(super) fn new(
        address: &Address,
        authorities: &[u8],
        timeout: Duration,
    ) -> Result<Self, SendError> {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // It fails only where one is installed already, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let authorities = if authorities.is_empty() {
            Vec::new()
        } else {
            Certificate::from_pem_bundle(authorities).map_err(|_| SendError::Setup)?
        };
        let builder = Client::builder()
            .user_agent(concat!("steersman/", env!("CARGO_PKG_VERSION")))
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none());
        let builder = match (address.is_loopback, address.url.scheme()) {
            // This machine needs neither a proxy nor the system's certificates.
            (true, "http") => builder.no_proxy().tls_certs_only([]),
            (true, _) => builder.no_proxy().tls_certs_merge(authorities),
            (false, _) => builder.tls_certs_merge(authorities),
        };
        let http = builder.build().map_err(|_| SendError::Setup)?;
        Ok(Self { http })
    }

    /// Sends a body, and once more after a moment where that may help.
    ///
    /// # Errors
    /// Both tries failed.
    pub(super) async fn send(
        &self,
        address: &Address,
        key: Option<&SecretString>,
        body: &str,
    ) -> Result<(), SendError> {
        let Err(error) = self.once(address, key, body).await else {
            return Ok(());
        };
        if !error.may_pass() {
            return Err(error);
        }
        tokio::time::sleep(moment(body)).await;
        self.once(address, key, body).await
    }

    async fn once(
        &self,
        address: &Address,
        key: Option<&SecretString>,
        body: &str,
    ) -> Result<(), SendError> {
        let mut request = self
            .http
            .post(address.url.clone())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .body(body.to_owned());
        if let Some(key) = key {
            let now = Timestamp::now().as_second();
            request = request.header(HEADER, signature(key, now, body));
        }
        // Its body is not read: it says nothing that is needed, and may be endless.
        let response = request.send().await.map_err(|error| not_sent(&error))?;
        outcome(response.status())
    }
}

fn outcome(status: StatusCode) -> Result<(), SendError> {
    if status.is_success() {
        Ok(())
    } else if status.is_redirection() {
        Err(SendError::Redirect(status.as_u16()))
    } else {
        Err(SendError::Status(status.as_u16()))
    }
}

/// The innermost cause alone: the outer ones repeat the address.
fn not_sent(error: &reqwest::Error) -> SendError {
    if error.is_timeout() {
        return SendError::TimedOut;
    }
    let mut innermost: Option<&dyn Error> = error.source();
    while let Some(next) = innermost.and_then(Error::source) {
        innermost = Some(next);
    }
    let text = innermost.map_or_else(|| "no connection".to_owned(), ToString::to_string);
    SendError::NotReached(text)
}

/// Half a second to one and a half, different for different runs and receivers, so that
/// those that failed together do not come again together.
fn moment(body: &str) -> Duration {
    let spread = u64::from(Timestamp::now().subsec_nanosecond().unsigned_abs() / 1_000);
    let of_body = u64::try_from(body.len()).unwrap_or_default();
    Duration::from_millis(500 + (spread + of_body) % 1_000)
}

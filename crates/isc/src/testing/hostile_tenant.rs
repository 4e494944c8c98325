//! Fuzz target: every read and write of the client against a hostile tenant.

use super::operations;
use super::script::Script;
use super::server;
use crate::{BaseUrl, Config, RateBudget, Reader, RetryPolicy, Writer};
use model::{Credential, Redactor};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The client's secret, which a hostile tenant knows and may repeat.
pub(super) const SECRET: &str = "c0ffee-the-secret-of-the-client-c0ffee";

/// The signature of every access token.
pub(super) const SIGNATURE: &str = "c2lnbmF0dXJlLW9mLXRoZS1hY2Nlc3MtdG9rZW4";

/// How long an input may take. The client waits two milliseconds at most, so it is
/// reached only by what goes on for ever.
const LONGEST: Duration = Duration::from_secs(30);

/// Runs one operation of the client, chosen by the first byte, against a tenant
/// that answers as the other bytes say.
///
/// The operation has to end, without a panic, and what is shown of its errors must
/// have neither the secret nor the access token.
///
/// # Panics
/// Where that does not hold.
pub fn hostile_tenant(input: &[u8]) {
    let Some((operation, script)) = input.split_first() else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(async {
        let Some((base_url, serving)) =
            server::start(Arc::new(Mutex::new(Script::new(script)))).await
        else {
            return;
        };
        let redactor = Redactor::default();
        let Some(reader) = reader(base_url, redactor.clone()) else {
            return;
        };
        let writer = Writer::new(reader);
        let ended = tokio::time::timeout(LONGEST, operations::run(*operation, &writer)).await;
        serving.abort();
        let errors = ended.ok();
        assert!(errors.is_some(), "operation {operation} goes on for ever");
        for error in errors.unwrap_or_default() {
            let shown = redactor.redact(&error);
            for part in [&SECRET[..20], &SECRET[18..], &SIGNATURE[..20]] {
                assert!(!shown.contains(part), "{part} in {shown}");
            }
        }
    });
}

/// A client that does not wait.
fn reader(base_url: BaseUrl, redactor: Redactor) -> Option<Reader> {
    let credential = Credential {
        client_id: "admin".into(),
        client_secret: SECRET.to_owned().into(),
    };
    let mut config = Config::new(base_url, credential);
    config.redactor = redactor;
    config.rate = RateBudget::unlimited();
    config.retry = RetryPolicy {
        attempts: 3,
        base_delay: Duration::from_millis(1),
        longest_wait: Duration::from_millis(2),
        longest: Duration::from_secs(10),
        longest_asked: Duration::from_millis(2),
    };
    config.timeouts.answer = Duration::from_millis(500);
    Reader::new(config).ok()
}

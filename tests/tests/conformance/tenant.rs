//! The simulated tenant that the walk goes through.

use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use simulator::{ClockMode, Config, Fault, FaultRule, Faults, RateLimit, Running};

/// A simulated tenant whose clock stands still unless it is moved.
pub(crate) struct SimulatedTenant {
    running: Running,
}

impl SimulatedTenant {
    pub(crate) async fn start() -> Result<Self, String> {
        Self::with_limit(RateLimit::Off).await
    }

    pub(crate) async fn start_with_rate_limit() -> Result<Self, String> {
        Self::with_limit(RateLimit::Scaled).await
    }

    async fn with_limit(rate_limit: RateLimit) -> Result<Self, String> {
        let config = Config {
            clock: ClockMode::Manual,
            rate_limit,
            ..Config::default()
        };
        let running = simulator::start(config)
            .await
            .map_err(|error| error.to_string())?;
        Ok(Self { running })
    }

    pub(crate) fn base_url(&self) -> String {
        self.running.base_url()
    }

    /// The administrator's client id and secret.
    pub(crate) fn credentials(&self) -> (String, String) {
        let credentials = self.running.admin_credentials();
        (
            credentials.client_id,
            credentials.client_secret.expose_secret().to_owned(),
        )
    }

    pub(crate) fn advance_minutes(&self, minutes: i64) -> Result<(), String> {
        self.running
            .advance(SignedDuration::from_mins(minutes))
            .map_err(|error| error.to_string())
    }

    /// Lets the next call of the operation fail with 500.
    pub(crate) fn fail_next(&self, operation: &str) {
        let rule = FaultRule {
            fault: Fault::Status { status: 500 },
            operations: vec![operation.to_owned()],
            skip: 0,
            count: Some(1),
            probability: None,
        };
        self.running.set_faults(Faults {
            rules: vec![rule],
            seed: 0,
        });
    }
}

//! A simulated tenant that is served while a test runs.

use secrecy::ExposeSecret;
use simulator::{Config, LoggedRequest, RequestFilter, Running};
use tokio::runtime::Runtime;

/// A simulated tenant on a free loopback port.
#[derive(Debug)]
pub struct SimulatedTenant {
    runtime: Runtime,
    running: Running,
    /// One for all requests: to make one takes longer than to send a request.
    client: reqwest::Client,
}

impl SimulatedTenant {
    /// Starts a new tenant in which time passes fast and nothing goes wrong.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start() -> Self {
        Self::with(Config::default())
    }

    /// Starts a tenant that is to run so.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn with(config: Config) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let running = runtime.block_on(simulator::start(config)).unwrap();
        Self {
            runtime,
            running,
            client: client(),
        }
    }

    /// The variables that point the program at it, and tell it that this tenant
    /// has no rate limit.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        let credentials = self.running.admin_credentials();
        vec![
            ("STEERSMAN_RATE_SHARE".to_owned(), "off".to_owned()),
            ("SAIL_BASE_URL".to_owned(), self.running.base_url()),
            ("SAIL_CLIENT_ID".to_owned(), credentials.client_id),
            (
                "SAIL_CLIENT_SECRET".to_owned(),
                credentials.client_secret.expose_secret().to_owned(),
            ),
        ]
    }

    /// The simulator itself.
    #[must_use]
    pub fn simulator(&self) -> &Running {
        &self.running
    }

    /// All requests that asked for a change, as `METHOD path`.
    #[must_use]
    pub fn writes(&self) -> Vec<String> {
        let filter = RequestFilter {
            writes: Some(true),
            ..RequestFilter::default()
        };
        self.running
            .requests(&filter)
            .iter()
            .map(|request: &LoggedRequest| format!("{} {}", request.method, request.path))
            .collect()
    }

    /// How many requests the operation got.
    #[must_use]
    pub fn count(&self, operation: &str) -> u64 {
        self.running
            .request_counts(&RequestFilter::default())
            .get(operation)
            .copied()
            .unwrap_or_default()
    }

    /// Gets an access token, as whoever the credentials belong to.
    ///
    /// # Panics
    /// If the tenant does not let them in.
    pub fn sign_in(&self, client_id: &str, client_secret: &str) -> String {
        self.runtime.block_on(async {
            let token: serde_json::Value = self
                .client
                .post(format!("{}/oauth/token", self.running.base_url()))
                .form(&[
                    ("grant_type", "client_credentials"),
                    ("client_id", client_id),
                    ("client_secret", client_secret),
                ])
                .send()
                .await
                .unwrap()
                .error_for_status()
                .unwrap()
                .json()
                .await
                .unwrap();
            token["access_token"].as_str().unwrap().to_owned()
        })
    }

    /// Asks the tenant something over HTTP, as its administrator.
    ///
    /// # Panics
    /// If the tenant does not answer it.
    #[must_use]
    pub fn get(&self, path: &str) -> serde_json::Value {
        let admin = self.running.admin_credentials();
        let token = self.sign_in(&admin.client_id, admin.client_secret.expose_secret());
        self.runtime.block_on(async {
            self.client
                .get(format!("{}{path}", self.running.base_url()))
                .bearer_auth(token)
                .send()
                .await
                .unwrap()
                .error_for_status()
                .unwrap()
                .json()
                .await
                .unwrap()
        })
    }
}

impl SimulatedTenant {
    /// Changes something with a JSON Patch, as its administrator, and answers the
    /// status.
    ///
    /// # Panics
    /// If there is no answer.
    #[must_use]
    pub fn patch(&self, path: &str, patch: &serde_json::Value) -> u16 {
        let admin = self.running.admin_credentials();
        let token = self.sign_in(&admin.client_id, admin.client_secret.expose_secret());
        self.runtime.block_on(async {
            let response = self
                .client
                .patch(format!("{}{path}", self.running.base_url()))
                .header("Content-Type", "application/json-patch+json")
                .bearer_auth(token)
                .body(patch.to_string())
                .send()
                .await
                .unwrap();
            response.status().as_u16()
        })
    }

    /// Sends a request with an access token and answers the status. A body goes
    /// as JSON; an import gets a file without rows.
    ///
    /// # Panics
    /// If there is no answer.
    #[must_use]
    pub fn send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<serde_json::Value>,
    ) -> u16 {
        self.runtime.block_on(async {
            let method = method.parse().unwrap();
            let mut request = self
                .client
                .request(method, format!("{}{path}", self.running.base_url()))
                .header("X-SailPoint-Experimental", "true")
                .bearer_auth(token);
            if let Some(body) = body {
                request = request.json(&body);
            } else if path.ends_with("/load-accounts") {
                let file = reqwest::multipart::Part::text("id,name,e-mail,purpose\r\n");
                let file = file.file_name("accounts.csv").mime_str("text/csv").unwrap();
                request = request.multipart(reqwest::multipart::Form::new().part("file", file));
            }
            request.send().await.unwrap().status().as_u16()
        })
    }
}

/// A client for requests of the tests themselves.
///
/// # Panics
/// If TLS cannot be set up.
#[must_use]
pub fn client() -> reqwest::Client {
    // A second installation of the same provider is refused, and harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

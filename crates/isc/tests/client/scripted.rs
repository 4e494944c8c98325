//! A server that does what a test tells it, wrong things included: it answers
//! from a closure, breaks off in the middle of an answer, or hangs up.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use isc::{BaseUrl, Config, RateBudget, Reader, RetryPolicy};
use model::Credential;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The date of every answer.
pub(crate) const DATE: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// Such as `GET`.
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body as text.
    pub(crate) body: String,
}

impl Request {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(found, _)| found == name)?;
        Some(value)
    }

    /// The path alone.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// A parameter of the query, decoded.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let url = url::Url::parse(&format!("http://x{}", self.target)).unwrap();
        let mut pairs = url.query_pairs();
        pairs
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// An answer.
    Answer {
        /// The status.
        status: u16,
        /// Further headers.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: String,
    },
    /// An answer that ends before its stated length.
    Truncated,
    /// The connection is closed without an answer.
    HangUp,
    /// The connection stays open, and nothing comes.
    Silence,
}

impl Reply {
    /// JSON with a status.
    pub(crate) fn json(status: u16, body: impl Into<Value>) -> Self {
        Self::text(status, "application/json", body.into().to_string())
    }

    /// Text with a status.
    pub(crate) fn text(status: u16, media_type: &str, body: impl Into<String>) -> Self {
        Self::Answer {
            status,
            headers: vec![("Content-Type", media_type.to_owned())],
            body: body.into(),
        }
    }

    /// The answer with a header more.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }
}

/// The answer of a token endpoint.
pub(crate) fn access_token(expires_in: u64, bearer: &str) -> Reply {
    let claims = json!({
        "identity_id": "i-jane", "user_name": "jane.doe", "authorities": ["ORG_ADMIN"],
        "serial": bearer,
    });
    let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
    Reply::json(
        200,
        json!({"access_token": format!("e30.{payload}.x"), "expires_in": expires_in}),
    )
}

/// The server, until it is dropped.
pub(crate) struct Scripted {
    address: std::net::SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

type Script = dyn Fn(&Request, usize) -> Reply + Send + Sync;

impl Scripted {
    /// Answers every request from the closure, which gets the request and how
    /// many of its kind (method and path) came before.
    pub(crate) async fn start(
        script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Script> = Arc::new(script);
        let seen = Arc::clone(&requests);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&seen)));
            }
        });
        Self {
            address,
            requests,
            serving,
        }
    }

    /// Answers like [`Scripted::start`], and signs everybody in.
    pub(crate) async fn tenant(
        script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start(move |request, before| match request.path() {
            "/oauth/token" => access_token(3600, "1"),
            _ => script(request, before),
        })
        .await
    }

    /// Where it listens.
    pub(crate) fn base_url(&self) -> BaseUrl {
        format!("http://{}", self.address).parse().unwrap()
    }

    /// A reader of it that does not wait long.
    pub(crate) fn reader(&self) -> Reader {
        Reader::new(quick(self.base_url())).unwrap()
    }

    /// The requests so far, without those for access tokens.
    pub(crate) fn requests(&self) -> Vec<Request> {
        let mut requests = self.all_requests();
        requests.retain(|request| request.path() != "/oauth/token");
        requests
    }

    /// All requests so far.
    pub(crate) fn all_requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

/// Settings that do not wait long and know no rate limit.
pub(crate) fn quick(base_url: BaseUrl) -> Config {
    let mut config = Config::new(base_url, credential("admin"));
    config.rate = RateBudget::unlimited();
    config.retry = RetryPolicy {
        attempts: 3,
        base_delay: Duration::from_millis(1),
        longest_wait: Duration::from_millis(20),
        ..RetryPolicy::default()
    };
    config.timeouts.answer = Duration::from_millis(500);
    config
}

/// A credential of this client id.
pub(crate) fn credential(client_id: &str) -> Credential {
    Credential {
        client_id: client_id.into(),
        client_secret: "hush-hush".into(),
    }
}

async fn serve(stream: TcpStream, script: Arc<Script>, seen: Arc<Mutex<Vec<Request>>>) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = receive(&mut stream).await {
        let before = {
            let mut seen = seen.lock().unwrap();
            let same =
                |other: &&Request| other.method == request.method && other.path() == request.path();
            let before = seen.iter().filter(same).count();
            seen.push(request.clone());
            before
        };
        let (head, body) = match script(&request, before) {
            Reply::HangUp => return,
            Reply::Silence => std::future::pending().await,
            Reply::Truncated => {
                let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[";
                let _ = stream.write_all(head.as_bytes()).await;
                let _ = stream.flush().await;
                return;
            }
            Reply::Answer {
                status,
                headers,
                body,
            } => {
                let mut head = format!("HTTP/1.1 {status} Status\r\nDate: {DATE}\r\n");
                for (name, value) in headers {
                    head = head + name + ": " + &value + "\r\n";
                }
                if status != 204 {
                    head = head + "Content-Length: " + &body.len().to_string() + "\r\n";
                }
                (head + "\r\n", body)
            }
        };
        if stream.write_all((head + &body).as_bytes()).await.is_err()
            || stream.flush().await.is_err()
        {
            return;
        }
    }
}

async fn receive(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    if stream.read_line(&mut line).await.ok()? == 0 {
        return None;
    }
    let mut parts = line.split_whitespace();
    let mut request = Request {
        method: parts.next()?.to_owned(),
        target: parts.next()?.to_owned(),
        ..Request::default()
    };
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let header = (name.to_ascii_lowercase(), value.trim().to_owned());
        request.headers.push(header);
    }
    let length = request
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(request)
}

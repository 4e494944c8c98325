//! A network with an authority of its own: a TLS server before a simulated tenant, and a proxy.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use simulator::Config;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tests::SimulatedTenant;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

/// A name that no DNS server knows: it is reached through a proxy only.
pub(crate) const TENANT: &str = "tenant.invalid";

/// An authority that no system trusts.
pub(crate) struct Authority {
    /// Its certificate, as a PEM file has it.
    pub(crate) pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            pem,
            issuer: Issuer::new(params, key),
        }
    }

    /// A server's certificate for a name, valid in these years.
    pub(crate) fn server(&self, name: &str, from: i32, to: i32) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        Arc::new(config)
    }
}

/// A simulated tenant whose time passes as here, and the servers before it.
pub(crate) struct Network {
    pub(crate) tenant: SimulatedTenant,
    runtime: Runtime,
}

impl Network {
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let config = Config {
            hosts: vec![TENANT.to_owned(), "localhost".to_owned()],
            ..config
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        Self {
            tenant: SimulatedTenant::with(config),
            runtime,
        }
    }

    fn simulator(&self) -> SocketAddr {
        let address = self.tenant.simulator().base_url();
        address.strip_prefix("http://").unwrap().parse().unwrap()
    }

    /// The variables of the tenant, at another address.
    pub(crate) fn variables(&self, address: &str) -> Vec<(String, String)> {
        let mut variables = self.tenant.variables();
        for (name, value) in &mut variables {
            if name == "SAIL_BASE_URL" {
                address.clone_into(value);
            }
        }
        variables
    }

    /// A TLS server before the tenant.
    pub(crate) fn tls(&self, config: Arc<ServerConfig>) -> SocketAddr {
        let to = self.simulator();
        let listener = self.listen();
        let address = listener.local_addr().unwrap();
        let acceptor = TlsAcceptor::from(config);
        self.runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    if let Ok(mut stream) = acceptor.accept(stream).await {
                        let mut tenant = TcpStream::connect(to).await.unwrap();
                        let _ = copy_bidirectional(&mut stream, &mut tenant).await;
                    }
                });
            }
        });
        address
    }

    /// A proxy that connects every name to this address, or answers with a status.
    pub(crate) fn proxy(&self, to: Result<SocketAddr, &'static str>, password: bool) -> Proxy {
        let listener = self.listen();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        self.runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connect(stream, to, password, Arc::clone(&seen)));
            }
        });
        Proxy { address, asked }
    }

    /// A server that answers everything with the same text.
    pub(crate) fn says(&self, response: String) -> SocketAddr {
        let listener = self.listen();
        let address = listener.local_addr().unwrap();
        self.runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let response = response.clone();
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    let head = read_head(&mut stream).await;
                    let length = head
                        .iter()
                        .find_map(|line| line.strip_prefix("content-length: "))
                        .and_then(|length| length.parse().ok())
                        .unwrap_or(0);
                    let mut body = vec![0; length];
                    let _ = tokio::io::AsyncReadExt::read_exact(&mut stream, &mut body).await;
                    let _ = stream.write_all(response.as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        address
    }

    fn listen(&self) -> TcpListener {
        self.runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .unwrap()
    }
}

/// A proxy, and what it was asked for.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// The first lines of the requests.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn connect(
    stream: TcpStream,
    to: Result<SocketAddr, &'static str>,
    password: bool,
    seen: Arc<Mutex<Vec<String>>>,
) {
    let mut stream = BufReader::new(stream);
    let head = read_head(&mut stream).await;
    seen.lock()
        .unwrap()
        .push(head.first().cloned().unwrap_or_default());
    // jane:hush-hush
    let known = "proxy-authorization: basic amFuZTpodXNoLWh1c2g=".to_ascii_lowercase();
    let refusal = if password && !head.contains(&known) {
        Some("407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"net\"")
    } else {
        to.err()
    };
    if let Some(refusal) = refusal {
        let text = format!("HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n");
        let _ = stream.write_all(text.as_bytes()).await;
        return;
    }
    let mut server = TcpStream::connect(to.unwrap()).await.unwrap();
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
    let _ = copy_bidirectional(&mut stream, &mut server).await;
}

/// The lines of a request up to the empty one, in lower case.
async fn read_head(stream: &mut BufReader<TcpStream>) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        let read = stream.read_line(&mut line).await.unwrap_or(0);
        let line = line.trim_end().to_ascii_lowercase();
        if read == 0 || line.is_empty() {
            return lines;
        }
        lines.push(line);
    }
}

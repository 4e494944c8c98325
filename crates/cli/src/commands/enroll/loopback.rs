//! Listener on 127.0.0.1 that a browser comes back to from the sign-in page.
//!
//! It answers with fixed pages, takes one sign-in, and is gone after it. Each connection
//! has 8 KiB and 5 seconds for its request, and 8 are open at a time: browsers open some
//! that they never use, and programs of this machine can open any number.

use super::redirect::{Arrived, RedirectUri, classify};
use crate::enroll_refusal::Refusal;
use secrecy::SecretString;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

/// How large the head of a request may be.
const MOST: usize = 8 << 10;
/// How long a request may take to arrive, and its answer to be sent.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many connections are open at a time.
const AT_ONCE: usize = 8;

/// How a sign-in ended.
#[derive(Debug)]
pub(super) enum SignedIn {
    /// With this code.
    Code(SecretString),
    /// With this error.
    Failed(String),
}

/// A listener for one sign-in.
#[derive(Debug)]
pub(super) struct Loopback {
    listener: TcpListener,
    redirect_uri: RedirectUri,
}

impl Loopback {
    /// Listens on 127.0.0.1 only.
    ///
    /// # Errors
    /// A port that is taken.
    pub(super) async fn open(redirect_uri: &RedirectUri) -> Result<Self, Refusal> {
        let port = redirect_uri.port();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|source| Refusal::Listen { port, source })?;
        Ok(Self {
            listener,
            redirect_uri: redirect_uri.clone(),
        })
    }

    /// Waits for the browser of this sign-in.
    pub(super) async fn wait(self, state: &str) -> SignedIn {
        let (found, mut first) = mpsc::channel(1);
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut connections = JoinSet::new();
        loop {
            let accepted = async {
                let place = Arc::clone(&places).acquire_owned().await.ok()?;
                let (stream, peer) = self.listener.accept().await.ok()?;
                Some((place, stream, peer))
            };
            tokio::select! {
                biased;
                Some(ended) = first.recv() => {
                    // The browser still gets its page.
                    while connections.join_next().await.is_some() {}
                    return ended;
                }
                accepted = accepted => {
                    let Some((place, stream, peer)) = accepted else {
                        // Out of descriptors, perhaps for a moment.
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    };
                    if !peer.ip().is_loopback() {
                        continue;
                    }
                    let (uri, state) = (self.redirect_uri.clone(), state.to_owned());
                    let found = found.clone();
                    connections.spawn(async move {
                        let _ = tokio::time::timeout(
                            PATIENCE,
                            serve(stream, &uri, &state, &found),
                        ).await;
                        drop(place);
                    });
                    while connections.try_join_next().is_some() {}
                }
            }
        }
    }
}

async fn serve(
    mut stream: TcpStream,
    uri: &RedirectUri,
    state: &str,
    found: &mpsc::Sender<SignedIn>,
) -> std::io::Result<()> {
    let mut head = Vec::with_capacity(1024);
    let arrived = loop {
        match classify(&head, uri, state) {
            Arrived::Incomplete if head.len() >= MOST => break Arrived::Other(431),
            Arrived::Incomplete => {}
            other => break other,
        }
        let mut chunk = [0; 1024];
        match stream.read(&mut chunk).await? {
            0 => return Ok(()),
            read => head.extend_from_slice(&chunk[..read]),
        }
    };
    let (status, text, ended) = match arrived {
        Arrived::Code(code) => (
            200,
            "You have signed in. Close this window: the terminal shows the result.",
            Some(SignedIn::Code(code)),
        ),
        Arrived::Failed(error) => (
            200,
            "The sign-in did not succeed. Close this window: the terminal shows why.",
            Some(SignedIn::Failed(error)),
        ),
        Arrived::Other(status) => (
            status,
            "This is not the sign-in that steersman waits for. Use the link in the terminal.",
            None,
        ),
        Arrived::Incomplete => return Ok(()),
    };
    if let Some(ended) = ended {
        // A second one comes too late.
        let _ = found.try_send(ended);
    }
    stream.write_all(page(status, text).as_bytes()).await?;
    stream.shutdown().await
}

/// A response that repeats nothing of the request.
fn page(status: u16, text: &str) -> String {
    let reason = match status {
        200 => "OK",
        404 => "Not Found",
        405 => "Method Not Allowed",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        _ => "Bad Request",
    };
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>steersman</title><p>{text}</p></html>\n"
    );
    format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nContent-Security-Policy: default-src 'none'\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    /// Sends a text, and returns what comes back.
    async fn ask(port: u16, text: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn other_requests_and_idle_connections_end_no_sign_in() {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = free.local_addr().unwrap().port();
        let uri = RedirectUri::parse(&format!("http://127.0.0.1:{port}/back")).unwrap();
        assert!(matches!(
            Loopback::open(&uri).await,
            Err(Refusal::Listen { port: taken, .. }) if taken == port
        ));
        drop(free);
        let loopback = Loopback::open(&uri).await.unwrap();
        let waiting = tokio::spawn(async move { loopback.wait("s").await });
        let head =
            |target: &str| format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
        let _idle = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .unwrap();
        let wrong = ask(port, &head("/back?code=c&state=<b>other</b>")).await;
        assert!(wrong.starts_with("HTTP/1.1 400"), "{wrong}");
        assert!(!wrong.contains("<b>") && wrong.contains("default-src 'none'"));
        let long = ask(port, &format!("GET /{} ", "a".repeat(MOST))).await;
        assert!(long.starts_with("HTTP/1.1 431"), "{long}");
        let right = ask(port, &head("/back?code=c0de&state=s")).await;
        assert!(
            right.starts_with("HTTP/1.1 200") && !right.contains("c0de"),
            "{right}"
        );
        match waiting.await.unwrap() {
            SignedIn::Code(code) => assert_eq!(code.expose_secret(), "c0de"),
            other @ SignedIn::Failed(_) => panic!("{other:?}"),
        }
        assert!(
            TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                .await
                .is_err()
        );
    }
}

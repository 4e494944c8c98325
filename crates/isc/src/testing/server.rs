//! A server on this machine that writes the bytes of a script as its answers.

use super::answers;
use super::script::Script;
use crate::BaseUrl;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request, as far as an answer depends on it.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    /// The header `Authorization`.
    pub(super) authorization: String,
    pub(super) body: String,
}

/// What is written for a request.
pub(super) struct Written {
    /// Head and body.
    pub(super) bytes: Vec<u8>,
    /// Whether the connection is closed afterwards.
    pub(super) closes: bool,
}

/// Starts the server; none where this machine has no port left.
pub(super) async fn start(script: Arc<Mutex<Script>>) -> Option<(BaseUrl, JoinHandle<()>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await.ok()?;
    let address = listener.local_addr().ok()?;
    let base_url = format!("http://{address}").parse().ok()?;
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&script)));
        }
    });
    Some((base_url, serving))
}

async fn serve(stream: TcpStream, script: Arc<Mutex<Script>>) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = receive(&mut stream).await {
        let written = {
            let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
            answers::to(&request, &mut script)
        };
        let sent = stream.write_all(&written.bytes).await;
        if sent.is_err() || stream.flush().await.is_err() || written.closes {
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
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "authorization" => value.trim().clone_into(&mut request.authorization),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(request)
}

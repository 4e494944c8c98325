//! A server in the place of a tenant, which answers as a test says.

use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// Answers each request in a thread of its own: `answer` gets the first line of the
/// request, and writes a whole response. Returns the variables that point at it. It
/// runs until the test ends.
pub(crate) fn start(
    answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
) -> Vec<(String, String)> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || {
                let _ = one(stream, answer.as_ref());
            });
        }
    });
    [
        ("SAIL_BASE_URL", format!("http://{address}")),
        ("SAIL_CLIENT_ID", "cid-0123456789abcdef".to_owned()),
        ("SAIL_CLIENT_SECRET", "0f1e2d3c4b5a6978".repeat(4)),
        ("STEERSMAN_RATE_SHARE", "off".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn one(
    mut stream: TcpStream,
    answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        let line = line.to_ascii_lowercase();
        if let Some(text) = line.strip_prefix("content-length:") {
            length = text.trim().parse().unwrap_or(0);
        }
    }
    reader.take(length).read_to_end(&mut Vec::new())?;
    answer(first.trim(), &mut stream)
}

/// Writes a response with a JSON body.
pub(crate) fn json(stream: &mut TcpStream, body: &str) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Total-Count: 0\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Whether a request signs in.
pub(crate) fn is_sign_in(request: &str) -> bool {
    request.contains("/oauth/token")
}

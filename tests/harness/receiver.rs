//! A receiver of notices on loopback, which can fail in several ways.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a receiver responds.
#[derive(Clone, Debug)]
pub enum Manner {
    /// With this status.
    Status(u16),
    /// Not at all.
    Hangs,
    /// With 200, as soon as it is told another manner.
    Holds,
    /// With a redirect to this address.
    Redirects(String),
}

/// A request that a receiver got.
#[derive(Clone, Debug)]
pub struct Received {
    /// The path with the query.
    pub path: String,
    /// The headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

/// A receiver of notices that is served while a test runs.
#[derive(Debug)]
pub struct Receiver {
    address: String,
    manner: Arc<Mutex<Manner>>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    /// Starts a receiver that takes everything.
    ///
    /// # Panics
    /// If there is no free port.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let manner = Arc::new(Mutex::new(Manner::Status(200)));
        let received = Arc::new(Mutex::new(Vec::new()));
        let (how, list) = (Arc::clone(&manner), Arc::clone(&received));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (how, list) = (Arc::clone(&how), Arc::clone(&list));
                std::thread::spawn(move || serve(stream, &how, &list));
            }
        });
        Self {
            address,
            manner,
            received,
        }
    }

    /// The address of a path.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// How it responds from now on.
    ///
    /// # Panics
    /// Never: no thread panics with the lock.
    pub fn responds(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// What it got since the last time.
    ///
    /// # Panics
    /// Never: no thread panics with the lock.
    #[must_use]
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }
}

fn serve(mut stream: TcpStream, how: &Mutex<Manner>, received: &Mutex<Vec<Received>>) {
    let manner = how.lock().unwrap().clone();
    let Some(request) = read(&mut stream) else {
        return;
    };
    received.lock().unwrap().push(request);
    let response = match &manner {
        Manner::Holds => {
            while matches!(*how.lock().unwrap(), Manner::Holds) {
                std::thread::sleep(Duration::from_millis(5));
            }
            "HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n".to_owned()
        }
        Manner::Status(status) => format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n"),
        Manner::Redirects(to) => {
            format!("HTTP/1.1 307 X\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
        }
        Manner::Hangs => {
            std::thread::sleep(Duration::from_secs(30));
            return;
        }
    };
    let _ = stream.write_all(response.as_bytes());
}

fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let path = lines.next()?.split(' ').nth(1)?.to_owned();
            let headers: BTreeMap<String, String> = lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
                .collect();
            let length: usize = headers.get("content-length")?.parse().ok()?;
            if body.len() >= length {
                return Some(Received {
                    path,
                    headers,
                    body: body.to_owned(),
                });
            }
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend(part.iter().take(read)),
        }
    }
}

//! Connections: how many there are, how long they may wait for a request, and faults below HTTP.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

/// So many connections are open at once; others wait for one of them to end.
const MOST: usize = 1000;
const PATIENCE: Patience = Patience {
    idle: Duration::from_mins(2),
    head: Duration::from_secs(30),
};

/// How long a connection waits for a request.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// Without a byte of it.
    idle: Duration,
    /// From its first byte to the end of its head.
    head: Duration,
}

/// What a connection and the requests on it share.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConnectionHandle(Arc<Flags>);

#[derive(Debug, Default)]
struct Flags {
    broken: AtomicBool,
    answering: AtomicBool,
    /// How many requests were begun to be answered.
    requests: AtomicU64,
}

impl ConnectionHandle {
    /// Breaks the connection: a request can do so with its own.
    pub(crate) fn reset(&self) {
        self.0.broken.store(true, Ordering::Relaxed);
    }

    /// While this is kept, the connection waits for no request.
    pub(crate) fn answering(&self) -> Answering {
        self.0.answering.store(true, Ordering::Relaxed);
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        Answering(self.clone())
    }
}

/// A request is being answered.
pub(crate) struct Answering(ConnectionHandle);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.0.answering.store(false, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, BoundedListener>> for ConnectionHandle {
    fn connect_info(stream: IncomingStream<'_, BoundedListener>) -> Self {
        stream.io().handle.clone()
    }
}

/// Accepts connections up to a number, each of which can be broken.
pub(crate) struct BoundedListener {
    listener: TcpListener,
    free: Arc<Semaphore>,
    patience: Patience,
}

impl BoundedListener {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            free: Arc::new(Semaphore::new(MOST)),
            patience: PATIENCE,
        }
    }
}

impl Listener for BoundedListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // Nobody closes the semaphore, so there always is a permit at some time.
        let permit = Arc::clone(&self.free).acquire_owned().await.ok();
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    // Small answers are not to wait for more to send.
                    let _ = stream.set_nodelay(true);
                    return (Connection::new(stream, self.patience, permit), address);
                }
                // Too many open files, say: it may pass.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection. One that waits too long for a request ends; one that is broken fails to write, and
/// is then reset rather than closed.
pub(crate) struct Connection {
    stream: TcpStream,
    handle: ConnectionHandle,
    patience: Patience,
    wait: Option<Wait>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// A wait for the head of a request.
struct Wait {
    end: Pin<Box<Sleep>>,
    has_begun: bool,
    /// The requests before it.
    after: u64,
}

impl Connection {
    fn new(stream: TcpStream, patience: Patience, permit: Option<OwnedSemaphorePermit>) -> Self {
        Self {
            stream,
            handle: ConnectionHandle::default(),
            patience,
            wait: None,
            _permit: permit,
        }
    }

    fn check(&self) -> io::Result<()> {
        if !self.handle.0.broken.load(Ordering::Relaxed) {
            return Ok(());
        }
        // With nothing to linger for, closing sends a reset.
        let _ = self.stream.set_zero_linger();
        Err(io::Error::new(
            io::ErrorKind::ConnectionReset,
            "a fault was asked for",
        ))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.handle.0.answering.load(Ordering::Relaxed) {
            // Bodies have a time limit of their own.
            self.wait = None;
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let has_come = buffer.filled().len() > before;
        let Patience { idle, head } = self.patience;
        let after = self.handle.0.requests.load(Ordering::Relaxed);
        // The wait for a request that has been answered since then is over.
        self.wait = self.wait.take().filter(|wait| wait.after == after);
        let wait = self.wait.get_or_insert_with(|| Wait {
            end: Box::pin(tokio::time::sleep(idle)),
            has_begun: false,
            after,
        });
        if has_come && !wait.has_begun {
            wait.has_begun = true;
            wait.end.as_mut().reset(Instant::now() + head);
        }
        if wait.end.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "no request came in time",
            )));
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn accepted(listener: &mut BoundedListener) -> (TcpStream, Connection) {
        let address = listener.local_addr().unwrap();
        let (client, server) = tokio::join!(TcpStream::connect(address), listener.accept());
        (client.unwrap(), server.0)
    }

    async fn listener(idle: u64, head: u64) -> BoundedListener {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        BoundedListener {
            listener,
            free: Arc::new(Semaphore::new(2)),
            patience: Patience {
                idle: Duration::from_millis(idle),
                head: Duration::from_millis(head),
            },
        }
    }

    /// A byte now and then kept a connection open for ever.
    #[tokio::test]
    async fn fair_a_head_has_to_come_in_time() {
        let mut listener = listener(60_000, 20).await;
        let (mut client, mut server) = accepted(&mut listener).await;
        client.write_all(b"GET /").await.unwrap();
        let mut buffer = [0; 100];
        assert_eq!(server.read(&mut buffer).await.unwrap(), 5);
        let error = server.read(&mut buffer).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn fair_a_connection_without_a_request_ends() {
        let mut listener = listener(20, 60_000).await;
        let (_client, mut server) = accepted(&mut listener).await;
        let mut buffer = [0; 100];
        let error = server.read(&mut buffer).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        // While a request is answered, nothing is waited for.
        let (_client, mut server) = accepted(&mut listener).await;
        let _answering = server.handle.answering();
        let wait = Duration::from_millis(60);
        let read = tokio::time::timeout(wait, server.read(&mut buffer)).await;
        assert!(read.is_err());
    }

    /// Each request has the time for itself, whether or not the connection was read meanwhile.
    #[tokio::test]
    async fn fair_a_busy_connection_stays() {
        let mut listener = listener(60_000, 60).await;
        let (mut client, mut server) = accepted(&mut listener).await;
        let mut buffer = [0; 100];
        for _ in 0..5 {
            client.write_all(b"GET /").await.unwrap();
            assert_eq!(server.read(&mut buffer).await.unwrap(), 5);
            drop(server.handle.answering());
            let wait = Duration::from_millis(25);
            let read = tokio::time::timeout(wait, server.read(&mut buffer)).await;
            assert!(read.is_err());
        }
    }

    #[tokio::test]
    async fn fair_connections_are_bounded() {
        let mut listener = listener(60_000, 60_000).await;
        let (_first, server) = accepted(&mut listener).await;
        let (_second, _kept) = accepted(&mut listener).await;
        let address = listener.local_addr().unwrap();
        let _third = TcpStream::connect(address).await.unwrap();
        let wait = Duration::from_millis(30);
        let none = tokio::time::timeout(wait, listener.accept()).await;
        assert!(none.is_err());
        drop(server);
        listener.accept().await;
    }
}

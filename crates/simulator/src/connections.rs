//! Connections: how many there are, how long they may wait for a request, and faults below HTTP.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

use crate::connection_handle::ConnectionHandle;
use crate::waits::{Registered, Waiter, Waits};

/// So many connections are open at once. Others wait for one of them to end, or take the place of
/// one that has waited for its request for long.
const MOST: usize = 1000;
const PATIENCE: Patience = Patience {
    idle: Duration::from_mins(2),
    head: Duration::from_secs(30),
    crowded: Duration::from_secs(2),
};

/// How long a connection waits for a request.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// Without a byte of it.
    idle: Duration,
    /// From its first byte to the end of its head.
    head: Duration,
    /// Either, while another connection waits for its place.
    crowded: Duration,
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
    waits: Arc<Waits>,
    patience: Patience,
}

impl BoundedListener {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            free: Arc::new(Semaphore::new(MOST)),
            waits: Arc::default(),
            patience: PATIENCE,
        }
    }

    /// A place for a connection, which may be that of another one.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        let next = || Arc::clone(&self.free).acquire_owned();
        loop {
            if let Ok(place) = Arc::clone(&self.free).try_acquire_owned() {
                return Some(place);
            }
            let begun = self.waits.begun.notified();
            let oldest = self
                .waits
                .oldest()
                .map(|since| since + self.patience.crowded);
            match oldest {
                Some(end) if end <= Instant::now() => {
                    self.waits.displace_oldest();
                    // Nobody closes the semaphore, so there always is a permit at some time.
                    return next().await.ok();
                }
                Some(end) => tokio::select! {
                    place = next() => return place.ok(),
                    () = tokio::time::sleep_until(end) => {}
                },
                None => tokio::select! {
                    place = next() => return place.ok(),
                    () = begun => {}
                },
            }
        }
    }
}

impl Listener for BoundedListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    // Small answers are not to wait for more to send.
                    let _ = stream.set_nodelay(true);
                    let place = self.place().await;
                    let waits = Arc::clone(&self.waits);
                    let connection = Connection::new(stream, self.patience, waits, place);
                    return (connection, address);
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
    waits: Arc<Waits>,
    wait: Option<Wait>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// A wait for the head of a request.
struct Wait {
    end: Pin<Box<Sleep>>,
    has_begun: bool,
    /// The requests before it.
    after: u64,
    registered: Registered,
}

impl Connection {
    fn new(
        stream: TcpStream,
        patience: Patience,
        waits: Arc<Waits>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        Self {
            stream,
            handle: ConnectionHandle::default(),
            patience,
            waits,
            wait: None,
            _permit: permit,
        }
    }

    fn check(&self) -> io::Result<()> {
        if !self.handle.is_broken() {
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
        if self.handle.is_answering() {
            // Bodies have a time limit of their own.
            self.wait = None;
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        if self.handle.is_displaced(context.waker()) {
            return Poll::Ready(Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "another connection took the place of this one",
            )));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let has_come = buffer.filled().len() > before;
        let Patience {
            idle,
            head,
            crowded: _,
        } = self.patience;
        let after = self.handle.requests();
        // The wait for a request that has been answered since then is over.
        self.wait = self.wait.take().filter(|wait| wait.after == after);
        let (waits, handle) = (Arc::clone(&self.waits), self.handle.clone());
        let wait = self.wait.get_or_insert_with(|| Wait {
            end: Box::pin(tokio::time::sleep(idle)),
            has_begun: false,
            after,
            registered: waits.begin(Waiter {
                since: Instant::now(),
                after,
                handle,
            }),
        });
        if has_come && !wait.has_begun {
            wait.has_begun = true;
            let now = Instant::now();
            wait.end.as_mut().reset(now + head);
            wait.registered.restart(now);
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
            waits: Arc::default(),
            patience: Patience {
                idle: Duration::from_millis(idle),
                head: Duration::from_millis(head),
                crowded: Duration::from_mins(1),
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
        let mut next = Box::pin(listener.accept());
        let none = tokio::time::timeout(wait, &mut next).await;
        assert!(none.is_err());
        drop(server);
        let _ = next.await;
    }

    /// 1,000 heads that never ended kept everybody else out for half a minute.
    #[tokio::test]
    async fn fair_a_half_head_gives_its_place_to_another_connection() {
        let mut listener = listener(60_000, 60_000).await;
        listener.patience.crowded = Duration::from_millis(30);
        let mut held = Vec::new();
        for _ in 0..2 {
            let (mut client, mut server) = accepted(&mut listener).await;
            client.write_all(b"GET /").await.unwrap();
            held.push(tokio::spawn(async move {
                let mut buffer = [0; 100];
                assert_eq!(server.read(&mut buffer).await.unwrap(), 5);
                let kind = server.read(&mut buffer).await.unwrap_err().kind();
                drop((server, client));
                kind
            }));
        }
        let (_third, server) = accepted(&mut listener).await;
        let first = held.remove(0).await.unwrap();
        assert_eq!(
            first,
            io::ErrorKind::TimedOut,
            "the oldest one is displaced"
        );
        assert!(!held[0].is_finished(), "and no other");
        drop(server);
    }

    #[tokio::test]
    async fn fair_a_request_that_is_answered_keeps_its_place() {
        let mut listener = listener(60_000, 60_000).await;
        listener.patience.crowded = Duration::ZERO;
        let (_first, mut first) = accepted(&mut listener).await;
        let (_second, mut second) = accepted(&mut listener).await;
        let _answering = (first.handle.answering(), second.handle.answering());
        let mut buffer = [0; 100];
        let wait = Duration::from_millis(30);
        let both = async {
            tokio::join!(first.read(&mut buffer), async {
                let mut buffer = [0; 100];
                second.read(&mut buffer).await
            })
        };
        assert!(tokio::time::timeout(wait, both).await.is_err());
        let address = listener.local_addr().unwrap();
        let _third = TcpStream::connect(address).await.unwrap();
        assert!(tokio::time::timeout(wait, listener.accept()).await.is_err());
    }
}

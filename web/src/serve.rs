//! The serving loop: accepts connections, and shuts down gracefully.
//!
//! **Invariant:** a client cannot keep a connection open without sending a complete request in time,
//! and during a shutdown every running request is answered, up to the deadline.

mod preface;
mod tls;

use std::fmt::Display;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use tracing::{debug, warn};

use preface::PrefaceTimeout;
pub use tls::{Tls, TlsFiles};

/// The time that clients have.
#[derive(Clone, Copy)]
struct Timeouts {
    /// For the handshake of TLS, and then for the first bytes of a connection.
    preface: Duration,
    /// For the head of a request. hyper includes the idle time before the request, so this is longer
    /// than the minute for which proxies keep idle connections: otherwise a proxy would reuse a
    /// connection that is just being closed.
    head: Duration,
}

const TIMEOUTS: Timeouts =
    Timeouts { preface: Duration::from_secs(10), head: Duration::from_secs(75) };

/// The largest head of a request, in bytes.
const HEADER_BYTES: u16 = 32 * 1024;

/// The concurrent requests on one HTTP/2 connection at most.
const STREAMS: u32 = 128;

/// The idle time after which an HTTP/2 connection is pinged, and the time that it has to respond.
const PING: Duration = Duration::from_secs(20);

/// The pause after a connection could not be accepted, which happens when file descriptors run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Where the server accepts connections.
pub struct Port {
    /// The port.
    pub listener: TcpListener,
    /// The TLS of every connection; none where a proxy has it.
    pub tls: Option<Tls>,
}

/// Whether the connection of a request is encrypted by the server itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HasTls(pub bool);

/// The end of a graceful shutdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// The connections that the deadline aborted.
    pub aborted: usize,
}

/// Listens on an address.
///
/// # Errors
///
/// One line that says what is wrong, and what to do.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        let kind = error.kind();
        let why = if kind == io::ErrorKind::AddrInUse {
            "the address is in use; stop the other program, or choose another address with \
             `--listen`"
                .to_owned()
        } else if kind == io::ErrorKind::AddrNotAvailable {
            "this machine does not have the address; choose another with `--listen`".to_owned()
        } else if kind == io::ErrorKind::PermissionDenied {
            "permission denied; choose a port above 1023 with `--listen`".to_owned()
        } else {
            error.to_string()
        };
        format!("cannot listen on `{address}`: {why}")
    })
}

/// Serves until `shutdown` resolves; then accepts no new connections, finishes the running requests,
/// and aborts what is left after `drain`. Handlers get the address of the client as [`ConnectInfo`], and
/// [`HasTls`].
pub async fn serve(
    port: Port,
    router: Router,
    shutdown: impl Future<Output = ()>,
    drain: Duration,
) -> Drained {
    serve_with(port, router, shutdown, drain, TIMEOUTS).await
}

async fn serve_with(
    port: Port,
    router: Router,
    shutdown: impl Future<Output = ()>,
    drain: Duration,
    timeouts: Timeouts,
) -> Drained {
    let builder = builder(timeouts);
    let graceful = GracefulShutdown::new();
    let Port { listener, tls } = port;
    let mut connections = JoinSet::new();
    // A handshake is no connection yet: one that lasts does not delay a shutdown.
    let mut handshakes = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = connections.join_next(), if !connections.is_empty() => report(ended),
            Some(shaken) = handshakes.join_next(), if !handshakes.is_empty() => match shaken {
                Ok(Some((stream, peer))) => {
                    let client = Client { peer, has_tls: true };
                    let connection = connect(&builder, &router, stream, client, timeouts);
                    connections.spawn(run(graceful.watch(connection), peer));
                }
                Ok(None) => {}
                Err(error) => report(Err(error)),
            },
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    if let Err(error) = stream.set_nodelay(true) {
                        debug!("cannot set TCP_NODELAY for {peer}: {error}");
                    }
                    if let Some(tls) = &tls {
                        handshakes.spawn(tls.handshake(stream, peer, timeouts.preface));
                        continue;
                    }
                    let client = Client { peer, has_tls: false };
                    let connection = connect(&builder, &router, stream, client, timeouts);
                    connections.spawn(run(graceful.watch(connection), peer));
                }
                Err(error) => {
                    warn!("cannot accept a connection: {error}");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(handshakes);
    drop(listener);
    let aborted = match tokio::time::timeout(drain, graceful.shutdown()).await {
        Ok(()) => 0,
        Err(_) => {
            while let Some(ended) = connections.try_join_next() {
                report(ended);
            }
            connections.len()
        }
    };
    connections.shutdown().await;
    Drained { aborted }
}

fn builder(timeouts: Timeouts) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(timeouts.head)
        .max_buf_size(usize::from(HEADER_BYTES));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING)
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::from(HEADER_BYTES));
    builder
}

type Connection<S> = hyper_util::server::conn::auto::Connection<
    'static,
    TokioIo<PrefaceTimeout<S>>,
    AddClient,
    TokioExecutor,
>;

/// The client of a connection.
#[derive(Clone, Copy)]
struct Client {
    peer: SocketAddr,
    has_tls: bool,
}

fn connect<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    builder: &Builder<TokioExecutor>,
    router: &Router,
    stream: S,
    client: Client,
    timeouts: Timeouts,
) -> Connection<S> {
    let service = AddClient { router: router.clone(), client };
    let stream = PrefaceTimeout::new(stream, timeouts.preface);
    builder.serve_connection(TokioIo::new(stream), service).into_owned()
}

async fn run<E: Display>(connection: impl Future<Output = Result<(), E>>, peer: SocketAddr) {
    if let Err(error) = connection.await {
        debug!("connection from {peer} failed: {error}");
    }
}

/// Passes requests to the router with the client.
struct AddClient {
    router: Router,
    client: Client,
}

impl hyper::service::Service<Request<Incoming>> for AddClient {
    type Response = axum::response::Response;
    type Error = std::convert::Infallible;
    type Future = tower::util::Oneshot<Router, Request<Body>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.client.peer));
        request.extensions_mut().insert(HasTls(self.client.has_tls));
        self.router.clone().oneshot(request)
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        warn!("a connection task failed: {error}");
    }
}

#[cfg(test)]
mod tests;

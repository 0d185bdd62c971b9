//! The serving loop: accepts connections, and shuts down gracefully.
//!
//! **Invariant:** a client cannot keep a connection open without sending complete requests and reading the
//! answers in time, and during a shutdown every running request is answered, up to the deadline.

mod activity;
mod connections;
mod observed;
mod tls;

use std::fmt::Display;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use futures_util::future::BoxFuture;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::server::TlsStream;
use tower::ServiceExt as _;
use tracing::{debug, warn};

use activity::{Activity, Exchange};
use connections::{Connections, PATIENCE, Timeouts};
use observed::Observed;
pub use tls::{Tls, TlsFiles};

const TIMEOUTS: Timeouts = Timeouts {
    handshake: Duration::from_secs(10),
    head: Duration::from_secs(10),
    idle: Duration::from_secs(75),
    stall: Duration::from_secs(30),
};

/// The largest head of a request, in bytes.
const HEADER_BYTES: u16 = 32 * 1024;

/// The concurrent requests on one HTTP/2 connection at most.
const STREAMS: u32 = 128;

/// The idle time after which an HTTP/2 connection is pinged, and the time that it has to respond.
const PING: Duration = Duration::from_secs(20);

/// The pause after a connection could not be accepted, which happens when file descriptors run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How often connections are closed whose client is late, in parts of the shortest time that
/// they have.
const SWEEPS: u32 = 4;

/// Where the server accepts connections.
pub struct Port {
    /// The port.
    pub listener: TcpListener,
    /// The TLS of every connection; none where a proxy has it.
    pub tls: Option<Tls>,
    /// How many connections are open at most. Beyond it, those are closed that wait for their client, and
    /// others wait to be accepted.
    pub most_connections: usize,
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

/// Listens on an address, which a flag of the command line has set.
///
/// # Errors
///
/// One line that says what is wrong, and what to do.
pub async fn bind(address: SocketAddr, flag: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        let kind = error.kind();
        let why = if kind == io::ErrorKind::AddrInUse {
            format!(
                "the address is in use; stop the other program, or choose another address with \
                 `{flag}`"
            )
        } else if kind == io::ErrorKind::AddrNotAvailable {
            format!("this machine does not have the address; choose another with `{flag}`")
        } else if kind == io::ErrorKind::PermissionDenied {
            format!("permission denied; choose a port above 1023 with `{flag}`")
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
    let Port { listener, tls, most_connections } = port;
    let mut connections = Connections::new(most_connections, timeouts);
    let mut serving = Serving {
        builder: builder(timeouts),
        router,
        graceful: GracefulShutdown::new(),
        tasks: JoinSet::new(),
    };
    // A handshake is no connection yet: one that lasts does not delay a shutdown.
    let mut handshakes = JoinSet::new();
    let shortest = timeouts.head.min(timeouts.stall).min(PATIENCE);
    let mut sweep = tokio::time::interval(shortest / SWEEPS);
    // A connection for which there is no room yet; then no other is accepted.
    let mut accepted: Option<(TcpStream, SocketAddr)> = None;
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        if accepted.is_some()
            && connections.make_room()
            && let Some((stream, peer)) = accepted.take()
        {
            let activity = Activity::new(peer.ip());
            let task = match &tls {
                Some(tls) => handshakes.spawn(tls.handshake(stream, peer, timeouts.handshake)),
                None => serving.start(stream, Client { peer, has_tls: false }, &activity),
            };
            connections.add(activity, task);
        }
        tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = serving.tasks.join_next(), if !serving.tasks.is_empty() => report(ended),
            Some(shaken) = handshakes.join_next(), if !handshakes.is_empty() => {
                if let Some((stream, peer)) = shaken_hands(shaken) {
                    let activity = Activity::new(peer.ip());
                    let client = Client { peer, has_tls: true };
                    let task = serving.start(stream, client, &activity);
                    connections.add(activity, task);
                }
            }
            _ = sweep.tick() => connections.close_late(),
            arrived = listener.accept(), if accepted.is_none() => match arrived {
                Ok((stream, peer)) => {
                    if let Err(error) = stream.set_nodelay(true) {
                        debug!("cannot set TCP_NODELAY for {peer}: {error}");
                    }
                    accepted = Some((stream, peer));
                }
                Err(error) => {
                    warn!("cannot accept a connection: {error}");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(handshakes);
    drop(accepted);
    drop(listener);
    serving.drain(connections, drain, sweep).await
}

/// The connections that are served.
struct Serving {
    builder: Builder<TokioExecutor>,
    router: Router,
    graceful: GracefulShutdown,
    tasks: JoinSet<()>,
}

impl Serving {
    fn start<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
        &mut self,
        stream: S,
        client: Client,
        activity: &Arc<Activity>,
    ) -> AbortHandle {
        let (router, activity) = (self.router.clone(), Arc::clone(activity));
        let stream = Observed::new(stream, Arc::clone(&activity));
        let service = AddClient { router, client, activity };
        let connection = self.builder.serve_connection(TokioIo::new(stream), service);
        self.tasks.spawn(run(self.graceful.watch(connection.into_owned()), client.peer))
    }

    /// Finishes the running requests, except those whose client is late, and aborts what is left after a
    /// time.
    async fn drain(
        self,
        mut connections: Connections,
        within: Duration,
        mut sweep: tokio::time::Interval,
    ) -> Drained {
        let Serving { graceful, mut tasks, .. } = self;
        let late = async {
            loop {
                sweep.tick().await;
                connections.close_late();
            }
        };
        let finished = async {
            tokio::select! {
                () = graceful.shutdown() => {}
                () = late => {}
            }
        };
        let aborted = match tokio::time::timeout(within, finished).await {
            Ok(()) => 0,
            Err(_) => {
                while let Some(ended) = tasks.try_join_next() {
                    report(ended);
                }
                tasks.len()
            }
        };
        tasks.shutdown().await;
        Drained { aborted }
    }
}

fn shaken_hands(
    shaken: Result<Option<(TlsStream<TcpStream>, SocketAddr)>, tokio::task::JoinError>,
) -> Option<(TlsStream<TcpStream>, SocketAddr)> {
    shaken.unwrap_or_else(|error| {
        report(Err(error));
        None
    })
}

fn builder(timeouts: Timeouts) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(timeouts.idle)
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

/// The client of a connection.
#[derive(Clone, Copy)]
struct Client {
    peer: SocketAddr,
    has_tls: bool,
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
    activity: Arc<Activity>,
}

impl hyper::service::Service<Request<Incoming>> for AddClient {
    type Response = Response;
    type Error = std::convert::Infallible;
    type Future = BoxFuture<'static, Result<Response, std::convert::Infallible>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let exchange = Exchange::begin(&self.activity);
        let mut request: Request<Body> = exchange.watch_request(request);
        request.extensions_mut().insert(ConnectInfo(self.client.peer));
        request.extensions_mut().insert(HasTls(self.client.has_tls));
        let answer = self.router.clone().oneshot(request);
        Box::pin(async move { answer.await.map(|response| exchange.watch_response(response)) })
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    match ended {
        Err(error) if !error.is_cancelled() => warn!("a connection task failed: {error}"),
        Ok(()) | Err(_) => {}
    }
}

#[cfg(test)]
mod tests;

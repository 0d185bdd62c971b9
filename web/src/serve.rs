//! The serving loop: connections in, answers out, and an end in which nobody is cut off.
//!
//! **Invariant:** a client cannot hold a connection without asking something whole in time, and
//! once the end has begun every request that was under way is answered, up to the deadline.

mod opening;

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
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use tracing::{debug, warn};

use opening::Opening;

/// How long clients may take.
#[derive(Clone, Copy)]
struct Patience {
    /// For the first bytes of a connection.
    opening: Duration,
    /// For the head of a request. The library counts the silence between two requests to it, so it
    /// is longer than the minute for which proxies keep a connection: else they would find it
    /// closed just as they use it.
    head: Duration,
}

const PATIENCE: Patience =
    Patience { opening: Duration::from_secs(10), head: Duration::from_secs(75) };

/// How large the head of a request may be.
const HEADER_BYTES: u16 = 32 * 1024;

/// How many requests may be under way on one connection of HTTP/2.
const STREAMS: u32 = 128;

/// How long a connection of HTTP/2 may be silent before it is asked whether it still lives, and how
/// long it may take to say so.
const PING: Duration = Duration::from_secs(20);

/// How long to wait when there are no connections left to take.
const BREATH: Duration = Duration::from_millis(100);

/// How the serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// How many connections the deadline cut off.
    pub cut_off: usize,
}

/// Listens at an address.
///
/// # Errors
///
/// In one line, what is in the way and what to do.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        let kind = error.kind();
        let why = if kind == io::ErrorKind::AddrInUse {
            "another program does; stop it, or choose another address with `--listen`"
                .to_owned()
        } else if kind == io::ErrorKind::AddrNotAvailable {
            "this machine has no such address; choose another with `--listen`".to_owned()
        } else if kind == io::ErrorKind::PermissionDenied {
            "it is not allowed; choose a port above 1023 with `--listen`".to_owned()
        } else {
            error.to_string()
        };
        format!("cannot listen on `{address}`: {why}")
    })
}

/// Serves until the shutdown comes; then takes no new connections, finishes the requests that are
/// under way, and cuts off what is left after `drain`. Handlers find the address of their client
/// as [`ConnectInfo`].
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    drain: Duration,
) -> Served {
    serve_with(listener, router, shutdown, drain, PATIENCE).await
}

async fn serve_with(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
    drain: Duration,
    patience: Patience,
) -> Served {
    let builder = builder(patience);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = connections.join_next(), if !connections.is_empty() => report(ended),
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let connection = connect(&builder, &router, stream, peer, patience);
                    let connection = graceful.watch(connection);
                    connections.spawn(async move {
                        if let Err(error) = connection.await {
                            debug!("the connection of {peer} broke: {error}");
                        }
                    });
                }
                Err(error) => {
                    warn!("cannot take a connection: {error}");
                    tokio::time::sleep(BREATH).await;
                }
            },
        }
    }
    drop(listener);
    let cut_off = match tokio::time::timeout(drain, graceful.shutdown()).await {
        Ok(()) => 0,
        Err(_) => {
            while let Some(ended) = connections.try_join_next() {
                report(ended);
            }
            connections.len()
        }
    };
    connections.shutdown().await;
    Served { cut_off }
}

fn builder(patience: Patience) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
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

type Connection = hyper_util::server::conn::auto::Connection<
    'static,
    TokioIo<Opening>,
    Answer,
    TokioExecutor,
>;

fn connect(
    builder: &Builder<TokioExecutor>,
    router: &Router,
    stream: TcpStream,
    peer: SocketAddr,
    patience: Patience,
) -> Connection {
    if let Err(error) = stream.set_nodelay(true) {
        debug!("the connection of {peer} stays slow: {error}");
    }
    let answer = Answer { router: router.clone(), peer };
    let stream = Opening::new(stream, patience.opening);
    builder.serve_connection(TokioIo::new(stream), answer).into_owned()
}

/// Hands requests to the router, with the address of the client.
struct Answer {
    router: Router,
    peer: SocketAddr,
}

impl hyper::service::Service<Request<Incoming>> for Answer {
    type Response = axum::response::Response;
    type Error = std::convert::Infallible;
    type Future = tower::util::Oneshot<Router, Request<Body>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.router.clone().oneshot(request)
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        warn!("a connection broke off: {error}");
    }
}

#[cfg(test)]
mod tests;

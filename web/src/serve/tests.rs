//! The serving loop on a socket: shutdown, timeouts and limits.

use axum::body::Bytes;
use axum::extract::ConnectInfo;
use futures_util::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;

const HEAD: &str = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
const SOON: Duration = Duration::from_millis(200);
const LATE: Duration = Duration::from_secs(20);

struct Serving {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Drained>,
}

async fn serving(router: Router, drain: Duration) -> Serving {
    Setup { drain, ..Setup::default() }.start(router).await
}

/// A server whose clients must hurry, for tests of the timeouts. A machine that pauses for so long must not fail
/// other tests.
async fn serving_in_a_hurry(router: Router) -> Serving {
    Setup { timeouts: all(SOON), ..Setup::default() }.start(router).await
}

fn all(time: Duration) -> Timeouts {
    Timeouts { handshake: time, head: time, idle: time, stall: time }
}

struct Setup {
    timeouts: Timeouts,
    drain: Duration,
    most_connections: usize,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup { timeouts: all(LATE), drain: LATE, most_connections: 100 }
    }
}

impl Setup {
    async fn start(self, router: Router) -> Serving {
        let Setup { timeouts, drain, most_connections } = self;
        let listener = bind("127.0.0.1:0".parse().unwrap(), "--listen").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async { stopped.await.unwrap_or_default() };
        let port = Port { listener, tls: None, most_connections };
        let served = tokio::spawn(serve_with(port, router, shutdown, drain, timeouts));
        Serving { address, stop, served }
    }
}

impl Serving {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// What a client receives that sends a text and waits until the connection is closed.
    async fn send(&self, text: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        received(stream).await
    }
}

async fn received(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    // An aborted connection is closed too.
    let read = tokio::time::timeout(LATE, stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the connection stays open");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hello() -> Router {
    Router::new().fallback(|| async { "hello" })
}

/// A handler that reports when a request has arrived, and answers when the test says so.
fn slow() -> (Router, oneshot::Receiver<()>, oneshot::Sender<()>) {
    let (came, has_come) = oneshot::channel();
    let (answer, may_answer) = oneshot::channel();
    let both = std::sync::Arc::new(std::sync::Mutex::new(Some((came, may_answer))));
    let handler = move || async move {
        let both = both.lock().unwrap().take();
        if let Some((came, may_answer)) = both {
            came.send(()).unwrap();
            let allowed: Result<(), _> = may_answer.await;
            allowed.unwrap();
        }
        "slow"
    };
    (Router::new().fallback(handler), has_come, answer)
}

#[tokio::test]
async fn a_handler_gets_the_address_of_its_client() {
    let router =
        Router::new().fallback(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move {
            peer.ip().to_string()
        });
    let serving = serving(router, LATE).await;

    let text = serving.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;

    assert!(text.starts_with("HTTP/1.1 200") && text.ends_with("127.0.0.1"), "{text}");
}

#[tokio::test]
async fn http_2_works_without_tls() {
    let serving = serving(hello(), LATE).await;
    let stream = TokioIo::new(serving.connect().await);
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);

    let request = Request::get("http://here/").body(Body::empty()).unwrap();
    let response = client.send_request(request).await.unwrap();

    assert_eq!(response.status(), 200);
    assert_eq!(response.version(), hyper::Version::HTTP_2);
}

/// A handler of a response that panics after its first part, when the test says so; any other path than
/// `/export` is answered at once.
fn breaking() -> (Router, oneshot::Sender<()>) {
    let (panics, may_panic) = oneshot::channel::<()>();
    let may_panic = std::sync::Arc::new(std::sync::Mutex::new(Some(may_panic)));
    let handler = move |uri: axum::http::Uri| async move {
        if uri.path() != "/export" {
            return Body::from("hello");
        }
        let first = Some(may_panic.lock().unwrap().take().unwrap());
        let parts =
            futures_util::stream::unfold((true, first), |(is_first, wait)| async move {
                if is_first {
                    return Some((Ok::<_, io::Error>("first"), (false, wait)));
                }
                wait.unwrap().await.unwrap();
                panic!("a part that cannot be written");
            });
        Body::from_stream(parts)
    };
    (Router::new().fallback(handler), panics)
}

#[tokio::test]
async fn a_panic_in_a_stream_ends_that_response_and_no_other_connection() {
    let (router, panics) = breaking();
    let serving = serving(router, LATE).await;
    let (mut export, mut other) = (serving.connect().await, serving.connect().await);
    let mut begin = Vec::new();
    export.write_all(b"GET /export HTTP/1.1\r\nHost: here\r\n\r\n").await.unwrap();
    while !begin.ends_with(b"first\r\n") {
        begin.push(export.read_u8().await.unwrap());
    }
    let mut answer = vec![0; 1_000];
    other.write_all(HEAD.as_bytes()).await.unwrap();
    assert!(other.read(&mut answer).await.unwrap() > 0);

    panics.send(()).unwrap();

    // The last chunk, which would be empty, is missing.
    assert_eq!(received(export).await, "");
    other.write_all(HEAD.as_bytes()).await.unwrap();
    let length = other.read(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer[..length]).ends_with("hello"));
    let text = serving.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
    assert!(text.ends_with("hello"), "{text}");
}

#[tokio::test]
async fn a_panic_in_a_stream_ends_that_response_and_no_other_of_the_connection() {
    let (router, panics) = breaking();
    let serving = serving(router, LATE).await;
    let stream = TokioIo::new(serving.connect().await);
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    let request =
        |path: &str| Request::get(format!("http://here{path}")).body(Body::empty()).unwrap();
    let export = client.send_request(request("/export")).await.unwrap();
    let mut parts = Body::new(export.into_body()).into_data_stream();
    assert_eq!(parts.next().await.unwrap().unwrap(), "first");

    panics.send(()).unwrap();

    // The client of hyper takes a stream that is cancelled for one that ends.
    assert!(parts.next().await.is_none_or(|part| part.is_err()));
    let other = client.send_request(request("/")).await.unwrap();
    let other = axum::body::to_bytes(Body::new(other.into_body()), 100).await.unwrap();
    assert_eq!(other, "hello");
}

#[tokio::test]
async fn a_running_request_is_answered_during_a_shutdown() {
    let (router, has_come, answer) = slow();
    let serving = serving(router, LATE).await;
    let mut client = serving.connect().await;
    client.write_all(HEAD.as_bytes()).await.unwrap();
    has_come.await.unwrap();

    let address = serving.address;
    serving.stop.send(()).unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    answer.send(()).unwrap();

    let text = received(client).await;
    assert!(text.starts_with("HTTP/1.1 200") && text.ends_with("slow"), "{text}");
    assert_eq!(serving.served.await.unwrap(), Drained { aborted: 0 });
}

#[tokio::test]
async fn a_request_that_outlasts_the_deadline_is_aborted() {
    let (router, has_come, answer) = slow();
    let serving = serving(router, SOON).await;
    let mut client = serving.connect().await;
    client.write_all(HEAD.as_bytes()).await.unwrap();
    has_come.await.unwrap();

    serving.stop.send(()).unwrap();

    assert_eq!(serving.served.await.unwrap(), Drained { aborted: 1 });
    assert_eq!(received(client).await, "");
    drop(answer);
}

#[tokio::test]
async fn an_idle_connection_does_not_delay_a_shutdown() {
    let serving = serving(hello(), LATE).await;
    let mut client = serving.connect().await;
    client.write_all(HEAD.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    client.read_exact(&mut first).await.unwrap();

    serving.stop.send(()).unwrap();

    assert_eq!(serving.served.await.unwrap(), Drained { aborted: 0 });
}

#[tokio::test]
async fn an_incomplete_request_times_out() {
    let serving = serving_in_a_hurry(hello()).await;

    for half in ["", "G", "GET / HTTP/1.1\r\nHost: h", "PRI * HTTP/2.0\r\n", "PRI"] {
        let text = serving.send(half).await;
        assert!(!text.contains("200"), "{half:?}: {text}");
    }
}

#[tokio::test]
async fn a_handler_may_outlast_the_timeout_of_a_request_head() {
    let (router, has_come, answer) = slow();
    let serving = serving_in_a_hurry(router).await;
    let mut client = serving.connect().await;
    client.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    has_come.await.unwrap();

    // This connection lives as long as the timeout of the first.
    serving.send("").await;
    answer.send(()).unwrap();

    assert!(received(client).await.ends_with("slow"));
}

#[tokio::test]
async fn a_request_head_that_is_too_large_is_refused() {
    let serving = serving(hello(), LATE).await;
    let large = "x".repeat(usize::from(HEADER_BYTES));

    let text = serving.send(&format!("GET / HTTP/1.1\r\nHost: h\r\nx: {large}\r\n\r\n")).await;

    assert!(text.starts_with("HTTP/1.1 431") || text.is_empty(), "{text}");
    assert!(!text.contains("hello"));
}

#[tokio::test]
async fn a_port_in_use_is_reported_in_one_line() {
    let listener = bind("127.0.0.1:0".parse().unwrap(), "--listen").await.unwrap();
    let address = listener.local_addr().unwrap();

    let in_use = bind(address, "--listen").await.unwrap_err();
    let absent = bind("192.0.2.1:80".parse().unwrap(), "--listen").await.unwrap_err();

    let message = format!(
        "cannot listen on `{address}`: the address is in use; stop the other program, or choose another address \
         with `--listen`"
    );
    assert_eq!(in_use, message);
    assert!(absent.contains("this machine does not have the address"), "{absent}");
}

/// An answer of 32 MiB, more than the buffers of a socket hold.
fn large() -> Router {
    Router::new().fallback(|| async { vec![b'x'; 32 << 20] })
}

/// An answer without an end, and what says that it was dropped.
fn endless() -> (Router, oneshot::Receiver<()>) {
    let (alive, dropped) = oneshot::channel::<()>();
    let alive = std::sync::Arc::new(std::sync::Mutex::new(Some(alive)));
    let handler = move || async move {
        let alive = alive.lock().unwrap().take();
        let parts = futures_util::stream::repeat_with(move || {
            assert!(alive.is_some());
            Ok::<_, io::Error>(vec![b'x'; 64 << 10])
        });
        Body::from_stream(parts)
    };
    (Router::new().fallback(handler), dropped)
}

#[tokio::test]
async fn a_head_that_stops_is_closed_before_an_idle_connection() {
    let timeouts = Timeouts { head: SOON, ..all(LATE) };
    let serving = Setup { timeouts, ..Setup::default() }.start(hello()).await;
    let (mut idle, mut half) = (serving.connect().await, serving.connect().await);
    for stream in [&mut idle, &mut half] {
        stream.write_all(HEAD.as_bytes()).await.unwrap();
        assert!(stream.read(&mut [0; 1_000]).await.unwrap() > 0);
    }

    half.write_all(b"GET / HT").await.unwrap();

    assert_eq!(received(half).await, "");
    idle.write_all(HEAD.as_bytes()).await.unwrap();
    assert!(idle.read(&mut [0; 1_000]).await.unwrap() > 0);
}

#[tokio::test]
async fn an_answer_that_is_not_read_is_given_up() {
    let timeouts = Timeouts { stall: SOON, ..all(LATE) };
    let (router, dropped) = endless();
    let serving = Setup { timeouts, ..Setup::default() }.start(router).await;
    let mut stream = serving.connect().await;
    stream.write_all(HEAD.as_bytes()).await.unwrap();

    let dropped = tokio::time::timeout(LATE, dropped).await;

    assert!(dropped.is_ok(), "the answer goes on");
}

#[tokio::test]
async fn an_answer_that_is_not_read_on_http_2_is_given_up() {
    let timeouts = Timeouts { stall: SOON, ..all(LATE) };
    let serving = Setup { timeouts, ..Setup::default() }.start(large()).await;
    let stream = TokioIo::new(serving.connect().await);
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::get("http://here/").body(Body::empty()).unwrap();

    let response = client.send_request(request).await.unwrap();

    // The connection stays readable, but the window of the answer is full.
    let ended = tokio::time::timeout(LATE, connection).await;
    assert!(ended.is_ok(), "the connection stays open");
    drop(response);
}

#[tokio::test]
async fn an_answer_that_is_read_slowly_is_complete() {
    let timeouts = Timeouts { stall: 5 * SOON, ..all(LATE) };
    let serving = Setup { timeouts, ..Setup::default() }.start(large()).await;
    // What a large buffer has taken in, nothing tells the server of when it is read.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(256 << 10).unwrap();
    let mut stream = socket.connect(serving.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await.unwrap();

    let (mut total, mut part) = (0, vec![0; 1 << 20]);
    let mut pause = tokio::time::interval(SOON / 2);
    let mut is_open = true;
    while is_open {
        pause.tick().await;
        // A whole part each time: the system lets the server go on when a third of its buffer is free.
        let mut taken = 0;
        while is_open && taken < part.len() {
            let read = stream.read(&mut part).await.unwrap();
            is_open = read > 0;
            taken += read;
        }
        total += taken;
    }

    assert!(total > 32 << 20, "{total} bytes");
}

#[tokio::test]
async fn connections_without_a_request_make_room_for_others() {
    for half in ["", "GET / HTTP/1.1\r\nHost: h", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let serving = Setup { most_connections: 8, ..Setup::default() }.start(hello()).await;
        let mut kept = Vec::new();
        for _ in 0..40 {
            let mut stream = serving.connect().await;
            stream.write_all(half.as_bytes()).await.unwrap();
            kept.push(stream);
        }

        let text = serving.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;

        assert!(text.ends_with("hello"), "{half:?}: {text:?}");
    }
}

#[tokio::test]
async fn requests_whose_body_does_not_come_make_room_for_others() {
    let router = Router::new().fallback(|body: Bytes| async move { format!("{}", body.len()) });
    let serving = Setup { most_connections: 8, ..Setup::default() }.start(router).await;
    let mut kept = Vec::new();
    for _ in 0..16 {
        let mut stream = serving.connect().await;
        let half = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf";
        stream.write_all(half).await.unwrap();
        kept.push(stream);
    }

    let text = serving.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;

    assert!(text.ends_with("\r\n0"), "{text:?}");
}

#[tokio::test]
async fn a_request_that_is_worked_on_is_not_closed_to_make_room() {
    let (router, has_come, answer) = slow();
    let serving = Setup { most_connections: 2, ..Setup::default() }.start(router).await;
    let mut working = serving.connect().await;
    working.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    has_come.await.unwrap();
    let mut kept = Vec::new();
    for _ in 0..20 {
        kept.push(serving.connect().await);
    }

    let other = serving.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
    answer.send(()).unwrap();

    assert!(other.ends_with("slow"), "{other:?}");
    assert!(received(working).await.ends_with("slow"));
}

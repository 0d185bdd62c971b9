//! The serving loop on a socket: shutdown, timeouts and limits.

use axum::extract::ConnectInfo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
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
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { stopped.await.unwrap_or_default() };
    let timeouts = Timeouts { preface: SOON, head: SOON };
    let served = tokio::spawn(serve_with(listener, router, shutdown, drain, timeouts));
    Serving { address, stop, served }
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
    let serving = serving(hello(), LATE).await;

    for half in ["", "G", "GET / HTTP/1.1\r\nHost: h", "PRI * HTTP/2.0\r\n", "PRI"] {
        let text = serving.send(half).await;
        assert!(!text.contains("200"), "{half:?}: {text}");
    }
}

#[tokio::test]
async fn a_handler_may_outlast_the_timeout_of_a_request_head() {
    let (router, has_come, answer) = slow();
    let serving = serving(router, LATE).await;
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
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();

    let in_use = bind(address).await.unwrap_err();
    let absent = bind("192.0.2.1:80".parse().unwrap()).await.unwrap_err();

    let message = format!(
        "cannot listen on `{address}`: the address is in use; stop the other program, or choose another address \
         with `--listen`"
    );
    assert_eq!(in_use, message);
    assert!(absent.contains("this machine does not have the address"), "{absent}");
}

//! The serving loop on a socket: how it ends, and whom it does not wait for.

use axum::extract::ConnectInfo;
use axum::routing::get;
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
    served: JoinHandle<Served>,
}

async fn serving(router: Router, drain: Duration) -> Serving {
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { stopped.await.unwrap_or_default() };
    let patience = Patience { opening: SOON, head: SOON };
    let served = tokio::spawn(serve_with(listener, router, shutdown, drain, patience));
    Serving { address, stop, served }
}

impl Serving {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// What a client hears that says something and waits for the end.
    async fn say(&self, text: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        heard(stream).await
    }
}

async fn heard(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    // Being cut off is an end too.
    let read = tokio::time::timeout(LATE, stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "nobody hung up");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

/// A route that says when a request has come, and answers when it is told.
fn slow() -> (Router, oneshot::Receiver<()>, oneshot::Sender<()>) {
    let (came, has_come) = oneshot::channel();
    let (answer, may_answer) = oneshot::channel();
    let both = std::sync::Arc::new(std::sync::Mutex::new(Some((came, may_answer))));
    let route = get(move || async move {
        let both = both.lock().unwrap().take();
        if let Some((came, may_answer)) = both {
            came.send(()).unwrap();
            let told: Result<(), _> = may_answer.await;
            told.unwrap();
        }
        "slow"
    });
    (Router::new().route("/", route), has_come, answer)
}

#[tokio::test]
async fn a_request_is_answered_and_the_handler_knows_its_client() {
    let router = Router::new().route(
        "/",
        get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
    );
    let serving = serving(router, LATE).await;

    let heard = serving.say("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;

    assert!(heard.starts_with("HTTP/1.1 200") && heard.ends_with("127.0.0.1"), "{heard}");
}

#[tokio::test]
async fn a_client_may_speak_http_2_without_tls() {
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
async fn a_request_under_way_is_answered_after_the_end_has_begun() {
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

    let heard = heard(client).await;
    assert!(heard.starts_with("HTTP/1.1 200") && heard.ends_with("slow"), "{heard}");
    assert_eq!(serving.served.await.unwrap(), Served { cut_off: 0 });
}

#[tokio::test]
async fn a_request_that_takes_longer_than_the_deadline_is_cut_off() {
    let (router, has_come, answer) = slow();
    let serving = serving(router, SOON).await;
    let mut client = serving.connect().await;
    client.write_all(HEAD.as_bytes()).await.unwrap();
    has_come.await.unwrap();

    serving.stop.send(()).unwrap();

    assert_eq!(serving.served.await.unwrap(), Served { cut_off: 1 });
    assert_eq!(heard(client).await, "");
    drop(answer);
}

#[tokio::test]
async fn a_connection_that_waits_for_nothing_does_not_hold_up_the_end() {
    let serving = serving(hello(), LATE).await;
    let mut client = serving.connect().await;
    client.write_all(HEAD.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    client.read_exact(&mut first).await.unwrap();

    serving.stop.send(()).unwrap();

    assert_eq!(serving.served.await.unwrap(), Served { cut_off: 0 });
}

#[tokio::test]
async fn a_client_that_says_half_of_something_is_cut_off() {
    let serving = serving(hello(), LATE).await;

    for half in ["", "G", "GET / HTTP/1.1\r\nHost: h", "PRI * HTTP/2.0\r\n", "PRI"] {
        let heard = serving.say(half).await;
        assert!(!heard.contains("200"), "{half:?}: {heard}");
    }
}

#[tokio::test]
async fn a_handler_may_take_longer_than_a_client_may_for_its_head() {
    let (router, has_come, answer) = slow();
    let serving = serving(router, LATE).await;
    let mut client = serving.connect().await;
    client.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    has_come.await.unwrap();

    // Another connection waits for as long as the first may.
    serving.say("").await;
    answer.send(()).unwrap();

    assert!(heard(client).await.ends_with("slow"));
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let serving = serving(hello(), LATE).await;
    let large = "x".repeat(usize::from(HEADER_BYTES));

    let heard = serving.say(&format!("GET / HTTP/1.1\r\nHost: h\r\nx: {large}\r\n\r\n")).await;

    assert!(heard.starts_with("HTTP/1.1 431") || heard.is_empty(), "{heard}");
    assert!(!heard.contains("hello"));
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_in_a_line() {
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();

    let taken = bind(address).await.unwrap_err();
    let absent = bind("192.0.2.1:80".parse().unwrap()).await.unwrap_err();

    let says = format!(
        "cannot listen on `{address}`: another program does; stop it, or choose another address \
         with `--listen`"
    );
    assert_eq!(taken, says);
    assert!(absent.contains("this machine has no such address"), "{absent}");
}

//! A client on a connection of its own for each request, from an address of its own.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// A person, or a program.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) server: SocketAddr,
    /// The last number of its address, `127.0.0.…`.
    pub(super) from: u8,
    pub(super) cookie: String,
}

/// What came back.
pub(super) struct Answer {
    /// 0 when the connection was closed without an answer.
    pub(super) status: u16,
    pub(super) text: String,
    pub(super) took: Duration,
}

impl Client {
    pub(super) fn new(server: SocketAddr, from: u8) -> Client {
        Client { server, from, cookie: String::new() }
    }

    /// Signs in with the password of every account of the tests.
    pub(super) async fn sign_in(self, name: &str) -> Client {
        let password = hallpass_testkit::test_server::PASSWORD;
        let body = format!(r#"{{"email": "{name}@example.com", "password": "{password}"}}"#);
        let answer = self.send("POST", "/api/v1/sessions", "", body.as_bytes()).await;
        let cookie = answer.text.lines().find_map(|line| {
            let (header, value) = line.split_once(": ")?;
            let value = value.split(';').next()?;
            header.eq_ignore_ascii_case("set-cookie").then(|| value.to_owned())
        });
        let cookie = cookie.unwrap_or_else(|| panic!("{name}: {}", answer.text));
        Client { cookie, ..self }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", b"").await
    }

    pub(super) async fn post(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, "", body.as_bytes()).await
    }

    /// Sends a request with more headers, each with its line end.
    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> Answer {
        #[expect(clippy::disallowed_methods, reason = "it measures the server")]
        let began = Instant::now();
        let exchanged = tokio::time::timeout(PATIENCE, async {
            let mut stream = self.connect().await?;
            self.exchange(&mut stream, &self.head(method, path, headers, body.len()), body)
                .await
        });
        let text = match exchanged.await {
            Ok(Ok(text)) => text,
            Ok(Err(_)) | Err(_) => String::new(),
        };
        let status = text.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, text, took: began.elapsed() }
    }

    /// The head of a request.
    pub(super) fn head(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        length: usize,
    ) -> String {
        let cookie = &self.cookie;
        format!(
            "{method} {path} HTTP/1.1\r\nHost: hallpass\r\nConnection: close\r\nCookie: {cookie}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n"
        )
    }

    pub(super) async fn connect(&self) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, self.from), 0)))?;
        socket.connect(self.server).await
    }

    /// A body that is refused is not taken to its end: then the answer is what counts.
    async fn exchange(
        &self,
        stream: &mut TcpStream,
        head: &str,
        body: &[u8],
    ) -> io::Result<String> {
        let (mut reading, mut writing) = stream.split();
        let write = async {
            writing.write_all(head.as_bytes()).await?;
            writing.write_all(body).await
        };
        let mut bytes = Vec::new();
        let (_, _) = tokio::join!(write, reading.read_to_end(&mut bytes));
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

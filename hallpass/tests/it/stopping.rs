//! Stopping: within ten seconds whatever clients do, and at once by a second signal.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::cli::folder;
use crate::server::{ANNA, Server};

/// Connections that send the beginning of a request and no more.
fn half_sent(server: &Server, n: usize) -> Vec<TcpStream> {
    let head = "POST /api/v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Content-Length: 1000\r\n\r\n{\"email\":";
    let open = |_| {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    let streams: Vec<TcpStream> = (0..n).map(open).collect();
    // Once this is answered, the server has accepted those before it.
    assert_eq!(server.send("anna", "GET", "/healthz", "").0, 200);
    streams
}

#[expect(clippy::disallowed_methods, reason = "the time of a process that stops is measured")]
fn now() -> Instant {
    Instant::now()
}

/// The account was stored.
fn signs_in(server: &Server) {
    let body = r#"{"email": "anna@example.com", "password": "correct horse battery"}"#;
    server.post("anna", "/api/v1/sessions", body, 201);
}

#[test]
fn the_server_stops_within_ten_seconds_whatever_clients_do() {
    let folder = folder("stops");
    let server = Server::start(&folder, &[]);
    server.post("anna", "/api/v1/accounts", ANNA, 201);
    let mut streams = half_sent(&server, 50);
    let (began, address) = (now(), server.address.clone());

    let code = server.stop();

    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(code, Some(0));
    let mut rest = Vec::new();
    let _ = streams.pop().unwrap().read_to_end(&mut rest);
    assert!(TcpStream::connect(address).is_err());
    let server = Server::start(&folder, &[]);
    signs_in(&server);
}

#[test]
fn a_second_signal_ends_the_server_at_once() {
    let folder = folder("twice");
    let server = Server::start(&folder, &[]);
    server.post("anna", "/api/v1/accounts", ANNA, 201);
    let streams = half_sent(&server, 3);
    let began = now();
    server.tell_to_stop();
    // The first signal closes the port.
    while TcpStream::connect(&server.address).is_ok() {}
    server.tell_to_stop();

    let code = server.wait();

    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!(code, Some(1));
    drop(streams);
    let server = Server::start(&folder, &[]);
    signs_in(&server);
}

//! Identity providers and name servers, as the configuration lets the server call them.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::folder;
use crate::server::{ANNA, Server};

const TENANT: &str = "6f1c1f0e-4a5b-4c6d-8e7f-0123456789ab";

/// A server on this machine that publishes nothing, and the paths that it is asked for.
fn provider() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (sender, asked) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            // The receiver is gone when the test is over.
            let _ = sender.send(path);
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
        }
    });
    (base, asked)
}

/// Starts a server with a workspace whose plan has single sign-on.
fn start(name: &str, arguments: &[&str]) -> Server {
    let server = Server::start(&folder(&format!("provider_{name}")), arguments);
    server.post("anna", "/api/v1/accounts", ANNA, 201);
    let acme = r#"{"name": "Acme", "slug": "acme", "blueprint": "harmonia"}"#;
    server.post("anna", "/api/v1/workspaces", acme, 201);
    server.post("anna", "/api/v1/workspaces/acme/billing/plan", r#"{"plan": "agency"}"#, 200);
    server
}

/// Connects a provider, and begins a test of it.
fn begin_test(server: &Server, more: &Value) {
    let mut body = json!({"name": "Own", "client_id": "a", "client_secret": "b"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let path = "/api/v1/workspaces/acme/sso";
    let made = server.post("anna", path, &body.to_string(), 201);
    let url = made["urls"]["start"].as_str().unwrap().replace("/start", "/test");
    let path = url.splitn(4, '/').nth(3).unwrap();
    let (status, _) = server.send("anna", "POST", &format!("/{path}"), "");
    assert_eq!(status, 403, "the provider publishes nothing");
}

#[test]
fn a_provider_in_the_own_network_is_called_where_the_configuration_allows_it() {
    let (base, asked) = provider();
    let closed = start("closed", &[]);
    let plain = json!({"name": "Own", "kind": "oidc", "client_id": "a", "client_secret": "b",
        "issuer": base});
    let path = "/api/v1/workspaces/acme/sso";
    let refused = closed.post("anna", path, &plain.to_string(), 422);
    assert_eq!(refused["errors"][0]["code"], "bad_provider", "{refused}");
    let issuer = base.replace("http://", "https://");
    begin_test(&closed, &json!({"kind": "oidc", "issuer": issuer}));
    assert!(asked.recv_timeout(Duration::from_millis(200)).is_err(), "it was called");

    let open = start("open", &["--private-providers", "true"]);
    begin_test(&open, &json!({"kind": "oidc", "issuer": base}));

    let path = asked.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(path, "/.well-known/openid-configuration");
}

#[test]
fn google_and_microsoft_are_where_the_configuration_says() {
    let (base, asked) = provider();
    let arguments = [
        ["--private-providers", "true"],
        ["--google-issuer", &base],
        ["--microsoft-authority", &base],
    ];
    let server = start("named", &arguments.concat());

    begin_test(&server, &json!({"kind": "google", "hosted_domains": ["acme.example"]}));
    let google = asked.recv_timeout(Duration::from_secs(10)).unwrap();
    begin_test(&server, &json!({"kind": "microsoft", "tenant": TENANT}));
    let microsoft = asked.recv_timeout(Duration::from_secs(10)).unwrap();

    assert_eq!(google, "/.well-known/openid-configuration");
    assert_eq!(microsoft, format!("/{TENANT}/v2.0/.well-known/openid-configuration"));
}

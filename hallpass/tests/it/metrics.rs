//! The figures of the server, as Prometheus reads them.

use std::net::TcpListener;
use std::process::Command;

use crate::cli::{check, folder};
use crate::server::Server;

/// A port of this machine that nothing listens on.
fn free_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

fn curl(url: &str) -> String {
    let output = Command::new("curl").args(["-sS", url]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The value of the figure whose line begins so.
fn figure(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|known| known.strip_prefix(line));
    let value = found.unwrap_or_else(|| panic!("no `{line}` in {text}")).trim();
    value.parse().unwrap()
}

#[test]
fn figures_are_served_at_an_address_of_their_own() {
    let folder = folder("metrics");
    let at = free_port();
    let server = Server::start(&folder, &["--metrics-listen", &at]);
    let body = r#"{"email": "anna@example.com", "password": "correct horse battery", "first_name": "A"}"#;
    let _ = server.post("anna", "/api/v1/accounts", body, 201);
    let workspace = r#"{"name": "Acme", "slug": "acme", "blueprint": "standard"}"#;
    let _ = server.post("anna", "/api/v1/workspaces", workspace, 201);
    let checks = r#"{"checks": [{"resource": "contacts", "action": "read"}]}"#;
    for _ in 0..3 {
        let path = "/api/v1/workspaces/acme/access/check";
        let _ = server.post("anna", path, checks, 200);
    }
    let secret = "a-token-that-is-secret";
    let (status, _) = server.send("anna", "GET", &format!("/invitations/{secret}"), "");
    assert_eq!(status, 404);

    let text = curl(&format!("http://{at}/metrics"));

    let route = r#"method="POST",route="/api/v1/workspaces/{ws}/access/check""#;
    let count = format!(r#"hallpass_http_requests_total{{{route},status="200"}}"#);
    assert!((figure(&text, &count) - 3.0).abs() < f64::EPSILON);
    let took = format!("hallpass_http_request_duration_seconds_count{{{route}}}");
    assert!((figure(&text, &took) - 3.0).abs() < f64::EPSILON);
    let allowed = r#"hallpass_decisions_total{answer="allowed"}"#;
    assert!((figure(&text, allowed) - 3.0).abs() < f64::EPSILON);
    assert!(figure(&text, "hallpass_snapshots_bytes") > 1_000.0);
    assert!(figure(&text, r#"hallpass_snapshot_loads_total{from="cache"}"#) >= 1.0);
    for known in [
        "hallpass_mails_waiting ",
        "hallpass_http_requests_in_flight ",
        "hallpass_database_connections_in_use ",
        "hallpass_database_heavy_reads_waiting ",
        "hallpass_database_refused_total ",
    ] {
        figure(&text, known);
    }
    assert!(figure(&text, "hallpass_database_writers_total ") >= 2.0);
    assert!(text.contains("# TYPE hallpass_database_throttled_total counter"), "{text}");
    assert!(figure(&text, "hallpass_database_statements_total ") >= 10.0);
    assert!(!text.contains(secret), "a path is told: {text}");
    // They are not served to clients.
    let (status, _) = server.send("anna", "GET", "/metrics", "");
    assert_eq!(status, 404);
}

#[test]
fn the_address_of_figures_is_not_that_of_the_server() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    let folder = folder("metrics_taken").display().to_string();

    let arguments = ["--listen", "127.0.0.1:0", "--data", &folder, "--metrics-listen", &taken];
    check(&arguments, 2, &["cannot listen on", "in use", "`--metrics-listen`"]);
}

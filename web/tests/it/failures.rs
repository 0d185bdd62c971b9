//! An internal error is answered with the id of its request, under which the log has its cause.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use hallpass_testkit::TestServer;
use serde_json::Value;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// The lines at the level of errors since the last call.
    fn take_errors(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        let text = String::from_utf8(bytes).unwrap();
        let errors = text.lines().filter(|line| line.contains("ERROR"));
        errors.map(str::to_owned).collect()
    }
}

#[tokio::test]
async fn an_internal_error_has_the_request_id_under_which_the_log_has_its_cause() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::ERROR)
        .with_writer(move || writer.clone());
    // The span of a request is at the level of information.
    let subscriber = subscriber.with_max_level(tracing::Level::INFO).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let mut tx = server.app.db().write().await.unwrap();
    let none: [hallpass_store::Value; 0] = [];
    tx.execute("ALTER TABLE teams RENAME TO lost", &none).await.unwrap();
    tx.commit().await.unwrap();

    let mut ids = Vec::new();
    for (method, key, given) in [
        ("GET", None, None),
        ("GET", None, Some("client-chosen.1")),
        ("POST", None, None),
        ("POST", Some("once"), None),
    ] {
        let _ = log.take_errors();
        let request = Request::builder().method(method).uri(anna.uri("/teams"));
        let request = request.header("content-type", "application/json");
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        let request = match given {
            Some(id) => request.header("x-request-id", id),
            None => request,
        };
        let body = if method == "POST" { r#"{"name": "Sales"}"# } else { "" };
        let answer = anna.send(request.body(Body::from(body)).unwrap()).await.expect(500);

        let id = answer.header("x-request-id");
        assert!(given.is_none_or(|given| given == id), "{id}");
        assert_eq!(answer.code(), "broken");
        assert!(answer.text("detail").contains(&format!("`{id}`")), "{}", answer.text);
        assert_eq!(answer.body.get("errors"), None::<&Value>);
        assert!(
            !answer.text.contains("teams"),
            "the cause is in the log only: {}",
            answer.text
        );
        let errors = log.take_errors();
        assert!(!errors.is_empty(), "{method}: nothing is logged");
        for error in errors {
            let span = format!("request.id={id} ");
            assert!(error.contains(&span) && error.contains("teams"), "{id}: {error}");
        }
        assert!(!ids.contains(&id), "{id}");
        ids.push(id);
    }
}

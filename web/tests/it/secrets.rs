//! Secrets are in no output but the answer that hands one out: no log line, whatever its level, no other
//! answer, no export, no audit entry, and not in the database in clear.

mod outputs;

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use hallpass_app::mailer::Mailer;
use hallpass_mail::{MailRenderer, MailTarget, Transport};
use hallpass_testkit::TestServer;
use serde_json::json;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

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
    /// Captures what the binary would log at the level `trace`: no details of libraries.
    pub(crate) fn capture(&self) -> DefaultGuard {
        let writer = self.clone();
        let ours = filter_fn(|source| {
            source.target().starts_with("hallpass") || *source.level() <= tracing::Level::INFO
        });
        let layer = tracing_subscriber::fmt::layer().with_ansi(false);
        let layer = layer.with_writer(move || writer.clone()).with_filter(ours);
        tracing::subscriber::set_default(tracing_subscriber::registry().with(layer))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn log_mailer(server: &TestServer) -> Arc<dyn Mailer> {
    let clock = server.app.clone();
    let transport = Transport::open(&MailTarget::Log, Arc::new(move || clock.now())).unwrap();
    let sender = "hallpass@example.com".parse().unwrap();
    Arc::new(MailRenderer::new(transport, sender, "https://crm.example.com".parse().unwrap()))
}

#[tokio::test]
async fn no_token_of_a_link_is_in_a_log_line_of_any_level() {
    let log = Log::default();
    let guard = log.capture();
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await.expect(201);
    let _ = server.sign_up_unconfirmed("zoe").await;
    let reset = json!({"email": "anna@example.com"});
    let _ = server.anonymous().post("/api/v1/password-resets", reset).await.expect(204);
    let other = json!({"email": "anna@example.org"});
    let _ = workspace.anna.post("/api/v1/me/email", other).await.expect(204);
    let mails = server.mails().await;
    let tokens = mails.iter().filter_map(|(_, mail)| mail["token"].as_str());
    let tokens: Vec<String> = tokens.map(str::to_owned).collect();
    assert!(tokens.len() >= 6, "{tokens:?}");
    let anonymous = server.anonymous();

    let every = hallpass_web::router::routes();
    let routes = every.iter().filter(|route| route.path.contains("{token}"));
    for (route, token) in
        routes.flat_map(|route| tokens.iter().map(move |token| (route, token)))
    {
        let path = route.path.replace("{token}", token);
        let _ = anonymous.request(route.method.as_str(), &path, Some(json!({}))).await;
        // The links of mails, and paths that no route has.
        for path in
            [path.replace("/api/v1/", "/api/"), path.clone() + "/more", path.clone() + "?x"]
        {
            let _ = anonymous.get(&path).await;
        }
    }
    for page in ["address-changes", "invitations", "confirmations", "password-resets"] {
        for token in &tokens {
            let request = Request::get(format!("/{page}/{token}")).body(Body::empty()).unwrap();
            let _ = anonymous.send(request).await;
        }
    }
    let mailer = log_mailer(&server);
    while server.app.mails().deliver_due(&mailer).await.unwrap().sent > 0 {}
    drop(guard);

    let text = log.text();
    assert!(text.contains("mail to ben@example.com") && text.contains("answered"), "{text}");
    for token in tokens {
        assert!(!text.contains(&token), "{token} in {text}");
    }
}

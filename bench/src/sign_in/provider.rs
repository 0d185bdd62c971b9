//! What single sign-on by OpenID Connect costs the server: the way to the provider, the exchange of the code, the
//! token, and the new session.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use hallpass_testkit::OidcProvider;
use serde_json::{Value, json};

use crate::server::{self, Connection, Server};
use crate::table::Gauge;

/// Round trips that are measured, after as many that are not.
const TRIPS: u32 = 100;

/// Measures round trips of a person whose identity is connected.
pub(super) fn measure(folder: &Path) -> Result<Vec<Gauge<'static>>, String> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let provider = runtime.block_on(OidcProvider::start(""));
    let server = Server::start_with(
        folder,
        &["--private-providers", "true", "--trusted-proxies", "127.0.0.1/32"],
    )?;
    let cookie = server::sign_up(&server)?;
    let plan = json!({"plan": "agency"});
    server.expect(200, ("POST", "/api/v1/workspaces/bench/billing/plan"), &cookie, &plan)?;
    let body = json!({
        "name": "Provider", "kind": "oidc", "issuer": provider.base,
        "client_id": "client-1", "client_secret": "secret-1",
    });
    let sso = "/api/v1/workspaces/bench/sso";
    let made = server.expect(201, ("POST", sso), &cookie, &body)?;
    let trip = Trip { server: &server, provider: &provider, made: &made };
    trip.begin_on_page("test", &cookie)?;
    let id = made.get("id").and_then(Value::as_str).unwrap_or_default();
    let path = format!("{sso}/{id}");
    server.expect(200, ("PATCH", &path), &cookie, &json!({"is_on": true}))?;
    trip.begin_on_page("connect", &cookie)?;
    for number in 0..TRIPS {
        trip.sign_in(number)?;
    }
    let before = server.processor_time()?;
    for number in TRIPS..2 * TRIPS {
        trip.sign_in(number)?;
    }
    let spent = (server.processor_time()? - before) * 1e3 / f64::from(TRIPS);
    Ok(vec![Gauge::known("a round trip of single sign-on: server CPU", (5.0, "ms"), spent)])
}

/// The ways to and from a provider.
struct Trip<'t> {
    server: &'t Server,
    provider: &'t OidcProvider,
    /// The connection, as it was created.
    made: &'t Value,
}

impl Trip<'_> {
    /// The path of one of its addresses.
    fn path(&self, name: &str) -> String {
        let url = self.made.get("urls").and_then(|urls| urls.get(name)?.as_str());
        let url = url.unwrap_or_default();
        let after = url.split_once("://").map_or(url, |(_, rest)| rest);
        after.find('/').and_then(|at| after.get(at..)).unwrap_or_default().to_owned()
    }

    /// Begins a test, or to connect, with the form of a page, and comes back.
    fn begin_on_page(&self, purpose: &str, cookie: &str) -> Result<(), String> {
        let path = self.path("start").replace("/start", &format!("/{purpose}"));
        let form = "next=%2F";
        let address = &self.server.address;
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\ncookie: {cookie}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        );
        let (status, head, body) = Connection::open(address)?.send(&request)?;
        let link = body.split("<a class=\"button primary large\" href=\"").nth(1);
        let link = link.and_then(|rest| rest.split('"').next());
        let Some(link) = link else {
            return Err(format!("{path} answered {status}: {body}"));
        };
        let link = link.replace("&amp;", "&").replace("&#38;", "&");
        let cookies = format!("{cookie}; {}", cookies(&head));
        self.come_back(&link, &cookies)
    }

    /// Signs in, in a new browser at another address: one address signs in only so often.
    fn sign_in(&self, number: u32) -> Result<(), String> {
        let request = self.server.request("GET", &self.path("start"), "", None);
        let [.., a, b] = number.to_be_bytes();
        // As a browser says by a link of a page of ours: else the person is asked first.
        let from = format!(
            "\r\nsec-fetch-site: same-origin\r\nx-forwarded-for: 11.0.{a}.{b}\r\ncookie: "
        );
        let request = request.replacen("\r\ncookie: ", &from, 1);
        let (status, head, body) = Connection::open(&self.server.address)?.send(&request)?;
        let Some(url) = header(&head, "location") else {
            return Err(format!("the way to the provider answered {status}: {body}"));
        };
        self.come_back(url, &cookies(&head))
    }

    /// Comes back from the provider, to which an address has led.
    fn come_back(&self, url: &str, cookies: &str) -> Result<(), String> {
        let parameter = |name: &str| {
            let (_, query) = url.split_once('?')?;
            query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        let (state, nonce) = (parameter("state"), parameter("nonce"));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
        self.provider.issue(&self.provider.token(&json!({
            "iss": self.provider.base, "aud": "client-1", "nonce": nonce, "iat": now, "exp": now + 300,
            "sub": "anna-1", "email": "anna@example.com", "email_verified": true, "name": "Anna",
        })));
        let path = format!(
            "{}?code=code-1&state={}",
            self.path("callback"),
            state.unwrap_or_default()
        );
        let request = self.server.request("GET", &path, cookies, None);
        let (status, head, body) = Connection::open(&self.server.address)?.send(&request)?;
        match header(&head, "location") {
            Some(_) if status == 303 => Ok(()),
            _ => Err(format!("the way back answered {status}: {body}")),
        }
    }
}

/// The value of a header.
fn header<'h>(head: &'h [String], name: &str) -> Option<&'h str> {
    head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// The cookies that an answer sets, as a browser sends them.
fn cookies(head: &[String]) -> String {
    let set =
        head.iter().filter_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
    set.collect::<Vec<_>>().join("; ")
}

//! The shared state of handlers.

use std::ops::Deref;
use std::sync::Arc;

use hallpass_app::App;
use hallpass_domain::network::Network;

use crate::large_body::LargeBodies;
use crate::limit::Limits;
use crate::unread::Unread;

/// The state of the HTTP server; clones share it.
#[derive(Clone)]
pub struct Web(Arc<WebState>);

/// The parts of [`Web`].
pub struct WebState {
    /// The use cases.
    pub app: App,
    /// The settings of the HTTP server.
    pub http: HttpConfig,
    /// The rate limits.
    pub limits: Limits,
    /// The places for large bodies.
    pub large_bodies: LargeBodies,
    /// The answers that are not read to their end.
    pub unread: Arc<Unread>,
}

/// The settings of the HTTP server.
#[derive(Clone, Debug, Default)]
pub struct HttpConfig {
    /// Whether clients use TLS, so that cookies are restricted to it.
    pub is_secure: bool,
    /// The URL at which clients reach the server, as pages show it.
    pub base_url: String,
    /// The proxies that are trusted to name the client.
    pub trusted_proxies: Vec<Network>,
    /// The header in which they do so.
    pub proxy_header: ProxyHeader,
}

/// The header in which proxies name the client. Only one is read: a proxy passes on what it does not know,
/// and the client could write it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, with `X-Forwarded-Proto`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl HttpConfig {
    /// Whether browsers are told to use TLS only. `localhost` has other servers too, on other ports, that
    /// this would close.
    pub(crate) fn binds_to_tls(&self) -> bool {
        let host = self.base_url.strip_prefix("https://");
        let name = host.map(|host| host.split([':', '/']).next().unwrap_or_default());
        name.is_some_and(|name| name != "localhost" && !name.ends_with(".localhost"))
    }
}

impl Web {
    /// Creates the state.
    #[must_use]
    pub fn new(app: App, http: HttpConfig) -> Web {
        Web(Arc::new(WebState {
            app,
            http,
            limits: Limits::default(),
            large_bodies: LargeBodies::default(),
            unread: Arc::default(),
        }))
    }
}

impl Deref for Web {
    type Target = WebState;

    fn deref(&self) -> &WebState {
        &self.0
    }
}

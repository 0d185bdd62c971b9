//! The shared state of handlers.

use std::ops::Deref;
use std::sync::Arc;

use hallpass_app::App;
use hallpass_domain::network::Network;

use crate::limit::Limits;

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
}

/// The settings of the HTTP server.
#[derive(Clone, Debug, Default)]
pub struct HttpConfig {
    /// Whether clients use TLS, so that cookies are restricted to it.
    pub is_secure: bool,
    /// The URL at which clients reach the server, as pages show it.
    pub base_url: String,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<Network>,
}

impl Web {
    /// Creates the state.
    #[must_use]
    pub fn new(app: App, http: HttpConfig) -> Web {
        Web(Arc::new(WebState { app, http, limits: Limits::default() }))
    }
}

impl Deref for Web {
    type Target = WebState;

    fn deref(&self) -> &WebState {
        &self.0
    }
}

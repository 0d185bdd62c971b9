//! What every handler has at hand.

use std::ops::Deref;
use std::sync::Arc;

use hallpass_app::App;

use crate::limit::Limits;
use crate::network::Network;

/// The house, and how it is spoken to. A clone is the same.
#[derive(Clone)]
pub struct Web(Arc<AtHand>);

/// The parts of [`Web`].
pub struct AtHand {
    /// The house.
    pub app: App,
    /// How it is spoken to.
    pub http: HttpConfig,
    /// How often strangers may knock.
    pub limits: Limits,
}

/// How the server is spoken to.
#[derive(Clone, Debug, Default)]
pub struct HttpConfig {
    /// Whether people reach it by TLS, so that cookies travel by nothing else.
    pub is_secure: bool,
    /// Where people reach it, as pages write it.
    pub base_url: String,
    /// Proxies whose word counts about who is behind them.
    pub trusted_proxies: Vec<Network>,
}

impl Web {
    /// A house that is spoken to in some manner.
    #[must_use]
    pub fn new(app: App, http: HttpConfig) -> Web {
        Web(Arc::new(AtHand { app, http, limits: Limits::default() }))
    }
}

impl Deref for Web {
    type Target = AtHand;

    fn deref(&self) -> &AtHand {
        &self.0
    }
}

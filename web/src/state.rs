//! What every handler has at hand.

use std::sync::Arc;

use hallpass_app::House;

use crate::limit::Limits;
use crate::network::Network;

/// The house, and how it is spoken to.
#[derive(Clone)]
pub struct Web {
    /// The house.
    pub house: House,
    /// How it is spoken to.
    pub manner: Arc<Manner>,
    /// How often strangers may knock.
    pub limits: Arc<Limits>,
}

/// How the server is spoken to.
#[derive(Clone, Debug, Default)]
pub struct Manner {
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
    pub fn new(house: House, manner: Manner) -> Web {
        Web { house, manner: Arc::new(manner), limits: Arc::new(Limits::default()) }
    }
}

//! What identity providers publish, remembered for some minutes.

use std::sync::Arc;

use hallpass_domain::time::Span;
use hallpass_sso::Refusal;
use hallpass_sso::oidc::Provider;

use crate::app::App;
use crate::error::Error;

/// How long it is remembered. Keys that a provider has taken back count until then.
const REMEMBERED: Span = Span::minutes(5);

/// Why there is no provider.
pub(crate) enum Undiscovered {
    /// It cannot be used.
    Refused(Refusal),
    /// We cannot ask it.
    Failed(Error),
}

/// What the provider of an issuer publishes.
pub(crate) async fn discover(app: &App, issuer: &str) -> Result<Arc<Provider>, Undiscovered> {
    let now = app.now();
    if let Some(provider) = app.providers().find(issuer, now - REMEMBERED) {
        return Ok(provider);
    }
    let client = app.provider_client().map_err(Undiscovered::Failed)?;
    let provider = Provider::discover(issuer, &client).await.map_err(Undiscovered::Refused)?;
    let provider = Arc::new(provider);
    app.providers().insert(issuer, now, &provider);
    Ok(provider)
}

/// Forgets a provider whose keys did not verify what it has signed: it may have others now.
pub(crate) fn forget(app: &App, issuer: &str) {
    app.providers().remove(issuer);
}

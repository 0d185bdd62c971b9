//! The sessions of the accounts of the demo.

use hallpass_app::origin::Origin;
use hallpass_app::{App, Error, Principal};

use super::people::PASSWORD;

/// A principal who has signed in a short time ago, for what needs a recent sign-in.
pub(super) async fn present(app: &App, principal: &Principal) -> Result<Principal, Error> {
    if principal.check_recent(app.now()).is_ok() {
        return Ok(principal.clone());
    }
    let origin = Origin::default();
    let email = app.accounts().load(principal).await?.email;
    let (_, token) = app.sessions().sign_in(email.as_str(), PASSWORD, None, &origin).await?;
    let found = app.principals().find_by_session(&token, (&origin, "demo")).await?;
    found.ok_or(Error::NotSignedIn)
}

/// Ends every session of an account, which were those of the demo itself.
pub(super) async fn sign_out(app: &App, principal: &Principal) -> Result<(), Error> {
    let present = present(app, principal).await?;
    let own = present.session()?;
    for session in app.sessions().list(&present).await? {
        if session.id != own {
            app.sessions().revoke(&present, session.id).await?;
        }
    }
    app.sessions().sign_out(&present).await
}

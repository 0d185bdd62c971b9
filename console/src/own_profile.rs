//! The reader's own profile: name, picture, language, password, second factors, sessions, notifications,
//! workspaces.

mod address;
mod client;
mod device;
mod factor;
mod identity;
mod overview;
mod passkey;
mod password;
mod reader;
mod recovery_code;
mod session;
mod totp;

use hallpass_web::routes::Routes;

pub(crate) use client::program;

#[cfg(test)]
pub(crate) use address::OwnAddressPage;
#[cfg(test)]
pub(crate) use overview::OwnProfilePage;
#[cfg(test)]
pub(crate) use passkey::{NewPasskeyPage, PasskeyPage};
#[cfg(test)]
pub(crate) use recovery_code::RecoveryCodesPage;
#[cfg(test)]
pub(crate) use totp::TotpPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/profile", overview::show)
        .post("/workspace/{ws}/profile", overview::save)
        .get("/workspace/{ws}/profile/address", address::ask)
        .post("/workspace/{ws}/profile/address", address::request)
        .post("/workspace/{ws}/profile/password", password::change)
        .post("/workspace/{ws}/profile/sessions", session::end_others)
        .post("/workspace/{ws}/profile/sessions/{session}", session::end)
        .post("/workspace/{ws}/profile/devices/{device}", device::revoke)
        .post(
            "/workspace/{ws}/profile/identities/{connection}/disconnect",
            identity::disconnect,
        )
        .post("/workspace/{ws}/profile/totp", totp::enroll)
        .get("/workspace/{ws}/profile/totp", totp::show)
        .post("/workspace/{ws}/profile/totp/confirm", totp::confirm)
        .post("/workspace/{ws}/profile/totp/remove", totp::remove)
        .post("/workspace/{ws}/profile/recovery-codes", recovery_code::replace)
        .get("/workspace/{ws}/profile/passkeys/new", passkey::offer)
        .post("/workspace/{ws}/profile/passkeys", passkey::register)
        .get("/workspace/{ws}/profile/passkeys/{passkey}", passkey::show)
        .post("/workspace/{ws}/profile/passkeys/{passkey}", passkey::rename)
        .post("/workspace/{ws}/profile/passkeys/{passkey}/remove", passkey::remove)
}

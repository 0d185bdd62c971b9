//! Accounts before a workspace: signing up, confirming an address, and setting a new password.

mod address_change;
mod confirmation;
mod link;
mod password_reset;
mod setup;
mod sign_up;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use address_change::AddressChangePage;
#[cfg(test)]
pub(crate) use confirmation::ConfirmationPage;
#[cfg(test)]
pub(crate) use link::RequestPage;
#[cfg(test)]
pub(crate) use password_reset::ResetPage;
#[cfg(test)]
pub(crate) use sign_up::SignUpPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/sign-up", sign_up::show)
        .post("/sign-up", sign_up::sign_up)
        .get("/setup/{token}", setup::show)
        .post("/setup/{token}", setup::set_up)
        .get("/forgot", password_reset::forgot)
        .get("/password-resets", password_reset::forgot)
        .post("/password-resets", password_reset::send)
        .get("/password-resets/{token}", password_reset::show)
        .post("/password-resets/{token}", password_reset::save)
        .get("/address-changes/{token}", address_change::show)
        .post("/address-changes/{token}", address_change::agree)
        .post("/address-changes/{token}/refusal", address_change::refuse)
        .get("/confirmations", confirmation::send_again)
        .post("/confirmations", confirmation::send)
        .get("/confirmations/{token}", confirmation::show)
        .post("/confirmations/{token}", confirmation::confirm)
}

//! The reader's own profile: name, picture, language, password, sessions, notifications, workspaces.

mod address;
mod overview;
mod password;
mod session;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use address::OwnAddressPage;
#[cfg(test)]
pub(crate) use overview::OwnProfilePage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/profile", overview::show)
        .post("/workspace/{ws}/profile", overview::save)
        .get("/workspace/{ws}/profile/address", address::ask)
        .post("/workspace/{ws}/profile/address", address::request)
        .post("/workspace/{ws}/profile/password", password::change)
        .post("/workspace/{ws}/profile/sessions", session::end_others)
        .post("/workspace/{ws}/profile/sessions/{session}", session::end)
}

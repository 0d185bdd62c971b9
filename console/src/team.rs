//! The team page: who is a member, with which role, and what changes a membership.

mod list;
mod removal;
mod role;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use list::TeamPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/team", list::show)
        .post("/workspace/{ws}/settings/team/{member}/role", role::change)
        .get("/workspace/{ws}/settings/team/{member}/remove", removal::ask)
        .post("/workspace/{ws}/settings/team/{member}/remove", removal::remove)
}

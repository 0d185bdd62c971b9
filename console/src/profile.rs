//! Profiles: the matrices that members get through their teams.

mod page;
mod removal;
mod save;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use page::ProfilePage;
pub(crate) use page::{SCOPES, choices};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/profiles", page::first)
        .post("/workspace/{ws}/settings/profiles", save::create)
        .get("/workspace/{ws}/settings/profiles/new", page::new)
        .get("/workspace/{ws}/settings/profiles/{profile}", page::show)
        .post("/workspace/{ws}/settings/profiles/{profile}", save::save)
        .post("/workspace/{ws}/settings/profiles/{profile}/preview", save::preview)
        .get("/workspace/{ws}/settings/profiles/{profile}/delete", removal::ask)
        .post("/workspace/{ws}/settings/profiles/{profile}/delete", removal::delete)
}

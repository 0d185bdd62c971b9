//! Roles and permissions: by role, by resource and by person.

mod assignment;
mod by_person;
mod by_resource;
mod content;
mod first;
mod head;
mod history;
mod over;
mod page;
mod removal;
mod save;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use by_person::PersonPage;
#[cfg(test)]
pub(crate) use by_resource::ResourcePage;
#[cfg(test)]
pub(crate) use page::RolePage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/roles", first::first)
        .post("/workspace/{ws}/settings/roles", save::create)
        .get("/workspace/{ws}/settings/roles/new", page::new)
        .get("/workspace/{ws}/settings/roles/{role}", page::show)
        .post("/workspace/{ws}/settings/roles/{role}", save::save)
        .post("/workspace/{ws}/settings/roles/{role}/preview", save::preview)
        .get("/workspace/{ws}/settings/roles/{role}/history", history::show)
        .get("/workspace/{ws}/settings/roles/{role}/members", assignment::ask)
        .post("/workspace/{ws}/settings/roles/{role}/members", assignment::assign)
        .get("/workspace/{ws}/settings/roles/{role}/delete", removal::ask)
        .post("/workspace/{ws}/settings/roles/{role}/delete", removal::delete)
}

//! Connections to identity providers and domains: Settings › Authentication (HARMONIA-88).

pub(crate) mod card;
mod choice;
mod deletion;
mod domain;
mod form;
mod group;
mod rule;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use form::ConnectionPage;
#[cfg(test)]
pub(crate) use group::GroupsPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/authentication/new", form::new)
        .post("/workspace/{ws}/settings/authentication/new", form::create)
        .get("/workspace/{ws}/settings/authentication/{id}", form::show)
        .post("/workspace/{ws}/settings/authentication/{id}", form::save)
        .post("/workspace/{ws}/settings/authentication/{id}/switch", form::switch)
        .get("/workspace/{ws}/settings/authentication/{id}/delete", deletion::ask)
        .post("/workspace/{ws}/settings/authentication/{id}/delete", deletion::delete)
        .get("/workspace/{ws}/settings/authentication/{id}/groups", group::show)
        .post("/workspace/{ws}/settings/authentication/{id}/groups", group::save)
        .post("/workspace/{ws}/settings/authentication/{id}/groups/preview", group::preview)
        .post("/workspace/{ws}/settings/authentication/{id}/groups/rows", group::add_rows)
        .post("/workspace/{ws}/settings/domains", domain::add)
        .post("/workspace/{ws}/settings/domains/{domain}/verify", domain::verify)
        .post("/workspace/{ws}/settings/domains/{domain}/remove", domain::remove)
}

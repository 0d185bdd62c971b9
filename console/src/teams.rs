//! Teams: groups of members, each with a profile or none, and what they share.

mod creation;
mod head;
mod list;
mod membership;
mod page;
mod removal;
mod save;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use creation::NewPage;
#[cfg(test)]
pub(crate) use list::TeamsPage;
#[cfg(test)]
pub(crate) use membership::MembersPage;
#[cfg(test)]
pub(crate) use page::TeamPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/teams", list::show)
        .post("/workspace/{ws}/settings/teams", creation::create)
        .get("/workspace/{ws}/settings/teams/new", creation::new)
        .get("/workspace/{ws}/settings/teams/{team}", page::show)
        .post("/workspace/{ws}/settings/teams/{team}", save::save)
        .post("/workspace/{ws}/settings/teams/{team}/preview", save::preview)
        .get("/workspace/{ws}/settings/teams/{team}/members", membership::show)
        .post("/workspace/{ws}/settings/teams/{team}/members", membership::add)
        .post(
            "/workspace/{ws}/settings/teams/{team}/members/{member}/remove",
            membership::remove,
        )
        .get("/workspace/{ws}/settings/teams/{team}/delete", removal::ask)
        .post("/workspace/{ws}/settings/teams/{team}/delete", removal::delete)
}

//! A new workspace: its name, how access works in it, and what it starts with.

mod founding;
mod model;
mod name;
mod own;
mod sample;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use model::ModelPage;
#[cfg(test)]
pub(crate) use name::NamePage;
#[cfg(test)]
pub(crate) use own::OwnModelPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspaces/new", name::show)
        .post("/workspaces/new", name::choose)
        .get("/workspaces/new/model", model::show)
        .post("/workspaces/new/model", model::create)
        .get("/workspaces/new/own", own::show)
        .post("/workspaces/new/own", own::create)
        .post("/workspaces/new/own/check", own::check)
}

//! The danger zone: what ends an account, a membership or a workspace, and what hands it over (HARMONY-49).

mod account;
mod membership;
mod overview;
mod ownership;
pub(crate) mod sample;
mod workspace;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use overview::DangerPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/delete", overview::show)
        .get("/workspace/{ws}/settings/delete/account", account::ask)
        .post("/workspace/{ws}/settings/delete/account", account::delete)
        .get("/workspace/{ws}/settings/delete/membership", membership::ask)
        .post("/workspace/{ws}/settings/delete/membership", membership::leave)
        .get("/workspace/{ws}/settings/delete/ownership", ownership::ask)
        .post("/workspace/{ws}/settings/delete/ownership", ownership::transfer)
        .get("/workspace/{ws}/settings/delete/sample", sample::ask)
        .post("/workspace/{ws}/settings/delete/sample", sample::remove)
        .get("/workspace/{ws}/settings/delete/workspace", workspace::ask)
        .post("/workspace/{ws}/settings/delete/workspace", workspace::delete)
}

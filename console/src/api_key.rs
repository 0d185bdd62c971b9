//! API keys: the list, a new one with its secret, which is shown once, and the end of one.

mod list;
mod revocation;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use list::ApiKeysPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/api-keys", list::show)
        .post("/workspace/{ws}/settings/api-keys", list::create)
        .get("/workspace/{ws}/settings/api-keys/{key}/revoke", revocation::ask)
        .post("/workspace/{ws}/settings/api-keys/{key}/revoke", revocation::revoke)
}

//! API keys: the list, a new one with its secret, which is shown once, its edit, rotation and end; service
//! accounts.

mod drawer;
mod edit;
mod list;
mod revocation;
mod rotation;
mod scope;
mod service_account;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use list::ApiKeysPage;
#[cfg(test)]
pub(crate) use service_account::NewServiceAccountPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/api-keys", list::show)
        .post("/workspace/{ws}/settings/api-keys", list::create)
        .get("/workspace/{ws}/settings/api-keys/service-accounts", service_account::ask)
        .post("/workspace/{ws}/settings/api-keys/service-accounts", service_account::create)
        .get("/workspace/{ws}/settings/api-keys/{key}", edit::ask)
        .post("/workspace/{ws}/settings/api-keys/{key}", edit::save)
        .get("/workspace/{ws}/settings/api-keys/{key}/revoke", revocation::ask)
        .post("/workspace/{ws}/settings/api-keys/{key}/revoke", revocation::revoke)
        .get("/workspace/{ws}/settings/api-keys/{key}/rotate", rotation::ask)
        .post("/workspace/{ws}/settings/api-keys/{key}/rotate", rotation::rotate)
        .get("/workspace/{ws}/settings/api-keys/{key}/former-secret", revocation::ask_end)
        .post("/workspace/{ws}/settings/api-keys/{key}/former-secret", revocation::end)
}

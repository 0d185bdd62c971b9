//! The schema: record types with their fields, stages, and the permissions on them.

mod field;
mod head;
mod list;
mod permission;
mod removal;
mod row;
mod stage;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use field::FieldsPage;
#[cfg(test)]
pub(crate) use list::{NewPage, SchemaPage};
#[cfg(test)]
pub(crate) use permission::PermissionsPage;
#[cfg(test)]
pub(crate) use stage::StagesPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/schema", list::show)
        .post("/workspace/{ws}/settings/schema", list::create)
        .get("/workspace/{ws}/settings/schema/new", list::new)
        .get("/workspace/{ws}/settings/schema/{entity}", field::show)
        .post("/workspace/{ws}/settings/schema/{entity}", field::save)
        .get("/workspace/{ws}/settings/schema/{entity}/permissions", permission::show)
        .post("/workspace/{ws}/settings/schema/{entity}/permissions", permission::save)
        .post(
            "/workspace/{ws}/settings/schema/{entity}/permissions/preview",
            permission::preview,
        )
        .get("/workspace/{ws}/settings/schema/{entity}/pipeline", stage::show)
        .post("/workspace/{ws}/settings/schema/{entity}/pipeline", stage::save)
        .get("/workspace/{ws}/settings/schema/{entity}/delete", removal::ask)
        .post("/workspace/{ws}/settings/schema/{entity}/delete", removal::delete)
}

//! Departments: the tree, with who is where and how far each person sees.

mod creation;
mod membership;
mod page;
mod reached;
mod removal;
mod save;
mod tree;
mod values;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use creation::NewPage;
#[cfg(test)]
pub(crate) use page::DepartmentPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/departments", page::first)
        .post("/workspace/{ws}/settings/departments", creation::create)
        .get("/workspace/{ws}/settings/departments/new", creation::new)
        .get("/workspace/{ws}/settings/departments/{department}", page::show)
        .post("/workspace/{ws}/settings/departments/{department}", save::save)
        .post("/workspace/{ws}/settings/departments/{department}/preview", save::preview)
        .post("/workspace/{ws}/settings/departments/{department}/members", membership::add)
        .post(
            "/workspace/{ws}/settings/departments/{department}/members/{member}",
            membership::change,
        )
        .get("/workspace/{ws}/settings/departments/{department}/delete", removal::ask)
        .post("/workspace/{ws}/settings/departments/{department}/delete", removal::delete)
}

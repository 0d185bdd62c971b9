//! Compare: what one person, role, profile or moment has that another does not.

mod choice;
pub(crate) mod kind;
mod likeness;
mod page;
mod row;
mod side;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use page::ComparePage;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/workspace/{ws}/settings/compare", page::show)
}

//! The access review: every member's role, reach, extras and last use, by whom it was given, and when.

mod csv;
mod page;
mod row;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use page::ReviewPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/review", page::show)
        .get("/workspace/{ws}/settings/review/csv", csv::download)
}

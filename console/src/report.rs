//! Saved reports: the list, the result of one, and the form.

mod editor;
mod list;
mod result;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use editor::EditorPage;
#[cfg(test)]
pub(crate) use list::ReportsPage;
#[cfg(test)]
pub(crate) use result::ResultPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/reports", list::show)
        .get("/workspace/{ws}/reports/new", editor::blank)
        .post("/workspace/{ws}/reports/new", editor::create)
        .get("/workspace/{ws}/reports/{report}", result::show)
        .get("/workspace/{ws}/reports/{report}/edit", editor::edit)
        .post("/workspace/{ws}/reports/{report}/edit", editor::save)
        .get("/workspace/{ws}/reports/{report}/delete", result::ask)
        .post("/workspace/{ws}/reports/{report}/delete", result::delete)
}

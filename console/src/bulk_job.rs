//! Bulk jobs: the list, and how far one came.

mod end;
mod list;
mod page;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use list::BulkJobsPage;
#[cfg(test)]
pub(crate) use page::BulkJobPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/bulk-jobs", list::show)
        .get("/workspace/{ws}/bulk-jobs/{job}", page::show)
        .post("/workspace/{ws}/bulk-jobs/{job}/cancel", page::cancel)
}

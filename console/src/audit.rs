//! The audit log.

mod entry;
mod list;

use hallpass_web::routes::Routes;

pub(crate) use entry::{in_words, subject};
#[cfg(test)]
pub(crate) use list::AuditPage;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/workspace/{ws}/settings/audit", list::show)
}

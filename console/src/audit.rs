//! The audit log.

mod entry;
mod list;
mod words;

use hallpass_web::routes::Routes;

pub(crate) use entry::subject;
#[cfg(test)]
pub(crate) use list::AuditPage;
pub(crate) use words::in_words;
#[cfg(test)]
pub(crate) use words::keys;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/workspace/{ws}/settings/audit", list::show)
}

//! The audit log.

mod entry;
mod export;
mod list;
mod words;

use hallpass_web::routes::Routes;

pub(crate) use entry::subject;
#[cfg(test)]
pub(crate) use list::AuditPage;
#[cfg(test)]
pub(crate) use words::keys;
pub(crate) use words::{action_in_words, in_words, label};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/audit", list::show)
        .post("/workspace/{ws}/settings/audit/export", export::prepare)
}

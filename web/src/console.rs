//! The console: pages for browsers.

pub mod docs;
mod link;
mod page;
pub mod start;

use crate::routes::Routes;

/// Every page.
pub(crate) fn routes() -> Routes {
    Routes::default().merge(docs::routes()).merge(start::routes()).merge(link::routes())
}

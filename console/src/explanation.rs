//! Explain: whether a member may do something, why, and what would change that.

mod answer;
mod basis;
mod page;
mod question;
mod record;
mod words;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use page::ExplainPage;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/workspace/{ws}/settings/explain", page::show)
}

//! The operator's console: workspaces, plans, accounts, mail queue, jobs, health, blueprints.
//!
//! **Invariant:** every handler takes an [`gate::OperatorViewer`] or an [`gate::OperatorSubmission`], which
//! only the session of an operator yields: for everybody else these pages do not exist. No page here enters
//! a workspace, so none shows what is in one.

mod account;
mod account_access;
mod account_list;
mod account_session;
mod blueprint;
mod blueprint_list;
mod connection;
mod gate;
mod link;
mod mail;
mod mail_template;
mod operation;
mod overview;
mod rail;
mod workspace;
mod workspace_list;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use account::{AccountPage, NewAccountPage};
#[cfg(test)]
pub(crate) use account_list::AccountsPage;
#[cfg(test)]
pub(crate) use blueprint::BlueprintPage;
#[cfg(test)]
pub(crate) use blueprint_list::BlueprintsPage;
#[cfg(test)]
pub(crate) use connection::ConnectionOffPage;
#[cfg(test)]
pub(crate) use link::LinkPage;
#[cfg(test)]
pub(crate) use mail::MailsPage;
#[cfg(test)]
pub(crate) use mail_template::MailTemplatesPage;
#[cfg(test)]
pub(crate) use operation::OperationsPage;
#[cfg(test)]
pub(crate) use overview::OverviewPage;
#[cfg(test)]
pub(crate) use workspace::WorkspacePage;
#[cfg(test)]
pub(crate) use workspace_list::WorkspacesPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/operator", overview::show)
        .get("/operator/accounts", account_list::show)
        .get("/operator/accounts/new", account::ask)
        .post("/operator/accounts/new", account::create)
        .get("/operator/accounts/{account}", account::show)
        .post("/operator/accounts/{account}", account_access::act)
        .get("/operator/accounts/{account}/disable", account_access::ask_to_disable)
        .post("/operator/accounts/{account}/disable", account_access::disable)
        .get("/operator/accounts/{account}/factors", account_access::ask_to_reset)
        .post("/operator/accounts/{account}/factors", account_access::reset)
        .get("/operator/accounts/{account}/link", link::ask)
        .post("/operator/accounts/{account}/link", link::create)
        .get("/operator/blueprints", blueprint_list::show)
        .get("/operator/blueprints/{blueprint}", blueprint::show)
        .get("/operator/blueprints/{blueprint}/text", blueprint::download)
        .get("/operator/mails", mail::show)
        .post("/operator/mails", mail::act)
        .get("/operator/mails/templates", mail_template::show)
        .get("/operator/mails/templates/{mail}/{language}", mail_template::html)
        .get("/operator/operations", operation::show)
        .get("/operator/workspaces", workspace_list::show)
        .get("/operator/workspaces/{workspace}", workspace::show)
        .post("/operator/workspaces/{workspace}", workspace::act)
        .get("/operator/workspaces/{workspace}/connections/{connection}", connection::ask)
        .post("/operator/workspaces/{workspace}/connections/{connection}", connection::turn_off)
        .get("/operator/workspaces/{workspace}/delete", workspace::ask)
        .post("/operator/workspaces/{workspace}/delete", workspace::delete)
}

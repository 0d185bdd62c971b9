//! The team page: who is a member, with which role, and what changes a membership.

mod billing;
mod filter;
mod invitation;
mod list;
mod over;
mod picker;
mod removal;
mod role;
mod row;
#[cfg(test)]
mod sample;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use list::TeamPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/team", list::show)
        .get("/workspace/{ws}/settings/team/billing", billing::ask)
        .post("/workspace/{ws}/settings/team/billing", billing::transfer)
        .get("/workspace/{ws}/settings/team/choose-top-role", role::choose_top)
        .post(
            "/workspace/{ws}/settings/team/invitations/{invitation}/resend",
            invitation::resend,
        )
        .get(
            "/workspace/{ws}/settings/team/invitations/{invitation}/revoke",
            invitation::ask_revoke,
        )
        .post(
            "/workspace/{ws}/settings/team/invitations/{invitation}/revoke",
            invitation::revoke,
        )
        .post("/workspace/{ws}/settings/team/{member}/role", role::change)
        .get("/workspace/{ws}/settings/team/{member}/remove", removal::ask_remove)
        .post("/workspace/{ws}/settings/team/{member}/remove", removal::remove)
        .get("/workspace/{ws}/settings/team/{member}/deactivate", removal::ask_deactivate)
        .post("/workspace/{ws}/settings/team/{member}/deactivate", removal::deactivate)
        .post("/workspace/{ws}/settings/team/{member}/reactivate", removal::reactivate)
}

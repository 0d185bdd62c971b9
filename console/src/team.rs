//! The team page: who is a member, with which role, and what changes a membership.

mod access;
mod access_form;
mod access_preview;
mod access_stale;
mod addresses;
mod billing;
mod bulk;
mod draft;
mod drawer;
mod factor;
mod filter;
mod invitation;
mod invite;
mod list;
mod member_page;
mod over;
mod picker;
mod reassignment;
mod removal;
mod role;
pub(crate) mod row;
#[cfg(test)]
mod sample;

use hallpass_web::routes::Routes;

pub(crate) use draft::Parts;
#[cfg(test)]
pub(crate) use list::TeamPage;
pub(crate) use list::department_names;
#[cfg(test)]
pub(crate) use member_page::MemberPage;
#[cfg(test)]
pub(crate) use reassignment::ReassignPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/team", list::show)
        .get("/workspace/{ws}/settings/team/billing", billing::ask)
        .post("/workspace/{ws}/settings/team/billing", billing::transfer)
        .get("/workspace/{ws}/settings/team/bulk", bulk::ask)
        .post("/workspace/{ws}/settings/team/bulk", bulk::change)
        .get("/workspace/{ws}/settings/team/choose-top-role", role::choose_top)
        .get("/workspace/{ws}/settings/team/invite", invite::show)
        .post("/workspace/{ws}/settings/team/invite", invite::send)
        .post("/workspace/{ws}/settings/team/invite/preview", invite::preview)
        .get("/workspace/{ws}/settings/team/reassign", reassignment::show)
        .post("/workspace/{ws}/settings/team/reassign", reassignment::reassign)
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
        .get("/workspace/{ws}/settings/team/{member}", member_page::show)
        .get("/workspace/{ws}/settings/team/{member}/access", access::show)
        .post("/workspace/{ws}/settings/team/{member}/access", access::save)
        .post("/workspace/{ws}/settings/team/{member}/access/preview", access::preview)
        .get("/workspace/{ws}/settings/team/{member}/factors", factor::ask)
        .post("/workspace/{ws}/settings/team/{member}/factors", factor::reset)
        .get("/workspace/{ws}/settings/team/{member}/reassign", reassignment::show_of)
        .post("/workspace/{ws}/settings/team/{member}/role", role::change)
        .get("/workspace/{ws}/settings/team/{member}/remove", removal::ask_remove)
        .post("/workspace/{ws}/settings/team/{member}/remove", removal::remove)
        .get("/workspace/{ws}/settings/team/{member}/deactivate", removal::ask_deactivate)
        .post("/workspace/{ws}/settings/team/{member}/deactivate", removal::deactivate)
        .post("/workspace/{ws}/settings/team/{member}/reactivate", removal::reactivate)
}

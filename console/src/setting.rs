//! Settings of a workspace: general, branding, modules, security, sign-in and integrations.

mod authentication;
mod branding;
mod colour;
mod general;
mod integration;
mod module;
mod security;
mod switch;
mod theme;
mod values;

use hallpass_web::routes::Routes;

pub(crate) use authentication::AuthenticationPage;
#[cfg(test)]
pub(crate) use branding::BrandingPage;
#[cfg(test)]
pub(crate) use general::GeneralPage;
#[cfg(test)]
pub(crate) use integration::IntegrationsPage;
#[cfg(test)]
pub(crate) use module::ModulesPage;
#[cfg(test)]
pub(crate) use security::SecurityPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/theme.css", theme::show)
        .get("/workspace/{ws}/settings/general", general::show)
        .post("/workspace/{ws}/settings/general", general::save)
        .post("/workspace/{ws}/settings/general/name", general::rename)
        .get("/workspace/{ws}/settings/branding", branding::show)
        .post("/workspace/{ws}/settings/branding", branding::save)
        .get("/workspace/{ws}/settings/modules", module::show)
        .post("/workspace/{ws}/settings/modules", module::save)
        .get("/workspace/{ws}/settings/security", security::show)
        .post("/workspace/{ws}/settings/security", security::save)
        .post("/workspace/{ws}/settings/security/second-factor", security::require)
        .post("/workspace/{ws}/settings/switches", switch::save)
        .get("/workspace/{ws}/settings/authentication", authentication::show)
        .post("/workspace/{ws}/settings/authentication", authentication::save)
        .post("/workspace/{ws}/settings/authentication/rules", authentication::save_rules)
        .get("/workspace/{ws}/settings/integrations", integration::show)
        .post("/workspace/{ws}/settings/integrations", integration::connect)
        .post("/workspace/{ws}/settings/integrations/{key}", integration::change)
}

//! Billing: the plan, details, invoices, and who the billing contact is (HALO-049).

mod overview;
mod plan;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use overview::BillingPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/billing", overview::show)
        .post("/workspace/{ws}/settings/billing", overview::save)
        .post("/workspace/{ws}/settings/billing/contact", overview::transfer)
        .post("/workspace/{ws}/settings/billing/plan", plan::change)
        .get("/workspace/{ws}/settings/billing/cancel", plan::ask)
        .post("/workspace/{ws}/settings/billing/cancel", plan::cancel)
}

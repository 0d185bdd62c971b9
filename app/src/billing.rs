//! Billing: the plan of a workspace, its entitlements, billing details and invoices.

use hallpass_domain::billing::{Billing, Details, DetailsChange};
use hallpass_domain::id::{InvoiceId, MemberId};
use hallpass_domain::invoice::Invoice;
use hallpass_domain::member::Status;
use hallpass_domain::plan::{Entitlement, Offer, Plan};
use hallpass_domain::refusal::Refusal;
use serde_json::{Value, json};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{AnyMember, ChangePlan, ReadBilling, UpdateBilling};
use crate::gate::{Pass, Permission, WritePermission};

pub mod alert;
pub mod contact;
pub mod stripe;

/// The billing of a workspace, with its contact.
#[derive(Clone, Debug)]
pub struct BillingOverview {
    /// The stored billing.
    pub billing: Billing,
    /// The present plan; none where no plan is on sale.
    pub plan: Option<Plan>,
    /// The billing contact, active or not.
    pub contact: Option<Contact>,
    /// Whether the access model has a billing contact, and no active member is it.
    pub is_vacant: bool,
    /// Where plan and card can be changed.
    pub portal: Option<String>,
}

/// The billing contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The member.
    pub id: MemberId,
    /// First and last name.
    pub name: String,
    /// The email address.
    pub email: String,
    /// Whether the member is active.
    pub status: Status,
}

/// The billing of a workspace.
pub struct WorkspaceBilling<'c>(pub(crate) &'c mut WorkspaceContext);

impl WorkspaceBilling<'_> {
    /// Loads the billing.
    #[boxed]
    pub async fn load(&mut self) -> Result<BillingOverview, Error> {
        let pass = self.0.check(ReadBilling).await?;
        let billing = self.0.read(&pass)?.billing().await?;
        self.overview(&pass, billing).await
    }

    async fn overview(
        &mut self,
        pass: &Pass<impl Permission>,
        billing: Billing,
    ) -> Result<BillingOverview, Error> {
        let contact = self.0.model().billing_contact().map(|(id, _)| id);
        let contact = match contact {
            Some(id) => self.0.read(pass)?.members().find(id).await?.map(|member| Contact {
                id,
                name: member.name(),
                email: member.email.clone(),
                status: member.status,
            }),
            None => None,
        };
        let has_role = self.0.model().blueprint().billing_contact.is_some();
        let is_held = contact.as_ref().is_some_and(|one| one.status == Status::Active);
        let plan = self.offer(|offer| offer.plan(billing.plan_at(self.0.now)).cloned());
        let portal = self.0.app.rules().billing_portal.clone();
        Ok(BillingOverview { billing, plan, contact, is_vacant: has_role && !is_held, portal })
    }

    /// Updates the billing details. `Stale` when a version is given and is outdated.
    #[boxed]
    pub async fn update(&mut self, change: &DetailsChange) -> Result<BillingOverview, Error> {
        let pass = self.0.check(UpdateBilling).await?;
        let before = self.0.read(&pass)?.billing().await?;
        self.0.check_version(before.version)?;
        let details = before.details.change(change)?;
        let after = Billing { details, ..before.clone() };
        self.0
            .record_audit(
                &pass,
                "billing.update",
                self.0.workspace_id(),
                &details_view(&before),
                &details_view(&after),
            )
            .await?;
        self.save(&pass, &after).await?;
        self.finish(&pass, after).await
    }

    /// Changes the plan. A cancelled subscription continues in the state that it had. `PaymentNeeded`
    /// where Stripe is connected and the plan is higher than the present one.
    #[boxed]
    pub async fn change_plan(&mut self, key: &str) -> Result<BillingOverview, Error> {
        let pass = self.0.check(ChangePlan).await?;
        let plans = &self.0.app.rules().plans;
        if !plans.iter().any(|plan| plan.key == key) {
            let known: Vec<String> =
                plans.iter().map(|plan| format!("`{}`", plan.key)).collect();
            let detail = format!("no plan `{key}`; the plans are {}", known.join(", "));
            return Err(Refusal::field("/plan", "unknown", detail).into());
        }
        let before = self.0.read(&pass)?.billing().await?;
        self.0.check_version(before.version)?;
        let (payment, now) = (self.0.app.rules().payment(), self.0.now);
        let after = self.offer(|offer| before.choose(key, offer, payment, now))?;
        self.save_subscription(&pass, "billing.plan", &before, &after).await?;
        self.finish(&pass, after).await
    }

    /// Cancels the subscription. Nothing is deleted: the workspace and its data remain, and the plan
    /// applies until the paid period ends (HARMONY-61, HARMONY-62).
    #[boxed]
    pub async fn cancel(&mut self) -> Result<BillingOverview, Error> {
        let pass = self.0.check(ChangePlan).await?;
        let before = self.0.read(&pass)?.billing().await?;
        self.0.check_version(before.version)?;
        let after = before.cancel()?;
        self.save_subscription(&pass, "billing.cancel", &before, &after).await?;
        self.finish(&pass, after).await
    }

    /// Lists a page of invoices, the latest first, with whether there are more and how many in all.
    #[boxed]
    pub async fn list_invoices(
        &mut self,
        below: Option<InvoiceId>,
        limit: usize,
    ) -> Result<(Vec<Invoice>, bool, i64), Error> {
        let pass = self.0.check(ReadBilling).await?;
        let total = self.0.read(&pass)?.invoices().count().await?;
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let mut invoices = self.0.read(&pass)?.invoices().list(below, most + 1).await?;
        let has_more = invoices.len() > limit;
        invoices.truncate(limit);
        Ok((invoices, has_more, total))
    }

    /// Lists what needs a plan, and whether the workspace's plan has it. Every member may read this.
    #[boxed]
    pub async fn entitlements(&mut self) -> Result<(Option<Plan>, Vec<Entitlement>), Error> {
        let pass = self.0.check(AnyMember).await?;
        let billing = self.0.read(&pass)?.billing().await?;
        let plan = billing.plan_at(self.0.now);
        Ok(self.offer(|offer| (offer.plan(plan).cloned(), offer.entitlements(plan))))
    }

    /// Checks that the plan of the workspace has an entitlement (HARMONIA-87).
    #[boxed]
    pub async fn check_entitlement(&mut self, entitlement: &str) -> Result<(), Error> {
        let pass = self.0.check(AnyMember).await?;
        check_entitlement_of(self.0, &pass, entitlement).await
    }

    /// Queries the plans on sale, with the plan gates of the access model.
    fn offer<T>(&self, query: impl FnOnce(Offer<'_>) -> T) -> T {
        let gates = &self.0.model().blueprint().membership.plan_gates;
        query(Offer { plans: &self.0.app.rules().plans, gates })
    }

    /// Saves another plan or state, with an audit entry.
    async fn save_subscription(
        &mut self,
        pass: &Pass<impl WritePermission>,
        action: &str,
        before: &Billing,
        after: &Billing,
    ) -> Result<(), Error> {
        let (was, is) = (subscription_view(before), subscription_view(after));
        self.0.record_audit(pass, action, self.0.workspace_id(), &was, &is).await?;
        self.save(pass, after).await
    }

    async fn save(
        &mut self,
        pass: &Pass<impl WritePermission>,
        billing: &Billing,
    ) -> Result<(), Error> {
        if self.0.tx(pass)?.save_billing(billing).await? {
            return Ok(());
        }
        Err(Refusal::Stale.into())
    }

    async fn finish(
        &mut self,
        pass: &Pass<impl WritePermission>,
        saved: Billing,
    ) -> Result<BillingOverview, Error> {
        let billing = Billing { version: saved.version + 1, ..saved };
        let overview = self.overview(pass, billing).await?;
        self.0.commit(pass).await?;
        Ok(overview)
    }
}

/// Checks that the plan of the workspace has an entitlement, for a person who is not a member yet.
pub(crate) async fn check_entitlement_of(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    entitlement: &str,
) -> Result<(), Error> {
    let billing = ctx.read(pass)?.billing().await?;
    let plan = billing.plan_at(ctx.now);
    let gates = &ctx.model().blueprint().membership.plan_gates;
    let offer = Offer { plans: &ctx.app.rules().plans, gates };
    Ok(offer.check(plan, entitlement)?)
}

/// A subscription in the audit log.
fn subscription_view(billing: &Billing) -> Value {
    json!({
        "plan": billing.plan,
        "state": billing.state.word(),
        "renews_at": billing.renews_at.map(|at| at.to_string()),
    })
}

/// Billing details in the audit log.
fn details_view(billing: &Billing) -> Value {
    let Details { company, address, vat } = &billing.details;
    json!({"company": company, "address": address, "vat": vat})
}

//! Billing: the plan of a workspace, what it opens, its invoices, and who gets them.

use hallpass_domain::billing::{Billing, Details, DetailsChange, State};
use hallpass_domain::id::{InvoiceId, MemberId};
use hallpass_domain::invoice::Invoice;
use hallpass_domain::member::Status;
use hallpass_domain::plan::{Entitlement, Offer, Plan};
use hallpass_domain::refusal::Refusal;
use serde_json::{Value, json};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{AnyMember, ChangePlan, ReadBilling, UpdateBilling};
use crate::gate::{Pass, Permission};
use crate::member::check_version;

pub mod alert;
pub mod stripe;

/// What a workspace pays for, with whoever gets the bills.
#[derive(Clone, Debug)]
pub struct BillingOverview {
    /// What is kept.
    pub billing: Billing,
    /// The plan that counts now; none where no plan is sold.
    pub plan: Option<Plan>,
    /// The billing contact, active or not.
    pub contact: Option<Contact>,
    /// Whether the workspace should have an active billing contact and has none.
    pub is_vacant: bool,
}

/// Whoever gets the bills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The member.
    pub id: MemberId,
    /// First and last name.
    pub name: String,
    /// Where bills go.
    pub email: String,
    /// Whether they may act.
    pub status: Status,
}

impl WorkspaceContext {
    /// What the workspace pays for.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn billing(&mut self) -> Result<BillingOverview, Error> {
        let pass = self.check(ReadBilling).await?;
        let billing = self.tx(&pass)?.billing().await?;
        self.billing_told(&pass, billing).await
    }

    async fn billing_told(
        &mut self,
        pass: &Pass<impl Permission>,
        billing: Billing,
    ) -> Result<BillingOverview, Error> {
        let contact = self.model().billing_contact().map(|(id, _)| id);
        let contact = match contact {
            Some(id) => self.tx(pass)?.members().find(id).await?.map(|member| Contact {
                id,
                name: member.name(),
                email: member.email.clone(),
                status: member.status,
            }),
            None => None,
        };
        let has_post = self.model().blueprint().billing_contact.is_some();
        let is_held = contact.as_ref().is_some_and(|one| one.status == Status::Active);
        let plan = self.offer(|offer| offer.plan(billing.plan_at(self.now)).cloned());
        Ok(BillingOverview { billing, plan, contact, is_vacant: has_post && !is_held })
    }

    /// Changes to whom bills are written. With a version, only if nobody else did since.
    ///
    /// # Errors
    ///
    /// `Denied`, `Stale`, `Fields`.
    pub async fn change_billing(
        &mut self,
        change: &DetailsChange,
        version: Option<i64>,
    ) -> Result<BillingOverview, Error> {
        let pass = self.check(UpdateBilling).await?;
        let before = self.tx(&pass)?.billing().await?;
        check_version(before.version, version)?;
        let details = before.details.change(change)?;
        let after = Billing { details, ..before.clone() };
        self.record_audit(
            &pass,
            "billing.update",
            self.workspace_id(),
            &written(&before),
            &written(&after),
        )
        .await?;
        self.save_billing(&pass, &after).await?;
        self.end_billing(&pass, after).await
    }

    /// Goes to another plan; one that was cancelled runs again.
    ///
    /// # Errors
    ///
    /// `Denied`; `Fields` for a plan that is not sold.
    pub async fn change_plan(&mut self, key: &str) -> Result<BillingOverview, Error> {
        let pass = self.check(ChangePlan).await?;
        let plans = &self.app.rules().plans;
        if !plans.iter().any(|plan| plan.key == key) {
            let known: Vec<String> =
                plans.iter().map(|plan| format!("`{}`", plan.key)).collect();
            let detail = format!("there is no such plan; there are {}", known.join(", "));
            return Err(Refusal::field("/plan", "unknown", detail).into());
        }
        let before = self.tx(&pass)?.billing().await?;
        let is_cancelled = before.state == State::Cancelled;
        let after = Billing {
            plan: Some(key.to_owned()),
            state: if is_cancelled { State::Active } else { before.state },
            renews_at: before.renews_at.filter(|at| !is_cancelled || *at > self.now),
            ..before.clone()
        };
        self.keep_subscription(&pass, "billing.plan", &before, &after).await?;
        self.end_billing(&pass, after).await
    }

    /// Cancels the subscription. Nothing is deleted: the workspace and its data stay, and what the
    /// plan opens lasts until what was paid for ends (HARMONY-61, HARMONY-62).
    ///
    /// # Errors
    ///
    /// `Denied`; `Already` when it was cancelled before.
    pub async fn cancel_plan(&mut self) -> Result<BillingOverview, Error> {
        let pass = self.check(ChangePlan).await?;
        let before = self.tx(&pass)?.billing().await?;
        if before.state == State::Cancelled {
            return Err(Refusal::Already { status: State::Cancelled.word() }.into());
        }
        let after = Billing { state: State::Cancelled, ..before.clone() };
        self.keep_subscription(&pass, "billing.cancel", &before, &after).await?;
        self.end_billing(&pass, after).await
    }

    /// A page of invoices, the latest first, whether there is more, and how many there are.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_invoices(
        &mut self,
        below: Option<InvoiceId>,
        limit: usize,
    ) -> Result<(Vec<Invoice>, bool, i64), Error> {
        let pass = self.check(ReadBilling).await?;
        let total = self.tx(&pass)?.invoices().count().await?;
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let mut invoices = self.tx(&pass)?.invoices().list(below, most + 1).await?;
        let has_more = invoices.len() > limit;
        invoices.truncate(limit);
        Ok((invoices, has_more, total))
    }

    /// What needs a plan here, and whether the workspace has it. Every member may know.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn entitlements(&mut self) -> Result<(Option<Plan>, Vec<Entitlement>), Error> {
        let pass = self.check(AnyMember).await?;
        let billing = self.tx(&pass)?.billing().await?;
        let plan = billing.plan_at(self.now);
        Ok(self.offer(|offer| (offer.plan(plan).cloned(), offer.entitlements(plan))))
    }

    /// Whether the plan of the workspace has something (HARMONIA-87).
    ///
    /// # Errors
    ///
    /// `PlanNeeded` when it has not.
    pub async fn check_entitlement(&mut self, entitlement: &str) -> Result<(), Error> {
        let pass = self.check(AnyMember).await?;
        let billing = self.tx(&pass)?.billing().await?;
        let plan = billing.plan_at(self.now);
        Ok(self.offer(|offer| offer.check(plan, entitlement))?)
    }

    /// Asks what the operator sells, as this workspace's access model gates it.
    fn offer<T>(&self, ask: impl FnOnce(Offer<'_>) -> T) -> T {
        let gates = &self.model().blueprint().membership.plan_gates;
        ask(Offer { plans: &self.app.rules().plans, gates })
    }

    /// Keeps another plan or state, with its audit entry.
    pub(crate) async fn keep_subscription(
        &mut self,
        pass: &Pass<impl Permission>,
        action: &str,
        before: &Billing,
        after: &Billing,
    ) -> Result<(), Error> {
        let (was, is) = (subscribed(before), subscribed(after));
        self.record_audit(pass, action, self.workspace_id(), &was, &is).await?;
        self.save_billing(pass, after).await
    }

    pub(crate) async fn save_billing(
        &mut self,
        pass: &Pass<impl Permission>,
        billing: &Billing,
    ) -> Result<(), Error> {
        if self.tx(pass)?.save_billing(billing).await? {
            return Ok(());
        }
        Err(Refusal::Stale.into())
    }

    async fn end_billing(
        &mut self,
        pass: &Pass<impl Permission>,
        kept: Billing,
    ) -> Result<BillingOverview, Error> {
        let billing = Billing { version: kept.version + 1, ..kept };
        let told = self.billing_told(pass, billing).await?;
        self.commit(pass).await?;
        Ok(told)
    }
}

/// What the audit log says of a subscription.
fn subscribed(billing: &Billing) -> Value {
    json!({
        "plan": billing.plan,
        "state": billing.state.word(),
        "renews_at": billing.renews_at.map(|at| at.to_string()),
    })
}

/// What the audit log says of to whom bills are written.
fn written(billing: &Billing) -> Value {
    let Details { company, address, vat } = &billing.details;
    json!({"company": company, "address": address, "vat": vat})
}

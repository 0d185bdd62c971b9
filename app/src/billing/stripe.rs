//! Stripe events: each one is verified, processed once, and audited.
//!
//! **Invariant:** an event is parsed only after its signature has been verified, and an event that was
//! processed is not processed again.

use hallpass_domain::billing::{Billing, Card, State, money};
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::invoice::{Invoice, InvoiceState};
use hallpass_domain::mail_template::BillingAlert;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;

use super::WorkspaceBilling;
use crate::app::App;
use crate::context::Actor;
use crate::error::Error;
use crate::gate::permission::Credential;
use crate::gate::{Pass, WritePermission};

pub mod event;
pub mod signature;

use event::{EventKind, StripeEvent};

/// What happened to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// It was processed.
    Processed,
    /// It had been processed before.
    Duplicate,
    /// It concerns no workspace here, or nothing that is stored.
    Ignored,
}

/// The webhook of Stripe.
pub struct StripeEvents<'a>(pub(crate) &'a App);

impl StripeEvents<'_> {
    /// Receives an event. `Missing` where no secret is configured; `BadSignature` when Stripe has not
    /// signed it within the last minutes.
    pub async fn receive(
        &self,
        signature: &str,
        body: &[u8],
        request: &str,
    ) -> Result<WebhookOutcome, Error> {
        let app = self.0;
        let secret = app.rules().stripe_secret.as_deref().filter(|secret| !secret.is_empty());
        let secret = secret.ok_or(Error::Missing { noun: "route" })?;
        if !signature::is_valid(secret, signature, body, app.now()) {
            return Err(Refusal::BadSignature.into());
        }
        let Some(event) = StripeEvent::parse(body) else {
            return Err(Refusal::field("", "no_event", "the body is no Stripe event").into());
        };
        let Some(kind) = event.kind() else { return Ok(WebhookOutcome::Ignored) };
        let Some(workspace) = self.find_workspace(&event).await? else {
            return Ok(WebhookOutcome::Ignored);
        };
        let Some(tx) = app.db().write_in(workspace.0).await? else {
            return Ok(WebhookOutcome::Ignored);
        };
        let actor = Actor::Outside("Stripe");
        let mut ctx = app.open_context(tx, actor, request.to_owned()).await?;
        let (pass, now) = (ctx.admit(Credential::Signature)?, app.now());
        if !ctx.tx(&pass)?.global().payments().insert_message(&event.id, now).await? {
            return Ok(WebhookOutcome::Duplicate);
        }
        if let Some(customer) = event.customer() {
            ctx.tx(&pass)?.global().payments().upsert_customer(customer, workspace).await?;
        }
        ctx.billing().process(&pass, &event, kind).await?;
        ctx.commit(&pass).await?;
        Ok(WebhookOutcome::Processed)
    }

    /// Finds the workspace that an event names, or whose customer it names. Only an id counts: a slug
    /// can belong to another workspace tomorrow, which would then get the invoices.
    async fn find_workspace(&self, event: &StripeEvent) -> Result<Option<WorkspaceId>, Error> {
        let mut tx = self.0.db().read().await?;
        if let Some(id) = event.workspace().and_then(|id| id.parse().ok()) {
            return Ok(tx.workspaces().find(id).await?.map(|workspace| workspace.id));
        }
        match event.customer() {
            Some(customer) => Ok(tx.payments().find_workspace(customer).await?),
            None => Ok(None),
        }
    }
}

impl WorkspaceBilling<'_> {
    async fn process(
        &mut self,
        pass: &Pass<impl WritePermission>,
        event: &StripeEvent,
        kind: EventKind,
    ) -> Result<(), Error> {
        match kind {
            EventKind::Invoice => self.update_invoice(pass, event).await.map(drop),
            EventKind::Reminder => {
                let about = event.text("id").unwrap_or(&event.id);
                let detail = sentence("To be paid", event);
                self.alert(pass, BillingAlert::Reminder, about, &detail).await
            }
            EventKind::Paid => {
                self.update_invoice(pass, event).await?;
                self.change_state(pass, event, State::Active, &[State::PastDue]).await
            }
            EventKind::PaymentFailed => {
                let invoice = self.update_invoice(pass, event).await?;
                if invoice.is_some_and(|invoice| invoice.state == InvoiceState::Paid) {
                    // Events arrive in any order: the invoice has been paid since.
                    return Ok(());
                }
                let from = [State::Active, State::Trialing];
                self.change_state(pass, event, State::PastDue, &from).await?;
                let about = event.text("id").unwrap_or(&event.id);
                let detail = sentence("Not paid", event);
                self.alert(pass, BillingAlert::PaymentFailed, about, &detail).await
            }
            EventKind::Card | EventKind::CardExpiring => {
                self.update_card(pass, event, kind).await
            }
            EventKind::CardRemoved => self.remove_card(pass, event).await,
            EventKind::Subscription => self.update_subscription(pass, event).await,
        }
    }

    /// Stores the invoice of an event, and announces it the first time that it is open. A draft is not
    /// announced: it is not owed yet.
    async fn update_invoice(
        &mut self,
        pass: &Pass<impl WritePermission>,
        event: &StripeEvent,
    ) -> Result<Option<Invoice>, Error> {
        let ctx = &mut *self.0;
        let Some(update) = event.invoice(ctx.id(), ctx.now) else { return Ok(None) };
        let before = ctx.tx(pass)?.invoices().find_by_external(&update.external).await?;
        let after = match &before {
            Some(before) => before.after(update),
            None => update,
        };
        if before.as_ref() == Some(&after) {
            return Ok(Some(after));
        }
        ctx.tx(pass)?.invoices().upsert(&after).await?;
        let action = if before.is_some() { "invoice.update" } else { "invoice.create" };
        let (was, is) = (before.as_ref().map(event::audit_view), event::audit_view(&after));
        ctx.record_audit(pass, action, after.id, &was, &is).await?;
        let was_announced = before.is_some_and(|before| before.state != InvoiceState::Draft);
        if !was_announced && after.state == InvoiceState::Open && event.is_new_invoice() {
            let detail = sentence("To be paid", event);
            self.alert(pass, BillingAlert::Invoice, &after.id.to_string(), &detail).await?;
        }
        Ok(Some(after))
    }

    /// Changes the state of the subscription, if it is one of some states and no later event came first.
    async fn change_state(
        &mut self,
        pass: &Pass<impl WritePermission>,
        event: &StripeEvent,
        to: State,
        from: &[State],
    ) -> Result<(), Error> {
        let before = self.0.read(pass)?.billing().await?;
        if is_late(&before, event.created) || !from.contains(&before.state) {
            return Ok(());
        }
        let after = Billing { state: to, told_at: Some(event.created), ..before.clone() };
        self.save_subscription(pass, "billing.subscription", &before, &after).await
    }

    async fn update_subscription(
        &mut self,
        pass: &Pass<impl WritePermission>,
        event: &StripeEvent,
    ) -> Result<(), Error> {
        let before = self.0.read(pass)?.billing().await?;
        let Some((state, renews_at)) = event.subscription() else { return Ok(()) };
        if is_late(&before, event.created) {
            return Ok(());
        }
        let plans = &self.0.app.rules().plans;
        let known =
            event.plans().into_iter().find(|key| plans.iter().any(|one| one.key == *key));
        let plan = known.map(str::to_owned).or_else(|| before.plan.clone());
        let told_at = Some(event.created);
        let after = Billing { plan, state, renews_at, told_at, ..before.clone() };
        self.save_subscription(pass, "billing.subscription", &before, &after).await
    }

    /// Stores the card of an event, and sends an alert when it expires soon.
    async fn update_card(
        &mut self,
        pass: &Pass<impl WritePermission>,
        event: &StripeEvent,
        kind: EventKind,
    ) -> Result<(), Error> {
        let Some(card) = event.card() else { return Ok(()) };
        let before = self.0.read(pass)?.billing().await?;
        if before.card.as_ref() != Some(&card) {
            let after = Billing { card: Some(card.clone()), ..before.clone() };
            self.save_card(pass, &before, &after).await?;
        }
        if kind == EventKind::CardExpiring || card.ends_soon(self.0.now) {
            let Card { brand, last4, year, month } = &card;
            let detail = format!("The card {brand} … {last4} expires in {year}-{month:02}.");
            let about = event.text("id").unwrap_or(&event.id);
            self.alert(pass, BillingAlert::CardExpiring, about, &detail).await?;
        }
        Ok(())
    }

    async fn remove_card(
        &mut self,
        pass: &Pass<impl WritePermission>,
        event: &StripeEvent,
    ) -> Result<(), Error> {
        let before = self.0.read(pass)?.billing().await?;
        if before.card.is_none() || before.card != event.card() {
            return Ok(());
        }
        let after = Billing { card: None, ..before.clone() };
        self.save_card(pass, &before, &after).await
    }

    async fn save_card(
        &mut self,
        pass: &Pass<impl WritePermission>,
        before: &Billing,
        after: &Billing,
    ) -> Result<(), Error> {
        let view = |billing: &Billing| {
            let card = billing.card.as_ref();
            card.map(|card| {
                format!("{} {} {}-{:02}", card.brand, card.last4, card.year, card.month)
            })
        };
        let (id, was, is) = (self.0.workspace_id(), view(before), view(after));
        self.0.record_audit(pass, "billing.card", id, &was, &is).await?;
        self.save(pass, after).await
    }
}

fn is_late(billing: &Billing, created: Timestamp) -> bool {
    billing.told_at.is_some_and(|last| created < last)
}

/// Writes a sentence about an invoice: `To be paid: invoice A-1, 12.50 EUR, until 2026-04-01.`
fn sentence(what: &str, event: &StripeEvent) -> String {
    let number = event.text("number").map(|number| format!("invoice {number}, "));
    let due = event.time("due_date").map(|at| format!(", until {}", day(at)));
    let (number, due) = (number.unwrap_or_default(), due.unwrap_or_default());
    let (amount, currency) = event.amount();
    format!("{what}: {number}{}{due}.", money(amount, currency))
}

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

//! What each kind of Stripe event changes in the billing of a workspace, and whom it alerts.

use hallpass_domain::billing::{Billing, Card, money};
use hallpass_domain::invoice::{Invoice, InvoiceState};
use hallpass_domain::mail_template::{AlertDetail, BillingAlert};
use hallpass_domain::time::Timestamp;

use super::event::{self, EventKind, StripeEvent};
use crate::billing::WorkspaceBilling;
use crate::billing::alert::Alert;
use crate::error::Error;
use crate::gate::{Pass, WritePermission};

impl WorkspaceBilling<'_> {
    pub(super) async fn process(
        &mut self,
        pass: &Pass<impl WritePermission>,
        event: &StripeEvent,
        kind: EventKind,
    ) -> Result<(), Error> {
        match kind {
            EventKind::Checkout | EventKind::Charge => Ok(()),
            EventKind::Invoice => self.update_invoice(pass, event).await.map(drop),
            EventKind::Reminder => self.alert_about(pass, event, BillingAlert::Reminder).await,
            EventKind::Paid => {
                let invoice = self.update_invoice(pass, event).await?;
                let id = invoice.map(|invoice| invoice.id);
                let now = self.0.now;
                if self.0.read(pass)?.invoices().count_overdue(id, now).await? > 0 {
                    return Ok(());
                }
                let before = self.0.read(pass)?.billing().await?;
                let after = before.after_payment(event.subscription_id(), event.created);
                self.save_report(pass, &before, after).await
            }
            EventKind::PaymentFailed => {
                let invoice = self.update_invoice(pass, event).await?;
                if is_paid(invoice.as_ref()) {
                    return Ok(());
                }
                let before = self.0.read(pass)?.billing().await?;
                let after = before.after_failure(event.subscription_id(), event.created);
                self.save_report(pass, &before, after).await?;
                self.alert_about(pass, event, BillingAlert::PaymentFailed).await
            }
            EventKind::ActionRequired => {
                let invoice = self.update_invoice(pass, event).await?;
                if is_paid(invoice.as_ref()) {
                    return Ok(());
                }
                self.alert_about(pass, event, BillingAlert::ActionRequired).await
            }
            EventKind::FinalizationFailed => {
                self.update_invoice(pass, event).await?;
                let why = event.at("/last_finalization_error/message").unwrap_or_default();
                let detail = AlertDetail::Text(why.to_owned());
                let about = event.text("id").unwrap_or(&event.id).to_owned();
                let kind = BillingAlert::FinalizationFailed;
                self.alert(pass, Alert { kind, about: &about, detail, link: event.link() })
                    .await
            }
            EventKind::TrialEnding => {
                let end = event.time("trial_end").map(|at| self.date(at));
                let detail = end.map_or_else(
                    || AlertDetail::Text(String::new()),
                    |trial_ends| AlertDetail::Trial { trial_ends },
                );
                let about = event.text("id").unwrap_or(&event.id).to_owned();
                let kind = BillingAlert::TrialEnding;
                self.alert(pass, Alert { kind, about: &about, detail, link: None }).await
            }
            EventKind::Dispute => self.alert_about(pass, event, BillingAlert::Dispute).await,
            EventKind::Card | EventKind::CardExpiring => {
                self.update_card(pass, event, kind).await
            }
            EventKind::CardRemoved => self.remove_card(pass, event).await,
            EventKind::Subscription => self.update_subscription(pass, event).await,
        }
    }

    /// Sends an alert about the amount of an event.
    async fn alert_about(
        &mut self,
        pass: &Pass<impl WritePermission>,
        event: &StripeEvent,
        kind: BillingAlert,
    ) -> Result<(), Error> {
        let about = event.text("id").unwrap_or(&event.id);
        let detail = self.amount(event);
        self.alert(pass, Alert { kind, about, detail, link: event.link() }).await
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
            let detail = self.amount(event);
            let (about, link) = (after.id.to_string(), after.link.as_deref());
            let kind = BillingAlert::Invoice;
            self.alert(pass, Alert { kind, about: &about, detail, link }).await?;
        }
        Ok(Some(after))
    }

    async fn update_subscription(
        &mut self,
        pass: &Pass<impl WritePermission>,
        event: &StripeEvent,
    ) -> Result<(), Error> {
        let before = self.0.read(pass)?.billing().await?;
        let plans = &self.0.app.rules().plans;
        let known =
            event.plans().into_iter().find(|key| plans.iter().any(|one| one.key == *key));
        let plan = known.map(str::to_owned);
        let Some(report) = event.subscription(plan) else { return Ok(()) };
        let after = self.offer(|offer| before.after(report, offer));
        self.save_report(pass, &before, after).await
    }

    /// Saves what a report changes.
    async fn save_report(
        &mut self,
        pass: &Pass<impl WritePermission>,
        before: &Billing,
        after: Option<Billing>,
    ) -> Result<(), Error> {
        let Some(after) = after else { return Ok(()) };
        self.save_subscription(pass, "billing.subscription", before, &after).await
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
            let Card { brand, last4, year, month } = card;
            let detail =
                AlertDetail::Card { brand, last4, expires: format!("{year}-{month:02}") };
            let about = event.text("id").unwrap_or(&event.id);
            let kind = BillingAlert::CardExpiring;
            self.alert(pass, Alert { kind, about, detail, link: None }).await?;
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

    /// What an event says about an invoice: its number, the amount, until when it is to be paid.
    fn amount(&self, event: &StripeEvent) -> AlertDetail {
        let (amount, currency) = event.amount();
        AlertDetail::Amount {
            amount: money(amount, currency),
            invoice: event.text("number").map(str::to_owned),
            due: event.time("due_date").map(|at| self.date(at)),
        }
    }

    /// The day of a time in the workspace's time zone: `2026-04-01`.
    fn date(&self, at: Timestamp) -> String {
        self.0.zone().day(at)
    }
}

fn is_paid(invoice: Option<&Invoice>) -> bool {
    // Events arrive in any order: the invoice can have been paid since.
    invoice.is_some_and(|invoice| invoice.state == InvoiceState::Paid)
}

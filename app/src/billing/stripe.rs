//! What Stripe says about payments: each message is proven, taken once, and acted on.
//!
//! **Invariant:** nothing is read of a message before its signature holds, and a message that was
//! taken is not acted on again.

use hallpass_domain::billing::{Billing, Card, State, money};
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::invoice::{Invoice, InvoiceState};
use hallpass_domain::mail_template::BillingAlert;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;

use crate::app::App;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::permission::Credential;
use crate::gate::{Pass, Permission};

pub mod message;
pub mod signature;

use message::{Message, StripeEvent};

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// It was acted on.
    Done,
    /// It had been taken before.
    Again,
    /// It is about nothing that is kept here.
    Ignored,
}

impl App {
    /// Hears a message that claims to be Stripe's.
    ///
    /// # Errors
    ///
    /// `Missing` where no secret is configured; `BadSignature` when Stripe did not sign it now;
    /// `Fields` when it is no message.
    pub async fn hear_stripe(
        &self,
        signature: &str,
        body: &[u8],
        request: &str,
    ) -> Result<WebhookOutcome, Error> {
        let secret = self.rules().stripe_secret.as_deref().filter(|secret| !secret.is_empty());
        let secret = secret.ok_or(Error::Missing { noun: "route" })?;
        if !signature::holds(secret, signature, body, self.now()) {
            return Err(Refusal::BadSignature.into());
        }
        let Some(message) = Message::read(body) else {
            return Err(Refusal::field("", "no_event", "this is no event of Stripe").into());
        };
        let Some(news) = message.news() else { return Ok(WebhookOutcome::Ignored) };
        let Some(workspace) = self.payer(&message).await? else {
            return Ok(WebhookOutcome::Ignored);
        };
        let Some(tx) = self.db().write_in(workspace.0).await? else {
            return Ok(WebhookOutcome::Ignored);
        };
        let mut ctx =
            self.open_context(tx, Actor::Outside("Stripe"), request.to_owned()).await?;
        let (pass, now) = (ctx.admit(Credential::Signature)?, self.now());
        if !ctx.tx(&pass)?.global().payments().insert_message(&message.id, now).await? {
            return Ok(WebhookOutcome::Again);
        }
        if let Some(customer) = message.customer() {
            ctx.tx(&pass)?.global().payments().upsert_customer(customer, workspace).await?;
        }
        ctx.hear(&pass, &message, news).await?;
        ctx.commit(&pass).await?;
        Ok(WebhookOutcome::Done)
    }

    /// The workspace that a message is about: the one that it names, or whose customer it names. It
    /// is named by its id alone: a slug can be another workspace's tomorrow, and so would the bills.
    async fn payer(&self, message: &Message) -> Result<Option<WorkspaceId>, Error> {
        let mut tx = self.db().read().await?;
        if let Some(id) = message.workspace().and_then(|named| named.parse().ok()) {
            return Ok(tx.workspaces().find(id).await?.map(|workspace| workspace.id));
        }
        match message.customer() {
            Some(customer) => Ok(tx.payments().find_workspace(customer).await?),
            None => Ok(None),
        }
    }
}

impl WorkspaceContext {
    async fn hear(
        &mut self,
        pass: &Pass<impl Permission>,
        message: &Message,
        news: StripeEvent,
    ) -> Result<(), Error> {
        match news {
            StripeEvent::Invoice => self.hear_invoice(pass, message).await.map(drop),
            StripeEvent::Reminder => {
                let about = message.text("id").unwrap_or(&message.id);
                let detail = sentence("To be paid", message);
                self.alert(pass, BillingAlert::Reminder, about, &detail).await
            }
            StripeEvent::Paid => {
                self.hear_invoice(pass, message).await?;
                self.turn(pass, message, State::Active, &[State::PastDue]).await
            }
            StripeEvent::PaymentFailed => {
                let invoice = self.hear_invoice(pass, message).await?;
                if invoice.is_some_and(|invoice| invoice.state == InvoiceState::Paid) {
                    // It went through meanwhile: this message comes late.
                    return Ok(());
                }
                self.turn(pass, message, State::PastDue, &[State::Active, State::Trialing])
                    .await?;
                let about = message.text("id").unwrap_or(&message.id);
                let detail = sentence("Not paid", message);
                self.alert(pass, BillingAlert::PaymentFailed, about, &detail).await
            }
            StripeEvent::CardEnds => self.hear_card(pass, message, Ending::Told).await,
            StripeEvent::Card => self.hear_card(pass, message, Ending::Unknown).await,
            StripeEvent::CardGone => self.forget_card(pass, message).await,
            StripeEvent::Subscription => self.hear_subscription(pass, message).await,
        }
    }

    /// Keeps what a message says of an invoice, and tells those who get invoices about one that
    /// they have not seen. Nobody owes a draft, so nobody hears of it.
    async fn hear_invoice(
        &mut self,
        pass: &Pass<impl Permission>,
        message: &Message,
    ) -> Result<Option<Invoice>, Error> {
        let Some(news) = message.invoice(self.id(), self.now) else { return Ok(None) };
        let before = self.tx(pass)?.invoices().find_by_external(&news.external).await?;
        let after =
            before.as_ref().map_or_else(|| news.clone(), |before| before.after(news.clone()));
        if before.as_ref() == Some(&after) {
            return Ok(Some(after));
        }
        self.tx(pass)?.invoices().upsert(&after).await?;
        let action = if before.is_some() { "invoice.update" } else { "invoice.create" };
        let was = before.as_ref().map(message::audit_view);
        self.record_audit(pass, action, after.id, &was, &message::audit_view(&after)).await?;
        let was_told = before.is_some_and(|before| before.state != InvoiceState::Draft);
        if !was_told && after.state == InvoiceState::Open && message.is_new_invoice() {
            let detail = sentence("To be paid", message);
            self.alert(pass, BillingAlert::Invoice, &after.id.to_string(), &detail).await?;
        }
        Ok(Some(after))
    }

    /// Brings the subscription from one of some states to another, unless later news came first.
    async fn turn(
        &mut self,
        pass: &Pass<impl Permission>,
        message: &Message,
        to: State,
        from: &[State],
    ) -> Result<(), Error> {
        let before = self.tx(pass)?.billing().await?;
        if is_late(&before, message.created) || !from.contains(&before.state) {
            return Ok(());
        }
        let after = Billing { state: to, told_at: Some(message.created), ..before.clone() };
        self.keep_subscription(pass, "billing.subscription", &before, &after).await
    }

    async fn hear_subscription(
        &mut self,
        pass: &Pass<impl Permission>,
        message: &Message,
    ) -> Result<(), Error> {
        let before = self.tx(pass)?.billing().await?;
        let Some((state, renews_at)) = message.subscription() else { return Ok(()) };
        if is_late(&before, message.created) {
            return Ok(());
        }
        let plans = &self.app.rules().plans;
        let sold =
            message.plans().into_iter().find(|key| plans.iter().any(|one| one.key == *key));
        let plan = sold.map(str::to_owned).or_else(|| before.plan.clone());
        let told_at = Some(message.created);
        let after = Billing { plan, state, renews_at, told_at, ..before.clone() };
        self.keep_subscription(pass, "billing.subscription", &before, &after).await
    }

    async fn hear_card(
        &mut self,
        pass: &Pass<impl Permission>,
        message: &Message,
        ending: Ending,
    ) -> Result<(), Error> {
        let Some(card) = message.card() else { return Ok(()) };
        let before = self.tx(pass)?.billing().await?;
        if before.card.as_ref() != Some(&card) {
            let after = Billing { card: Some(card.clone()), ..before.clone() };
            self.keep_card(pass, &before, &after).await?;
        }
        if ending == Ending::Told || card.ends_soon(self.now) {
            let Card { brand, last4, year, month } = &card;
            let detail = format!("The card {brand} … {last4} ends in {year}-{month:02}.");
            let about = message.text("id").unwrap_or(&message.id);
            self.alert(pass, BillingAlert::CardExpiring, about, &detail).await?;
        }
        Ok(())
    }

    async fn forget_card(
        &mut self,
        pass: &Pass<impl Permission>,
        message: &Message,
    ) -> Result<(), Error> {
        let before = self.tx(pass)?.billing().await?;
        if before.card.is_none() || before.card != message.card() {
            return Ok(());
        }
        let after = Billing { card: None, ..before.clone() };
        self.keep_card(pass, &before, &after).await
    }

    async fn keep_card(
        &mut self,
        pass: &Pass<impl Permission>,
        before: &Billing,
        after: &Billing,
    ) -> Result<(), Error> {
        let shown = |billing: &Billing| {
            let card = billing.card.as_ref();
            card.map(|card| {
                format!("{} {} {}-{:02}", card.brand, card.last4, card.year, card.month)
            })
        };
        self.record_audit(
            pass,
            "billing.card",
            self.workspace_id(),
            &shown(before),
            &shown(after),
        )
        .await?;
        self.save_billing(pass, after).await
    }
}

/// Whether it is known that a card ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Told,
    Unknown,
}

fn is_late(billing: &Billing, created: Timestamp) -> bool {
    billing.told_at.is_some_and(|told_at| created < told_at)
}

/// One sentence about an invoice: `To be paid: invoice A-1, 12.50 EUR, until 2026-04-01.`
fn sentence(what: &str, message: &Message) -> String {
    let number = message.text("number").map(|number| format!("invoice {number}, "));
    let due = message.time("due_date").map(|at| format!(", until {}", day(at)));
    let (number, due) = (number.unwrap_or_default(), due.unwrap_or_default());
    let (amount, currency) = message.amount();
    format!("{what}: {number}{}{due}.", money(amount, currency))
}

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

//! Stripe events: each one is verified, processed once, and audited.
//!
//! **Invariant:** an event is parsed only after its signature has been verified, an event that was
//! processed is not processed again, and the workspace of a customer is named once, by a completed
//! checkout or by the operator, never by the metadata of another object.

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Span;
use hallpass_store::billing::payment::HeldEvent;
use serde_json::json;
use tracing::warn;

use crate::app::App;
use crate::boxed;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::permission::{ChangePlan, Credential};
use crate::gate::{Pass, WritePermission};
use crate::operation::Operator;

pub mod event;
mod process;
pub mod signature;

use event::{EventKind, StripeEvent};

/// For how long an event waits for its workspace: as long as a deleted one can be restored.
const HELD_FOR: Span = Span::days(31);

/// For how long a payment can be disputed, with some weeks more.
const DISPUTABLE_FOR: Span = Span::days(200);

/// How many held events are processed between two looks at the queue.
const BATCH: i64 = 100;

/// What happened to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// It was processed.
    Processed,
    /// It had been processed or held before.
    Duplicate,
    /// It waits until its customer has a workspace that can be entered.
    Held,
    /// It concerns no workspace here, or nothing that is stored.
    Ignored,
}

/// The webhook of Stripe.
pub struct StripeEvents<'a>(pub(crate) &'a App);

impl StripeEvents<'_> {
    /// Receives an event. `Missing` where no secret is configured; `BadSignature` when Stripe has not
    /// signed it within the last minutes.
    #[boxed]
    pub async fn receive(
        &self,
        signature: &str,
        body: &[u8],
        request: &str,
    ) -> Result<WebhookOutcome, Error> {
        let app = self.0;
        let secret = app.rules().stripe_secret().ok_or(Error::Missing { noun: "route" })?;
        if !signature::is_valid(secret, signature, body, app.now()) {
            return Err(Refusal::BadSignature.into());
        }
        let Some(event) = StripeEvent::parse(body) else {
            return Err(Refusal::field("", "no_event", "the body is no Stripe event").into());
        };
        let outcome = self.process(&event, body, request).await?;
        if event.kind() == Some(EventKind::Checkout) && outcome == WebhookOutcome::Processed {
            self.process_held().await?;
        }
        Ok(outcome)
    }

    /// Processes the held events whose workspace can be entered by now, and returns their number.
    #[boxed]
    pub async fn process_held(&self) -> Result<usize, Error> {
        let mut processed = 0;
        loop {
            let ready = self.0.db().read().await?.payments().list_ready(BATCH).await?;
            if ready.is_empty() {
                return Ok(processed);
            }
            for held in ready {
                if let Some(event) = StripeEvent::parse(held.body.as_bytes()) {
                    self.process(&event, held.body.as_bytes(), "held").await?;
                }
                let mut tx = self.0.db().write().await?;
                tx.payments().release(&held.id).await?;
                tx.commit().await?;
                processed += 1;
            }
        }
    }

    /// Deletes events that nothing has claimed, and references to payments that can no longer be
    /// disputed.
    #[boxed]
    pub async fn delete_expired(&self) -> Result<(), Error> {
        let now = self.0.now();
        let mut tx = self.0.db().write().await?;
        tx.payments().delete_held_before(now - HELD_FOR).await?;
        tx.payments().delete_references_before(now - DISPUTABLE_FOR).await?;
        Ok(tx.commit().await?)
    }

    async fn process(
        &self,
        event: &StripeEvent,
        body: &[u8],
        request: &str,
    ) -> Result<WebhookOutcome, Error> {
        let app = self.0;
        let Some(kind) = event.kind() else { return Ok(WebhookOutcome::Ignored) };
        let Some(customer) = self.customer(event).await? else {
            return Ok(WebhookOutcome::Ignored);
        };
        if kind == EventKind::Charge {
            return self.remember(event, &customer).await;
        }
        let checkout_of = event.checkout_of();
        if kind == EventKind::Checkout && checkout_of.is_none() {
            return Ok(WebhookOutcome::Ignored);
        }
        let known = app.db().read().await?.payments().find_workspace(&customer).await?;
        let held = HeldEvent {
            id: event.id.clone(),
            customer: customer.clone(),
            checkout_of,
            created_at: event.created,
            body: String::from_utf8_lossy(body).into_owned(),
        };
        let workspace = match (kind, checkout_of) {
            (EventKind::Checkout, named) => named,
            _ => known,
        };
        let Some(workspace) = workspace else { return self.hold(&held).await };
        let Some(tx) = app.write_in(workspace).await? else {
            let found = app.db().read().await?.workspaces().find(workspace).await?;
            return match found {
                Some(_) => self.hold(&held).await,
                None => Ok(WebhookOutcome::Ignored),
            };
        };
        let actor = Actor::Outside("Stripe");
        let mut ctx = app.open_context(tx, actor, request.to_owned()).await?;
        let (pass, now) = (ctx.admit(Credential::Signature)?, app.now());
        if !ctx.tx(&pass)?.global().payments().insert_message(&event.id, now).await? {
            return Ok(WebhookOutcome::Duplicate);
        }
        for payment in event.payments() {
            let payments = &mut ctx.tx(&pass)?.global().payments();
            payments.insert_reference(payment, &customer, now).await?;
        }
        if kind == EventKind::Checkout {
            if !connect(&mut ctx, &pass, &customer).await? {
                return Ok(WebhookOutcome::Ignored);
            }
        } else {
            ctx.billing().process(&pass, event, kind).await?;
        }
        ctx.commit(&pass).await?;
        Ok(WebhookOutcome::Processed)
    }

    /// The customer of an event: the one that it names, or that made the payment that it names.
    async fn customer(&self, event: &StripeEvent) -> Result<Option<String>, Error> {
        if let Some(customer) = event.customer() {
            return Ok(Some(customer.to_owned()));
        }
        let mut tx = self.0.db().read().await?;
        for payment in event.payments() {
            if let Some(customer) = tx.payments().find_customer(payment).await? {
                return Ok(Some(customer));
            }
        }
        Ok(None)
    }

    /// Stores whose charge it is, for a dispute.
    async fn remember(
        &self,
        event: &StripeEvent,
        customer: &str,
    ) -> Result<WebhookOutcome, Error> {
        let now = self.0.now();
        let mut tx = self.0.db().write().await?;
        if !tx.payments().insert_message(&event.id, now).await? {
            return Ok(WebhookOutcome::Duplicate);
        }
        for payment in event.payments() {
            tx.payments().insert_reference(payment, customer, now).await?;
        }
        tx.commit().await?;
        Ok(WebhookOutcome::Processed)
    }

    async fn hold(&self, event: &HeldEvent) -> Result<WebhookOutcome, Error> {
        let mut tx = self.0.db().write().await?;
        let is_new = !tx.payments().is_processed(&event.id).await?
            && tx.payments().hold(event, self.0.now()).await?;
        tx.commit().await?;
        Ok(if is_new { WebhookOutcome::Held } else { WebhookOutcome::Duplicate })
    }

    /// Makes a customer of Stripe the one of a workspace, in place of any other, as an operator; none
    /// disconnects it. `Fields` when the customer is another workspace's.
    #[boxed]
    pub async fn set_customer(
        &self,
        operator: &Operator,
        workspace: &str,
        customer: Option<&str>,
    ) -> Result<(), Error> {
        let mut ctx = self.0.enter_as(operator, workspace).await?;
        let pass = ctx.check(ChangePlan).await?;
        let id = ctx.workspace_id();
        let mut payments = ctx.tx(&pass)?.global().payments();
        let before = payments.list_customers(id).await?;
        payments.delete_customers(id).await?;
        if let Some(customer) = customer
            && !payments.insert_customer(customer, id).await?
        {
            let detail = format!("another workspace has the customer `{customer}`");
            return Err(Refusal::field("/customer", "taken", detail).into());
        }
        let (was, is) = (json!({"customers": before}), json!({"customer": customer}));
        ctx.record_audit(&pass, "billing.customer", id, &was, &is).await?;
        ctx.commit(&pass).await?;
        self.process_held().await.map(drop)
    }
}

/// Makes a customer the one of the workspace. Returns whether it is: a workspace that has another
/// customer keeps it, and a customer that has another workspace too.
async fn connect(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    customer: &str,
) -> Result<bool, Error> {
    let id: WorkspaceId = ctx.workspace_id();
    let mut payments = ctx.tx(pass)?.global().payments();
    let customers = payments.list_customers(id).await?;
    if customers.iter().any(|known| known == customer) {
        return Ok(true);
    }
    if !customers.is_empty() || !payments.insert_customer(customer, id).await? {
        warn!(workspace.id = %id, "ignored a checkout for {id}: it or the customer is connected");
        return Ok(false);
    }
    let after = json!({"customer": customer});
    ctx.record_audit(pass, "billing.customer", id, &(), &after).await?;
    Ok(true)
}

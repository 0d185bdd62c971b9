//! An event from Stripe: the parts that are read, in any version of their API.

use hallpass_domain::billing::subscription::SubscriptionReport;
use hallpass_domain::billing::{Card, State};
use hallpass_domain::id::{InvoiceId, WorkspaceId};
use hallpass_domain::invoice::{Invoice, InvoiceState};
use hallpass_domain::time::Timestamp;
use serde_json::{Value, json};

/// The longest text that is read.
const LONGEST: usize = 500;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// An invoice was created or changed.
    Invoice,
    /// An invoice will become due, or is overdue.
    Reminder,
    /// An invoice was paid.
    Paid,
    /// A payment failed.
    PaymentFailed,
    /// A card was added or changed.
    Card,
    /// A card expires soon.
    CardExpiring,
    /// A card was removed.
    CardRemoved,
    /// The subscription was created or changed.
    Subscription,
    /// A payment waits for the holder of the card to confirm it.
    ActionRequired,
    /// An invoice could not be issued.
    FinalizationFailed,
    /// A trial ends soon.
    TrialEnding,
    /// A payment is disputed.
    Dispute,
    /// A charge was made, which a dispute may name later.
    Charge,
    /// A checkout was completed: it names the workspace of its customer.
    Checkout,
}

/// An event.
#[derive(Clone, Debug)]
pub struct StripeEvent {
    /// The id.
    pub id: String,
    /// The type.
    type_name: String,
    /// When it was created.
    pub created: Timestamp,
    /// The object that it is about.
    object: Value,
    /// The customer before the change, of a payment method that was removed.
    previous_customer: Option<String>,
}

impl StripeEvent {
    /// Parses an event; none when the body is no event.
    #[must_use]
    pub fn parse(body: &[u8]) -> Option<StripeEvent> {
        let value: Value = serde_json::from_slice(body).ok()?;
        let text = |key: &str| short(value.get(key)?.as_str()?);
        Some(StripeEvent {
            id: text("id")?.to_owned(),
            type_name: text("type")?.to_owned(),
            created: time(value.get("created")?)?,
            object: value.pointer("/data/object").filter(|one| one.is_object())?.clone(),
            previous_customer: value
                .pointer("/data/previous_attributes/customer")
                .and_then(|customer| short(customer.as_str()?))
                .map(str::to_owned),
        })
    }

    /// What it is about; none when nothing depends on it.
    #[must_use]
    pub fn kind(&self) -> Option<EventKind> {
        let method_is_card = self.at("/type").is_none_or(|kind| kind == "card");
        match self.type_name.as_str() {
            "invoice.created"
            | "invoice.finalized"
            | "invoice.updated"
            | "invoice.sent"
            | "invoice.voided"
            | "invoice.marked_uncollectible" => Some(EventKind::Invoice),
            "invoice.upcoming" | "invoice.will_be_due" | "invoice.overdue" => {
                Some(EventKind::Reminder)
            }
            "invoice.paid" | "invoice.payment_succeeded" => Some(EventKind::Paid),
            "invoice.payment_failed" => Some(EventKind::PaymentFailed),
            "invoice.payment_action_required" => Some(EventKind::ActionRequired),
            "invoice.finalization_failed" => Some(EventKind::FinalizationFailed),
            "customer.subscription.trial_will_end" => Some(EventKind::TrialEnding),
            "charge.dispute.created" => Some(EventKind::Dispute),
            "charge.succeeded" => Some(EventKind::Charge),
            "checkout.session.completed" => Some(EventKind::Checkout),
            "customer.source.expiring" => Some(EventKind::CardExpiring),
            "customer.source.created" | "customer.source.updated" => Some(EventKind::Card),
            "payment_method.attached"
            | "payment_method.updated"
            | "payment_method.automatically_updated"
            | "payment_method.card_automatically_updated" => {
                method_is_card.then_some(EventKind::Card)
            }
            "customer.source.deleted" | "payment_method.detached" => {
                Some(EventKind::CardRemoved)
            }
            "customer.subscription.created"
            | "customer.subscription.updated"
            | "customer.subscription.deleted"
            | "customer.subscription.paused"
            | "customer.subscription.resumed" => Some(EventKind::Subscription),
            _ => None,
        }
    }

    /// Whether it announces an invoice.
    #[must_use]
    pub fn is_new_invoice(&self) -> bool {
        matches!(self.type_name.as_str(), "invoice.created" | "invoice.finalized")
    }

    /// A text of the object, by pointer.
    pub(super) fn at(&self, pointer: &str) -> Option<&str> {
        short(self.object.pointer(pointer)?.as_str()?)
    }

    /// A text of the object.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.at(&format!("/{key}"))
    }

    fn int(&self, pointer: &str) -> Option<i64> {
        self.object.pointer(pointer)?.as_i64()
    }

    /// A time of the object.
    #[must_use]
    pub fn time(&self, key: &str) -> Option<Timestamp> {
        self.object.get(key).and_then(time)
    }

    /// The workspace that a completed checkout is for.
    #[must_use]
    pub fn checkout_of(&self) -> Option<WorkspaceId> {
        let is_completed = self.kind() == Some(EventKind::Checkout)
            && self.text("status").is_none_or(|status| status == "complete");
        let named = self.text("client_reference_id").or_else(|| self.at("/metadata/workspace"));
        named.filter(|_| is_completed)?.parse().ok()
    }

    /// The customer.
    #[must_use]
    pub fn customer(&self) -> Option<&str> {
        let places = ["/customer", "/customer/id", "/charge/customer"];
        let found = places.into_iter().find_map(|place| self.at(place));
        found.or(self.previous_customer.as_deref())
    }

    /// The ids of the payment that it is about or names.
    #[must_use]
    pub fn payments(&self) -> Vec<&str> {
        let own = (self.kind() == Some(EventKind::Charge)).then(|| self.text("id")).flatten();
        let places = ["/charge", "/charge/id", "/payment_intent", "/payment_intent/id"];
        own.into_iter().chain(places.into_iter().filter_map(|place| self.at(place))).collect()
    }

    /// The subscription of an invoice.
    #[must_use]
    pub fn subscription_id(&self) -> Option<&str> {
        let places = ["/subscription", "/parent/subscription_details/subscription"];
        places.into_iter().find_map(|place| self.at(place))
    }

    /// Where an invoice can be seen and paid.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        let links = ["hosted_invoice_url", "invoice_pdf"].into_iter();
        let mut links = links.filter_map(|key| self.text(key));
        links.find(|link| link.starts_with("https://"))
    }

    /// The amount and its currency.
    #[must_use]
    pub fn amount(&self) -> (i64, &str) {
        let places = ["/total", "/amount_due", "/amount"];
        let amount = places.into_iter().find_map(|place| self.int(place)).unwrap_or(0);
        (amount, self.text("currency").unwrap_or_default())
    }

    /// The invoice; an upcoming one has no id, and is none yet.
    #[must_use]
    pub fn invoice(&self, id: InvoiceId, now: Timestamp) -> Option<Invoice> {
        let state = match self.type_name.as_str() {
            "invoice.paid" | "invoice.payment_succeeded" => InvoiceState::Paid,
            _ => {
                self.text("status").and_then(InvoiceState::parse).unwrap_or(InvoiceState::Open)
            }
        };
        let (amount, currency) = self.amount();
        let moment = |key: &str| {
            let pointer = format!("/status_transitions/{key}");
            self.object.pointer(&pointer).and_then(time)
        };
        Some(Invoice {
            id,
            external: self.text("id")?.to_owned(),
            number: self.text("number").unwrap_or_default().to_owned(),
            amount,
            currency: currency.to_owned(),
            state,
            issued_at: moment("finalized_at").or(self.time("created")).unwrap_or(now),
            due_at: self.time("due_date"),
            paid_at: moment("paid_at")
                .or((state == InvoiceState::Paid).then_some(self.created)),
            link: self.link().map(str::to_owned),
        })
    }

    /// What it reports about a subscription with a plan; none when the status is unknown.
    #[must_use]
    pub fn subscription(&self, plan: Option<String>) -> Option<SubscriptionReport> {
        let (state, renews_at) = self.state()?;
        let is_running = matches!(self.text("status"), Some("active" | "trialing"));
        Some(SubscriptionReport {
            id: self.text("id").map(str::to_owned),
            state,
            renews_at,
            plan,
            is_paid: is_running && self.type_name != "customer.subscription.deleted",
            at: self.created,
        })
    }

    fn state(&self) -> Option<(State, Option<Timestamp>)> {
        let period = self
            .time("current_period_end")
            .or_else(|| self.object.pointer("/items/data/0/current_period_end").and_then(time));
        let ended_at = self.time("ended_at").or(Some(self.created));
        if self.type_name == "customer.subscription.deleted" {
            return Some((State::Cancelled, ended_at));
        }
        let cancels = self.object.get("cancel_at_period_end").and_then(Value::as_bool);
        let cancel_at = self.time("cancel_at").or(period.filter(|_| cancels == Some(true)));
        match self.text("status")? {
            "active" | "trialing" if cancel_at.is_some() => Some((State::Cancelled, cancel_at)),
            "active" => Some((State::Active, period)),
            "trialing" => Some((State::Trialing, period)),
            "past_due" | "unpaid" | "incomplete" | "paused" => Some((State::PastDue, period)),
            "canceled" | "incomplete_expired" => Some((State::Cancelled, ended_at)),
            _ => None,
        }
    }

    /// The possible keys of the subscription's plan, the likeliest first.
    #[must_use]
    pub fn plans(&self) -> Vec<&str> {
        let places = [
            "/metadata/plan",
            "/items/data/0/price/metadata/plan",
            "/items/data/0/price/lookup_key",
            "/items/data/0/price/nickname",
            "/plan/metadata/plan",
            "/plan/nickname",
        ];
        places.into_iter().filter_map(|place| self.at(place)).collect()
    }

    /// The card, as it is displayed.
    #[must_use]
    pub fn card(&self) -> Option<Card> {
        let within = ["/card", ""].into_iter();
        let mut within = within.filter(|place| self.at(&format!("{place}/last4")).is_some());
        let place = within.next()?;
        Card::new(
            self.at(&format!("{place}/brand"))?,
            self.at(&format!("{place}/last4"))?,
            self.int(&format!("{place}/exp_year"))?,
            self.int(&format!("{place}/exp_month"))?,
        )
    }
}

fn short(text: &str) -> Option<&str> {
    let is_fine = !text.is_empty() && text.len() <= LONGEST && !text.contains('\0');
    is_fine.then_some(text)
}

/// Parses a time, which Stripe writes in seconds.
fn time(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_i64().filter(|seconds| (0..=1 << 40).contains(seconds))?;
    Some(Timestamp::from_seconds(seconds))
}

/// An invoice in the audit log.
pub(crate) fn audit_view(invoice: &Invoice) -> Value {
    json!({
        "number": invoice.number,
        "amount": invoice.amount,
        "currency": invoice.currency,
        "state": invoice.state.word(),
    })
}

#[cfg(test)]
mod tests;

//! A message of Stripe: what of it is read, whichever version of their API wrote it.

use hallpass_domain::billing::{Card, State};
use hallpass_domain::id::InvoiceId;
use hallpass_domain::invoice::{Invoice, InvoiceState};
use hallpass_domain::time::Timestamp;
use serde_json::{Value, json};

/// The longest text that is taken over.
const LONGEST: usize = 500;

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StripeEvent {
    /// An invoice as it stands.
    Invoice,
    /// One that will be to be paid, or is not paid yet.
    Reminder,
    /// One that was paid.
    Paid,
    /// A payment that did not go through.
    PaymentFailed,
    /// A card as it stands.
    Card,
    /// A card that ends soon.
    CardEnds,
    /// A card that is not used any more.
    CardGone,
    /// The subscription as it stands.
    Subscription,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// What happened.
    kind: String,
    /// When.
    pub created: Timestamp,
    /// What it happened to.
    object: Value,
}

impl Message {
    /// Reads a message; none when it is something else.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Message> {
        let value: Value = serde_json::from_slice(body).ok()?;
        let text = |key: &str| short(value.get(key)?.as_str()?);
        Some(Message {
            id: text("id")?.to_owned(),
            kind: text("type")?.to_owned(),
            created: time(value.get("created")?)?,
            object: value.pointer("/data/object").filter(|one| one.is_object())?.clone(),
        })
    }

    /// What it is about; none when nothing here depends on it.
    #[must_use]
    pub fn news(&self) -> Option<StripeEvent> {
        let method_is_card = self.at("/type").is_none_or(|kind| kind == "card");
        match self.kind.as_str() {
            "invoice.created"
            | "invoice.finalized"
            | "invoice.updated"
            | "invoice.sent"
            | "invoice.voided"
            | "invoice.marked_uncollectible" => Some(StripeEvent::Invoice),
            "invoice.upcoming" | "invoice.will_be_due" | "invoice.overdue" => {
                Some(StripeEvent::Reminder)
            }
            "invoice.paid" | "invoice.payment_succeeded" => Some(StripeEvent::Paid),
            "invoice.payment_failed" => Some(StripeEvent::PaymentFailed),
            "customer.source.expiring" => Some(StripeEvent::CardEnds),
            "customer.source.created" | "customer.source.updated" => Some(StripeEvent::Card),
            "payment_method.attached"
            | "payment_method.updated"
            | "payment_method.automatically_updated"
            | "payment_method.card_automatically_updated" => {
                method_is_card.then_some(StripeEvent::Card)
            }
            "customer.source.deleted" | "payment_method.detached" => {
                Some(StripeEvent::CardGone)
            }
            "customer.subscription.created"
            | "customer.subscription.updated"
            | "customer.subscription.deleted"
            | "customer.subscription.paused"
            | "customer.subscription.resumed" => Some(StripeEvent::Subscription),
            _ => None,
        }
    }

    /// Whether it tells of an invoice that people may not know yet.
    #[must_use]
    pub fn is_new_invoice(&self) -> bool {
        matches!(self.kind.as_str(), "invoice.created" | "invoice.finalized")
    }

    fn at(&self, pointer: &str) -> Option<&str> {
        short(self.object.pointer(pointer)?.as_str()?)
    }

    /// A text of what it is about.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.at(&format!("/{key}"))
    }

    fn int(&self, pointer: &str) -> Option<i64> {
        self.object.pointer(pointer)?.as_i64()
    }

    /// A point in time of what it is about.
    #[must_use]
    pub fn time(&self, key: &str) -> Option<Timestamp> {
        self.object.get(key).and_then(time)
    }

    /// The workspace that it names.
    #[must_use]
    pub fn workspace(&self) -> Option<&str> {
        let places = [
            "/metadata/workspace",
            "/subscription_details/metadata/workspace",
            "/parent/subscription_details/metadata/workspace",
        ];
        places.into_iter().find_map(|place| self.at(place))
    }

    /// The customer that it names.
    #[must_use]
    pub fn customer(&self) -> Option<&str> {
        self.at("/customer").or_else(|| self.at("/customer/id"))
    }

    /// How much, and in which currency.
    #[must_use]
    pub fn amount(&self) -> (i64, &str) {
        let amount = self.int("/total").or_else(|| self.int("/amount_due")).unwrap_or(0);
        (amount, self.text("currency").unwrap_or_default())
    }

    /// The invoice that it speaks of; one that is only foretold has no id, and is none yet.
    #[must_use]
    pub fn invoice(&self, id: InvoiceId, now: Timestamp) -> Option<Invoice> {
        let state = match self.kind.as_str() {
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
        let links = ["hosted_invoice_url", "invoice_pdf"].into_iter();
        let mut links = links.filter_map(|key| self.text(key));
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
            link: links.find(|link| link.starts_with("https://")).map(str::to_owned),
        })
    }

    /// How the subscription stands, and when it renews or ends; none when it does not say.
    #[must_use]
    pub fn subscription(&self) -> Option<(State, Option<Timestamp>)> {
        let period = self
            .time("current_period_end")
            .or_else(|| self.object.pointer("/items/data/0/current_period_end").and_then(time));
        if self.kind == "customer.subscription.deleted" {
            return Some((State::Cancelled, self.time("ended_at").or(Some(self.created))));
        }
        let cancels = self.object.get("cancel_at_period_end").and_then(Value::as_bool);
        let cancel_at = self.time("cancel_at").or(period.filter(|_| cancels == Some(true)));
        match self.text("status")? {
            "active" | "trialing" if cancel_at.is_some() => Some((State::Cancelled, cancel_at)),
            "active" => Some((State::Active, period)),
            "trialing" => Some((State::Trialing, period)),
            "past_due" | "unpaid" | "incomplete" | "paused" => Some((State::PastDue, period)),
            "canceled" | "incomplete_expired" => {
                Some((State::Cancelled, self.time("ended_at").or(Some(self.created))))
            }
            _ => None,
        }
    }

    /// What the plan of a subscription may be called here, the likeliest first.
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

    /// The card that it speaks of, as people see it.
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

/// A point in time, which Stripe writes in seconds.
fn time(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_i64().filter(|seconds| (0..=1 << 40).contains(seconds))?;
    Some(Timestamp(seconds * 1_000_000))
}

/// What the audit log says of an invoice.
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

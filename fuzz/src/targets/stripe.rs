//! Messages of Stripe, and their signatures.

use hallpass_app::billing::stripe::event::StripeEvent;
use hallpass_app::billing::stripe::signature;
use hallpass_domain::id::InvoiceId;
use hallpass_domain::time::Timestamp;

/// Words of the format.
pub const WORDS: &[&str] = &[
    "\"id\": \"evt_1\"",
    "\"type\": \"invoice.paid\"",
    "\"type\": \"invoice.payment_failed\"",
    "\"type\": \"customer.subscription.updated\"",
    "\"type\": \"checkout.session.completed\"",
    "\"type\": \"customer.source.expiring\"",
    "\"type\": \"charge.dispute.created\"",
    "\"data\": {\"object\": {",
    "\"metadata\": {\"workspace\": \"wsp_1\", \"plan\": \"agency\"}",
    "\"amount_due\": 9223372036854775807",
    "\"amount_due\": -1",
    "\"created\": 1e30",
    "\"current_period_end\": -62135596801",
    "\"exp_month\": 13",
    "\"exp_year\": 99999",
    "\"currency\": \"\"",
    "t=",
    ",v1=",
    "}",
    "null",
];

const SECRET: &str = "whsec_fuzz";

/// The time at which messages arrive.
const NOW: Timestamp = Timestamp::from_micros(1_900_000_000_000_000);

/// Reads a message and everything that is asked of it. A message is accepted with its own signature and
/// with no other.
///
/// # Panics
///
/// If one of these does not hold.
pub fn run(data: &[u8]) {
    if let Some(event) = StripeEvent::parse(data) {
        read(&event);
    }
    let header = signature::sign(SECRET, data, NOW);
    assert!(signature::is_valid(SECRET, &header, data, NOW), "{header}");
    let longer = [data, b" "].concat();
    assert!(!signature::is_valid(SECRET, &header, &longer, NOW), "another body");
    assert!(!signature::is_valid("whsec_other", &header, data, NOW), "another secret");
    let text = String::from_utf8_lossy(data);
    assert!(!signature::is_valid(SECRET, &text, b"{}", NOW), "{text:?} signs");
}

/// Reads what each kind of message can have.
fn read(event: &StripeEvent) {
    let _ = (event.kind(), event.is_new_invoice(), event.checkout_of());
    let _ = (event.customer(), event.payments(), event.subscription_id(), event.link());
    let _ = (event.amount(), event.plans(), event.card());
    let id = InvoiceId(uuid::Uuid::nil());
    if let Some(invoice) = event.invoice(id, NOW) {
        assert_eq!(invoice.id, id);
    }
    let _ = event.subscription(Some("agency".to_owned()));
    for key in ["created", "current_period_end", "trial_end", "id", "status"] {
        let _ = (event.text(key), event.time(key).map(|time| time.to_string()));
    }
}

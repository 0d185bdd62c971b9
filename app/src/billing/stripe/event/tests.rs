//! Parses events of several versions of Stripe's API.

use hallpass_domain::id::InvoiceId;
use uuid::Uuid;

use super::*;

fn event(kind: &str, object: &Value) -> StripeEvent {
    let body = json!({
        "id": "evt_1", "type": kind, "created": 1_773_576_000, "data": {"object": object},
    });
    StripeEvent::parse(body.to_string().as_bytes()).unwrap()
}

fn seconds(n: i64) -> Timestamp {
    Timestamp::from_seconds(n)
}

#[test]
fn a_body_that_is_no_event_is_none() {
    let no_object = r#"{"id": "evt_1", "type": "x", "created": 1, "data": {}}"#;
    let no_id = r#"{"type": "x", "created": 1, "data": {"object": {}}}"#;
    for body in ["", "[]", "null", "{}", no_object, no_id] {
        assert!(StripeEvent::parse(body.as_bytes()).is_none(), "{body}");
    }
}

#[test]
fn only_a_completed_checkout_names_a_workspace() {
    let id = "wsp_00000000000000000000000000000001";
    let named = json!({"client_reference_id": id});
    let checkout = |object: &Value| event("checkout.session.completed", object).checkout_of();

    assert!(checkout(&named).is_some());
    assert!(checkout(&json!({"metadata": {"workspace": id}, "status": "complete"})).is_some());
    assert_eq!(checkout(&json!({"client_reference_id": id, "status": "open"})), None);
    assert_eq!(checkout(&json!({"client_reference_id": "acme"})), None);
    let metadata = json!({"metadata": {"workspace": id}, "client_reference_id": id});
    assert_eq!(event("invoice.paid", &metadata).checkout_of(), None);
}

#[test]
fn the_customer_is_read_from_the_object_or_from_before_its_change() {
    for object in [
        json!({"customer": "cus_1"}),
        json!({"customer": {"id": "cus_1"}}),
        json!({"charge": {"id": "ch_1", "customer": "cus_1"}}),
    ] {
        assert_eq!(event("x", &object).customer(), Some("cus_1"), "{object}");
    }
    let detached = json!({
        "id": "evt_1", "type": "payment_method.detached", "created": 1, "data": {
            "object": {"customer": null}, "previous_attributes": {"customer": "cus_1"},
        },
    });
    let detached = StripeEvent::parse(detached.to_string().as_bytes()).unwrap();
    assert_eq!(detached.customer(), Some("cus_1"));
    let dispute = json!({"id": "dp_1", "charge": "ch_1", "payment_intent": "pi_1"});
    assert_eq!(event("charge.dispute.created", &dispute).payments(), ["ch_1", "pi_1"]);
    assert_eq!(event("charge.succeeded", &json!({"id": "ch_1"})).payments(), ["ch_1"]);
}

#[test]
fn a_subscription_is_paid_while_it_is_active_or_in_a_trial() {
    for (status, expected) in [
        ("active", true),
        ("trialing", true),
        ("incomplete", false),
        ("past_due", false),
        ("unpaid", false),
        ("paused", false),
        ("canceled", false),
    ] {
        let object = json!({"status": status});
        let report = event("customer.subscription.updated", &object).subscription(None);
        assert_eq!(report.unwrap().is_paid, expected, "{status}");
    }
    let deleted = event("customer.subscription.deleted", &json!({"status": "active"}));
    assert!(!deleted.subscription(None).unwrap().is_paid);
}

#[test]
fn the_state_of_a_subscription_follows_its_status() {
    let check = |object: &Value, expected| {
        let read = event("customer.subscription.updated", object).subscription(None);
        let read = read.map(|report| (report.state, report.renews_at));
        assert_eq!(read, expected, "{object}");
    };
    let (end, then) = (9, Some(seconds(9)));
    check(&json!({"status": "active", "current_period_end": end}), Some((State::Active, then)));
    let newer = json!({"status": "trialing", "items": {"data": [{"current_period_end": end}]}});
    check(&newer, Some((State::Trialing, then)));
    check(&json!({"status": "unpaid"}), Some((State::PastDue, None)));
    let cancels =
        json!({"status": "active", "cancel_at_period_end": true, "current_period_end": end});
    check(&cancels, Some((State::Cancelled, then)));
    check(&json!({"status": "canceled", "ended_at": end}), Some((State::Cancelled, then)));
    check(&json!({"status": "something new"}), None);
    check(&json!({}), None);
}

#[test]
fn a_card_is_read_from_a_source_and_from_a_payment_method() {
    let card = json!({"brand": "visa", "last4": "4242", "exp_year": 2030, "exp_month": 1});
    let expected = Card::new("visa", "4242", 2030, 1);

    assert_eq!(event("customer.source.expiring", &card).card(), expected);
    assert_eq!(event("payment_method.attached", &json!({"card": card})).card(), expected);
    let bank = json!({"type": "sepa_debit", "sepa_debit": {"last4": "3000"}});
    assert_eq!(event("payment_method.attached", &bank).kind(), None);
    // A full card number in the place of the last four digits is not stored.
    let long =
        json!({"brand": "visa", "last4": "4242424242424242", "exp_year": 2030, "exp_month": 1});
    assert_eq!(event("customer.source.expiring", &long).card(), None);
}

#[test]
fn an_invoice_is_read() {
    let object = json!({
        "id": "in_1", "number": "A-1", "total": 1_250, "currency": "eur", "status": "open",
        "created": 5, "due_date": 9, "hosted_invoice_url": "https://pay.example.com/1",
        "status_transitions": {"finalized_at": 6, "paid_at": null},
    });
    let (id, now) = (InvoiceId(Uuid::from_u128(1)), seconds(99));

    let invoice = event("invoice.finalized", &object).invoice(id, now).unwrap();

    assert_eq!((invoice.amount, invoice.currency.as_str()), (1_250, "eur"));
    assert_eq!((invoice.issued_at, invoice.due_at), (seconds(6), Some(seconds(9))));
    assert_eq!((invoice.state, invoice.paid_at), (InvoiceState::Open, None));
    assert_eq!(invoice.link.as_deref(), Some("https://pay.example.com/1"));
    let upcoming = json!({"amount_due": 5, "currency": "eur"});
    assert_eq!(event("invoice.upcoming", &upcoming).invoice(id, now), None);
    let script = json!({"id": "in_1", "hosted_invoice_url": "javascript:alert(1)"});
    assert_eq!(event("invoice.created", &script).invoice(id, now).unwrap().link, None);
}

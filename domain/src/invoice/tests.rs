//! Invoices: updates in any order.

use uuid::Uuid;

use super::*;

fn invoice(state: InvoiceState) -> Invoice {
    Invoice {
        id: InvoiceId(Uuid::from_u128(1)),
        external: "in_1".to_owned(),
        number: "A-1".to_owned(),
        amount: 1_200,
        currency: "eur".to_owned(),
        state,
        issued_at: Timestamp::from_micros(1),
        due_at: None,
        paid_at: None,
        link: None,
    }
}

#[test]
fn a_late_update_does_not_reopen_a_paid_invoice() {
    let paid =
        Invoice { paid_at: Some(Timestamp::from_micros(5)), ..invoice(InvoiceState::Paid) };

    for late in [InvoiceState::Draft, InvoiceState::Open, InvoiceState::Uncollectible] {
        assert_eq!(paid.after(invoice(late)), paid);
    }
}

#[test]
fn an_update_keeps_absent_fields() {
    let open = Invoice {
        due_at: Some(Timestamp::from_micros(9)),
        link: Some("https://pay.example.com/1".to_owned()),
        ..invoice(InvoiceState::Open)
    };
    let news = Invoice {
        id: InvoiceId(Uuid::from_u128(2)),
        number: String::new(),
        issued_at: Timestamp::from_micros(7),
        paid_at: Some(Timestamp::from_micros(8)),
        ..invoice(InvoiceState::Paid)
    };

    let after = open.after(news);

    let expected =
        Invoice { state: InvoiceState::Paid, paid_at: Some(Timestamp::from_micros(8)), ..open };
    assert_eq!(after, expected);
}

#[test]
fn every_state_is_parsed_from_its_word() {
    for state in InvoiceState::EVERY {
        assert_eq!(InvoiceState::parse(state.word()), Some(state));
    }
}

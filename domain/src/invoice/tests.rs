//! News about invoices, in whatever order they come.

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
fn what_was_paid_stays_paid_when_older_news_come_late() {
    let paid =
        Invoice { paid_at: Some(Timestamp::from_micros(5)), ..invoice(InvoiceState::Paid) };

    for late in [InvoiceState::Draft, InvoiceState::Open, InvoiceState::Uncollectible] {
        assert_eq!(paid.after(invoice(late)), paid);
    }
}

#[test]
fn news_keep_what_they_do_not_speak_of() {
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
fn a_state_is_its_word() {
    for state in InvoiceState::EVERY {
        assert_eq!(InvoiceState::parse(state.word()), Some(state));
    }
}

//! Billing, invoices, and the customers and messages of the payment provider.

use hallpass_domain::billing::{Billing, Card, Details, State};
use hallpass_domain::id::{InvoiceId, WorkspaceId};
use hallpass_domain::invoice::{Invoice, InvoiceState};
use hallpass_domain::time::Timestamp;
use hallpass_store::Error;
use hallpass_store::billing::payment::HeldEvent;

use crate::fixture::{Fixture, id, insert_workspace};
use crate::record::{read, write};

contract! {
    every: [
        a_workspace_without_billing_has_the_smallest_plan,
        billing_is_read_as_saved,
        billing_of_an_old_version_is_not_saved,
        an_invoice_is_inserted_once_and_updated,
        invoices_are_listed_latest_first,
        a_customer_belongs_to_one_workspace,
        a_message_is_inserted_once,
        a_held_event_is_ready_once_its_workspace_can_be_entered,
        a_payment_has_the_customer_that_was_stored_first,
        overdue_invoices_are_counted_but_for_one,
        billing_is_of_one_workspace,
    ],
    persistent: [],
}

pub(crate) fn full() -> Billing {
    Billing {
        plan: Some("agency".to_owned()),
        state: State::PastDue,
        renews_at: Some(Timestamp::from_micros(5)),
        details: Details {
            company: "Acme".to_owned(),
            address: "Main Street 1\nSpringfield".to_owned(),
            vat: "CHE-123".to_owned(),
        },
        card: Card::new("visa", "4242", 2030, 12),
        told_at: Some(Timestamp::from_micros(4)),
        resumes: Some(State::Trialing),
        subscription: Some("sub_1".to_owned()),
        version: 0,
    }
}

pub(crate) fn invoice(number: u128) -> Invoice {
    Invoice {
        id: InvoiceId(id(number)),
        external: format!("in_{number}"),
        number: format!("A-{number}"),
        amount: 1_250,
        currency: "eur".to_owned(),
        state: InvoiceState::Open,
        issued_at: Timestamp::from_micros(1),
        due_at: Some(Timestamp::from_micros(2)),
        paid_at: None,
        link: Some("https://pay.example.com".to_owned()),
    }
}

async fn a_workspace_without_billing_has_the_smallest_plan(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;

    let billing = read(&fixture, 1).await.billing().await.unwrap();

    assert_eq!(billing, Billing::default());
}

async fn billing_is_read_as_saved(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;

    for (version, billing) in (0..).zip([full(), Billing::default(), full()]) {
        let billing = Billing { version, ..billing };
        assert!(tx.save_billing(&billing).await.unwrap());
        let stored = tx.billing().await.unwrap();
        assert_eq!(stored, Billing { version: version + 1, ..billing });
    }
}

async fn billing_of_an_old_version_is_not_saved(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    assert!(tx.save_billing(&full()).await.unwrap());

    assert!(!tx.save_billing(&Billing::default()).await.unwrap());

    assert_eq!(tx.billing().await.unwrap(), Billing { version: 1, ..full() });
}

async fn an_invoice_is_inserted_once_and_updated(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    tx.invoices().upsert(&invoice(1)).await.unwrap();
    let paid = Invoice {
        state: InvoiceState::Paid,
        paid_at: Some(Timestamp::from_micros(9)),
        due_at: None,
        link: None,
        ..invoice(1)
    };

    tx.invoices().upsert(&paid).await.unwrap();

    assert_eq!(tx.invoices().find_by_external("in_1").await.unwrap(), Some(paid));
    assert_eq!(tx.invoices().find_by_external("in_2").await.unwrap(), None);
    assert_eq!(tx.invoices().count().await.unwrap(), 1);
    let again = Invoice { id: InvoiceId(id(7)), ..invoice(1) };
    let refusal = tx.invoices().upsert(&again).await;
    assert!(matches!(refusal, Err(Error::Conflict(_))), "{refusal:?}");
}

async fn invoices_are_listed_latest_first(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    for number in [2, 1, 3] {
        tx.invoices().upsert(&invoice(number)).await.unwrap();
    }

    let first = tx.invoices().list(None, 2).await.unwrap();
    let rest = tx.invoices().list(Some(InvoiceId(id(2))), 2).await.unwrap();

    assert_eq!((first, rest), (vec![invoice(3), invoice(2)], vec![invoice(1)]));
}

async fn a_customer_belongs_to_one_workspace(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();
    let (acme, other) = (WorkspaceId(id(1)), WorkspaceId(id(2)));

    assert_eq!(tx.payments().find_workspace("cus_1").await.unwrap(), None);
    assert!(tx.payments().insert_customer("cus_1", acme).await.unwrap());
    assert!(!tx.payments().insert_customer("cus_1", other).await.unwrap());
    assert!(tx.payments().insert_customer("cus_2", other).await.unwrap());

    assert_eq!(tx.payments().find_workspace("cus_1").await.unwrap(), Some(acme));
    assert_eq!(tx.payments().list_customers(other).await.unwrap(), ["cus_2"]);
    assert_eq!(tx.payments().delete_customers(other).await.unwrap(), 1);
    assert_eq!(tx.payments().find_workspace("cus_2").await.unwrap(), None);
}

async fn a_held_event_is_ready_once_its_workspace_can_be_entered(fixture: Fixture) {
    let held = |name: &str, customer: &str, checkout_of: Option<u128>| HeldEvent {
        id: name.to_owned(),
        customer: customer.to_owned(),
        checkout_of: checkout_of.map(|number| WorkspaceId(id(number))),
        created_at: Timestamp::from_micros(if name == "evt_1" { 9 } else { 1 }),
        body: "{}".to_owned(),
    };
    let now = Timestamp::from_micros(7);
    let (of_one, unknown) = (held("evt_1", "cus_1", None), held("evt_2", "cus_2", None));
    let checkout = held("evt_3", "cus_2", Some(1));
    let mut tx = fixture.db.write().await.unwrap();
    for event in [&of_one, &unknown, &checkout] {
        assert!(tx.payments().hold(event, now).await.unwrap());
        assert!(!tx.payments().hold(event, now).await.unwrap());
    }
    tx.payments().insert_customer("cus_1", WorkspaceId(id(1))).await.unwrap();
    assert_eq!(tx.payments().list_ready(9).await.unwrap(), []);
    tx.commit().await.unwrap();

    insert_workspace(&fixture.db, 1).await;

    let mut tx = fixture.db.write().await.unwrap();
    assert_eq!(tx.payments().list_ready(9).await.unwrap(), [checkout, of_one]);
    tx.payments().release("evt_3").await.unwrap();
    assert_eq!(tx.payments().delete_held_before(now).await.unwrap(), 0);
    assert_eq!(tx.payments().delete_held_before(Timestamp::from_micros(8)).await.unwrap(), 2);
}

async fn a_payment_has_the_customer_that_was_stored_first(fixture: Fixture) {
    let now = Timestamp::from_micros(7);
    let mut tx = fixture.db.write().await.unwrap();
    assert_eq!(tx.payments().find_customer("ch_1").await.unwrap(), None);
    tx.payments().insert_reference("ch_1", "cus_1", now).await.unwrap();
    tx.payments().insert_reference("ch_1", "cus_2", now).await.unwrap();

    assert_eq!(tx.payments().find_customer("ch_1").await.unwrap().as_deref(), Some("cus_1"));
    assert_eq!(tx.payments().delete_references_before(now).await.unwrap(), 0);
}

async fn overdue_invoices_are_counted_but_for_one(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = write(&fixture, 1).await;
    let paid = Invoice { state: InvoiceState::Paid, ..invoice(3) };
    for invoice in [invoice(1), invoice(2), paid] {
        tx.invoices().upsert(&invoice).await.unwrap();
    }
    let mut count = async |but: Option<u128>, at| {
        let but = but.map(|number| InvoiceId(id(number)));
        tx.invoices().count_overdue(but, Timestamp::from_micros(at)).await.unwrap()
    };

    assert_eq!(
        (count(None, 3).await, count(Some(2), 3).await, count(None, 2).await),
        (2, 1, 0)
    );
}

async fn a_message_is_inserted_once(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();

    assert!(tx.payments().insert_message("evt_1", Timestamp::from_micros(1)).await.unwrap());
    assert!(!tx.payments().insert_message("evt_1", Timestamp::from_micros(2)).await.unwrap());
    assert!(tx.payments().insert_message("evt_2", Timestamp::from_micros(2)).await.unwrap());
    tx.commit().await.unwrap();

    let mut tx = fixture.db.write().await.unwrap();
    assert!(!tx.payments().insert_message("evt_1", Timestamp::from_micros(3)).await.unwrap());
    assert_eq!(
        tx.payments().delete_messages_before(Timestamp::from_micros(2)).await.unwrap(),
        1
    );
    assert!(tx.payments().insert_message("evt_1", Timestamp::from_micros(3)).await.unwrap());
}

async fn billing_is_of_one_workspace(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
    let mut tx = write(&fixture, 1).await;
    tx.save_billing(&full()).await.unwrap();
    tx.invoices().upsert(&invoice(1)).await.unwrap();
    tx.commit().await.unwrap();

    let mut other = write(&fixture, 2).await;

    assert_eq!(other.billing().await.unwrap(), Billing::default());
    assert_eq!(other.invoices().count().await.unwrap(), 0);
    assert_eq!(other.invoices().find_by_external("in_1").await.unwrap(), None);
    other.invoices().upsert(&invoice(1)).await.unwrap();
}

//! The queue against a mailer that does what it is told, at times that it is told.

use std::collections::VecDeque;
use std::sync::Mutex;

use hallpass_domain::email::Email;
use hallpass_domain::id::{MailId, WorkspaceId};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_store::Options;
use hallpass_store::mail::{Delivery, MailState, QueuedMail};
use uuid::Uuid;

use super::*;
use crate::mailer::Sending;

const NOW: Timestamp = Timestamp(1_700_000_000_000_000);
const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));

/// Answers as it is told, and then takes everything.
#[derive(Default)]
struct Fake {
    answers: Mutex<VecDeque<Sent>>,
    sent: Mutex<Vec<String>>,
}

impl Mailer for Fake {
    fn send<'a>(&'a self, to: &'a Email, _: &'a MailTemplate) -> Sending<'a> {
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Ok(()));
        if answer.is_ok() {
            self.sent.lock().unwrap().push(to.to_string());
        }
        Box::pin(async { answer })
    }
}

/// Never answers.
struct Silent;

impl Mailer for Silent {
    fn send<'a>(&'a self, _: &'a Email, _: &'a MailTemplate) -> Sending<'a> {
        Box::pin(std::future::pending())
    }
}

struct App {
    db: Db,
    fake: Arc<Fake>,
}

impl App {
    async fn with(answers: impl IntoIterator<Item = Sent>) -> App {
        let db = Db::open(":memory:", &Options::default()).await.unwrap();
        let fake =
            Fake { answers: Mutex::new(answers.into_iter().collect()), ..Fake::default() };
        App { db, fake: Arc::new(fake) }
    }

    async fn queue(&self, number: u128) {
        let mail = QueuedMail {
            id: MailId(Uuid::from_u128(number)),
            workspace: Some(WORKSPACE),
            about: Some(format!("inv-{number}")),
            recipient: Email::parse(&format!("anna{number}@example.com")).unwrap(),
            mail_template: MailTemplate::AccountExists { first_name: "Anna".to_owned() },
            created_at: NOW,
        };
        let mut tx = self.db.write().await.unwrap();
        tx.mails().enqueue(&mail).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn round(&self, after: Span) -> DeliveryRound {
        let mailer: Arc<dyn Mailer> = self.fake.clone();
        deliver_due(&self.db, &mailer, NOW + after).await.unwrap()
    }

    async fn delivery(&self, number: u128) -> Delivery {
        let about = format!("inv-{number}");
        let mut tx = self.db.read().await.unwrap();
        let mut states = tx.mails().find_deliveries(WORKSPACE, &[&about]).await.unwrap();
        states.remove(&about).unwrap()
    }
}

fn busy() -> Sent {
    Err(MailError::temporary("try later"))
}

#[tokio::test]
async fn a_mail_is_sent_once() {
    let app = App::with([]).await;
    app.queue(1).await;

    assert_eq!(app.round(Span(0)).await, DeliveryRound { sent: 1, ..DeliveryRound::default() });
    assert_eq!(app.round(Span::days(1)).await, DeliveryRound::default());

    assert_eq!(*app.fake.sent.lock().unwrap(), ["anna1@example.com"]);
    let sent = Delivery { state: MailState::Sent, last_error: None };
    assert_eq!(app.delivery(1).await, sent);
}

#[tokio::test]
async fn a_server_that_fails_loses_no_mail() {
    let waits = [10, 60, 300, 1_800, 7_200, 21_600, 21_600].map(Span::seconds);
    let app = App::with(waits.map(|_| busy())).await;
    app.queue(1).await;

    let mut at = Span(0);
    for wait in waits {
        let just_before = Span(at.0 - 1);
        assert_eq!(app.round(just_before).await, DeliveryRound::default(), "{at:?}");
        assert_eq!(
            app.round(at).await,
            DeliveryRound { delayed: 1, ..DeliveryRound::default() },
            "{at:?}"
        );
        let told = app.delivery(1).await;
        assert_eq!(told.state, MailState::Queued);
        assert_eq!(told.last_error.as_deref(), Some("try later"));
        at = Span(at.0 + wait.0);
    }

    assert_eq!(app.round(at).await, DeliveryRound { sent: 1, ..DeliveryRound::default() });
}

#[tokio::test]
async fn after_five_days_a_mail_is_given_up() {
    let app = App::with(std::iter::repeat_with(busy).take(100)).await;
    app.queue(1).await;

    let mut tries = 0;
    let mut given_up = None;
    for hours in 0..200 {
        let round = app.round(Span::hours(hours)).await;
        tries += round.delayed + round.failed;
        given_up = given_up.or((round.failed > 0).then_some(hours));
    }

    let hours = given_up.unwrap();
    assert!((114..=120).contains(&hours), "{hours}");
    assert!(tries > 20, "{tries}");
    assert_eq!(app.delivery(1).await.state, MailState::Failed);
}

#[tokio::test]
async fn an_address_that_no_server_takes_is_given_up_at_once() {
    let app = App::with([Err(MailError::permanent("no such mailbox"))]).await;
    app.queue(1).await;

    assert_eq!(
        app.round(Span(0)).await,
        DeliveryRound { failed: 1, ..DeliveryRound::default() }
    );

    let told = app.delivery(1).await;
    assert_eq!(told.state, MailState::Failed);
    assert_eq!(told.last_error.as_deref(), Some("no such mailbox"));
}

#[tokio::test]
async fn a_round_is_bounded_and_says_whether_more_may_be_due() {
    let app = App::with([]).await;
    for number in 1..=11 {
        app.queue(number).await;
    }

    let (first, second) = (app.round(Span(0)).await, app.round(Span(0)).await);

    assert_eq!((first.sent, first.is_full()), (8, true));
    assert_eq!((second.sent, second.is_full()), (3, false));
}

#[tokio::test]
async fn a_mail_whose_sender_died_is_sent_by_the_next() {
    let app = App::with([]).await;
    app.queue(1).await;
    let mut tx = app.db.write().await.unwrap();
    tx.mails().lease_due(NOW, NOW + LEASE, BATCH).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(app.round(Span::minutes(9)).await.sent, 0);
    assert_eq!(app.round(LEASE).await.sent, 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_does_not_hold_up_the_round() {
    let app = App::with([]).await;
    app.queue(1).await;
    let mailer: Arc<dyn Mailer> = Arc::new(Silent);

    let round = deliver_due(&app.db, &mailer, NOW).await.unwrap();

    assert_eq!(round, DeliveryRound { delayed: 1, ..DeliveryRound::default() });
    let told = app.delivery(1).await.last_error.unwrap();
    assert_eq!(told, "the mail server took more than 60 seconds");
}

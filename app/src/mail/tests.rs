//! Delivers the queue with a scripted mailer at given times.

use std::collections::VecDeque;
use std::sync::Mutex;

use hallpass_domain::email::Email;
use hallpass_domain::id::{MailId, WorkspaceId};
use hallpass_domain::mail_template::{MailStyle, MailTemplate};
use hallpass_store::mail::{Delivery, MailState, QueuedMail};
use hallpass_store::{Db, Options};
use uuid::Uuid;

use super::*;
use crate::Rules;
use crate::environment::{SystemClock, SystemRandom};
use crate::hasher::HashCost;
use crate::mailer::Sending;

const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);
const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));

/// Gives the scripted answers, and then accepts everything.
#[derive(Default)]
struct Fake {
    answers: Mutex<VecDeque<Sent>>,
    sent: Mutex<Vec<String>>,
}

impl Mailer for Fake {
    fn send<'a>(&'a self, to: &'a Email, _: &'a MailTemplate, _: &'a MailStyle) -> Sending<'a> {
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
    fn send<'a>(&'a self, _: &'a Email, _: &'a MailTemplate, _: &'a MailStyle) -> Sending<'a> {
        Box::pin(std::future::pending())
    }
}

struct Queue {
    app: App,
    db: Db,
    fake: Arc<Fake>,
}

impl Queue {
    async fn with(answers: impl IntoIterator<Item = Sent>) -> Queue {
        Queue::on(&Options::default(), answers).await
    }

    async fn on(options: &Options, answers: impl IntoIterator<Item = Sent>) -> Queue {
        let db = Db::open(":memory:", options).await.unwrap();
        let fake =
            Fake { answers: Mutex::new(answers.into_iter().collect()), ..Fake::default() };
        let (random, clock) = (Arc::new(SystemRandom::default()), Arc::new(SystemClock));
        let app =
            App::with(db.clone(), Rules::default(), clock, random, HashCost::CHEAP).unwrap();
        Queue { app, db, fake: Arc::new(fake) }
    }

    async fn add(&self, number: u128) {
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

    async fn deliver(&self, after: Span) -> BatchOutcome {
        let mailer: Arc<dyn Mailer> = self.fake.clone();
        deliver_due(&self.app, &mailer, NOW + after).await.unwrap()
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
    let queue = Queue::with([]).await;
    queue.add(1).await;

    assert_eq!(
        queue.deliver(Span(0)).await,
        BatchOutcome { sent: 1, ..BatchOutcome::default() }
    );
    assert_eq!(queue.deliver(Span::days(1)).await, BatchOutcome::default());

    assert_eq!(*queue.fake.sent.lock().unwrap(), ["anna1@example.com"]);
    let sent = Delivery { state: MailState::Sent, last_error: None };
    assert_eq!(queue.delivery(1).await, sent);
}

#[tokio::test]
async fn temporary_failures_are_retried_with_growing_waits() {
    let waits = [10, 60, 300, 1_800, 7_200, 21_600, 21_600].map(Span::seconds);
    let queue = Queue::with(waits.map(|_| busy())).await;
    queue.add(1).await;

    let mut at = Span(0);
    for wait in waits {
        let just_before = Span(at.0 - 1);
        assert_eq!(queue.deliver(just_before).await, BatchOutcome::default(), "{at:?}");
        assert_eq!(
            queue.deliver(at).await,
            BatchOutcome { delayed: 1, ..BatchOutcome::default() },
            "{at:?}"
        );
        let delivery = queue.delivery(1).await;
        assert_eq!(delivery.state, MailState::Queued);
        assert_eq!(delivery.last_error.as_deref(), Some("try later"));
        at = Span(at.0 + wait.0);
    }

    assert_eq!(queue.deliver(at).await, BatchOutcome { sent: 1, ..BatchOutcome::default() });
}

#[tokio::test]
async fn a_mail_is_given_up_after_five_days() {
    let queue = Queue::with(std::iter::repeat_with(busy).take(100)).await;
    queue.add(1).await;

    let mut tries = 0;
    let mut given_up = None;
    for hours in 0..200 {
        let batch = queue.deliver(Span::hours(hours)).await;
        tries += batch.delayed + batch.failed;
        given_up = given_up.or((batch.failed > 0).then_some(hours));
    }

    let hours = given_up.unwrap();
    assert!((114..=120).contains(&hours), "{hours}");
    assert!(tries > 20, "{tries}");
    assert_eq!(queue.delivery(1).await.state, MailState::Failed);
}

#[tokio::test]
async fn a_permanent_failure_is_given_up_at_once() {
    let queue = Queue::with([Err(MailError::permanent("no such mailbox"))]).await;
    queue.add(1).await;

    assert_eq!(
        queue.deliver(Span(0)).await,
        BatchOutcome { failed: 1, ..BatchOutcome::default() }
    );

    let delivery = queue.delivery(1).await;
    assert_eq!(delivery.state, MailState::Failed);
    assert_eq!(delivery.last_error.as_deref(), Some("no such mailbox"));
}

#[tokio::test]
async fn a_batch_is_bounded_and_reports_whether_it_is_full() {
    let queue = Queue::with([]).await;
    for number in 1..=11 {
        queue.add(number).await;
    }

    let (first, second) = (queue.deliver(Span(0)).await, queue.deliver(Span(0)).await);

    assert_eq!((first.sent, first.is_full()), (8, true));
    assert_eq!((second.sent, second.is_full()), (3, false));
}

#[tokio::test]
async fn an_expired_lease_is_delivered_again() {
    let queue = Queue::with([]).await;
    queue.add(1).await;
    let mut tx = queue.db.write().await.unwrap();
    tx.mails().lease_due(NOW, NOW + LEASE, BATCH).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(queue.deliver(Span(LEASE.0 - 1)).await.sent, 0);
    assert_eq!(queue.deliver(LEASE).await.sent, 1);
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_times_out() {
    let queue = Queue::with([]).await;
    queue.add(1).await;
    let mailer: Arc<dyn Mailer> = Arc::new(Silent);

    let batch = deliver_due(&queue.app, &mailer, NOW).await.unwrap();

    assert_eq!(batch, BatchOutcome { delayed: 1, ..BatchOutcome::default() });
    let delivery = queue.delivery(1).await.last_error.unwrap();
    assert_eq!(delivery, "the mail server took more than 60 seconds");
}

#[tokio::test]
async fn a_process_that_stops_gives_back_what_it_has_not_sent() {
    let queue = Queue::with([]).await;
    queue.add(1).await;
    let mailer: Arc<dyn Mailer> = Arc::new(Silent);
    let delivery = deliver_due(&queue.app, &mailer, NOW);
    let ended = tokio::time::timeout(Duration::from_millis(50), delivery).await;
    assert!(ended.is_err(), "the mail is in delivery");
    assert_eq!(queue.deliver(Span::seconds(1)).await.sent, 0, "it is leased");

    queue.app.mails().release().await.unwrap();

    // Now is long after the time of the test.
    let mut tx = queue.db.read().await.unwrap();
    let row = tx.query_one("SELECT attempts, leased_until FROM mails", &[]).await.unwrap();
    assert_eq!((row.int("attempts").unwrap(), row.is_null("leased_until")), (0, true));
    drop(tx);
    let mailer: Arc<dyn Mailer> = queue.fake.clone();
    assert_eq!(queue.app.mails().deliver_due(&mailer).await.unwrap().sent, 1);
}

#[tokio::test]
async fn the_leases_of_a_killed_process_end_with_the_next_start() {
    let queue = Queue::with([]).await;
    queue.add(1).await;
    let mut tx = queue.db.write().await.unwrap();
    let now = queue.app.now();
    tx.mails().lease_due(now, now + LEASE, BATCH).await.unwrap();
    tx.commit().await.unwrap();
    let mailer: Arc<dyn Mailer> = queue.fake.clone();
    assert_eq!(queue.app.mails().deliver_due(&mailer).await.unwrap().sent, 0);

    queue.app.mails().release_all().await.unwrap();

    assert_eq!(queue.app.mails().deliver_due(&mailer).await.unwrap().sent, 1);
}

/// Keeps the only connection of the database for some time after it has sent.
struct Greedy(Db, Duration);

impl Mailer for Greedy {
    fn send<'a>(&'a self, _: &'a Email, _: &'a MailTemplate, _: &'a MailStyle) -> Sending<'a> {
        Box::pin(async {
            let (held, time) = (self.0.write().await.unwrap(), self.1);
            tokio::spawn(async move {
                let _ = tokio::time::timeout(time, std::future::pending::<()>()).await;
                drop(held);
            });
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_mail_whose_outcome_has_to_wait_is_sent_once() {
    let options = Options { wait: Duration::from_millis(30), ..Options::default() };
    let queue = Queue::on(&options, []).await;
    queue.add(1).await;
    let greedy: Arc<dyn Mailer> =
        Arc::new(Greedy(queue.db.clone(), Duration::from_millis(120)));

    let batch = deliver_due(&queue.app, &greedy, NOW).await.unwrap();

    assert_eq!(batch.sent, 1);
    let later = NOW + LEASE + LEASE;
    assert_eq!(deliver_due(&queue.app, &greedy, later).await.unwrap(), BatchOutcome::default());
}

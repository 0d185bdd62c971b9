//! The queue of mails: each is leased to one sender, and its secret goes with it.

use std::collections::BTreeSet;

use hallpass_domain::email::Email;
use hallpass_domain::id::{MailId, WorkspaceId};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::Db;
use hallpass_store::mail::queue::{MailCounts, MailFilter};
use hallpass_store::mail::{LeasedMail, MailState, QueuedMail};

use crate::fixture::{Fixture, id};

contract! {
    every: [
        a_mail_waits_until_its_transaction_is_committed,
        a_leased_mail_is_not_leased_again_until_the_lease_ends,
        mails_that_are_due_longest_are_leased_first,
        workspaces_and_recipients_take_turns,
        a_sent_or_failed_mail_is_not_leased_again,
        the_content_of_a_finished_mail_is_deleted,
        the_newest_mail_about_a_subject_has_its_delivery,
        a_mail_that_does_not_parse_does_not_block_others,
        an_error_of_a_mail_server_is_stored_in_one_line,
        the_queue_is_listed_without_what_mails_say,
        a_mail_that_is_being_sent_is_not_found_as_waiting,
    ],
    persistent: [two_nodes_never_lease_the_same_mail],
}

const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

fn at(seconds: i64) -> Timestamp {
    NOW + Span::seconds(seconds)
}

pub(crate) fn mail(number: u128) -> QueuedMail {
    QueuedMail {
        id: MailId(id(number)),
        workspace: Some(WorkspaceId(id(1))),
        about: Some(format!("about-{}", number % 10)),
        recipient: Email::parse("Anna@Example.com").unwrap(),
        mail_template: MailTemplate::PasswordReset {
            first_name: "Anna".to_owned(),
            token: format!("s3cret-{number}"),
        },
        created_at: NOW,
    }
}

async fn queue(db: &Db, mails: impl IntoIterator<Item = QueuedMail>) {
    let mut tx = db.write().await.unwrap();
    for mail in mails {
        tx.mails().enqueue(&mail).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn lease(db: &Db, seconds: i64, limit: i64) -> Vec<LeasedMail> {
    let mut tx = db.write().await.unwrap();
    let leased = tx.mails().lease_due(at(seconds), at(seconds + 60), limit).await.unwrap();
    tx.commit().await.unwrap();
    leased
}

fn numbers(leased: &[LeasedMail]) -> Vec<u128> {
    leased.iter().map(|mail| mail.id.0.as_u128()).collect()
}

async fn mark_sent(db: &Db, number: u128) {
    let mut tx = db.write().await.unwrap();
    tx.mails().mark_sent(MailId(id(number)), at(5)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn mark_failed(db: &Db, number: u128, again_at: Option<Timestamp>, error: &str) {
    let mut tx = db.write().await.unwrap();
    tx.mails().mark_failed(MailId(id(number)), again_at, error).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_mail_waits_until_its_transaction_is_committed(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();
    tx.mails().enqueue(&mail(1)).await.unwrap();
    drop(tx);
    assert!(lease(&fixture.db, 0, 10).await.is_empty());

    queue(&fixture.db, [mail(1)]).await;

    let leased = lease(&fixture.db, 0, 10).await;
    let (recipient, mail_template) = leased[0].content.as_ref().unwrap();
    assert_eq!((leased[0].attempts, leased[0].created_at), (1, NOW));
    assert_eq!(recipient.as_str(), "Anna@Example.com");
    assert_eq!(*mail_template, mail(1).mail_template);
}

async fn a_leased_mail_is_not_leased_again_until_the_lease_ends(fixture: Fixture) {
    queue(&fixture.db, [mail(1)]).await;

    assert_eq!(numbers(&lease(&fixture.db, 0, 10).await), [1]);
    assert!(lease(&fixture.db, 59, 10).await.is_empty());

    let again = lease(&fixture.db, 60, 10).await;
    assert_eq!((numbers(&again), again[0].attempts), (vec![1], 2));
}

async fn mails_that_are_due_longest_are_leased_first(fixture: Fixture) {
    let mut late = mail(1);
    late.created_at = at(1);
    queue(&fixture.db, [late, mail(2), mail(3)]).await;

    assert_eq!(numbers(&lease(&fixture.db, 5, 2).await), [2, 3]);
    assert_eq!(numbers(&lease(&fixture.db, 5, 2).await), [1]);
}

async fn workspaces_and_recipients_take_turns(fixture: Fixture) {
    let of = |number: u128, workspace: Option<u128>, recipient: &str| {
        let mut mail = mail(number);
        mail.workspace = workspace.map(|number| WorkspaceId(id(number)));
        mail.recipient = Email::parse(recipient).unwrap();
        mail
    };
    let flood =
        (1..=500).map(|number| of(number, Some(1), &format!("guest{number}@example.com")));
    let resets = (601..=620).map(|number| of(number, None, "anna@example.com"));
    queue(&fixture.db, flood).await;
    queue(&fixture.db, resets).await;
    let last = [of(701, None, "ben@example.com"), of(702, Some(2), "cleo@example.com")];
    queue(&fixture.db, last).await;

    assert_eq!(numbers(&lease(&fixture.db, 5, 4).await), [1, 601, 701, 702]);
    assert_eq!(numbers(&lease(&fixture.db, 5, 4).await), [2, 602, 3, 603]);
    let mut tx = fixture.db.read().await.unwrap();
    let count = tx.query("SELECT COUNT(*) AS n FROM mails WHERE workspace_id IS NOT NULL", &[]);
    assert_eq!(count.await.unwrap()[0].int(0).unwrap(), 501);
    drop(tx);
    let mut tx = fixture.db.write().await.unwrap();
    let workspace = WorkspaceId(id(1));
    assert_eq!(tx.mails().count_since(workspace, at(-1)).await.unwrap(), 500);
    assert_eq!(tx.mails().count_since(workspace, at(0)).await.unwrap(), 0);
}

async fn a_sent_or_failed_mail_is_not_leased_again(fixture: Fixture) {
    queue(&fixture.db, [mail(1), mail(2), mail(3)]).await;
    lease(&fixture.db, 0, 10).await;

    mark_sent(&fixture.db, 1).await;
    mark_failed(&fixture.db, 1, Some(at(1)), "too late: it was sent").await;
    mark_failed(&fixture.db, 2, None, "no such mailbox").await;
    mark_failed(&fixture.db, 3, Some(at(10)), "try later").await;

    assert!(lease(&fixture.db, 9, 10).await.is_empty());
    assert_eq!(numbers(&lease(&fixture.db, 1_000, 10).await), [3]);
}

async fn the_content_of_a_finished_mail_is_deleted(fixture: Fixture) {
    queue(&fixture.db, [mail(1), mail(2), mail(3)]).await;
    mark_sent(&fixture.db, 1).await;
    mark_failed(&fixture.db, 2, None, "no such mailbox").await;

    let mut tx = fixture.db.read().await.unwrap();
    let rows = tx.query("SELECT letter FROM mails ORDER BY id", &[]).await.unwrap();

    assert!(rows[0].is_null(0) && rows[1].is_null(0));
    assert!(rows[2].text(0).unwrap().contains("s3cret-3"));
}

async fn the_newest_mail_about_a_subject_has_its_delivery(fixture: Fixture) {
    let mut elsewhere = mail(33);
    elsewhere.workspace = Some(WorkspaceId(id(2)));
    queue(&fixture.db, [mail(1), mail(2), mail(3), mail(11), elsewhere]).await;
    mark_failed(&fixture.db, 1, None, "no such mailbox").await;
    mark_sent(&fixture.db, 2).await;
    mark_failed(&fixture.db, 3, Some(at(10)), "try later").await;

    let about = ["about-1", "about-2", "about-3", "about-4"];
    let mut tx = fixture.db.read().await.unwrap();
    let states = tx.mails().find_deliveries(WorkspaceId(id(1)), &about).await.unwrap();
    let of =
        |about: &str| states.get(about).map(|found| (found.state, found.last_error.as_deref()));

    assert_eq!(of("about-1"), Some((MailState::Queued, None)), "it was sent again");
    assert_eq!(of("about-2"), Some((MailState::Sent, None)));
    assert_eq!(of("about-3"), Some((MailState::Queued, Some("try later"))));
    assert_eq!(of("about-4"), None);
    let none = tx.mails().find_deliveries(WorkspaceId(id(1)), &[]).await.unwrap();
    assert!(none.is_empty());
}

async fn a_mail_that_does_not_parse_does_not_block_others(fixture: Fixture) {
    queue(&fixture.db, [mail(1), mail(2)]).await;
    let mut tx = fixture.db.write().await.unwrap();
    let sql = "UPDATE mails SET letter = ?2 WHERE id = ?1";
    tx.execute(sql, &[id(1).into(), r#"{"kind":"of_tomorrow"}"#.into()]).await.unwrap();
    tx.commit().await.unwrap();

    let leased = lease(&fixture.db, 0, 10).await;

    assert_eq!(numbers(&leased), [1, 2]);
    assert!(leased[0].content.is_err() && leased[1].content.is_ok());
}

async fn an_error_of_a_mail_server_is_stored_in_one_line(fixture: Fixture) {
    queue(&fixture.db, [mail(1)]).await;

    let error = format!("550\0 no\r\nsuch mailbox {}", "x".repeat(1_000));
    mark_failed(&fixture.db, 1, None, &error).await;

    let mut tx = fixture.db.read().await.unwrap();
    let states = tx.mails().find_deliveries(WorkspaceId(id(1)), &["about-1"]).await.unwrap();
    let stored = states["about-1"].last_error.clone().unwrap();
    assert!(stored.starts_with("550  no  such mailbox x"), "{stored}");
    assert_eq!(stored.len(), 500);
}

async fn the_queue_is_listed_without_what_mails_say(fixture: Fixture) {
    queue(&fixture.db, [mail(1), mail(2), mail(3)]).await;
    mark_failed(&fixture.db, 2, Some(at(60)), "later").await;
    mark_failed(&fixture.db, 3, None, "never").await;

    let mut tx = fixture.db.read().await.unwrap();
    let mut list = async |filter, below| {
        let found = tx.mails().list(filter, below, 9).await.unwrap();
        assert!(!format!("{found:?}").contains("s3cret"), "{found:?}");
        assert!(found.iter().all(|one| one.kind.as_deref() == Some("password_reset")));
        found.iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(list(MailFilter::Queued, None).await, [2, 1]);
    assert_eq!(list(MailFilter::Queued, Some(MailId(id(2)))).await, [1]);
    assert_eq!(list(MailFilter::Retried, None).await, [2]);
    assert_eq!(list(MailFilter::Failed, None).await, [3]);
    let counts = tx.mails().count().await.unwrap();
    let expected = MailCounts { queued: 2, retried: 1, failed: 1, oldest: Some(NOW) };
    assert_eq!(counts, expected);
}

async fn a_mail_that_is_being_sent_is_not_found_as_waiting(fixture: Fixture) {
    queue(&fixture.db, [mail(1)]).await;
    let is_waiting = async |seconds| {
        let mut tx = fixture.db.write().await.unwrap();
        let found = tx.mails().find_waiting_for_update(MailId(id(1)), at(seconds)).await;
        found.unwrap().is_some()
    };
    assert!(is_waiting(0).await);
    assert_eq!(numbers(&lease(&fixture.db, 0, 1).await), [1]);

    assert!(!is_waiting(59).await, "a sender has it");
    assert!(is_waiting(60).await, "the sender has vanished");
    mark_failed(&fixture.db, 1, Some(at(600)), "later").await;
    assert!(is_waiting(1).await);
    assert_eq!(numbers(&lease(&fixture.db, 60, 1).await), []);
    let mut tx = fixture.db.write().await.unwrap();
    tx.mails().make_due(MailId(id(1)), at(60)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(numbers(&lease(&fixture.db, 60, 1).await), [1]);
    mark_sent(&fixture.db, 1).await;
    assert!(!is_waiting(9_999).await, "it is sent");
}

async fn two_nodes_never_lease_the_same_mail(fixture: Fixture) {
    queue(&fixture.db, (1..=60).map(mail)).await;
    let node = || {
        let db = fixture.db.clone();
        tokio::spawn(async move {
            let mut taken = Vec::new();
            loop {
                let some = lease(&db, 0, 7).await;
                if some.is_empty() {
                    return taken;
                }
                taken.extend(numbers(&some));
            }
        })
    };

    let (one, other) = (node(), node());
    let mut taken = one.await.unwrap();
    taken.extend(other.await.unwrap());
    taken.extend(numbers(&lease(&fixture.db, 0, 100).await));

    assert_eq!(taken.len(), 60);
    assert_eq!(taken.into_iter().collect::<BTreeSet<_>>(), (1..=60).collect());
}

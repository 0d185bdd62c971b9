//! A clock that was a year ahead: what was planned then does not wait for a year once the clock is right.

use std::sync::Arc;

use hallpass_app::job::log::Job;
use hallpass_app::mailer::Mailer;
use hallpass_app::operation::Operator;
use hallpass_app::origin::Origin;
use hallpass_app::{App, Error};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Span;
use hallpass_testkit::TestDatabase;

use crate::jobs::Fake;
use crate::test_server::{PASSWORD, TestServer};

/// How many items the last run of a job has handled.
async fn run(app: &App, job: Job, mailer: &Arc<dyn Mailer>) -> u64 {
    let before = app.jobs().last(job).and_then(|run| run.handled);
    job.run(app, mailer).await;
    let run = app.jobs().last(job).unwrap();
    assert_eq!(run.error, None, "{job:?}");
    run.handled.filter(|after| Some(*after) != before).map_or(0, |(n, _)| n)
}

/// For how many seconds signing in has to wait; none when it succeeds.
async fn wait_to_sign_in(app: &App, password: &str) -> Option<i64> {
    let signed_in =
        app.sessions().sign_in("anna@example.com", password, None, &Origin::default()).await;
    match signed_in {
        Err(Error::Refused(Refusal::TooMany { seconds })) => Some(seconds),
        Ok(_) | Err(Error::Refused(Refusal::BadCredentials)) => None,
        Err(error) => panic!("{error}"),
    }
}

async fn check(database: TestDatabase) {
    let server = TestServer::on(database).await;
    let sends: Arc<dyn Mailer> = Arc::new(Fake(true));
    let fails: Arc<dyn Mailer> = Arc::new(Fake(false));
    let (right, clock) = server.beside_with_a_clock();
    let year = Span::days(365);

    server.clock.advance(year);
    let anna = server.sign_up("anna@example.com").await;
    let workspace = server.found(&anna, "harmonia", "acme").await;
    server.app.workspaces().delete_as(&Operator::default(), "acme", "acme").await.unwrap();
    for _ in 0..5 {
        assert_eq!(wait_to_sign_in(&server.app, "a wrong password").await, None);
    }

    // The control: without the job, everything waits.
    assert_eq!(run(&right, Job::DeliverMail, &sends).await, 0);
    let wait = wait_to_sign_in(&right, PASSWORD).await;
    assert!(wait.is_some_and(|seconds| seconds > 360 * 86_400), "{wait:?}");
    let exists = async || {
        let mut tx = right.db().read().await.unwrap();
        tx.workspaces().find(workspace).await.unwrap().is_some()
    };
    clock.advance(Span::days(40));
    assert_eq!(run(&right, Job::PurgeWorkspaces, &sends).await, 0);
    assert!(exists().await);

    let sessions = async || {
        let mut tx = right.db().read().await.unwrap();
        tx.query_one("SELECT COUNT(*) AS n FROM sessions", &[]).await.unwrap().int("n").unwrap()
    };
    assert!(sessions().await > 0, "one that began while the clock was ahead");

    assert!(run(&right, Job::BringBackTimes, &sends).await > 3);

    assert_eq!(sessions().await, 0, "its sign-in would be recent for a year");

    clock.advance(Span::seconds(2));
    assert_eq!(wait_to_sign_in(&right, PASSWORD).await, None);
    // What is planned for a time that is near stays: a mail that is tried again.
    assert_eq!(run(&right, Job::DeliverMail, &fails).await, 0);
    assert_eq!(run(&right, Job::BringBackTimes, &sends).await, 0);
    assert_eq!(run(&right, Job::DeliverMail, &sends).await, 0);
    clock.advance(Span::minutes(1));
    assert!(run(&right, Job::DeliverMail, &sends).await > 0);
    // The workspace is kept for as long as one that is deleted now.
    clock.advance(Span::days(29));
    assert_eq!(run(&right, Job::PurgeWorkspaces, &sends).await, 0);
    clock.advance(Span::days(2));
    assert_eq!(run(&right, Job::PurgeWorkspaces, &sends).await, 1);
    assert!(!exists().await);
}

#[tokio::test]
async fn what_was_planned_while_a_clock_was_ahead_does_not_wait_on_sqlite() {
    check(TestDatabase::folder()).await;
}

#[tokio::test]
async fn what_was_planned_while_a_clock_was_ahead_does_not_wait_on_postgres() {
    check(TestDatabase::server().await).await;
}

/// More than one transaction brings back.
#[tokio::test]
async fn times_of_many_rows_are_brought_back() {
    let server = TestServer::on(TestDatabase::folder()).await;
    let sends: Arc<dyn Mailer> = Arc::new(Fake(true));
    let far = i64::MAX / 2;
    let mut tx = server.app.db().write().await.unwrap();
    for n in 0..1_234 {
        let sql = "INSERT INTO attempts (subject, failures, last_at) VALUES (?1, 1, ?2)";
        tx.execute(sql, &[format!("subject {n}").into(), far.into()]).await.unwrap();
    }
    tx.commit().await.unwrap();

    assert_eq!(run(&server.app, Job::BringBackTimes, &sends).await, 1_234);
    assert_eq!(run(&server.app, Job::BringBackTimes, &sends).await, 0);
}

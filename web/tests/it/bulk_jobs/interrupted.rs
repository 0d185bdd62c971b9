//! Batches that are interrupted, and several processes: each batch happens once.

use std::time::Duration;

use hallpass_app::App;
use hallpass_domain::time::Span;
use hallpass_testkit::test_size::first_seed;
use hallpass_testkit::{Rng, TestServer};

use super::{Crowd, MANY};

#[tokio::test]
async fn a_batch_that_is_cut_off_happens_once() {
    let server = TestServer::on_file().await;
    let crowd = Crowd::on(&server).await;
    let id = crowd.start().await;
    let mut rng = Rng::new(first_seed(14));
    let mut cut = 0;

    // The future of a batch is dropped after some time, as the end of a process would drop it: later each
    // time, so that the first ones end early on every machine.
    for longest in (1..=60).map(|round| 500 * round) {
        server.clock.advance(Span::seconds(3));
        let micros = u64::try_from(rng.below(longest)).unwrap();
        let work = server.app.bulk_work();
        let run = tokio::time::timeout(Duration::from_micros(micros), work.run_next()).await;
        cut += usize::from(run.is_err());
        // A commit that has begun goes on without its future; until its end, a reading finds what was before.
        drop(server.app.db().write().await.unwrap());
        let job = crowd.job(&id).await;
        crowd.check(job.body["done"].as_i64().unwrap()).await;
    }
    server.run_batches().await;

    assert!(cut > 5, "{cut} batches were cut off");
    let job = crowd.job(&id).await;
    assert_eq!(
        (job.text("state"), job.body["done"].as_u64()),
        ("done".into(), Some(MANY as u64))
    );
    crowd.check(i64::try_from(MANY).unwrap()).await;
}

/// Two processes on one database share the batches of a job.
async fn share(server: TestServer) {
    let crowd = Crowd::on(&server).await;
    let id = crowd.start().await;
    let other = server.another().await;
    let run = async |app: &App| {
        let mut records = 0;
        for _ in 0..60 {
            server.clock.advance(Span::seconds(1));
            records += app.bulk_work().run_next().await.unwrap().unwrap_or(0);
            tokio::task::yield_now().await;
        }
        records
    };

    let (one, two) = tokio::join!(run(&server.app), run(&other));
    let rest = server.run_batches().await;

    assert_eq!(one + two + rest, i64::try_from(MANY).unwrap(), "{one}, {two}, {rest}");
    let job = crowd.job(&id).await;
    assert_eq!(
        (job.text("state"), job.body["done"].as_u64()),
        ("done".into(), Some(MANY as u64))
    );
    crowd.check(i64::try_from(MANY).unwrap()).await;
}

#[tokio::test]
async fn two_processes_run_each_batch_once_on_sqlite() {
    share(TestServer::on_file().await).await;
}

#[tokio::test]
async fn two_processes_run_each_batch_once_on_postgres() {
    share(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn workspaces_take_turns() {
    let server = TestServer::in_memory().await;
    let crowd = Crowd::on(&server).await;
    let other = server.found_as("eve", "standard", "other").await;
    let max = other.join("max", serde_json::json!({"role": "member"})).await;
    other.fill("contacts", &max.id, MANY).await;
    let first = crowd.start().await;
    let ask = serde_json::json!({"from": max.id, "to": "unowned"});
    let second = other.anna.post("/reassignments", ask).await.expect(202).id();

    // Two jobs here get no more than one there.
    let third = crowd.start().await;
    for _ in 0..4 {
        server.run_batch().await.unwrap();
    }

    let here = crowd.job(&first).await.body["done"].as_i64().unwrap();
    let there = other.anna.get(&format!("/bulk-jobs/{second}")).await.expect(200);
    let there = there.body["done"].as_i64().unwrap();
    assert!(here > 0 && there > 0, "{here} here, {there} there");
    assert_eq!(crowd.job(&third).await.body["done"], 0);
    server.run_batches().await;
    assert_eq!(crowd.job(&third).await.text("state"), "done");
}

//! Exports that are interrupted, and several processes: the file is whole, and each record or entry is in it once.

use std::time::Duration;

use hallpass_app::App;
use hallpass_domain::time::Span;
use hallpass_testkit::test_size::first_seed;
use hallpass_testkit::{Person, Rng, TestServer, TestWorkspace};

use super::audit::log;
use super::{ask_for, download, filled, load};

/// The paths of exports: of records, and of the audit log up to now.
async fn paths(workspace: &TestWorkspace<'_>) -> [String; 2] {
    let until = log(workspace, 50).await;
    ["/records/contacts/export".to_owned(), format!("/audit/export?to={until}")]
}

async fn cut_off(server: TestServer) {
    let (workspace, _) = filled(&server).await;
    for path in paths(&workspace).await {
        cut_off_one(&server, &workspace.anna, &path).await;
    }
}

async fn cut_off_one(server: &TestServer, anna: &Person, path: &str) {
    let direct = anna.get(path).await.expect(200).text;
    let id = ask_for(anna, path).await;
    let mut rng = Rng::new(first_seed(43));
    let (mut cut, mut done) = (0, 0);

    // The future of a batch is dropped after some time, as the end of a process would drop it.
    for longest in (1..=40).map(|round| 400 * round) {
        server.clock.advance(Span::seconds(3));
        let micros = u64::try_from(rng.below(longest)).unwrap();
        let work = server.app.bulk_work();
        let run = tokio::time::timeout(Duration::from_micros(micros), work.run_next()).await;
        cut += usize::from(run.is_err());
        // A commit that has begun goes on without its future.
        drop(server.app.db().write().await.unwrap());
        let now = load(anna, &id).await.body["done"].as_i64().unwrap();
        assert!(now >= done, "{now} after {done}");
        done = now;
    }
    server.run_batches().await;

    assert!(cut > 3, "{cut} batches of {path} were cut off");
    assert_eq!(download(anna, &id).await.expect(200).text, direct);
}

#[tokio::test]
async fn an_export_that_is_cut_off_goes_on_and_is_whole_on_sqlite() {
    cut_off(TestServer::on_file().await).await;
}

#[tokio::test]
async fn an_export_that_is_cut_off_goes_on_and_is_whole_on_postgres() {
    cut_off(TestServer::on_postgres().await).await;
}

/// Two servers on one database prepare a file together, and each gives it out.
async fn share(server: TestServer) {
    let (workspace, _) = filled(&server).await;
    for path in paths(&workspace).await {
        share_one(&server, &workspace.anna, &path).await;
    }
}

async fn share_one(server: &TestServer, anna: &Person, path: &str) {
    let direct = anna.get(path).await.expect(200).text;
    let id = ask_for(anna, path).await;
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
    server.run_batches().await;

    let done = load(anna, &id).await;
    assert_eq!(done.body["done"].as_i64(), Some(one + two), "{one} and {two}");
    assert_eq!(download(anna, &id).await.expect(200).text, direct);
    let second = server.with_session_at(other, anna);
    assert_eq!(download(&second, &id).await.expect(200).text, direct);
}

#[tokio::test]
async fn two_servers_prepare_and_serve_a_file_on_sqlite() {
    share(TestServer::on_file().await).await;
}

#[tokio::test]
async fn two_servers_prepare_and_serve_a_file_on_postgres() {
    share(TestServer::on_postgres().await).await;
}

//! The access matrix: the status of every route for a client without a session, a member of another
//! workspace, a member without permissions, an admin and the holder of the top role, with everything
//! else in the request valid.
//!
//! `HALLPASS_REWRITE=1 cargo test -p hallpass-web --test it routes::matrix` rewrites the table, which
//! is reviewed like code.

use std::fmt::Write;

use hallpass_app::Rules;
use hallpass_testkit::{Person, TestDatabase, TestServer};

use super::book::{self, Route};
use super::scene::Scene;

const CALLERS: [&str; 5] = ["anonymous", "stranger", "plain", "admin", "top"];

/// A second server on a copy of the database.
async fn copied(from: &TestServer) -> TestServer {
    from.app.db().checkpoint().await.unwrap();
    let database = TestDatabase::folder();
    std::fs::copy(from.database.location(), database.location()).unwrap();
    TestServer::on(database, Rules::default()).await
}

fn callers(scene: &Scene) -> [&Person; 5] {
    [&scene.anonymous, &scene.eve, &scene.plain, &scene.admin, &scene.anna]
}

/// The statuses of a route for each caller. After a change the next caller gets a new copy.
async fn row(
    scene: &Scene,
    server: &TestServer,
    now: &mut TestServer,
    route: &Route,
) -> [u16; 5] {
    let mut statuses = [0; 5];
    for (place, principal) in callers(scene).into_iter().enumerate() {
        let person = now.with_session_of(principal);
        let answer = scene.ask(&person, route).await;
        statuses[place] = answer.status;
        if answer.code() == "denied" {
            let detail = answer.body["detail"].as_str().unwrap_or_default();
            assert!(is_sentence(detail), "{}: {detail}", route.name());
        }
        if answer.status < 300 && route.method != "GET" {
            *now = copied(server).await;
        }
    }
    statuses
}

/// Whether the reason of a denial is a sentence for a customer: who cannot do what, and why, without
/// keys, ids and permission strings.
fn is_sentence(detail: &str) -> bool {
    let is_named = |word: &str| !word.contains(['_', '`', '"']);
    let is_permission = |word: &str| {
        let word = word.trim_end_matches(':');
        word.contains(':')
    };
    let has_reason = [" cannot ", "no member may", "only the operator"];
    has_reason.iter().any(|part| detail.contains(part))
        && detail.split(' ').all(|word| is_named(word) && !is_permission(word))
}

#[test]
fn a_permission_string_is_no_sentence() {
    assert!(is_sentence("Ben cannot invite people: the role User does not include it"));
    for detail in ["Ben lacks team:create", "Ben cannot read mbr_1: no grant", "denied"] {
        assert!(!is_sentence(detail), "{detail}");
    }
}

fn table(rows: &[(String, [u16; 5])]) -> String {
    let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap();
    let mut text = format!("{:widest$}", "");
    for principal in CALLERS {
        write!(text, "  {principal:>9}").unwrap();
    }
    text.push('\n');
    for (name, statuses) in rows {
        write!(text, "{name:widest$}").unwrap();
        for status in statuses {
            write!(text, "  {status:>9}").unwrap();
        }
        text.push('\n');
    }
    text
}

#[tokio::test]
async fn every_route_returns_the_statuses_of_the_access_matrix() {
    let server = TestServer::on_file().await;
    let scene = Scene::on(&server).await;
    let (mut rows, mut now) = (Vec::new(), copied(&server).await);
    for route in book::every() {
        rows.push((route.name(), row(&scene, &server, &mut now, &route).await));
    }

    let found = table(&rows);

    let path = format!("{}/tests/it/routes/matrix.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("HALLPASS_REWRITE").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (golden, found) in golden.lines().zip(found.lines()) {
        assert_eq!(golden, found, "`{path}` differs");
    }
    assert_eq!(golden, found, "`{path}` does not list every route");
}

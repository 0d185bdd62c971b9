//! The scopes of an API key on every route: what they do not include is refused, by whatever route.

use hallpass_app::Rules;
use hallpass_testkit::{Person, TestDatabase, TestServer};
use serde_json::json;

use super::book::{self, Route};
use super::preconditions::only_reads;
use super::scene::{Scene, census};

/// The routes of a workspace.
fn of_workspace() -> Vec<Route> {
    let routes =
        book::every().into_iter().filter(|route| route.path.contains("/workspaces/{ws}"));
    let routes: Vec<Route> = routes.filter(|route| route.path.starts_with("/api/")).collect();
    assert!(routes.len() > 80, "{} routes", routes.len());
    routes
}

/// A program with a key of Anna, who may do everything.
async fn program(scene: &Scene, scopes: Option<&[&str]>) -> Person {
    let body = json!({"name": "Program", "scopes": scopes});
    let key = scene.anna.post("/api-keys", body).await.expect(201).text("key");
    scene.anna.with_api_key(&key)
}

/// A key whose scopes include nothing: the record type that they name is gone, as it may be in a database
/// of an earlier version.
async fn without_scopes(server: &TestServer, scene: &Scene) -> Person {
    let program = program(scene, Some(&["contacts:*"])).await;
    let _ = program.get("/records/contacts").await.expect(200);
    let mut tx = server.app.db().write().await.unwrap();
    let gone = "UPDATE api_keys SET scopes = ?1 WHERE scopes = ?2";
    let changed = tx.execute(gone, &["boats:*".into(), "contacts:*".into()]).await.unwrap();
    assert_eq!(changed, 1);
    tx.commit().await.unwrap();
    program
}

#[tokio::test]
async fn a_key_whose_scopes_include_nothing_is_refused_by_every_route() {
    let server = TestServer::on(TestDatabase::folder(), Rules::default()).await;
    let scene = Scene::on(&server).await;
    let program = without_scopes(&server, &scene).await;
    let before = census(&server).await;
    let mut by_scope = 0;

    for route in of_workspace() {
        let name = route.name();
        let answer = scene.ask(&program, &route).await;
        // The workspace is not deleted.
        if name == "POST /workspaces/{ws}/restore" {
            answer.refused(404, "not_found");
            continue;
        }
        let codes = ["insufficient_scope", "not_by_key"];
        assert!(
            answer.status == 403 && codes.contains(&answer.code()),
            "{name}: {} {}",
            answer.status,
            answer.text
        );
        by_scope += usize::from(answer.code() == "insufficient_scope");
        assert_eq!(census(&server).await, before, "{name} has written");
    }

    assert!(by_scope > 70, "{by_scope} routes were refused by the scopes");
}

#[tokio::test]
async fn a_key_that_reads_only_changes_nothing_by_any_route() {
    let server = TestServer::on(TestDatabase::folder(), Rules::default()).await;
    let scene = Scene::on(&server).await;
    let program = program(&scene, Some(&["*:read"])).await;
    let (mut read, mut refused) = (0, 0);

    for route in of_workspace() {
        let name = route.name();
        let before = census(&server).await;
        let answer = scene.ask(&program, &route).await;
        // An export is in the audit log.
        if only_reads(&route) {
            read += usize::from(answer.status == 200);
            continue;
        }
        if name == "POST /workspaces/{ws}/restore" {
            answer.refused(404, "not_found");
            continue;
        }
        // Who may read records may prepare an export of them; that of the audit log is a right of its own.
        if name == "POST /workspaces/{ws}/records/{entity}/export" {
            let _ = answer.expect(202);
            continue;
        }
        assert_eq!(census(&server).await, before, "{name}: {} {}", answer.status, answer.text);
        // A key has no exports but its own, which it may delete.
        if name == "DELETE /workspaces/{ws}/exports/{id}" {
            answer.refused(404, "not_found");
            continue;
        }
        let codes = ["insufficient_scope", "not_by_key", "grant_ceiling"];
        assert!(
            answer.status == 403 && codes.contains(&answer.code()),
            "{name}: {} {}",
            answer.status,
            answer.text
        );
        refused += usize::from(answer.code() == "insufficient_scope");
    }

    assert!(read > 35 && refused > 40, "{read} read, {refused} refused");
}

#[tokio::test]
async fn scopes_that_include_everything_change_nothing() {
    let server = TestServer::on(TestDatabase::folder(), Rules::default()).await;
    let scene = Scene::on(&server).await;
    let (whole, every) = (program(&scene, None).await, program(&scene, Some(&["*:*"])).await);
    let mut read = 0;

    for route in of_workspace().into_iter().filter(only_reads) {
        let (one, other) = (scene.ask(&whole, &route).await, scene.ask(&every, &route).await);
        assert_eq!((one.status, one.code()), (other.status, other.code()), "{}", route.name());
        read += usize::from(one.status == 200);
    }

    assert!(read > 40, "{read} routes");
}

/// What a page of permissions names, as scopes.
fn named(page: &hallpass_testkit::Answer) -> Vec<String> {
    let word = |item: &serde_json::Value, key: &str| item[key].as_str().unwrap().to_owned();
    let items = page.items().iter();
    items.map(|item| format!("{}:{}", word(item, "resource"), word(item, "action"))).collect()
}

#[tokio::test]
async fn a_key_for_one_action_has_that_action_alone() {
    let server = TestServer::on(TestDatabase::folder(), Rules::default()).await;
    let scene = Scene::on(&server).await;
    let path = format!("/members/{}/access", scene.anna.id);
    let held = named(&scene.anna.get(&path).await.expect(200));
    assert!(held.len() > 40, "{held:?}");
    let mut alone = 0;

    for permission in &held {
        let program = program(&scene, Some(&[permission])).await;
        let has = named(&program.get(&path).await.expect(200));
        assert!(has.iter().all(|one| one == permission), "{permission}: {has:?}");
        alone += has.len();
    }

    assert!(alone > 30, "{alone} have an action without reading");
}

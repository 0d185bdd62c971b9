//! A session that views the workspace as another member changes nothing, by whatever route.

use hallpass_app::Rules;
use hallpass_store::Value as Bound;
use hallpass_testkit::{TestDatabase, TestServer};
use serde_json::json;

use super::book;
use super::scene::Scene;

/// The routes that change nothing, although they are no `GET`, and the one that ends the view.
const HARMLESS: [&str; 9] = [
    "POST /workspaces/{ws}/access/check",
    "POST /workspaces/{ws}/access/compare",
    "POST /workspaces/{ws}/access/explain",
    "POST /workspaces/{ws}/access/preview",
    "POST /workspaces/{ws}/access/what",
    "POST /workspaces/{ws}/access/who",
    "POST /workspaces/{ws}/blueprint/compare",
    "POST /workspaces/{ws}/records/{entity}/import",
    "DELETE /workspaces/{ws}/view",
];

/// How many changes the audit logs have.
async fn done(server: &TestServer) -> i64 {
    let mut tx = server.app.db().read().await.unwrap();
    let sql = "SELECT count(*) FROM audit WHERE outcome = 'done'";
    let none: [Bound; 0] = [];
    tx.query(sql, &none).await.unwrap()[0].int(0).unwrap()
}

#[tokio::test]
async fn no_route_changes_anything_in_a_view() {
    let server = TestServer::on(TestDatabase::folder(), Rules::default()).await;
    let scene = Scene::on(&server).await;
    let password = hallpass_testkit::test_server::PASSWORD;
    let body = json!({"member": scene.admin.id, "password": password});
    let _ = scene.anna.put("/view", body).await.expect(200);
    let mut refused = 0;

    for route in book::every() {
        let name = route.name();
        if route.method == "GET"
            || !route.path.contains("/workspaces/{ws}/")
            || HARMLESS.contains(&name.as_str())
            || name.ends_with("/restore")
        {
            continue;
        }
        let before = done(&server).await;
        let answer = scene.ask(&scene.anna, &route).await;
        assert_eq!(done(&server).await, before, "{name}: {} {}", answer.status, answer.text);
        refused += usize::from(answer.code() == "view_only");
    }

    assert!(refused > 35, "{refused} routes came to their first write");
}

//! The list of users: search by name or email address, and access review.

use hallpass_domain::time::Span;
use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::{Value, json};

async fn found(workspace: &TestWorkspace<'_>, query: &str) -> Vec<String> {
    let page = workspace.anna.get(&format!("/members?{query}")).await.expect(200);
    assert_eq!(page.body["total"], page.items().len());
    page.each("first_name")
}

/// CRM-127, CRM-135, CRM-145
#[tokio::test]
async fn users_are_found_by_a_part_of_their_name_or_email_address() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let name = json!({"first_name": "Renée", "last_name": "Zürcher"});
    let _ = cleo.patch("/api/v1/me", name).await.expect(200);

    for (query, expected) in [
        ("q=ben", &["Ben"][..]),
        ("q=BEN", &["Ben"]),
        ("q=z%C3%9Crch", &["Renée"]),
        ("q=cleo@exam", &["Renée"]),
        ("q=example.com", &["Anna", "Ben", "Renée"]),
        ("q=unknown", &[]),
        ("q=%25", &[]),
    ] {
        assert_eq!(found(&workspace, query).await, expected, "{query}");
    }
    // A user may choose an owner, and finds the names and nothing else.
    let choices = ben.get("/members?q=ben").await.expect(200);
    let name = json!({"id": ben.id, "name": "Ben", "status": "active"});
    assert_eq!(choices.items(), [name]);
    assert_eq!(ben.get("/members?q=example.com").await.expect(200).body["total"], 0);
    ben.get("/members").await.refused(403, "denied");
}

/// CRM-145
#[tokio::test]
async fn an_inactive_user_is_found_too() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let _cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let path = format!("/members/{}/deactivate", ben.id);
    let _ = workspace.anna.post(&path, json!({})).await.expect(200);

    assert_eq!(found(&workspace, "q=ben").await, ["Ben"]);
    assert_eq!(found(&workspace, "q=ben&status=inactive").await, ["Ben"]);
    assert_eq!(found(&workspace, "q=ben&status=active").await, [""; 0]);
    assert_eq!(found(&workspace, "status=inactive").await, ["Ben"]);
    assert_eq!(found(&workspace, "").await, ["Anna", "Ben", "Cleo"]);
}

/// CRM-216
#[tokio::test]
async fn the_list_shows_last_seen_role_level_and_rights() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "manager"})).await;
    let path = format!("/members/{}", ben.id);
    let _ = workspace.anna.patch(&path, json!({"visibility": "all"})).await.expect(200);
    let came = ben.get("/me").await.expect(200).text("joined_at");
    server.clock.advance(Span::minutes(30));
    let _ = ben.get("/records/contacts").await.expect(200);

    let review = workspace.anna.get("/members").await.expect(200);

    assert_eq!(review.each("role"), ["owner", "manager"]);
    assert_eq!(review.each("visibility"), ["own", "all"]);
    assert_eq!(review.each("status"), ["active", "active"]);
    let seen = review.each("last_seen");
    assert_eq!(seen[1], "2026-03-15T12:30:00Z", "came at {came}");
    let rights = workspace.anna.get(&format!("{path}/access")).await.expect(200);
    let right = |resource: &str, action: &str| -> Value {
        let rights = rights.items().iter();
        let mut fits =
            rights.filter(|one| one["resource"] == resource && one["action"] == action);
        fits.next().map_or(Value::Null, |one| one["reach"].clone())
    };
    assert_eq!(right("contacts", "read"), "all");
    assert_eq!(right("contacts", "delete"), "own + assigned");
    assert_eq!(right("team", "read"), Value::Null);
    ben.get("/members").await.refused(403, "denied");
}

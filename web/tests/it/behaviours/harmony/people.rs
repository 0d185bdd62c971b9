//! People and their roles: adding, editing, deactivating, and role assignments.

use hallpass_testkit::TestServer;
use serde_json::{Value, json};

/// HARMONY-36
#[tokio::test]
async fn the_admin_role_cannot_be_changed() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let anna = &workspace.anna;
    let before = anna.get("/roles/admin").await.expect(200).body;
    assert_eq!((&before["built_in"], &before["name"]), (&json!(true), &json!("Admin")));

    for change in [json!({"name": "Boss"}), json!({"description": "x"}), json!({"grants": []})]
    {
        anna.patch("/roles/admin", change).await.refused(409, "built_in");
    }
    anna.delete("/roles/admin").await.refused(409, "built_in");
    let copy = json!({"name": "admin", "grants": ["contacts:read:own"]});
    anna.post("/roles", copy).await.refused(409, "name_taken");

    assert_eq!(anna.get("/roles/admin").await.expect(200).body, before);
    // A member who cannot change roles gets only the denial.
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    ben.patch("/roles/admin", json!({"grants": []})).await.refused(403, "denied");
    ben.delete("/roles/admin").await.refused(403, "denied");
}

/// HARMONY-39
#[tokio::test]
async fn people_are_added_edited_and_deactivated() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let anna = &workspace.anna;
    let sales = anna.post("/teams", json!({"name": "Sales"})).await.expect(201).id();
    let role = json!({"name": "Analyst", "grants": ["insights:read:all"]});
    let analyst = anna.post("/roles", role).await.expect(201).id();

    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let path = format!("/members/{}", ben.id);
    ben.get("/records/contacts").await.refused(403, "denied");

    let edit = json!({"role": analyst, "teams": [sales]});
    let edited = anna.patch(&path, edit).await.expect(200);
    assert_eq!(edited.text("role_name"), "Analyst");
    assert_eq!(edited.body["teams"][0]["name"], "Sales");
    let _ = ben.get("/records/insights").await.expect(200);
    ben.get("/records/conversations").await.refused(403, "denied");

    let gone = anna.post(&format!("{path}/deactivate"), json!({})).await.expect(200);
    assert_eq!(gone.text("status"), "inactive");
    ben.get("/records/insights").await.refused(404, "not_found");
    let inactive = anna.get("/members?status=inactive").await.expect(200);
    assert_eq!(inactive.each("id"), [ben.id.as_str()]);
    let back = anna.post(&format!("{path}/reactivate"), json!({})).await.expect(200);
    assert_eq!((back.text("status"), back.text("role")), ("active".to_owned(), analyst));
    let _ = ben.get("/records/insights").await.expect(200);
    // There is no removal.
    anna.delete(&path).await.refused(409, "no_such_verb");
    let _ = ben.get("/records/insights").await.expect(200);
}

fn row(item: &Value) -> [String; 5] {
    let text = |key: &str| item[key].as_str().unwrap_or("-").to_owned();
    [text("name"), text("role_name"), text("status"), text("since"), text("by_name")]
}

/// HARMONY-70
#[tokio::test]
async fn role_assignments_show_since_when_and_by_whom() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let anna = &workspace.anna;
    server.advance_days(1);
    workspace.reauthenticate(anna).await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    server.advance_days(1);
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let role = json!({"name": "Reviser", "grants": ["audit:read:all"]});
    let reviser = anna.post("/roles", role).await.expect(201).id();
    let path = format!("/members/{}", cleo.id);
    server.advance_days(1);
    let _ = ben.patch(&path, json!({"role": reviser})).await.expect(200);
    server.advance_days(1);
    // Other changes do not count as a change of role.
    let sales = anna.post("/teams", json!({"name": "Sales"})).await.expect(201).id();
    let same = json!({"role": reviser, "teams": [sales]});
    let _ = anna.patch(&path, same).await.expect(200);
    let _ = anna.post(&format!("{path}/deactivate"), json!({})).await.expect(200);

    let told = anna.get("/role-assignments").await.expect(200);

    let rows: Vec<[String; 5]> = told.items().iter().map(row).collect();
    let expected = [
        ["Anna", "Admin", "active", "2026-03-15T12:00:00Z", "Anna"],
        ["Ben", "Admin", "active", "2026-03-16T12:00:00Z", "Anna"],
        ["Cleo", "Reviser", "inactive", "2026-03-18T12:00:00Z", "Ben"],
    ];
    assert_eq!(rows, expected.map(|row| row.map(str::to_owned)));
    assert_eq!(told.body["total"], 3);
    assert_eq!(told.items()[2]["by"], ben.id.as_str());
    let first = anna.get("/role-assignments?limit=2").await.expect(200);
    let next = first.text("next_cursor");
    let second =
        anna.get(&format!("/role-assignments?limit=2&cursor={next}")).await.expect(200);
    assert_eq!(second.each("name"), ["Cleo"]);
    assert_eq!(second.body["next_cursor"], Value::Null);
}

/// HARMONY-70
#[tokio::test]
async fn role_assignments_can_be_exported() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let role = json!({"name": "Reviser", "grants": ["audit:read:all"]});
    let reviser = anna.post("/roles", role).await.expect(201).id();
    let cleo = workspace.join("cleo", json!({"role": reviser})).await;

    let file = anna.get("/role-assignments/export").await.expect(200);

    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").starts_with("attachment"));
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines[0], "member,name,email,status,role,role_name,since,by,by_name,two_factor");
    let bens = format!(
        "{},Ben,ben@example.com,active,member,Member,2026-03-15T12:00:00Z,{},Anna,false",
        ben.id, anna.id
    );
    assert_eq!((lines.len(), lines[2]), (4, bens.as_str()));
    // Reading and exporting are separate permissions.
    let _ = cleo.get("/role-assignments").await.expect(200);
    cleo.get("/role-assignments/export").await.refused(403, "denied");
    ben.get("/role-assignments").await.refused(403, "denied");
    ben.get("/role-assignments/export").await.refused(403, "denied");
}

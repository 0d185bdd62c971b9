//! Permissions on records in cases where the state hides or fakes a change.

use hallpass_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn an_update_without_changes_needs_permission_to_update() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member", "visibility": "all"})).await;
    let id = workspace.record(&workspace.anna, "opportunities", "Big").await;
    let path = format!("/records/opportunities/{id}");
    let seen = ben.get(&path).await.expect(200);
    assert_eq!(seen.body["allowed"], json!(["read"]));

    let (owner, stage) = (workspace.anna.id.clone(), seen.text("stage"));
    for body in [
        json!({}),
        json!({"owner": owner}),
        json!({"stage": stage}),
        json!({"owner": owner, "stage": stage}),
    ] {
        ben.patch(&path, body).await.refused(403, "denied");
    }

    assert_eq!(workspace.anna.get(&path).await.body["version"], 1);
}

#[tokio::test]
async fn records_of_a_disabled_type_are_not_reassigned() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let id = workspace.record(&workspace.anna, "tickets", "Lost").await;
    let turn = |on: bool| workspace.anna.patch("/settings/modules", json!({"tickets": on}));
    let _ = turn(false).await.expect(200);

    let ask = json!({"from": workspace.anna.id, "to": "unowned"});
    let all = workspace.anna.post("/reassignments", ask.clone()).await.expect(200);
    assert_eq!(all.body["counts"].get("tickets"), None);
    let mut named = ask;
    named["entities"] = json!(["tickets"]);
    workspace.anna.post("/reassignments", named).await.refused(409, "switched_off");

    let _ = turn(true).await.expect(200);
    let record = workspace.anna.get(&format!("/records/tickets/{id}")).await.expect(200);
    assert_eq!(record.text("owner"), workspace.anna.id);
}

#[tokio::test]
async fn a_reassignment_of_disabled_types_only_is_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let types = workspace.anna.get("/schema/entities").await.expect(200).each("key");
    for entity in &types {
        workspace.record(&workspace.anna, entity, "Unchanged").await;
    }
    let off: serde_json::Map<_, _> =
        types.iter().map(|entity| (entity.clone(), json!(false))).collect();
    let _ = workspace.anna.patch("/settings/modules", json!(off)).await.expect(200);

    for dry_run in [true, false] {
        let ask = json!({"from": workspace.anna.id, "to": "unowned", "dry_run": dry_run});
        workspace.anna.post("/reassignments", ask).await.refused(409, "switched_off");
    }
}

#[tokio::test]
async fn lists_are_sorted_with_letters_that_have_marks_beside_those_without() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    for title in ["Zebra", "Äpfel", "Birne", "Öl", "Ute", "Émile", "Emil", "Apfel"] {
        let _ = workspace.record(anna, "contacts", title).await;
    }
    for name in ["zora", "ädam", "bert"] {
        let _ = workspace.join(name, json!({"role": "member"})).await;
    }
    let sorted = ["Apfel", "Äpfel", "Birne", "Emil", "Émile", "Öl", "Ute", "Zebra"];

    for (path, key, expected) in [
        ("/records/contacts?sort=title", "title", sorted.to_vec()),
        ("/records/contacts?sort=-title", "title", sorted.into_iter().rev().collect()),
        ("/members?sort=name", "name", vec!["Ädam", "Anna", "Bert", "Zora"]),
    ] {
        let mut found = Vec::new();
        let mut next = Some(format!("{path}&limit=2"));
        while let Some(page) = next.take() {
            let answer = anna.get(&page).await.expect(200);
            found.extend(answer.each(key));
            let cursor = answer.body["next_cursor"].as_str();
            next = cursor.map(|cursor| format!("{path}&limit=2&cursor={cursor}"));
        }
        assert_eq!(found, expected, "{path}");
    }
}

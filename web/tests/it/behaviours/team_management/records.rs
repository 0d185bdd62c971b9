//! A record and its owner: created, reassigned, and no longer visible to the former owner.

use hallpass_testkit::TestServer;
use serde_json::json;

/// CRM-068
#[tokio::test]
async fn users_own_the_records_that_they_create() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;

    for entity in ["contacts", "deals", "accounts", "activities", "projects", "tickets"] {
        let ask = json!({"fields": workspace.fields(entity, "New")});
        let made = ben.post(&format!("/records/{entity}"), ask).await.expect(201);
        assert_eq!(
            (made.text("owner"), made.text("created_by")),
            (ben.id.clone(), ben.id.clone())
        );
        assert_eq!(made.text("owner_status"), "active");
        let page = ben.get(&format!("/records/{entity}?owner=me")).await.expect(200);
        assert_eq!(page.each("id"), [made.id()]);
    }
}

/// CRM-161
#[tokio::test]
async fn an_editor_chooses_the_owner_of_a_record_among_active_users() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let dan = workspace.join("dan", json!({"role": "user"})).await;
    let eve = workspace
        .invite(&workspace.anna, "eve", json!({"role": "user"}))
        .await
        .expect(201)
        .id();
    let out = format!("/members/{}/deactivate", cleo.id);
    let _ = workspace.anna.post(&out, json!({})).await.expect(200);
    let record = workspace.record(&ben, "contacts", "Zoe").await;
    let path = format!("/records/contacts/{record}");

    let offered = ben.get("/records/contacts/owners").await.expect(200);

    assert_eq!(offered.each("name"), ["Anna", "Ben", "Dan"]);
    assert_eq!(offered.each("id"), [&workspace.anna.id, &ben.id, &dan.id].map(String::as_str));
    assert!(!offered.text.contains("example.com"), "{}", offered.text);
    let some = ben.get("/records/contacts/owners?q=da").await.expect(200);
    assert_eq!(some.each("name"), ["Dan"]);
    assert!(ben.get("/records/contacts/owners?q=example").await.expect(200).items().is_empty());
    let first = ben.get("/records/contacts/owners?limit=2").await.expect(200);
    let next = first.text("next_cursor");
    let second = ben.get(&format!("/records/contacts/owners?limit=2&cursor={next}")).await;
    assert_eq!(second.expect(200).each("name"), ["Dan"]);
    ben.get("/records/workflows/owners").await.refused(403, "denied");
    for wrong in [&cleo.id, &eve] {
        let refused = ben.patch(&path, json!({"owner": wrong})).await.expect(422);
        assert_eq!(refused.pointers(), ["/owner"]);
    }
    assert_eq!(ben.get(&path).await.expect(200).text("owner"), ben.id);
    let given = workspace.anna.patch(&path, json!({"owner": dan.id})).await.expect(200);
    assert_eq!(given.text("owner"), dan.id);
    let freed = dan.patch(&path, json!({"owner": "unowned"})).await.expect(200);
    assert_eq!(
        (freed.text("owner"), freed.body["owner_status"].is_null()),
        ("unowned".into(), true)
    );
}

/// CRM-162
#[tokio::test]
async fn a_change_of_owner_is_audited_with_the_former_owner() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let record = workspace.record(&ben, "deals", "Big").await;
    let path = format!("/records/deals/{record}");

    let _ = ben.patch(&path, json!({"owner": cleo.id})).await.expect(200);

    assert_eq!(cleo.get(&path).await.expect(200).text("owner"), cleo.id);
    let entries = workspace.anna.get(&format!("/audit?subject={record}")).await.expect(200);
    let entry = &entries.items()[0];
    assert_eq!((&entry["action"], &entry["actor"]), (&json!("deals.update"), &json!(ben.id)));
    assert_eq!(
        (&entry["before"]["owner"], &entry["after"]["owner"]),
        (&json!(ben.id), &json!(cleo.id))
    );
    let timeline = cleo.get(&format!("{path}/timeline")).await.expect(200);
    let moved = json!({"from": ben.id, "to": cleo.id});
    assert_eq!(timeline.items()[0]["detail"]["owner"], moved);
}

/// CRM-163
#[tokio::test]
async fn a_reassigned_record_is_no_longer_visible_to_the_former_owner() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let record = workspace.record(&ben, "contacts", "Zoe").await;
    let path = format!("/records/contacts/{record}");
    let asked = |owner: &str| {
        let check = json!({"resource": "contacts", "action": "read", "owner": owner});
        json!({"checks": [check]})
    };
    let warned = ben.post("/access/check", asked(&cleo.id)).await.expect(200);
    assert_eq!(warned.body["results"], json!([false]));

    let given = ben.patch(&path, json!({"owner": cleo.id})).await.expect(200);

    assert_eq!(given.body["allowed"], json!([]));
    ben.get(&path).await.refused(404, "not_found");
    ben.patch(&path, json!({"owner": ben.id})).await.refused(404, "not_found");
    ben.delete(&path).await.refused(404, "not_found");
    assert_eq!(ben.get("/records/contacts").await.expect(200).body["total"], 0);
    let _ = cleo.get(&path).await.expect(200);
}

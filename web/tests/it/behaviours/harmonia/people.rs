//! Role changes in force at once, and what stays after a removal.

use hallpass_testkit::TestServer;
use serde_json::json;

/// HARMONIA-61, HARMONIA-62, HARMONIA-63
#[tokio::test]
async fn a_role_applies_from_the_next_request_of_the_same_session() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let _ = ben.get("/members").await.expect(200);
    let before = ben.get("/me").await.expect(200).body["navigation"].clone();
    let cookie = ben.cookie();

    let path = format!("/members/{}", ben.id);
    let _ = workspace.anna.patch(&path, json!({"role": "member"})).await.expect(200);

    ben.get("/members").await.refused(403, "denied");
    let me = ben.get("/me").await.expect(200);
    assert_eq!(me.text("role"), "member");
    assert_ne!(me.body["navigation"], before);
    assert_eq!(ben.cookie(), cookie);
}

/// HARMONIA-65..HARMONIA-72
#[tokio::test]
async fn a_removed_member_loses_access_at_once_and_their_records_stay() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let _own = server.found_by(&ben, "harmonia", "bens").await;
    let mut made = Vec::new();
    for entity in ["contacts", "conversations", "opportunities", "notes"] {
        made.push((entity, workspace.record(&ben, entity, "Something of Ben's").await));
    }

    let _ = workspace.anna.delete(&format!("/members/{}", ben.id)).await.expect(204);

    ben.get("/records/contacts").await.refused(404, "not_found");
    ben.get("").await.refused(404, "not_found");
    for (entity, id) in made {
        let listed = workspace.anna.get(&format!("/records/{entity}")).await.expect(200);
        assert_eq!(listed.each("id"), [id.as_str()]);
        let record = workspace.anna.get(&format!("/records/{entity}/{id}")).await.expect(200);
        assert_eq!(
            (record.text("owner"), record.text("created_by")),
            (ben.id.clone(), ben.id.clone())
        );
    }
    let _ = ben.get("/api/v1/me").await.expect(200);
    let _ = ben.get("/api/v1/workspaces/bens").await.expect(200);
}

/// HARMONIA-73, HARMONIA-74
#[tokio::test]
async fn members_are_listed_with_their_open_records_most_first() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    for _ in 0..3 {
        workspace.record(&cleo, "conversations", "Help").await;
    }
    workspace.record(&ben, "opportunities", "Big").await;
    let done = workspace.record(&ben, "conversations", "Done").await;
    let _ = ben.post(&format!("/records/conversations/{done}/actions/close"), json!({})).await;

    let members = workspace.anna.get("/members?sort=-assignments").await.expect(200);

    assert_eq!(members.each("first_name"), ["Cleo", "Ben", "Anna"]);
    let counts: Vec<_> = members.items().iter().map(|one| one["assignments"].clone()).collect();
    assert_eq!(counts, [json!({"conversations": 3}), json!({"opportunities": 1}), json!({})]);
    let first = workspace.anna.get("/members?sort=-assignments&limit=1").await.expect(200);
    let next = first.text("next_cursor");
    let second =
        workspace.anna.get(&format!("/members?sort=-assignments&limit=1&cursor={next}")).await;
    assert_eq!(second.each("first_name"), ["Ben"]);
}

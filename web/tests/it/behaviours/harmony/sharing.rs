//! A link to a conversation grants no access.

use hallpass_testkit::{Person, TestServer};
use serde_json::json;

/// Opens a link through the API: the page of a record shows what its route returns.
async fn open(person: &Person, link: &str) -> hallpass_testkit::Answer {
    let path = link.strip_prefix("/w/").unwrap();
    person.get(&format!("/api/v1/workspaces/{path}")).await
}

/// HARMONY-41
#[tokio::test]
async fn a_conversation_is_shared_by_a_link() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let sales = workspace.anna.post("/teams", json!({"name": "Sales"})).await.expect(201).id();
    let ben = workspace.join("ben", json!({"role": "member", "teams": [sales]})).await;
    let mate = workspace.join("cleo", json!({"role": "member", "teams": [sales]})).await;
    let own = workspace.record(&ben, "conversations", "Kick-off").await;

    let shared = ben.post(&format!("/records/conversations/{own}/share"), json!({})).await;

    let link = shared.expect(201).text("link");
    assert_eq!(link, format!("/w/acme/records/conversations/{own}"));
    assert_eq!(open(&ben, &link).await.expect(200).text("title"), "Kick-off");
    let told = ben.get(&format!("/records/conversations/{own}/timeline")).await.expect(200);
    assert_eq!(told.items()[0]["action"], "share");
    assert_eq!(told.items()[0]["detail"]["link"], link.as_str());
    // Members share their own records; what they may not read is not found.
    let of_mate = workspace.record(&mate, "conversations", "Demo").await;
    let path = format!("/records/conversations/{of_mate}/share");
    ben.post(&path, json!({})).await.refused(403, "denied");
    let of_anna = workspace.record(&workspace.anna, "conversations", "Board").await;
    let path = format!("/records/conversations/{of_anna}/share");
    ben.post(&path, json!({})).await.refused(404, "not_found");
}

/// HARMONY-42
#[tokio::test]
async fn a_link_grants_nothing() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let none = json!({"name": "Contacts", "grants": ["contacts:*:all"]});
    let none = anna.post("/roles", none).await.expect(201).id();
    let cleo = workspace.join("cleo", json!({"role": none})).await;
    let reader = json!({"name": "Reader", "grants": ["conversations:read:all"]});
    let reader = anna.post("/roles", reader).await.expect(201).id();
    let dan = workspace.join("dan", json!({"role": reader})).await;
    let outsider = server.sign_up("eve").await;
    let id = workspace.record(anna, "conversations", "Board").await;
    let before = [ben.get("/me").await.body, cleo.get("/me").await.body];

    let shared = anna.post(&format!("/records/conversations/{id}/share"), json!({})).await;
    let link = shared.expect(201).text("link");

    for person in [&ben, &cleo, &outsider] {
        let refused = open(person, &link).await;
        refused.refused(404, "not_found");
        assert!(!refused.text.contains("Board"));
    }
    open(&server.anonymous(), &link).await.refused(401, "not_signed_in");
    assert_eq!(open(&dan, &link).await.expect(200).text("title"), "Board");
    let after = [ben.get("/me").await.body, cleo.get("/me").await.body];
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before["grants"], after["grants"]);
    }
    assert_eq!(ben.get("/records/conversations").await.expect(200).body["total"], 0);
    // The link does not keep access that was revoked.
    let path = format!("/members/{}", dan.id);
    let _ = anna.patch(&path, json!({"role": "member"})).await.expect(200);
    open(&dan, &link).await.refused(404, "not_found");
}

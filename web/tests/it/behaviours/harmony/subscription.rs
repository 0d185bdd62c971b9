//! Cancelling the subscription keeps the workspace and everything in it.

use hallpass_testkit::{Person, TestServer};
use serde_json::{Value, json};

use super::RECORDS;

/// The number of items of each kind.
async fn counts(person: &Person) -> Vec<Value> {
    let records = RECORDS.map(|entity| format!("/records/{entity}"));
    let others = ["/members", "/teams", "/roles", "/invitations"].map(str::to_owned);
    let mut totals = Vec::new();
    for path in records.iter().chain(&others) {
        totals.push(person.get(path).await.expect(200).body["total"].clone());
    }
    totals
}

/// HARMONY-61, HARMONY-62
#[tokio::test]
async fn a_cancelled_subscription_deletes_nothing() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let anna = &workspace.anna;
    let _ben = workspace.join("ben", json!({"role": "member"})).await;
    let _ = anna.post("/teams", json!({"name": "Sales"})).await.expect(201);
    for entity in RECORDS {
        let _ = workspace.record(anna, entity, "Quartz").await;
    }
    let _ = anna.post("/billing/plan", json!({"plan": "agency"})).await.expect(200);
    let before = counts(anna).await;
    assert!(before.iter().all(|total| total.as_i64() > Some(0)), "{before:?}");

    let cancelled = anna.post("/billing/cancel", json!({})).await.expect(200);
    assert_eq!(cancelled.text("state"), "cancelled");
    server.advance_days(400);
    assert_eq!(server.app.workspaces().purge_due().await.unwrap(), 0);

    let again = server.anonymous();
    let right = json!({"email": "anna@example.com", "password": "correct horse battery"});
    let _ = again.post("/api/v1/sessions", right).await.expect(201);
    let again = again.at("acme").await;
    assert_eq!(again.get("").await.expect(200).text("name"), "Acme");
    assert_eq!(counts(&again).await, before);
    let title = again.get("/records/insights").await.expect(200).each("title");
    assert_eq!(title, ["Quartz"]);
    let _ = workspace.record(&again, "insights", "Mica").await;
}

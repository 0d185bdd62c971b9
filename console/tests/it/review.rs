//! The access review: who may export it, and that the audit log notes it.

use hallpass_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn an_export_of_the_access_review_is_in_the_audit_log() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let body = json!({"name": "Reader", "grants": ["team:read:all", "audit:read:all"]});
    let reader = anna.post("/roles", body).await.expect(201).id();
    let ben = workspace.join("ben", json!({"role": reader})).await;
    let exports = async || {
        let path = "/audit?action=role_assignments.export&outcome=done";
        anna.get(path).await.expect(200).items().len()
    };

    let page = ben.open("settings/review").await.expect(200);
    assert!(!page.text.contains("review/csv"), "{}", page.text);
    let _ = ben.open("settings/review/csv").await.expect(403);
    assert_eq!(exports().await, 0);

    let page = anna.open("settings/review").await.expect(200);
    assert!(page.text.contains("review/csv"), "{}", page.text);
    let csv = anna.open("settings/review/csv").await.expect(200);
    assert_eq!(csv.text.lines().count(), 3, "{}", csv.text);
    assert!(csv.text.contains("Ben"), "{}", csv.text);
    assert_eq!(exports().await, 1);
}

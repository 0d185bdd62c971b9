//! Access to a single module and nothing else.

use hallpass_testkit::TestServer;
use serde_json::json;

/// HALO-209
#[tokio::test]
async fn a_member_with_only_ask_ai_lands_on_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;

    let access = json!({"role": "member", "levels": {"ask_ai": "use"}});
    let ben = workspace.join("ben", access).await;

    let me = ben.get("/me").await.expect(200);
    assert_eq!(me.text("landing_page"), "ask_ai");
    assert_eq!(me.body["navigation"], json!(["ask_ai"]));
    let again = server.anonymous();
    let body = json!({"email": "ben@example.com", "password": hallpass_testkit::test_server::PASSWORD});
    let _ = again.post("/api/v1/sessions", body).await.expect(201);
    let me = again.get("/api/v1/workspaces/acme/me").await.expect(200);
    assert_eq!(me.text("landing_page"), "ask_ai");
}

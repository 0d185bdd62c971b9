//! The main path: sign up, create a workspace, invite, accept, work, be refused.

use hallpass_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn a_new_account_creates_a_workspace_and_works_in_it_with_others() {
    for blueprint in ["standard", "harmonia", "harmony", "hari", "team-management", "halo"] {
        let server = TestServer::in_memory().await;
        let workspace = server.found(blueprint).await;
        let me = workspace.anna.get("/me").await.expect(200);
        assert_eq!(me.body["status"], "active");

        let role = match blueprint {
            "team-management" => "user",
            _ => "member",
        };
        if blueprint == "harmony" {
            continue;
        }
        let ben = workspace.join("ben", json!({"role": role})).await;
        let members = workspace.anna.get("/members").await.expect(200);
        assert_eq!(members.each("first_name"), ["Anna", "Ben"]);
        assert_eq!(members.body["total"], 2);
        ben.post("/invitations", json!({"email": "x@example.com", "role": role}))
            .await
            .refused(403, "denied");

        let contact = workspace.record(&workspace.anna, "contacts", "Zoe").await;
        let checked = workspace
            .anna
            .post("/access/check", json!({"checks": [{"resource": "contacts", "action": "read", "record": contact}]}))
            .await
            .expect(200);
        assert_eq!(checked.body["results"], json!([true]));
    }
}

#[tokio::test]
async fn creating_a_profile_without_read_permission_returns_the_profile() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let role = json!({"name": "Maker", "grants": ["profiles:create:all"]});
    let _ = workspace.anna.post("/roles", role).await.expect(201);
    let ben = workspace.join("ben", json!({"role": "Maker"})).await;

    ben.get("/profiles").await.refused(403, "denied");
    let created = ben.post("/profiles", json!({"name": "Trainees"})).await.expect(201);

    assert_eq!(created.body["name"], "Trainees");
}

//! The main walk: sign up, found, invite, accept, work, be refused.

use hallpass_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn somebody_founds_a_workspace_and_works_in_it_with_others() {
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
        let asked = workspace
            .anna
            .post("/access/check", json!({"checks": [{"resource": "contacts", "action": "read", "record": contact}]}))
            .await
            .expect(200);
        assert_eq!(asked.body["results"], json!([true]));
    }
}

#[tokio::test]
async fn whoever_may_make_profiles_and_not_read_them_is_shown_what_they_made() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let role = json!({"name": "Maker", "grants": ["profiles:create:all"]});
    let _ = workspace.anna.post("/roles", role).await.expect(201);
    let ben = workspace.join("ben", json!({"role": "Maker"})).await;

    ben.get("/profiles").await.refused(403, "denied");
    let made = ben.post("/profiles", json!({"name": "Trainees"})).await.expect(201);

    assert_eq!(made.body["name"], "Trainees");
}

//! The main walk: sign up, found, invite, accept, work, be refused.

use hallpass_testkit::Town;
use serde_json::json;

#[tokio::test]
async fn somebody_founds_a_workspace_and_works_in_it_with_others() {
    for blueprint in ["standard", "harmonia", "harmony", "hari", "team-management", "halo"] {
        let town = Town::in_memory().await;
        let office = town.found(blueprint).await;
        let me = office.anna.get("/me").await.expect(200);
        assert_eq!(me.body["status"], "active");

        let role = match blueprint {
            "team-management" => "user",
            _ => "member",
        };
        if blueprint == "harmony" {
            continue;
        }
        let ben = office.join("ben", json!({"role": role})).await;
        let members = office.anna.get("/members").await.expect(200);
        assert_eq!(members.each("first_name"), ["Anna", "Ben"]);
        assert_eq!(members.body["total"], 2);
        ben.post("/invitations", json!({"email": "x@example.com", "role": role}))
            .await
            .refused(403, "denied");

        let contact = office.record(&office.anna, "contacts", "Zoe").await;
        let asked = office
            .anna
            .post("/access/check", json!({"checks": [{"resource": "contacts", "action": "read", "record": contact}]}))
            .await
            .expect(200);
        assert_eq!(asked.body["results"], json!([true]));
    }
}

#[tokio::test]
async fn whoever_may_make_profiles_and_not_read_them_is_shown_what_they_made() {
    let town = Town::in_memory().await;
    let office = town.found("standard").await;
    let role = json!({"name": "Maker", "grants": ["profiles:create:all"]});
    let _ = office.anna.post("/roles", role).await.expect(201);
    let ben = office.join("ben", json!({"role": "Maker"})).await;

    ben.get("/profiles").await.refused(403, "denied");
    let made = ben.post("/profiles", json!({"name": "Trainees"})).await.expect(201);

    assert_eq!(made.body["name"], "Trainees");
}

//! Several organizations for one account, isolated from each other.

use hallpass_testkit::TestServer;
use serde_json::json;

/// HARMONIA-76, HARMONIA-78
#[tokio::test]
async fn one_account_has_another_role_in_each_organization() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ben = server.sign_up("ben").await;
    let own = server.found_by(&ben, "harmonia", "bens").await;
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await.expect(201);
    let _ = workspace.accept(&ben, "ben").await.expect(201);

    let here = ben.at("acme").await;

    assert_eq!(here.get("/me").await.text("role"), "member");
    assert_eq!(own.anna.get("/me").await.text("role"), "owner");
}

/// HARMONIA-79, HARMONIA-80, HARMONIA-81
#[tokio::test]
async fn name_modules_and_records_follow_the_organization() {
    let server = TestServer::in_memory().await;
    let one = server.found("harmonia").await;
    let other = server.found_by(&one.anna, "harmonia", "other").await;
    one.record(&one.anna, "contacts", "Zoe").await;
    let _ = other.anna.patch("/settings/modules", json!({"notes": false})).await.expect(200);
    let colour = json!({"colour": "#336699"});
    let _ = other.anna.patch("/settings/branding", colour).await.expect(200);

    assert_eq!(one.anna.get("").await.text("name"), "Acme");
    assert_eq!(other.anna.get("").await.text("name"), "Other");
    let branding = one.anna.get("/settings/branding").await.expect(200);
    assert_ne!(branding.body, other.anna.get("/settings/branding").await.expect(200).body);
    let shown =
        |me: &hallpass_testkit::Answer| me.body["navigation"].to_string().contains("notes");
    assert!(shown(&one.anna.get("/me").await) && !shown(&other.anna.get("/me").await));
    assert_eq!(one.anna.get("/records/contacts").await.body["total"], 1);
    assert_eq!(other.anna.get("/records/contacts").await.body["total"], 0);
}

/// HARMONIA-82
#[tokio::test]
async fn data_of_one_organization_is_not_visible_in_another() {
    let server = TestServer::in_memory().await;
    let one = server.found("harmonia").await;
    let other = server.found_as("eve", "harmonia", "other").await;
    let ben = one.join("ben", json!({"role": "member"})).await;
    let record = one.record(&one.anna, "contacts", "Zoe").await;
    let eve = &other.anna;

    for path in [
        format!("/records/contacts/{record}"),
        format!("/records/contacts/{record}/timeline"),
        format!("/members/{}", ben.id),
        format!("/members/{}/access", ben.id),
    ] {
        eve.get(&path).await.refused(404, "not_found");
        eve.get(&format!("/api/v1/workspaces/acme{path}")).await.refused(404, "not_found");
    }
    let found = eve.get("/records/contacts?q=zoe").await.expect(200);
    assert_eq!((found.items().len(), &found.body["total"]), (0, &json!(0)));
    let entries = eve.get("/audit").await.expect(200);
    assert!(!entries.text.contains(&record) && !entries.text.contains(&ben.id));
    let check = json!({"resource": "contacts", "action": "read", "record": record});
    let told = eve.post("/access/check", json!({"checks": [check]})).await.expect(200);
    assert_eq!(told.body["results"], json!([false]));
    let given = json!({"fields": {"name": "Zoe"}, "owner": ben.id});
    let refused = eve.post("/records/contacts", given).await.expect(422);
    assert_eq!(refused.pointers(), ["/owner"]);
    let moved = json!({"from": ben.id, "to": eve.id});
    let _ = eve.post("/reassignments", moved).await.expect(422);
}

//! The creator of a workspace: its first Super Admin and billing contact.

use hallpass_testkit::TestServer;
use serde_json::json;

/// HALO-025, HALO-026
#[tokio::test]
async fn the_creator_of_a_workspace_is_its_super_admin_and_billing_contact() {
    let server = TestServer::in_memory().await;

    let workspace = server.found("halo").await;

    let members = workspace.anna.get("/members").await.expect(200);
    assert_eq!(members.each("role"), ["super_admin"]);
    assert_eq!(members.items()[0]["billing_contact"], true);
    let billing = workspace.anna.get("/billing").await.expect(200);
    assert_eq!(billing.body["contact"]["id"], workspace.anna.id.as_str());
    assert_eq!(billing.body["vacant"], false);
}

/// HALO-027
#[tokio::test]
async fn both_can_be_transferred_later() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let (his, hers) =
        (format!("/members/{}", ben.id), format!("/members/{}", workspace.anna.id));

    let _ = workspace.anna.patch(&his, json!({"role": "super_admin"})).await.expect(200);
    let _ = workspace.anna.post("/billing/contact", json!({"to": ben.id})).await.expect(204);
    let _ = workspace.anna.patch(&hers, json!({"role": "admin"})).await.expect(200);

    let members = ben.get("/members").await.expect(200);
    assert_eq!(members.each("role"), ["admin", "super_admin"]);
    let flags: Vec<_> = members.items().iter().map(|one| &one["billing_contact"]).collect();
    assert_eq!(flags, [false, true]);
    workspace.anna.get("/billing").await.refused(403, "denied");
}

/// HALO-014
#[tokio::test]
async fn there_can_be_three_super_admins() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;

    let ben = workspace.join("ben", json!({"role": "super_admin"})).await;
    let cleo = workspace.join("cleo", json!({"role": "admin"})).await;
    let path = format!("/members/{}", cleo.id);
    let _ = ben.patch(&path, json!({"role": "super_admin"})).await.expect(200);

    let members = cleo.get("/members?role=super_admin").await.expect(200);
    assert_eq!(members.each("first_name"), ["Anna", "Ben", "Cleo"]);
}

/// HALO-013
#[tokio::test]
async fn a_super_admin_deletes_the_workspace_by_typing_its_slug() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "super_admin"})).await;
    let cleo = workspace.join("cleo", json!({"role": "admin"})).await;
    cleo.delete_with("", json!({"confirm": "acme"})).await.refused(403, "denied");
    for typed in ["", "Acme", "acme "] {
        let refused = ben.delete_with("", json!({"confirm": typed})).await;
        refused.refused(422, "not_confirmed");
    }
    let _ = workspace.anna.get("").await.expect(200);

    let _ = ben.delete_with("", json!({"confirm": "acme"})).await.expect(204);

    for person in [&workspace.anna, &ben, &cleo] {
        person.get("").await.refused(404, "not_found");
    }
}

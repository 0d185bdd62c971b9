//! Slugs that a workspace had, and deleted workspaces.

use hallpass_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn a_former_slug_leads_on_for_90_days_and_is_free_to_no_other() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let zoe = server.sign_up("zoe").await;
    let wanted = json!({"name": "Other", "slug": "acme", "blueprint": "standard"});
    let _ = workspace.anna.patch("", json!({"slug": "acme-2"})).await.expect(200);

    let old = workspace.anna.get("/api/v1/workspaces/acme").await.expect(200);
    assert_eq!(old.text("slug"), "acme-2");
    let renamed = json!({"name": "Acme 2"});
    let _ = workspace.anna.patch("/api/v1/workspaces/acme", renamed).await.expect(200);
    zoe.post("/api/v1/workspaces", wanted.clone()).await.refused(409, "slug_taken");
    zoe.get("/api/v1/workspaces/acme").await.refused(404, "not_found");
    let other = server.found_as("dan", "standard", "other").await;
    other.anna.patch("", json!({"slug": "acme"})).await.refused(409, "slug_taken");
    // The workspace itself may have it back, and then the other leads on.
    let here = "/api/v1/workspaces/acme-2";
    let _ = workspace.anna.patch(here, json!({"slug": "acme"})).await.expect(200);
    assert_eq!(workspace.anna.get(here).await.expect(200).text("slug"), "acme");
    let _ = workspace.anna.patch(here, json!({"slug": "acme-2"})).await.expect(200);

    server.advance_days(89);
    server.app.workspaces().free_slugs().await.unwrap();
    let zoe = server.sign_up("eve").await;
    zoe.post("/api/v1/workspaces", wanted.clone()).await.refused(409, "slug_taken");
    server.advance_days(2);
    server.app.workspaces().free_slugs().await.unwrap();
    let zoe = server.sign_up("fay").await;
    let _ = zoe.post("/api/v1/workspaces", wanted).await.expect(201);
}

#[tokio::test]
async fn deleted_workspaces_are_listed_to_those_who_may_restore_them() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let admin = workspace.join("ben", json!({"role": "admin"})).await;
    let member = workspace.join("cleo", json!({"role": "member"})).await;
    let outsider = server.sign_up("zoe").await;
    let path = "/api/v1/deleted-workspaces";
    assert!(workspace.anna.get(path).await.expect(200).items().is_empty());
    let now = server.app.now();
    let _ = workspace.anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);

    let listed = workspace.anna.get(path).await.expect(200);

    assert_eq!(listed.each("slug"), ["acme"]);
    assert_eq!(listed.items()[0]["deleted_at"], now.to_string());
    let purge_at = now + hallpass_domain::workspace::GRACE;
    assert_eq!(listed.items()[0]["purge_at"], purge_at.to_string());
    for person in [&admin, &member, &outsider] {
        let may_restore = person.post("/api/v1/workspaces/acme/restore", json!({})).await;
        assert_ne!(may_restore.status, 200);
        assert!(person.get(path).await.expect(200).items().is_empty());
    }
    let _ = workspace.anna.post("/restore", json!({})).await.expect(200);
    assert!(workspace.anna.get(path).await.expect(200).items().is_empty());
}

//! Removal: never yourself, never the billing contact; in force at once.

use hallpass_testkit::{TestServer, test_server::PASSWORD};
use serde_json::json;

/// HALO-191, HALO-192
#[tokio::test]
async fn admins_cannot_remove_themselves_but_each_other() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "super_admin"})).await;
    let cleo = workspace.join("cleo", json!({"role": "admin"})).await;
    let dora = workspace.join("dora", json!({"role": "member", "preset": "analyst"})).await;
    for person in [&ben, &cleo] {
        let own = person.delete(&format!("/members/{}", person.id)).await;
        own.refused(409, "no_self_removal");
        assert!(own.text("detail").contains("ask another administrator"), "{}", own.text);
    }
    for person in [&ben, &cleo, &dora] {
        let left = person.post("/leave", json!({})).await;
        left.refused(409, "no_self_removal");
        assert!(left.text("detail").contains("ask another administrator"), "{}", left.text);
    }
    dora.delete(&format!("/members/{}", dora.id)).await.refused(403, "denied");
    assert_eq!(workspace.anna.get("/members").await.body["total"], 4);

    let _ = cleo.delete(&format!("/members/{}", dora.id)).await.expect(204);
    let _ = ben.delete(&format!("/members/{}", cleo.id)).await.expect(204);

    let left = workspace.anna.get("/members").await.expect(200);
    assert_eq!(left.each("first_name"), ["Anna", "Ben"]);
}

/// HALO-194
#[tokio::test]
async fn the_billing_contact_cannot_be_removed_before_a_transfer() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "admin"})).await;
    let _ = workspace.anna.post("/billing/contact", json!({"to": ben.id})).await.expect(204);
    let his = format!("/members/{}", ben.id);
    for person in [&workspace.anna, &cleo] {
        let refused = person.delete(&his).await;
        refused.refused(409, "billing_contact_stays");
        let hint = "transfer the billing contact to another member first";
        assert!(refused.text("detail").contains(hint), "{}", refused.text);
    }
    assert_eq!(ben.get("/billing").await.status, 200);

    let _ = workspace.anna.post("/billing/contact", json!({"to": cleo.id})).await.expect(204);
    let _ = workspace.anna.delete(&his).await.expect(204);

    ben.get("/billing").await.refused(404, "not_found");
}

/// HALO-195, HALO-196, HALO-197
#[tokio::test]
async fn a_removed_teammate_loses_access_at_once_and_keeps_the_account() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let before = ben.get("/api/v1/me").await.id();
    let _ = ben.get("/members").await.expect(200);

    let _ = workspace.anna.delete(&format!("/members/{}", ben.id)).await.expect(204);

    // The same session, the next request.
    ben.get("/members").await.refused(404, "not_found");
    ben.get("/me").await.refused(404, "not_found");
    let body = json!({"fields": {"name": "Zoe"}});
    ben.post("/records/contacts", body).await.refused(404, "not_found");
    let again = server.anonymous();
    let body = json!({"email": "ben@example.com", "password": PASSWORD});
    let _ = again.post("/api/v1/sessions", body).await.expect(201);
    let me = again.get("/api/v1/me").await.expect(200);
    assert_eq!((me.id(), &me.body["workspaces"]), (before, &json!([])));

    let other = server.found_as("zoe", "halo", "other").await;
    let _ = other.invite(&other.anna, "ben", json!({"role": "admin"})).await.expect(201);
    let _ = other.accept(&again, "ben").await.expect(201);

    let there = again.at("other").await.get("/me").await.expect(200);
    assert_eq!(there.text("role"), "admin");
    ben.get("").await.refused(404, "not_found");
}

/// HALO-198
#[tokio::test]
async fn a_removed_teammate_sees_nothing_of_the_workspace() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let invitation = workspace.invite(&ben, "cleo", json!({"role": "member"})).await.id();
    let record = workspace.record(&ben, "contacts", "Zoe").await;
    let ws = workspace.anna.get("").await.id();
    let reads = [
        String::new(),
        "/me".to_owned(),
        "/members".to_owned(),
        format!("/members/{}", workspace.anna.id),
        format!("/members/{}", ben.id),
        format!("/members/{}/access", ben.id),
        "/invitations".to_owned(),
        "/presets".to_owned(),
        "/roles".to_owned(),
        "/audit".to_owned(),
        "/billing".to_owned(),
        "/billing/invoices".to_owned(),
        "/entitlements".to_owned(),
        "/settings".to_owned(),
        "/settings/general".to_owned(),
        "/settings/integrations".to_owned(),
        "/schema/entities".to_owned(),
        "/records/contacts".to_owned(),
        format!("/records/contacts/{record}"),
        format!("/records/contacts/{record}/timeline"),
        "/search?q=zoe".to_owned(),
    ];
    let _ = workspace.anna.delete(&format!("/members/{}", ben.id)).await.expect(204);

    for read in &reads {
        for place in ["acme", &ws] {
            let path = format!("/api/v1/workspaces/{place}{read}");
            let seen = ben.get(&path).await;
            seen.refused(404, "not_found");
            // The same response as for a workspace that never existed.
            let never = ben.get(&format!("/api/v1/workspaces/never{read}")).await;
            assert_eq!(seen.text, never.text, "{path}");
        }
    }
    let own = json!({"fields": {"name": "Yan"}});
    ben.patch(&format!("/records/contacts/{record}"), own).await.refused(404, "not_found");
    ben.delete(&format!("/invitations/{invitation}")).await.refused(404, "not_found");
    let ask = json!({"checks": [{"resource": "contacts", "action": "read", "record": record}]});
    ben.post("/access/check", ask).await.refused(404, "not_found");
    // Their records are still there for the others.
    let kept = workspace.anna.get(&format!("/records/contacts/{record}")).await.expect(200);
    assert_eq!(kept.text("title"), "Zoe");
}

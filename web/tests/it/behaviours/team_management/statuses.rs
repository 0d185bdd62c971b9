//! Active, pending, inactive: three statuses, changed only by acceptance and by an admin.

use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::json;

async fn row(workspace: &TestWorkspace<'_>, list: &str) -> Vec<(String, String)> {
    let page = workspace.anna.get(list).await.expect(200);
    page.each("email").into_iter().zip(page.each("status")).collect()
}

fn known(email: &str, status: &str) -> (String, String) {
    (email.to_owned(), status.to_owned())
}

/// CRM-122, CRM-124
#[tokio::test]
async fn active_users_have_access_and_inactive_users_have_none() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    // He is also active in another workspace, and so stays signed in.
    let _own = server.found_by(&ben, "team-management", "bens").await;
    let record = workspace.record(&ben, "contacts", "Zoe").await;
    let paths = ["", "/me", "/records/contacts", "/dashboard", "/search?q=zoe"];
    for path in paths {
        let _ = ben.get(path).await.expect(200);
    }
    assert_eq!(row(&workspace, "/members?q=ben").await, [known("ben@example.com", "active")]);

    let path = format!("/members/{}/deactivate", ben.id);
    let _ = workspace.anna.post(&path, json!({})).await.expect(200);

    assert_eq!(row(&workspace, "/members?q=ben").await, [known("ben@example.com", "inactive")]);
    for path in paths {
        ben.get(path).await.refused(404, "not_found");
    }
    let zoe = format!("/records/contacts/{record}");
    ben.patch(&zoe, json!({"fields": {"name": "Z"}})).await.refused(404, "not_found");
    ben.delete(&zoe).await.refused(404, "not_found");
    let new = json!({"fields": {"name": "New"}});
    ben.post("/records/contacts", new).await.refused(404, "not_found");
    let _ = ben.get("/api/v1/workspaces/bens").await.expect(200);
}

/// CRM-123
#[tokio::test]
async fn pending_users_are_listed_and_have_no_access() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = server.sign_up("ben").await;

    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "admin"})).await.expect(201);

    assert_eq!(row(&workspace, "/invitations").await, [known("ben@example.com", "pending")]);
    assert_eq!(row(&workspace, "/members").await, [known("anna@example.com", "active")]);
    for path in ["", "/me", "/members", "/records/contacts", "/settings"] {
        let path = format!("/api/v1/workspaces/acme{path}");
        ben.get(&path).await.refused(404, "not_found");
    }
    assert_eq!(ben.get("/api/v1/me").await.expect(200).body["workspaces"], json!([]));
}

/// CRM-125
#[tokio::test]
async fn acceptance_activates_and_an_admin_deactivates_and_reactivates() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let admin = workspace.join("ada", json!({"role": "admin"})).await;
    let invitation =
        workspace.invite(&admin, "ben", json!({"role": "user"})).await.expect(201).id();
    let ben = workspace.accept_as_new("ben").await;
    let member = format!("/members/{}", ben.id);
    let status = async || admin.get(&member).await.expect(200).text("status");
    let turn = async |how: &str| admin.post(&format!("{member}/{how}"), json!({})).await;
    assert_eq!(status().await, "active");

    turn("reactivate").await.refused(409, "already");
    let _ = turn("deactivate").await.expect(200);
    assert_eq!(status().await, "inactive");
    turn("deactivate").await.refused(409, "already");
    let _ = turn("reactivate").await.expect(200);
    assert_eq!(status().await, "active");
    let _ = turn("deactivate").await.expect(200);

    // There is no other transition and no other status.
    for word in ["active", "inactive", "pending", "removed"] {
        let _ = admin.patch(&member, json!({"status": word})).await.expect(422);
    }
    admin.delete(&member).await.refused(409, "no_such_verb");
    admin.post("/leave", json!({})).await.refused(409, "no_such_verb");
    for path in [format!("/invitations/{invitation}"), format!("/members/{invitation}")] {
        let gone = admin.delete(&path).await;
        assert!(matches!(gone.status, 404 | 409), "{}", gone.text);
    }
    let resent = admin.post(&format!("/invitations/{invitation}/resend"), json!({})).await;
    resent.refused(409, "invitation_accepted");
    let again = workspace.invite(&admin, "ben", json!({"role": "user"})).await;
    again.refused(409, "already_member");
    assert_eq!(status().await, "inactive");
    for word in ["removed", "expired", "suspended"] {
        let _ = admin.get(&format!("/members?status={word}")).await.expect(422);
    }
}

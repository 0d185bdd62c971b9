//! Exactly one Owner, changed only by transfer; only the Owner deletes the organization.

use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::json;

async fn owners(workspace: &TestWorkspace<'_>) -> Vec<String> {
    workspace.anna.get("/members?role=owner").await.expect(200).each("first_name")
}

/// CRM-045, CRM-046
#[tokio::test]
async fn a_transfer_makes_the_former_owner_an_admin() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "admin"})).await;
    let theirs = json!({"to": cleo.id});
    cleo.post("/ownership", theirs.clone()).await.refused(403, "denied");
    ben.post("/ownership", theirs).await.refused(403, "denied");

    let _ = workspace.anna.post("/ownership", json!({"to": ben.id})).await.expect(204);

    let members = ben.get("/members").await.expect(200);
    assert_eq!(members.each("first_name"), ["Anna", "Ben", "Cleo"]);
    assert_eq!(members.each("role"), ["admin", "owner", "admin"]);
    let _ = ben.get("/audit").await.expect(200);
    workspace.anna.get("/audit").await.refused(403, "denied");
    workspace.anna.post("/ownership", json!({"to": cleo.id})).await.refused(403, "denied");
    let _ = ben.post("/ownership", json!({"to": workspace.anna.id})).await.expect(204);
    assert_eq!(owners(&workspace).await, ["Anna"]);
}

/// CRM-046
#[tokio::test(flavor = "multi_thread")]
async fn of_two_concurrent_transfers_one_wins() {
    let server = TestServer::on_file().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "manager"})).await;
    let (to_ben, to_cleo) = (json!({"to": ben.id}), json!({"to": cleo.id}));

    let (one, other) = tokio::join!(
        workspace.anna.post("/ownership", to_ben),
        workspace.anna.post("/ownership", to_cleo)
    );

    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 403], "{} {}", one.text, other.text);
    let winner = if one.status == 204 { "Ben" } else { "Cleo" };
    assert_eq!(owners(&workspace).await, [winner]);
}

/// CRM-046
#[tokio::test]
async fn ownership_cannot_go_to_an_inactive_user_or_an_outsider() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let other = server.found_as("eve", "team-management", "other").await;
    let path = format!("/members/{}/deactivate", ben.id);
    let _ = workspace.anna.post(&path, json!({})).await.expect(200);

    for (to, status) in [(&ben.id, 422), (&workspace.anna.id, 422), (&other.anna.id, 404)] {
        let _ = workspace.anna.post("/ownership", json!({"to": to})).await.expect(status);
    }

    assert_eq!(owners(&workspace).await, ["Anna"]);
}

/// CRM-046, CRM-133
#[tokio::test]
async fn an_edit_neither_gives_nor_takes_the_owner_role() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let (hers, his) =
        (format!("/members/{}", workspace.anna.id), format!("/members/{}", ben.id));

    for role in ["admin", "manager", "user"] {
        let change = json!({"role": role});
        workspace.anna.patch(&hers, change.clone()).await.refused(409, "transfer_only");
        ben.patch(&hers, change).await.refused(409, "transfer_only");
    }
    let owner = json!({"role": "owner"});
    workspace.anna.patch(&his, owner.clone()).await.refused(409, "transfer_only");
    ben.patch(&his, owner.clone()).await.refused(409, "transfer_only");
    let invited = workspace.invite(&workspace.anna, "cleo", owner).await;
    assert!(matches!(invited.status, 403 | 409), "{}", invited.text);

    assert_eq!(owners(&workspace).await, ["Anna"]);
}

/// CRM-143
#[tokio::test]
async fn the_owner_cannot_be_deactivated_and_users_cannot_deactivate_themselves() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let out = |id: &str| format!("/members/{id}/deactivate");

    let (hers, his) = (out(&workspace.anna.id), out(&ben.id));
    workspace.anna.post(&hers, json!({})).await.refused(409, "transfer_only");
    ben.post(&hers, json!({})).await.refused(409, "transfer_only");
    ben.post(&his, json!({})).await.refused(409, "no_self_deactivation");
    cleo.post(&out(&cleo.id), json!({})).await.refused(403, "denied");

    let members = workspace.anna.get("/members").await.expect(200);
    assert_eq!(members.each("status"), ["active"; 3]);
}

/// CRM-047
#[tokio::test]
async fn the_owner_deletes_the_organization_by_typing_its_name() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let typed = || json!({"confirm": "acme"});
    ben.delete_with("", typed()).await.refused(403, "denied");
    for wrong in [json!({}), json!({"confirm": "Acme"}), json!({"confirm": "acme "})] {
        workspace.anna.delete_with("", wrong).await.refused(422, "not_confirmed");
    }
    let _ = ben.get("/records/contacts").await.expect(200);

    let _ = workspace.anna.delete_with("", typed()).await.expect(204);

    workspace.anna.get("").await.refused(404, "not_found");
    ben.get("/records/contacts").await.refused(404, "not_found");
}

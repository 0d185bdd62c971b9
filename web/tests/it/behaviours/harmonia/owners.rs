//! At least one owner, always; any number of them.

use hallpass_testkit::TestServer;
use serde_json::json;

/// HARMONIA-02, HARMONIA-03
#[tokio::test]
async fn the_creator_owns_the_organization_and_seats_are_unlimited() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;

    let members = workspace.anna.get("/members").await.expect(200);
    assert_eq!(members.each("role"), ["owner"]);

    let emails: Vec<String> = (0..50).map(|n| format!("person{n}@example.com")).collect();
    let invited = workspace
        .anna
        .post("/invitations", json!({"emails": emails, "role": "member"}))
        .await
        .expect(201);
    assert_eq!(invited.items().len(), 50);
}

/// HARMONIA-31, HARMONIA-32
#[tokio::test]
async fn promoting_others_to_owner_demotes_no_one() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    for name in ["ben", "cleo", "dan"] {
        let person = workspace.join(name, json!({"role": "member"})).await;
        let path = format!("/members/{}", person.id);
        let _ = workspace.anna.patch(&path, json!({"role": "owner"})).await.expect(200);
    }

    let members = workspace.anna.get("/members").await.expect(200);
    assert_eq!(members.each("role"), ["owner"; 4]);
}

/// HARMONIA-33, HARMONIA-34
#[tokio::test]
async fn an_owner_can_step_down_only_if_another_remains() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let mine = format!("/members/{}", workspace.anna.id);
    let down = json!({"role": "admin"});
    workspace.anna.patch(&mine, down.clone()).await.refused(409, "last_top_role");

    let _ben = workspace.join("ben", json!({"role": "owner"})).await;

    let _ = workspace.anna.patch(&mine, down).await.expect(200);
}

/// HARMONIA-01, HARMONIA-35
#[tokio::test]
async fn the_last_owner_cannot_leave_in_any_way() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let (anna, mine) = (&workspace.anna, format!("/members/{}", workspace.anna.id));

    anna.patch(&mine, json!({"role": "member"})).await.refused(409, "last_top_role");
    anna.patch(&mine, json!({"role": "admin"})).await.refused(409, "last_top_role");
    anna.delete(&mine).await.refused(409, "last_top_role");
    anna.post("/leave", json!({})).await.refused(409, "last_top_role");
    let left = anna.delete_with("/api/v1/me", json!({"confirm": "DELETE"})).await;
    left.refused(409, "last_top_role");
    assert!(left.text("detail").contains("`Acme`"), "{}", left.text);
    ben.delete(&mine).await.refused(403, "may_not_touch");

    let members = anna.get("/members?role=owner").await.expect(200);
    assert_eq!(members.body["total"], 1);
}

/// HARMONIA-36
#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_demote_each_other_one_stays() {
    let server = TestServer::on_file().await;
    let workspace = server.found("harmonia").await;
    let ben = workspace.join("ben", json!({"role": "owner"})).await;
    let (his, hers) =
        (format!("/members/{}", ben.id), format!("/members/{}", workspace.anna.id));
    let down = || json!({"role": "admin"});

    let (one, other) =
        tokio::join!(workspace.anna.patch(&his, down()), ben.patch(&hers, down()));

    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    // The second request comes from a former owner or meets the last one.
    assert!(statuses == [200, 403] || statuses == [200, 409], "{statuses:?}");
    let owners = if one.status == 200 { &workspace.anna } else { &ben };
    assert_eq!(owners.get("/members?role=owner").await.body["total"], 1);
}

/// HARMONIA-38
#[tokio::test]
async fn ownership_is_transferred_in_one_step() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;

    let _ = workspace.anna.post("/ownership", json!({"to": ben.id})).await.expect(204);

    let roles = ben.get("/members").await.expect(200).each("role");
    assert_eq!(roles, ["admin", "owner"]);
    workspace
        .anna
        .post("/ownership", json!({"to": workspace.anna.id}))
        .await
        .refused(403, "denied");
}

/// HARMONIA-11
#[tokio::test]
async fn an_owner_deletes_the_organization_and_an_admin_does_not() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    ben.delete_with("", json!({"confirm": "acme"})).await.refused(403, "denied");
    workspace
        .anna
        .delete_with("", json!({"confirm": "Acme"}))
        .await
        .refused(422, "not_confirmed");

    let _ = workspace.anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);

    workspace.anna.get("").await.refused(404, "not_found");
    let _ = workspace.anna.post("/restore", json!({})).await.expect(200);
    let _ = workspace.anna.get("").await.expect(200);
}

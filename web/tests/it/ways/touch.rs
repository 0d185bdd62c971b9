//! Touching a member: one question for every field, every invitation and every API key of theirs.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

/// Every way of touching a member, with the status that a permitted one has.
async fn touches(person: &Person, member: &str) -> Vec<(Value, u16)> {
    let path = format!("/members/{member}");
    let mut statuses = Vec::new();
    for change in [
        json!({"landing": "contacts"}),
        json!({"alias": "Support"}),
        json!({}),
        json!({"visibility": "department"}),
        json!({"department": null}),
        json!({"manager": null}),
        json!({"teams": []}),
    ] {
        let answer = person.patch(&path, change.clone()).await;
        statuses.push((change, answer.status));
    }
    statuses
}

#[tokio::test]
async fn no_field_of_a_higher_role_is_changed() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let admin = workspace.join("ben", json!({"role": "admin"})).await;
    let member = workspace.join("cleo", json!({"role": "member"})).await;

    for (change, status) in touches(&admin, &workspace.anna.id).await {
        assert_eq!(status, 403, "{change}");
    }
    for target in [&member, &admin] {
        for (change, status) in touches(&admin, &target.id).await {
            assert_eq!(status, 200, "{change}");
        }
    }
    let anna = workspace.anna.get(&format!("/members/{}", workspace.anna.id)).await;
    assert_eq!(anna.body["landing"], Value::Null);
    assert_eq!(anna.body["alias"], Value::Null);
}

#[tokio::test]
async fn an_invitation_is_revoked_by_those_who_could_send_it_again() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let admin = workspace.join("ben", json!({"role": "admin"})).await;
    let grants = json!({"name": "Secretary",
        "grants": ["team:read,create,delete:all", "contacts:read:all"]});
    let role = workspace.anna.post("/roles", grants).await.expect(201).id();
    let secretary = workspace.join("dan", json!({"role": role})).await;
    for (name, access, by_admin, by_secretary) in [
        ("owner", json!({"role": "owner"}), 403, 403),
        ("admin", json!({"role": "admin"}), 204, 403),
        ("flag", json!({"role": "admin", "billing_contact": true}), 403, 403),
        ("peer", json!({"role": role}), 204, 204),
    ] {
        for (person, status) in [(&secretary, by_secretary), (&admin, by_admin)] {
            let guest = format!("{name}-{}", person.id.len() + usize::from(status));
            let sent = workspace.invite(&workspace.anna, &guest, access.clone()).await;
            let path = format!("/invitations/{}", sent.expect(201).id());
            let resent = person.post(&format!("{path}/resend"), json!({})).await;

            let revoked = person.delete(&path).await;

            assert_eq!(revoked.status, status, "{name}");
            assert_eq!(resent.status == 200, status == 204, "{name}");
            if status != 204 {
                let _ = workspace.anna.delete(&path).await.expect(204);
            }
        }
    }
}

#[tokio::test]
async fn an_api_key_is_revoked_by_those_who_could_create_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let admin = workspace.join("ben", json!({"role": "admin"})).await;
    let member = workspace.join("cleo", json!({"role": "member"})).await;
    let anna = &workspace.anna;
    for (of, status) in [(anna, 403), (&admin, 204), (&member, 204)] {
        let key = json!({"name": "Sync", "member": of.id});
        let made = anna.post("/api-keys", key.clone()).await.expect(201);
        let path = format!("/api-keys/{}", made.body["id"].as_str().unwrap_or_default());

        let revoked = admin.delete(&path).await;

        assert_eq!(revoked.status, status);
        let made = admin.post("/api-keys", key).await;
        assert_eq!(made.status == 201, status == 204);
    }
    // The keys of an inactive member, who holds nothing, can be revoked.
    let key = json!({"name": "Sync", "member": member.id});
    let made = anna.post("/api-keys", key).await.expect(201);
    let out = format!("/members/{}/deactivate", member.id);
    let _ = anna.post(&out, json!({})).await.expect(200);
    let path = format!("/api-keys/{}", made.body["id"].as_str().unwrap_or_default());
    let _ = admin.delete(&path).await.expect(204);
}

async fn department(workspace: &TestWorkspace<'_>, name: &str) -> String {
    workspace.anna.post("/departments", json!({"name": name})).await.expect(201).id()
}

/// CRM-170
#[tokio::test]
async fn an_owner_is_placed_by_themselves() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let admin = workspace.join("ben", json!({"role": "admin"})).await;
    let own = format!("/members/{}", workspace.anna.id);
    let sales = department(&workspace, "Sales").await;
    let path = format!("/departments/{sales}");

    for change in [
        json!({"department": sales}),
        json!({"visibility": "all"}),
        json!({"manager": admin.id}),
        json!({"visibility": "own"}),
    ] {
        admin.patch(&own, change.clone()).await.refused(403, "may_not_touch");
        let _ = workspace.anna.patch(&own, change).await.expect(200);
    }

    admin.delete(&path).await.refused(409, "in_use");
    let _ = workspace.anna.patch(&own, json!({"department": null})).await.expect(200);
    let _ = admin.delete(&path).await.expect(204);
}

#[tokio::test]
async fn members_change_themselves_where_no_right_grows() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let admin = workspace.join("ben", json!({"role": "admin"})).await;
    let user = workspace.join("cleo", json!({"role": "user"})).await;
    let sales = department(&workspace, "Sales").await;
    let placed = json!({"department": sales});
    let theirs = format!("/members/{}", user.id);
    let _ = workspace.anna.patch(&theirs, placed.clone()).await.expect(200);
    let own = format!("/members/{}", admin.id);
    let _ = admin.patch(&own, placed).await.expect(200);
    let switch = json!({"switches": {"visibility_for_admins": true}});
    let _ = workspace.anna.patch("/settings", switch).await.expect(200);

    admin.patch(&own, json!({"visibility": "all"})).await.refused(403, "grant_ceiling");
    admin.patch(&own, json!({"role": "owner"})).await.refused(409, "transfer_only");
    let grown = admin.patch(&own, json!({"visibility": "department"})).await;
    grown.refused(403, "grant_ceiling");
}

#[tokio::test]
async fn a_preset_that_only_reads_is_not_offered_on_a_role_that_writes() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let analyst = json!({"role": "member", "preset": "analyst"});
    let refused = workspace.invite(&workspace.anna, "ben", analyst).await;
    refused.refused(422, "invalid");
    assert_eq!(refused.pointers(), ["/preset"]);
    let viewer = json!({"name": "Viewer", "grants": []});
    let viewer = workspace.anna.post("/roles", viewer).await.expect(201).id();

    let ben = workspace.join("ben", json!({"role": viewer, "preset": "analyst"})).await;
    let path = format!("/members/{}", ben.id);
    assert_eq!(workspace.anna.get(&path).await.text("preset"), "analyst");
    let offered = workspace.anna.get("/presets").await.expect(200);
    let of = |key: &str| offered.items().iter().find(|one| one["key"] == key).unwrap();
    assert_eq!(of("analyst")["roles"], json!([viewer]));
    assert_eq!(of("marketing")["roles"], json!(["member", viewer]));

    // The levels stay, but the name would not be true.
    let changed = workspace.anna.patch(&path, json!({"role": "member"})).await.expect(200);
    assert_eq!(changed.body["preset"], Value::Null);
    let _ = workspace.anna.patch(&path, json!({"role": viewer})).await.expect(200);
    let writes = json!({"name": "Writers", "grants": {"contacts": {"update": "all"}}});
    let profile = workspace.anna.post("/profiles", writes).await.expect(201).id();
    let team = json!({"name": "Writers", "profile": profile});
    let team = workspace.anna.post("/teams", team).await.expect(201).id();
    let joined = workspace.anna.patch(&path, json!({"teams": [team]})).await.expect(200);
    assert_eq!(joined.body["preset"], Value::Null);
}

//! Deactivation: access ends at once, and everything is kept for a reactivation.

use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace, test_server::PASSWORD};
use serde_json::json;

async fn turn(by: &Person, who: &Person, how: &str) {
    let path = format!("/members/{}/{how}", who.id);
    let _ = by.post(&path, json!({})).await.expect(200);
}

async fn sign_in(server: &TestServer, email: &str, password: &str) -> (Person, Answer) {
    let person = server.anonymous();
    let body = json!({"email": email, "password": password});
    let answer = person.post("/api/v1/sessions", body).await;
    (person, answer)
}

async fn is_out(workspace: &TestWorkspace<'_>, person: &Person) -> bool {
    let member = workspace.anna.get(&format!("/members/{}", person.id)).await.expect(200);
    member.text("status") == "inactive"
}

/// CRM-138
#[tokio::test]
async fn deactivated_users_cannot_sign_in_and_the_response_does_not_say_why() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let (_, before) = sign_in(&server, "ben@example.com", PASSWORD).await;
    let _ = before.expect(201);

    turn(&workspace.anna, &ben, "deactivate").await;

    let (_, refused) = sign_in(&server, "ben@example.com", PASSWORD).await;
    refused.refused(401, "bad_credentials");
    let (_, wrong) = sign_in(&server, "ben@example.com", "not his password").await;
    let (_, unknown) = sign_in(&server, "unknown@example.com", PASSWORD).await;
    assert_eq!((&refused.body, &refused.body), (&wrong.body, &unknown.body));
    let link = json!({"email": "ben@example.com"});
    let _ = server.anonymous().post("/api/v1/password-resets", link).await;
    let token = server.last_token("password_reset", "ben@example.com").await;
    let new = json!({"password": "staple battery horse"});
    let path = format!("/api/v1/password-resets/{token}");
    let _ = server.anonymous().put(&path, new).await.expect(204);
    let (_, still) = sign_in(&server, "ben@example.com", "staple battery horse").await;
    still.refused(401, "bad_credentials");
    assert!(is_out(&workspace, &ben).await);
}

/// CRM-138
#[tokio::test]
async fn a_user_active_elsewhere_signs_in_and_reaches_only_that_workspace() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let other = server.found_as("eve", "team-management", "other").await;
    let _ = other.invite(&other.anna, "ben", json!({"role": "user"})).await.expect(201);
    let _ = other.accept(&ben, "ben").await.expect(201);

    turn(&workspace.anna, &ben, "deactivate").await;

    let (again, answer) = sign_in(&server, "ben@example.com", PASSWORD).await;
    let _ = answer.expect(201);
    let _ = again.get("/api/v1/workspaces/other/records/contacts").await.expect(200);
    again.get("/api/v1/workspaces/acme/records/contacts").await.refused(404, "not_found");
    let there = other.anna.get("/members?q=ben").await.expect(200).items()[0]["id"].clone();
    let path = format!("/members/{}/deactivate", there.as_str().unwrap());
    let _ = other.anna.post(&path, json!({})).await.expect(200);
    again.get("/api/v1/me").await.refused(401, "not_signed_in");
    let (_, refused) = sign_in(&server, "ben@example.com", PASSWORD).await;
    refused.refused(401, "bad_credentials");
}

/// CRM-138
#[tokio::test]
async fn a_deactivated_user_can_accept_an_invitation_of_another_organization() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let other = server.found_as("eve", "team-management", "other").await;
    turn(&workspace.anna, &ben, "deactivate").await;
    let _ = other.invite(&other.anna, "ben", json!({"role": "user"})).await.expect(201);
    let path = format!("/api/v1/invitations/{}/accept", other.token("ben").await);
    let stranger = server.anonymous();
    let wrong = json!({"password": "not his password", "first_name": "Ben"});
    stranger.post(&path, wrong).await.refused(409, "address_taken");

    let _ = stranger.post(&path, json!({"password": PASSWORD})).await.expect(201);

    assert_eq!(stranger.cookie(), None);
    let (again, answer) = sign_in(&server, "ben@example.com", PASSWORD).await;
    let _ = answer.expect(201);
    let _ = again.get("/api/v1/workspaces/other/me").await.expect(200);
    again.get("/api/v1/workspaces/acme/me").await.refused(404, "not_found");
}

/// CRM-139
#[tokio::test]
async fn deactivation_ends_all_sessions_and_api_keys_at_once() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let (second, answer) = sign_in(&server, "ben@example.com", PASSWORD).await;
    let _ = answer.expect(201);
    let second = second.at("acme").await;
    let ask = json!({"name": "Reports", "member": ben.id});
    let key = workspace.anna.post("/api-keys", ask).await.expect(201).text("key");
    let program = ben.with_api_key(&key);
    for person in [&ben, &second, &program] {
        let _ = person.get("/records/contacts").await.expect(200);
    }

    turn(&workspace.anna, &ben, "deactivate").await;

    for person in [&ben, &second] {
        for path in ["/records/contacts", "/me", "/api/v1/me", "/api/v1/me/sessions"] {
            person.get(path).await.refused(401, "not_signed_in");
        }
    }
    let stopped = program.get("/records/contacts").await;
    assert!(matches!(stopped.status, 401 | 404), "{}", stopped.text);
    turn(&workspace.anna, &ben, "reactivate").await;
    ben.get("/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn without_the_blueprint_setting_inactive_users_keep_their_account() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;

    turn(&workspace.anna, &ben, "deactivate").await;

    ben.get("/me").await.refused(404, "not_found");
    let _ = ben.get("/api/v1/me").await.expect(200);
    let (_, answer) = sign_in(&server, "ben@example.com", PASSWORD).await;
    let _ = answer.expect(201);
}

/// CRM-140
#[tokio::test]
async fn deactivated_users_keep_their_records() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let mut made = Vec::new();
    for entity in ["contacts", "deals", "accounts", "activities", "projects", "tickets"] {
        made.push((entity, workspace.record(&ben, entity, "Ben's").await));
    }

    turn(&workspace.anna, &ben, "deactivate").await;

    for (entity, id) in made {
        let path = format!("/records/{entity}/{id}");
        let record = workspace.anna.get(&path).await.expect(200);
        assert_eq!(record.text("owner"), ben.id);
        assert_eq!(record.text("owner_status"), "inactive");
        let page = workspace.anna.get(&format!("/records/{entity}?owner={}", ben.id)).await;
        assert_eq!(
            (page.each("id"), page.each("owner_status")),
            (vec![id], vec!["inactive".into()])
        );
        cleo.get(&path).await.refused(404, "not_found");
    }
}

/// CRM-142, CRM-211
#[tokio::test]
async fn reactivation_restores_everything_as_it_was() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let admin = workspace.join("ada", json!({"role": "admin"})).await;
    let boss = workspace.join("cleo", json!({"role": "manager"})).await;
    let ben = workspace.join("ben", json!({"role": "manager"})).await;
    let sales =
        workspace.anna.post("/departments", json!({"name": "Sales"})).await.expect(201).id();
    let access = json!({"visibility": "department", "department": sales, "manager": boss.id});
    let path = format!("/members/{}", ben.id);
    let _ = admin.patch(&path, access).await.expect(200);
    let record = workspace.record(&ben, "contacts", "Zoe").await;
    let before = admin.get(&path).await.expect(200).body;

    turn(&admin, &ben, "deactivate").await;
    assert_eq!(admin.get(&path).await.expect(200).text("status"), "inactive");
    assert!(boss.post(&format!("{path}/reactivate"), json!({})).await.status == 403);
    turn(&admin, &ben, "reactivate").await;

    let after = admin.get(&path).await.expect(200).body;
    for key in ["status", "role", "visibility", "department", "manager", "id", "joined_at"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    let (again, answer) = sign_in(&server, "ben@example.com", PASSWORD).await;
    let _ = answer.expect(201);
    let again = again.at("acme").await;
    let zoe = again.get(&format!("/records/contacts/{record}")).await.expect(200);
    assert_eq!(
        (zoe.text("owner"), zoe.text("owner_status")),
        (ben.id.clone(), "active".into())
    );
    let _ = again.patch(&format!("/records/contacts/{record}"), json!({})).await.expect(200);
    admin
        .post(&format!("/members/{}/deactivate", workspace.anna.id), json!({}))
        .await
        .refused(409, "transfer_only");
}

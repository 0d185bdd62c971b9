//! Deleting your account removes you from every workspace, and nothing else.

use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::json;

use super::further;

async fn delete(person: &Person) -> Answer {
    person.delete_with("/api/v1/me", json!({"confirm": "DELETE"})).await
}

async fn sign_in(server: &TestServer, name: &str) -> (Person, Answer) {
    let browser = server.anonymous();
    let email = format!("{name}@example.com");
    let body = json!({"email": email, "password": "correct horse battery"});
    let answer = browser.post("/api/v1/sessions", body).await;
    (browser, answer)
}

/// HARMONY-51, HARMONY-52, HARMONY-58
#[tokio::test]
async fn deleting_an_account_removes_its_memberships_and_keeps_its_records() {
    let server = TestServer::in_memory().await;
    let one = server.found("harmony").await;
    let other = server.found_as("eve", "harmony", "other").await;
    let ben = one.join("ben", json!({"role": "admin"})).await;
    let _ = other.invite(&other.anna, "ben", json!({"role": "member"})).await.expect(201);
    let _ = other.accept(&ben, "ben").await.expect(201);
    let there = ben.at("other").await;
    let mut made = Vec::new();
    for (workspace, person) in [(&one, &ben), (&other, &there)] {
        made.push((
            workspace,
            workspace.record(person, "conversations", "Kick-off").await,
            &person.id,
        ));
    }

    let _ = delete(&ben).await.expect(204);

    sign_in(&server, "ben").await.1.refused(401, "bad_credentials");
    for (workspace, record, owner) in made {
        let members = workspace.anna.get("/members").await.expect(200);
        assert_eq!(members.body["total"], 1);
        assert!(!members.text.contains("ben@example.com"));
        let left = workspace.anna.get(&format!("/members/{owner}")).await.expect(200);
        assert_eq!(left.text("status"), "removed");
        let path = format!("/records/conversations/{record}");
        let kept = workspace.anna.get(&path).await.expect(200);
        assert_eq!(
            (kept.text("title"), kept.text("owner")),
            ("Kick-off".to_owned(), owner.clone())
        );
        assert_eq!(workspace.anna.get("").await.expect(200).status, 200);
    }
    // The email address is free; a new account with it has none of the old access.
    let again = server.sign_up("ben").await;
    assert_eq!(again.get("/api/v1/me").await.expect(200).body["workspaces"], json!([]));
    again.get("/api/v1/workspaces/acme").await.refused(404, "not_found");
}

/// HARMONY-53, HARMONY-54
#[tokio::test]
async fn the_only_active_admin_of_a_workspace_cannot_delete_their_account() {
    let server = TestServer::in_memory().await;
    let one = server.found("harmony").await;
    let other = further(&server, &one.anna, "anna", "other").await;
    let third = further(&server, &one.anna, "anna", "third").await;
    let anna = &one.anna;

    let blocked = delete(anna).await;
    blocked.refused(409, "last_top_role");
    for name in ["Acme", "The other", "The third"] {
        assert!(blocked.text("detail").contains(&format!("`{name}`")), "{}", blocked.text);
    }

    // With another Admin in two workspaces, the third still prevents it.
    let _ben = one.join("ben", json!({"role": "admin"})).await;
    let _cleo = other.join("cleo", json!({"role": "admin"})).await;
    let blocked = delete(anna).await;
    blocked.refused(409, "last_top_role");
    let detail = blocked.text("detail");
    assert!(detail.contains("`The third`"), "{detail}");
    assert!(!detail.contains("Acme") && !detail.contains("other"), "{detail}");
    for workspace in [&one, &other, &third] {
        assert_eq!(workspace.anna.get("/me").await.expect(200).text("status"), "active");
    }
    let _ = sign_in(&server, "anna").await.1.expect(201);
}

/// HARMONY-55
#[tokio::test]
async fn an_admin_who_is_inactive_or_only_invited_does_not_count() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let path = format!("/members/{}", ben.id);
    let _ = anna.post(&format!("{path}/deactivate"), json!({})).await.expect(200);
    let _ = workspace.invite(anna, "cleo", json!({"role": "admin"})).await.expect(201);
    // A custom role with every grant does not count as Admin.
    let role = json!({"name": "Almighty", "grants": ["*:*:all"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let _dan = workspace.join("dan", json!({"role": role})).await;

    delete(anna).await.refused(409, "last_top_role");

    let _ = anna.post(&format!("{path}/reactivate"), json!({})).await.expect(200);
    let _ = delete(anna).await.expect(204);
}

/// HARMONY-57
#[tokio::test]
async fn the_confirmation_must_match_exactly() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    for word in ["delete", "Delete", "DELETE_", " DELETE", "DELETE ", "\u{ff24}ELETE", ""] {
        let refused = ben.delete_with("/api/v1/me", json!({"confirm": word})).await;
        refused.refused(422, "not_confirmed");
        assert!(refused.text("detail").contains("`DELETE`"), "{}", refused.text);
    }
    ben.delete_with("/api/v1/me", json!({})).await.refused(422, "not_confirmed");

    let _ = ben.get("/me").await.expect(200);
    let _ = delete(&ben).await.expect(204);
}

/// HARMONY-59
#[tokio::test]
async fn every_role_may_delete_their_own_account() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let role = json!({"name": "Nothing", "grants": []});
    let nothing = workspace.anna.post("/roles", role).await.expect(201).id();
    for (name, role) in [("ben", "member"), ("cleo", &nothing), ("dan", "admin")] {
        let person = workspace.join(name, json!({"role": role})).await;

        let _ = delete(&person).await.expect(204);

        assert_eq!(
            workspace.anna.get("/members").await.expect(200).each("first_name"),
            ["Anna"]
        );
    }
    // An inactive member still owns their account.
    let eve = workspace.join("eve", json!({"role": "member"})).await;
    let path = format!("/members/{}/deactivate", eve.id);
    let _ = workspace.anna.post(&path, json!({})).await.expect(200);
    let _ = delete(&eve).await.expect(204);
    assert_eq!(workspace.anna.get("/members").await.expect(200).body["total"], 1);
}

/// HARMONY-60
#[tokio::test]
async fn sessions_and_links_end_with_the_account() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let ben = server.sign_up("ben").await;
    let confirmation = server.last_token("confirm_address", "ben@example.com").await;
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "admin"})).await.expect(201);
    let _ = workspace.accept(&ben, "ben").await.expect(201);
    let ben = ben.at("acme").await;
    let elsewhere = sign_in(&server, "ben").await.0.at("acme").await;
    let _ = elsewhere.get("/members").await.expect(200);
    let asked = json!({"email": "ben@example.com"});
    let _ = server.anonymous().post("/api/v1/password-resets", asked).await.expect(204);
    let reset = server.last_token("password_reset", "ben@example.com").await;
    // An invitation that he sent is no longer valid.
    let _ = workspace.invite(&ben, "dan", json!({"role": "member"})).await.expect(201);
    let cookie = ben.cookie();

    let gone = ben.same_session();
    let _ = delete(&ben).await.expect(204);

    assert!(cookie.is_some() && gone.cookie() == cookie);
    for person in [&gone, &elsewhere] {
        for path in ["/api/v1/me", "", "/members", "/records/conversations"] {
            person.get(path).await.refused(401, "not_signed_in");
        }
        let body = json!({"fields": {"title": "Kick-off"}});
        person.post("/records/conversations", body).await.refused(401, "not_signed_in");
    }
    let stranger = server.anonymous();
    let body = json!({"password": "another horse battery"});
    let path = format!("/api/v1/password-resets/{reset}");
    stranger.put(&path, body).await.refused(409, "dead_link");
    let path = format!("/api/v1/confirmations/{confirmation}");
    stranger.post(&path, json!({})).await.refused(409, "dead_link");
    let token = workspace.token("dan").await;
    let body = json!({"password": "correct horse battery", "first_name": "Dan"});
    let late = stranger.post(&format!("/api/v1/invitations/{token}/accept"), body).await;
    late.refused(409, "invitation_outdated");
}

/// HARMONY-69
#[tokio::test]
async fn with_another_active_admin_the_first_can_leave() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    delete(&workspace.anna).await.refused(409, "last_top_role");

    let path = format!("/members/{}", ben.id);
    let _ = workspace.anna.patch(&path, json!({"role": "admin"})).await.expect(200);
    let _ = delete(&workspace.anna).await.expect(204);

    assert_eq!(ben.get("/members").await.expect(200).each("first_name"), ["Ben"]);
    delete(&ben).await.refused(409, "last_top_role");
}

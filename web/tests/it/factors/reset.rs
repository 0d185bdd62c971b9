//! The reset of a member's second factors by an administrator.

use hallpass_testkit::TestServer;
use hallpass_testkit::test_server::PASSWORD;
use serde_json::json;

use super::{WithApp, factors, sign_in, two_factor};

#[tokio::test]
async fn a_reset_leaves_nothing_to_sign_in_with_but_the_mailbox() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let id = ben.id.clone();
    let ben = WithApp::of(&server, ben).await;
    let member = format!("/members/{id}");
    assert_eq!(workspace.anna.get(&member).await.body["two_factor"], true);

    let _ = workspace.anna.delete(&format!("{member}/factors")).await.expect(204);

    assert_eq!(workspace.anna.get(&member).await.body["two_factor"], false);
    assert_eq!(ben.person.get("/api/v1/me").await.status, 401, "the session has ended");
    sign_in(&server, "ben", None).await.refused(401, "bad_credentials");
    let code = ben.next_code(&server);
    sign_in(&server, "ben", Some(&code)).await.refused(401, "bad_credentials");
    let link = server.last_token("factors_reset", "ben@example.com").await;
    let path = format!("/api/v1/password-resets/{link}");
    let _ = server.anonymous().put(&path, json!({"password": PASSWORD})).await.expect(204);
    let _ = sign_in(&server, "ben", None).await.expect(201);
    let audit = workspace.anna.get("/audit?action=member.reset_factors").await.expect(200);
    assert_eq!(audit.items()[0]["subject"], json!(id));
}

#[tokio::test]
async fn a_workspace_does_not_weaken_an_account_of_another_one() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let other = server.found_as("eve", "standard", "other").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let id = ben.id.clone();
    let _ = other.invite(&other.anna, "ben", json!({"role": "member"})).await.expect(201);
    let link = other.token("ben").await;
    let accept = format!("/api/v1/invitations/{link}/accept");
    let _ = ben.post(&accept, json!({})).await;
    let ben = WithApp::of(&server, ben).await;

    let reset = workspace.anna.delete(&format!("/members/{id}/factors")).await;

    reset.refused(409, "factors_kept");
    assert_eq!(two_factor(&ben.person).await["enabled"], true);
    let _ = factors(&sign_in(&server, "ben", None).await);
}

#[tokio::test]
async fn who_may_not_change_a_member_does_not_reset_them() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "admin"})).await;
    let anna = workspace.anna.get("/me").await.id();
    let (bens, annas) =
        (format!("/members/{}/factors", ben.id), format!("/members/{anna}/factors"));
    let path = format!("/members/{}/factors", cleo.id);

    ben.delete(&path).await.refused(403, "denied");
    cleo.delete(&annas).await.refused(403, "may_not_touch");
    cleo.delete(&bens).await.refused(409, "no_second_factor");
    let key = workspace.anna.post("/api-keys", json!({"name": "Nightly"})).await.expect(201);
    let program = workspace.anna.with_api_key(&key.text("key"));
    program.delete(&bens).await.refused(403, "not_by_key");
}

/// CRM-202: lists, one member and the review say who has a second factor.
#[tokio::test]
async fn members_are_shown_with_their_second_factor() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let _cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let _ben = WithApp::of(&server, ben).await;

    let listed = workspace.anna.get("/members").await.expect(200);
    let review = workspace.anna.get("/role-assignments/export").await.expect(200);

    let has: Vec<_> = listed
        .items()
        .iter()
        .map(|one| (one["first_name"].as_str().unwrap(), one["two_factor"].as_bool().unwrap()))
        .collect();
    assert_eq!(has, [("Anna", false), ("Ben", true), ("Cleo", false)]);
    let lines: Vec<&str> = review.text.lines().collect();
    assert!(lines[0].ends_with(",two_factor"), "{}", lines[0]);
    for line in &lines[1..] {
        assert_eq!(line.ends_with(",true"), line.contains("ben@example.com"), "{line}");
    }
}

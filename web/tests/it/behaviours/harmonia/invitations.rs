//! Invitations: by mail, valid for fourteen days, for one email address.

use hallpass_domain::time::Span;
use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::json;

async fn statuses(workspace: &TestWorkspace<'_>) -> Vec<String> {
    workspace.anna.get("/invitations").await.expect(200).each("status")
}

/// HARMONIA-40, HARMONIA-41
#[tokio::test]
async fn an_invitation_needs_an_email_address_and_a_role() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    for (body, pointer) in [
        (json!({"role": "member"}), "/email"),
        (json!({"email": "", "role": "member"}), "/email"),
        (json!({"email": "not an address", "role": "member"}), "/email"),
        (json!({"email": "x@example.com"}), "/role"),
        (json!({"email": "x@example.com", "role": "emperor"}), "/role"),
        (json!({"email": "x@example.com", "role": "member", "preset": "a"}), "/preset"),
    ] {
        let refused = workspace.anna.post("/invitations", body.clone()).await.expect(422);
        assert_eq!(refused.pointers(), [pointer], "{body} {}", refused.text);
    }
    let owner = json!({"email": "x@example.com", "role": "owner"});
    ben.post("/invitations", owner).await.refused(403, "may_not_give");

    assert_eq!(statuses(&workspace).await, ["accepted"]);
}

/// HARMONIA-42, HARMONIA-43
#[tokio::test]
async fn the_landing_page_is_saved_and_replaced_when_it_is_not_accessible() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ben =
        workspace.join("ben", json!({"role": "member", "landing": "opportunities"})).await;
    for _ in 0..2 {
        assert_eq!(ben.get("/me").await.text("landing_page"), "opportunities");
    }

    let closed = json!({"opportunities": false});
    let _ = workspace.anna.patch("/settings/modules", closed).await.expect(200);

    let me = ben.get("/me").await.expect(200);
    assert_eq!(me.body["landing_page"], me.body["navigation"][0]);
    assert_ne!(me.body["landing_page"], "opportunities");

    let cleo = workspace.join("cleo", json!({"role": "member", "landing": "billing"})).await;
    let me = cleo.get("/me").await.expect(200);
    assert_eq!(me.body["landing_page"], me.body["navigation"][0]);
}

/// HARMONIA-44, HARMONIA-45
#[tokio::test]
async fn an_invitation_queues_one_mail_with_one_link() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;

    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await.expect(201);

    assert_eq!(statuses(&workspace).await, ["pending"]);
    let mails = server.mails().await;
    let to_ben: Vec<_> = mails.iter().filter(|(to, _)| to == "ben@example.com").collect();
    assert_eq!(to_ben.len(), 1);
    assert_eq!(to_ben[0].1["kind"], "invitation");
}

/// HARMONIA-47, HARMONIA-49
#[tokio::test]
async fn an_existing_account_accepts_and_keeps_its_other_memberships() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ben = server.sign_up("ben").await;
    let _own = server.found_by(&ben, "harmonia", "bens").await;
    let before = ben.get("/api/v1/me").await.id();
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await.expect(201);

    let _ = workspace.accept(&ben, "ben").await.expect(201);

    let me = ben.get("/api/v1/me").await.expect(200);
    assert_eq!(me.id(), before);
    let mut places: Vec<(&str, &str)> = me.body["workspaces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| (place["slug"].as_str().unwrap(), place["role"].as_str().unwrap()))
        .collect();
    places.sort_unstable();
    assert_eq!(places, [("acme", "member"), ("bens", "owner")]);
}

/// HARMONIA-48, HARMONIA-50
#[tokio::test]
async fn a_person_without_an_account_creates_one_and_joins() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;

    let ben = workspace.join("ben", json!({"role": "admin"})).await;

    let me = ben.get("/me").await.expect(200);
    assert_eq!(me.text("role"), "admin");
    assert_eq!(ben.get("/api/v1/me").await.body["email_confirmed"], true);
}

/// HARMONIA-51
#[tokio::test]
async fn an_account_with_another_email_address_cannot_accept() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let cleo = server.sign_up("cleo").await;
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await.expect(201);

    workspace.accept(&cleo, "ben").await.refused(403, "wrong_account");

    assert_eq!(statuses(&workspace).await, ["pending"]);
    cleo.get("/api/v1/workspaces/acme").await.refused(404, "not_found");
}

/// HARMONIA-52
#[tokio::test]
async fn viewing_the_invitation_does_not_consume_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await.expect(201);
    let token = workspace.token("ben").await;
    for _ in 0..2 {
        let shown =
            server.anonymous().get(&format!("/api/v1/invitations/{token}")).await.expect(200);
        assert_eq!(shown.text("status"), "pending");
    }

    let ben = workspace.accept_as_new("ben").await;

    assert_eq!(ben.get("/me").await.status, 200);
}

/// HARMONIA-53, HARMONIA-57
#[tokio::test]
async fn an_invitation_expires_after_fourteen_days() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    for name in ["ben", "cleo"] {
        let _ = workspace
            .invite(&workspace.anna, name, json!({"role": "member"}))
            .await
            .expect(201);
    }
    let token = workspace.token("cleo").await;
    server.clock.advance(Span::days(14));
    server.clock.advance(Span::minutes(-1));
    let _ben = workspace.accept_as_new("ben").await;
    server.clock.advance(Span::minutes(1));

    let body = json!({"password": "correct horse battery", "first_name": "Cleo"});
    let late =
        server.anonymous().post(&format!("/api/v1/invitations/{token}/accept"), body).await;

    late.refused(409, "invitation_expired");
    let anna = server.anonymous();
    let again = json!({"email": "anna@example.com", "password": "correct horse battery"});
    let _ = anna.post("/api/v1/sessions", again).await.expect(201);
    let seen = anna.get("/api/v1/workspaces/acme/invitations").await.expect(200);
    assert_eq!(seen.each("status"), ["expired", "accepted"]);
    // An expired invitation does not prevent a new one.
    let body = json!({"email": "cleo@example.com", "role": "member"});
    let _ = anna.post("/api/v1/workspaces/acme/invitations", body).await.expect(201);
    let seen = anna.get("/api/v1/workspaces/acme/invitations").await.expect(200);
    assert_eq!(seen.each("status"), ["pending", "revoked", "accepted"]);
}

/// HARMONIA-54, HARMONIA-56
#[tokio::test]
async fn resending_makes_a_new_link_with_fourteen_days_and_revokes_the_old_one() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let id = workspace
        .invite(&workspace.anna, "ben", json!({"role": "member"}))
        .await
        .expect(201)
        .id();
    let old = workspace.token("ben").await;
    server.advance_days(10);

    let path = format!("/invitations/{id}/resend");
    let _ = workspace.anna.post(&path, json!({})).await.expect(200);

    let stranger = server.anonymous();
    stranger.get(&format!("/api/v1/invitations/{old}")).await.refused(404, "not_found");
    server.advance_days(10);
    let ben = workspace.accept_as_new("ben").await;
    assert_eq!(ben.get("/me").await.status, 200);
}

/// HARMONIA-55, HARMONIA-57
#[tokio::test]
async fn a_revoked_invitation_cannot_be_accepted() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let id = workspace
        .invite(&workspace.anna, "ben", json!({"role": "member"}))
        .await
        .expect(201)
        .id();
    let token = workspace.token("ben").await;

    let _ = workspace.anna.delete(&format!("/invitations/{id}")).await.expect(204);

    let shown =
        server.anonymous().get(&format!("/api/v1/invitations/{token}")).await.expect(200);
    assert_eq!(shown.text("status"), "revoked");
    let body = json!({"password": "correct horse battery", "first_name": "Ben"});
    let late =
        server.anonymous().post(&format!("/api/v1/invitations/{token}/accept"), body).await;
    late.refused(409, "invitation_revoked");
    assert_eq!(statuses(&workspace).await, ["revoked"]);
}

/// HARMONIA-58
#[tokio::test]
async fn an_email_address_has_at_most_one_open_invitation() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let _ben = workspace.join("ben", json!({"role": "member"})).await;
    let member = workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await;
    member.refused(409, "already_member");
    let first =
        workspace.invite(&workspace.anna, "cleo", json!({"role": "member"})).await.expect(201);

    let body = json!({"email": "CLEO@Example.com", "role": "admin"});
    let again = workspace.anna.post("/invitations", body).await;

    again.refused(409, "already_invited");
    assert!(again.text("detail").contains(&first.id()), "{}", again.text);
    assert_eq!(statuses(&workspace).await, ["pending", "accepted"]);
}

#[tokio::test]
async fn a_list_with_an_email_address_twice_invites_it_once() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let ask = json!({"emails": ["ben@example.com", "Ben@example.com"], "role": "member"});

    let sent = workspace.anna.post("/invitations", ask).await.expect(201);

    assert_eq!(sent.each("email"), ["ben@example.com"]);
    assert_eq!(workspace.anna.get("/invitations").await.items().len(), 1);
}

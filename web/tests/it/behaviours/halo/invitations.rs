//! Invitations: an email address, a role, and for a Member a preset or levels.

use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::json;

async fn contact(workspace: &TestWorkspace<'_>) -> String {
    let billing = workspace.anna.get("/billing").await.expect(200);
    billing.body["contact"]["email"].as_str().unwrap_or("none").to_owned()
}

/// HALO-002
#[tokio::test]
async fn a_teammate_is_invited_with_a_role_and_optionally_a_preset() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    for (name, access) in [
        ("ben", json!({"role": "admin"})),
        ("cleo", json!({"role": "member"})),
        ("dan", json!({"role": "member", "preset": "support_agent"})),
    ] {
        let person = workspace.join(name, access.clone()).await;

        let me = person.get("/me").await.expect(200);
        assert_eq!(me.body["role"], access["role"]);
        assert_eq!(me.body["preset"], access["preset"]);
    }
}

/// HALO-167, HALO-169
#[tokio::test]
async fn an_invitation_needs_an_email_address_and_a_role() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    for (body, pointer) in [
        (json!({"role": "admin"}), "/email"),
        (json!({"email": "", "role": "admin"}), "/email"),
        (json!({"email": "not an address", "role": "admin"}), "/email"),
        (json!({"email": "a@b@example.com", "role": "admin"}), "/email"),
        (json!({"email": "x@example.com"}), "/role"),
        (json!({"email": "x@example.com", "role": ""}), "/role"),
        (json!({"email": "x@example.com", "role": "owner"}), "/role"),
        (json!({"email": "x@example.com", "role": "member", "preset": "x"}), "/preset"),
        (json!({"email": "x@example.com", "role": "admin", "preset": "analyst"}), "/levels"),
        (
            json!({"email": "x@example.com", "role": "member", "levels": {"inbox": "edit"}}),
            "/levels/inbox",
        ),
    ] {
        let refused = workspace.anna.post("/invitations", body.clone()).await.expect(422);
        assert_eq!(refused.pointers(), [pointer], "{body} {}", refused.text);
    }

    assert_eq!(workspace.anna.get("/invitations").await.body["total"], 0);
    assert!(
        server
            .mails()
            .await
            .iter()
            .all(|(_, mail_template)| mail_template["kind"] != "invitation")
    );
}

/// HALO-168
#[tokio::test]
async fn the_name_is_optional() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    for (given, kept) in [
        (json!(null), json!(null)),
        (json!(""), json!(null)),
        (json!("  "), json!(null)),
        (json!("Ben Miller"), json!("Ben Miller")),
    ] {
        let email = format!("b{}@example.com", server.mails().await.len());

        let ask = json!({"email": email, "role": "admin", "name": given});
        let invited = workspace.anna.post("/invitations", ask).await.expect(201);

        assert_eq!(invited.body["name"], kept, "{given}");
        let token = server.last_token("invitation", &email).await;
        let shown = server.anonymous().get(&format!("/api/v1/invitations/{token}")).await;
        assert_eq!(shown.expect(200).body["name"], kept, "{given}");
    }
}

/// HALO-175, HALO-176, HALO-177
#[tokio::test]
async fn the_link_signs_up_with_the_role_and_permissions_of_the_invitation() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let levels = json!({"inbox": "reply", "ask_ai": "use_share"});
    let ask = json!({"role": "member", "levels": levels});
    let invited = workspace.invite(&workspace.anna, "ben", ask).await.expect(201);
    assert_eq!(invited.body["levels"], levels);
    let mails = server.mails().await;
    let sent: Vec<_> = mails.iter().filter(|(to, _)| to == "ben@example.com").collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].1["role"], "Member");

    let ben = workspace.accept_as_new("ben").await;

    let me = ben.get("/me").await.expect(200);
    assert_eq!((me.text("role").as_str(), &me.body["levels"]), ("member", &levels));
    assert_eq!(me.body["navigation"], json!(["inbox", "ask_ai"]));
    let seen = workspace.anna.get(&format!("/members/{}", ben.id)).await.expect(200);
    assert_eq!((seen.text("role").as_str(), &seen.body["levels"]), ("member", &levels));
    let record = workspace.record(&ben, "inbox", "Hello").await;
    let path = format!("/records/inbox/{record}/actions");
    let _ = ben.post(&format!("{path}/reply"), json!({"text": "Hi"})).await.expect(200);
    ben.post(&format!("{path}/close"), json!({})).await.refused(403, "denied");
}

/// HALO-178
#[tokio::test]
async fn an_existing_account_signs_in_instead() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = server.sign_up("ben").await;
    let access = json!({"role": "member", "preset": "help_center_editor"});
    let _ = workspace.invite(&workspace.anna, "ben", access.clone()).await.expect(201);
    let token = workspace.token("ben").await;
    let body = json!({"password": "staple battery horse", "first_name": "Ben"});
    let again =
        server.anonymous().post(&format!("/api/v1/invitations/{token}/accept"), body).await;
    again.refused(409, "address_taken");

    let _ = workspace.accept(&ben, "ben").await.expect(201);

    let there = ben.at("acme").await;
    assert_eq!(there.get("/me").await.text("preset"), "help_center_editor");
    // A removed member can be invited again, and gets what the new invitation says.
    let _ = workspace.anna.delete(&format!("/members/{}", there.id)).await.expect(204);
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "admin"})).await.expect(201);
    let _ = workspace.accept(&ben, "ben").await.expect(201);
    let me = there.get("/me").await.expect(200);
    assert_eq!((me.text("role").as_str(), &me.body["levels"]), ("admin", &json!({})));
}

/// HALO-172
#[tokio::test]
async fn billing_is_transferred_when_the_invitation_is_accepted() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let access = json!({"role": "member", "billing_contact": true});

    let invited = workspace.invite(&workspace.anna, "ben", access).await.expect(201);
    assert_eq!(invited.body["billing_contact"], true);
    assert_eq!(contact(&workspace).await, "anna@example.com");
    let ben = workspace.accept_as_new("ben").await;

    assert_eq!(contact(&workspace).await, "ben@example.com");
    let _ = ben.get("/billing").await.expect(200);
    let members = workspace.anna.get("/members").await.expect(200);
    let flags: Vec<_> = members.items().iter().map(|one| &one["billing_contact"]).collect();
    assert_eq!(flags, [false, true]);
}

/// HALO-173
#[tokio::test]
async fn only_a_super_admin_or_the_contact_can_offer_billing() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let cleo = workspace.join("cleo", json!({"role": "admin"})).await;
    let dora = workspace.join("dora", json!({"role": "super_admin"})).await;
    let flag = json!({"role": "member", "billing_contact": true});
    workspace.invite(&cleo, "ben", flag.clone()).await.refused(403, "denied");
    let plain = json!({"role": "member", "billing_contact": false});
    let _ = workspace.invite(&cleo, "emil", plain).await.expect(201);
    let id = workspace.invite(&dora, "ben", flag.clone()).await.expect(201).id();
    cleo.post(&format!("/invitations/{id}/resend"), json!({})).await.refused(403, "denied");

    // Dora has lost the right when Ben accepts.
    let hers = format!("/members/{}", dora.id);
    let _ = workspace.anna.patch(&hers, json!({"role": "admin"})).await.expect(200);
    let token = workspace.token("ben").await;
    let stranger = server.anonymous();
    let body = json!({"password": "correct horse battery", "first_name": "Ben"});
    let path = format!("/api/v1/invitations/{token}/accept");
    let accepted = stranger.post(&path, body).await.expect(201);
    let notice = accepted.body["notices"][0].as_str().unwrap();
    assert!(notice.contains("billing contact"), "{}", accepted.text);
    assert_eq!(contact(&workspace).await, "anna@example.com");
    let ben = stranger.at("acme").await;
    assert_eq!(ben.get("/me").await.expect(200).body["billing_contact"], false);
    ben.get("/billing").await.refused(403, "denied");

    // The contact herself may, although she is an Admin.
    let to = json!({"to": cleo.id});
    let _ = workspace.anna.post("/billing/contact", to).await.expect(204);
    let fay = workspace.join_by(&cleo, "fay", flag).await;
    assert_eq!(contact(&workspace).await, "fay@example.com");
    assert_eq!(fay.get("/billing").await.status, 200);
    cleo.get("/billing").await.refused(403, "denied");
}

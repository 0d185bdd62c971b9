//! API keys: a key of a Member has the present rights of the Member, and no others.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

/// Creates an API key for a member.
async fn key(maker: &Person, member: &Person) -> String {
    let ask = json!({"name": "Sync", "member": member.id});
    maker.post("/api-keys", ask).await.expect(201).text("key")
}

/// The status of each request, allowed and forbidden.
async fn answers(workspace: &TestWorkspace<'_>, person: &Person) -> Vec<(String, u16)> {
    let mut answers = Vec::new();
    for entity in [
        "inbox",
        "automation",
        "ai_agents",
        "knowledge",
        "contacts",
        "companies",
        "help_center",
    ] {
        let record = workspace.record(&workspace.anna, entity, "Theirs").await;
        let (many, one) = (format!("/records/{entity}"), format!("/records/{entity}/{record}"));
        let fields = json!({"fields": workspace.fields(entity, "Mine")});
        let mut asks = vec![
            ("GET", many.clone(), None),
            ("GET", one.clone(), None),
            ("POST", many, Some(fields.clone())),
            ("PATCH", one.clone(), Some(fields)),
        ];
        for action in ["reply", "close", "send", "publish"] {
            asks.push(("POST", format!("{one}/actions/{action}"), Some(json!({}))));
        }
        for (method, path, body) in asks {
            let status = person.request(method, &path, body).await.status;
            answers.push((format!("{method} {entity} {}", path.len()), status));
        }
    }
    for path in
        ["/members", "/settings/general", "/settings/integrations", "/billing", "/audit"]
    {
        answers.push((path.to_owned(), person.get(path).await.status));
    }
    answers
}

/// HALO-204
#[tokio::test]
async fn an_api_key_has_the_present_rights_of_its_member() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let access = json!({"role": "member", "preset": "support_agent"});
    let ben = workspace.join("ben", access).await;
    let his = format!("/members/{}", ben.id);
    let program = ben.with_api_key(&key(&workspace.anna, &ben).await);

    for change in [
        json!({"preset": "support_agent"}),
        json!({"preset": "analyst"}),
        json!({"preset": "marketing"}),
        json!({"levels": {"help_center": "edit", "settings": "edit"}}),
        json!({"levels": {}}),
        json!({"role": "admin"}),
        json!({"role": "member", "billing_contact": true}),
    ] {
        let _ = workspace.anna.patch(&his, change.clone()).await.expect(200);

        let (person, by_key) =
            (answers(&workspace, &ben).await, answers(&workspace, &program).await);

        assert_eq!(by_key, person, "{change}");
        let me = program.get("/me").await.expect(200);
        assert_eq!(me.id(), ben.id);
    }
}

/// HALO-198, HALO-204
#[tokio::test]
async fn the_api_key_of_a_removed_member_stays_invalid() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member", "preset": "analyst"})).await;
    let programs =
        [ben.with_api_key(&key(&ben, &ben).await), cleo.with_api_key(&key(&ben, &cleo).await)];
    for program in &programs {
        let _ = program.get("/records/contacts").await.expect(200);
    }

    let _ = workspace.anna.delete(&format!("/members/{}", ben.id)).await.expect(204);

    for program in &programs {
        program.get("/records/contacts").await.refused(401, "not_signed_in");
    }
    // A member who returns does not get the key back.
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "admin"})).await.expect(201);
    let _ = workspace.accept(&ben, "ben").await.expect(201);
    let _ = ben.get("/records/contacts").await.expect(200);
    programs[0].get("/records/contacts").await.refused(401, "not_signed_in");
    let keys = workspace.anna.get("/api-keys").await.expect(200);
    assert_eq!(keys.body["items"], json!([]));
}

/// HALO-204
#[tokio::test]
async fn a_key_never_grants_more_than_its_creator_has() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member", "preset": "analyst"})).await;
    let ask = |member: &Person| json!({"name": "Sync", "member": member.id});
    cleo.post("/api-keys", ask(&cleo)).await.refused(403, "denied");
    cleo.get("/api-keys").await.refused(403, "denied");
    ben.post("/api-keys", ask(&workspace.anna)).await.refused(403, "may_not_touch");
    let flag = json!({"to": cleo.id});
    let _ = workspace.anna.post("/billing/contact", flag).await.expect(204);
    // The billing contact may do more than an Admin.
    ben.post("/api-keys", ask(&cleo)).await.refused(403, "grant_ceiling");
    let back = json!({"to": workspace.anna.id});
    let _ = workspace.anna.post("/billing/contact", back).await.expect(204);
    let program = cleo.with_api_key(&key(&ben, &cleo).await);
    let _ = program.get("/records/contacts").await.expect(200);

    // Rights that Cleo gets later are not available to Ben's key.
    let hers = format!("/members/{}", cleo.id);
    let _ = workspace.anna.patch(&hers, json!({"role": "super_admin"})).await.expect(200);
    program.get("/records/contacts").await.refused(403, "key_rests");
    program.delete_with("", json!({"confirm": "acme"})).await.refused(403, "key_rests");
    let _ = workspace.anna.patch(&hers, json!({"role": "member"})).await.expect(200);
    program.get("/records/contacts").await.refused(403, "denied");
    let _ =
        workspace.anna.patch(&format!("/members/{}", ben.id), json!({"role": "member"})).await;
    program.get("/me").await.refused(403, "key_rests");
}

/// HALO-204
#[tokio::test]
async fn a_key_works_only_in_its_workspace_until_it_expires_and_is_shown_once() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let other = server.found_by(&workspace.anna, "halo", "other").await;
    let ask = json!({"name": "Sync", "expires_at": "2026-03-16T12:00:00Z"});
    let made = workspace.anna.post("/api-keys", ask).await.expect(201);
    let secret = made.text("key");
    let program = workspace.anna.with_api_key(&secret);
    let _ = program.get("/members").await.expect(200);
    let listed = workspace.anna.get("/api-keys").await.expect(200);
    assert!(!listed.text.contains(&secret) && listed.items()[0]["key"] == Value::Null);
    assert_eq!(listed.each("last_used_at").len(), 1);

    // Anna may do everything there too; her key may not.
    program.get("/api/v1/workspaces/other/members").await.refused(404, "not_found");
    for (method, path, body) in [
        ("GET", "/api/v1/me", json!({})),
        ("PATCH", "/api/v1/me", json!({"first_name": "Zoe"})),
        (
            "PUT",
            "/api/v1/me/password",
            json!({"present": "correct horse battery", "new": "another horse battery"}),
        ),
        ("GET", "/api/v1/me/sessions", json!({})),
        ("DELETE", "/api/v1/sessions/current", json!({})),
        ("DELETE", "/api/v1/me", json!({"confirm": "DELETE"})),
        (
            "POST",
            "/api/v1/workspaces",
            json!({"name": "Mine", "slug": "mine", "blueprint": "halo"}),
        ),
        ("POST", "/api-keys", json!({"name": "For ever"})),
    ] {
        program.request(method, path, Some(body)).await.refused(403, "not_by_key");
    }
    let _ = other.anna.get("/members").await.expect(200);
    let entries = workspace.anna.get("/audit?action=api_key.create").await.expect(200);
    assert!(entries.items().len() == 1 && !entries.text.contains(&secret));
    let named = json!({"fields": workspace.fields("contacts", "Zoe")});
    let _ = program.post("/records/contacts", named).await.expect(201);
    let entries = workspace.anna.get("/audit").await.expect(200);
    assert_eq!(entries.items()[0]["actor_name"], "Anna by the API key `Sync`");

    // A wrong key is not authenticated, even with a valid cookie.
    for wrong in ["", "hpk_", "hpk_x", &secret[..secret.len() - 1], &secret[4..]] {
        workspace.anna.with_api_key(wrong).get("/members").await.refused(401, "not_signed_in");
    }
    server.advance_days(1);
    program.get("/members").await.refused(401, "not_signed_in");
    let id = made.id();
    let anna = server.anonymous();
    let body = json!({"email": "anna@example.com", "password": hallpass_testkit::test_server::PASSWORD});
    let _ = anna.post("/api/v1/sessions", body).await.expect(201);
    let anna = anna.at("acme").await;
    let again = anna.with_api_key(&key(&anna, &anna).await);
    let _ = again.get("/members").await.expect(200);
    let listed = anna.get("/api-keys").await.expect(200);
    let newest = listed.items()[0]["id"].as_str().unwrap().to_owned();
    assert_ne!(newest, id);
    let _ = anna.delete(&format!("/api-keys/{newest}")).await.expect(204);
    again.get("/members").await.refused(401, "not_signed_in");
    anna.delete(&format!("/api-keys/{newest}")).await.refused(404, "not_found");
}

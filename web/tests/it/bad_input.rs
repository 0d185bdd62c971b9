//! Bad input: each kind is refused with what is wrong and where, and changes nothing.

use axum::body::Body;
use axum::http::Request;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

/// The sizes of lists and the revision, which show that nothing was changed.
async fn sizes(workspace: &TestWorkspace<'_>) -> [Value; 4] {
    let total = |path: &'static str| async move {
        workspace.anna.get(path).await.body["total"].clone()
    };
    [
        total("/members").await,
        total("/invitations").await,
        total("/records/contacts").await,
        workspace.anna.get("").await.body["revision"].clone(),
    ]
}

async fn raw(person: &Person, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(person.uri(path)).header("content-type", kind);
    person.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn unknown_fields_and_wrong_types_are_located() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let before = sizes(&workspace).await;
    let mine = format!("/members/{}", workspace.anna.id);
    for (method, path, body, pointer, code) in [
        (
            "POST",
            "/invitations",
            json!({"email": "a@example.com", "rôle": "member"}),
            "/rôle",
            "unknown_field",
        ),
        (
            "POST",
            "/invitations",
            json!({"email": ["a@example.com"], "role": "member"}),
            "/email",
            "wrong_type",
        ),
        (
            "POST",
            "/invitations",
            json!({"email": "a@example.com", "role": {}}),
            "/role",
            "wrong_type",
        ),
        ("POST", "/invitations", json!([]), "", "wrong_type"),
        ("PATCH", &mine, json!({"status": "inactive"}), "/status", "unknown_field"),
        ("PATCH", &mine, json!({"workspace_id": "wsp_1"}), "/workspace_id", "unknown_field"),
        ("PATCH", &mine, json!({"levels": {"contacts": 3}}), "/levels/contacts", "wrong_type"),
        ("PATCH", &mine, json!({"visibility": "everything"}), "/visibility", "unknown"),
        ("POST", "/records/contacts", json!({"field": {}}), "/field", "unknown_field"),
        (
            "POST",
            "/records/contacts",
            json!({"fields": {"name": "Zoe", "shoe": 1}}),
            "/fields/shoe",
            "unknown_field",
        ),
        (
            "POST",
            "/records/contacts",
            json!({"fields": {"name": 7}}),
            "/fields/name",
            "wrong_type",
        ),
        ("POST", "/records/contacts", json!({"fields": {}}), "/fields/name", "required"),
        (
            "POST",
            "/access/check",
            json!({"checks": [{"resource": "contacts"}]}),
            "/checks/0/action",
            "missing",
        ),
        (
            "POST",
            "/access/check",
            json!({"checks": [{"resource": "x", "action": "read"}]}),
            "/checks/0/resource",
            "unknown_resource",
        ),
    ] {
        let answer = workspace.anna.request(method, path, Some(body.clone())).await.expect(422);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let error = &answer.body["errors"][0];
        assert!(
            error["pointer"] == pointer && error["code"] == code,
            "{method} {path} {body}: {}",
            answer.text
        );
    }
    assert_eq!(sizes(&workspace).await, before);
}

#[tokio::test]
async fn all_mistakes_of_a_body_are_reported_at_once() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let body = json!({"emial": "a@example.com", "role": 7, "teams": ["a", 1]});

    let refused = workspace.anna.post("/invitations", body).await.expect(422);

    let mut pointers = refused.pointers();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/emial", "/role", "/teams/1"]);
    assert_eq!(refused.text("detail"), "3 fields are invalid; see `errors`");
    assert!(refused.text.contains("did you mean `email`?"), "{}", refused.text);
    let twice = raw(
        &workspace.anna,
        "/records/contacts",
        "application/json",
        r#"{"fields": {"name": "Zoe", "name": "Max"}}"#,
    );
    assert_eq!(twice.await.expect(422).pointers(), ["/fields/name"]);
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let before = sizes(&workspace).await;
    let anna = &workspace.anna;
    raw(anna, "/invitations", "text/plain", "{}").await.refused(415, "not_json");
    raw(anna, "/invitations", "application/json", "{").await.refused(422, "not_json");
    raw(anna, "/invitations", "application/json", "").await.refused(422, "not_json");
    raw(anna, "/invitations", "application/json", "{} {}").await.refused(422, "not_json");
    let latin = b"{\"email\": \"m\xfcller@example.com\"}".to_vec();
    let _ = raw(anna, "/invitations", "application/json", latin).await.expect(422);
    let deep = "[".repeat(100_000);
    let _ = raw(anna, "/invitations", "application/json", deep).await.expect(422);
    let huge = format!("{{\"email\": \"{}\"}}", "x".repeat(3 << 20));
    raw(anna, "/invitations", "application/json", huge).await.refused(413, "too_large");
    assert_eq!(sizes(&workspace).await, before);
}

#[tokio::test]
async fn texts_that_are_too_long_or_unprintable_are_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let before = sizes(&workspace).await;
    let anna = &workspace.anna;
    for name in ["x".repeat(101), "a\u{202e}b".to_owned(), "a\0b".to_owned(), "  ".to_owned()] {
        let refused = anna.patch("", json!({"name": name})).await.expect(422);
        assert_eq!(refused.pointers(), ["/name"]);
    }
    for text in ["x".repeat(501), "a\0b".to_owned()] {
        let body = json!({"fields": {"name": text}});
        let refused = anna.post("/records/contacts", body).await.expect(422);
        assert_eq!(refused.pointers(), ["/fields/name"]);
    }
    let long = format!("{}@example.com", "x".repeat(300));
    let body = json!({"email": long, "role": "member"});
    assert_eq!(anna.post("/invitations", body).await.expect(422).pointers(), ["/email"]);
    assert_eq!(sizes(&workspace).await, before);
}

#[tokio::test]
async fn unknown_and_foreign_ids_are_not_found() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let other = server.found_as("eve", "standard", "other").await;
    let theirs = [
        ("members", other.anna.id.clone()),
        ("records/contacts", other.record(&other.anna, "contacts", "Zoe").await),
    ];
    let anna = &workspace.anna;
    for (noun, id) in theirs {
        let unknown = format!("{}{}", &id[..id.len() - 4], "ffff");
        for id in [id, unknown, "1".to_owned(), "mbr_".to_owned(), "%00".to_owned()] {
            let path = format!("/{noun}/{id}");
            let found = anna.get(&path).await;
            assert_eq!(
                (found.status, found.code()),
                (404, "not_found"),
                "{path} {}",
                found.text
            );
            let _ = anna.patch(&path, json!({})).await.expect(404);
            let _ = anna.delete(&path).await.expect(404);
        }
    }
    let body = json!({"member": other.anna.id, "resource": "contacts", "action": "read"});
    anna.post("/access/explain", body).await.refused(404, "not_found");
    anna.get("/records/unicorns").await.refused(404, "not_found");
    anna.get("/api/v1/workspaces/nowhere").await.refused(404, "not_found");
    anna.get("/api/v1/nothing").await.refused(404, "not_found");
    assert_eq!(anna.request("PUT", "", None).await.status, 405);
}

#[tokio::test]
async fn a_cursor_is_valid_for_its_own_list_only() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    for n in 0..3 {
        workspace.record(&workspace.anna, "contacts", &format!("Contact {n}")).await;
        workspace.record(&workspace.anna, "companies", &format!("Company {n}")).await;
    }
    let page = workspace.anna.get("/records/contacts?limit=2").await.expect(200);
    let cursor = page.text("next_cursor");

    let rest = workspace.anna.get(&format!("/records/contacts?limit=2&cursor={cursor}")).await;
    assert_eq!((rest.status, rest.items().len()), (200, 1));
    for path in
        ["/records/companies?", "/records/contacts?sort=title&", "/members?", "/invitations?"]
    {
        let refused = workspace.anna.get(&format!("{path}cursor={cursor}")).await.expect(422);
        assert_eq!(refused.body["errors"][0]["code"], "bad_cursor", "{path}");
    }
    for (path, pointer) in [
        ("/records/contacts?cursor=x", "/cursor"),
        ("/records/contacts?limit=0", "/limit"),
        ("/records/contacts?limit=201", "/limit"),
        ("/records/contacts?sort=age", "/sort"),
        ("/records/contacts?colour=red", "/colour"),
        ("/records/contacts?limit=many", "/limit"),
    ] {
        let refused = workspace.anna.get(path).await.expect(422);
        assert_eq!(refused.pointers(), [pointer], "{path} {}", refused.text);
    }
}

#[tokio::test]
async fn slugs_and_addresses_collide_in_every_spelling() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let again = json!({"name": "Acme", "slug": "acme"});
    anna.post("/api/v1/workspaces", again).await.refused(409, "slug_taken");
    for slug in ["Acme", "a", "acme_", "api", "-x", "ácme"] {
        let refused = anna.post("/api/v1/workspaces", json!({"name": "A", "slug": slug})).await;
        assert_eq!(refused.expect(422).pointers(), ["/slug"], "{slug}");
    }
    let other = server.found_by(anna, "standard", "other").await;
    other.anna.patch("", json!({"slug": "acme"})).await.refused(409, "slug_taken");

    let sign_up = |email: &str| {
        let body =
            json!({"email": email, "password": "correct horse battery", "first_name": "X"});
        let person = server.anonymous();
        async move { person.post("/api/v1/accounts", body).await }
    };
    let _ = sign_up("m\u{fc}ller@example.com").await.expect(201);
    // Anna's account keeps her address in every spelling.
    for email in ["ANNA@example.com", " anna@EXAMPLE.com "] {
        let _ = sign_up(email).await.expect(201);
        let (to, mail) = server.mails().await.pop().unwrap();
        assert_eq!(
            (to.as_str(), &mail["kind"]),
            ("anna@example.com", &json!("account_exists"))
        );
    }
    // An address that only looks like Anna's gets no account.
    for email in ["an\u{200b}na@example.com", "\u{ff41}nna@example.com"] {
        assert_eq!(sign_up(email).await.expect(422).pointers(), ["/email"]);
    }
}

#[tokio::test]
async fn all_mistakes_of_a_blueprint_are_reported() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let text = "[blueprint]\nid = \"x\"\nnmae = \"X\"\n\n[roles.boss]\nrank = 1\ntop = true\ngrants = [\"fly:*:all\"]\n";
    let ask = json!({"name": "X", "slug": "xx", "blueprint_text": text});

    let refused = anna.post("/api/v1/workspaces", ask).await.expect(422);

    let details = refused.body["errors"].to_string();
    assert!(details.contains("3:1: unknown key `blueprint.nmae`"), "{details}");
    assert!(details.contains("fly"), "{details}");
    let unknown = json!({"name": "X", "slug": "xx", "blueprint": "feudal"});
    let refused = anna.post("/api/v1/workspaces", unknown).await.expect(422);
    assert_eq!(refused.pointers(), ["/blueprint"]);
    assert_eq!(anna.get("/api/v1/me").await.body["workspaces"], json!([]));
}

#[tokio::test]
async fn an_unauthenticated_request_returns_401() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let stranger = server.anonymous();
    for path in ["/api/v1/me", "/api/v1/workspaces/acme", "/api/v1/workspaces/acme/members"] {
        stranger.get(path).await.refused(401, "not_signed_in");
    }
    let _ = workspace.anna.delete("/api/v1/sessions/current").await.expect(204);
    workspace.anna.get("/members").await.refused(401, "not_signed_in");
    let wrong = json!({"email": "anna@example.com", "password": "wrong horse battery"});
    stranger.post("/api/v1/sessions", wrong).await.refused(401, "bad_credentials");
    let unknown = json!({"email": "zoe@example.com", "password": "wrong horse battery"});
    stranger.post("/api/v1/sessions", unknown).await.refused(401, "bad_credentials");
}

#[tokio::test]
async fn after_many_wrong_passwords_even_the_right_one_has_to_wait() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    let stranger = server.anonymous();
    let wrong = json!({"email": "anna@example.com", "password": "wrong horse battery"});
    for _ in 0..5 {
        stranger.post("/api/v1/sessions", wrong.clone()).await.refused(401, "bad_credentials");
    }
    let right = json!({"email": "anna@example.com", "password": "correct horse battery"});

    let told = stranger.post("/api/v1/sessions", right.clone()).await;

    told.refused(429, "too_many_attempts");
    let seconds: i64 = told.header("retry-after").parse().unwrap();
    server.clock.advance(hallpass_domain::time::Span::seconds(seconds));
    let _ = stranger.post("/api/v1/sessions", right).await.expect(201);
}

#[tokio::test]
async fn a_cross_site_request_is_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")]
    {
        let request = Request::post(workspace.anna.uri("/leave"))
            .header("content-type", "application/json")
            .header("host", "hallpass.example")
            .header(name, value);
        let answer = workspace.anna.send(request.body(Body::from("{}")).unwrap()).await;
        answer.refused(403, "cross_site");
    }
}

#[tokio::test]
async fn a_request_repeated_with_its_idempotency_key_runs_once() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let send = |body: &'static str| {
        let request = Request::post(workspace.anna.uri("/records/contacts"))
            .header("content-type", "application/json")
            .header("idempotency-key", "one-and-only");
        workspace.anna.send(request.body(Body::from(body)).unwrap())
    };
    let body = r#"{"fields": {"name": "Zoe"}}"#;
    let first = send(body).await.expect(201);

    let second = send(body).await.expect(201);

    assert_eq!(first.id(), second.id());
    assert_eq!(workspace.anna.get("/records/contacts").await.body["total"], 1);
    send(r#"{"fields": {"name": "Max"}}"#).await.refused(422, "key_used");
    server.advance_days(2);
    server.app.idempotent_requests().delete_expired().await.unwrap();
}

#[tokio::test]
async fn a_secret_is_returned_once_and_never_stored() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let send = || {
        let request = Request::post(workspace.anna.uri("/api-keys"))
            .header("content-type", "application/json")
            .header("idempotency-key", "one-and-only");
        workspace.anna.send(request.body(Body::from(r#"{"name": "Reports"}"#)).unwrap())
    };
    let secret = send().await.expect(201).text("key");

    let again = send().await;

    again.refused(409, "shown_once");
    assert!(!again.text.contains(&secret));
    let mut tx = server.app.db().read().await.unwrap();
    let kept = tx.query("SELECT body FROM stored_responses", &[]).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(!kept[0].text(0).unwrap().contains(&secret));
    drop(tx);
    assert_eq!(workspace.anna.get("/api-keys").await.items().len(), 1);
}

#[tokio::test]
async fn a_change_of_a_stale_version_is_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let id = workspace.record(&workspace.anna, "contacts", "Zoe").await;
    let path = format!("/records/contacts/{id}");
    let tag = workspace.anna.get(&path).await.header("etag");
    let change = |name: &'static str, tag: String| {
        let body = json!({"fields": {"name": name}}).to_string();
        let request = Request::patch(workspace.anna.uri(&path))
            .header("content-type", "application/json")
            .header("if-match", tag);
        workspace.anna.send(request.body(Body::from(body)).unwrap())
    };
    let _ = change("Zoé", tag.clone()).await.expect(200);

    change("Zoë", tag).await.refused(412, "stale");

    assert_eq!(workspace.anna.get(&path).await.text("title"), "Zoé");
}

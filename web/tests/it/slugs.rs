//! Slugs that a workspace had, deleted workspaces, and the links of mails.

use axum::body::Body;
use axum::http::Request;
use hallpass_testkit::{Answer, TestServer};
use serde_json::json;

#[tokio::test]
async fn a_former_slug_leads_on_for_90_days_and_is_free_to_no_other() {
    let server = TestServer::on_file().await;
    let workspace = server.found("standard").await;
    let zoe = server.sign_up("zoe").await;
    let wanted = json!({"name": "Other", "slug": "acme", "blueprint": "standard"});
    let _ = workspace.anna.patch("", json!({"slug": "acme-2"})).await.expect(200);

    let old = workspace.anna.get("/api/v1/workspaces/acme").await.expect(200);
    assert_eq!(old.text("slug"), "acme-2");
    let renamed = json!({"name": "Acme 2"});
    let _ = workspace.anna.patch("/api/v1/workspaces/acme", renamed).await.expect(200);
    zoe.post("/api/v1/workspaces", wanted.clone()).await.refused(409, "slug_taken");
    zoe.get("/api/v1/workspaces/acme").await.refused(404, "not_found");
    let other = server.found_as("dan", "standard", "other").await;
    other.anna.patch("", json!({"slug": "acme"})).await.refused(409, "slug_taken");
    // The workspace itself may have it back, and then the other leads on.
    let here = "/api/v1/workspaces/acme-2";
    let _ = workspace.anna.patch(here, json!({"slug": "acme"})).await.expect(200);
    assert_eq!(workspace.anna.get(here).await.expect(200).text("slug"), "acme");
    let _ = workspace.anna.patch(here, json!({"slug": "acme-2"})).await.expect(200);

    server.advance_days(89);
    server.app.workspaces().free_slugs().await.unwrap();
    let zoe = server.sign_up("eve").await;
    zoe.post("/api/v1/workspaces", wanted.clone()).await.refused(409, "slug_taken");
    server.advance_days(2);
    server.app.workspaces().free_slugs().await.unwrap();
    let zoe = server.sign_up("fay").await;
    let _ = zoe.post("/api/v1/workspaces", wanted).await.expect(201);
}

#[tokio::test]
async fn deleted_workspaces_are_listed_to_those_who_may_restore_them() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let admin = workspace.join("ben", json!({"role": "admin"})).await;
    let member = workspace.join("cleo", json!({"role": "member"})).await;
    let outsider = server.sign_up("zoe").await;
    let path = "/api/v1/deleted-workspaces";
    assert!(workspace.anna.get(path).await.expect(200).items().is_empty());
    let now = server.app.now();
    let _ = workspace.anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);

    let listed = workspace.anna.get(path).await.expect(200);

    assert_eq!(listed.each("slug"), ["acme"]);
    assert_eq!(listed.items()[0]["deleted_at"], now.to_string());
    let purge_at = now + hallpass_domain::workspace::GRACE;
    assert_eq!(listed.items()[0]["purge_at"], purge_at.to_string());
    for person in [&admin, &member, &outsider] {
        let may_restore = person.post("/api/v1/workspaces/acme/restore", json!({})).await;
        assert_ne!(may_restore.status, 200);
        assert!(person.get(path).await.expect(200).items().is_empty());
    }
    let _ = workspace.anna.post("/restore", json!({})).await.expect(200);
    assert!(workspace.anna.get(path).await.expect(200).items().is_empty());
}

/// Opens a page as a browser does.
async fn open(server: &TestServer, path: &str) -> Answer {
    server.anonymous().send(Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_links_of_mails_have_pages_that_change_nothing() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await.expect(201);
    let token = workspace.token("ben").await;
    for (folder, request) in
        [("invitations", "POST"), ("confirmations", "POST"), ("password-resets", "PUT")]
    {
        let page = open(&server, &format!("/{folder}/{token}")).await.expect(200);

        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        let api = format!("/api/v1/{folder}/{token}");
        assert!(page.text.contains(&api) && page.text.contains(request), "{}", page.text);
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
    let script = open(&server, "/invitations/%3Cscript%3E'%22;ls").await.expect(200);
    assert!(!script.text.contains("<script>"), "{}", script.text);
    assert!(!script.text.contains("';ls"), "{}", script.text);
    let preview = format!("/api/v1/invitations/{token}");
    let _ = server.anonymous().get(&preview).await.expect(200);
}

/// The body that a page shows, with a password in the place of the ellipsis.
fn shown_body(page: &Answer) -> serde_json::Value {
    let text = page.text.replace("&#34;", "\"").replace("&quot;", "\"").replace("&#39;", "'");
    let (_, body) = text.split_once("-d '").unwrap();
    let (body, _) = body.split_once('\'').unwrap();
    serde_json::from_str(&body.replace('…', "quite another horse")).unwrap()
}

#[tokio::test]
async fn the_request_that_a_page_shows_works_without_a_session() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let invited = json!({"role": "member"});
    let _ = workspace.invite(&workspace.anna, "ben", invited).await.expect(201);
    let account = json!({"email": "eve@example.com", "password": "a long password",
        "first_name": "Eve"});
    let _ = server.anonymous().post("/api/v1/accounts", account).await.expect(201);
    let reset = json!({"email": "anna@example.com"});
    let _ = server.anonymous().post("/api/v1/password-resets", reset).await.expect(204);
    let invitation = workspace.token("ben").await;
    let confirmation = server.last_token("confirm_address", "eve@example.com").await;
    let reset = server.last_token("password_reset", "anna@example.com").await;

    for (method, page, action) in [
        ("POST", format!("/invitations/{invitation}"), "/accept"),
        ("POST", format!("/confirmations/{confirmation}"), ""),
        ("PUT", format!("/password-resets/{reset}"), ""),
    ] {
        let body = shown_body(&open(&server, &page).await.expect(200));
        let path = format!("/api/v1{page}{action}");

        let answer = server.anonymous().request(method, &path, Some(body)).await;

        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.text);
    }
}

//! Signing in and out by the page.

use hallpass_testkit::TestServer;

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn a_page_leads_to_the_sign_in_and_back() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anyone = server.anonymous();

    let page = anyone.open("/workspace/acme/settings/team?q=a").await;
    assert_eq!(page.status, 303);
    let sign_in = page.header("location");
    assert_eq!(sign_in, "/sign-in?next=%2Fworkspace%2Facme%2Fsettings%2Fteam%3Fq%3Da");
    let form = anyone.open(&sign_in).await.expect(200);
    assert!(form.text.contains("value=\"/workspace/acme/settings/team?q=a\""), "{}", form.text);
    let wrong = [("email", "anna@example.com"), ("password", "wrong"), ("next", "/")];
    let refused = anyone.submit("/sign-in", &wrong).await;
    assert_eq!(refused.status, 401);
    assert!(refused.text.contains("Wrong email address or password"), "{}", refused.text);
    assert!(refused.text.contains("value=\"anna@example.com\""));
    assert!(!refused.text.contains("value=\"wrong\""), "a password is not sent back");

    let right = [
        ("email", "anna@example.com"),
        ("password", PASSWORD),
        ("next", "/workspace/acme/settings/team?q=a"),
    ];
    let done = anyone.submit("/sign-in", &right).await;

    assert_eq!(
        (done.status, done.header("location").as_str()),
        (303, "/workspace/acme/settings/team?q=a")
    );
    let team = anyone.open(&done.header("location")).await.expect(200);
    assert!(team.text.contains("anna@example.com"));
    let out = anyone.submit("/sign-out", &[]).await;
    assert_eq!((out.status, out.header("location").as_str()), (303, "/sign-in"));
    assert_eq!(anyone.open("/workspace/acme/settings/team").await.status, 303);
    drop(workspace);
}

#[tokio::test]
async fn the_sign_in_leads_to_no_other_site() {
    let server = TestServer::in_memory().await;
    let _anna = server.sign_up("anna").await;
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "evil", ""] {
        let person = server.anonymous();
        let fields = [("email", "anna@example.com"), ("password", PASSWORD), ("next", next)];
        let done = person.submit("/sign-in", &fields).await;
        assert_eq!((done.status, done.header("location").as_str()), (303, "/"), "{next}");
    }
}

#[tokio::test]
async fn another_site_cannot_send_a_form() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let request = axum::http::Request::builder()
        .method("POST")
        .uri("/sign-out")
        .header("sec-fetch-site", "cross-site")
        .header("origin", "https://evil.example")
        .body(axum::body::Body::empty())
        .unwrap();

    let refused = workspace.anna.send(request).await;

    assert_eq!(refused.status, 403);
    let _ = workspace.anna.open("/workspace/acme/settings/team").await.expect(200);
}

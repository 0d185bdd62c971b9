//! The assets of pages.

use hallpass_testkit::TestServer;

#[tokio::test]
async fn pages_load_only_assets_of_the_server_which_browsers_cache() {
    let server = TestServer::in_memory().await;
    let page = server.anonymous().get("/api/docs").await.expect(200);
    let folder = hallpass_web::asset::folder();

    for (name, kind) in [
        ("hallpass.css", "text/css; charset=utf-8"),
        ("docs.js", "text/javascript; charset=utf-8"),
        ("mark.svg", "image/svg+xml"),
        ("inter/basic.woff2", "font/woff2"),
        ("inter/LICENSE", "text/plain; charset=utf-8"),
    ] {
        let loaded = server.anonymous().get(&format!("{folder}/{name}")).await.expect(200);
        assert_eq!(loaded.header("content-type"), kind);
        assert!(loaded.header("cache-control").contains("immutable"));
    }
    assert!(page.text.contains(&format!("{folder}/hallpass.css")));
    assert!(page.header("content-security-policy").starts_with("default-src 'none';"));
    for absent in ["nothing.css", "../Cargo.toml", "%2e%2e/Cargo.toml"] {
        let missing = server.anonymous().get(&format!("{folder}/{absent}")).await;
        assert_eq!(missing.status, 404, "{absent}");
    }
}

//! The assets of pages.

use axum::body::Body;
use axum::http::Request;
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

/// Texts are compressed for who takes it, and stay the same; a font is compressed already.
#[tokio::test]
async fn texts_are_compressed_for_who_takes_it() {
    let server = TestServer::in_memory().await;
    let folder = hallpass_web::asset::folder();
    let load = async |name: &str, takes: &str| {
        let request = Request::get(format!("{folder}/{name}")).header("accept-encoding", takes);
        server.anonymous().send(request.body(Body::empty()).unwrap()).await
    };
    for name in ["console.css", "console.js", "icons.svg", "inter/LICENSE"] {
        let plain = load(name, "identity").await.expect(200);
        assert_eq!(plain.header("content-encoding"), "");
        for takes in ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, BR ; q=0.1"] {
            let small = load(name, takes).await.expect(200);
            assert_eq!(small.header("content-encoding"), "br", "{name} {takes}");
            assert!(small.header("vary").contains("accept-encoding"));
            assert_eq!(small.header("content-type"), plain.header("content-type"));
            let mut text = Vec::new();
            brotli::BrotliDecompress(&mut small.bytes.as_slice(), &mut text).unwrap();
            assert_eq!(text, plain.text.as_bytes(), "{name}");
            assert!(small.bytes.len() * 2 < text.len(), "{name}: {} bytes", small.bytes.len());
        }
        for takes in ["", "*", "br;q=0", "brotli", "gzip;q=1, br;q=0.0"] {
            let other = load(name, takes).await.expect(200);
            assert_ne!(other.header("content-encoding"), "br", "{name} {takes}");
        }
    }
    let font = load("inter/basic.woff2", "br").await.expect(200);
    assert_ne!(font.header("content-encoding"), "br");
}

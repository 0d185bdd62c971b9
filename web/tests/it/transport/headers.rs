//! The headers that every answer has.

use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person};
use serde_json::json;

use super::routes::{every, secure, send};

const HSTS: &str = "strict-transport-security";

/// Checks a content security policy: it allows what ships with the program, and nothing inline.
fn check_policy(policy: &str, what: &str) {
    assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
    for directive in ["frame-ancestors", "base-uri 'none'", "form-action"] {
        assert!(policy.contains(directive), "{what}: {policy}");
    }
    for source in policy.split(';').flat_map(|directive| directive.trim().split(' ').skip(1)) {
        assert!(["'none'", "'self'", "data:"].contains(&source), "{what}: {policy}");
    }
}

/// The answers that have another policy: mails as they are sent, which have styles.
const MAILS: &str = "/operator/mails/templates/{mail}/{language}";

fn check(answer: &Answer, path: &str, what: &str) {
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("x-frame-options"), "DENY", "{what}");
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{what}");
    let referrer = answer.header("referrer-policy");
    let is_of_workspace = path.starts_with("/workspace/{ws}");
    assert!(
        referrer == "no-referrer" || (is_of_workspace && referrer == "same-origin"),
        "{what}: {referrer}"
    );
    if path != MAILS {
        check_policy(&answer.header("content-security-policy"), what);
    }
    let cached = answer.header("cache-control");
    let is_public = path.starts_with("/assets/") && answer.status == 200;
    let has_version =
        path.ends_with("/theme.css") || path.ends_with("/logo") || path.contains("/pictures/");
    let is_kept = has_version && cached.starts_with("private, ");
    assert!(cached == "no-store" || is_public || is_kept, "{what}: {cached}");
}

#[tokio::test]
async fn every_answer_of_every_route_has_the_headers() {
    let server = secure().await;
    let workspace = server.found("standard").await;
    let callers = [server.anonymous(), workspace.anna.same_session()];
    for route in every(&server) {
        for person in &callers {
            let person = person.same_session();
            let answer = send(&person, &route, &[], true).await;
            let what = format!("{} {} {}", route.method, route.path, answer.status);
            check(&answer, &route.path, &what);
            assert_eq!(answer.header(HSTS), "max-age=31536000; includeSubDomains", "{what}");
            let plain = send(&person, &route, &[("x-forwarded-proto", "https")], false).await;
            assert_eq!(plain.header(HSTS), "", "{what}: HSTS without TLS");
            check_cookies(&answer, &what);
        }
    }
    for path in ["/nowhere", "/api/v1/nowhere", "/sign-in/nowhere"] {
        let answer = workspace.anna.open(path).await.expect(404);
        check(&answer, path, path);
    }
}

/// Checks that browsers bind every cookie to this host and to TLS.
fn check_cookies(answer: &Answer, what: &str) {
    for line in answer.headers.get_all("set-cookie") {
        let line = line.to_str().unwrap();
        assert!(line.starts_with("__Host-hallpass_"), "{what}: {line}");
        for attribute in ["; HttpOnly", "; Secure", "; Path=/", "; SameSite="] {
            assert!(line.contains(attribute), "{what}: {line}");
        }
        assert!(!line.contains("Domain") && !line.contains("SameSite=None"), "{what}: {line}");
    }
}

#[tokio::test]
async fn a_trusted_proxy_says_that_the_client_uses_tls() {
    use std::net::SocketAddr;

    use axum::body::Body;
    use axum::extract::ConnectInfo;
    use axum::http::Request;

    let server = secure().await;
    for (peer, headers, expected) in [
        (
            [10, 0, 0, 1],
            &[("x-forwarded-for", "192.0.2.7"), ("x-forwarded-proto", "https")][..],
            true,
        ),
        (
            [10, 0, 0, 1],
            &[("x-forwarded-for", "192.0.2.7"), ("x-forwarded-proto", "http")],
            false,
        ),
        ([10, 0, 0, 1], &[("x-forwarded-for", "192.0.2.7")], false),
        ([10, 0, 0, 1], &[("forwarded", "for=192.0.2.7;proto=https")], false),
        (
            [192, 0, 2, 9],
            &[("x-forwarded-for", "10.0.0.1"), ("x-forwarded-proto", "https")],
            false,
        ),
    ] {
        let mut request = Request::get("/healthz");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.extension(ConnectInfo(SocketAddr::from((peer, 4_000))));
        let answer = server.anonymous().send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(!answer.header(HSTS).is_empty(), expected, "{headers:?}");
    }
}

/// Everything that sets a cookie.
async fn cookies_of(person: &Person, answers: &mut Vec<Answer>) {
    let body = json!({"email": "zoe@example.com", "password": PASSWORD, "first_name": "Zoe"});
    answers.push(person.post("/api/v1/accounts", body).await.expect(201));
    let fields = [("email", "zoe@example.com"), ("password", PASSWORD)];
    answers.push(person.submit("/sign-in", &fields).await.expect(303));
    let proof = json!({"password": PASSWORD});
    let path = "/api/v1/sessions/current/authentications";
    answers.push(person.post(path, proof).await.expect(200));
    answers.push(person.submit("/sign-out", &[]).await.expect(303));
}

#[tokio::test]
async fn every_cookie_is_bound_to_tls_and_the_host() {
    let server = secure().await;
    let mut answers = Vec::new();
    cookies_of(&server.anonymous(), &mut answers).await;
    let workspace = server.found("standard").await;
    let flash = workspace.anna.submit("settings/teams", &[("name", "Sales")]).await;
    answers.push(flash);

    let set = |answer: &Answer| answer.headers.get_all("set-cookie").iter().count();
    assert!(answers.iter().map(set).sum::<usize>() >= 8);
    for answer in &answers {
        check_cookies(answer, "a cookie");
    }
}

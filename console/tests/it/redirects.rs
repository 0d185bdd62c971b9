//! Open redirects: nothing that a page goes on to leads to another server.

use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer};
use hallpass_web::Web;
use hallpass_web::state::HttpConfig;
use serde_json::json;
use url::Url;

use crate::sign_on::scene::Scene;

const HERE: &str = "https://crm.example.com/sign-in?next=%2F";

/// The parameters that pages and API of any product take for it.
const PARAMETERS: [&str; 12] = [
    "next",
    "back",
    "landing",
    "return",
    "return_to",
    "redirect",
    "redirect_uri",
    "url",
    "to",
    "RelayState",
    "post_logout_redirect_uri",
    "continue",
];

/// Texts that lead to another host in some browser or some parser.
fn payloads() -> Vec<String> {
    let mut all = Vec::new();
    // What browsers take for a slash, drop, or cut off.
    let parts = [
        "/", "\\", "\t", "\n", "\r", " ", "\u{a0}", "\u{b}", "\0", "%09", "%2f", "%5c", "/.",
        "/..", "@",
    ];
    for first in parts {
        for second in parts {
            all.push(format!("/{first}{second}evil.example"));
        }
    }
    for scheme in [
        "https:",
        "http:",
        "HTTPS:",
        "ftp:",
        "javascript:",
        "data:text/html,",
        "vbscript:",
        "blob:",
        "view-source:",
        "ht\ttps:",
        "https:\t",
        "\u{1}https:",
        " https:",
        "\u{feff}https:",
    ] {
        for slashes in ["", "/", "//", "///", "\\\\", "/\\", "\\/"] {
            all.push(format!("{scheme}{slashes}evil.example/"));
        }
    }
    for text in [
        "evil.example",
        ".evil.example",
        "@evil.example",
        ":443@evil.example",
        "//evil.example",
        "///evil.example",
        "\\\\evil.example",
        "//evil.example@crm.example.com",
        "//crm.example.com@evil.example",
        "//crm.example.com:x@evil.example/",
        "/\u{2215}evil.example",
        "/\u{ff0f}evil.example",
        "//evil\u{3002}example",
        "//%65vil.example",
        "//[::1]",
        "//2130706433",
        "/%0d%0aLocation:%20https://evil.example",
        "/\r\nLocation: https://evil.example",
        "",
        "?next=//evil.example",
        "#//evil.example",
        "/sign-in?next=//evil.example",
    ] {
        all.push(text.to_owned());
    }
    assert!(all.len() >= 300, "{}", all.len());
    all
}

/// Whether an address leads a browser from a page of this server to another server or to a script.
fn leaves(address: &str) -> bool {
    let here = Url::parse(HERE).unwrap();
    here.join(address).map_or(true, |url| url.origin() != here.origin())
}

/// Checks what a browser follows: the header, and the links, forms and hidden fields of the page.
#[track_caller]
fn stays(answer: &Answer, what: &str) {
    for line in answer.headers.get_all("location") {
        let place = String::from_utf8_lossy(line.as_bytes());
        assert!(!leaves(&place), "{what}: {place:?}");
    }
    assert!(answer.headers.get("refresh").is_none(), "{what}");
    for attribute in [" href=\"", " action=\"", " src=\"", " formaction=\"", " hx-get=\""] {
        for link in answer.text.split(attribute).skip(1) {
            let link =
                link.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
            assert!(!(leaves(&link) && link.contains("evil")), "{what}: {link:?}");
        }
    }
    for field in answer.text.split("name=\"next\" value=\"").skip(1) {
        let value = field.split('"').next().unwrap();
        assert!(!leaves(value), "{what}: a form would go on to {value:?}");
    }
}

#[test]
fn the_check_notices_what_leads_away() {
    for address in
        ["//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"]
    {
        assert!(leaves(address), "{address:?}");
    }
    for address in ["/", "/workspace/acme?x=//evil.example", "/.//evil.example"] {
        assert!(!leaves(address), "{address:?}");
    }
    // A rule that looks at the first letters only lets many of them pass.
    let first_letters = |text: &&String| text.starts_with('/') && !text.starts_with("//");
    let passing = payloads();
    let passing = passing.iter().filter(first_letters).filter(|text| leaves(text)).count();
    assert!(passing > 20, "{passing}");
}

/// Goes through everything that goes on to a given path.
async fn follow(scene: &Scene, anna: &Person, payload: &str) -> Vec<(&'static str, Answer)> {
    let server = &scene.server;
    let mut answers = Vec::new();
    let browser = server.anonymous();
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("next", payload).finish();
    for path in ["/sign-in", "/sign-in/code", "/sign-up", "/step-up", "/step-up/totp"] {
        answers.push((path, browser.open(&format!("{path}?{query}")).await));
        answers.push((path, anna.open(&format!("{path}?{query}")).await));
    }
    let fields = [("email", "anna@example.com"), ("password", PASSWORD), ("next", payload)];
    answers.push(("signing in", browser.submit("/sign-in", &fields).await));
    answers.push(("signing out", browser.submit("/sign-out", &[("next", payload)]).await));
    let wrong = [("email", "anna@example.com"), ("password", "x"), ("next", payload)];
    answers.push(("a wrong password", server.anonymous().submit("/sign-in", &wrong).await));
    server.clock.advance(Span::minutes(1));
    let proof = [("password", PASSWORD), ("next", payload)];
    answers.push(("stepping up", anna.submit("/step-up", &proof).await));
    let code = [("code", "000000"), ("next", payload)];
    answers.push(("a wrong code", server.anonymous().submit("/sign-in/code", &code).await));
    answers.push(("enrolling", anna.submit("/step-up/totp", &[("next", payload)]).await));
    answers
}

#[tokio::test]
async fn no_way_through_the_sign_in_goes_on_to_another_server() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    for payload in payloads() {
        for (what, answer) in follow(&scene, &workspace.anna, &payload).await {
            assert!(answer.status < 500, "{what} {payload:?}: {}", answer.text);
            stays(&answer, &format!("{what} {payload:?}"));
        }
    }
}

#[tokio::test]
async fn single_sign_on_goes_on_to_no_other_server() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let body = json!({"email": "ben@northwind.example", "role": "member"});
    let _ = workspace.anna.post("/invitations", body).await.expect(201);
    let claims = json!({"sub": "ben-1", "email": "ben@northwind.example"});
    for payload in payloads() {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("next", &payload).finish();
        let person = scene.server.anonymous();
        let started = person.follow(&format!("{}?{query}", connection.url("start"))).await;
        let url = started.expect(303).header("location");
        let back = connection.answer(&url, &claims).collect(&person).await.expect(303);
        stays(&back, &format!("single sign-on {payload:?}"));
        let test = connection.url("start").replace("/start", "/connect");
        let left = workspace.anna.submit(&test, &[("next", &payload)]).await;
        stays(&left, &format!("connecting {payload:?}"));
    }
}

/// Every route, with every parameter, in the query and in a form.
#[tokio::test]
async fn no_route_goes_on_to_another_server() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let web = Web::new(server.app.clone(), HttpConfig::default());
    let mut routes = hallpass_console::routes(&web).into_list();
    routes.retain(|route| !route.path.contains("leave") && !route.path.contains("delet"));
    for payload in
        ["//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example"]
    {
        let fields: Vec<(&str, &str)> = PARAMETERS.map(|name| (name, payload)).to_vec();
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.extend_pairs(&fields).finish();
        for route in &routes {
            let part = |part: &str| match part {
                "{ws}" | "{workspace}" => "acme".to_owned(),
                part if part.starts_with('{') => {
                    "mbr_01a223a3d7f6736ca98b00ccae3ec666".to_owned()
                }
                part => part.to_owned(),
            };
            let path: Vec<String> = route.path.split('/').map(part).collect();
            let path = format!("{}?{query}", path.join("/"));
            for person in [server.anonymous(), workspace.anna.same_session()] {
                let answer = if route.method.is_safe() {
                    person.open(&path).await
                } else {
                    person.submit(&path, &fields).await
                };
                stays(&answer, &format!("{} {} {payload:?}", route.method, route.path));
            }
        }
    }
}

/// The page before, to which a failure leads back, is named by the browser; a page of another server can
/// choose its own address.
#[tokio::test]
async fn a_failure_leads_back_to_no_other_server() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    for referer in
        ["https://evil.example//evil.example/x", "https://evil.example/\\evil.example"]
    {
        let request = axum::http::Request::get("/workspace/acme/records/nothing")
            .header("referer", referer)
            .header("accept", "text/html");
        let page = workspace.anna.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(page.status, 404, "{}", page.text);
        stays(&page, referer);
    }
}

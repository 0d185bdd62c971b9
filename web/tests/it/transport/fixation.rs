//! Session fixation: no way in takes up a session that the browser brings, the one of an attacker or none.

use axum::body::Body;
use axum::http::Request;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Person, TestServer};
use serde_json::{Value, json};

/// Sends a request with a cookie in place of those of the person; the session that the answer begins.
async fn begun(person: &Person, (path, body): (&str, Value), cookie: &str) -> String {
    let is_form = !path.starts_with("/api/");
    let (kind, body) = if is_form {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in body.as_object().unwrap() {
            form.append_pair(name, value.as_str().unwrap());
        }
        ("application/x-www-form-urlencoded", form.finish())
    } else {
        ("application/json", body.to_string())
    };
    let request = Request::post(path).header("content-type", kind).header("cookie", cookie);
    let answer = person.send(request.body(Body::from(body)).unwrap()).await;
    let mut lines =
        answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let session = lines.find(|line| line.starts_with("hallpass_session="));
    let session =
        session.unwrap_or_else(|| panic!("{path}: {} {}", answer.status, answer.text));
    session.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn no_way_in_takes_up_a_session_that_the_browser_brings() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let eve = server.sign_up("eve").await.cookie().unwrap();
    for name in ["ben", "cleo"] {
        let _ = workspace
            .invite(&workspace.anna, name, json!({"role": "member"}))
            .await
            .expect(201);
    }
    let made_up = format!("hallpass_session={}", "A".repeat(43));
    let anna = json!({"email": "anna@example.com", "password": PASSWORD});
    let account = |name: &str| {
        let email = format!("{name}@example.com");
        json!({"email": email, "password": PASSWORD, "first_name": "Zoe", "last_name": "A"})
    };
    let joining = json!({"password": PASSWORD, "first_name": "Ben", "last_name": "A"});
    let api = format!("/api/v1/invitations/{}/accept", workspace.token("ben").await);
    let page = format!("/invitations/{}", workspace.token("cleo").await);
    let ways = [
        ("/api/v1/sessions", anna.clone(), &eve),
        ("/sign-in", anna.clone(), &eve),
        ("/api/v1/sessions", anna.clone(), &made_up),
        ("/sign-in", anna, &made_up),
        ("/api/v1/accounts", account("zoe"), &eve),
        ("/sign-up", account("zora"), &made_up),
        (&api, joining.clone(), &made_up),
        (&page, joining, &made_up),
    ];
    let mut seen = vec![eve.clone(), made_up.clone()];
    for (path, body, cookie) in ways {
        let session = begun(&server.anonymous(), (path, body), cookie).await;
        assert!(!seen.contains(&session), "{path} takes up {session}");
        seen.push(session);
    }

    let me = async |cookie: &str| {
        let request = Request::get("/api/v1/me").header("cookie", cookie);
        server.anonymous().send(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(me(&eve).await.expect(200).text("email"), "eve@example.com");
    let _ = me(&made_up).await.expect(401);
}

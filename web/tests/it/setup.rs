//! The first account of a server, by the set-up link that the server prints.

use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, TestServer};
use serde_json::{Value, json};

fn anna(password: &str) -> Value {
    json!({"email": "anna@example.com", "password": password, "first_name": "Anna"})
}

async fn link(server: &TestServer) -> Option<String> {
    let link = server.app.accounts().create_setup_link().await.unwrap();
    link.map(|link| link.expose().to_owned())
}

async fn follow(server: &TestServer, link: &str, body: Value) -> Answer {
    server.anonymous().post(&format!("/api/v1/setup/{link}"), body).await
}

async fn sets_up_once(server: TestServer) {
    let link = link(&server).await.unwrap();
    let visitor = server.anonymous();
    let path = format!("/api/v1/setup/{link}");
    let wrong = visitor.post(&path, anna("short")).await.expect(422);
    assert_eq!(wrong.pointers(), ["/password"]);

    let made = visitor.post(&path, anna(PASSWORD)).await.expect(201);

    assert_eq!(made.body["email_confirmed"], true);
    assert_eq!(visitor.get("/api/v1/me").await.expect(200).text("first_name"), "Anna");
    // The address counts as confirmed, so that no mail is needed to begin.
    assert!(server.mails().await.is_empty());
    let workspace = server.found_by(&visitor, "standard", "acme").await;
    let invited = workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await;
    let _ = invited.expect(201);
    let again = json!({"email": "eve@example.com", "password": PASSWORD, "first_name": "Eve"});
    follow(&server, &link, again).await.refused(409, "dead_link");
}

#[tokio::test]
async fn the_set_up_link_creates_one_account_on_sqlite() {
    sets_up_once(TestServer::in_memory().await).await;
}

#[tokio::test]
async fn the_set_up_link_creates_one_account_on_postgres() {
    sets_up_once(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn a_set_up_link_is_dead_after_a_day_and_after_the_next_start() {
    let server = TestServer::in_memory().await;
    let first = link(&server).await.unwrap();
    let second = link(&server).await.unwrap();
    follow(&server, &first, anna(PASSWORD)).await.refused(409, "dead_link");

    server.clock.advance(Span::hours(24));
    follow(&server, &second, anna(PASSWORD)).await.refused(409, "dead_link");

    let third = link(&server).await.unwrap();
    server.clock.advance(Span::hours(23));
    let _ = follow(&server, &third, anna(PASSWORD)).await.expect(201);
}

/// A link in old output lets no one in, whichever way the first account was created, and although it
/// was deleted.
#[tokio::test]
async fn a_set_up_link_is_dead_once_there_has_been_an_account() {
    let server = TestServer::in_memory().await;
    let early = link(&server).await.unwrap();
    let ben = server.sign_up("ben").await;
    follow(&server, &early, anna(PASSWORD)).await.refused(409, "dead_link");
    let _ = ben.request("DELETE", "/api/v1/me", Some(json!({"confirm": "DELETE"}))).await;

    follow(&server, &early, anna(PASSWORD)).await.refused(409, "dead_link");
    assert_eq!(link(&server).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_requests_at_once_one_creates_an_account() {
    let server = TestServer::in_memory().await;
    let path = format!("/api/v1/setup/{}", link(&server).await.unwrap());
    let requests: Vec<_> = (0..8)
        .map(|n| {
            let (visitor, path) = (server.anonymous(), path.clone());
            let body = json!({"email": format!("p{n}@example.com"), "password": PASSWORD,
                "first_name": "Anna"});
            tokio::spawn(async move { visitor.post(&path, body).await.status })
        })
        .collect();

    let mut statuses = Vec::new();
    for request in requests {
        statuses.push(request.await.unwrap());
    }

    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
}

//! A sign-on that began elsewhere: the person is asked before there is a session.

use axum::body::Body;
use axum::http::{Request, header};
use hallpass_testkit::saml_provider::Signed;
use hallpass_testkit::{Answer, Person};

use super::scene::{ADDRESS, Scene, ben, invite, link_out, local, location, parameter, role};
use super::{request_id, saml, turn_on};

/// Opens the start of a connection as a browser does that comes from somewhere.
async fn come(person: &Person, start: &str, site: Option<&str>, language: &str) -> Answer {
    let request = Request::builder()
        .uri(start)
        .header(header::ACCEPT, "text/html")
        .header(header::ACCEPT_LANGUAGE, language);
    let request = match site {
        Some(site) => request.header("sec-fetch-site", site),
        None => request,
    };
    person.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_sign_on_that_began_elsewhere_asks_before_there_is_a_session() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    invite(&workspace, ADDRESS, "member").await;
    let start = connection.url("start");

    for site in [Some("cross-site"), Some("same-site"), Some("none"), Some("x"), None] {
        let person = scene.server.anonymous();
        let asked = come(&person, &start, site, "en").await;
        assert_eq!(asked.status, 200, "{site:?}: {}", asked.text);
        assert!(asked.text.contains("Sign in with Northwind?"), "{site:?}: {}", asked.text);
        assert!(!asked.headers.contains_key("location"), "{site:?}");
        assert!(asked.headers.contains_key("x-frame-options"), "{site:?}");
        assert!(!asked.text.contains("You are signed in as"), "{site:?}");
        assert_eq!(person.cookie(), None, "{site:?}");

        // The button leads on, in this browser alone.
        let url = link_out(&asked);
        let back = connection.answer(&url, &ben());
        let elsewhere = scene.server.anonymous();
        assert_eq!(back.collect(&elsewhere).await.status, 403, "{site:?}");
        assert_eq!(elsewhere.cookie(), None, "{site:?}");
        let done = back.collect(&person).await;
        assert_eq!(done.status, 303, "{site:?}: {}", done.text);
        assert_eq!(role(&person, &workspace.slug).await, "member");
    }
    // A link of a page of ours leads on at once.
    let person = scene.server.anonymous();
    let own = come(&person, &start, Some("same-origin"), "en").await.expect(303);
    assert!(location(&own).starts_with(&scene.provider.base), "{}", location(&own));
}

#[tokio::test]
async fn the_question_names_who_is_signed_in_and_speaks_their_language() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let start = connection.url("start");
    let before = role(&workspace.anna, &workspace.slug).await;

    let english = come(&workspace.anna, &start, Some("cross-site"), "en").await.expect(200);
    let german = come(&workspace.anna, &start, Some("cross-site"), "de").await.expect(200);

    assert!(
        english.text.contains("You are signed in as anna@example.com."),
        "{}",
        english.text
    );
    assert!(german.text.contains("Mit Northwind anmelden?"), "{}", german.text);
    assert!(german.text.contains("Sie sind als anna@example.com angemeldet."));
    // The session stays as it was.
    assert_eq!(role(&workspace.anna, &workspace.slug).await, before);
}

/// A message of a SAML provider without a request, even one that is signed and right, makes no session.
#[tokio::test]
async fn a_provider_that_starts_by_itself_signs_nobody_in_without_the_button() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = saml(&workspace.anna).await;
    turn_on(&scene, &workspace.anna, &connection).await;
    invite(&workspace, ADDRESS, "member").await;
    let person = scene.server.anonymous();
    let unsolicited = connection.says(&scene.server, None);
    let unsolicited = connection.provider.response(&unsolicited, Signed::Both);

    let posted = connection.post(&person, &unsolicited, "").await.expect(303);
    // The browser says of the whole chain of redirects where it began.
    let asked = come(&person, &location(&posted), Some("cross-site"), "en").await.expect(200);

    assert_eq!(local(&connection.url("start")), location(&posted));
    assert_eq!(person.cookie(), None);
    let url = link_out(&asked);
    let says = connection.says(&scene.server, Some(&request_id(&url)));
    let response = connection.provider.response(&says, Signed::Assertion);
    let state = parameter(&url, "RelayState");
    let collected = connection.post(&person, &response, &state).await.expect(303);
    assert_eq!(person.cookie(), None, "what the provider posts carries no cookie");
    let done = person.open(&location(&collected)).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(role(&person, &workspace.slug).await, "member");
}

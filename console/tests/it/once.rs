//! Forms that are sent twice: a reload, a second click, the way back.

use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::json;

/// The keys of the workspace, by name.
async fn names(anna: &Person) -> Vec<String> {
    let keys = anna.get("/api-keys").await.expect(200);
    let keys = keys.body["items"].as_array().cloned().unwrap_or_default();
    keys.iter().filter_map(|key| key["name"].as_str()).map(str::to_owned).collect()
}

async fn create(anna: &Person, name: &str, once: &str) -> Answer {
    let form = [("name", name), ("days", "30"), ("access", "read"), ("once", once)];
    anna.submit("settings/api-keys", &form).await
}

#[tokio::test]
async fn a_form_that_is_sent_again_does_nothing_twice_and_shows_no_secret_again() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;

    let first = create(anna, "Deploy", "k1").await.expect(201);
    assert!(first.text.contains("hpk_"), "{}", first.text);
    let again = create(anna, "Deploy", "k1").await.expect(303);
    assert!(again.header("location").ends_with("/settings/api-keys"));
    assert!(again.header("set-cookie").contains("done%20before"), "{again:?}");
    assert_eq!(names(anna).await, ["Deploy"]);

    // Another content, or another form, is another act.
    let _ = create(anna, "Backup", "k1").await.expect(201);
    let _ = create(anna, "Deploy", "k2").await.expect(201);
    assert_eq!(names(anna).await.len(), 3);
}

#[tokio::test]
async fn a_form_that_was_refused_can_be_sent_again_and_a_preview_can_be_repeated() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;

    for _ in 0..2 {
        let _ = create(anna, "", "k1").await.expect(422);
    }
    let department = anna.post("/departments", json!({"name": "North"})).await.expect(201);
    let path = format!("settings/departments/{}/preview", department.id());
    let form = [("name", "South"), ("once", "k2")];
    for _ in 0..2 {
        let _ = anna.submit(&path, &form).await.expect(200);
    }
}

#[tokio::test]
async fn the_key_of_a_form_is_that_of_one_account() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let other = server.found_as("zoe", "standard", "other").await;

    let _ = create(&workspace.anna, "Deploy", "k1").await.expect(201);
    let theirs = create(&other.anna, "Deploy", "k1").await.expect(201);
    assert!(theirs.text.contains("hpk_"), "{}", theirs.text);
}

#[tokio::test]
async fn two_clicks_at_once_create_one_record_and_both_lead_to_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let form = [("field.name", "Clicked twice"), ("once", "k1")];

    let (first, second) = tokio::join!(
        anna.submit("records/deals/new", &form),
        anna.submit("records/deals/new", &form)
    );

    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.header("location"), second.header("location"));
    let found = anna.get("/records/deals?q=Clicked").await.expect(200);
    assert_eq!(found.body["items"].as_array().map(Vec::len), Some(1));
}

//! The alias of a member: another name by which they are found, on which no access depends.

use hallpass_testkit::TestServer;
use serde_json::{Value, json};

#[tokio::test]
async fn an_alias_is_set_found_and_removed() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let path = format!("/members/{}", ben.id);
    let rights = anna.get(&format!("{path}/access")).await.body;

    let changed = anna.patch(&path, json!({"alias": "  Help desk "})).await.expect(200);

    assert_eq!(changed.text("alias"), "Help desk");
    for search in ["/members?q=help+D", "/members?alias=true"] {
        assert_eq!(
            anna.get(search).await.each("id"),
            std::slice::from_ref(&ben.id),
            "{search}"
        );
    }
    assert_eq!(anna.get(&format!("{path}/access")).await.body, rights);
    let log = anna.get(&format!("/audit?subject={}", ben.id)).await;
    let entry = log.items().iter().find(|one| one["action"] == "member.update").unwrap();
    assert_eq!(
        (&entry["before"]["alias"], &entry["after"]["alias"]),
        (&Value::Null, &json!("Help desk"))
    );

    let removed = anna.patch(&path, json!({"alias": null})).await.expect(200);

    assert_eq!(removed.body["alias"], Value::Null);
    for search in ["/members?q=help", "/members?alias=true"] {
        assert!(anna.get(search).await.items().is_empty(), "{search}");
    }
    assert_eq!(anna.get("/members?alias=false").await.items().len(), 2);
}

#[tokio::test]
async fn a_text_that_is_no_name_is_refused_as_an_alias() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let path = format!("/members/{}", ben.id);

    for alias in ["", " ", "www.example.com", "a\u{202e}b", &"x".repeat(101)] {
        let refused = workspace.anna.patch(&path, json!({"alias": alias})).await.expect(422);
        assert_eq!(refused.body["errors"][0]["pointer"], "/alias", "{alias:?}");
    }
    let own = ben.patch(&path, json!({"alias": "Owner"})).await;
    assert_eq!(own.status, 403);
    assert_eq!(workspace.anna.get(&path).await.body["alias"], Value::Null);
}

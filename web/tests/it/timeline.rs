//! The timeline of a record says what each change was.

use hallpass_testkit::{Person, TestServer};
use serde_json::{Value, json};

/// The latest entry of a timeline: what was done, and its detail.
async fn latest(person: &Person, path: &str) -> (String, Value) {
    let events = person.get(&format!("{path}/timeline")).await.expect(200);
    let event = &events.items()[0];
    assert_eq!(event["actor"], person.id, "{event}");
    (event["action"].as_str().unwrap().to_owned(), event["detail"].clone())
}

#[tokio::test]
async fn an_update_tells_which_fields_stage_and_owner_changed() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "super_admin"})).await;
    let record = workspace.record(anna, "inbox", "Hello").await;
    let path = format!("/records/inbox/{record}");
    let update = async |body: Value| {
        let _ = anna.patch(&path, body).await.expect(200);
        let (action, detail) = latest(anna, &path).await;
        assert_eq!(action, "update");
        detail
    };

    let fields = json!({"fields": {"subject": "Hello again", "channel": "mail"}});
    assert_eq!(update(fields).await, json!({"fields": ["channel", "subject"]}));
    let one = json!({"fields": {"subject": "Hello again", "channel": "chat"}});
    assert_eq!(update(one).await, json!({"fields": ["channel"]}), "the subject is the same");
    let stage = json!({"stage": "waiting"});
    assert_eq!(update(stage).await, json!({"stage": {"from": "open", "to": "waiting"}}));
    let owner = json!({"owner": ben.id});
    assert_eq!(update(owner).await, json!({"owner": {"from": anna.id, "to": ben.id}}));
    let emptied = json!({"fields": {"channel": null}, "owner": "unowned"});
    let expected = json!({"owner": {"from": ben.id, "to": "unowned"}, "fields": ["channel"]});
    assert_eq!(update(emptied).await, expected);
}

#[tokio::test]
async fn an_action_tells_its_text_the_new_owner_and_the_new_stage() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "super_admin"})).await;
    let record = workspace.record(anna, "inbox", "Hello").await;
    let path = format!("/records/inbox/{record}");
    let act = async |action: &str, body: Value| {
        let _ = anna.post(&format!("{path}/actions/{action}"), body).await.expect(200);
        let (told, detail) = latest(anna, &path).await;
        assert_eq!(told, action);
        detail
    };

    assert_eq!(act("reply", json!({"text": "Soon"})).await, json!({"text": "Soon"}));
    assert_eq!(act("reply", json!({})).await, json!({}));
    assert_eq!(act("assign", json!({"to": ben.id})).await, json!({"to": ben.id}));
    let given = json!({"to": anna.id, "text": "Yours"});
    assert_eq!(act("assign", given.clone()).await, given);
    let closed = json!({"text": "Done", "stage": "closed"});
    assert_eq!(act("close", json!({"text": "Done"})).await, closed);
}

//! Invitations: lists of addresses, what an open invitation names, and what the invited person reads.

use hallpass_testkit::TestServer;
use serde_json::{Value, json};

use super::item;

#[tokio::test]
async fn a_list_of_addresses_reports_every_wrong_entry_and_counts_doubles_once() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let list = |emails: &[&str]| json!({"role": "member", "emails": emails});
    let _ = anna.post("/invitations", list(&["cleo@example.com"])).await.expect(201);

    let wrong = ["a@example.com", "no-address", "BEN@example.com", "cleo@example.com", "b@x@y"];
    let told = anna.post("/invitations", list(&wrong)).await;
    told.refused(422, "invalid");
    assert_eq!(told.pointers(), ["/emails/1", "/emails/2", "/emails/3", "/emails/4"]);
    assert!(told.text.contains("BEN@example.com"), "{}", told.text);
    let found = anna.get("/invitations").await.expect(200);
    assert!(!found.each("email").contains(&"a@example.com".to_owned()), "{}", found.text);

    let doubled = ["dora@example.com", "DORA@example.com"];
    let sent = anna.post("/invitations", list(&doubled)).await.expect(201);
    assert_eq!(sent.items().len(), 1);
    let _ = anna.post(&format!("/members/{}/deactivate", ben.id), json!({})).await.expect(200);
    let told = workspace.invite(anna, "ben", json!({"role": "member"})).await;
    told.refused(409, "already_member");
    assert!(told.text.contains("reactivate"), "{}", told.text);
}

#[tokio::test]
async fn only_one_person_can_be_invited_as_the_billing_contact() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ask = json!({"role": "member", "billing_contact": true,
        "emails": ["ben@example.com", "cleo@example.com"]});
    let told = workspace.anna.post("/invitations", ask).await;
    told.refused(422, "invalid");
    assert_eq!(told.pointers(), ["/billing_contact"]);
}

#[tokio::test]
async fn what_an_open_invitation_names_is_not_deleted() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let team = anna.post("/teams", json!({"name": "Nord"})).await.expect(201).id();
    let department = anna.post("/departments", json!({"name": "Nord"})).await.expect(201).id();
    let field = json!({"key": "name", "name": "Name", "type": "text", "required": true});
    let entity = json!({"key": "projects", "name": "Projects", "fields": [field]});
    let _ = anna.post("/schema/entities", entity).await.expect(201);
    for (name, path, names) in [
        ("ben", format!("/teams/{team}"), json!({"teams": [team]})),
        ("cleo", format!("/departments/{department}"), json!({"department": department})),
        ("dora", "/schema/entities/projects".to_owned(), json!({"landing": "projects"})),
    ] {
        let mut ask = names;
        ask["role"] = json!("member");
        let id = workspace.invite(anna, name, ask).await.expect(201).id();
        let told = anna.delete(&path).await;
        told.refused(409, "in_use");
        assert!(told.text.contains(&format!("{name}@example.com")), "{}", told.text);

        let _ = anna.delete(&format!("/invitations/{id}")).await.expect(204);
        let _ = anna.delete(&path).await.expect(204);
    }
}

#[tokio::test]
async fn an_invitation_that_can_no_longer_be_accepted_says_so() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let id = workspace.invite(&ben, "cleo", json!({"role": "admin"})).await.expect(201).id();
    let fine = anna.get("/invitations").await.expect(200);
    assert_eq!(item(&fine, &id)["outdated"], Value::Null);
    let lower = json!({"role": "member"});
    let _ = anna.patch(&format!("/members/{}", ben.id), lower).await.expect(200);

    let listed = anna.get("/invitations").await.expect(200);
    assert!(item(&listed, &id)["outdated"].is_string(), "{}", listed.text);
    let token = workspace.token("cleo").await;
    let anonymous = server.anonymous();
    let shown = anonymous.get(&format!("/api/v1/invitations/{token}")).await.expect(200);
    assert!(shown.body["outdated"].is_string(), "{}", shown.text);
    let body = json!({"password": "correct horse battery", "first_name": "Cleo"});
    let path = format!("/api/v1/invitations/{token}/accept");
    let told = anonymous.post(&path, body).await;
    told.refused(409, "invitation_outdated");
    for hidden in ["mbr_", "tea_", ":read", ":create", "team:"] {
        assert!(!told.text.contains(hidden), "{}", told.text);
    }
}

//! Whom callers may choose and know by name, and what is left of those who have gone.

use hallpass_testkit::TestServer;
use serde_json::{Value, json};

use super::{item, with_grants};

#[tokio::test]
async fn an_inactive_member_is_chosen_nowhere() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ina = workspace.join("ina", json!({"role": "manager"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let _ = anna.post(&format!("/members/{}/deactivate", ina.id), json!({})).await.expect(200);
    let to = json!({"to": ina.id});

    for (method, path, body) in [
        ("PATCH", format!("/members/{}", cleo.id), json!({"manager": ina.id})),
        ("POST", "/departments".to_owned(), json!({"name": "Q", "manager": ina.id})),
        ("POST", "/ownership".to_owned(), to.clone()),
        ("POST", "/billing/contact".to_owned(), to),
        ("POST", "/api-keys".to_owned(), json!({"name": "k", "member": ina.id})),
        ("POST", "/reassignments".to_owned(), json!({"from": "unowned", "to": ina.id})),
        (
            "POST",
            "/records/contacts".to_owned(),
            json!({"fields": {"name": "x"}, "owner": ina.id}),
        ),
    ] {
        let told = anna.request(method, &path, Some(body)).await;
        told.refused(422, "invalid");
    }
}

#[tokio::test]
async fn a_manager_with_reports_keeps_a_role_that_manages() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let dora = workspace.join("dora", json!({"role": "manager"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let manager = async |manager: Value| {
        let change = json!({"manager": manager});
        let _ = anna.patch(&format!("/members/{}", cleo.id), change).await.expect(200);
    };
    manager(json!(dora.id)).await;
    let path = format!("/members/{}", dora.id);
    anna.patch(&path, json!({"role": "member"})).await.refused(409, "still_manages");

    manager(Value::Null).await;

    let _ = anna.patch(&path, json!({"role": "member"})).await.expect(200);
}

#[tokio::test]
async fn the_key_of_an_inactive_member_is_no_credential() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let key = json!({"name": "k", "member": cleo.id});
    let key = anna.post("/api-keys", key).await.expect(201).text("key");
    let program = cleo.with_api_key(&key);
    let _ = program.get("/me").await.expect(200);
    let _ = anna.post(&format!("/members/{}/deactivate", cleo.id), json!({})).await.expect(200);

    program.get("/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn those_who_have_left_keep_a_name() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let cleo = with_grants(&workspace, "cleo", &["contacts:read:all"]).await;
    let record = workspace.record(&ben, "contacts", "Zoe").await;
    let _ = anna.delete(&format!("/members/{}", ben.id)).await.expect(204);

    let path = format!("/records/contacts/{record}");
    for reader in [anna, &cleo] {
        let seen = reader.get(&path).await.expect(200);
        assert_eq!(seen.text("owner_name"), "Ben");
        assert_eq!(seen.text("owner_status"), "removed");
        assert_eq!(seen.text("created_by_name"), "Ben");
        let events = reader.get(&format!("{path}/timeline")).await.expect(200);
        assert_eq!(events.items()[0]["actor_name"], "Ben");
        let known = reader.get(&format!("/members/{}", ben.id)).await.expect(200);
        assert_eq!(known.text("name"), "Ben");
        assert_eq!(known.text("status"), "removed");
        let file = reader.get("/records/contacts/export").await.expect(200);
        assert!(file.text.contains("Ben"), "{}", file.text);
    }
    let known = cleo.get(&format!("/members/{}", ben.id)).await.expect(200);
    assert_eq!(known.body.as_object().unwrap().len(), 3, "{}", known.text);
    let entries = anna.get(&format!("/audit?subject={}", ben.id)).await.expect(200);
    let removal = entries.items().iter().find(|one| one["action"] == "member.remove").unwrap();
    assert_eq!(removal["before"]["name"], "Ben");
    assert_eq!(removal["before"]["email"], "ben@example.com");
    assert_eq!(removal["names"][ben.id.as_str()], "Ben");
}

#[tokio::test]
async fn a_stranger_is_not_known_by_name() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = with_grants(&workspace, "cleo", &["contacts:read:own"]).await;
    workspace.record(&ben, "contacts", "Zoe").await;

    cleo.get(&format!("/members/{}", ben.id)).await.refused(403, "denied");
    cleo.get("/members?q=ben").await.refused(403, "denied");
}

#[tokio::test]
async fn members_are_listed_by_name_for_those_who_may_choose_one() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let ina = workspace.join("ina", json!({"role": "member"})).await;
    let path = format!("/members/{}/deactivate", ina.id);
    let _ = workspace.anna.post(&path, json!({})).await.expect(200);
    let cleo = with_grants(&workspace, "cleo", &["contacts:read,update:all"]).await;

    let found = cleo.get("/members?q=be").await.expect(200);
    let shown = json!({"id": ben.id, "name": "Ben", "status": "active"});
    assert_eq!(item(&found, &ben.id), &shown);
    let all = cleo.get("/members?q=").await.expect(200);
    assert!(!all.each("id").contains(&ina.id), "{}", all.text);
    assert_eq!(cleo.get("/members?q=example.com").await.expect(200).body["total"], 0);
    cleo.get("/members").await.refused(403, "denied");
    for filter in ["role=admin", "status=active", "sort=-assignments"] {
        cleo.get(&format!("/members?q=&{filter}")).await.refused(403, "denied");
    }
}

#[tokio::test]
async fn a_record_type_is_readable_with_any_right_on_its_records() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let cleo = with_grants(&workspace, "cleo", &["contacts:read:own"]).await;

    let types = cleo.get("/schema/entities").await.expect(200);
    assert_eq!(types.each("key"), ["contacts"]);
    let one = cleo.get("/schema/entities/contacts").await.expect(200);
    assert!(one.body["fields"].is_array(), "{}", one.text);
    cleo.get("/schema/entities/tickets").await.refused(403, "denied");
    let plain = with_grants(&workspace, "pat", &[]).await;
    plain.get("/schema/entities").await.refused(403, "denied");
}

#[tokio::test]
async fn a_change_of_a_profile_leaves_the_cells_that_it_does_not_name() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let grants =
        json!({"contacts": {"read": "all", "update": "own"}, "tickets": {"read": "own"}});
    let profile = json!({"name": "P", "grants": grants});
    let id = anna.post("/profiles", profile).await.expect(201).id();

    let change = json!({"grants": {"contacts": {"update": "team", "read": null}}});
    let told = anna.patch(&format!("/profiles/{id}"), change).await.expect(200);

    let expected = json!({"contacts": {"update": "team"}, "tickets": {"read": "own"}});
    assert_eq!(told.body["grants"], expected);
}

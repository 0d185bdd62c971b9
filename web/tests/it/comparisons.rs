//! Comparisons of access: what they show, to whom, and what they refuse.

use hallpass_domain::id::WorkspaceId;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

async fn compare(person: &Person, before: Value, after: Value) -> Answer {
    person.post("/access/compare", json!({"before": before, "after": after})).await
}

/// A difference of the first line.
fn of_cell<'a>(found: &'a Answer, resource: &str, action: &str) -> &'a Value {
    let changes = found.body["members"][0]["changes"].as_array().unwrap();
    let is_meant = |one: &&Value| one["resource"] == resource && one["action"] == action;
    changes.iter().find(is_meant).unwrap_or(&Value::Null)
}

/// The id of the last entry of the audit log.
async fn last_entry(workspace: &TestWorkspace<'_>) -> String {
    workspace.anna.get("/audit?limit=1").await.each("id").remove(0)
}

/// A member with a role of their own.
async fn with_grants(workspace: &TestWorkspace<'_>, name: &str, grants: &[&str]) -> Person {
    let role = json!({"name": format!("Role of {name}"), "grants": grants});
    let role = workspace.anna.post("/roles", role).await.expect(201).id();
    workspace.join(name, json!({"role": role})).await
}

#[tokio::test]
async fn two_members_are_compared_with_numbers_of_records() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    for owner in [json!("me"), json!("me"), json!(ben.id)] {
        let body = json!({"fields": {"name": "Initech"}, "owner": owner});
        let _ = anna.post("/records/contacts", body).await.expect(201);
    }
    let (one, other) = (json!({"member": ben.id}), json!({"member": anna.id}));

    let found = compare(anna, one.clone(), other.clone()).await.expect(200);

    let line = &found.body["members"][0];
    assert_eq!((&line["member"], &line["name"]), (&json!(anna.id), &json!("Anna")));
    assert_eq!(found.body["before"], json!({"id": ben.id, "name": "Ben"}));
    let delete = of_cell(&found, "contacts", "delete");
    assert_eq!((&delete["gains"], &delete["loses"]), (&json!(true), &json!(false)));
    let update = of_cell(&found, "contacts", "update");
    assert_eq!((&update["records_gained"], &update["records_lost"]), (&json!(2), &json!(0)));
    assert!(line["shown"].as_array().unwrap().contains(&json!("general")), "{line}");
    let reversed = compare(anna, other, one.clone()).await.expect(200);
    let update = of_cell(&reversed, "contacts", "update");
    assert_eq!((&update["records_gained"], &update["records_lost"]), (&json!(0), &json!(2)));
    // Ben and Cleo each have their own records.
    let same = compare(anna, one, json!({"member": cleo.id})).await.expect(200);
    assert_eq!((&same.body["members"], &same.body["total"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn a_member_is_compared_with_the_role_that_they_were_given() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let path = format!("/members/{}", ben.id);
    let (role, member) = (json!({"role": "member"}), json!({"member": ben.id}));
    let none = compare(&workspace.anna, role.clone(), member.clone()).await.expect(200);
    assert_eq!(none.body["members"], json!([]));
    let levels = json!({"levels": {"invoices": "view"}});
    let _ = workspace.anna.patch(&path, levels).await.expect(200);

    let found = compare(&workspace.anna, role, member.clone()).await.expect(200);

    assert_eq!(found.body["before"], json!({"id": "member", "name": "Member"}));
    let read = of_cell(&found, "invoices", "read");
    assert_eq!((&read["gains"], &read["loses"]), (&json!(true), &json!(false)));
    // Ben compares himself with his role, and with no other member.
    let read = json!({"role": "member"});
    compare(&ben, read, member.clone()).await.refused(403, "denied");
    compare(&ben, member, json!({"member": workspace.anna.id})).await.refused(403, "denied");
}

#[tokio::test]
async fn roles_and_profiles_are_compared_without_their_holders() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let found = compare(anna, json!({"role": "member"}), json!({"role": "manager"})).await;
    let found = found.expect(200);
    assert_eq!(found.body["members"][0]["member"], Value::Null);
    assert_eq!(of_cell(&found, "contacts", "update")["gains"], json!(true));

    let profiles = anna.get("/profiles").await;
    let profile = profiles.items().iter().find(|one| one["key"] == "read_only").unwrap();
    let (id, template) = (profile["id"].clone(), json!({"template": "read_only"}));
    let same = compare(anna, template.clone(), json!({"profile": id})).await.expect(200);
    assert_eq!(same.body["members"], json!([]));
    let grants = json!({"grants": {"contacts": {"delete": "own"}}});
    let path = format!("/profiles/{}", id.as_str().unwrap());
    let _ = anna.patch(&path, grants).await.expect(200);
    let found = compare(anna, template, json!({"profile": id})).await.expect(200);
    let delete = of_cell(&found, "contacts", "delete");
    assert_eq!((&delete["before"], &delete["after"]), (&json!("none"), &json!("own")));
    let own = json!({"name": "Own"});
    let own = anna.post("/profiles", own).await.expect(201).id();
    let refused = compare(anna, json!({"template": own}), json!({"profile": own})).await;
    assert_eq!(refused.pointers(), ["/before/template"]);
}

#[tokio::test]
async fn the_workspace_is_compared_with_an_earlier_entry() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let entry = last_entry(&workspace).await;
    let path = format!("/members/{}", ben.id);
    let _ = anna.patch(&path, json!({"role": "admin"})).await.expect(200);
    let _ = anna.patch("/settings/modules", json!({"invoices": false})).await.expect(200);
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let (was, now) = (json!({"entry": entry}), json!({"now": true}));

    let found = compare(anna, was.clone(), now.clone()).await.expect(200);

    assert_eq!(found.body["before"], json!({"id": entry, "name": null}));
    let lines = found.body["members"].as_array().unwrap();
    let people: Vec<&Value> = lines.iter().map(|line| &line["member"]).collect();
    let [ben_, cleo_] = [json!(ben.id), json!(cleo.id)];
    assert!(people.contains(&&ben_) && people.contains(&&cleo_), "{people:?}");
    // Ben, who may not read the log, may not compare; who reads it and no members sees themselves.
    let reader = with_grants(&workspace, "dora", &["audit:read:all"]).await;
    let seen = compare(&reader, was.clone(), now.clone()).await.expect(200);
    let lines = seen.body["members"].as_array().unwrap();
    assert!(lines.iter().all(|line| line["member"] == json!(reader.id)), "{lines:?}");
    assert_eq!(seen.body["total"], Value::Null);
    compare(&cleo, was, now).await.refused(403, "denied");
}

#[tokio::test]
async fn a_replaced_access_model_is_undone() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let entry = last_entry(&workspace).await;
    let text = anna.get("/blueprint").await.expect(200).text("text");
    let text = text.replacen("id = \"standard\"", "id = \"another\"", 1);
    let text =
        text.replacen("[records.contacts]", "[records.vessels]\n\n[records.contacts]", 1);
    let model = json!({"blueprint_text": text});
    let compared = anna.post("/blueprint/compare", model.clone()).await.expect(200);
    let mut model = model;
    model["comparison"] = compared.body["id"].clone();
    let _ = anna.put("/blueprint", model).await.expect(200);

    let found = compare(anna, json!({"entry": entry}), json!({"now": true})).await.expect(200);

    let read = of_cell(&found, "vessels", "read");
    assert_eq!((&read["before"], &read["after"]), (&json!("none"), &json!("all")));
}

#[tokio::test]
async fn a_log_that_does_not_say_enough_is_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let entry = last_entry(&workspace).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let path = format!("/members/{}", ben.id);
    let _ = workspace.anna.patch(&path, json!({"role": "admin"})).await.expect(200);
    let id: WorkspaceId = workspace.anna.get("").await.id().parse().unwrap();
    let mut tx = server.app.db().write_in(id.0).await.unwrap().unwrap();
    let sql = "DELETE FROM audit WHERE workspace_id = ?1 AND action = 'member.update'";
    tx.execute(sql, &[]).await.unwrap();
    tx.commit().await.unwrap();

    let answer = compare(&workspace.anna, json!({"entry": entry}), json!({"now": true})).await;

    answer.refused(409, "history_incomplete");
}

#[tokio::test]
async fn only_sides_of_one_kind_are_compared() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let other = server.found_as("dora", "standard", "globex").await;
    let anna = &workspace.anna;
    let member = json!({"member": anna.id});
    let theirs = last_entry(&other).await;
    for (before, after, status, pointer) in [
        (member.clone(), json!({"now": true}), 422, "/after"),
        (json!({"role": "member"}), json!({"profile": "read_only"}), 422, "/after"),
        (json!({}), member.clone(), 422, "/before"),
        (member.clone(), json!({"now": false}), 422, "/after"),
        (member.clone(), json!({"member": anna.id, "role": "member"}), 422, "/after"),
        (member.clone(), json!({"role": "sals"}), 422, "/after/role"),
        (member.clone(), json!({"member": "ben"}), 422, "/after/member"),
        (member.clone(), json!({"member": other.anna.id}), 404, ""),
        (json!({"entry": theirs}), json!({"now": true}), 404, ""),
        (member.clone(), json!({"team": "sales"}), 422, "/after/team"),
    ] {
        let answer = compare(anna, before.clone(), after.clone()).await;
        let pointers = answer.pointers();
        let expected = Some(pointer).filter(|pointer| !pointer.is_empty());
        let found = (answer.status, pointers.first().copied());
        assert_eq!(found, (status, expected), "{before} {after}: {}", answer.text);
    }
}

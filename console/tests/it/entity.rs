//! The pages of the schema: record types, fields, stages, and permissions.

use hallpass_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn fields_are_renamed_added_and_removed_by_the_page() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;
    let list = anna.open("settings/schema").await.expect(200);
    assert!(list.text.contains("<h1>Schema Editor</h1>"), "{}", list.text);

    let before = anna.get("/schema/entities/contacts").await.expect(200);
    let count = before.body["fields"].as_array().unwrap().len();
    let form = [
        ("name", "People"),
        ("one", "Person"),
        ("field.name.name", "Full name"),
        ("field.name.required", "on"),
        ("field.email.name", "Mail"),
        ("field.email.remove", "on"),
        ("added.name", "Colour"),
        ("added.key", "colour"),
        ("added.type", "choice"),
        ("added.options", "red\nblue = Sky"),
    ];
    let _ = anna.submit("settings/schema/contacts", &form).await.expect(303);

    let after = anna.get("/schema/entities/contacts").await.expect(200);
    let fields = after.body["fields"].as_array().unwrap();
    assert_eq!(after.body["name"], "People");
    assert_eq!(fields.len(), count);
    assert_eq!(fields[0]["name"], "Full name");
    let options = json!([{"key": "red", "name": "red"}, {"key": "blue", "name": "Sky"}]);
    assert_eq!(fields.last().unwrap()["options"], options);
}

#[tokio::test]
async fn a_mistake_in_a_field_is_at_its_row_and_nothing_is_lost() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let form = [
        ("name", "Contacts"),
        ("one", "Contact"),
        ("field.name.name", "Full name"),
        ("field.name.required", "on"),
        ("added.name", "Colour"),
        ("added.key", "Not A Key"),
    ];

    let refused = workspace.anna.submit("settings/schema/contacts", &form).await.expect(422);

    assert!(refused.text.contains("value=\"Full name\"") && refused.text.contains("Not A Key"));
    let added = refused.text.split("id=\"added-name\"").nth(1).unwrap();
    assert!(added.contains("class=\"error\" role=\"alert\""), "{added}");
}

#[tokio::test]
async fn stages_are_ordered_added_and_removed_by_the_page() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let path = "/schema/entities/opportunities";
    let before = anna.get(path).await.expect(200);
    let stages: Vec<_> = before.body["stages"].as_array().unwrap().clone();
    let first = |part: &str| format!("stage.{}.{part}", stages[0]["key"].as_str().unwrap());
    let form = [
        (&*first("name"), "First"),
        (&*first("place"), "9"),
        (&*first("open"), "on"),
        ("added.name", "Lost for good"),
        ("added.key", "lost_for_good"),
        ("added.place", "10"),
    ];

    let _ = anna.submit("settings/schema/opportunities/pipeline", &form).await.expect(303);

    let after = anna.get(path).await.expect(200);
    let after: Vec<_> = after.body["stages"].as_array().unwrap().clone();
    assert_eq!(after.len(), stages.len() + 1);
    assert_eq!(after.last().unwrap()["key"], "lost_for_good");
    assert_eq!(after[after.len() - 2]["key"], stages[0]["key"]);
    assert_eq!(after[after.len() - 2]["name"], "First");
}

/// HARI-030, HARI-033, HARI-034: profiles by action, each scope as a badge with its word.
#[tokio::test]
async fn the_permissions_of_a_record_type_are_changed_by_the_page() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;
    let page = anna.open("settings/schema/contacts/permissions").await.expect(200);
    let profiles = anna.get("/profiles").await.expect(200);
    let sales = profiles.items()[0]["id"].as_str().unwrap().to_owned();
    let field = format!("cell.{sales}.delete");
    assert!(page.text.contains(&format!("name=\"{field}\"")), "{}", page.text);

    let form = [(field.as_str(), "team")];
    let preview = anna.submit("settings/schema/contacts/permissions/preview", &form).await;
    assert!(preview.expect(200).text.contains("Save 1 change"));
    let _ = anna.submit("settings/schema/contacts/permissions", &form).await.expect(303);

    let after = anna.get(&format!("/profiles/{sales}")).await.expect(200);
    assert_eq!(after.body["matrix"]["contacts"]["delete"], "team");
    let stale = [("version", "1"), (field.as_str(), "all")];
    let refused = anna.submit("settings/schema/contacts/permissions", &stale).await.expect(412);
    assert!(refused.text.contains("Someone else saved first"));
}

#[tokio::test]
async fn a_record_type_is_created_and_deleted_by_pages() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;
    let refused = anna.submit("settings/schema", &[("name", ""), ("key", "contacts")]).await;
    assert!(refused.expect(422).text.contains("aria-describedby=\"e-key\""));
    let form = [("name", "Boats"), ("one", "Boat"), ("key", "boats"), ("title", "Name")];
    let created = anna.submit("settings/schema", &form).await.expect(303);
    assert!(created.header("location").ends_with("/settings/schema/boats"));

    let dialog = anna.open("settings/schema/boats/delete").await.expect(200);
    assert!(dialog.text.contains("Delete Boats"), "{}", dialog.text);
    let _ = anna.submit("settings/schema/boats/delete", &[]).await.expect(303);
    let _ = anna.open("settings/schema/boats").await.expect(404);
    let _ = anna.open("settings/schema/contacts/delete").await.expect(404);
}

#[tokio::test]
async fn a_profile_that_differs_from_its_template_says_so() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;
    let profiles = anna.get("/profiles").await.expect(200);
    let id = profiles.items()[0]["id"].as_str().unwrap().to_owned();
    let path = format!("settings/profiles/{id}");
    let before = anna.open(&path).await.expect(200);
    assert!(!before.text.contains("Differs from its template"));
    let was = profiles.items()[0]["matrix"]["contacts"]["delete"].as_str().unwrap();
    let is = if was == "none" { "own" } else { "none" };

    let form = [("name", "Other"), ("cell.contacts.delete", is)];
    let _ = anna.submit(&path, &form).await.expect(303);

    let after = anna.open(&path).await.expect(200);
    assert!(after.text.contains("Differs from its template in 1 place"), "{}", after.text);
    let back = anna.open(&format!("{path}?as=template")).await.expect(200);
    assert!(
        back.text.contains(&format!("<option value=\"{was}\" data-reach=\"{was}\" selected>"))
    );
}

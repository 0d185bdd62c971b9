//! The pages of roles: what they show, save, preview and refuse.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::json;

async fn sales(workspace: &TestWorkspace<'_>) -> String {
    let grants = ["contacts:read:all", "contacts:update:own"];
    let body = json!({"name": "Sales", "description": "Sells", "grants": grants});
    workspace.anna.post("/roles", body).await.expect(201).id()
}

async fn version(anna: &Person, role: &str) -> String {
    let answer = anna.get(&format!("/roles/{role}")).await.expect(200);
    answer.header("etag").trim_matches('"').to_owned()
}

#[tokio::test]
async fn a_role_is_created_copied_assigned_and_deleted_by_pages() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let anna = &workspace.anna;

    let form = [("name", "Reader"), ("description", ""), ("cell.contacts.read", "all")];
    let created = anna.submit("settings/roles", &form).await.expect(303);
    let path = created.header("location");
    let id = path.rsplit('/').next().unwrap().to_owned();
    let role = anna.get(&format!("/roles/{id}")).await.expect(200);
    assert_eq!(role.body["matrix"], json!({"contacts": {"read": "all"}}));

    let copy = anna.open(&format!("settings/roles/new?copy={id}")).await.expect(200);
    assert!(copy.text.contains("Copy of Reader"), "{}", copy.text);

    let drawer = anna.open(&format!("{path}/members")).await.expect(200);
    assert!(drawer.text.contains(&ben.id), "{}", drawer.text);
    let _ = anna.submit(&format!("{path}/members"), &[("member", &ben.id)]).await.expect(303);
    let held = anna.open(&path).await.expect(200);
    assert!(held.text.contains("1 member: Ben"), "{}", held.text);

    let dialog = anna.open(&format!("{path}/delete")).await.expect(200);
    assert!(dialog.text.contains("1 member: Ben"), "{}", dialog.text);
    let refused = anna.submit(&format!("{path}/delete"), &[]).await.expect(409);
    assert!(refused.text.contains("role=\"alert\""), "{}", refused.text);
    let back = [("member", ben.id.as_str())];
    let _ = anna.submit("settings/roles/member/members", &back).await.expect(303);
    let _ = anna.submit(&format!("{path}/delete"), &[]).await.expect(303);
    let _ = anna.open(&path).await.expect(404);
}

#[tokio::test]
async fn a_preview_says_who_gains_and_loses_what_and_saves_nothing() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let role = sales(&workspace).await;
    let _ben = workspace.join("ben", json!({"role": role})).await;
    let anna = &workspace.anna;
    let version = version(anna, &role).await;

    let form = [
        ("version", version.as_str()),
        ("name", "Sales"),
        ("cell.contacts.delete", "own"),
        ("cell.contacts.update", "none"),
    ];
    let path = format!("settings/roles/{role}");
    let preview = anna.submit(&format!("{path}/preview"), &form).await.expect(200);

    assert!(
        preview.text.contains("gives one person</span> delete on Contacts"),
        "{}",
        preview.text
    );
    assert!(preview.text.contains("takes from one person</span> update on Contacts"));
    assert!(preview.text.contains("Save 2 changes"));
    let matrix = |answer: hallpass_testkit::Answer| answer.body["matrix"]["contacts"].clone();
    let unchanged = anna.get(&format!("/roles/{role}")).await.expect(200);
    assert_eq!(matrix(unchanged), json!({"read": "all", "update": "own"}));
    let _ = anna.submit(&path, &form).await.expect(303);
    let saved = anna.get(&format!("/roles/{role}")).await.expect(200);
    assert_eq!(matrix(saved), json!({"read": "all", "delete": "own"}));
}

/// HARMONY-71: drift is visible in the list and at the role, and can be undone.
#[tokio::test]
async fn a_role_that_differs_from_how_it_was_created_says_so() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let role = sales(&workspace).await;
    let anna = &workspace.anna;
    let path = format!("settings/roles/{role}");
    let fresh = anna.open(&path).await.expect(200);
    assert!(!fresh.text.contains("class=\"dot\""), "{}", fresh.text);

    let body = json!({"grants": ["contacts:read:all", "contacts:delete:all"]});
    let _ = anna.patch(&format!("/roles/{role}"), body).await.expect(200);

    let drifted = anna.open(&path).await.expect(200);
    assert!(drifted.text.contains("Differs from how it was created in 2 places"));
    assert!(drifted.text.contains("class=\"dot\""));
    let undone = anna.open(&format!("{path}?as=created")).await.expect(200);
    let update = undone.text.split("name=\"cell.contacts.update\"").nth(1).unwrap();
    let own = update.split("</select>").next().unwrap();
    assert!(own.contains("<option value=\"own\" data-reach=\"own\" selected>"), "{own}");
}

#[tokio::test]
async fn a_stale_form_keeps_what_was_chosen_and_says_that_another_saved_first() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let role = sales(&workspace).await;
    let anna = &workspace.anna;
    let version = version(anna, &role).await;
    let renamed = json!({"description": "Sells more"});
    let _ = anna.patch(&format!("/roles/{role}"), renamed).await.expect(200);

    let form =
        [("version", version.as_str()), ("name", "Seller"), ("cell.contacts.read", "own")];
    let refused = anna.submit(&format!("settings/roles/{role}"), &form).await.expect(412);

    assert!(refused.text.contains("Someone else saved first"), "{}", refused.text);
    assert!(refused.text.contains("value=\"Seller\""));
    assert!(refused.text.contains("<option value=\"own\" data-reach=\"own\" selected>"));
    let again = self::version(anna, &role).await;
    assert!(refused.text.contains(&format!("name=\"version\" value=\"{again}\"")));
}

#[tokio::test]
async fn a_mistake_is_at_its_field() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let refused = workspace.anna.submit("settings/roles", &[("name", "")]).await.expect(422);

    assert!(refused.text.contains("aria-describedby=\"e-name\""), "{}", refused.text);
}

#[tokio::test]
async fn a_built_in_role_and_a_reader_have_no_controls() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let role = sales(&workspace).await;
    let built_in = workspace.anna.open("settings/roles/member").await.expect(200);
    assert!(!built_in.text.contains("<select"), "{}", built_in.text);

    let grants = ["roles:read:all"];
    let body = json!({"name": "Auditor", "grants": grants});
    let auditor = workspace.anna.post("/roles", body).await.expect(201).id();
    let ben = workspace.join("ben", json!({"role": auditor})).await;
    let page = ben.open(&format!("settings/roles/{role}")).await.expect(200);
    for control in ["<select", "New role", "/delete", "/members", "Anna"] {
        assert!(!page.text.split("<main").nth(1).unwrap().contains(control), "{control}");
    }
    let _ = ben.open("settings/roles?by=person").await.expect(403);
    let form = [("name", "Mine"), ("cell.contacts.read", "all")];
    let _ = ben.submit(&format!("settings/roles/{role}"), &form).await.expect(403);
}

#[tokio::test]
async fn the_three_projections_agree() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let role = sales(&workspace).await;
    let ben = workspace.join("ben", json!({"role": role})).await;
    let anna = &workspace.anna;

    let resource = anna.open("settings/roles?by=resource&resource=contacts").await.expect(200);
    let row = resource.text.split(">Sales</a>").nth(1).unwrap().split("</tr>").next().unwrap();
    assert_eq!(row.matches("reach-all").count(), 1, "{row}");
    assert_eq!(row.matches("reach-own").count(), 1, "{row}");
    let path = format!("settings/roles?by=person&member={}", ben.id);
    let person = anna.open(&path).await.expect(200);
    let row = person.text.split("Contacts</th>").nth(1).unwrap().split("</tr>").next().unwrap();
    assert_eq!(row.matches("reach-all").count(), 1, "{row}");
    assert_eq!(row.matches("reach-own").count(), 1, "{row}");
    assert!(row.contains("<small>role</small>"), "{row}");
}

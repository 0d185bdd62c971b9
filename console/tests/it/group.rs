//! The pages of teams and departments: who is in them, and what that changes.

use hallpass_testkit::TestServer;
use serde_json::json;

/// HARI-099..HARI-101, HARI-104: a team has permissions and members.
#[tokio::test]
async fn a_team_is_created_filled_changed_and_deleted_by_pages() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let anna = &workspace.anna;
    let profiles = anna.get("/profiles").await.expect(200);
    let profile = profiles.items()[0]["id"].as_str().unwrap().to_owned();

    let form = [("name", "North"), ("profile", profile.as_str()), ("sharing", "team")];
    let created = anna.submit("settings/teams", &form).await.expect(303);
    let members = created.header("location");
    let path = members.trim_end_matches("/members").to_owned();
    let _ = anna.submit(&members, &[("member", &ben.id)]).await.expect(303);
    let listed = anna.open(&members).await.expect(200);
    assert!(listed.text.contains("Remove Ben from the team"), "{}", listed.text);

    let form = [("name", "North"), ("profile", "")];
    let preview = anna.submit(&format!("{path}/preview"), &form).await.expect(200);
    assert!(preview.text.contains("takes from one person"), "{}", preview.text);
    let _ = anna.submit(&path, &form).await.expect(303);
    let after = anna.open(&path).await.expect(200);
    assert!(after.text.contains("<option value=\"\">No profile</option>"));

    let refused = anna.submit(&format!("{path}/delete"), &[]).await.expect(409);
    assert!(refused.text.contains("role=\"alert\""));
    let remove = format!("{members}/{}/remove", ben.id);
    let _ = anna.submit(&remove, &[]).await.expect(303);
    let _ = anna.submit(&format!("{path}/delete"), &[]).await.expect(303);
    let _ = anna.open(&path).await.expect(404);
}

/// CRM-170: visibility is set for each person, in Departments.
#[tokio::test]
async fn a_department_is_moved_and_its_members_see_as_far_as_the_page_says() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let anna = &workspace.anna;
    let create = |name: &'static str| async move {
        let created = anna.submit("settings/departments", &[("name", name)]).await.expect(303);
        created.header("location")
    };
    let (sales, field) = (create("Sales").await, create("Field").await);
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();

    let _ = anna.submit(&format!("{field}/members"), &[("member", &ben.id)]).await.expect(303);
    let change = format!("{field}/members/{}", ben.id);
    let _ = anna.submit(&change, &[("visibility", "department")]).await.expect(303);
    let member = anna.get(&format!("/members/{}", ben.id)).await.expect(200);
    assert_eq!(member.body["visibility"], "department");
    let page = anna.open(&field).await.expect(200);
    assert!(page.text.contains("Visibility of Ben"), "{}", page.text);

    let form = [("name", "Field"), ("parent", &id(&sales))];
    let form = form.map(|(name, value)| (name, value as &str));
    let _ = anna.submit(&format!("{field}/preview"), &form).await.expect(200);
    let _ = anna.submit(&field, &form).await.expect(303);
    let moved = anna.open(&field).await.expect(200);
    assert!(moved.text.contains("class=\"depth-1\""), "{}", moved.text);
    let cycle = [("name", "Sales"), ("parent", &*id(&field))];
    let refused = anna.submit(&sales, &cycle).await.expect(422);
    assert!(refused.text.contains("cannot be below itself"), "{}", refused.text);

    let _ = anna.submit(&change, &[("remove", "1")]).await.expect(303);
    let _ = anna.submit(&format!("{field}/delete"), &[]).await.expect(303);
    let _ = anna.open(&field).await.expect(404);
}

#[tokio::test]
async fn a_member_without_rights_opens_neither() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    for page in ["teams", "departments", "teams/new", "departments/new", "roles", "profiles"] {
        let answer = ben.open(&format!("settings/{page}")).await;
        assert!(matches!(answer.status, 403 | 404), "{page}: {}", answer.status);
    }
}

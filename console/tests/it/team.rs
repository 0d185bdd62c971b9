//! The team page: what it offers is what the API allows, and what its forms do.

use hallpass_domain::blueprint::SHIPPED;
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

const TEAM: &str = "/workspace/acme/settings/team";

fn ids() -> impl Iterator<Item = &'static str> {
    SHIPPED.into_iter().map(|text| {
        let id = text.lines().find_map(|line| line.strip_prefix("id = ")).unwrap();
        id.trim_matches('"')
    })
}

/// Whether the API would allow a change.
async fn allows(person: &Person, method: &str, path: &str, body: Value) -> bool {
    let change = json!({"method": method, "path": path, "body": body});
    let found = person.post("/access/preview", json!({"change": change})).await.expect(200);
    found.body["allowed"] == json!(true)
}

/// A holder of every role that can be given, beside Anna.
async fn everybody(workspace: &TestWorkspace<'_>) -> Vec<Person> {
    let roles = workspace.anna.get("/roles").await.expect(200);
    let mut people = Vec::new();
    for (number, role) in roles.items().iter().enumerate() {
        let name = format!("p{number}");
        let asked = json!({"role": role["id"]});
        if workspace.invite(&workspace.anna, &name, asked).await.status == 201 {
            people.push(workspace.accept_as_new(&name).await);
        }
    }
    people
}

/// The row of a member.
fn row<'p>(page: &'p str, id: &str) -> &'p str {
    let link = format!("href=\"{TEAM}/{id}\"");
    page.split("<tr>").find(|row| row.contains(&link)).unwrap_or_default()
}

/// The roles that a row offers, without the one that the member has.
fn offered_roles(row: &str) -> Vec<String> {
    let select =
        row.split("name=\"role\"").nth(1).and_then(|rest| rest.split("</select>").next());
    let options = select.unwrap_or_default().split("<option value=\"").skip(1);
    let others =
        options.filter(|option| !option.split('>').next().unwrap().contains("selected"));
    others.map(|option| option.split('"').next().unwrap().to_owned()).collect()
}

/// No control that the server would refuse, and none missing that it would allow.
#[tokio::test]
async fn a_row_offers_what_the_api_allows() {
    let mut compared = 0;
    for id in ids() {
        let server = TestServer::in_memory().await;
        let workspace = server.found(id).await;
        let people = everybody(&workspace).await;
        let roles = workspace.anna.get("/roles").await.expect(200).each("id");
        for viewer in people.iter().chain([&workspace.anna]) {
            let page = viewer.open(TEAM).await;
            if page.status == 403 {
                continue;
            }
            let page = page.expect(200).text;
            for member in people.iter().chain([&workspace.anna]) {
                let (row, path) = (row(&page, &member.id), format!("/members/{}", member.id));
                assert!(!row.is_empty(), "{id} {}", member.id);
                let about = format!("{id}: {} about {}", viewer.id, member.id);
                for (action, method, suffix) in
                    [("remove", "DELETE", ""), ("deactivate", "POST", "/deactivate")]
                {
                    let offers = row.contains(&format!("{TEAM}/{}/{action}\"", member.id));
                    let path = format!("{path}{suffix}");
                    let allowed = allows(viewer, method, &path, Value::Null).await;
                    assert_eq!(offers, allowed, "{about}: {action}");
                }
                let offered = offered_roles(row);
                for role in &roles {
                    let asked = json!({"role": role});
                    let held = member.get(&format!("/members/{}", member.id)).await;
                    if held.body["role"] == json!(role) {
                        continue;
                    }
                    let allowed = allows(viewer, "PATCH", &path, asked).await;
                    assert_eq!(offered.contains(role), allowed, "{about}: role {role}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 100, "{compared}");
}

#[tokio::test]
async fn every_page_of_people_opens_for_the_top_role_of_every_access_model() {
    for id in ids() {
        let server = TestServer::in_memory().await;
        let workspace = server.found(id).await;
        let anna = &workspace.anna;
        let member = format!("{TEAM}/{}", anna.id);
        for path in [TEAM.to_owned(), format!("{TEAM}/invite"), member.clone()] {
            let page = anna.open(&path).await;
            assert_eq!(page.status, 200, "{id} {path}: {}", page.text);
        }
        let access = anna.open(&format!("{member}/access")).await;
        assert!(matches!(access.status, 200 | 403), "{id}: {}", access.text);
    }
}

#[tokio::test]
async fn many_people_are_invited_at_once_with_a_result_for_each_address() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let _ben = workspace.join("ben", json!({"role": "member"})).await;
    let emails = "Li Wei <li@example.com>\nben@example.com, nonsense@\njo@example.com";
    let fields = [("emails", emails), ("role", "member")];
    let path = format!("{TEAM}/invite");

    let refused = workspace.anna.submit(&path, &fields).await;

    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("2 addresses cannot be invited"), "{}", refused.text);
    assert!(refused.text.contains("Leave those out and send 2"), "{}", refused.text);
    assert!(refused.text.contains("Li Wei &#60;li@example.com&#62;"), "what was typed is kept");
    assert_eq!(workspace.anna.get("/invitations").await.items().len(), 1, "Ben's own");
    let skip = [("emails", emails), ("role", "member"), ("skip", "1")];
    let sent = workspace.anna.submit(&path, &skip).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let found = workspace.anna.get("/invitations").await;
    let names: Vec<_> = found.items().iter().map(|one| one["name"].clone()).collect();
    assert!(names.contains(&json!("Li Wei")), "{names:?}");
    let page = workspace.anna.open(&format!("{TEAM}?status=pending")).await.expect(200);
    assert!(page.text.contains("jo@example.com") && page.text.contains("li@example.com"));
}

#[tokio::test]
async fn a_change_that_another_person_made_first_is_not_overwritten_unseen() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let anna = &workspace.anna;
    let before = anna.get(&format!("/members/{}", ben.id)).await.header("etag");
    let before = before.trim_matches('"').to_owned();
    let path = format!("/members/{}", ben.id);
    let _ = anna.patch(&path, json!({"visibility": "all"})).await.expect(200);
    let page = format!("{TEAM}/{}/access", ben.id);
    let fields = [("version", before.as_str()), ("role", "admin"), ("visibility", "own")];

    let refused = anna.submit(&page, &fields).await;

    assert_eq!(refused.status, 412);
    assert!(refused.text.contains("saved this member after you opened"), "{}", refused.text);
    assert!(refused.text.contains("Role: Member is stored, you chose Admin"), "and what");
    let kept = "id=\"role-admin\" name=\"role\" value=\"admin\" checked";
    assert!(refused.text.contains(kept), "what was chosen is kept");
    assert_eq!(anna.get(&path).await.body["role"], json!("member"));
    let version = refused.text.split("name=\"version\" value=\"").nth(1).unwrap();
    let version = version.split('"').next().unwrap();
    // The rows of the list behind have versions, too: the form's is that of the member.
    let now = anna.get(&path).await.header("etag");
    let again = [("version", now.trim_matches('"')), ("role", "admin"), ("visibility", "own")];
    assert!(!version.is_empty());
    let saved = anna.submit(&page, &again).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    assert_eq!(anna.get(&path).await.body["role"], json!("admin"));
}

#[tokio::test]
async fn giving_up_the_billing_contact_oneself_takes_a_second_step() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let anna = &workspace.anna;
    let path = format!("/members/{}", anna.id);
    let me = anna.get(&path).await;
    assert_eq!(me.body["billing_contact"], json!(true), "{}", me.body);
    let page = format!("{TEAM}/{}/access", anna.id);
    let fields = [("has", "contact"), ("role", "super_admin")];

    let warned = anna.submit(&page, &fields).await;

    assert_eq!(warned.status, 422, "{}", warned.text);
    assert!(warned.text.contains("You give up the billing contact yourself"));
    assert_eq!(anna.get(&path).await.body["billing_contact"], json!(true));
    let sure = [("has", "contact"), ("role", "super_admin"), ("sure", "1")];
    let done = anna.submit(&page, &sure).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(anna.get(&path).await.body["billing_contact"], json!(false));
}

#[tokio::test]
async fn pages_of_the_list_have_every_member_and_invitation_once() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let emails: Vec<String> = (0..120).map(|n| format!("p{n}@example.com")).collect();
    for some in emails.chunks(60) {
        let asked = json!({"emails": some, "role": "member"});
        let _ = workspace.anna.post("/invitations", asked).await.expect(201);
    }
    let (mut path, mut seen, mut pages) = (TEAM.to_owned(), Vec::new(), 0);
    loop {
        let page = workspace.anna.open(&path).await.expect(200).text;
        pages += 1;
        for email in emails.iter().map(String::as_str).chain(["anna@example.com"]) {
            if page.contains(&format!(">{email}<")) {
                seen.push(email.to_owned());
            }
        }
        let next =
            page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        let Some(next) = next else { break };
        path = next.replace("&#38;", "&");
    }
    assert_eq!(pages, 3);
    seen.sort();
    let count = seen.len();
    seen.dedup();
    assert_eq!((count, seen.len()), (121, 121));
}

#[tokio::test]
async fn records_are_reassigned_after_an_exact_count() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    for _ in 0..3 {
        let body = json!({"fields": {"name": "Initech"}, "owner": ben.id});
        let _ = anna.post("/records/contacts", body).await.expect(201);
    }
    let page = anna
        .open(&format!("{TEAM}/reassign?from={}&to={}", ben.id, cleo.id))
        .await
        .expect(200)
        .text;
    assert!(page.contains("Reassign 3 records"), "{page}");
    let none = [("from", ben.id.as_str()), ("to", cleo.id.as_str()), ("typed", "1")];
    assert_eq!(anna.submit(&format!("{TEAM}/reassign"), &none).await.status, 422);
    let fields = [("from", ben.id.as_str()), ("to", cleo.id.as_str()), ("entity", "contacts")];

    let done = anna.submit(&format!("{TEAM}/reassign"), &fields).await;

    assert_eq!(done.status, 303, "{}", done.text);
    let owned = anna.get(&format!("/records/contacts?owner={}", cleo.id)).await;
    assert_eq!(owned.items().len(), 3);
}

#[tokio::test]
async fn a_change_of_many_has_a_result_for_each() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    // Anna is the only owner.
    let fields = [
        ("part", "role"),
        ("value", "admin"),
        ("member", ben.id.as_str()),
        ("member", anna.id.as_str()),
        ("member", cleo.id.as_str()),
    ];

    let before = anna.get("/members").await.header("hallpass-revision");
    let before: i64 = before.parse().unwrap();

    let page = anna.submit(&format!("{TEAM}/bulk"), &fields).await;

    assert_eq!(page.status, 422);
    assert!(page.text.contains("Change one member"), "{}", page.text);
    let revision = anna.get("/members").await.header("hallpass-revision");
    assert_eq!(revision.parse::<i64>().unwrap(), before + 1, "one transaction");
    for (person, role) in [(&ben, "admin"), (&cleo, "admin"), (anna, "owner")] {
        let member = anna.get(&format!("/members/{}", person.id)).await;
        assert_eq!(member.body["role"], json!(role));
    }
}

#[tokio::test]
async fn members_of_another_workspace_are_not_found() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let other = server.found_as("zoe", "standard", "other").await;
    for page in ["", "/access", "/remove", "/deactivate", "/reassign"] {
        let path = format!("{TEAM}/{}{page}", other.anna.id);
        assert_eq!(workspace.anna.open(&path).await.status, 404, "{path}");
    }
}

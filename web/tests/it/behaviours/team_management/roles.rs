//! Custom roles: created, given to users, deleted when unused.

use hallpass_testkit::{Answer, TestServer, TestWorkspace};
use serde_json::json;

async fn role(workspace: &TestWorkspace<'_>, name: &str, grants: &[&str]) -> Answer {
    let body = json!({"name": name, "description": "For one's own", "grants": grants});
    workspace.anna.post("/roles", body).await.expect(201)
}

async fn names(workspace: &TestWorkspace<'_>) -> Vec<String> {
    workspace.anna.get("/roles").await.expect(200).each("name")
}

/// CRM-110
#[tokio::test]
async fn a_role_has_a_required_unique_name_and_a_description() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    for (body, pointer) in [
        (json!({"description": "no name", "grants": []}), "/name"),
        (json!({"name": "", "grants": []}), "/name"),
        (json!({"name": "  ", "grants": []}), "/name"),
    ] {
        let refused = workspace.anna.post("/roles", body.clone()).await.expect(422);
        assert_eq!(refused.pointers(), [pointer], "{body}");
    }

    let made = role(&workspace, "Helpdesk", &["tickets:read:all"]).await;

    assert_eq!(made.text("name"), "Helpdesk");
    assert_eq!(made.text("description"), "For one's own");
    for taken in ["Helpdesk", "HELPDESK", " helpdesk ", "Manager", "owner"] {
        let body = json!({"name": taken, "grants": []});
        workspace.anna.post("/roles", body).await.refused(409, "name_taken");
    }
    assert_eq!(names(&workspace).await, ["Owner", "Admin", "Manager", "User", "Helpdesk"]);
}

/// CRM-112
#[tokio::test]
async fn a_saved_role_is_listed_with_no_members() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let body = json!({"name": "Helpdesk", "grants": ["tickets:read:all"]});

    let saved = ben.post("/roles", body).await.expect(201);

    let listed = ben.get("/roles").await.expect(200);
    let found = listed.items().iter().find(|one| one["id"] == saved.id().as_str()).unwrap();
    assert_eq!(
        (&found["name"], &found["members"], &found["built_in"]),
        (&json!("Helpdesk"), &json!(0), &json!(false))
    );
    assert_eq!(found["grants"], json!(["tickets:read:all"]));
}

/// CRM-113
#[tokio::test]
async fn a_new_role_applies_from_the_next_request() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let ticket = workspace.record(&workspace.anna, "tickets", "Broken").await;
    let own = workspace.record(&ben, "contacts", "Zoe").await;
    let helpdesk = role(&workspace, "Helpdesk", &["tickets:read,update:all"]).await.id();
    let path = format!("/records/tickets/{ticket}");
    let solved = json!({"fields": {"subject": "Solved"}});
    ben.patch(&path, solved.clone()).await.refused(404, "not_found");

    for person in [&ben, &cleo] {
        let path = format!("/members/{}", person.id);
        let _ = workspace.anna.patch(&path, json!({"role": helpdesk})).await.expect(200);
    }

    let _ = ben.patch(&path, solved.clone()).await.expect(200);
    let _ = cleo.patch(&path, solved).await.expect(200);
    ben.get(&format!("/records/contacts/{own}")).await.refused(404, "not_found");
    ben.post("/records/tickets", json!({"fields": {"subject": "New"}}))
        .await
        .refused(403, "denied");
    let seen = workspace.anna.get(&format!("/roles/{helpdesk}")).await.expect(200);
    assert_eq!(seen.body["members"], 2);
}

/// CRM-114
#[tokio::test]
async fn built_in_roles_cannot_be_changed() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let before = workspace.anna.get("/roles").await.expect(200);

    for key in ["owner", "admin", "manager", "user"] {
        let path = format!("/roles/{key}");
        for person in [&workspace.anna, &ben] {
            for change in
                [json!({"name": "Chief"}), json!({"description": ""}), json!({"grants": []})]
            {
                person.patch(&path, change).await.refused(409, "built_in");
            }
            person.delete(&path).await.refused(409, "built_in");
        }
    }

    assert_eq!(workspace.anna.get("/roles").await.expect(200).body, before.body);
}

/// CRM-114
#[tokio::test]
async fn a_role_in_use_can_be_deleted_after_its_members_have_another() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let helpdesk = role(&workspace, "Helpdesk", &["tickets:read:all"]).await.id();
    let path = format!("/roles/{helpdesk}");
    let mut people = Vec::new();
    for name in ["ben", "cleo"] {
        people.push(workspace.join(name, json!({"role": helpdesk})).await);
    }
    let out = format!("/members/{}/deactivate", people[1].id);
    let _ = workspace.anna.post(&out, json!({})).await.expect(200);

    let refused = workspace.anna.delete(&path).await;

    refused.refused(409, "in_use");
    let detail = refused.text("detail");
    assert!(detail.contains("`Ben`, `Cleo`"), "{detail}");
    let holders = workspace.anna.get(&format!("/members?role={helpdesk}")).await.expect(200);
    assert_eq!(holders.each("first_name"), ["Ben", "Cleo"]);
    for (person, rest) in people.iter().zip(["`Cleo`", ""]) {
        let refused = workspace.anna.delete(&path).await;
        assert!(refused.status == 409 && refused.text("detail").contains(rest));
        let member = format!("/members/{}", person.id);
        let _ = workspace.anna.patch(&member, json!({"role": "user"})).await.expect(200);
    }
    let _ = workspace.anna.delete(&path).await.expect(204);
    workspace.anna.get(&path).await.refused(404, "not_found");
    assert_eq!(names(&workspace).await, ["Owner", "Admin", "Manager", "User"]);
}

/// CRM-114
#[tokio::test]
async fn the_refusal_names_a_few_of_many_members_and_counts_the_others() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let helpdesk = role(&workspace, "Helpdesk", &["tickets:read:all"]).await.id();
    for name in ["ben", "cleo", "dan", "eva", "finn", "gus", "hal"] {
        let _ = workspace.join(name, json!({"role": helpdesk})).await;
    }

    let refused = workspace.anna.delete(&format!("/roles/{helpdesk}")).await;

    refused.refused(409, "in_use");
    let named = "`Ben`, `Cleo`, `Dan`, `Eva`, `Finn` and 2 others";
    assert!(refused.text("detail").contains(named), "{}", refused.text);
}

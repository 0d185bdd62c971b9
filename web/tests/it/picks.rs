//! Choices of teams and departments: a few that a text finds, for who may read them.

use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::json;

/// A workspace with departments on three levels and many teams.
async fn many(workspace: &TestWorkspace<'_>) {
    let anna = &workspace.anna;
    let mut parent = json!(null);
    for name in ["Europe", "Sales", "Key accounts"] {
        let new = json!({"name": name, "parent": parent});
        parent = json!(anna.post("/departments", new).await.expect(201).id());
    }
    for number in 0..14 {
        let new = json!({"name": format!("Crew {number:02}")});
        let _ = anna.post("/teams", new).await.expect(201);
    }
    let _ = anna.post("/teams", json!({"name": "Night crew"})).await.expect(201);
}

#[tokio::test]
async fn teams_are_found_by_name_ten_at_most() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    many(&workspace).await;
    let anna = &workspace.anna;

    let first = anna.get("/pick/teams").await.expect(200);
    let crews = anna.get("/pick/teams?q=crew").await.expect(200);
    let night = anna.get("/pick/teams?q=%20NIGHT%20").await.expect(200);

    assert_eq!(first.items().len(), 10);
    let names = crews.each("name");
    assert_eq!(names.len(), 10);
    assert!(names.iter().all(|name| name.starts_with("Crew")), "{names:?}");
    assert_eq!(night.each("name"), ["Night crew"]);
    assert_eq!(night.items()[0]["lines"], json!([]));
    assert!(night.body.get("incomplete").is_none());
    let all = anna.get("/teams?limit=200").await.expect(200);
    let known = all.items().iter().find(|team| team["name"] == "Night crew").unwrap();
    assert_eq!(night.items()[0]["id"], known["id"]);
    anna.get(&format!("/pick/teams?q={}", "x".repeat(201))).await.refused(422, "invalid");
}

#[tokio::test]
async fn departments_are_found_with_those_above_them() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    many(&workspace).await;

    let found = workspace.anna.get("/pick/departments?q=account").await.expect(200);
    let all = workspace.anna.get("/pick/departments").await.expect(200);

    assert_eq!(found.items().len(), 1);
    assert_eq!(found.items()[0]["lines"], json!(["Europe › Sales"]));
    assert_eq!(all.each("name"), ["Europe", "Key accounts", "Sales"]);
}

#[tokio::test]
async fn who_may_not_read_teams_and_departments_picks_none() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    many(&workspace).await;
    let roles = workspace.anna.get("/roles").await.expect(200);
    let mut refused = 0;
    for (number, role) in roles.items().iter().enumerate() {
        let name = format!("p{number}");
        if workspace.invite(&workspace.anna, &name, json!({"role": role["id"]})).await.status
            != 201
        {
            continue;
        }
        let person = workspace.accept_as_new(&name).await;
        for noun in ["teams", "departments"] {
            let lists = person.get(&format!("/{noun}")).await;
            let picks = person.get(&format!("/pick/{noun}")).await;
            assert_eq!(lists.status, picks.status, "{noun} {role}");
            refused += usize::from(picks.status == 403);
        }
    }
    assert!(refused > 0);
}

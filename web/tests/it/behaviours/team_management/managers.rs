//! Managers and visibility: set by an admin, in force at once.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

async fn change(workspace: &TestWorkspace<'_>, who: &Person, what: Value) {
    let path = format!("/members/{}", who.id);
    let _ = workspace.anna.patch(&path, what).await.expect(200);
}

async fn titles(person: &Person) -> Vec<String> {
    let page = person.get("/records/contacts?sort=title").await.expect(200);
    page.each("title")
}

/// CRM-065
#[tokio::test]
async fn an_admin_assigns_users_to_a_manager_and_to_an_admin() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let admin = workspace.join("ada", json!({"role": "admin"})).await;
    let boss = workspace.join("ben", json!({"role": "manager"})).await;
    let user = workspace.join("cleo", json!({"role": "user"})).await;
    let other = workspace.join("dan", json!({"role": "user"})).await;
    let record = workspace.record(&user, "contacts", "Zoe").await;
    let (path, zoe) = (format!("/members/{}", user.id), format!("/records/contacts/{record}"));
    boss.get(&zoe).await.refused(404, "not_found");

    let assigned = admin.patch(&path, json!({"manager": boss.id})).await.expect(200);

    assert_eq!(assigned.text("manager"), boss.id);
    let _ = boss.get(&zoe).await.expect(200);
    let _ = admin.patch(&path, json!({"manager": admin.id})).await.expect(200);
    boss.get(&zoe).await.refused(404, "not_found");
    let refused = admin.patch(&path, json!({"manager": other.id})).await.expect(422);
    assert_eq!(refused.pointers(), ["/manager"]);
    for (person, to) in [(&boss, &boss), (&user, &other), (&other, &other)] {
        let path = format!("/members/{}", other.id);
        person.patch(&path, json!({"manager": to.id})).await.refused(403, "denied");
    }
    let freed = admin.patch(&path, json!({"manager": null})).await.expect(200);
    assert_eq!(freed.body["manager"], Value::Null);
}

/// CRM-065
#[tokio::test]
async fn users_cannot_be_assigned_to_themselves_directly_or_indirectly() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let mut chain = Vec::new();
    for name in ["ben", "cleo", "dan"] {
        chain.push(workspace.join(name, json!({"role": "manager"})).await);
    }
    change(&workspace, &chain[0], json!({"manager": chain[1].id})).await;
    change(&workspace, &chain[1], json!({"manager": chain[2].id})).await;

    for (who, to) in [(0, 0), (1, 0), (2, 0), (2, 1)] {
        let path = format!("/members/{}", chain[who].id);
        let refused = workspace.anna.patch(&path, json!({"manager": chain[to].id})).await;
        assert_eq!(refused.expect(422).pointers(), ["/manager"]);
    }

    for (place, expected) in
        [json!(chain[1].id), json!(chain[2].id), Value::Null].iter().enumerate()
    {
        let seen =
            workspace.anna.get(&format!("/members/{}", chain[place].id)).await.expect(200);
        assert_eq!(&seen.body["manager"], expected);
    }
}

/// CRM-180
#[tokio::test]
async fn a_level_and_a_department_apply_from_the_next_request_of_the_same_session() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let dan = workspace.join("dan", json!({"role": "user"})).await;
    for (person, title) in [(&ben, "Ben's"), (&cleo, "Cleo's"), (&dan, "Dan's")] {
        workspace.record(person, "contacts", title).await;
    }
    let mut made = Vec::new();
    for name in ["Sales", "Support"] {
        let body = json!({"name": name});
        made.push(workspace.anna.post("/departments", body).await.expect(201).id());
    }
    let (sales, support) = (&made[0], &made[1]);
    change(&workspace, &cleo, json!({"department": sales})).await;
    change(&workspace, &dan, json!({"department": support})).await;
    let cookie = ben.cookie();
    assert_eq!(titles(&ben).await, ["Ben's"]);

    change(&workspace, &ben, json!({"visibility": "all"})).await;
    assert_eq!(titles(&ben).await, ["Ben's", "Cleo's", "Dan's"]);
    change(&workspace, &ben, json!({"visibility": "department", "department": sales})).await;
    assert_eq!(titles(&ben).await, ["Ben's", "Cleo's"]);
    change(&workspace, &ben, json!({"department": support})).await;
    assert_eq!(titles(&ben).await, ["Ben's", "Dan's"]);
    change(&workspace, &cleo, json!({"department": support})).await;
    assert_eq!(titles(&ben).await, ["Ben's", "Cleo's", "Dan's"]);
    change(&workspace, &ben, json!({"department": null})).await;
    assert_eq!(titles(&ben).await, ["Ben's"]);
    change(&workspace, &ben, json!({"department": support, "visibility": "own"})).await;
    assert_eq!(titles(&ben).await, ["Ben's"]);
    assert_eq!(ben.cookie(), cookie);
}

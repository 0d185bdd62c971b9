//! Owners: a record gets no owner in one way that another way refuses.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

async fn with_role(workspace: &TestWorkspace<'_>, name: &str, grants: &[&str]) -> Person {
    let role = json!({"name": format!("Role of {name}"), "grants": grants});
    let role = workspace.anna.post("/roles", role).await.expect(201).id();
    workspace.join(name, json!({"role": role})).await
}

/// The statuses of giving a record to an owner in each way: a new one, an old one, and many at once.
async fn ways(
    workspace: &TestWorkspace<'_>,
    person: &Person,
    entity: &str,
    to: &str,
) -> Vec<u16> {
    let own = workspace.record(person, entity, "Mine").await;
    let fields = workspace.fields(entity, "New");
    let new = json!({"fields": fields, "owner": to});
    let created = person.post(&format!("/records/{entity}"), new).await;
    let path = format!("/records/{entity}/{own}");
    let handed = person.patch(&path, json!({"owner": to})).await;
    let own = workspace.record(person, entity, "Mine too").await;
    let named = json!({"from": "me", "to": to, "entities": [entity], "records": [own]});
    let moved = person.post("/reassignments", named).await;
    vec![created.status, handed.status, moved.status]
}

#[tokio::test]
async fn a_record_is_handed_over_to_those_for_whom_it_may_be_created() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    for (name, grants, expected) in [
        ("own", vec!["contacts:create,read,update:own"], [403, 403, 403]),
        ("all", vec!["contacts:create:all", "contacts:read,update:own"], [201, 200, 403]),
        ("wide", vec!["contacts:create:own", "contacts:read,update:all"], [403, 403, 403]),
        ("none", vec!["contacts:read,update:all"], [403, 200, 403]),
    ] {
        let person = with_role(&workspace, name, &grants).await;
        if name == "none" {
            let theirs = workspace.record(&workspace.anna, "contacts", "Anna's").await;
            let path = format!("/records/contacts/{theirs}");
            let handed = person.patch(&path, json!({"owner": ben.id})).await;
            assert_eq!(handed.status, expected[1], "{name}");
            continue;
        }

        let statuses = ways(&workspace, &person, "contacts", &ben.id).await;

        assert_eq!(statuses, expected, "{name}");
    }
}

#[tokio::test]
async fn a_level_that_may_not_assign_creates_for_its_member_alone() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    for (level, others) in [("reply", 403), ("manage", 201)] {
        let access = json!({"role": "member", "levels": {"inbox": level}});
        let person = workspace.join(level, access).await;
        let fields = workspace.fields("inbox", "Question");
        for (owner, status) in [("me", 201), (ben.id.as_str(), others), ("unowned", others)] {
            let check = json!({"checks": [{"resource": "inbox", "action": "create",
                "owner": if owner == "me" { person.id.as_str() } else { owner }}]});
            let told = person.post("/access/check", check).await.expect(200);

            let new = json!({"fields": fields, "owner": owner});
            let created = person.post("/records/inbox", new).await;

            assert_eq!(created.status, status, "{level} {owner}");
            assert_eq!(told.body["results"], json!([status == 201]), "{level} {owner}");
        }
    }
}

/// CRM-169
#[tokio::test]
async fn only_those_who_manage_people_reassign_many_records_at_once() {
    for (blueprint, member) in [
        ("team-management", json!({"role": "user"})),
        ("team-management", json!({"role": "manager"})),
        ("harmonia", json!({"role": "member"})),
        ("standard", json!({"role": "member"})),
        ("harmony", json!({"role": "member"})),
        ("halo", json!({"role": "member", "levels": {"contacts": "edit", "inbox": "manage"}})),
    ] {
        let server = TestServer::in_memory().await;
        let workspace = server.found(blueprint).await;
        let ben = workspace.join("ben", member).await;
        for ask in [
            json!({"from": "me", "to": workspace.anna.id}),
            json!({"from": "me", "to": "unowned", "dry_run": true}),
        ] {
            let refused = ben.post("/reassignments", ask).await;

            refused.refused(403, "denied");
        }
        let ask = json!({"from": ben.id, "to": workspace.anna.id});
        let _ = workspace.anna.post("/reassignments", ask).await.expect(200);
    }
}

#[tokio::test]
async fn an_admin_bound_by_visibility_is_told_how_many_records_stay() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let admin = workspace.join("dora", json!({"role": "admin"})).await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    for title in ["One", "Two"] {
        workspace.record(&ben, "deals", title).await;
    }
    let switch = json!({"switches": {"visibility_for_admins": true}});
    let _ = workspace.anna.patch("/settings", switch).await.expect(200);
    for dry_run in [true, false] {
        let ask = json!({"from": ben.id, "to": admin.id, "dry_run": dry_run});

        let answer = admin.post("/reassignments", ask).await.expect(200);

        assert_eq!(answer.body["total"], 0);
        assert_eq!(answer.body["counts"]["deals"], 0);
        assert_eq!(answer.body["out_of_reach"]["deals"], 2);
        assert_eq!(answer.body["out_of_reach"]["contacts"], 0);
    }
    let theirs: Value =
        workspace.anna.get(&format!("/records/deals?owner={}", ben.id)).await.body;
    assert_eq!(theirs["total"], 2);
}

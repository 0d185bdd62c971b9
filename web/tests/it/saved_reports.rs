//! Saved reports: who may save, see and change them, and that each reader counts their own records.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

async fn saved(person: &Person, report: Value) -> String {
    person.post("/saved-reports", report).await.expect(201).id()
}

fn by_owner(is_shared: bool) -> Value {
    json!({"name": "By owner", "shared": is_shared, "entity": "contacts", "group_by": "owner"})
}

/// How many records each group of a report has, by key.
async fn result(person: &Person, report: &str) -> Vec<(String, i64)> {
    let result = person.get(&format!("/saved-reports/{report}/result")).await.expect(200);
    let groups = result.body["groups"].as_array().unwrap().iter();
    groups
        .map(|group| {
            (group["key"].as_str().unwrap().to_owned(), group["value"].as_i64().unwrap())
        })
        .collect()
}

async fn contacts(workspace: &TestWorkspace<'_>, person: &Person, n: usize) {
    for number in 0..n {
        let _ = workspace.record(person, "contacts", &format!("Contact {number}")).await;
    }
}

/// CRM-054
#[tokio::test]
async fn admins_create_reports_and_users_do_not() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let admin = workspace.join("ben", json!({"role": "admin"})).await;
    let user = workspace.join("cleo", json!({"role": "user"})).await;

    let report = admin.post("/saved-reports", by_owner(true)).await;
    let refused = user.post("/saved-reports", by_owner(false)).await;

    assert_eq!(report.status, 201, "{}", report.text);
    assert_eq!((refused.status, refused.code()), (403, "denied"), "{}", refused.text);
}

#[tokio::test]
async fn a_shared_report_counts_for_each_reader_what_they_may_read() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    contacts(&workspace, anna, 3).await;
    contacts(&workspace, &ben, 2).await;
    let report = saved(anna, by_owner(true)).await;

    let mut all = result(anna, &report).await;
    all.sort_by_key(|(_, n)| *n);
    assert_eq!(all, [(ben.id.clone(), 2), (anna.id.clone(), 3)]);
    assert_eq!(result(&ben, &report).await, [(ben.id.clone(), 2)]);
    // A filter by owner reaches no further.
    let change = json!({"owner": anna.id, "group_by": "month"});
    let path = format!("/saved-reports/{report}");
    let _ = anna.patch(&path, change).await.expect(200);
    assert_eq!(result(anna, &report).await.len(), 1);
    assert!(result(&ben, &report).await.is_empty());
    let outsider = server.sign_up("zoe").await;
    let there = format!("/api/v1/workspaces/acme/saved-reports/{report}/result");
    outsider.get(&there).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_report_that_is_not_shared_exists_for_its_creator_only() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let report = saved(&workspace.anna, by_owner(false)).await;
    let path = format!("/saved-reports/{report}");

    assert!(ben.get("/saved-reports").await.expect(200).items().is_empty());
    ben.get(&path).await.refused(404, "not_found");
    ben.get(&format!("{path}/result")).await.refused(404, "not_found");
    ben.patch(&path, json!({"shared": true})).await.refused(404, "not_found");
    ben.delete(&path).await.refused(404, "not_found");

    let _ = workspace.anna.patch(&path, json!({"shared": true})).await.expect(200);
    assert_eq!(ben.get("/saved-reports").await.expect(200).each("id"), [report]);
    let _ = ben.delete(&path).await.expect(204);
    workspace.anna.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_shared_report_of_a_record_type_that_one_may_not_read_is_not_there() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let role = json!({"name": "Analyst", "grants": ["contacts:read:all", "reports:*:all"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let ben = workspace.join("ben", json!({"role": role})).await;
    let hidden = json!({"name": "By owner", "shared": true, "entity": "opportunities",
        "group_by": "owner"});
    let hidden = saved(anna, hidden).await;
    let open = saved(anna, by_owner(true)).await;
    let path = format!("/saved-reports/{hidden}");

    assert_eq!(ben.get("/saved-reports").await.expect(200).each("id"), [open]);
    ben.get(&path).await.refused(404, "not_found");
    ben.get(&format!("{path}/result")).await.refused(404, "not_found");
    ben.patch(&path, json!({"name": "Mine"})).await.refused(404, "not_found");
    ben.delete(&path).await.refused(404, "not_found");
    let _ = anna.get(&path).await.expect(200);
}

#[tokio::test]
async fn a_report_groups_filters_and_measures() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    for (title, stage, amount) in [("A", "qualify", 5), ("B", "qualify", 7), ("C", "won", 9)] {
        let fields = json!({"fields": {"name": title, "amount": amount}, "stage": stage});
        let _ = anna.post("/records/opportunities", fields).await.expect(201);
    }
    let report = |measure: &str, stage: Value| {
        json!({"name": "R", "entity": "opportunities", "group_by": "stage",
            "measure": measure, "stage": stage})
    };
    let value = async |body: Value, stage: &str| {
        let report = saved(anna, body).await;
        result(anna, &report).await.into_iter().find(|(key, _)| key == stage).map(|(_, n)| n)
    };

    assert_eq!(value(report("count", json!(null)), "qualify").await, Some(2));
    assert_eq!(value(report("amount", json!(null)), "qualify").await, Some(12));
    assert_eq!(value(report("open", json!(null)), "won").await, Some(0));
    assert_eq!(value(report("amount", json!("won")), "won").await, Some(9));
    assert_eq!(value(report("amount", json!("won")), "qualify").await, None);
    for (body, pointer) in [
        (report("sum", json!(null)), "/measure"),
        (report("count", json!("nowhere")), "/stage"),
        (json!({"name": "R", "entity": "contacts", "group_by": "stage"}), "/group_by"),
        (json!({"name": "R", "entity": "nothing", "group_by": "month"}), "/entity"),
        (json!({"entity": "contacts", "group_by": "month"}), "/name"),
    ] {
        let refused = anna.post("/saved-reports", body).await;
        assert_eq!(
            (refused.status, refused.pointers()),
            (422, vec![pointer]),
            "{}",
            refused.text
        );
    }
}

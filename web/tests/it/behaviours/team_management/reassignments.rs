//! Reassignment: from whom, which records, to whom, with an exact count.

use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

async fn out(workspace: &TestWorkspace<'_>, person: &Person) {
    let path = format!("/members/{}/deactivate", person.id);
    let _ = workspace.anna.post(&path, json!({})).await.expect(200);
}

async fn count(workspace: &TestWorkspace<'_>, entity: &str, owner: &str) -> Value {
    let page =
        workspace.anna.get(&format!("/records/{entity}?owner={owner}")).await.expect(200);
    assert_eq!(page.body["total"], page.items().len());
    page.body["total"].clone()
}

async fn dry(workspace: &TestWorkspace<'_>, ask: Value) -> Answer {
    let mut ask = ask;
    ask["dry_run"] = json!(true);
    workspace.anna.post("/reassignments", ask).await.expect(200)
}

/// CRM-147
#[tokio::test]
async fn the_new_owner_is_an_active_user() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let _dan = workspace.join("dan", json!({"role": "user"})).await;
    let eve = workspace
        .invite(&workspace.anna, "eve", json!({"role": "user"}))
        .await
        .expect(201)
        .id();
    workspace.record(&ben, "contacts", "Zoe").await;
    out(&workspace, &ben).await;
    out(&workspace, &cleo).await;

    let offered = workspace.anna.get("/records/contacts/owners").await.expect(200);
    let active = workspace.anna.get("/members?status=active").await.expect(200);
    for to in [&cleo.id, &eve] {
        let ask = json!({"from": ben.id, "to": to});
        let refused = workspace.anna.post("/reassignments", ask).await.expect(422);
        assert_eq!(refused.pointers(), ["/to"], "{to}");
    }

    assert_eq!(offered.each("name"), ["Anna", "Dan"]);
    assert_eq!(offered.each("id"), active.each("id"));
    assert_eq!(count(&workspace, "contacts", &ben.id).await, 1);
}

/// CRM-148, CRM-150
#[tokio::test]
async fn only_the_selected_records_are_reassigned() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let mut deals = Vec::new();
    for title in ["One", "Two", "Three"] {
        deals.push(workspace.record(&ben, "deals", title).await);
        workspace.record(&ben, "contacts", title).await;
    }
    let ticket = workspace.record(&ben, "tickets", "Broken").await;
    let others = workspace.record(&workspace.anna, "deals", "Anna's").await;
    let who = json!({"from": ben.id, "to": cleo.id});
    let with = |key: &str, value: Value| {
        let mut ask = who.clone();
        ask[key] = value;
        ask
    };

    let all = dry(&workspace, who.clone()).await;
    let by_module = dry(&workspace, with("entities", json!(["contacts", "tickets"]))).await;
    let picked = with("records", json!([deals[0], deals[2], ticket, others]));
    let counted = dry(&workspace, picked.clone()).await;
    assert_eq!(count(&workspace, "deals", &ben.id).await, 3);
    let moved = workspace.anna.post("/reassignments", picked).await.expect(200);

    let counts = |answer: &Answer, entity: &str| answer.body["counts"][entity].clone();
    assert_eq!((&all.body["total"], &by_module.body["total"]), (&json!(7), &json!(4)));
    for (entity, n) in [("deals", 3), ("contacts", 3), ("tickets", 1), ("accounts", 0)] {
        assert_eq!(counts(&all, entity), n, "{entity}");
    }
    assert_eq!(
        (counts(&by_module, "contacts"), counts(&by_module, "deals")),
        (json!(3), json!(null))
    );
    assert_eq!((&counted.body["total"], &moved.body["total"]), (&json!(3), &json!(3)));
    assert_eq!((counts(&moved, "deals"), counts(&moved, "tickets")), (json!(2), json!(1)));
    assert_eq!(count(&workspace, "deals", &cleo.id).await, 2);
    assert_eq!(count(&workspace, "tickets", &cleo.id).await, 1);
    assert_eq!(count(&workspace, "contacts", &ben.id).await, 3);
    let left = workspace.anna.get(&format!("/records/deals/{}", deals[1])).await.expect(200);
    assert_eq!(left.text("owner"), ben.id);
    let hers = workspace.anna.get(&format!("/records/deals/{others}")).await.expect(200);
    assert_eq!(hers.text("owner"), workspace.anna.id);
}

/// CRM-166
#[tokio::test]
async fn records_are_filtered_by_owner_including_inactive_and_unowned() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    for (person, n) in [(&ben, 3), (&cleo, 2), (&workspace.anna, 1)] {
        for _ in 0..n {
            workspace.record(person, "contacts", "Owned").await;
        }
    }
    let unowned = json!({"owner": "unowned"});
    for _ in 0..4 {
        workspace.record_with(&workspace.anna, "contacts", unowned.clone(), "Unowned").await;
    }
    out(&workspace, &ben).await;

    for (from, n) in
        [(ben.id.as_str(), 3), (&cleo.id, 2), (&workspace.anna.id, 1), ("unowned", 4)]
    {
        let to = if from == workspace.anna.id { &cleo.id } else { &workspace.anna.id };
        let counted = dry(&workspace, json!({"from": from, "to": to})).await;
        assert_eq!(counted.body["counts"]["contacts"], n, "{from}");
        assert_eq!(counted.body["total"], n, "{from}");
        assert_eq!(count(&workspace, "contacts", from).await, n);
    }
    let inactive = workspace.anna.get(&format!("/records/contacts?owner={}", ben.id)).await;
    assert_eq!(inactive.each("owner_status"), ["inactive"; 3]);
}

/// CRM-168
#[tokio::test]
async fn all_matching_records_move_in_one_operation_that_returns_the_count() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let cleo = workspace.join("cleo", json!({"role": "user"})).await;
    let mut made = Vec::new();
    for n in 0..3 {
        made.push(("contacts", workspace.record(&ben, "contacts", &format!("C{n}")).await));
        made.push(("deals", workspace.record(&ben, "deals", &format!("D{n}")).await));
    }
    let before = workspace.anna.get("/audit?outcome=done").await.expect(200).items().len();

    let ask = json!({"from": ben.id, "to": cleo.id});
    let moved = workspace.anna.post("/reassignments", ask).await.expect(200);

    assert_eq!((&moved.body["total"], &moved.body["dry_run"]), (&json!(6), &json!(false)));
    for (entity, id) in &made {
        let record = cleo.get(&format!("/records/{entity}/{id}")).await.expect(200);
        assert_eq!(record.text("owner"), cleo.id);
        ben.get(&format!("/records/{entity}/{id}")).await.refused(404, "not_found");
    }
    let audit = workspace.anna.get("/audit?outcome=done").await.expect(200);
    assert_eq!(audit.items().len(), before + 1);
    let entry = &audit.items()[0];
    assert_eq!(
        (&entry["action"], &entry["before"]["owner"], &entry["after"]["owner"]),
        (&json!("records.reassign"), &json!(ben.id), &json!(cleo.id))
    );
    let counts = &entry["after"]["records"];
    assert_eq!((&counts["contacts"], &counts["deals"]), (&json!(3), &json!(3)));
    assert_eq!(entry["actor"], json!(workspace.anna.id));
}

/// CRM-218
#[tokio::test]
async fn unowned_records_are_found_and_counted_in_every_module() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let modules = ["contacts", "deals", "accounts", "activities", "projects", "tickets"];
    for (n, module) in modules.iter().enumerate() {
        workspace.record(&workspace.anna, module, "Anna's").await;
        for _ in 0..=n {
            let unowned = json!({"owner": "unowned"});
            workspace.record_with(&workspace.anna, module, unowned, "Unowned").await;
        }
    }

    let counted = dry(&workspace, json!({"from": "unowned", "to": workspace.anna.id})).await;

    for (n, module) in modules.iter().enumerate() {
        let page =
            workspace.anna.get(&format!("/records/{module}?owner=unowned")).await.expect(200);
        assert_eq!(page.body["total"], n + 1, "{module}");
        assert_eq!(page.each("owner"), vec!["unowned"; n + 1]);
        assert_eq!(counted.body["counts"][module], n + 1);
    }
    assert_eq!(counted.body["total"], 21);
    let taken = json!({"from": "unowned", "to": workspace.anna.id});
    let _ = workspace.anna.post("/reassignments", taken).await.expect(200);
    for module in modules {
        assert_eq!(count(&workspace, module, "unowned").await, 0, "{module}");
    }
}

#[tokio::test]
async fn the_timeline_of_each_record_names_the_former_owner() {
    for server in [TestServer::on_file().await, TestServer::on_postgres().await] {
        let workspace = server.found("team-management").await;
        let ben = workspace.join("ben", json!({"role": "user"})).await;
        let cleo = workspace.join("cleo", json!({"role": "user"})).await;
        let mut deals = Vec::new();
        for n in 0..123 {
            deals.push(workspace.record(&ben, "deals", &format!("Deal {n}")).await);
        }
        let kept = deals.pop().unwrap();
        let chosen = json!({"from": ben.id, "to": cleo.id, "entities": ["deals"],
            "records": deals});
        let _ = workspace.anna.post("/reassignments", chosen).await.expect(200);

        for deal in &deals {
            let path = format!("/records/deals/{deal}/timeline");
            let events = workspace.anna.get(&path).await.expect(200);
            assert_eq!(events.each("action"), ["reassign", "create"], "{deal}");
            let told = &events.items()[0];
            assert_eq!(told["actor"], workspace.anna.id);
            let owner = json!({"owner": {"from": ben.id, "to": cleo.id}});
            assert_eq!(told["detail"], owner);
        }
        let path = format!("/records/deals/{kept}/timeline");
        let events = workspace.anna.get(&path).await.expect(200);
        assert_eq!(events.each("action"), ["create"]);
    }
}

#[tokio::test]
async fn an_empty_list_of_record_types_does_not_mean_all() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let ask = json!({"from": workspace.anna.id, "to": ben.id, "entities": []});

    let refused = workspace.anna.post("/reassignments", ask).await.expect(422);

    assert_eq!(refused.pointers(), ["/entities"]);
}

#[tokio::test]
async fn a_reassignment_of_nothing_leaves_no_audit_entry() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let ask = json!({"from": workspace.anna.id, "to": ben.id, "records": []});

    let moved = workspace.anna.post("/reassignments", ask).await.expect(200);

    assert_eq!(moved.body["total"], 0);
    let told = workspace.anna.get("/audit?action=records.reassign").await.expect(200);
    assert!(told.items().is_empty());
}

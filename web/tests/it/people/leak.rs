//! A figure counts, and a text names, only what the caller reads.

use hallpass_testkit::TestServer;
use serde_json::{Value, json};

use super::{item, with_grants};

#[tokio::test]
async fn assignments_count_only_readable_records() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let dora = workspace.join("dora", json!({"role": "member"})).await;
    let grants = ["team:read:all", "contacts:read:own"];
    let cleo = with_grants(&workspace, "cleo", &grants).await;
    for _ in 0..3 {
        let owned = json!({"owner": ben.id});
        workspace.record_with(&workspace.anna, "tickets", owned, "T").await;
    }
    workspace.record_with(&workspace.anna, "tickets", json!({"owner": dora.id}), "T").await;

    let all = workspace.anna.get("/members?sort=-assignments").await.expect(200);
    assert_eq!(item(&all, &ben.id)["assignments"], json!({"tickets": 3}));
    assert_eq!(all.items()[0]["id"], ben.id);
    let seen = cleo.get("/members").await.expect(200);
    assert_eq!(item(&seen, &ben.id)["assignments"], json!({}));
    let one = cleo.get(&format!("/members/{}", ben.id)).await.expect(200);
    assert_eq!(one.body["assignments"], json!({}));
    // Sorting by hidden numbers would reveal them: all count alike, so the names decide.
    let sorted = cleo.get("/members?sort=-assignments").await.expect(200);
    let by_name = cleo.get("/members").await.expect(200);
    assert_eq!(sorted.each("id"), by_name.each("id"));
}

#[tokio::test]
async fn numbers_of_members_are_for_those_who_read_members() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let cleo = with_grants(&workspace, "cleo", &["roles:read:all"]).await;

    let seen = cleo.get("/roles").await.expect(200);
    assert!(seen.items().iter().all(|role| role["members"] == Value::Null), "{}", seen.text);
    let all = workspace.anna.get("/roles").await.expect(200);
    assert!(all.items().iter().all(|role| role["members"].is_u64()), "{}", all.text);
}

#[tokio::test]
async fn a_refusal_names_neither_members_nor_invited_addresses_that_the_caller_cannot_read() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ed = with_grants(&workspace, "ed", &["roles:read,delete:all"]).await;
    let role = async |name: &str| {
        let role = json!({"name": name, "grants": ["contacts:read:own"]});
        workspace.anna.post("/roles", role).await.expect(201).id()
    };
    let (held, promised) = (role("Held").await, role("Promised").await);
    let _ = workspace.join("zacharias", json!({"role": held})).await;
    let ask = json!({"role": promised});
    let _ = workspace.invite(&workspace.anna, "topsecret", ask).await.expect(201);

    for (role, name) in [(&held, "acharias"), (&promised, "topsecret")] {
        let told = ed.delete(&format!("/roles/{role}")).await;
        told.refused(409, "in_use");
        assert!(!told.text.contains(name), "{}", told.text);
        let told = workspace.anna.delete(&format!("/roles/{role}")).await;
        told.refused(409, "in_use");
        assert!(told.text.contains(name), "{}", told.text);
    }
}

#[tokio::test]
async fn an_explanation_names_an_owner_only_to_those_who_see_them() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = with_grants(&workspace, "cleo", &["contacts:read:own"]).await;
    let ask = json!({"resource": "contacts", "action": "read", "owner": ben.id, "acts": 3});

    let told = cleo.post("/access/explain", ask.clone()).await.expect(200);
    assert!(!told.text.contains("Ben"), "{}", told.text);
    let told = workspace.anna.post("/access/explain", ask).await.expect(200);
    assert!(told.text.contains("Ben"), "{}", told.text);
}

#[tokio::test]
async fn a_check_of_a_hidden_record_is_false_and_the_others_are_answered() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let cleo = with_grants(&workspace, "cleo", &["contacts:read,create:own"]).await;
    let own = workspace.record(&cleo, "contacts", "Mine").await;
    let hidden = workspace.record(&workspace.anna, "contacts", "Hers").await;
    let nothing = format!("rec_{}", "0".repeat(32));
    let checks: Vec<Value> = [&hidden, &own, &nothing]
        .iter()
        .map(|id| json!({"resource": "contacts", "action": "read", "record": id}))
        .collect();

    let told = cleo.post("/access/check", json!({"checks": checks})).await.expect(200);

    assert_eq!(told.body["results"], json!([false, true, false]));
    let denied = workspace.anna.get("/audit?outcome=denied").await.expect(200);
    assert_eq!(denied.items().len(), 0, "{}", denied.text);
}

#[tokio::test]
async fn role_assignments_name_only_those_whom_the_caller_may_know() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let auditor = with_grants(&workspace, "ed", &["audit:read,export:all"]).await;
    for name in ["zacharias", "ben", "cleo"] {
        let _ = workspace.join(name, json!({"role": "member"})).await;
    }

    let mut seen = Vec::new();
    let mut next = Some("/role-assignments?limit=2".to_owned());
    while let Some(page) = next.take() {
        let answer = auditor.get(&page).await.expect(200);
        for one in answer.items() {
            let is_own = one["member"] == auditor.id.as_str();
            assert_eq!(
                (one["name"].is_null(), one["email"].is_null()),
                (!is_own, !is_own),
                "{one}"
            );
            assert!(one["by_name"].is_null() || one["by"].is_null(), "{one}");
            seen.push(one["member"].as_str().unwrap().to_owned());
        }
        if let Some(cursor) = answer.body["next_cursor"].as_str() {
            next = Some(format!("/role-assignments?limit=2&cursor={cursor}"));
        }
    }
    let file = auditor.get("/role-assignments/export").await.expect(200).text;
    let full = workspace.anna.get("/role-assignments?limit=200").await.expect(200);

    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen, 5), (sorted.clone(), sorted.len()), "each once, by id");
    let is_told = |name: &str| file.to_lowercase().contains(name);
    assert!(!["zacharias", "ben@", "cleo", "anna"].iter().any(|name| is_told(name)), "{file}");
    assert_eq!(full.each("name"), ["Anna", "Ben", "Cleo", "Ed", "Zacharias"]);
    assert!(full.each("email").contains(&"ben@example.com".to_owned()));
}

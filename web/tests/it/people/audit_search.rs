//! The free text search of the audit log: over names, actions and values that the caller may read, in parts.

use hallpass_testkit::{Person, TestServer};
use serde_json::json;

use super::with_grants;

async fn found(reader: &Person, query: &str) -> Vec<String> {
    reader.get(&format!("/audit?{query}")).await.expect(200).each("action")
}

#[tokio::test]
async fn a_text_is_found_in_actors_actions_subjects_and_values() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let _ = anna.post("/teams", json!({"name": "Café Zürich"})).await.expect(201);
    let _ = anna.post("/departments", json!({"name": "Nordlicht"})).await.expect(201);
    let record = workspace.record(&ben, "contacts", "Erna").await;
    let path = format!("/members/{}", ben.id);
    let _ = anna.patch(&path, json!({"role": "admin"})).await.expect(200);

    // (query, actions): each word counts, without regard to case and accents.
    let cases: [(&str, &[&str]); 8] = [
        ("q=cafe+zurich", &["team.create"]),
        ("q=NORDLICHT+anna", &["department.create"]),
        ("q=nordlicht+ben", &[]),
        ("q=department.create", &["department.create"]),
        ("q=nordlicht&action=team.create", &[]),
        ("q=erna", &["contacts.create"]),
        (&format!("q={record}"), &["contacts.create"]),
        ("q=zzz", &[]),
    ];
    for (query, actions) in cases {
        assert_eq!(found(anna, query).await, actions, "{query}");
    }
    // The member is the subject of one, and the actor of the other.
    let about_ben = found(anna, "q=ben").await;
    for action in ["member.update", "contacts.create"] {
        assert!(about_ben.iter().any(|one| one == action), "{action}: {about_ben:?}");
    }
    let all = anna.get("/audit?limit=200").await.expect(200).items().len();
    assert_eq!(anna.get("/audit?limit=200&q=%20").await.expect(200).items().len(), all);
    anna.get(&format!("/audit?q={}", "x".repeat(201))).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_search_finds_nothing_in_values_that_the_caller_may_not_read() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let cleo = with_grants(&workspace, "cleo", &["audit:read:all"]).await;
    let _ = anna.patch("/billing", json!({"company": "Rechnung AG"})).await.expect(200);
    let _ = anna.post("/teams", json!({"name": "Nordlicht"})).await.expect(201);
    let record = workspace.record(anna, "contacts", "Geheim").await;

    for text in ["rechnung", "nordlicht", "geheim"] {
        assert_eq!(found(anna, &format!("q={text}")).await.len(), 1, "{text}");
        assert_eq!(found(&cleo, &format!("q={text}")).await, Vec::<String>::new(), "{text}");
    }
    // What every reader of the log sees is found.
    assert_eq!(found(&cleo, &format!("q={record}")).await, ["contacts.create"]);
    assert_eq!(found(&cleo, "q=team.create").await, ["team.create"]);
    // Nor does the name of a field that stands for a hidden value.
    assert_eq!(found(&cleo, "q=team.create+name").await, Vec::<String>::new());
}

#[tokio::test]
async fn pages_of_a_search_join_up_and_the_export_has_the_same() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    for number in 0..7 {
        let _ =
            anna.post("/teams", json!({"name": format!("Crew {number}")})).await.expect(201);
        let _ =
            anna.post("/departments", json!({"name": format!("D {number}")})).await.expect(201);
    }

    let (mut ids, mut cursor) = (Vec::new(), String::new());
    for _ in 0..4 {
        let page = anna.get(&format!("/audit?q=crew&limit=2{cursor}")).await.expect(200);
        ids.extend(page.each("id"));
        assert!(page.body.get("incomplete").is_none());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }

    let whole = anna.get("/audit?q=crew&limit=50").await.expect(200);
    assert_eq!(ids.len(), 7);
    assert_eq!(ids, whole.each("id"));
    let file = anna.get("/audit/export?q=crew&format=jsonl").await.expect(200).text;
    assert_eq!(file.lines().count(), 7, "{file}");
    let noted = anna.get("/audit?action=audit.export").await.expect(200);
    assert_eq!(noted.items()[0]["after"]["text"], "crew");
}

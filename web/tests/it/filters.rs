//! Lists of records narrowed and sorted by their fields, and what is refused.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::json;

async fn leads(workspace: &TestWorkspace<'_>) -> Person {
    let fields = json!([
        {"key": "name", "name": "Name", "type": "text", "required": true},
        {"key": "size", "name": "Size", "type": "number"},
        {"key": "source", "name": "Source", "type": "choice", "options": ["Web", "Fair"]},
    ]);
    let new = json!({"key": "leads", "name": "Leads", "fields": fields});
    let _ = workspace.anna.post("/schema/entities", new).await.expect(201);
    let anna = workspace.anna.same_session();
    for fields in [
        json!({"name": "Müller", "size": 10, "source": "Fair"}),
        json!({"name": "Anna", "size": 9.5}),
        json!({"name": "Ben", "source": "Web"}),
        json!({"name": "Mulligan", "size": -2, "source": "Web"}),
    ] {
        let _ = anna.post("/records/leads", json!({"fields": fields})).await.expect(201);
    }
    anna
}

async fn names(person: &Person, query: &str) -> Vec<String> {
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let page =
            person.get(&format!("/records/leads?limit=2&{query}{cursor}")).await.expect(200);
        assert!(page.body.get("incomplete").is_none());
        let titles = page.items().iter().filter_map(|one| one["title"].as_str());
        names.extend(titles.map(str::to_owned));
        let Some(next) = page.body["next_cursor"].as_str() else {
            assert_eq!(page.body["total"], names.len(), "{query}");
            return names;
        };
        cursor = format!("&cursor={next}");
    }
}

fn filter(conditions: &str) -> String {
    let bytes: Vec<String> = conditions.bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("filter={}", bytes.concat())
}

#[tokio::test]
async fn every_field_is_filtered_by_its_type_and_conditions_combine() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;

    for (conditions, expected) in [
        (r#"[{"field": "name", "contains": "MULL"}]"#, vec!["Mulligan", "Müller"]),
        (r#"[{"field": "name", "is": "müller"}]"#, vec!["Müller"]),
        (r#"[{"field": "size", "from": 0, "to": 10}]"#, vec!["Anna", "Müller"]),
        (r#"[{"field": "size", "empty": true}]"#, vec!["Ben"]),
        (r#"[{"field": "source", "is": "Web"}]"#, vec!["Mulligan", "Ben"]),
        (r#"[{"field": "source", "is": "Web"}, {"field": "size", "to": 0}]"#, vec!["Mulligan"]),
        ("[]", vec!["Mulligan", "Ben", "Anna", "Müller"]),
    ] {
        assert_eq!(names(&anna, &filter(conditions)).await, expected, "{conditions}");
        let file = anna.get(&format!("/records/leads/export?{}", filter(conditions))).await;
        let lines = file.text.lines().filter(|line| line.starts_with("rec_")).count();
        assert_eq!(lines, expected.len(), "{conditions}");
    }
    assert_eq!(names(&anna, "open=false").await, [""; 0]);
    assert_eq!(names(&anna, "open=true&q=mull").await, ["Mulligan", "Müller"]);
    assert_eq!(names(&anna, "created_from=2999-01-01T00:00:00Z").await, [""; 0]);
    assert_eq!(names(&anna, "created_to=2999-01-01T00:00:00Z").await.len(), 4);
}

#[tokio::test]
async fn a_list_is_sorted_by_every_field_and_empty_values_come_last() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;

    for (sort, expected) in [
        ("size", ["Mulligan", "Anna", "Müller", "Ben"]),
        ("-size", ["Müller", "Anna", "Mulligan", "Ben"]),
        ("name", ["Anna", "Ben", "Müller", "Mulligan"]),
        ("source", ["Ben", "Mulligan", "Müller", "Anna"]),
        ("updated", ["Müller", "Anna", "Ben", "Mulligan"]),
        ("-updated", ["Mulligan", "Ben", "Anna", "Müller"]),
    ] {
        assert_eq!(names(&anna, &format!("sort={sort}")).await, expected, "{sort}");
    }
}

#[tokio::test]
async fn what_a_record_type_does_not_have_is_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;

    for (query, code) in [
        ("sort=siz".to_owned(), "unknown"),
        ("created_from=yesterday".to_owned(), "bad_format"),
        ("filter=size".to_owned(), "bad_filter"),
        (filter(r#"[{"field": "size"}]"#), "bad_filter"),
        (filter(r#"[{"field": "size", "is": 1, "empty": true}]"#), "bad_filter"),
        (filter(r#"[{"field": "siz", "is": 1}]"#), "unknown_field"),
        (filter(r#"[{"field": "size", "is": "one"}]"#), "wrong_type"),
        (
            filter(&format!("[{}]", vec![r#"{"field":"size","empty":true}"#; 21].join(","))),
            "too_many",
        ),
    ] {
        let refused = anna.get(&format!("/records/leads?{query}")).await.expect(422);
        assert_eq!(refused.body["errors"][0]["code"], code, "{query}");
    }
}

#[tokio::test]
async fn a_filter_and_an_order_tell_nothing_about_records_that_are_hidden() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member", "visibility": "own"})).await;
    for (person, name, company) in
        [(&workspace.anna, "Hidden", "Acme"), (&ben, "Zoe", "Acme"), (&ben, "Yan", "Other")]
    {
        let fields = json!({"name": name, "company": company});
        let _ = person.post("/records/contacts", json!({"fields": fields})).await.expect(201);
    }

    for (query, expected) in [
        (filter(r#"[{"field": "company", "is": "acme"}]"#), vec!["Zoe"]),
        (filter(r#"[{"field": "name", "contains": "hid"}]"#), vec![]),
        ("sort=company".to_owned(), vec!["Zoe", "Yan"]),
        ("q=acme".to_owned(), vec!["Zoe"]),
        ("open=true&limit=1".to_owned(), vec!["Yan"]),
    ] {
        let page = ben.get(&format!("/records/contacts?{query}")).await.expect(200);
        let titles: Vec<&str> =
            page.items().iter().filter_map(|one| one["title"].as_str()).collect();
        assert_eq!(titles, expected, "{query}");
        let total = if query.contains("limit") { 2 } else { expected.len() };
        assert_eq!(page.body["total"], total, "{query}");
    }
}

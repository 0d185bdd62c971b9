//! The audit log: found under everything that was touched, values only for their readers, denials
//! counted.

use hallpass_domain::time::Span;
use hallpass_testkit::{Person, TestServer};
use serde_json::{Value, json};

use super::with_grants;

async fn actions_about(reader: &Person, subject: &str) -> Vec<String> {
    reader.get(&format!("/audit?subject={subject}")).await.expect(200).each("action")
}

#[tokio::test]
async fn an_entry_is_found_under_everything_that_it_touched() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let dora = workspace.join("dora", json!({"role": "manager"})).await;
    let mut records = Vec::new();
    for _ in 0..3 {
        let owned = json!({"owner": ben.id});
        records.push(workspace.record_with(anna, "contacts", owned, "K").await);
    }
    let has = async |subject: &str, action: &str| {
        let found = actions_about(anna, subject).await;
        assert!(found.iter().any(|known| known == action), "{action} of {subject}: {found:?}");
    };
    has(&cleo.id, "invitation.accept").await;

    let all = json!({"from": ben.id, "to": cleo.id});
    let _ = anna.post("/reassignments", all).await.expect(200);
    for subject in records.iter().chain([&ben.id, &cleo.id]) {
        has(subject, "records.reassign").await;
    }
    let path = format!("/records/contacts/{}", records[0]);
    let _ = anna.patch(&path, json!({"owner": ben.id})).await.expect(200);
    has(&ben.id, "contacts.update").await;
    has(&cleo.id, "contacts.update").await;
    let team = anna.post("/teams", json!({"name": "Nord"})).await.expect(201).id();
    let _ = anna.put(&format!("/teams/{team}/members/{}", cleo.id), json!({})).await;
    let assigned = json!({"manager": dora.id, "teams": [team]});
    let _ = anna.patch(&format!("/members/{}", cleo.id), assigned).await.expect(200);
    has(&dora.id, "member.update").await;
    has(&team, "team.create").await;
    let _ = anna.delete(&format!("/members/{}", dora.id)).await.expect(204);
    has(&cleo.id, "member.remove").await;
    let key = json!({"name": "k", "member": cleo.id});
    let _ = anna.post("/api-keys", key).await.expect(201);
    has(&cleo.id, "api_key.create").await;
}

#[tokio::test]
async fn exports_leave_entries() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let _ = anna.get("/records/contacts/export?q=x").await.expect(200);
    let _ = anna.get("/role-assignments/export").await.expect(200);

    for action in ["contacts.export", "role_assignments.export"] {
        let found = anna.get(&format!("/audit?action={action}")).await.expect(200);
        assert_eq!(found.items().len(), 1, "{}", found.text);
    }
}

#[tokio::test]
async fn values_are_for_those_who_read_what_the_entry_is_about() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let cleo = with_grants(&workspace, "cleo", &["audit:read:all"]).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let secret = json!({"owner": ben.id});
    let record = workspace.record_with(anna, "contacts", secret, "Geheim").await;
    let path = format!("/records/contacts/{record}");
    let _ = anna.patch(&path, json!({"fields": {"company": "Verdeckt"}})).await.expect(200);
    let _ = anna.patch("/billing", json!({"company": "Rechnung AG"})).await.expect(200);
    let _ = anna.post("/teams", json!({"name": "Nordlicht"})).await.expect(201);

    let seen = cleo.get("/audit").await.expect(200);

    assert!(seen.each("action").contains(&"contacts.update".to_owned()));
    let values = ["Geheim", "Verdeckt", "Rechnung AG", "Nordlicht", "ben@example.com"];
    for value in values {
        assert!(!seen.text.contains(value), "{value}: {}", seen.text);
    }
    let found = seen.items().iter().find(|one| one["action"] == "contacts.update").unwrap();
    let hidden = found["after"]["hidden"].as_array().unwrap();
    assert!(hidden.contains(&json!("fields.company")), "{found}");
    let all = anna.get("/audit?limit=200").await.expect(200);
    for value in values {
        assert!(all.text.contains(value), "{value}");
    }
}

#[tokio::test]
async fn a_repeated_denial_is_counted_in_one_entry() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let cleo = with_grants(&workspace, "cleo", &["contacts:read:own"]).await;
    let denied = async || {
        let found = workspace.anna.get("/audit?outcome=denied").await.expect(200);
        found.items().iter().map(|one| one["times"].clone()).collect::<Vec<Value>>()
    };
    for _ in 0..5 {
        cleo.get("/billing").await.refused(403, "denied");
    }
    assert_eq!(denied().await, [json!(5)]);

    server.clock.advance(Span::hours(2));
    cleo.get("/billing").await.refused(403, "denied");

    assert_eq!(denied().await, [json!(1), json!(5)]);
}

#[tokio::test]
async fn denials_of_many_records_are_bounded() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let cleo = with_grants(&workspace, "cleo", &["contacts:read:own"]).await;
    let mut records = Vec::new();
    for _ in 0..110 {
        records.push(workspace.record(&workspace.anna, "contacts", "K").await);
    }
    for record in &records {
        cleo.get(&format!("/records/contacts/{record}")).await.refused(404, "not_found");
    }

    let found = workspace.anna.get("/audit?outcome=denied&limit=200").await.expect(200);

    assert_eq!(found.items().len(), 101, "{}", found.text);
    let times: i64 = found.items().iter().map(|one| one["times"].as_i64().unwrap()).sum();
    assert_eq!(times, 110);
}

#[tokio::test]
async fn filters_that_mean_nothing_are_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let role = json!({"name": "Vertrieb", "grants": ["contacts:read:all"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let _ = workspace.join("ben", json!({"role": role})).await;
    let stranger = format!("mbr_{}", "0".repeat(32));
    for wrong in [
        "/members?role=Ownr".to_owned(),
        "/members?team=Sud".to_owned(),
        "/members?department=Sud".to_owned(),
        "/audit?action=member.updat".to_owned(),
        "/audit?action=contacts:reed".to_owned(),
        format!("/audit?actor={stranger}"),
        "/audit?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z".to_owned(),
        format!("/records/contacts?owner={stranger}"),
    ] {
        anna.get(&wrong).await.refused(422, "invalid");
    }
    for right in ["action=member.update", "action=contacts.claim", "action=contacts:read"] {
        let _ = anna.get(&format!("/audit?{right}")).await.expect(200);
    }
    let found = anna.get("/members?role=vertrieb").await.expect(200);
    assert_eq!(found.body["total"], 1);
}

#[tokio::test]
async fn the_export_has_what_the_list_has_and_leaves_an_entry() {
    for server in [TestServer::in_memory().await, TestServer::on_postgres().await] {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let cleo = workspace.join("cleo", json!({"role": "member"})).await;
        for number in 0..230 {
            let name = json!({"name": format!("=Acme {number}")});
            let _ = anna.patch("", name).await.expect(200);
        }
        cleo.get("/billing").await.refused(403, "denied");
        let entries = async |query: &str| {
            let mut ids = Vec::new();
            let mut next = Some(format!("/audit?limit=200{query}"));
            while let Some(path) = next {
                let page = anna.get(&path).await.expect(200);
                ids.extend(page.each("id"));
                let cursor = page.body["next_cursor"].as_str();
                next = cursor.map(|cursor| format!("/audit?limit=200&cursor={cursor}{query}"));
            }
            ids
        };
        let about = format!("&subject={}&action=invitation.accept", cleo.id);

        for query in ["", "&outcome=denied", "&action=workspace.update", &about] {
            let listed = entries(query).await;
            let path = format!("/audit/export?byte_order_mark=true{query}");
            let file = anna.get(&path).await.expect(200);

            assert!(file.header("content-type").starts_with("text/csv"));
            assert!(file.header("content-disposition").contains("audit-log.csv"));
            let mut lines = file.text.trim_start_matches('\u{FEFF}').lines();
            assert!(lines.next().unwrap().starts_with("id,at,actor,actor_name,action,outcome"));
            let exported = lines.map(|line| line.split(',').next().unwrap().to_owned());
            assert_eq!(exported.collect::<Vec<_>>(), listed, "{query}");
        }
        let file = anna.get("/audit/export?format=jsonl&action=workspace.update").await;
        let file = file.expect(200);
        assert_eq!(file.header("content-type"), "application/jsonl");
        assert!(file.header("content-disposition").contains("audit-log.jsonl"));
        let lines = file.text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let lines: Vec<Value> = lines.collect();
        let page = anna.get("/audit?limit=200&action=workspace.update").await.expect(200);
        assert_eq!(lines.len(), 230, "more than a page");
        assert_eq!(lines[..200], *page.items(), "each line is an entry of the list");
        let all = anna.get("/audit/export?action=workspace.update").await.expect(200).text;
        assert_eq!(all.lines().count(), 231, "more than a page");
        // Values are JSON, which no spreadsheet reads as a formula.
        assert!(!all.contains(",=") && !all.contains("\n="), "{all}");
        let own = anna.get("/audit?action=audit.export").await.expect(200);
        assert_eq!(own.items().len(), 6);
        assert_eq!(own.items()[5]["after"]["outcome"], Value::Null);
        assert_eq!(own.items()[4]["after"]["outcome"], "denied");
    }
}

#[tokio::test]
async fn an_export_shows_no_value_that_the_list_hides_and_is_for_exporters() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let reader = with_grants(&workspace, "ben", &["audit:read:all"]).await;
    let exporter = with_grants(&workspace, "dora", &["audit:export:all"]).await;
    let auditor =
        with_grants(&workspace, "cleo", &["audit:read:all", "audit:export:all"]).await;
    let stranger = server.sign_up("zoe").await;
    let secret = json!({"owner": reader.id});
    let _ = workspace.record_with(anna, "contacts", secret, "Geheim").await;
    let exports = async || {
        anna.get("/audit?action=audit.export&outcome=done").await.expect(200).items().len()
    };

    for denied in [&reader, &exporter] {
        denied.get("/audit/export").await.refused(403, "denied");
    }
    let foreign = stranger.open("/api/v1/workspaces/acme/audit/export").await;
    assert_eq!(foreign.status, 404, "{}", foreign.text);
    for wrong in ["action=member.updat", "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z"] {
        auditor.get(&format!("/audit/export?{wrong}")).await.refused(422, "invalid");
    }
    auditor.get("/audit/export?from=today").await.refused(422, "invalid");
    auditor.get("/audit/export?nosuch=1").await.refused(422, "invalid");
    for wrong in ["format=xlsx", "format=jsonl&byte_order_mark=true"] {
        auditor.get(&format!("/audit/export?{wrong}")).await.refused(422, "invalid");
    }
    assert_eq!(exports().await, 0, "what is refused leaves no entry of an export");

    let file = auditor.get("/audit/export").await.expect(200).text;
    assert!(file.contains("contacts.create") && file.contains("hidden"), "{file}");
    assert!(!file.contains("Geheim"), "{file}");
    let lines = auditor.get("/audit/export?format=jsonl").await.expect(200).text;
    assert!(lines.contains("contacts.create") && lines.contains("hidden"), "{lines}");
    assert!(!lines.contains("Geheim"), "{lines}");
    let full = anna.get("/audit/export").await.expect(200).text;
    assert!(full.contains("Geheim"), "{full}");
    assert_eq!(exports().await, 3);
}

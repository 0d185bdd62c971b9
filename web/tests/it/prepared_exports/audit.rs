//! Prepared exports of the audit log: the file is the direct export, and goes to who may read and export the log and may read
//! all values that they might read when it was made.

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::{AuditId, MemberId, WorkspaceId};
use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ask_for, count, download, load, state};

/// What a role that exports the log has at most here.
pub(super) const EVERY: [&str; 20] = [
    "audit:read:all",
    "audit:export:all",
    "team:read:all",
    "roles:read:all",
    "teams:read:all",
    "profiles:read:all",
    "departments:read:all",
    "authentication:read:all",
    "security:read:all",
    "api_keys:read:all",
    "billing:read:all",
    "general:read:all",
    "schema:read:all",
    "integrations:read:all",
    "intelligence:read:all",
    "reports:read:all",
    "contacts:read:all",
    "companies:read:all",
    "tickets:read:all",
    "webhooks:read:all",
];

/// Entries of everything that an access model describes, and of what none describes.
const ACTIONS: [&str; 24] = [
    "member.update",
    "invitation.create",
    "team.update",
    "team.join",
    "role.update",
    "profile.update",
    "department.update",
    "connection.update",
    "api_key.update",
    "entity.update",
    "report.update",
    "view.update",
    "blueprint.replace",
    "billing.update",
    "invoice.create",
    "settings.switches",
    "settings.security",
    "settings.general",
    "settings.integrations",
    "workspace.update",
    "records.reassign",
    "contacts.update",
    "companies.update",
    "former_type.update",
];

/// Adds entries to the log, whose values have the word `secret`, and lets the time go on. Returns when that was.
pub(super) async fn log(workspace: &TestWorkspace<'_>, rounds: usize) -> String {
    let app = &workspace.server.app;
    let id: WorkspaceId = workspace.anna.get("").await.expect(200).id().parse().unwrap();
    let member: MemberId = workspace.anna.id.parse().unwrap();
    let record = workspace.record(&workspace.anna, "contacts", "Zoe").await;
    let company = workspace.record(&workspace.anna, "companies", "Initech").await;
    workspace.server.clock.advance(Span::seconds(1));
    let millis = u128::try_from(app.now().as_micros() / 1_000).unwrap();
    let mut tx = app.db().write_in(id.0).await.unwrap().unwrap();
    for number in 0..rounds * ACTIONS.len() {
        let action = ACTIONS[number % ACTIONS.len()];
        let subject = match action {
            "contacts.update" => record.clone(),
            "companies.update" => company.clone(),
            _ => format!("about {action}"),
        };
        let after = match action {
            "records.reassign" => json!({"records": {"contacts": ["secret"]}}),
            "contacts.update" | "companies.update" => {
                json!({"owner": member.to_string(), "name": format!("=secret \"{number}\"; Müller")})
            }
            "report.update" => json!({"shared": true, "name": "secret"}),
            "view.update" => json!({"shared": true, "entity": "tickets", "name": "secret"}),
            _ => json!({"name": format!("secret {number}"), "member": member.to_string()}),
        };
        let entry = Entry {
            id: AuditId(Uuid::from_u128((millis << 80) | u128::try_from(number).unwrap())),
            at: app.now(),
            actor: Some(member),
            actor_name: "Anna".to_owned(),
            action: action.to_owned(),
            outcome: Outcome::Done,
            subject,
            before: Value::Null,
            after,
            revision: 1,
            request: "req_1".to_owned(),
            times: 1,
            last_at: app.now(),
        };
        tx.audit().insert(&entry).await.unwrap();
    }
    tx.commit().await.unwrap();
    workspace.server.clock.advance(Span::seconds(1));
    app.now().to_string()
}

/// Asks for an export of the log, with a query.
async fn ask(person: &Person, query: &str) -> String {
    ask_for(person, &format!("/audit/export{query}")).await
}

/// A member with a role of such grants, and the path of the role.
async fn with_grants(
    workspace: &TestWorkspace<'_>,
    name: &str,
    grants: &[&str],
) -> (Person, String) {
    let role = json!({"name": format!("Role of {name}"), "grants": grants});
    let role = workspace.anna.post("/roles", role).await.expect(201).id();
    let person = workspace.join(name, json!({"role": role, "visibility": "all"})).await;
    (person, format!("/roles/{role}"))
}

async fn equals_the_direct_export(server: TestServer) {
    let workspace = server.found("standard").await;
    let grants = ["audit:read:all", "audit:export:all", "team:read:all"];
    let (auditor, _) = with_grants(&workspace, "cleo", &grants).await;
    auditor.get("/billing").await.refused(403, "denied");
    let until = log(&workspace, 30).await;
    let queries = [
        "",
        "&byte_order_mark=true",
        "&format=jsonl",
        "&outcome=denied",
        "&action=team.update",
        "&format=jsonl&q=secret",
        "&q=nothing%20of%20it",
    ];
    for query in queries {
        for person in [&workspace.anna, &auditor] {
            let path = format!("?to={until}{query}");
            let direct = person.get(&format!("/audit/export{path}")).await.expect(200);
            let id = ask(person, &path).await;
            download(person, &id).await.refused(409, "export_preparing");

            server.run_batches().await;

            let file = download(person, &id).await.expect(200);
            assert_eq!(file.text, direct.text, "{query}");
            for header in ["content-type", "content-disposition"] {
                assert_eq!(file.header(header), direct.header(header), "{query}");
            }
            let hides = file.text.contains("hidden");
            let is_shown = !query.contains("denied") && !query.contains("q=");
            assert_eq!(hides, person.id == auditor.id && is_shown, "{query}");
            let ready = load(person, &id).await;
            assert_eq!(ready.body["bytes"], file.text.len(), "{query}");
            assert_eq!(ready.body["done"], ready.body["total"], "{query}");
            let _ = person.delete(&format!("/exports/{id}")).await.expect(204);
        }
    }
}

#[tokio::test]
async fn a_prepared_export_of_the_log_equals_the_direct_one_on_sqlite() {
    equals_the_direct_export(TestServer::in_memory().await).await;
}

#[tokio::test]
async fn a_prepared_export_of_the_log_equals_the_direct_one_on_postgres() {
    equals_the_direct_export(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn a_file_of_the_log_has_what_was_there_when_it_was_asked_for() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    log(&workspace, 30).await;
    let before = anna.get("/audit?limit=1").await.each("id").remove(0);
    let answer = anna.post("/audit/export", json!({})).await.expect(202);
    let id = answer.id();
    assert_eq!(
        (answer.text("subject"), &answer.body["entity"]),
        ("audit".to_owned(), &Value::Null)
    );
    assert_eq!(answer.body["is_total_exact"], true, "{}", answer.text);
    server.run_batch().await.unwrap();
    let _ = anna.patch("", json!({"name": "Later"})).await.expect(200);
    server.run_batches().await;

    let file = download(anna, &id).await.expect(200).text;
    let first = file.lines().nth(1).unwrap();
    assert!(first.starts_with(&before), "{first}");
    assert!(!file.contains("Later") && !file.contains("audit.export"));
    // It is a bulk job without figures of records, and is audited once.
    let jobs = anna.get("/bulk-jobs").await.expect(200);
    assert_eq!(
        (jobs.each("kind"), &jobs.items()[0]["counts"]),
        (vec!["export".to_owned()], &json!({}))
    );
    let entries = anna.get("/audit?action=audit.export").await.expect(200);
    assert_eq!(
        (entries.items().len(), &entries.items()[0]["after"]["bulk_job"]),
        (1, &json!(id))
    );
}

#[tokio::test]
async fn the_number_of_entries_is_said_where_it_is_counted_quickly() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    // 2,040 entries, 85 of each action.
    log(&workspace, 85).await;
    let said = async |query: &str| {
        let body =
            anna.post(&format!("/audit/export{query}"), json!({})).await.expect(202).body;
        let id = body["id"].as_str().unwrap();
        let _ = anna.delete(&format!("/exports/{id}")).await.expect(204);
        (body["total"].as_i64().unwrap(), body["is_total_exact"].as_bool().unwrap())
    };

    assert_eq!(said("").await, (2_000, false));
    assert_eq!(said("?action=team.join").await, (85, true));
    assert_eq!(said("?outcome=denied").await, (0, true));
    assert_eq!(said("?q=secret").await, (0, false));
}

#[tokio::test]
async fn only_its_member_sees_an_export_of_the_log() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let (cleo, _) = with_grants(&workspace, "cleo", &EVERY).await;
    let (ben, _) = with_grants(&workspace, "ben", &EVERY[..1]).await;
    let other = server.found_as("eve", "standard", "other").await;
    log(&workspace, 1).await;
    ben.post("/audit/export", json!({})).await.refused(403, "denied");
    let id = ask(&cleo, "").await;
    server.run_batches().await;

    let _ = download(&cleo, &id).await.expect(200);
    for person in [&workspace.anna, &ben, &other.anna] {
        download(person, &id).await.refused(404, "not_found");
        let _ = person.get(&format!("/exports/{id}")).await.expect(404);
        let _ = person.delete(&format!("/exports/{id}")).await.expect(404);
        assert!(person.get("/exports").await.expect(200).items().is_empty());
    }
    // Who looks through her eyes gets no file.
    let view = json!({"member": cleo.id, "password": PASSWORD});
    let _ = workspace.anna.put("/view", view).await.expect(200);
    download(&workspace.anna, &id).await.refused(409, "view_only");
    workspace.anna.post("/audit/export", json!({})).await.refused(409, "view_only");
    assert_eq!(state(&cleo, &id).await, "ready");
}

/// Takes each grant from a member who has exported the log with all of them: wherever the direct export has less than the
/// file, the file is refused.
async fn no_file_tells_more_than_the_log(server: TestServer) {
    let workspace = server.found("standard").await;
    let (cleo, role) = with_grants(&workspace, "cleo", &EVERY).await;
    let until = log(&workspace, 2).await;
    let query = format!("?format=jsonl&to={until}");
    let direct = format!("/audit/export{query}");
    let id = ask(&cleo, &query).await;
    server.run_batches().await;
    let whole = download(&cleo, &id).await.expect(200).text;
    assert!(whole.contains("secret"));
    let (mut refused, mut denied) = (Vec::new(), 0);

    for taken in EVERY {
        let rest: Vec<&str> = EVERY.into_iter().filter(|grant| *grant != taken).collect();
        let _ = workspace.anna.patch(&role, json!({"grants": rest})).await.expect(200);
        let now = cleo.get(&direct).await;
        let file = download(&cleo, &id).await;
        if now.status == 403 {
            file.refused(403, "denied");
            denied += 1;
        } else if now.expect(200).text != whole {
            file.refused(409, "export_outdated");
            assert_eq!(state(&cleo, &id).await, "outdated", "{taken}");
            refused.push(taken);
        }
    }
    let _ = workspace.anna.patch(&role, json!({"grants": EVERY})).await.expect(200);

    assert_eq!(download(&cleo, &id).await.expect(200).text, whole);
    assert_eq!(denied, 2);
    let telling = [
        "team",
        "teams",
        "profiles",
        "departments",
        "billing",
        "contacts",
        "companies",
        "reports",
        "api_keys",
        "schema",
        "tickets",
    ];
    for area in telling {
        assert!(
            refused.iter().any(|grant| grant.starts_with(&format!("{area}:"))),
            "{area}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn a_file_of_the_log_is_refused_where_the_log_shows_less_on_sqlite() {
    no_file_tells_more_than_the_log(TestServer::in_memory().await).await;
}

#[tokio::test]
async fn a_file_of_the_log_is_refused_where_the_log_shows_less_on_postgres() {
    no_file_tells_more_than_the_log(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn a_file_of_the_log_is_refused_when_its_member_reaches_fewer_records() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let (cleo, _) = with_grants(&workspace, "cleo", &EVERY).await;
    log(&workspace, 1).await;
    let path = format!("/members/{}", cleo.id);
    let see = async |visibility: &str| {
        let _ = anna.patch(&path, json!({"visibility": visibility})).await.expect(200);
    };
    see("own").await;
    let narrow = ask(&cleo, "").await;
    server.run_batches().await;
    see("all").await;
    let wide = ask(&cleo, "").await;
    server.run_batches().await;
    let of_contacts = |text: &str| {
        let mut lines = text.lines();
        lines.find(|line| line.contains(",contacts.update,")).unwrap().to_owned()
    };
    let shown = download(&cleo, &wide).await.expect(200).text;
    assert!(of_contacts(&shown).contains("=secret"), "{shown}");
    let hidden = download(&cleo, &narrow).await.expect(200).text;
    assert!(
        of_contacts(&hidden).contains("hidden") && !of_contacts(&hidden).contains("=secret")
    );

    see("own").await;

    download(&cleo, &wide).await.refused(409, "export_outdated");
    assert_eq!(download(&cleo, &narrow).await.expect(200).text, hidden);
    // A record type that is switched off is read by no one.
    see("all").await;
    let _ = download(&cleo, &wide).await.expect(200);
    let off = json!({"contacts": false});
    let _ = anna.patch("/settings/modules", off).await.expect(200);
    download(&cleo, &wide).await.refused(409, "export_outdated");
    download(&cleo, &narrow).await.refused(409, "export_outdated");
}

#[tokio::test]
async fn an_export_of_the_log_stops_when_its_member_reads_less_in_the_middle() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let (cleo, role) = with_grants(&workspace, "cleo", &EVERY).await;
    log(&workspace, 30).await;
    for (left, reason) in
        [(&EVERY[..EVERY.len() - 5], "read less"), (&EVERY[..1], "does not include it")]
    {
        let _ = workspace.anna.patch(&role, json!({"grants": EVERY})).await.expect(200);
        let id = ask(&cleo, "").await;
        assert!(server.run_batch().await.unwrap() > 0);

        let _ = workspace.anna.patch(&role, json!({"grants": left})).await.expect(200);
        assert_eq!(server.run_batches().await, 0);

        let ended = load(&cleo, &id).await;
        assert_eq!(ended.text("state"), "ended");
        assert!(ended.text("reason").contains(reason), "{}", ended.text);
        let file = download(&cleo, &id).await;
        assert!([403, 409].contains(&file.status), "{}", file.text);
        server.run_batches().await;
        assert_eq!(count(&server, "export_pieces").await, 0);
    }
}

#[tokio::test]
async fn a_key_exports_the_log_within_its_scopes() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let until = log(&workspace, 2).await;
    let scopes = ["audit:read", "audit:export", "contacts:read:own"];
    let body = json!({"name": "Program", "scopes": scopes});
    let made = anna.post("/api-keys", body).await.expect(201);
    let key = anna.with_api_key(&made.text("key"));
    let query = format!("?to={until}");
    let (of_key, of_anna) = (ask(&key, &query).await, ask(anna, &query).await);
    server.run_batches().await;

    let text = download(&key, &of_key).await.expect(200).text;
    assert_eq!(text, key.get(&format!("/audit/export{query}")).await.expect(200).text);
    assert!(text.contains("hidden"));
    download(&key, &of_anna).await.refused(404, "not_found");
    assert_eq!(download(anna, &of_key).await.expect(200).text, text);
    assert_ne!(download(anna, &of_anna).await.expect(200).text, text);
}

#[tokio::test]
async fn exports_of_the_log_and_of_records_have_their_bounds_together() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    log(&workspace, 1).await;
    let first = ask(anna, "").await;
    for path in ["/records/contacts/export", "/audit/export", "/audit/export", "/audit/export"]
    {
        ask_for(anna, path).await;
    }
    let refused = anna.post("/audit/export", json!({})).await;
    refused.refused(422, "invalid");
    assert!(refused.text.contains("you have 5 exports"), "{}", refused.text);

    let _ = anna.delete(&format!("/exports/{first}")).await.expect(204);
    assert_eq!(state(anna, &first).await, "ended");
    let last = ask(anna, "").await;
    server.run_batches().await;
    let _ = anna.delete(&format!("/exports/{last}")).await.expect(204);
    download(anna, &last).await.refused(409, "export_expired");
    server.advance_days(1);
    server.run_batches().await;
    assert_eq!(count(&server, "export_pieces").await, 0);
}

#[tokio::test]
async fn a_wrong_filter_starts_no_export_of_the_log() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let wrong = [
        "action=member.updat",
        "from=today",
        "nosuch=1",
        "format=xlsx",
        "format=jsonl&byte_order_mark=true",
        "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
    ];
    for query in wrong {
        let path = format!("/audit/export?{query}");
        anna.post(&path, json!({})).await.refused(422, "invalid");
    }
    assert!(anna.get("/exports").await.expect(200).items().is_empty());
    assert_eq!(count(&server, "export_files").await, 0);
}

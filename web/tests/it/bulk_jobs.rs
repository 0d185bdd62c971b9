//! Bulk jobs: more records than a request changes, in batches, with the rights of each moment.

mod ends;
mod equal;
mod interrupted;

use std::collections::BTreeSet;

use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

/// More records than a request changes.
const MANY: usize = 2_300;

/// A workspace in which Ben has many contacts, and Cleo none.
struct Crowd<'t> {
    workspace: TestWorkspace<'t>,
    ben: Person,
    cleo: Person,
    contacts: Vec<String>,
}

impl<'t> Crowd<'t> {
    async fn on(server: &'t TestServer) -> Crowd<'t> {
        let workspace = server.found("standard").await;
        let ben = workspace.join("ben", json!({"role": "member"})).await;
        let cleo = workspace.join("cleo", json!({"role": "member"})).await;
        let contacts = workspace.fill("contacts", &ben.id, MANY).await;
        Crowd { workspace, ben, cleo, contacts }
    }

    fn ask(&self) -> Value {
        json!({"from": self.ben.id, "to": self.cleo.id, "entities": ["contacts"]})
    }

    async fn start_as(&self, person: &Person) -> String {
        person.post("/reassignments", self.ask()).await.expect(202).id()
    }

    async fn start(&self) -> String {
        self.start_as(&self.workspace.anna).await
    }

    async fn job(&self, id: &str) -> Answer {
        self.workspace.anna.get(&format!("/bulk-jobs/{id}")).await.expect(200)
    }

    /// How many contacts a member has, by the counters and by the list.
    async fn count(&self, owner: &str) -> i64 {
        let path = format!("/records/contacts?owner={owner}&limit=1");
        let page = self.workspace.anna.get(&path).await.expect(200);
        page.body["total"].as_i64().unwrap()
    }

    /// Checks that each of the contacts is Ben's or Cleo's, and counted once.
    async fn check(&self, moved: i64) {
        let many = i64::try_from(MANY).unwrap();
        assert_eq!(self.count(&self.cleo.id).await, moved);
        assert_eq!(self.count(&self.ben.id).await, many - moved);
        check_counters(self.workspace.server).await;
    }
}

/// Checks the counters, the references and the audit log of the whole database.
async fn check_counters(server: &TestServer) {
    use hallpass_store::checkup::{FindingState, Repair};
    let findings = server.app.db().check(Repair::Never).await;
    let bad: Vec<_> =
        findings.into_iter().filter(|one| one.state == FindingState::Bad).collect();
    assert_eq!(bad, []);
}

async fn a_large_reassignment(server: TestServer) {
    let crowd = Crowd::on(&server).await;
    let anna = &crowd.workspace.anna;

    let started = anna.post("/reassignments", crowd.ask()).await.expect(202);
    let id = started.id();
    assert_eq!(started.header("location"), format!("/api/v1/workspaces/acme/bulk-jobs/{id}"));
    assert_eq!(
        (started.text("state"), started.text("kind")),
        ("running".into(), "reassignment".into())
    );
    assert_eq!((&started.body["done"], &started.body["total"]), (&json!(0), &json!(MANY)));
    crowd.check(0).await;

    // A part is done, and told as a part.
    let first = server.run_batch().await.unwrap();
    let partly = crowd.job(&id).await;
    assert_eq!((partly.text("state"), &partly.body["done"]), ("running".into(), &json!(first)));
    assert!(0 < first && first < i64::try_from(MANY).unwrap(), "{first}");
    crowd.check(first).await;
    // Others work in between, also in the same workspace.
    let own = crowd.workspace.record(&crowd.ben, "contacts", "New").await;
    let _ = crowd.ben.delete(&format!("/records/contacts/{own}")).await.expect(204);

    let rest = server.run_batches().await;
    assert_eq!(first + rest, i64::try_from(MANY).unwrap());
    let done = crowd.job(&id).await;
    assert_eq!((done.text("state"), &done.body["done"]), ("done".into(), &json!(MANY)));
    assert_eq!(done.body["counts"], json!({"contacts": MANY}));
    assert!(done.body["ended_at"].is_string() && done.body["reason"].is_null());
    crowd.check(first + rest).await;
}

#[tokio::test]
async fn more_records_than_a_request_changes_are_a_bulk_job() {
    a_large_reassignment(TestServer::in_memory().await).await;
}

#[tokio::test]
async fn more_records_than_a_request_changes_are_a_bulk_job_on_postgres() {
    a_large_reassignment(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn a_bulk_job_leaves_the_traces_of_a_reassignment() {
    let server = TestServer::in_memory().await;
    let crowd = Crowd::on(&server).await;
    let anna = &crowd.workspace.anna;
    let id = crowd.start().await;
    server.run_batches().await;

    let (first, last) = (&crowd.contacts[0], &crowd.contacts[MANY - 1]);
    for record in [first, last] {
        let audited = anna.get(&format!("/audit?subject={record}")).await.expect(200);
        assert_eq!(audited.each("action"), ["records.reassign"], "{record}");
        let path = format!("/records/contacts/{record}");
        assert_eq!(anna.get(&path).await.expect(200).text("owner"), crowd.cleo.id);
        let timeline = anna.get(&format!("{path}/timeline")).await.expect(200);
        assert_eq!(timeline.each("action"), ["reassign"]);
    }
    let started = anna.get("/audit?action=records.reassign").await.expect(200);
    assert_eq!(started.items().len(), 1);
    assert_eq!(started.items()[0]["after"]["bulk_job"], id.as_str());
    let ended = anna.get("/audit?action=bulk_job.end").await.expect(200);
    assert_eq!(ended.items().len(), 1);
    let after = &ended.items()[0]["after"];
    assert_eq!((&after["state"], &after["done"]), (&json!("done"), &json!(MANY)));
    assert_eq!(ended.items()[0]["subject"], id.as_str());

    // The result can be downloaded: each record once.
    let file = anna.get(&format!("/bulk-jobs/{id}/records")).await.expect(200);
    let mut lines = file.text.lines();
    assert_eq!(lines.next(), Some("record_type,record"));
    let found: Vec<&str> = lines.map(|line| line.strip_prefix("contacts,").unwrap()).collect();
    let distinct: BTreeSet<&str> = found.iter().copied().collect();
    assert_eq!((found.len(), distinct.len()), (MANY, MANY));
    assert_eq!(distinct, crowd.contacts.iter().map(String::as_str).collect());
}

#[tokio::test]
async fn a_bulk_job_is_seen_by_who_started_it_and_by_readers_of_the_audit_log() {
    let server = TestServer::in_memory().await;
    let crowd = Crowd::on(&server).await;
    let workspace = &crowd.workspace;
    let dan = workspace.join("dan", json!({"role": "admin"})).await;
    let id = crowd.start().await;
    let path = format!("/bulk-jobs/{id}");

    for (person, sees) in [(&workspace.anna, true), (&dan, true), (&crowd.ben, false)] {
        let status = if sees { 200 } else { 404 };
        let _ = person.get(&path).await.expect(status);
        let _ = person.get(&format!("{path}/records")).await.expect(status);
        let list = person.get("/bulk-jobs").await.expect(200);
        assert_eq!(list.items().len(), usize::from(sees));
    }
    let _ = crowd.ben.post(&format!("{path}/cancel"), json!({})).await.expect(404);
    // A key of hers that has other scopes sees nothing of it, and the one that starts a job sees it.
    let key = |scopes: Value| {
        let anna = &workspace.anna;
        async move {
            let body = json!({"name": "Program", "scopes": scopes});
            let key = anna.post("/api-keys", body).await.expect(201).text("key");
            anna.with_api_key(&key)
        }
    };
    let reader = key(json!(["contacts:read"])).await;
    let _ = reader.get(&path).await.expect(404);
    assert!(reader.get("/bulk-jobs").await.expect(200).items().is_empty());
    server.run_batches().await;
    let mover = key(json!(["contacts:*", "team:*"])).await;
    let back = json!({"from": crowd.cleo.id, "to": crowd.ben.id});
    let own = mover.post("/reassignments", back).await.expect(202).id();
    assert_eq!(mover.get("/bulk-jobs").await.expect(200).each("id"), [own.as_str()]);
    let _ = mover.get(&format!("/bulk-jobs/{own}")).await.expect(200);
    let _ = reader.get(&format!("/bulk-jobs/{own}")).await.expect(404);
    server.run_batches().await;
    crowd.check(0).await;
}

#[tokio::test]
async fn a_request_with_a_key_starts_one_bulk_job() {
    let server = TestServer::in_memory().await;
    let crowd = Crowd::on(&server).await;
    let send = async || {
        let request = axum::http::Request::builder().method("POST");
        let request = request.uri("/api/v1/workspaces/acme/reassignments");
        let request = request.header("content-type", "application/json");
        let request = request.header("idempotency-key", "monday");
        let body = crowd.ask().to_string();
        crowd.workspace.anna.send(request.body(body.into()).unwrap()).await
    };

    let first = send().await.expect(202);
    let again = send().await.expect(202);
    server.run_batches().await;
    let later = send().await.expect(202);

    for other in [again, later] {
        assert_eq!(
            (other.id(), other.header("location")),
            (first.id(), first.header("location"))
        );
    }
    assert_eq!(crowd.workspace.anna.get("/bulk-jobs").await.items().len(), 1);
    crowd.check(i64::try_from(MANY).unwrap()).await;
}

#[tokio::test]
async fn a_limit_is_refused_before_a_bulk_job_starts() {
    let server = TestServer::in_memory().await;
    let crowd = Crowd::on(&server).await;
    let anna = &crowd.workspace.anna;
    for _ in 0..20 {
        crowd.start().await;
    }
    let audited = anna.get("/audit?action=records.reassign").await.expect(200).items().len();

    let refused = anna.post("/reassignments", crowd.ask()).await;
    refused.refused(422, "invalid");
    assert!(refused.text.contains("too_many_jobs"), "{}", refused.text);
    let listed: Vec<String> = (0..10_001_u128).map(|n| format!("rec_{:032x}", n + 1)).collect();
    let mut ask = crowd.ask();
    ask["records"] = json!(listed);
    assert_eq!(anna.post("/reassignments", ask).await.expect(422).pointers(), ["/records"]);

    let after = anna.get("/audit?action=records.reassign").await.expect(200).items().len();
    assert_eq!((audited, after), (20, 20));
    // A dry run counts, and starts nothing.
    let mut ask = crowd.ask();
    ask["dry_run"] = json!(true);
    assert_eq!(anna.post("/reassignments", ask).await.expect(200).body["total"], MANY);
    // The first job does everything, and the others find nothing left.
    assert_eq!(server.run_batches().await, i64::try_from(MANY).unwrap());
    let jobs = anna.get("/bulk-jobs?limit=200").await.expect(200);
    assert!(jobs.each("state").iter().all(|state| state == "done"), "{}", jobs.text);
    crowd.check(i64::try_from(MANY).unwrap()).await;
}

#[tokio::test]
async fn old_bulk_jobs_are_deleted() {
    let server = TestServer::in_memory().await;
    let crowd = Crowd::on(&server).await;
    crowd.start().await;
    server.run_batches().await;
    let count = async |table: &str| {
        let mut tx = server.app.db().read().await.unwrap();
        let none: [hallpass_store::Value; 0] = [];
        let sql = format!("SELECT count(*) FROM {table}");
        tx.query_one(&sql, &none).await.unwrap().int(0).unwrap()
    };

    server.advance_days(29);
    server.run_batches().await;
    assert_eq!(count("bulk_jobs").await, 1);
    assert!(count("bulk_job_parts").await > 1);
    server.advance_days(2);
    server.run_batches().await;
    assert_eq!((count("bulk_jobs").await, count("bulk_job_parts").await), (0, 0));
    // What it has done stays.
    check_counters(&server).await;
}

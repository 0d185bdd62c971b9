//! Prepared exports: the file of a bulk job is the direct export, and goes to its member while they may read it.

mod access;
mod audit;
mod bounds;
mod interrupted;

use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::json;

/// More records than a batch reads.
const MANY: usize = 1_300;

/// The rows of a table.
async fn count(server: &TestServer, table: &str) -> i64 {
    let mut tx = server.app.db().read().await.unwrap();
    let none: [hallpass_store::Value; 0] = [];
    let sql = format!("SELECT count(*) FROM {table}");
    tx.query_one(&sql, &none).await.unwrap().int(0).unwrap()
}

/// Asks for an export of contacts, with a query.
async fn ask(person: &Person, query: &str) -> String {
    ask_for(person, &format!("/records/contacts/export{query}")).await
}

/// Asks for the file that a direct export of the same path sends.
async fn ask_for(person: &Person, path: &str) -> String {
    person.post(path, json!({})).await.expect(202).id()
}

async fn load(person: &Person, id: &str) -> Answer {
    person.get(&format!("/exports/{id}")).await.expect(200)
}

async fn state(person: &Person, id: &str) -> String {
    load(person, id).await.text("state")
}

async fn download(person: &Person, id: &str) -> Answer {
    person.get(&format!("/exports/{id}/file")).await
}

/// A workspace in which Ben has many contacts, some with texts that CSV has to quote, and Anna has some.
async fn filled(server: &TestServer) -> (TestWorkspace<'_>, Person) {
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member", "visibility": "own"})).await;
    workspace.fill("contacts", &ben.id, MANY).await;
    workspace.fill("contacts", "unowned", 20).await;
    for name in ["=1+1", "Zoe \"Z\", Müller", "two; parts"] {
        workspace.record(&ben, "contacts", name).await;
        workspace.record(&workspace.anna, "contacts", name).await;
    }
    (workspace, ben)
}

async fn equals_the_direct_export(server: TestServer) {
    let (workspace, ben) = filled(&server).await;
    // More match `record` than are counted.
    let queries = [
        "",
        "?byte_order_mark=true",
        "?q=zoe",
        "?owner=me",
        "?q=record",
        "?q=nothing%20of%20it",
    ];
    for query in queries {
        for person in [&workspace.anna, &ben] {
            let direct = person.get(&format!("/records/contacts/export{query}")).await;
            let id = ask(person, query).await;
            assert_eq!(state(person, &id).await, "preparing");
            let early = download(person, &id).await;
            early.refused(409, "export_preparing");

            server.run_batches().await;

            let file = download(person, &id).await.expect(200);
            assert_eq!(file.text, direct.expect(200).text, "{query}");
            for header in ["content-type", "content-disposition"] {
                let expected = if header == "content-type" {
                    "text/csv; charset=utf-8"
                } else {
                    "attachment; filename=\"contacts.csv\""
                };
                assert_eq!(file.header(header), expected);
            }
            let ready = load(person, &id).await;
            let lines = u64::try_from(file.text.len()).unwrap();
            assert_eq!(ready.body["bytes"], lines, "{query}");
            assert_eq!(ready.body["done"], ready.body["total"], "{query}");
            let _ = person.delete(&format!("/exports/{id}")).await.expect(204);
        }
    }
}

#[tokio::test]
async fn a_prepared_export_equals_the_direct_one_on_sqlite() {
    equals_the_direct_export(TestServer::in_memory().await).await;
}

#[tokio::test]
async fn a_prepared_export_equals_the_direct_one_on_postgres() {
    equals_the_direct_export(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn an_export_says_how_far_it_is() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = filled(&server).await;
    let anna = &workspace.anna;
    let answer = anna.post("/records/contacts/export", json!({})).await.expect(202);
    let id = answer.id();
    let all = MANY + 20 + 6;

    assert_eq!(answer.header("location"), format!("/api/v1/workspaces/acme/exports/{id}"));
    assert_eq!(
        (&answer.body["done"], &answer.body["total"], &answer.body["is_total_exact"]),
        (&json!(0), &json!(all), &json!(true))
    );
    let first = server.run_batch().await.unwrap();
    assert!(0 < first && first < i64::try_from(all).unwrap(), "{first}");
    let partly = load(anna, &id).await;
    assert_eq!(
        (&partly.body["done"], partly.text("state")),
        (&json!(first), "preparing".into())
    );
    assert!(partly.body["bytes"].as_i64().unwrap() > 0 && partly.body["expires_at"].is_null());
    server.run_batches().await;
    let ready = load(anna, &id).await;
    assert_eq!((&ready.body["done"], ready.text("state")), (&json!(all), "ready".into()));
    assert_eq!(anna.get("/exports").await.expect(200).each("id"), [id.as_str()]);
    // It is a bulk job among the others.
    let jobs = anna.get("/bulk-jobs").await.expect(200);
    assert_eq!((jobs.each("id"), jobs.each("kind")), (vec![id], vec!["export".to_owned()]));
    assert_eq!(jobs.items()[0]["counts"], json!({"contacts": all}));
}

#[tokio::test]
async fn an_export_is_audited_once() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = filled(&server).await;
    let anna = &workspace.anna;
    let entries = async |action: &str| {
        let found = anna.get(&format!("/audit?action={action}")).await.expect(200);
        found.items().to_vec()
    };
    let _ = anna.get("/records/contacts/export?q=zoe").await.expect(200);
    let direct = entries("contacts.export").await;

    let id = ask(anna, "?q=zoe").await;
    server.run_batches().await;
    for _ in 0..2 {
        let _ = download(anna, &id).await.expect(200);
    }

    let all = entries("contacts.export").await;
    assert_eq!((direct.len(), all.len()), (1, 2));
    let mut expected = direct[0]["after"].clone();
    expected["bulk_job"] = json!(id);
    assert_eq!(all[0]["after"], expected);
    assert_eq!(all[0]["subject"], direct[0]["subject"]);
    assert!(entries("bulk_job.end").await.is_empty());
    // Its deletion is noted.
    let _ = anna.delete(&format!("/exports/{id}")).await.expect(204);
    assert_eq!(entries("bulk_job.delete_file").await.len(), 1);
}

#[tokio::test]
async fn a_wrong_filter_starts_no_export() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = filled(&server).await;
    let anna = &workspace.anna;
    for query in ["?stage=nowhere", "?owner=unknown", "?filter=%5B%5D%5D", "?created_from=now"]
    {
        let path = format!("/records/contacts/export{query}");
        anna.post(&path, json!({})).await.refused(422, "invalid");
    }
    let _ = anna.post("/records/nothing/export", json!({})).await.expect(404);
    assert!(anna.get("/exports").await.expect(200).items().is_empty());
    assert_eq!(count(&server, "export_files").await, 0);
}

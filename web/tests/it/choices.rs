//! Options of choices: a key that records store, a name that changes, and a guard while records have it.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

const LEADS: &str = "/schema/entities/leads";

fn fields(options: &Value) -> Value {
    json!([
        {"key": "name", "name": "Name", "type": "text", "required": true},
        {"key": "source", "name": "Source", "type": "choice", "required": true, "options": options},
        {"key": "second", "name": "Second", "type": "choice", "options": ["Fair", "Web"]},
    ])
}

async fn leads(workspace: &TestWorkspace<'_>) -> Person {
    let new = json!({"key": "leads", "name": "Leads", "fields": fields(&json!(["Fair", "Web", "Old"]))});
    let _ = workspace.anna.post("/schema/entities", new).await.expect(201);
    workspace.anna.same_session()
}

async fn lead(person: &Person, source: &str) -> String {
    let new = json!({"fields": {"name": "Erna", "source": source}});
    person.post("/records/leads", new).await.expect(201).id()
}

#[tokio::test]
async fn an_option_that_records_have_is_not_deleted() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;
    let ids = [lead(&anna, "Old").await, lead(&anna, "Old").await, lead(&anna, "Web").await];
    let change = |options: Value| json!({"fields": fields(&options)});
    let delete = change(json!(["Fair", "Web"]));

    let refused = anna.patch(LEADS, delete.clone()).await;

    refused.refused(409, "in_use");
    let detail = "the option is in use by 2 records with `Old` in `source`; change that first";
    assert_eq!(refused.text("detail"), detail);
    // A name says nothing: another key with it is another option.
    let swapped = change(json!(["Fair", "Web", {"key": "new", "name": "Old"}]));
    anna.patch(LEADS, swapped).await.refused(409, "in_use");
    // One that no record has may go, also where another field has an option of that key.
    let _ = anna.patch(LEADS, change(json!(["Web", "Old"]))).await.expect(200);

    for id in &ids[..2] {
        let path = format!("/records/leads/{id}");
        let _ = anna.patch(&path, json!({"fields": {"source": "Web"}})).await.expect(200);
    }
    let _ = anna.patch(LEADS, delete).await.expect(200);
}

#[tokio::test]
async fn a_renamed_option_keeps_its_records() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;
    let path = format!("/records/leads/{}", lead(&anna, "Old").await);
    let renamed = json!([{"key": "Old", "name": "Former customer"}, "Fair"]);

    let entity = anna.patch(LEADS, json!({"fields": fields(&renamed)})).await.expect(200);

    let shown = json!([
        {"key": "Old", "name": "Former customer"},
        {"key": "Fair", "name": "Fair"},
    ]);
    assert_eq!(entity.body["fields"][1]["options"], shown);
    let record = anna.get(&path).await.expect(200);
    assert_eq!(record.body["fields"]["source"], "Old", "JSON has the key");
    let same = json!({"fields": {"source": "Old", "name": "Erna B"}});
    let _ = anna.patch(&path, same).await.expect(200);
    let by_name = json!({"fields": {"source": "Former customer"}});
    anna.patch(&path, by_name).await.refused(422, "invalid");
    let file = anna.get("/records/leads/export").await.expect(200).text;
    assert!(file.contains(",Erna B,Former customer,"), "a file has the name: {file}");
}

#[tokio::test]
async fn mistakes_in_options_are_reported_with_their_pointers() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;

    for (options, pointer) in [
        (json!([{"key": "a"}]), "/fields/1/options/0/name"),
        (json!([{"key": "a", "name": "A", "color": "red"}]), "/fields/1/options/0/color"),
        (json!([7]), "/fields/1/options/0"),
        (json!(["a", {"key": "b", "name": "A"}]), "/fields/1/options/1/name"),
        (json!(["a", {"key": "a", "name": "B"}]), "/fields/1/options/1/key"),
    ] {
        let answer = anna.patch(LEADS, json!({"fields": fields(&options)})).await;
        assert_eq!((answer.status, answer.pointers()), (422, vec![pointer]), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_stage_by_which_a_saved_report_filters_is_not_deleted() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;
    let stage = |key: &str| json!({"key": key, "name": key});
    let stages = |keys: &[&str]| json!({"stages": keys.iter().map(|key| stage(key)).collect::<Vec<_>>()});
    let _ = anna.patch(LEADS, stages(&["new", "hot"])).await.expect(200);
    let report = json!({"name": "Hot", "entity": "leads", "group_by": "month", "stage": "hot"});
    let report = anna.post("/saved-reports", report).await.expect(201).id();

    let refused = anna.patch(LEADS, stages(&["new"])).await;

    refused.refused(409, "in_use");
    assert!(refused.text("detail").contains("the report Hot"), "{}", refused.text);
    let _ = anna.delete(&format!("/saved-reports/{report}")).await.expect(204);
    let _ = anna.patch(LEADS, stages(&["new"])).await.expect(200);
}

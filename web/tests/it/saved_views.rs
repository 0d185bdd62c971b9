//! Saved views: who may save, see and change them, that each reader lists their own records, and that a view
//! whose field or stage is gone says so.

use axum::body::Body;
use axum::http::Request;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

async fn saved(person: &Person, view: Value) -> String {
    person.post("/views", view).await.expect(201).id()
}

fn contacts(is_shared: bool) -> Value {
    json!({"name": "All", "shared": is_shared, "entity": "contacts"})
}

async fn titles(person: &Person, view: &str) -> Vec<String> {
    let (mut titles, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/views/{view}/records?limit=2{cursor}");
        let page = person.get(&path).await.expect(200);
        titles.extend(page.each("title"));
        let Some(next) = page.body["next_cursor"].as_str() else {
            assert_eq!(page.body["total"], titles.len(), "{}", page.text);
            return titles;
        };
        cursor = format!("&cursor={next}");
    }
}

/// A record type of the workspace, whose fields and stages can be removed.
async fn leads(workspace: &TestWorkspace<'_>) -> Person {
    let new = json!({"key": "leads", "name": "Leads", "fields": fields(true), "stages": stages(&["new", "hot"])});
    let anna = workspace.anna.same_session();
    let _ = anna.post("/schema/entities", new).await.expect(201);
    for (name, size, stage) in [("Acme", 3, "new"), ("Globex", 9, "new"), ("Initech", 7, "hot")]
    {
        let fields = json!({"fields": {"name": name, "size": size}, "stage": stage});
        let _ = anna.post("/records/leads", fields).await.expect(201);
    }
    anna
}

fn fields(has_source: bool) -> Value {
    let mut fields = vec![
        json!({"key": "name", "name": "Name", "type": "text", "required": true}),
        json!({"key": "size", "name": "Size", "type": "number"}),
    ];
    if has_source {
        let options = ["Web", "Fair"];
        fields.push(
            json!({"key": "source", "name": "Source", "type": "choice", "options": options}),
        );
    }
    json!(fields)
}

fn stages(keys: &[&str]) -> Value {
    keys.iter().map(|key| json!({"key": key, "name": key})).collect()
}

fn faults(answer: &Answer) -> Vec<String> {
    let errors = answer.body["errors"].as_array().unwrap().iter();
    errors.map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_shared_view_lists_for_each_reader_what_they_may_read() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let _ = workspace.record(anna, "contacts", "Acme").await;
    let _ = workspace.record(&ben, "contacts", "Globex").await;
    let view = saved(anna, contacts(true)).await;
    let path = format!("/views/{view}");

    assert_eq!(titles(anna, &view).await, ["Globex", "Acme"]);
    assert_eq!(titles(&ben, &view).await, ["Globex"]);
    // `me` is each reader, and the owner of others reaches no further.
    let _ = anna.patch(&path, json!({"filter": {"owner": "me"}})).await.expect(200);
    assert_eq!(titles(anna, &view).await, ["Acme"]);
    assert_eq!(titles(&ben, &view).await, ["Globex"]);
    let _ = anna.patch(&path, json!({"filter": {"owner": anna.id}})).await.expect(200);
    assert_eq!(titles(&ben, &view).await, Vec::<String>::new());
    let outsider = server.sign_up("zoe").await;
    let there = format!("/api/v1/workspaces/acme/views/{view}/records");
    outsider.get(&there).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_view_is_guarded_like_a_report() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let admin = workspace.join("ben", json!({"role": "admin"})).await;
    let user = workspace.join("cleo", json!({"role": "user"})).await;
    let view = saved(&admin, contacts(true)).await;
    let path = format!("/views/{view}");

    user.post("/views", contacts(false)).await.refused(403, "denied");
    user.patch(&path, json!({"name": "Mine"})).await.refused(403, "denied");
    user.delete(&path).await.refused(403, "denied");
    let reads = user.get("/reports/owners").await.status == 200;
    assert_eq!(user.get(&path).await.status == 200, reads);

    // An access model that has no reports has no views either.
    let halo = server.found_by(&workspace.anna, "halo", "halo").await;
    halo.anna.post("/views", contacts(false)).await.refused(403, "denied");
}

#[tokio::test]
async fn a_view_that_is_not_shared_exists_for_its_creator_only() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let view = saved(&workspace.anna, contacts(false)).await;
    let path = format!("/views/{view}");

    assert!(ben.get("/views").await.expect(200).items().is_empty());
    ben.get(&path).await.refused(404, "not_found");
    ben.get(&format!("{path}/records")).await.refused(404, "not_found");
    ben.patch(&path, json!({"shared": true})).await.refused(404, "not_found");
    ben.delete(&path).await.refused(404, "not_found");

    let _ = workspace.anna.patch(&path, json!({"shared": true})).await.expect(200);
    assert_eq!(ben.get("/views?entity=contacts").await.expect(200).each("id"), [view]);
    assert!(ben.get("/views?entity=companies").await.expect(200).items().is_empty());
    let _ = ben.delete(&path).await.expect(204);
    workspace.anna.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_shared_view_of_a_record_type_that_one_may_not_read_is_not_there() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;
    let role = json!({"name": "Analyst", "grants": ["contacts:read:all", "reports:read:all"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let ben = workspace.join("ben", json!({"role": role})).await;
    let view = json!({"name": "Big", "shared": true, "entity": "leads",
        "filter": {"conditions": [{"field": "size", "from": 5}]}});
    let view = saved(&anna, view).await;
    let open = saved(&anna, contacts(true)).await;

    assert_eq!(ben.get("/views").await.expect(200).each("id"), [open]);
    ben.get(&format!("/views/{view}")).await.refused(404, "not_found");
    ben.get(&format!("/views/{view}/records")).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_view_filters_and_sorts_as_a_list_does() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;
    let check = async |filter: Value, sort: Value, expected: &[&str]| {
        let view = json!({"name": "V", "entity": "leads", "filter": filter, "sort": sort});
        let view = saved(&anna, view).await;
        assert_eq!(titles(&anna, &view).await, expected);
    };

    check(json!({}), json!(null), &["Initech", "Globex", "Acme"]).await;
    check(json!({}), json!("-size"), &["Globex", "Initech", "Acme"]).await;
    check(json!({"stage": "new"}), json!("title"), &["Acme", "Globex"]).await;
    check(json!({"q": "e", "open": true}), json!("title"), &["Acme", "Globex", "Initech"])
        .await;
    let big = json!([{"field": "size", "from": 5}, {"field": "name", "contains": "TECH"}]);
    check(json!({"conditions": big}), json!(null), &["Initech"]).await;
    check(json!({"created_to": "2001-01-01T00:00:00Z"}), json!(null), &[]).await;
}

#[tokio::test]
async fn a_view_whose_field_or_stage_is_gone_says_so() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;
    let view = json!({"name": "Hot from fairs", "entity": "leads", "sort": "-source",
        "columns": ["source", "owner"],
        "filter": {"stage": "hot", "conditions": [{"field": "source", "is": "Fair"}]}});
    let view = saved(&anna, view).await;
    let path = format!("/views/{view}");
    assert!(faults(&anna.get(&path).await.expect(200)).is_empty());
    let hot = anna.get("/records/leads?stage=hot").await.expect(200).items()[0]["id"].clone();
    let there = format!("/records/leads/{}", hot.as_str().unwrap());
    let _ = anna.patch(&there, json!({"stage": "new"})).await.expect(200);

    let change = json!({"fields": fields(false), "stages": stages(&["new"])});
    let _ = anna.patch("/schema/entities/leads", change).await.expect(200);

    let lost = ["/filter/stage", "/filter/conditions/0/field", "/sort", "/columns/0"]
        .map(str::to_owned);
    let told = anna.get(&path).await.expect(200);
    assert_eq!(faults(&told), lost, "{}", told.text);
    assert_eq!(told.body["filter"]["stage"], "hot");
    let refused = anna.get(&format!("{path}/records")).await;
    assert_eq!((refused.status, refused.code()), (409, "view_outdated"), "{}", refused.text);
    assert_eq!(faults(&refused), lost);
    // It works again without them.
    anna.patch(&path, json!({"sort": null})).await.refused(422, "invalid");
    let mended = json!({"filter": {"stage": "new"}, "sort": null, "columns": ["size"]});
    let _ = anna.patch(&path, mended).await.expect(200);
    assert_eq!(titles(&anna, &view).await, ["Initech", "Globex", "Acme"]);
}

/// A change that its sender has based on the first version.
async fn based_on_first(person: &Person, method: &str, path: &str, body: Value) -> Answer {
    let request = Request::builder().method(method).uri(person.uri(path));
    let request =
        request.header("if-match", "\"1\"").header("content-type", "application/json");
    let body = if method == "DELETE" { Body::empty() } else { body.to_string().into() };
    person.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn two_changes_of_a_view_are_not_mixed() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let view = saved(anna, contacts(true)).await;
    let path = format!("/views/{view}");

    let first = based_on_first(anna, "PATCH", &path, json!({"name": "First"})).await;
    let second = based_on_first(anna, "PATCH", &path, json!({"name": "Second"})).await;
    let gone = based_on_first(anna, "DELETE", &path, json!({})).await;

    assert_eq!(first.expect(200).body["version"], 2);
    second.refused(412, "stale");
    gone.refused(412, "stale");
    assert_eq!(anna.get(&path).await.expect(200).text("name"), "First");
}

#[tokio::test]
async fn the_own_views_of_a_removed_member_go_and_the_shared_ones_stay() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let own = saved(&ben, contacts(false)).await;
    let shared = saved(&ben, contacts(true)).await;
    let mine = saved(&workspace.anna, contacts(false)).await;
    assert_eq!(views_in(&server).await, [own, shared.clone(), mine.clone()]);

    let _ = workspace.anna.delete(&format!("/members/{}", ben.id)).await.expect(204);

    assert_eq!(views_in(&server).await, [shared.clone(), mine]);
    let left = workspace.anna.get(&format!("/views/{shared}")).await.expect(200);
    assert_eq!(left.text("created_by"), ben.id);
}

/// The ids of all views that are stored.
async fn views_in(server: &TestServer) -> Vec<String> {
    let mut tx = server.app.db().read().await.unwrap();
    let rows = tx.query("SELECT id FROM saved_views ORDER BY id", &[]).await.unwrap();
    let ids = rows.iter().map(|row| hallpass_domain::id::ViewId(row.id("id").unwrap()));
    ids.map(|id| id.to_string()).collect()
}

#[tokio::test]
async fn the_mistakes_of_a_view_are_reported_with_their_pointers() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = leads(&workspace).await;
    let other = server.found_by(&anna, "standard", "other").await;
    let stranger = other.join("zoe", json!({"role": "member"})).await.id;
    let view = |part: Value| {
        let mut view = json!({"name": "V", "entity": "leads"});
        view.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        view
    };

    for (part, pointer) in [
        (json!({"name": " "}), "/name"),
        (json!({"entity": "nothing"}), "/entity"),
        (json!({"filter": {"stage": "nowhere"}}), "/filter/stage"),
        (json!({"filter": {"owner": stranger}}), "/filter/owner"),
        (json!({"filter": {"owner": "ben"}}), "/filter/owner"),
        (json!({"filter": {"created_from": "today"}}), "/filter/created_from"),
        (json!({"filter": {"conditions": [{"field": "size"}]}}), "/filter/conditions/0"),
        (
            json!({"filter": {"conditions": [{"field": "size", "contains": "a"}]}}),
            "/filter/conditions/0/contains",
        ),
        (json!({"filter": {"surprise": 1}}), "/filter/surprise"),
        (json!({"sort": "weight"}), "/sort"),
        (json!({"columns": ["weight"]}), "/columns/0"),
        (json!({"columns": ["size", "size"]}), "/columns/1"),
    ] {
        let refused = anna.post("/views", view(part)).await;
        assert_eq!(
            (refused.status, refused.pointers()),
            (422, vec![pointer]),
            "{}",
            refused.text
        );
    }
    anna.post("/views", json!({})).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_member_creates_at_most_a_hundred_views() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let mut views = Vec::new();
    for _ in 0..100 {
        views.push(saved(anna, contacts(false)).await);
    }

    let refused = anna.post("/views", contacts(false)).await;

    refused.refused(422, "invalid");
    assert!(refused.text("detail").contains("delete one first"), "{}", refused.text);
    let _ = anna.delete(&format!("/views/{}", views[7])).await.expect(204);
    let _ = saved(anna, contacts(false)).await;
}

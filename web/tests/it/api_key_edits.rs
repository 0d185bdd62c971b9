//! The edit of an API key: what it changes at once, who may make it, and what no edit brings about.

use axum::body::Body;
use axum::http::Request;
use hallpass_domain::time::Span;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

/// Makes a key and returns its path with a program that has it.
async fn key(person: &Person, body: Value) -> (String, Person) {
    let made = person.post("/api-keys", body).await.expect(201);
    (format!("/api-keys/{}", made.id()), person.with_api_key(&made.text("key")))
}

async fn servers() -> [TestServer; 2] {
    [TestServer::in_memory().await, TestServer::on_postgres().await]
}

/// The edit of a person who has seen a version.
async fn edit(person: &Person, path: &str, (version, body): (&str, Value)) -> Answer {
    let request = Request::builder()
        .method("PATCH")
        .uri(person.uri(path))
        .header("if-match", version)
        .header("content-type", "application/json");
    person.send(request.body(Body::from(body.to_string())).unwrap()).await
}

/// The present scopes of a key.
async fn scopes(workspace: &TestWorkspace<'_>, path: &str) -> Value {
    workspace.anna.get(path).await.expect(200).body["scopes"].clone()
}

#[tokio::test]
async fn an_edit_holds_from_the_next_request_with_the_key() {
    for server in servers().await {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let body = json!({"name": "Import", "scopes": ["contacts:read"], "networks": ["192.0.2.0/24"]});
        let (path, program) = key(anna, body).await;
        let program = program.behind([192, 0, 2, 7]);
        program.get("/members").await.refused(403, "insufficient_scope");

        let at = (server.app.now() + Span::days(3)).to_string();
        let wider = json!({"name": "Sync", "scopes": ["*:read"], "expires_at": at});
        let edited = anna.patch(&path, wider).await.expect(200);

        let of = |field: &str| edited.body[field].clone();
        assert_eq!((of("name"), of("scopes")), (json!("Sync"), json!(["*:read"])));
        assert_eq!((of("expires_at"), of("networks")), (json!(at), json!(["192.0.2.0/24"])));
        assert_eq!((of("version"), of("key")), (json!(2), Value::Null), "{}", edited.text);
        assert_eq!(anna.get(&path).await.expect(200).body["name"], "Sync");
        let _ = program.get("/members").await.expect(200);
        let log = anna.get("/audit?action=api_key.update").await.expect(200);
        let entry = &log.items()[0];
        assert_eq!(entry["before"]["scopes"], json!(["contacts:read"]), "{entry}");
        assert_eq!(entry["after"]["scopes"], json!(["*:read"]), "{entry}");

        let narrower = json!({"scopes": ["contacts:read"], "networks": ["198.51.100.0/24"]});
        let _ = anna.patch(&path, narrower).await.expect(200);
        program.get("/records/contacts").await.refused(403, "denied");
        let moved = program.behind([198, 51, 100, 7]);
        let _ = moved.get("/records/contacts").await.expect(200);
        moved.get("/members").await.refused(403, "insufficient_scope");

        let open = json!({"scopes": null, "expires_at": null, "networks": []});
        let open = anna.patch(&path, open).await.expect(200);
        assert_eq!(
            (&open.body["scopes"], &open.body["expires_at"]),
            (&Value::Null, &Value::Null)
        );
        let _ = program.get("/members").await.expect(200);
        let unchanged = anna.patch(&path, json!({})).await.expect(200);
        assert_eq!(unchanged.body["name"], "Sync");
    }
}

#[tokio::test]
async fn no_key_edits_a_key_and_a_session_proves_itself_first() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let (path, program) =
        key(anna, json!({"name": "Narrow", "scopes": ["api_keys:*", "contacts:read"]})).await;
    let (other, wide) = key(anna, json!({"name": "Wide"})).await;

    for (of, by) in [(&path, &program), (&path, &wide), (&other, &program), (&other, &wide)] {
        by.patch(of, json!({"scopes": null})).await.refused(403, "not_by_key");
        by.patch(of, json!({"expires_at": null})).await.refused(403, "not_by_key");
    }
    assert_eq!(scopes(&workspace, &path).await, json!(["api_keys:*", "contacts:read"]));
    server.clock.advance(Span::minutes(15));
    anna.patch(&path, json!({"name": "x"})).await.refused(401, "step_up");
    assert_eq!(anna.get(&path).await.expect(200).body["name"], "Narrow");
}

#[tokio::test]
async fn a_key_of_another_workspace_and_one_without_the_right_to_keys_are_refused() {
    let server = TestServer::in_memory().await;
    let here = server.found("standard").await;
    let there = server.found_as("Zoe", "standard", "other").await;
    let cleo = here.join("cleo", json!({"role": "member"})).await;
    let (path, _) = key(&there.anna, json!({"name": "Theirs", "scopes": ["*:read"]})).await;
    let (own, _) = key(&here.anna, json!({"name": "Ours", "scopes": ["*:read"]})).await;
    let wider = json!({"scopes": null});

    here.anna.patch(&path, wider.clone()).await.refused(404, "not_found");
    here.anna.get(&path).await.refused(404, "not_found");
    let theirs = format!("/api/v1/workspaces/other{path}");
    here.anna.patch(&theirs, wider.clone()).await.refused(404, "not_found");
    cleo.patch(&own, wider.clone()).await.refused(403, "denied");
    cleo.get(&own).await.refused(403, "denied");
    assert_eq!(scopes(&there, &path).await, json!(["*:read"]));
    assert_eq!(scopes(&here, &own).await, json!(["*:read"]));
    let _ = here.anna.delete(&own).await.expect(204);
    here.anna.patch(&own, wider).await.refused(404, "not_found");
}

#[tokio::test]
async fn who_could_not_have_made_a_key_changes_nothing_of_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let (of_anna, program) =
        key(anna, json!({"name": "Of Anna", "scopes": ["contacts:read"]})).await;
    let role = json!({"name": "Robot", "grants": ["contacts:read:all", "billing:*:all"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let robot = json!({"name": "Robot", "role": role});
    let robot = anna.post("/service-accounts", robot).await.expect(201).id();
    let (of_robot, _) =
        key(anna, json!({"name": "Of robot", "member": robot, "scopes": ["billing:read"]}))
            .await;

    for change in [json!({"name": "x"}), json!({"scopes": ["contacts:read"]})] {
        ben.patch(&of_anna, change.clone()).await.refused(403, "may_not_touch");
        ben.patch(&of_robot, change).await.refused(403, "grant_ceiling");
    }
    // Within what he holds he made it, and beyond he does not bring it.
    let narrow = json!({"name": "Narrow", "member": robot, "scopes": ["contacts:read"]});
    let (of_ben, _) = key(&ben, narrow).await;
    let _ = ben.patch(&of_ben, json!({"name": "Contacts"})).await.expect(200);
    for wider in [json!(["billing:read"]), json!(["*:*"]), Value::Null] {
        let refused = ben.patch(&of_ben, json!({ "scopes": wider })).await;
        refused.refused(403, "grant_ceiling");
    }
    let _ = program.get("/records/contacts").await.expect(200);
}

#[tokio::test]
async fn a_secret_gets_no_more_than_who_made_it_may_do() {
    for server in servers().await {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let ben = workspace.join("ben", json!({"role": "admin"})).await;
        let role = json!({"name": "Robot", "grants": ["contacts:read:all", "billing:*:all"]});
        let role = anna.post("/roles", role).await.expect(201).id();
        let robot = json!({"name": "Robot", "role": role});
        let robot = anna.post("/service-accounts", robot).await.expect(201).id();
        let body = json!({"name": "Sync", "member": robot, "scopes": ["contacts:read"]});
        let (path, by_ben) = key(&ben, body).await;
        let wider = || json!({"scopes": ["contacts:read", "billing:read"]});

        // Ben knows the secret, and may not see the billing.
        let refused = anna.patch(&path, wider()).await;
        assert_eq!(
            (refused.status, refused.pointers()),
            (422, vec!["/scopes"]),
            "{}",
            refused.text
        );
        let _ = by_ben.get("/records/contacts").await.expect(200);
        // Once the secret is Anna's, and the one that Ben knows has ended, it is hers to widen.
        let rotated = anna.post(&format!("{path}/rotate"), json!({})).await.expect(200);
        assert_eq!(anna.patch(&path, wider()).await.pointers(), ["/scopes"]);
        let _ = anna.patch(&path, json!({"name": "Sync 2"})).await.expect(200);
        let _ = anna.delete(&format!("{path}/former-secret")).await.expect(204);
        let _ = anna.patch(&path, wider()).await.expect(200);
        by_ben.get("/billing").await.refused(401, "not_signed_in");
        let by_anna = anna.with_api_key(&rotated.text("key"));
        let _ = by_anna.get("/billing").await.expect(200);
    }
}

#[tokio::test]
async fn a_holder_with_fewer_grants_gives_their_key_no_more_than_they_hold() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let (path, program) = key(&ben, json!({"name": "Sync", "scopes": ["team:read"]})).await;
    let _ = program.get("/members").await.expect(200);
    let clerk = json!({"name": "Clerk", "grants": ["api_keys:*:all", "contacts:read:all"]});
    let clerk = workspace.anna.post("/roles", clerk).await.expect(201).id();
    let member = format!("/members/{}", ben.id);
    let _ = workspace.anna.patch(&member, json!({ "role": clerk })).await.expect(200);

    let _ = ben.patch(&path, json!({"scopes": ["*:*"]})).await.expect(200);

    program.get("/members").await.refused(403, "denied");
    let _ = program.get("/records/contacts").await.expect(200);
}

#[tokio::test]
async fn an_expired_key_stays_one_and_every_mistake_is_named() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let at = (server.app.now() + Span::days(2)).to_string();
    let (path, program) = key(anna, json!({"name": "Import", "expires_at": at})).await;
    let rotated = anna.post(&format!("{path}/rotate"), json!({})).await.expect(200);

    let wrong = json!({"name": "", "expires_at": "2020-01-01T00:00:00Z",
        "scopes": ["contact:read"], "networks": ["here"]});
    let refused = anna.patch(&path, wrong).await;
    let mut pointers = refused.pointers();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/expires_at", "/name", "/networks/0", "/scopes/0"]);
    anna.patch(&path, json!({"member": anna.id})).await.refused(422, "invalid");
    assert_eq!(anna.patch(&path, json!({"scopes": []})).await.pointers(), ["/scopes"]);
    for past in [server.app.now().to_string(), "2126-01-01T00:00:00Z".to_owned()] {
        let refused = anna.patch(&path, json!({ "expires_at": past })).await;
        assert_eq!(refused.pointers(), ["/expires_at"], "{past}");
    }
    // A sooner end is that of both secrets.
    let soon = (server.app.now() + Span::hours(1)).to_string();
    let sooner = anna.patch(&path, json!({ "expires_at": soon })).await.expect(200);
    assert_eq!(sooner.body["former_secret"]["works_until"], json!(soon), "{}", sooner.text);
    let second = anna.with_api_key(&rotated.text("key"));
    let _ = second.get("").await.expect(200);
    server.clock.advance(Span::hours(1));
    workspace.reauthenticate(anna).await;
    for change in
        [json!({ "expires_at": at }), json!({"expires_at": null}), json!({"name": "x"})]
    {
        anna.patch(&path, change).await.refused(422, "invalid");
    }
    for dead in [&program, &second] {
        dead.get("").await.refused(401, "not_signed_in");
    }
}

#[tokio::test]
async fn of_two_editors_at_once_the_second_is_told() {
    for server in servers().await {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let (path, _) = key(anna, json!({"name": "Import", "scopes": ["*:read"]})).await;
        let seen = anna.get(&path).await.expect(200).header("etag");

        let (first, second) = (anna.same_session(), anna.same_session());
        let (first, second) = tokio::join!(
            edit(&first, &path, (&seen, json!({"name": "First"}))),
            edit(&second, &path, (&seen, json!({"scopes": null}))),
        );

        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{} {}", first.text, second.text);
        let kept = anna.get(&path).await.expect(200);
        assert_eq!(kept.body["version"], 2);
        // What changes a key otherwise is a version too, and ends nothing in an earlier one.
        let _ = anna.post(&format!("{path}/rotate"), json!({})).await.expect(200);
        edit(anna, &path, (&kept.header("etag"), json!({"name": "Late"})))
            .await
            .refused(412, "stale");
        let end = async |tag: &str| {
            let request = Request::builder().method("DELETE").uri(anna.uri(&path));
            anna.send(request.header("if-match", tag).body(Body::empty()).unwrap()).await
        };
        end(&kept.header("etag")).await.refused(412, "stale");
        let _ = end("\"3\"").await.expect(204);
    }
}

//! API keys: their scopes in lists, counts and decisions, their networks, last use, expiry and rotation.

use std::collections::BTreeSet;

use hallpass_domain::time::Span;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

/// Makes a key and returns the response.
async fn key(person: &Person, body: Value) -> Answer {
    person.post("/api-keys", body).await.expect(201)
}

/// A program with a key of a person that is limited to scopes.
async fn program(person: &Person, scopes: &[&str]) -> Person {
    let made = key(person, json!({"name": "Program", "scopes": scopes})).await;
    assert_eq!(made.body["scopes"], json!(scopes));
    person.with_api_key(&made.text("key"))
}

/// One mistake at a time, and all of them together.
#[tokio::test]
async fn every_mistake_in_a_key_is_reported_and_no_key_is_made() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let off = format!("/members/{}/deactivate", ben.id);
    let _ = anna.post(&off, json!({})).await.expect(200);
    let mistakes = [
        ("/name", json!("")),
        ("/expires_at", json!("2020-01-01T00:00:00Z")),
        ("/expires_at", json!("2126-01-01T00:00:00Z")),
        ("/member", json!(ben.id)),
        ("/member", json!(format!("mbr_{}", "0".repeat(32)))),
        ("/scopes/0", json!(["contacts:fly"])),
        ("/networks/0", json!(["300.0.0.1"])),
    ];
    let mut all = json!({});
    for (pointer, value) in &mistakes {
        let field = pointer.split('/').nth(1).unwrap();
        let mut body = json!({"name": "Key"});
        body[field] = value.clone();
        all[field] = value.clone();
        let refused = anna.post("/api-keys", body).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec![*pointer]));
    }
    let refused = anna.post("/api-keys", all).await;
    let pointers: BTreeSet<&str> = refused.pointers().into_iter().collect();
    let expected: BTreeSet<&str> = mistakes.iter().map(|(pointer, _)| *pointer).collect();
    assert_eq!((refused.status, pointers), (422, expected), "{}", refused.text);
    assert_eq!(anna.get("/api-keys").await.expect(200).items().len(), 0);
}

fn titles(answer: &Answer) -> BTreeSet<String> {
    answer.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Anna, who has the top role, with two contacts of her own and one of Ben.
async fn contacts(workspace: &TestWorkspace<'_>) -> (Person, [String; 3]) {
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let first = workspace.record(&workspace.anna, "contacts", "Zoe First").await;
    let second = workspace.record(&workspace.anna, "contacts", "Zoe Second").await;
    let of_ben = workspace.record(&ben, "contacts", "Zoe Third").await;
    (ben, [first, second, of_ben])
}

#[tokio::test]
async fn a_key_for_own_records_sees_no_other_by_any_list_count_or_answer() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let (ben, [first, second, of_ben]) = contacts(&workspace).await;
    let own =
        program(&workspace.anna, &["contacts:read:own", "dashboard:read", "reports:*"]).await;
    let mine: BTreeSet<String> = [first.clone(), second].into();

    let list = own.get("/records/contacts").await.expect(200);
    assert_eq!((titles(&list), &list.body["total"]), (mine.clone(), &json!(2)));
    let found = own.get("/search?q=zoe").await.expect(200);
    assert!(!found.text.contains(&of_ben) && found.text.contains(&first), "{}", found.text);
    let export = own.get("/records/contacts/export").await.expect(200);
    assert!(!export.text.contains("Third") && export.text.contains("First"), "{}", export.text);
    let others = own.get(&format!("/records/contacts/{of_ben}")).await;
    others.refused(404, "not_found");
    own.get("/records/contacts/owners").await.refused(403, "insufficient_scope");
    let share = format!("/records/contacts/{first}/share");
    own.post(&share, json!({})).await.refused(403, "insufficient_scope");

    let ask = json!({"resource": "contacts", "action": "read"});
    let what = own.post("/access/what", ask).await.expect(200);
    assert_eq!(what.body, json!({"reach": "owners", "owners": [own.id], "unowned": false}));
    let asked = |owner: &str| json!({"resource": "contacts", "action": "read", "owner": owner});
    let checks = json!({"checks": [asked(&own.id), asked(&ben.id), asked("unowned")]});
    let answers = own.post("/access/check", checks).await.expect(200);
    assert_eq!(answers.body["results"], json!([true, false, false]));
    let why = own.post("/access/explain", asked(&ben.id)).await.expect(200);
    assert_eq!(why.body["rule"]["kind"], "scopes", "{}", why.text);
    let because =
        "the scopes of this API key do not include `contacts:read` beyond own records";
    assert!(why.text("because").ends_with(because), "{}", why.text);
    assert_eq!(why.body["acts"], json!([]), "{}", why.text);

    let navigation = own.get("/me").await.expect(200);
    assert!(!navigation.text.contains("\"companies\""), "{}", navigation.text);
    own.get("/members").await.refused(403, "insufficient_scope");
    own.get("/settings/general").await.refused(403, "insufficient_scope");
    let change = json!({"fields": {"name": "Zoe"}});
    let update = own.patch(&format!("/records/contacts/{first}"), change).await;
    update.refused(403, "insufficient_scope");
    // The session of Anna is not concerned.
    assert_eq!(titles(&workspace.anna.get("/records/contacts").await.expect(200)).len(), 3);
}

#[tokio::test]
async fn a_key_has_no_more_than_its_member_now() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let program = program(&ben, &["*:*"]).await;
    let _ = program.get("/members").await.expect(200);
    program.get("/blueprint").await.refused(403, "denied");

    let guest = json!({"name": "Guest", "grants": []});
    let guest = workspace.anna.post("/roles", guest).await.expect(201).id();
    let role = json!({"role": guest});
    let _ = workspace.anna.patch(&format!("/members/{}", ben.id), role).await.expect(200);
    program.get("/members").await.refused(403, "denied");
}

#[tokio::test]
async fn a_key_gives_others_no_more_than_it_holds() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let grants = ["contacts:read:all", "contacts:update:all"];
    let role = json!({"name": "Editor", "grants": grants});
    let role = workspace.anna.post("/roles", role).await.expect(201).id();
    let invite = |name: &str| json!({"email": format!("{name}@example.com"), "role": role});

    let narrow = program(&workspace.anna, &["team:*", "roles:*", "contacts:read"]).await;
    let refused = narrow.post("/invitations", invite("cleo")).await;
    refused.refused(403, "grant_ceiling");
    assert!(refused.text.contains("update"), "{}", refused.text);
    let more = json!({"name": "More", "grants": ["contacts:delete:all"]});
    narrow.post("/roles", more).await.refused(403, "grant_ceiling");
    let admin = json!({"email": "cleo@example.com", "role": "admin"});
    narrow.post("/invitations", admin).await.refused(403, "grant_ceiling");

    let wide = program(&workspace.anna, &["team:*", "contacts:read,update"]).await;
    let _ = wide.post("/invitations", invite("cleo")).await.expect(201);
    // What the key did is as compiled for everybody else.
    let _ = workspace.anna.get("/settings/general").await.expect(200);
    let _ = workspace.anna.get("/audit").await.expect(200);
}

#[tokio::test]
async fn what_a_key_changes_leaves_no_limit_behind() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let schema = program(&workspace.anna, &["schema:*", "teams:*"]).await;
    let field = json!({"key": "name", "name": "Name", "type": "text", "required": true});
    let boats = json!({"key": "boats", "name": "Boats", "fields": [field]});
    let _ = schema.post("/schema/entities", boats).await.expect(201);

    // The key has made it, and does not hold it: no wildcard of its scopes covers it.
    schema.get("/records/boats").await.refused(403, "insufficient_scope");
    let _ = workspace.anna.get("/records/boats").await.expect(200);
    let _ = schema.post("/teams", json!({"name": "North"})).await.expect(201);
    let _ = workspace.anna.get("/records/boats").await.expect(200);
    let _ = workspace.anna.get("/members").await.expect(200);
    schema.get("/members").await.refused(403, "insufficient_scope");
    let reads = program(&workspace.anna, &["*:read"]).await;
    let _ = reads.get("/records/boats").await.expect(200);
}

#[tokio::test]
async fn wrong_limits_are_refused_with_their_place() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let wrong = json!({"name": "Import", "scopes": ["contacts:read", "contact:read"],
        "networks": ["10.0.0.0/8", "here"], "expires_at": "2100-01-01T00:00:00Z"});
    let refused = workspace.anna.post("/api-keys", wrong).await;
    refused.refused(422, "invalid");
    let mut pointers = refused.pointers();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/expires_at", "/networks/1", "/scopes/1"]);
    assert!(refused.text.contains("did you mean `contacts`?"), "{}", refused.text);
    let empty = workspace.anna.post("/api-keys", json!({"name": "x", "scopes": []})).await;
    assert_eq!(empty.pointers(), ["/scopes"]);
}

#[tokio::test]
async fn a_key_is_used_from_its_networks_alone_and_shows_its_last_use() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let networks = ["192.0.2.0/24", "2001:db8::17"];
    let made = key(&workspace.anna, json!({"name": "Import", "networks": networks})).await;
    assert_eq!(made.body["networks"], json!(networks));
    let program = workspace.anna.with_api_key(&made.text("key"));
    let of_key = async || workspace.anna.get("/api-keys").await.expect(200).items()[0].clone();

    for outside in [program.behind([198, 51, 100, 7]), program.same_session()] {
        for answer in [
            outside.get("").await,
            outside.get("/records/contacts").await,
            outside.post("/teams", json!({"name": "North"})).await,
        ] {
            answer.refused(403, "denied");
            assert!(answer.text("detail").contains("its own networks"), "{}", answer.text);
        }
    }
    assert_eq!(of_key().await["last_used_at"], Value::Null, "a refused use is no use");
    let inside = program.behind([192, 0, 2, 7]);
    let _ = inside.get("/records/contacts").await.expect(200);
    let shown = of_key().await;
    assert_eq!(shown["last_used_from"], "192.0.2.7");
    assert!(shown["last_used_at"].is_string());

    // Noted once a minute.
    let _ = program.behind([192, 0, 2, 8]).get("").await.expect(200);
    assert_eq!(of_key().await["last_used_from"], "192.0.2.7");
    server.clock.advance(Span::minutes(1));
    let _ = program.behind([192, 0, 2, 8]).get("").await.expect(200);
    assert_eq!(of_key().await["last_used_from"], "192.0.2.8");
}

#[tokio::test]
async fn a_rotated_key_has_two_secrets_for_the_overlap() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let made = key(&workspace.anna, json!({"name": "Import", "scopes": ["*:read"]})).await;
    let path = format!("/api-keys/{}", made.id());
    let rotate = async |hours: Value| {
        workspace.reauthenticate(&workspace.anna).await;
        let asked = json!({"overlap_hours": hours});
        workspace.anna.post(&format!("{path}/rotate"), asked).await
    };
    let first = workspace.anna.with_api_key(&made.text("key"));
    let rotated = rotate(Value::Null).await.expect(200);
    let second = workspace.anna.with_api_key(&rotated.text("key"));
    assert_eq!(rotated.body["scopes"], json!(["*:read"]));
    assert!(rotated.body["former_secret"]["works_until"].is_string(), "{}", rotated.text);

    for program in [&first, &second] {
        let _ = program.get("/members").await.expect(200);
        program.post("/teams", json!({"name": "x"})).await.refused(403, "insufficient_scope");
    }
    let listed = workspace.anna.get("/api-keys").await.expect(200);
    let former = &listed.items()[0]["former_secret"];
    assert!(former["last_used_at"].is_string(), "{}", listed.text);
    assert!(!listed.text.contains("\"key\""), "{}", listed.text);

    server.clock.advance(Span::hours(24));
    first.get("/members").await.refused(401, "not_signed_in");
    let _ = second.get("/members").await.expect(200);

    let third = workspace.anna.with_api_key(&rotate(json!(168)).await.expect(200).text("key"));
    let _ = second.get("/members").await.expect(200);
    let _ = workspace.anna.delete(&format!("{path}/former-secret")).await.expect(204);
    second.get("/members").await.refused(401, "not_signed_in");
    workspace.anna.delete(&format!("{path}/former-secret")).await.refused(404, "not_found");
    let ended = workspace.anna.get("/audit?action=api_key.end_former_secret").await.expect(200);
    let entry = &ended.items()[0];
    assert!(entry["before"]["former_secret_until"].is_string(), "{entry}");
    assert_eq!(entry["after"]["former_secret_until"], Value::Null, "{entry}");
    assert_eq!(rotate(json!(169)).await.pointers(), ["/overlap_hours"]);

    let fourth = workspace.anna.with_api_key(&rotate(json!(0)).await.expect(200).text("key"));
    third.get("/members").await.refused(401, "not_signed_in");
    let last = workspace.anna.with_api_key(&rotate(json!(1)).await.expect(200).text("key"));
    for program in [&fourth, &last] {
        let _ = program.get("/members").await.expect(200);
    }
    let _ = workspace.anna.delete(&path).await.expect(204);
    for program in [&fourth, &last] {
        program.get("/members").await.refused(401, "not_signed_in");
    }
}

#[tokio::test]
async fn no_key_makes_a_secret_and_a_session_proves_itself_first() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let made = key(&workspace.anna, json!({"name": "Import"})).await;
    let program = workspace.anna.with_api_key(&made.text("key"));
    let path = format!("/api-keys/{}/rotate", made.id());

    program.post(&path, json!({})).await.refused(403, "not_by_key");
    program.post("/api-keys", json!({"name": "x"})).await.refused(403, "not_by_key");
    server.clock.advance(Span::minutes(15));
    workspace.anna.post(&path, json!({})).await.refused(401, "step_up");
}

#[tokio::test]
async fn a_key_expires_and_says_so_before() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let at = (server.app.now() + Span::days(20)).to_string();
    let made = key(&workspace.anna, json!({"name": "Import", "expires_at": at})).await;
    let program = workspace.anna.with_api_key(&made.text("key"));
    assert_eq!(made.body["expires_soon"], false);

    server.advance_days(7);
    let _ = program.get("").await.expect(200);
    let listed = workspace.anna.get("/api-keys").await.expect(200);
    assert_eq!(listed.items()[0]["expires_soon"], true);
    server.advance_days(13);
    program.get("").await.refused(401, "not_signed_in");
    workspace.reauthenticate(&workspace.anna).await;
    let path = format!("/api-keys/{}/rotate", made.id());
    workspace.anna.post(&path, json!({})).await.refused(422, "invalid");
}

//! Previews of changes: what they show, to whom, and the changes that rely on them.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use hallpass_domain::id::WorkspaceId;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

async fn preview(person: &Person, (method, path): (&str, &str), body: Value) -> Answer {
    let change = json!({"method": method, "path": path, "body": body});
    person.post("/access/preview", json!({"change": change})).await
}

/// Sends a change that relies on a preview.
async fn change(person: &Person, path: &str, body: &Value, preview: &str) -> Answer {
    let request = Request::builder()
        .method("PATCH")
        .uri(person.uri(path))
        .header("content-type", "application/json")
        .header("hallpass-preview", preview);
    person.send(request.body(Body::from(body.to_string())).unwrap()).await
}

fn of_cell<'a>(member: &'a Value, resource: &str, action: &str) -> &'a Value {
    let changes = member["changes"].as_array().unwrap();
    let is_meant = |one: &&Value| one["resource"] == resource && one["action"] == action;
    changes.iter().find(is_meant).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_preview_counts_the_records_that_are_gained_and_lost() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    for owner in [json!("me"), json!("me"), json!(ben.id), json!("unowned")] {
        let body = json!({"fields": {"name": "Initech"}, "owner": owner});
        let _ = anna.post("/records/contacts", body).await.expect(201);
    }
    let path = format!("/members/{}", ben.id);

    let found =
        preview(anna, ("PATCH", &path), json!({"role": "admin"})).await.expect(200).body;

    let member = &found["members"][0];
    let (read, update) =
        (of_cell(member, "contacts", "read"), of_cell(member, "contacts", "update"));
    // Ben reads two of four records, their own and the unowned one, and updates one.
    assert_eq!((&read["records_gained"], &read["records_lost"]), (&json!(2), &json!(0)));
    assert_eq!((&update["records_gained"], &update["records_lost"]), (&json!(3), &json!(0)));
    assert_eq!(of_cell(member, "team", "update")["records_gained"], Value::Null);
    assert!(member["shown"].as_array().unwrap().contains(&json!("general")), "{member}");
}

#[tokio::test]
async fn a_refused_change_is_previewed_with_its_refusal() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let (anna, path) = (&workspace.anna, format!("/members/{}", workspace.anna.id));
    let before = anna.get("/audit?limit=200").await.items().len();
    for (person, body) in [(anna, json!({"role": "member"})), (&ben, json!({"role": "admin"}))]
    {
        let found = preview(person, ("PATCH", &path), body.clone()).await.expect(200).body;
        assert_eq!((&found["allowed"], &found["preview"]), (&json!(false), &Value::Null));
        let refused = person.patch(&path, body).await;
        assert!(refused.status >= 400, "{}", refused.body);
        assert_eq!(found["refused"]["code"], refused.body["code"]);
        assert_eq!(found["refused"]["detail"], refused.body["detail"]);
    }
    // Only the real requests are in the audit log.
    let after = anna.get("/audit?limit=200").await.items().len();
    assert_eq!(after - before, 1, "the denial of Ben");
}

#[tokio::test]
async fn a_change_that_relies_on_a_preview_has_the_effect_that_was_shown() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let role = json!({"name": "Reader", "grants": ["contacts:read:own"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let _ =
        anna.patch(&format!("/members/{}", ben.id), json!({"role": role})).await.expect(200);
    let (path, wider) = (format!("/roles/{role}"), json!({"grants": ["contacts:read:all"]}));
    let shown = preview(anna, ("PATCH", &path), wider.clone()).await.text("preview");
    // Another change than the one that was shown.
    let other = json!({"grants": ["contacts:read:all", "invoices:read:all"]});
    change(anna, &path, &other, &shown).await.refused(412, "preview_outdated");
    change(anna, &path, &wider, "").await.refused(412, "preview_outdated");
    // The workspace has moved on, in a way that changes nothing about it.
    let _ = anna.post("/teams", json!({"name": "Sales"})).await.expect(201);
    // Another holder gains too, so the answer is another.
    let cleo = workspace.join("cleo", json!({"role": role})).await;
    change(anna, &path, &wider, &shown).await.refused(412, "preview_outdated");
    let _ = anna.delete(&format!("/members/{}", cleo.id)).await.expect(204);
    let _ = change(anna, &path, &wider, &shown).await.expect(200);
    let grants = anna.get(&path).await.body["grants"].clone();
    assert_eq!(grants, json!(["contacts:read:all"]));
    // No other request has previews.
    let request = Request::builder()
        .method("PATCH")
        .uri("/api/v1/me")
        .header("content-type", "application/json")
        .header("hallpass-preview", shown);
    let answer = anna.send(request.body(Body::from("{\"locale\":\"de\"}")).unwrap()).await;
    answer.refused(412, "preview_outdated");
}

#[tokio::test]
async fn the_grant_ceiling_is_said_in_words() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let role = json!({"name": "Keeper", "grants": ["roles:*:all", "contacts:read:all"]});
    let role = workspace.anna.post("/roles", role).await.expect(201).id();
    let ben = workspace.join("ben", json!({"role": role})).await;
    let body = json!({"name": "Wide", "grants": ["contacts:read,delete:all"]});

    let found = preview(&ben, ("POST", "/roles"), body).await.expect(200).body;

    let detail = found["refused"]["detail"].as_str().unwrap();
    assert_eq!(found["refused"]["code"], "grant_ceiling");
    assert!(detail.contains("do not hold: delete contacts;"), "{detail}");
}

#[tokio::test]
async fn an_invitation_is_previewed_as_the_member_that_it_would_make() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let mails = server.mails().await.len();
    let body = json!({"email": "cleo@example.com", "role": "admin"});

    let found = preview(anna, ("POST", "/invitations"), body).await.expect(200).body;

    let invited = &found["members"][0];
    assert_eq!(invited["invited"], "cleo@example.com");
    assert_eq!(invited["member"], Value::Null);
    assert_eq!(of_cell(invited, "team", "update")["gains"], true);
    assert_eq!(server.mails().await.len(), mails, "no mail is sent");
    assert_eq!(anna.get("/invitations").await.body["total"], 0);
}

#[tokio::test]
async fn keys_and_invitations_that_stop_working_are_listed() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let key = ben.post("/api-keys", json!({"name": "Import"})).await.expect(201).id();
    let invited =
        ben.post("/invitations", json!({"email": "cleo@example.com", "role": "member"})).await;
    let invitation = invited.expect(201).id();

    let path = format!("/members/{}", ben.id);
    let found = preview(anna, ("DELETE", &path), Value::Null).await.expect(200).body;

    assert_eq!(found["api_keys"][0]["id"], json!(key));
    assert_eq!(found["invitations"][0]["id"], json!(invitation));
    let hidden = found["members"][0]["hidden"].as_array().unwrap();
    assert!(hidden.contains(&json!("contacts")), "{hidden:?}");
    assert_eq!(anna.get(&path).await.text("status"), "active", "nothing is changed");
}

#[tokio::test]
async fn who_may_not_read_members_sees_only_what_changes_for_them() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let role = json!({"name": "Keeper", "grants": ["roles:*:all", "contacts:*:all"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let ben = workspace.join("ben", json!({"role": role})).await;
    let reader = json!({"name": "Reader", "grants": ["contacts:read:own"]});
    let reader = anna.post("/roles", reader).await.expect(201).id();
    workspace.join("cleo", json!({"role": reader})).await;

    let path = format!("/roles/{reader}");
    let body = json!({"grants": ["contacts:read:all"]});
    let found = preview(&ben, ("PATCH", &path), body).await.expect(200).body;

    assert_eq!(found["allowed"], true, "{found}");
    assert_eq!((&found["members"], &found["totals"]), (&json!([]), &json!([])));
    let unknown = ["total", "api_keys", "invitations"];
    assert!(unknown.iter().all(|field| found[*field] == Value::Null), "{found}");
}

#[tokio::test]
async fn only_changes_inside_the_workspace_are_previewed() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    for (method, path, field) in [
        ("GET", "/members", "/change/method"),
        ("PATCH", "members", "/change/path"),
        ("PATCH", "/../other/members/mbr_1", "/change/path"),
        ("PATCH", "/members/mbr_1?x=1", "/change/path"),
        ("PATCH", "/members/mbr_1#x", "/change/path"),
        ("POST", "/records/contacts", "/change/path"),
        ("POST", "/access/preview", "/change/path"),
        ("POST", "/blueprint/compare", "/change/path"),
        ("DELETE", "/members", "/change/method"),
        ("DELETE", "/roles/x/y/z", "/change/path"),
        ("DELETE", "", "/change/path"),
    ] {
        let answer = preview(anna, (method, path), Value::Null).await;
        assert_eq!((answer.status, answer.pointers()), (422, vec![field]), "{method} {path}");
    }
    let other = server.found_as("dora", "standard", "globex").await;
    let ben = other.join("ben", json!({"role": "member"})).await;
    let path = format!("/members/{}", ben.id);
    let found = preview(anna, ("DELETE", &path), Value::Null).await.expect(200).body;
    assert_eq!(found["refused"]["status"], 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_wait_for_no_writer() {
    for server in [TestServer::on_file().await, TestServer::on_postgres().await] {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let ben = workspace.join("ben", json!({"role": "member"})).await;
        let id: WorkspaceId = anna.get("").await.id().parse().unwrap();
        let entry = anna.get("/audit?limit=1").await.each("id").remove(0);
        let path = format!("/members/{}", ben.id);
        let admin = json!({"role": "admin"});
        let invitation = json!({"email": "cleo@example.com", "role": "member"});
        // The transaction of a writer holds the row of the workspace, and all of SQLite.
        let mut writer = server.app.db().write_in(id.0).await.unwrap().unwrap();
        writer
            .execute("UPDATE members SET version = version + 1 WHERE workspace_id = ?1", &[])
            .await
            .unwrap();

        let answers = async {
            let changed = preview(anna, ("PATCH", &path), admin.clone()).await;
            let invited = preview(anna, ("POST", "/invitations"), invitation).await;
            let removed = preview(anna, ("DELETE", &path), Value::Null).await;
            let sides = json!({"before": {"entry": entry}, "after": {"now": true}});
            let compared = anna.post("/access/compare", sides).await;
            let question = json!({"resource": "team", "action": "update", "acts": 3,
                "member": ben.id});
            let explained = anna.post("/access/explain", question).await;
            [changed, invited, removed, compared, explained]
        };
        let answers = tokio::time::timeout(Duration::from_secs(20), answers).await.unwrap();

        for answer in answers {
            let _ = answer.expect(200);
        }
        // The same change for real waits for the writer.
        let change = anna.patch(&path, admin.clone());
        assert!(tokio::time::timeout(Duration::from_millis(500), change).await.is_err());
        drop(writer);
        let _ = anna.patch(&path, admin).await.expect(200);
    }
}

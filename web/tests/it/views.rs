//! View as: what a session sees and leaves behind that looks through the eyes of another member.

use hallpass_domain::time::Span;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Person, TestServer};
use serde_json::json;

async fn view(person: &Person, member: &str, password: &str) -> hallpass_testkit::Answer {
    person.put("/view", json!({"member": member, "password": password})).await
}

#[tokio::test]
async fn a_view_reads_with_the_rights_of_the_member_and_writes_nothing() {
    let server = TestServer::in_memory().await;
    let acme = server.found("standard").await;
    let other = server.found_by(&acme.anna, "standard", "other").await;
    let ben = acme.join("ben", json!({"role": "member"})).await;
    let mine = acme.anna.get("/me").await.expect(200).body["grants"].clone();
    let theirs = ben.get("/me").await.expect(200).body["grants"].clone();
    assert_ne!(mine, theirs);

    let begun = view(&acme.anna, &ben.id, PASSWORD).await.expect(200);

    assert_eq!(begun.text("member"), ben.id);
    let me = acme.anna.get("/me").await.expect(200);
    assert_eq!((&me.body["id"], &me.body["grants"]), (&json!(ben.id), &theirs));
    acme.anna
        .patch(&format!("/members/{}", ben.id), json!({"role": "admin"}))
        .await
        .refused(403, "denied");
    let new = json!({"fields": {"name": "Globex"}});
    acme.anna.post("/records/companies", new).await.refused(409, "view_only");
    acme.anna.post("/leave", json!({})).await.refused(409, "view_only");
    // Another workspace is seen and changed as before.
    assert_eq!(other.anna.get("/me").await.expect(200).body["grants"], mine);
    let _ = other.anna.post("/teams", json!({"name": "North"})).await.expect(201);
    // Another session of the account is not concerned.
    let again = server.anonymous();
    let credentials = json!({"email": "anna@example.com", "password": PASSWORD});
    let _ = again.post("/api/v1/sessions", credentials).await.expect(201);
    let audit = again.at("acme").await.get("/audit?limit=10").await.expect(200);
    let entry = |action: &str| {
        let mut items = audit.items().iter();
        items
            .find(|one| one["action"] == action)
            .unwrap_or_else(|| panic!("{}", audit.text))
            .clone()
    };
    assert_eq!(entry("member.view")["actor"], json!(acme.anna.id));
    let denied = entry("team:update");
    assert_eq!(denied["actor"], json!(acme.anna.id));
    assert_eq!(denied["actor_name"], "Anna viewing as Ben");
    let mails = server.mails().await;
    let told =
        mails.iter().find(|(to, mail)| to == "ben@example.com" && mail["kind"] == "viewed_as");
    assert_eq!(told.unwrap().1["viewer"], "Anna");

    let _ = acme.anna.delete("/view").await.expect(204);

    assert_eq!(acme.anna.get("/me").await.expect(200).body["grants"], mine);
    assert_eq!(acme.anna.delete("/view").await.status, 404);
}

#[tokio::test]
async fn a_view_takes_rights_that_cover_the_members_and_the_password() {
    let server = TestServer::in_memory().await;
    let acme = server.found("standard").await;
    let admin = acme.join("ada", json!({"role": "admin"})).await;
    let ben = acme.join("ben", json!({"role": "member"})).await;

    view(&acme.anna, &ben.id, "wrong").await.refused(422, "wrong_password");
    view(&ben, &admin.id, PASSWORD).await.refused(403, "denied");
    assert_eq!(view(&admin, &acme.anna.id, PASSWORD).await.status, 403);
    assert_eq!(view(&acme.anna, &acme.anna.id, PASSWORD).await.pointers(), ["/member"]);
    let key = acme.anna.post("/api-keys", json!({"name": "x"})).await.expect(201).text("key");
    view(&acme.anna.with_api_key(&key), &ben.id, PASSWORD).await.refused(403, "not_by_key");
    let _ = view(&admin, &ben.id, PASSWORD).await.expect(200);
    view(&admin, &ben.id, PASSWORD).await.refused(403, "denied");
}

#[tokio::test]
async fn a_view_ends_by_itself_and_with_the_rights_of_the_viewer() {
    let server = TestServer::in_memory().await;
    let acme = server.found("standard").await;
    let admin = acme.join("ada", json!({"role": "admin"})).await;
    let ben = acme.join("ben", json!({"role": "member"})).await;
    let id = async |person: &Person| person.get("/me").await.expect(200).body["id"].clone();
    let _ = view(&admin, &ben.id, PASSWORD).await.expect(200);
    assert_eq!(id(&admin).await, json!(ben.id));

    // No longer an admin: nothing of Ben's is seen, and nothing is written until the view has ended.
    let path = format!("/members/{}", admin.id);
    let _ = acme.anna.patch(&path, json!({"role": "member"})).await.expect(200);
    assert_eq!(id(&admin).await, json!(admin.id));
    let new = json!({"fields": {"name": "Globex"}});
    admin.post("/records/companies", new.clone()).await.refused(409, "view_only");
    server.clock.advance(Span::minutes(31));
    let _ = admin.post("/records/companies", new).await.expect(201);

    let _ = view(&acme.anna, &ben.id, PASSWORD).await.expect(200);
    assert_eq!(id(&acme.anna).await, json!(ben.id));
    server.clock.advance(Span::minutes(29));
    assert_eq!(id(&acme.anna).await, json!(ben.id));
    server.clock.advance(Span::minutes(1));
    assert_eq!(id(&acme.anna).await, json!(acme.anna.id));

    // A member who may not act has no eyes.
    let _ = view(&acme.anna, &ben.id, PASSWORD).await.expect(200);
    let anna_again = server.anonymous();
    let credentials = json!({"email": "anna@example.com", "password": PASSWORD});
    let _ = anna_again.post("/api/v1/sessions", credentials).await.expect(201);
    let path = format!("/members/{}/deactivate", ben.id);
    let _ = anna_again.at("acme").await.post(&path, json!({})).await.expect(200);
    assert_eq!(id(&acme.anna).await, json!(acme.anna.id));
}

//! Who gets the file of an export: its member, while they may read all that they might read when it was made.

use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Person, TestServer};
use serde_json::json;

use super::{ask, count, download, filled, load, state};

#[tokio::test]
async fn only_its_member_sees_an_export() {
    let server = TestServer::in_memory().await;
    let (workspace, ben) = filled(&server).await;
    let other = server.found_as("eve", "standard", "other").await;
    let dan = workspace.join("dan", json!({"role": "admin"})).await;
    let id = ask(&ben, "").await;
    server.run_batches().await;

    let _ = download(&ben, &id).await.expect(200);
    for person in [&workspace.anna, &dan, &other.anna] {
        download(person, &id).await.refused(404, "not_found");
        let _ = person.get(&format!("/exports/{id}")).await.expect(404);
        let _ = person.delete(&format!("/exports/{id}")).await.expect(404);
        assert!(person.get("/exports").await.expect(200).items().is_empty());
    }
    // A bulk job of another kind is no export.
    workspace.fill("companies", &ben.id, 2_100).await;
    let moved = json!({"from": ben.id, "to": "unowned", "entities": ["companies"]});
    let job = workspace.anna.post("/reassignments", moved).await.expect(202).id();
    download(&workspace.anna, &job).await.refused(404, "not_found");
    assert_eq!(state(&ben, &id).await, "ready");
}

/// What happens to Ben, who sees every contact and has exported them, and what he gets then.
async fn after(
    (status, code): (u16, &str),
    happen: impl AsyncFn(&hallpass_testkit::TestWorkspace<'_>, &Person),
) -> TestServer {
    let server = TestServer::in_memory().await;
    {
        let (workspace, ben) = filled(&server).await;
        let path = format!("/members/{}", ben.id);
        let wide = json!({"visibility": "all"});
        let _ = workspace.anna.patch(&path, wide).await.expect(200);
        let id = ask(&ben, "").await;
        server.run_batches().await;
        let whole = download(&ben, &id).await.expect(200);
        assert!(whole.text.contains(&workspace.anna.id), "the file has records of others");

        happen(&workspace, &ben).await;

        download(&ben, &id).await.refused(status, code);
        server.run_batches().await;
        download(&ben, &id).await.refused(status, code);
    }
    server
}

#[tokio::test]
async fn a_file_is_refused_when_its_member_reaches_less() {
    after((409, "export_outdated"), async |workspace, ben| {
        let path = format!("/members/{}", ben.id);
        let narrow = json!({"visibility": "own"});
        let _ = workspace.anna.patch(&path, narrow).await.expect(200);
        let listed = ben.get("/exports").await.expect(200);
        assert_eq!(listed.each("state"), ["outdated"]);
        assert!(listed.items()[0]["expires_at"].is_null());
    })
    .await;
}

#[tokio::test]
async fn a_file_is_refused_to_a_member_without_the_right_to_read() {
    after((403, "denied"), async |workspace, ben| {
        let empty = json!({"name": "Guest", "grants": []});
        let role = workspace.anna.post("/roles", empty).await.expect(201).id();
        let path = format!("/members/{}", ben.id);
        let _ = workspace.anna.patch(&path, json!({"role": role})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_refused_to_an_inactive_and_to_a_removed_member() {
    after((404, "not_found"), async |workspace, ben| {
        let path = format!("/members/{}/deactivate", ben.id);
        let _ = workspace.anna.post(&path, json!({})).await.expect(200);
    })
    .await;
    let server = after((404, "not_found"), async |workspace, ben| {
        let path = format!("/members/{}", ben.id);
        let _ = workspace.anna.delete(&path).await.expect(204);
    })
    .await;
    // The file of who was removed is deleted.
    server.run_batches().await;
    assert_eq!(count(&server, "export_files").await, 0);
    assert_eq!(count(&server, "export_pieces").await, 0);
}

#[tokio::test]
async fn a_file_is_given_out_again_to_who_reaches_everything_again() {
    let server = TestServer::in_memory().await;
    let (workspace, ben) = filled(&server).await;
    let path = format!("/members/{}", ben.id);
    let set = async |visibility: &str| {
        let change = json!({"visibility": visibility});
        let _ = workspace.anna.patch(&path, change).await.expect(200);
    };
    // Made with the narrow reach, it is given out with the wide one.
    let narrow = ask(&ben, "").await;
    server.run_batches().await;
    let own = download(&ben, &narrow).await.expect(200).text;
    set("all").await;
    assert_eq!(download(&ben, &narrow).await.expect(200).text, own);
    assert!(own.contains(&ben.id) && !own.contains(&workspace.anna.id));

    let wide = ask(&ben, "").await;
    server.run_batches().await;
    set("own").await;
    download(&ben, &wide).await.refused(409, "export_outdated");
    assert_eq!(download(&ben, &narrow).await.expect(200).text, own);
    set("all").await;
    assert_eq!(state(&ben, &wide).await, "ready");
    let _ = download(&ben, &wide).await.expect(200);
}

#[tokio::test]
async fn an_export_stops_when_its_member_reaches_less_in_the_middle() {
    let server = TestServer::in_memory().await;
    let (workspace, ben) = filled(&server).await;
    let path = format!("/members/{}", ben.id);
    let _ = workspace.anna.patch(&path, json!({"visibility": "all"})).await.expect(200);
    let id = ask(&ben, "").await;
    server.run_batch().await.unwrap();

    let _ = workspace.anna.patch(&path, json!({"visibility": "own"})).await.expect(200);
    assert_eq!(server.run_batches().await, 0);

    let ended = load(&ben, &id).await;
    assert_eq!(ended.text("state"), "ended");
    assert!(ended.text("reason").contains("read less"), "{}", ended.text);
    download(&ben, &id).await.refused(409, "export_ended");
    server.run_batches().await;
    assert_eq!(count(&server, "export_pieces").await, 0);
    let ends = workspace.anna.get("/audit?action=bulk_job.end").await.expect(200);
    assert_eq!(ends.items().len(), 1);
}

#[tokio::test]
async fn who_looks_through_the_eyes_of_a_member_gets_no_file() {
    let server = TestServer::in_memory().await;
    let (workspace, ben) = filled(&server).await;
    let anna = &workspace.anna;
    let id = ask(&ben, "").await;
    server.run_batches().await;
    let view = json!({"member": ben.id, "password": PASSWORD});
    let _ = anna.put("/view", view).await.expect(200);

    let direct = anna.get("/records/contacts/export").await;
    let (status, code) = (direct.status, direct.code().to_owned());
    assert_eq!((status, code.as_str()), (409, "view_only"));
    download(anna, &id).await.refused(status, &code);
    anna.post("/records/contacts/export", json!({})).await.refused(status, &code);
    anna.delete(&format!("/exports/{id}")).await.refused(status, &code);
}

#[tokio::test]
async fn a_key_has_its_own_exports_within_its_scopes() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = filled(&server).await;
    let anna = &workspace.anna;
    let key = async |scope: &str| {
        let body = json!({"name": "Program", "scopes": [scope]});
        let made = anna.post("/api-keys", body).await.expect(201);
        anna.with_api_key(&made.text("key"))
    };
    let (own, all) = (key("contacts:read:own").await, key("contacts:read").await);
    let of_own = ask(&own, "").await;
    let of_all = ask(&all, "").await;
    let of_anna = ask(anna, "").await;
    server.run_batches().await;

    let text = download(&own, &of_own).await.expect(200).text;
    assert_eq!(text, own.get("/records/contacts/export").await.expect(200).text);
    assert!(!text.contains("unowned"));
    for other in [&of_all, &of_anna] {
        download(&own, other).await.refused(404, "not_found");
    }
    download(&all, &of_own).await.refused(404, "not_found");
    assert!(download(&all, &of_all).await.expect(200).text.contains("unowned"));
    // The member has those of her keys.
    for id in [&of_own, &of_all, &of_anna] {
        let _ = download(anna, id).await.expect(200);
    }
}

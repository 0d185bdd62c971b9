//! A bulk job ends early: its member may do the rest no more, or it is cancelled.

use hallpass_testkit::{Person, TestServer};
use serde_json::json;

use super::Crowd;

/// What happens in the middle, and what the reason says.
type Incident<'i> = (&'i str, &'i str);

/// Runs half of a job of an admin, lets something happen, and checks that the job ends there.
async fn ends(incident: Incident<'_>, happen: impl AsyncFn(&Crowd<'_>, &Person)) {
    let (name, reason) = incident;
    let server = TestServer::in_memory().await;
    let crowd = Crowd::on(&server).await;
    let dan = crowd.workspace.join("dan", json!({"role": "admin"})).await;
    let id = crowd.start_as(&dan).await;
    let moved = server.run_batch().await.unwrap();

    happen(&crowd, &dan).await;
    let more = server.run_batches().await;

    assert_eq!(more, 0, "{name}");
    crowd.check(moved).await;
    let job = crowd.job(&id).await;
    assert_eq!(
        (job.text("state"), &job.body["done"]),
        ("stopped".into(), &json!(moved)),
        "{name}"
    );
    let why = job.text("reason");
    assert!(why.contains(reason), "{name}: {why}");
    let ended = crowd.workspace.anna.get("/audit?action=bulk_job.end").await.expect(200);
    assert_eq!(ended.items().len(), 1, "{name}");
    assert_eq!(ended.items()[0]["after"]["state"], "stopped", "{name}");
    // It is found under the member who started it.
    let path = format!("/audit?action=bulk_job.end&subject={}", dan.id);
    assert_eq!(crowd.workspace.anna.get(&path).await.expect(200).items().len(), 1, "{name}");
}

#[tokio::test]
async fn a_job_stops_when_its_member_is_demoted() {
    ends(("demoted", "reassign"), async |crowd, dan| {
        let path = format!("/members/{}", dan.id);
        let _ = crowd.workspace.anna.patch(&path, json!({"role": "member"})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_job_stops_when_its_member_is_removed_or_deactivated() {
    ends(("removed", "not active"), async |crowd, dan| {
        let path = format!("/members/{}", dan.id);
        let _ = crowd.workspace.anna.delete(&path).await.expect(204);
    })
    .await;
    ends(("deactivated", "not active"), async |crowd, dan| {
        let path = format!("/members/{}/deactivate", dan.id);
        let _ = crowd.workspace.anna.post(&path, json!({})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_job_stops_when_the_account_of_its_member_is_disabled() {
    ends(("disabled", "disabled"), async |crowd, _| {
        let mut tx = crowd.workspace.server.app.db().write().await.unwrap();
        let sql = "UPDATE accounts SET disabled_at = ?1 WHERE email = ?2";
        let values: [hallpass_store::Value; 2] =
            [crowd.workspace.server.app.now().into(), "dan@example.com".into()];
        assert_eq!(tx.execute(sql, &values).await.unwrap(), 1);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_job_stops_when_the_new_owner_leaves_or_the_records_are_out_of_use() {
    ends(("the new owner", "inactive"), async |crowd, _| {
        let path = format!("/members/{}/deactivate", crowd.cleo.id);
        let _ = crowd.workspace.anna.post(&path, json!({})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_job_of_an_api_key_stops_when_the_key_is_revoked() {
    let server = TestServer::in_memory().await;
    let crowd = Crowd::on(&server).await;
    let anna = &crowd.workspace.anna;
    let body = json!({"name": "Program", "scopes": ["contacts:*", "team:*"]});
    let made = anna.post("/api-keys", body).await.expect(201);
    let program = anna.with_api_key(&made.text("key"));
    let id = crowd.start_as(&program).await;
    let moved = server.run_batch().await.unwrap();

    let _ = anna.delete(&format!("/api-keys/{}", made.id())).await.expect(204);
    assert_eq!(server.run_batches().await, 0);

    let job = crowd.job(&id).await;
    assert_eq!(job.text("state"), "stopped");
    assert!(job.text("reason").contains("API key"), "{}", job.text);
    crowd.check(moved).await;
}

#[tokio::test]
async fn a_job_is_cancelled_by_who_could_start_it_and_keeps_what_it_has_done() {
    let server = TestServer::in_memory().await;
    let crowd = Crowd::on(&server).await;
    let dan = crowd.workspace.join("dan", json!({"role": "admin"})).await;
    let id = crowd.start().await;
    let moved = server.run_batch().await.unwrap();
    let path = format!("/bulk-jobs/{id}/cancel");

    let cancelled = dan.post(&path, json!({})).await.expect(200);
    assert_eq!(
        (cancelled.text("state"), &cancelled.body["done"]),
        ("cancelled".into(), &json!(moved))
    );
    assert_eq!(server.run_batches().await, 0);
    crowd.check(moved).await;
    crowd.workspace.anna.post(&path, json!({})).await.refused(409, "already");
    let audited = dan.get("/audit?action=bulk_job.cancel").await.expect(200);
    assert_eq!(audited.items().len(), 1);

    // A job that is done is not cancelled any more.
    let other = crowd.start().await;
    server.run_batches().await;
    let path = format!("/bulk-jobs/{other}/cancel");
    crowd.workspace.anna.post(&path, json!({})).await.refused(409, "already");
}

#[tokio::test]
async fn a_job_of_a_deleted_workspace_waits_for_its_restoration() {
    let server = TestServer::in_memory().await;
    let crowd = Crowd::on(&server).await;
    let anna = &crowd.workspace.anna;
    let id = crowd.start().await;
    let moved = server.run_batch().await.unwrap();

    let _ = anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);
    assert_eq!(server.run_batches().await, 0);
    let _ = anna.post("/restore", json!({})).await.expect(200);
    let rest = server.run_batches().await;

    assert_eq!(crowd.job(&id).await.text("state"), "done");
    crowd.check(moved + rest).await;
}

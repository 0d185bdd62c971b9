//! The billing contact: one teammate of any role, transferred in one step.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::json;

/// The members with the billing flag, by first name.
async fn contacts(workspace: &TestWorkspace<'_>) -> Vec<String> {
    let members = workspace.anna.get("/members").await.expect(200);
    let flagged = members.items().iter().filter(|one| one["billing_contact"] == true);
    flagged.map(|one| one["first_name"].as_str().unwrap().to_owned()).collect()
}

async fn hand_over(from: &Person, to: &Person) {
    let _ = from.post("/billing/contact", json!({"to": to.id})).await.expect(204);
}

/// HALO-036
#[tokio::test]
async fn a_transfer_takes_the_flag_from_the_former_contact() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "admin"})).await;

    hand_over(&workspace.anna, &ben).await;
    assert_eq!(contacts(&workspace).await, ["Ben"]);
    hand_over(&ben, &cleo).await;
    assert_eq!(contacts(&workspace).await, ["Cleo"]);
    let edit = json!({"billing_contact": true});
    let _ = workspace.anna.patch(&format!("/members/{}", ben.id), edit).await.expect(200);

    assert_eq!(contacts(&workspace).await, ["Ben"]);
    let again =
        workspace.anna.post("/billing/contact", json!({"to": ben.id})).await.expect(422);
    assert_eq!(again.pointers(), ["/to"]);
    cleo.get("/billing").await.refused(403, "denied");
}

/// HALO-036
#[tokio::test(flavor = "multi_thread")]
async fn of_two_concurrent_transfers_one_wins() {
    let server = TestServer::on_file().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let dan = workspace.join("dan", json!({"role": "super_admin"})).await;
    let hers = format!("/members/{}", cleo.id);

    let (one, other) = tokio::join!(
        workspace.anna.post("/billing/contact", json!({"to": ben.id})),
        dan.patch(&hers, json!({"billing_contact": true})),
    );

    assert!(one.status == 204 && other.status == 200, "{} {}", one.text, other.text);
    assert_eq!(contacts(&workspace).await.len(), 1);
}

/// HALO-043
#[tokio::test]
async fn the_creator_transfers_billing_and_stays_super_admin() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;

    hand_over(&workspace.anna, &ben).await;

    let me = workspace.anna.get("/me").await.expect(200);
    assert_eq!(
        (me.text("role").as_str(), &me.body["billing_contact"]),
        ("super_admin", &json!(false))
    );
    let his = ben.get("/me").await.expect(200);
    assert_eq!(
        (his.text("role").as_str(), &his.body["billing_contact"]),
        ("member", &json!(true))
    );
    // She keeps all her rights.
    let _ = workspace.anna.get("/billing").await.expect(200);
    hand_over(&workspace.anna, &workspace.anna.same_session()).await;
}

/// HALO-051, HALO-052
#[tokio::test]
async fn any_super_admin_can_replace_a_missing_contact() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "super_admin"})).await;
    let dan = workspace.join("dan", json!({"role": "admin"})).await;
    hand_over(&workspace.anna, &ben).await;
    let sure = json!({"confirm": "DELETE"});
    let _ = ben.delete_with("/api/v1/me", sure).await.expect(204);

    for person in [&workspace.anna, &cleo] {
        let billing = person.get("/billing").await.expect(200);
        assert_eq!(
            (&billing.body["vacant"], &billing.body["contact"]),
            (&json!(true), &json!(null))
        );
    }
    assert!(contacts(&workspace).await.is_empty());
    dan.post("/billing/contact", json!({"to": dan.id})).await.refused(403, "denied");
    let removed = workspace.anna.post("/billing/contact", json!({"to": ben.id})).await;
    removed.refused(404, "not_found");

    hand_over(&cleo, &dan).await;

    let billing = dan.get("/billing").await.expect(200);
    assert_eq!(billing.body["contact"]["name"], "Dan");
    assert_eq!(billing.body["vacant"], false);
}

/// HALO-184
#[tokio::test]
async fn edit_access_transfers_it_with_the_same_rights() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "admin"})).await;
    let dan = workspace.join("dan", json!({"role": "admin"})).await;
    let (his, hers) = (format!("/members/{}", ben.id), format!("/members/{}", cleo.id));
    let flag = json!({"billing_contact": true});
    dan.patch(&his, flag.clone()).await.refused(403, "denied");
    assert_eq!(contacts(&workspace).await, ["Anna"]);

    let _ = workspace.anna.patch(&hers, flag.clone()).await.expect(200);
    // An Admin who is the contact may transfer it, and loses what the role alone does not grant.
    let access = json!({"role": "admin", "billing_contact": true});
    let _ = cleo.patch(&his, access).await.expect(200);

    assert_eq!(contacts(&workspace).await, ["Ben"]);
    assert_eq!(ben.get("/me").await.text("role"), "admin");
    cleo.get("/billing").await.refused(403, "denied");
    cleo.patch(&hers, flag).await.refused(403, "denied");
    let take = json!({"billing_contact": false});
    dan.patch(&his, take).await.refused(403, "denied");
    assert_eq!(contacts(&workspace).await, ["Ben"]);
}

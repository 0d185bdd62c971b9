//! Who enters an imported workspace: those who have confirmed an address of the file, and no one else.

use hallpass_app::import::ImportedIds;
use hallpass_domain::import::IdMap;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

use super::{exported, ids, imported, is_sound, member_of, text};

const ANOTHER: &str = "staple battery horse";

/// The export of a workspace of Anna, Ben, Cleo, who is inactive, and Dora, who was removed.
async fn source() -> Vec<Value> {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let _ben = workspace.join("ben", json!({"role": "admin"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let dora = workspace.join("dora", json!({"role": "member"})).await;
    let path = format!("/members/{}", cleo.id);
    let _ = workspace.anna.post(&format!("{path}/deactivate"), json!({})).await.expect(200);
    let path = format!("/members/{}", dora.id);
    let _ = workspace.anna.delete(&path).await;
    exported(&server, "acme").await
}

async fn sign_in(server: &TestServer, name: &str, password: &str) -> Answer {
    let body = json!({"email": format!("{name}@example.com"), "password": password});
    server.anonymous().post("/api/v1/sessions", body).await
}

async fn role(person: &Person) -> Option<String> {
    let me = person.get("/api/v1/workspaces/acme/me").await;
    (me.status == 200).then(|| me.text("role"))
}

#[tokio::test]
async fn only_confirmed_addresses_are_members_and_others_gain_nothing() {
    let lines = source().await;
    for server in [TestServer::in_memory().await, TestServer::on_postgres().await] {
        server.advance_days(1);
        let anna = server.sign_up("anna").await;
        // Mallory signs up with the addresses of Ben and Cleo, and cannot confirm them.
        let (ben, cleo) =
            (server.sign_up_unconfirmed("ben").await, server.sign_up_unconfirmed("cleo").await);
        let dora = server.sign_up("dora").await;

        let _ = imported(&server, &text(&lines), ("acme", ImportedIds::Kept)).await;

        assert_eq!(role(&anna).await.as_deref(), Some("owner"));
        for claim in [&ben, &cleo, &dora] {
            assert_eq!(role(claim).await, None);
            let known = claim.get("/api/v1/me").await.expect(200);
            assert_eq!(known.body["workspaces"], json!([]), "{}", known.text);
        }
        // A person who has signed up signs in as before, and gains nothing.
        let again = server.anonymous();
        let body = json!({"email": "ben@example.com", "password": PASSWORD});
        let _ = again.post("/api/v1/sessions", body).await.expect(201);
        assert_eq!(role(&again).await, None);
        // No mail was sent, and an account that no one has confirmed has no password.
        let mails = server.mails().await.len();
        let sql = "SELECT count(*) AS n FROM accounts \
                   WHERE confirmed_at IS NULL AND password IS NULL AND deleted_at IS NULL";
        let mut tx = server.app.db().read().await.unwrap();
        assert_eq!(tx.query_one(sql, &[]).await.unwrap().int("n").unwrap(), 2);
        drop(tx);

        // The holder of the mailbox takes the membership over.
        let link = server.last_token("confirm_address", "ben@example.com").await;
        let path = format!("/api/v1/confirmations/{link}");
        let _ = server.anonymous().post(&path, json!({"password": ANOTHER})).await.expect(204);
        assert!(server.mails().await.len() >= mails);
        assert_eq!(sign_in(&server, "ben", PASSWORD).await.status, 401);
        let holder = server.anonymous();
        let body = json!({"email": "ben@example.com", "password": ANOTHER});
        let _ = holder.post("/api/v1/sessions", body).await.expect(201);
        assert_eq!(role(&holder).await.as_deref(), Some("admin"));
        // Dora, who was removed, comes back as the member that she was.
        let anna = anna.at("acme").await;
        let invitation = json!({"email": "dora@example.com", "role": "member"});
        let _ = anna.post("/invitations", invitation).await.expect(201);
        let link = server.last_token("invitation", "dora@example.com").await;
        let _ = dora
            .post(&format!("/api/v1/invitations/{link}/accept"), json!({}))
            .await
            .expect(201);
        let dora = dora.at("acme").await;
        assert_eq!(dora.id, member_of(&lines, "dora@example.com").to_string());
        is_sound(&server).await;
    }
}

#[tokio::test]
async fn an_address_without_an_account_gets_one_by_the_link_of_a_reset() {
    let lines = source().await;
    let server = TestServer::in_memory().await;
    server.advance_days(1);

    let _ = imported(&server, &text(&lines), ("acme", ImportedIds::New)).await;

    assert_eq!(sign_in(&server, "anna", PASSWORD).await.status, 401);
    let body = json!({"email": "anna@example.com"});
    let _ = server.anonymous().post("/api/v1/password-resets", body).await.expect(204);
    let link = server.last_token("password_reset", "anna@example.com").await;
    let path = format!("/api/v1/password-resets/{link}");
    let _ = server.anonymous().put(&path, json!({"password": ANOTHER})).await.expect(204);
    let anna = server.anonymous();
    let body = json!({"email": "anna@example.com", "password": ANOTHER});
    let _ = anna.post("/api/v1/sessions", body).await.expect(201);
    assert_eq!(role(&anna).await.as_deref(), Some("owner"));
    // An inactive member stays one.
    let members = anna.get("/api/v1/workspaces/acme/members").await.expect(200);
    assert_eq!(members.items().len(), 3);
    let inactive = members.items().iter().filter(|one| one["status"] == "inactive").count();
    assert_eq!(inactive, 1);
}

#[tokio::test]
async fn links_and_keys_of_the_first_workspace_open_nothing_in_the_second() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let key = json!({"name": "Sync"});
    let key = workspace.anna.post("/api-keys", key).await.expect(201).text("key");
    let _ =
        workspace.invite(&workspace.anna, "zoe", json!({"role": "member"})).await.expect(201);
    let link = workspace.token("zoe").await;
    let lines = exported(&server, "acme").await;
    let told = text(&lines);
    for secret in [&key, &link] {
        assert!(!told.contains(secret.as_str()), "{secret}");
    }

    let _ = imported(&server, &told, ("copy", ImportedIds::New)).await;

    let copied = exported(&server, "copy").await;
    assert_eq!(ids(&copied, "invitation", IdMap::Kept).len(), 1);
    let program = server.anonymous().with_api_key(&key);
    assert_eq!(program.get("/api/v1/workspaces/acme").await.status, 200);
    assert_eq!(program.get("/api/v1/workspaces/copy").await.status, 404);
    // The link is of the first one; the second one's is made when it is sent again.
    let _ = workspace.accept_as_new("zoe").await;
    assert_eq!(sign_in(&server, "zoe", PASSWORD).await.status, 201);
    let anna = workspace.anna.at("copy").await;
    let open = anna.get("/invitations").await.expect(200);
    let id = open.items()[0]["id"].as_str().unwrap().to_owned();
    let _ = anna.post(&format!("/invitations/{id}/resend"), json!({})).await.expect(200);
    let again = server.last_token("invitation", "zoe@example.com").await;
    assert_ne!(again, link);
}

//! Concurrent requests for the same thing: one succeeds, the other is refused.

use hallpass_testkit::TestServer;
use hallpass_testkit::test_server::PASSWORD;
use serde_json::json;

/// The number of attempts, because two requests may run one after the other by chance.
const TIMES: usize = 12;

async fn servers() -> [TestServer; 2] {
    [TestServer::on_file().await, TestServer::on_postgres().await]
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_concurrent_confirmations_of_one_address_one_is_refused() {
    for server in servers().await {
        for n in 0..TIMES {
            let body = json!({"email": format!("anna{n}@example.com"), "password": PASSWORD,
                "first_name": "Anna"});
            let (one, other) = (server.anonymous(), server.anonymous());
            let mut links = Vec::new();
            for person in [&one, &other] {
                let _ = person.post("/api/v1/accounts", body.clone()).await.expect(201);
                let email = format!("anna{n}@example.com");
                let link = server.last_token("confirm_address", &email).await;
                links.push(format!("/api/v1/confirmations/{link}"));
            }

            let (first, second) =
                tokio::join!(one.post(&links[0], json!({})), other.post(&links[1], json!({})));

            let slower = if first.status == 204 { second } else { first };
            assert!([401, 409].contains(&slower.status), "{}", slower.text);
            let ended = [&one, &other].map(|person| person.get("/api/v1/me"));
            let [one, other] = ended;
            let statuses = [one.await.status, other.await.status];
            assert!(statuses == [200, 401] || statuses == [401, 200], "{statuses:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_concurrent_claims_of_a_slug_is_refused() {
    for server in servers().await {
        let (anna, ben) = (server.sign_up("anna").await, server.sign_up("ben").await);
        let hers = server.found_by(&anna, "harmonia", "hers").await;
        let his = server.found_by(&ben, "harmonia", "his").await;
        for n in 0..TIMES {
            let body = json!({"name": "Acme", "slug": format!("acme-{n}"),
                "blueprint": "harmonia"});
            let (one, other) = tokio::join!(
                anna.post("/api/v1/workspaces", body.clone()),
                ben.post("/api/v1/workspaces", body)
            );
            let slower = if one.status == 201 { other } else { one };
            slower.refused(409, "slug_taken");
        }

        let wanted = json!({"slug": "wanted"});
        let (one, other) =
            tokio::join!(hers.anna.patch("", wanted.clone()), his.anna.patch("", wanted));

        let slower = if one.status == 200 { other } else { one };
        slower.refused(409, "slug_taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_concurrent_rename_and_deletion_of_an_account_are_serialized() {
    for server in servers().await {
        let workspace = server.found("harmonia").await;
        for n in 0..TIMES {
            let ben = workspace.join(&format!("ben{n}"), json!({"role": "member"})).await;
            let again = ben.same_session();
            let rename = json!({"first_name": "Benedict"});

            let (renamed, gone) = tokio::join!(
                ben.patch("/api/v1/me", rename),
                again.delete_with("/api/v1/me", json!({"confirm": "DELETE"}))
            );

            let statuses = (renamed.status, gone.status);
            assert!(matches!(statuses, (200 | 401 | 412, 204) | (200, 412)), "{statuses:?}");
        }
    }
}

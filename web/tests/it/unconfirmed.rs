//! Requests without an `Idempotency-Key` on a PostgreSQL whose connections break around COMMIT: where
//! the outcome is unknown the response says so, and no other error hides a change that was made.

use std::collections::BTreeSet;

use hallpass_app::Rules;
use hallpass_testkit::{TestDatabase, TestServer};
use serde_json::json;

const REQUESTS: usize = 300;

/// Of a hundred commits, how many are cut.
const CUT: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_commit_is_not_confirmed_says_that_its_outcome_is_unknown() {
    let database = TestDatabase::server_behind_proxy(24).await;
    let server = TestServer::on(database, Rules::default()).await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let proxy = server.database.proxy();

    proxy.cut(CUT);
    let mut answers = Vec::new();
    for number in 0..REQUESTS {
        let body = json!({"fields": {"name": format!("Zoe {number}")}});
        answers.push(anna.post("/records/contacts", body).await);
    }
    proxy.cut(0);

    let mut stored = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page = anna.get(&format!("/records/contacts?limit=200{cursor}")).await.expect(200);
        stored.extend(page.each("title"));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let mut unknown = [0, 0];
    for (number, answer) in answers.iter().enumerate() {
        let is_stored = stored.contains(&format!("Zoe {number}"));
        match answer.status {
            201 => assert!(is_stored, "{number}: confirmed and lost"),
            503 => {
                assert_eq!(answer.code(), "unsettled");
                assert!(answer.text("detail").contains("`Idempotency-Key`"), "{}", answer.text);
                assert_eq!(answer.header("retry-after"), "", "a client would repeat it");
                unknown[usize::from(is_stored)] += 1;
            }
            _ => assert!(!is_stored, "{number}: {} and stored", answer.text),
        }
    }
    assert!(unknown.iter().all(|count| *count > 5), "not stored, stored: {unknown:?}");
}

//! Bulk jobs on pages: started by a form, shown with their progress, cancelled, downloaded.

use hallpass_testkit::{Answer, TestServer};
use serde_json::json;

const MANY: usize = 2_300;

/// The path of the page to which a form leads.
fn next(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location")
}

#[tokio::test]
async fn a_large_reassignment_shows_its_progress_and_ends_with_a_download() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    workspace.fill("deals", &ben.id, MANY).await;
    let fields =
        [("from", ben.id.as_str()), ("to", "unowned"), ("entity", "deals"), ("typed", "1")];

    let page = next(&anna.submit("settings/team/reassign", &fields).await);
    let running = anna.open(&page).await.expect(200);
    assert!(running.text.contains("0 of 2,300 records"), "{}", running.text);
    assert!(
        running.text.contains("hx-trigger=\"every 2s\"") && running.text.contains("<noscript>")
    );
    let first = server.run_batch().await.unwrap();
    let partly = anna.open(&page).await.expect(200);
    assert!(partly.text.contains(&format!("value=\"{first}\"")), "{}", partly.text);
    assert!(partly.text.contains("id=\"bulk-job-cancel\""));
    // Closing the page changes nothing.
    server.run_batches().await;
    let done = anna.open(&page).await.expect(200);
    assert!(done.text.contains("2,300 of 2,300 records") && !done.text.contains("every 2s"));
    assert!(!done.text.contains("id=\"bulk-job-cancel\""));
    let download = done.text.split("id=\"bulk-job-download\" href=\"").nth(1).unwrap();
    let file = anna.get(download.split('"').next().unwrap()).await.expect(200);
    assert_eq!(file.text.lines().count(), MANY + 1);

    // Others see neither the job nor its list.
    let _ = ben.open(&page).await.expect(404);
    let list = anna.open("bulk-jobs").await.expect(200);
    assert!(list.text.contains("Reassignment of 2,300 records"), "{}", list.text);
    let list = ben.open("bulk-jobs").await.expect(200);
    assert!(list.text.contains("There is no bulk job."), "{}", list.text);
}

#[tokio::test]
async fn a_large_import_is_checked_first_and_names_its_lines() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let lines = (0..MANY).map(|n| format!("Deal {n},{n}")).collect::<Vec<_>>().join("\n");
    let path = "records/deals/import";

    // A line with a mistake stops it before it starts.
    let wrong = format!("Name,Amount\n{lines}\n,5\n");
    let checked = anna.submit(path, &[("text", &wrong), ("do", "check")]).await.expect(200);
    assert!(checked.text.contains("2300 of 2301 lines"), "{}", &checked.text[..4_000]);
    assert!(anna.get("/bulk-jobs").await.items().is_empty());

    let text = format!("Name,Amount\n{lines}");
    let page = next(&anna.submit(path, &[("text", &text), ("do", "import")]).await);
    assert_eq!(anna.get("/records/deals").await.body["total"], 0);
    server.run_batches().await;
    let done = anna.open(&page).await.expect(200);
    assert!(
        done.text.contains("Import of 2,300 records") && done.text.contains("2,300 of 2,300")
    );
    let records = anna.get("/records/deals?limit=1").await.expect(200);
    assert_eq!(records.body["total"], MANY);
    let job = anna.get("/bulk-jobs").await.expect(200).each("id").remove(0);
    let file = anna.get(&format!("/bulk-jobs/{job}/records")).await.expect(200);
    assert_eq!(file.text.lines().next(), Some("record_type,record,line"));
    let last =
        file.text.lines().last().unwrap().split(',').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(last[2], "2301");
    let record = anna.get(&format!("/records/deals/{}", last[1])).await.expect(200);
    assert_eq!(record.body["fields"]["name"], "Deal 2299");
    let found = anna.get(&format!("/audit?subject={}", last[1])).await.expect(200);
    assert_eq!(found.each("action"), ["deals.import"]);
    let timeline = anna.get(&format!("/records/deals/{}/timeline", last[1])).await.expect(200);
    assert_eq!(timeline.each("action"), ["create"]);

    let long = (0..20_001).map(|n| format!("D{n}")).collect::<Vec<_>>().join("\n");
    let long = format!("Name\n{long}");
    let refused = anna.submit(path, &[("text", &long), ("do", "import")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("At most 20,000 lines"));
}

#[tokio::test]
async fn an_import_stops_with_what_it_has_done_when_its_member_may_create_no_more() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let dan = workspace.join("dan", json!({"role": "member"})).await;
    let lines = (0..MANY).map(|n| format!("Contact {n}")).collect::<Vec<_>>().join("\n");
    let text = format!("Name\n{lines}");
    let page = next(
        &dan.submit("records/contacts/import", &[("text", &text), ("do", "import")]).await,
    );
    let first = server.run_batch().await.unwrap();

    let empty = json!({"name": "Guest", "grants": []});
    let role = workspace.anna.post("/roles", empty).await.expect(201).id();
    let path = format!("/members/{}", dan.id);
    let _ = workspace.anna.patch(&path, json!({"role": role})).await.expect(200);
    assert_eq!(server.run_batches().await, 0);

    let stopped = dan.open(&page).await.expect(200);
    assert!(
        stopped.text.contains("Stopped") && stopped.text.contains(&format!("{first} of 2,300"))
    );
    let why = "Dan, who started it, cannot create in Contacts any more.";
    assert!(stopped.text.contains(why), "{}", stopped.text);
    let fields = [("first_name", "Dan"), ("last_name", "Roth"), ("locale", "de")];
    let _ = dan.submit("profile", &fields).await.expect(303);
    let german = dan.open(&page).await.expect(200).text;
    assert!(german.contains("„create“ in Contacts."), "{german}");
    assert!(!german.contains("who started it"), "{german}");
    let total = workspace.anna.get("/records/contacts").await.expect(200);
    assert_eq!(total.body["total"], first);
}

#[tokio::test]
async fn a_job_is_cancelled_on_its_page() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    workspace.fill("deals", &anna.id, MANY).await;
    let ask = json!({"from": "me", "to": "unowned"});
    let job = anna.post("/reassignments", ask).await.expect(202).id();
    let page = format!("bulk-jobs/{job}");
    server.run_batch().await.unwrap();

    let back = next(&anna.submit(&format!("{page}/cancel"), &[]).await);
    let cancelled = anna.open(&back).await.expect(200);
    assert!(
        cancelled.text.contains("Cancelled")
            && cancelled.text.contains("Anna has cancelled it")
    );
    assert_eq!(server.run_batches().await, 0);
    let fields = [("first_name", "Anna"), ("last_name", "Huber"), ("locale", "de")];
    let _ = anna.submit("profile", &fields).await.expect(303);
    let german = anna.open(&back).await.expect(200).text;
    assert!(german.contains("Abgebrochen von Anna.") && !german.contains("has cancelled it"));
    // Once more leads back to the page.
    assert_eq!(next(&anna.submit(&format!("{page}/cancel"), &[]).await), back);
}

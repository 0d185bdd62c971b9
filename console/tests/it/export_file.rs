//! Exports on pages: a long list is prepared, shown with its progress, downloaded, and made again.

use hallpass_domain::time::Span;
use hallpass_testkit::{Answer, TestServer};
use serde_json::json;

const MANY: usize = 2_300;

/// The path of the page to which a form leads.
fn next(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location")
}

/// The address of something by its id.
fn href(page: &Answer, id: &str) -> String {
    let rest = page.text.split(&format!("id=\"{id}\" href=\"")).nth(1);
    assert!(rest.is_some(), "no {id}: {}", page.text);
    let rest = rest.unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_long_list_is_prepared_and_a_short_one_sent() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    workspace.fill("contacts", &anna.id, 1_999).await;
    workspace.record(anna, "contacts", "Zoe").await;
    let direct = "href=\"/api/v1/workspaces/acme/records/contacts/export";
    let prepared = "action=\"/workspace/acme/records/contacts/export";

    let list = anna.open("records/contacts").await.expect(200);
    assert!(list.text.contains(direct) && !list.text.contains(prepared));
    workspace.record(anna, "contacts", "Ada").await;
    let list = anna.open("records/contacts").await.expect(200);
    assert!(list.text.contains(prepared) && !list.text.contains(direct));
    let list = anna.open("records/contacts?q=zoe").await.expect(200);
    assert!(list.text.contains(&format!("{direct}?q=zoe")), "{}", list.text);
}

#[tokio::test]
async fn the_page_of_an_export_shows_its_progress_and_ends_with_its_file() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    workspace.fill("contacts", &anna.id, MANY).await;
    workspace.fill("contacts", "unowned", 10).await;

    let page = next(&anna.submit("records/contacts/export?owner=me", &[]).await);
    let running = anna.open(&page).await.expect(200);
    assert!(running.text.contains("Export of 2,300 records"), "{}", running.text);
    assert!(running.text.contains("0 of 2,300 records"));
    assert!(
        running.text.contains("hx-trigger=\"every 2s\"") && running.text.contains("<noscript>")
    );
    assert!(running.text.contains("You can close this page; the export goes on."));
    assert!(!running.text.contains("export-download"));
    server.run_batches().await;
    let done = anna.open(&page).await.expect(200);
    assert!(
        done.text.contains("2,300 of 2,300 records")
            && done.text.contains("The file is ready.")
    );
    assert!(done.text.contains("It can be downloaded until"));
    assert!(!done.text.contains("bulk-job-download") && !done.text.contains("export-again"));
    let file = anna.get(&href(&done, "export-download")).await.expect(200);
    let direct = anna.get("/records/contacts/export?owner=me").await.expect(200);
    assert_eq!((file.text.lines().count(), &file.text), (MANY + 1, &direct.text));

    // It expires, and is made again with the same filter.
    server.clock.advance(Span::hours(24));
    let over = anna.open(&page).await.expect(200);
    assert!(over.text.contains("The file has expired, or was deleted."), "{}", over.text);
    assert!(!over.text.contains("export-download"));
    let id = page.rsplit('/').next().unwrap();
    let again = next(&anna.submit(&format!("exports/{id}/again"), &[]).await);
    assert_ne!(again, page);
    server.run_batches().await;
    let done = anna.open(&again).await.expect(200);
    let file = anna.get(&href(&done, "export-download")).await.expect(200);
    assert_eq!(file.text, direct.text);
    let id = again.rsplit('/').next().unwrap();
    assert_eq!(next(&anna.submit(&format!("exports/{id}/delete"), &[]).await), again);
    let deleted = anna.open(&again).await.expect(200);
    assert!(deleted.text.contains("export-again") && !deleted.text.contains("export-download"));
}

#[tokio::test]
async fn a_page_says_that_an_export_has_to_be_made_again() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "member", "visibility": "all"})).await;
    workspace.fill("contacts", &workspace.anna.id, MANY).await;
    workspace.record(&ben, "contacts", "Zoe").await;
    let page = next(&ben.submit("records/contacts/export", &[]).await);
    server.run_batches().await;
    let path = format!("/members/{}", ben.id);
    let _ = workspace.anna.patch(&path, json!({"visibility": "own"})).await.expect(200);

    let refused = ben.open(&page).await.expect(200);
    assert!(refused.text.contains("You can read less than when this file was made."));
    assert!(!refused.text.contains("export-download"));
    let id = page.rsplit('/').next().unwrap();
    let again = next(&ben.submit(&format!("exports/{id}/again"), &[]).await);
    server.run_batches().await;
    let done = ben.open(&again).await.expect(200);
    let file = ben.get(&href(&done, "export-download")).await.expect(200);
    assert_eq!(file.text.lines().count(), 2);

    // A reader of the audit log sees the job, and nothing of its file.
    let seen = workspace.anna.open(&again).await.expect(200);
    assert!(!seen.text.contains("s-file") && !seen.text.contains("export-download"));
    let id = again.rsplit('/').next().unwrap();
    for act in ["again", "delete"] {
        let refused = workspace.anna.submit(&format!("exports/{id}/{act}"), &[]).await;
        assert_eq!(refused.status, 404, "{act}");
    }
}

#[tokio::test]
async fn a_wrong_filter_leads_back_to_its_list() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let back = workspace.anna.submit("records/contacts/export?stage=nowhere", &[]).await;
    assert_eq!(next(&back), "/workspace/acme/records/contacts?stage=nowhere");
    assert!(workspace.anna.get("/exports").await.items().is_empty());
}

#[tokio::test]
async fn a_long_audit_log_is_prepared_and_a_short_list_of_it_sent() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let direct = "href=\"/api/v1/workspaces/acme/audit/export";
    let prepared = "action=\"/workspace/acme/settings/audit/export";
    let list = anna.open("settings/audit").await.expect(200);
    assert!(list.text.contains(direct) && !list.text.contains(prepared));

    for number in 0..2_001 {
        let _ = anna.patch("", json!({"name": format!("Acme {number}")})).await.expect(200);
    }

    let list = anna.open("settings/audit").await.expect(200);
    assert!(list.text.contains(prepared) && !list.text.contains(direct), "{}", list.text);
    let denied = anna.open("settings/audit?outcome=denied").await.expect(200);
    assert!(denied.text.contains(direct) && !denied.text.contains(prepared));
    let long = anna.open("settings/audit?action=workspace.update").await.expect(200);
    let form = format!("{prepared}?action=workspace.update&#38;format=jsonl\"");
    assert!(long.text.contains(&form), "{}", long.text);

    let path = "settings/audit/export?action=workspace.update&format=jsonl";
    let page = next(&anna.submit(path, &[]).await);
    let running = anna.open(&page).await.expect(200);
    assert!(running.text.contains("Export of the audit log"), "{}", running.text);
    assert!(running.text.contains("0 entries so far"));
    server.run_batches().await;
    let done = anna.open(&page).await.expect(200);
    assert!(done.text.contains("2,001 of 2,001 entries"), "{}", done.text);
    let file = anna.get(&href(&done, "export-download")).await.expect(200);
    let expected = anna.get("/audit/export?action=workspace.update&format=jsonl").await;
    assert_eq!((file.text.lines().count(), &file.text), (2_001, &expected.expect(200).text));
    assert!(file.header("content-disposition").contains("audit-log.jsonl"));

    // It is made again with the same filter and format, and listed among the bulk jobs.
    let id = page.rsplit('/').next().unwrap();
    let _ = next(&anna.submit(&format!("exports/{id}/delete"), &[]).await);
    let again = next(&anna.submit(&format!("exports/{id}/again"), &[]).await);
    server.run_batches().await;
    let done = anna.open(&again).await.expect(200);
    assert_eq!(anna.get(&href(&done, "export-download")).await.expect(200).text, file.text);
    let jobs = anna.open("bulk-jobs").await.expect(200);
    assert!(jobs.text.contains("Export of 2,001 audit entries"), "{}", jobs.text);

    // A CSV file of the page begins with the mark by which Excel recognises UTF-8.
    let page = next(&anna.submit("settings/audit/export?outcome=done", &[]).await);
    server.run_batches().await;
    let done = anna.open(&page).await.expect(200);
    let file = anna.get(&href(&done, "export-download")).await.expect(200);
    assert!(file.text.starts_with('\u{FEFF}'));

    // A wrong filter leads back to the list, which says what is wrong.
    let back = next(&anna.submit("settings/audit/export?from=someday&action=x", &[]).await);
    assert_eq!(back, "/workspace/acme/settings/audit?action=x&from=someday");
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    assert_eq!(ben.submit("settings/audit/export", &[]).await.status, 403);
}

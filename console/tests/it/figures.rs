//! Dashboard, reports, modules, search, import and selections on pages.

use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::json;

#[tokio::test]
async fn the_dashboard_counts_what_its_reader_may_see() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let _ = workspace.record(&workspace.anna, "deals", "Secret").await;
    let _ = workspace.record(&ben, "deals", "Own").await;

    let all = workspace.anna.open("dashboard?type=deals").await.expect(200);
    assert!(all.text.contains("Full figures."), "{}", all.text);
    assert!(all.text.contains("You see all 2 deals"), "{}", all.text);
    let own = ben.open("dashboard?type=deals").await.expect(200);
    assert!(own.text.contains("Your own figures."), "{}", own.text);
    assert!(own.text.contains("You see 1 deal: 1 of your own"));
    assert!(!own.text.contains("Anna"), "{}", own.text);
}

#[tokio::test]
async fn a_report_is_saved_run_changed_and_deleted() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let _ = workspace.record(anna, "deals", "Acme").await;
    let form = [("name", ""), ("entity", "deals"), ("group_by", "stage"), ("measure", "count")];
    let refused = anna.submit("reports/new", &form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("role=\"alert\""));
    let form = [
        ("name", "By <stage>"),
        ("entity", "deals"),
        ("group_by", "stage"),
        ("measure", "count"),
    ];
    let made = anna.submit("reports/new", &form).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let path = made.header("location");
    let result = anna.open(&path).await.expect(200);
    assert!(
        result.text.contains("By &#60;stage&#62;")
            && result.text.contains("<ul class=\"bars\"")
    );
    let list = anna.open("reports").await.expect(200);
    assert!(list.text.contains(&path));
    let _ = anna.open(&format!("{path}/edit")).await.expect(200);
    let ask = anna.open(&format!("{path}/delete")).await.expect(200);
    assert!(ask.text.contains("No record changes"));
    assert_eq!(anna.submit(&format!("{path}/delete"), &[]).await.status, 303);
    assert_eq!(anna.open(&path).await.status, 404);
}

/// HALO-200, HALO-201: a module without access is in no menu, and its page is refused.
#[tokio::test]
async fn a_module_is_shown_with_the_level_of_its_reader_and_hidden_without_one() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let user = json!({"role": "member", "levels": {"ask_ai": "use", "inbox": "view"}});
    let ben = workspace.join("ben", user).await;
    let cleo =
        workspace.join("cleo", json!({"role": "member", "levels": {"inbox": "view"}})).await;

    let page = ben.open("modules/ask_ai").await.expect(200);
    assert!(page.text.contains("Your level is Use."), "{}", page.text);
    assert!(page.text.contains("Not allowed") && page.text.contains("Allowed"));
    assert!(page.text.contains("/modules/ask_ai\""));
    let refused = cleo.open("modules/ask_ai").await;
    assert_eq!(refused.status, 403);
    let inbox = cleo.open("records/inbox").await.expect(200);
    assert!(
        !inbox.text.contains("/modules/ask_ai\"")
            && !inbox.text.contains("/records/contacts\"")
    );
    assert_eq!(cleo.open("records/contacts").await.status, 403);
}

/// HARI-114: the rail shows exactly the record types that its reader can open.
#[tokio::test]
async fn the_rail_shows_exactly_the_record_types_that_open() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let roles = workspace.anna.get("/roles").await.expect(200);
    let mut people = vec![workspace.anna.same_session()];
    for (number, role) in roles.items().iter().enumerate() {
        let name = format!("p{number}");
        let sent = workspace.invite(&workspace.anna, &name, json!({"role": role["id"]})).await;
        if sent.status == 201 {
            people.push(workspace.accept_as_new(&name).await);
        }
    }
    assert!(people.len() > 1);
    let all = workspace.anna.get("/schema/entities").await.expect(200);
    for person in &people {
        let work = person.open("palette").await.expect(200);
        for one in all.items() {
            let key = one["key"].as_str().unwrap();
            let opens = person.get(&format!("/records/{key}")).await.status == 200;
            let link = format!("/workspace/acme/records/{key}\"");
            assert_eq!(work.text.contains(&link), opens, "{key}");
        }
    }
}

#[tokio::test]
async fn a_search_finds_only_what_its_reader_may_open() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let secret = workspace.record(&workspace.anna, "deals", "Acme secret").await;
    let own = workspace.record(&ben, "deals", "Acme own").await;

    let found = ben.open("search?q=acme").await.expect(200);
    assert!(found.text.contains(&own) && !found.text.contains(&secret));
    assert!(!found.text.contains("anna@example.com"));
    let all = workspace.anna.open("palette?q=acme&part=1").await.expect(200);
    assert!(all.text.contains(&own) && all.text.contains(&secret));
    assert!(!all.text.contains("<html"), "a part of a page");
    let members = workspace.anna.open("search?q=@ben").await.expect(200);
    assert!(members.text.contains("ben@example.com"));
}

#[tokio::test]
async fn an_import_says_what_is_wrong_by_line_and_creates_all_or_none() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let wrong = "Name;Amount\nFirst;100\n;5\nThird;much\n";
    let checked =
        anna.submit("records/deals/import", &[("text", wrong), ("do", "check")]).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    assert!(checked.text.contains("1 of 3 lines can be imported"), "{}", checked.text);
    assert!(checked.text.contains(">3</td>") && checked.text.contains(">4</td>"));
    assert_eq!(anna.get("/records/deals").await.body["total"], json!(0));
    let mapped = [
        ("text", "A,B\nFirst,100\n"),
        ("column.0", "name"),
        ("column.1", "-"),
        ("do", "import"),
    ];
    let done = anna.submit("records/deals/import", &mapped).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let records = anna.get("/records/deals").await.expect(200);
    assert_eq!(records.items()[0]["fields"], json!({"name": "First"}));
}

#[tokio::test]
async fn a_selection_changes_what_the_reader_may_change_and_says_what_is_left() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let first = workspace.record(anna, "deals", "First").await;
    let second = workspace.record(anna, "deals", "Second").await;

    let both = [("record", first.as_str()), ("record", &second), ("do", "stage")];
    assert_eq!(anna.submit("records/deals/selection", &both).await.status, 303);
    let path = format!("records/deals/selection?do=stage&record={first}&record={second}");
    let ask = anna.open(&path).await.expect(200);
    assert!(ask.text.contains("Move 2 deals"), "{}", ask.text);
    let form = [("record", first.as_str()), ("record", &second), ("stage", "won")];
    assert_eq!(anna.submit("records/deals/selection/stage", &form).await.status, 303);
    let record = anna.get(&format!("/records/deals/{second}")).await.expect(200);
    assert_eq!(record.body["stage"], json!("won"));
    let foreign = server.found_as("zoe", "team-management", "other").await;
    let stolen =
        foreign.anna.submit("records/deals/selection/delete", &[("record", &first)]).await;
    assert_eq!(stolen.status, 303);
    assert_eq!(anna.get(&format!("/records/deals/{first}")).await.status, 200);
}

/// A person who uploads a file.
async fn upload(person: &Person, path: &str, (name, bytes): (&str, &[u8])) -> Answer {
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/csv\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(
        b"\r\n--edge\r\nContent-Disposition: form-data; name=\"do\"\r\n\r\ncheck\r\n--edge--\r\n",
    );
    person.submit_as(path, "multipart/form-data; boundary=edge", body).await
}

#[tokio::test]
async fn a_file_is_imported_and_one_that_is_not_what_it_says_is_refused_in_words() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let path = "records/deals/import";

    let read =
        upload(&workspace.anna, path, ("deals.csv", b"Name;Amount\r\nZ\xc3\xbcrich;5\r\n"));
    let read = read.await.expect(200);
    assert!(read.text.contains("1 of 1 lines can be imported"), "{}", read.text);
    assert!(read.text.contains("Zürich;5"), "the text can be imported without the file");
    let image = upload(&workspace.anna, path, ("<b>.csv", b"\x89PNG\r\n\x1a\n\0\0")).await;
    assert_eq!(image.status, 422);
    assert!(image.text.contains("“&#60;b&#62;.csv” is not a CSV file"), "{}", image.text);
    let large = upload(&workspace.anna, path, ("a.csv", &vec![b'a'; 1_000_001])).await;
    assert!(large.text.contains("larger than 1 MB"), "{}", large.text);
}

//! Files that are not what an export writes change nothing, and are told what is wrong where.

use std::io::{Seek, SeekFrom, Write};

use hallpass_app::import::{
    ImportReport, ImportRequest, ImportedIds, LONGEST_LINE, MOST_PROBLEMS,
};
use hallpass_app::operation::Operator;
use hallpass_domain::id::{DepartmentId, MemberId};
use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::{Value, json};

use super::broken::rows;
use super::{exported, file, fill, import, imported, is_sound, member_of, text};

/// A workspace with something of every kind that a hostile file changes.
async fn workspace(server: &TestServer) -> TestWorkspace<'_> {
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let department = json!({"name": "North"});
    let north = anna.post("/departments", department).await.expect(201).id();
    let south = json!({"name": "South", "parent": north});
    let south = anna.post("/departments", south).await.expect(201).id();
    let role = json!({"name": "Reader", "grants": ["contacts:read:own"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let profile = json!({"name": "Full", "grants": {"contacts": {"read": "all"}}});
    let profile = anna.post("/profiles", profile).await.expect(201).id();
    let team = json!({"name": "Sales", "profile": profile});
    let team = anna.post("/teams", team).await.expect(201).id();
    let ben = workspace.join("ben", json!({"role": "manager"})).await;
    let cleo = workspace.join("cleo", json!({"role": role})).await;
    let access = json!({"manager": ben.id, "teams": [team], "department": south});
    let _ = anna.patch(&format!("/members/{}", cleo.id), access).await.expect(200);
    let _ = workspace.invite(anna, "zoe", json!({"role": "member"})).await.expect(201);
    for title in ["One", "Two", "Three"] {
        let _ = workspace.record(anna, "contacts", title).await;
        let _ = workspace.record(anna, "companies", title).await;
    }
    workspace
}

/// The place of the n-th line of a kind.
fn at(lines: &[Value], kind: &str, n: usize) -> usize {
    let mut found = lines.iter().enumerate().filter(|(_, line)| line["kind"] == kind);
    found.nth(n).unwrap().0
}

/// Checks that a file is refused with a problem at a line, and that nothing has changed.
async fn refused(server: &TestServer, lines: &[Value], (line, part): (Option<usize>, &str)) {
    let before = rows(server).await;
    let report = import(server, &text(lines), ("other", ImportedIds::New)).await.unwrap();
    let line = line.map(|at| u64::try_from(at).unwrap() + 1);
    let found = report.problems.iter().any(|one| one.line == line && one.text.contains(part));
    assert!(found, "{part} at {line:?}: {:?}", report.problems);
    assert_eq!(report.workspace, None);
    assert_eq!(rows(server).await, before, "{part}");
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "it is a table of files")]
async fn a_file_that_an_export_would_not_write_changes_nothing() {
    let server = TestServer::in_memory().await;
    let workspace = workspace(&server).await;
    let other = server.found_by(&workspace.anna, "standard", "other-one").await;
    let foreign = other.anna.id.clone();
    let lines = exported(&server, "acme").await;
    let stranger = MemberId(uuid::Uuid::now_v7()).to_string();
    let (ben, cleo) =
        (member_of(&lines, "ben@example.com"), member_of(&lines, "cleo@example.com"));
    let top = lines.iter().position(|line| line["role"] == "owner").unwrap();
    let of_ben = lines.iter().position(|line| line["id"] == json!(ben)).unwrap();
    let of_cleo = lines.iter().position(|line| line["id"] == json!(cleo)).unwrap();
    let place = |kind: &str, n: usize| at(&lines, kind, n);
    let with = |at: usize, key: &str, value: Value| {
        let mut lines = lines.clone();
        lines[at][key] = value;
        lines
    };
    let future = format!("rec_{}", "f".repeat(12)) + "7000800000000000000f";
    let cases: Vec<(Vec<Value>, Option<usize>, &str)> = vec![
        // Ids of other workspaces, of no one, of the future.
        (with(of_cleo, "manager", json!(foreign)), Some(of_cleo), "`manager`"),
        (
            with(place("record", 0), "owner", json!(foreign)),
            Some(place("record", 0)),
            "`owner`",
        ),
        (
            with(place("record", 1), "created_by", json!(stranger)),
            Some(place("record", 1)),
            "`created_by`",
        ),
        (with(place("event", 0), "actor", json!(stranger)), Some(place("event", 0)), "`actor`"),
        (with(place("audit", 0), "actor", json!(stranger)), Some(place("audit", 0)), "`actor`"),
        (
            with(place("department", 0), "manager", json!(stranger)),
            Some(place("department", 0)),
            "`manager`",
        ),
        (
            with(place("record", 0), "id", json!(future)),
            Some(place("record", 0)),
            "in the future",
        ),
        (
            with(of_cleo, "id", json!(format!("mbr_{}", "0".repeat(32)))),
            Some(of_cleo),
            "no id of this kind",
        ),
        (
            with(of_cleo, "id", json!(cleo.to_string().replace("mbr", "rol"))),
            Some(of_cleo),
            "mbr_",
        ),
        // Ids that are there twice.
        (with(of_cleo, "id", json!(ben)), Some(of_cleo), "there already"),
        (
            with(place("department", 1), "id", lines[place("department", 0)]["id"].clone()),
            Some(place("department", 1)),
            "there already",
        ),
        (
            with(place("record", 1), "id", lines[place("record", 0)]["id"].clone()),
            Some(place("record", 1)),
            "its place is wrong",
        ),
        (
            with(place("audit", 1), "id", lines[place("audit", 0)]["id"].clone()),
            Some(place("audit", 1)),
            "its place is wrong",
        ),
        (
            with(place("record", 3), "id", lines[place("record", 0)]["id"].clone()),
            None,
            "there twice",
        ),
        // Roles and rights that the access model does not have.
        (with(of_cleo, "role", json!("pope")), None, "pope"),
        (with(of_ben, "levels", json!({"contacts": "manage"})), None, ""),
        (with(place("role", 0), "grants", json!(["heaven:open:all"])), None, "heaven"),
        (
            with(place("role", 0), "grants", json!(["nonsense"])),
            Some(place("role", 0)),
            "/grants/0",
        ),
        (
            with(place("role", 0), "name", json!("Owner")),
            Some(place("role", 0)),
            "has its name",
        ),
        (
            with(place("profile", 0), "grants", json!({"contacts": {"read": "galaxy"}})),
            Some(place("profile", 0)),
            "galaxy",
        ),
        (
            with(place("team", 0), "profile", json!(format!("prf_{}", "1".repeat(32)))),
            None,
            "prf_",
        ),
        (
            with(place("invitation", 0), "role", json!("pope")),
            Some(place("invitation", 0)),
            "`role`",
        ),
        (with(0, "blueprint", json!("nonsense = ")), Some(0), ""),
        // A workspace that no guard would have allowed.
        (with(top, "status", json!("inactive")), None, "no active member has the role"),
        (with(of_ben, "manager", json!(ben)), None, "form a cycle"),
        (
            with(of_ben, "billing_contact", json!(true)),
            None,
            "more than one member is the billing contact",
        ),
        (
            with(place("department", 0), "parent", lines[place("department", 1)]["id"].clone()),
            None,
            "dep_",
        ),
        // Texts.
        (with(of_cleo, "first_name", json!("a\u{0}b")), Some(of_cleo), ""),
        (with(of_cleo, "email", json!("ben@EXAMPLE.com")), None, ""),
        (with(of_cleo, "email", json!("nowhere")), Some(of_cleo), "@"),
        (
            with(place("event", 0), "detail", json!({"a": ["\u{0}"]})),
            Some(place("event", 0)),
            "NUL",
        ),
        (with(place("audit", 0), "after", json!({"\u{0}": 1})), Some(place("audit", 0)), "NUL"),
        (
            with(place("record", 0), "fields", json!({"name": 7})),
            Some(place("record", 0)),
            "/fields/name",
        ),
        (
            with(place("record", 0), "fields", json!({"nonsense": "x"})),
            Some(place("record", 0)),
            "/fields/nonsense",
        ),
        (with(place("record", 0), "stage", json!("won")), Some(place("record", 0)), "stage"),
        (
            with(place("record", 0), "entity", json!("angels")),
            Some(place("record", 0)),
            "angels",
        ),
        (
            with(0, "settings", json!({"security": {"idle_minutes": -1}})),
            Some(0),
            "idle_minutes",
        ),
        (with(0, "settings", json!({"nonsense": {}})), Some(0), "nonsense"),
        (with(0, "format", json!(2)), Some(0), "format"),
        (with(of_cleo, "unknown", json!(1)), Some(of_cleo), "unknown"),
        (with(of_cleo, "kind", json!("angel")), Some(of_cleo), "angel"),
        (
            with(place("audit", 0), "revision", json!(i64::MAX)),
            Some(place("audit", 0)),
            "`revision`",
        ),
        (with(lines.len() - 1, "lines", json!(3)), Some(lines.len() - 1), "had 3 lines"),
    ];
    for (lines, line, part) in &cases {
        // Where the words are those of another part, its first problem counts.
        let line = if part.is_empty() { first_problem(&server, lines).await } else { *line };
        refused(&server, lines, (line, part)).await;
    }
    // Lines in another order, without an end, behind it, and two workspaces.
    let mut swapped = lines.clone();
    swapped.swap(of_cleo, place("record", 0));
    refused(&server, &swapped, (Some(of_cleo + 1), "comes before")).await;
    refused(&server, &lines[..lines.len() - 1], (None, "ends before the export did")).await;
    let two = [&lines[..], &lines[..1]].concat();
    refused(&server, &two, (Some(lines.len()), "nothing follows")).await;
    refused(&server, &lines[1..], (Some(0), "first line")).await;
    let unordered: Vec<Value> =
        lines.iter().filter(|line| line["kind"] != "member").cloned().collect();
    let report = import(&server, &text(&unordered), ("other", ImportedIds::New)).await.unwrap();
    assert!(!report.problems.is_empty() && report.problems.len() <= MOST_PROBLEMS);
    // The file itself is right.
    let _ = imported(&server, &text(&lines), ("right", ImportedIds::New)).await;
    is_sound(&server).await;
}

/// The line of the first problem of a file, from 0.
async fn first_problem(server: &TestServer, lines: &[Value]) -> Option<usize> {
    let report = import(server, &text(lines), ("other", ImportedIds::New)).await.unwrap();
    let line = report.problems.first().unwrap().line;
    line.map(|line| usize::try_from(line).unwrap() - 1)
}

#[tokio::test]
async fn a_file_that_was_cut_off_changes_nothing_wherever_that_was() {
    let server = TestServer::in_memory().await;
    let _ = workspace(&server).await;
    let whole = text(&exported(&server, "acme").await);
    let before = rows(&server).await;
    let cuts = (0..40).map(|n| whole.len() * n / 40);
    for cut in cuts.chain([whole.len() - 2, whole.len() - 1]) {
        let part = String::from_utf8_lossy(&whole.as_bytes()[..cut]).into_owned();

        let report = import(&server, &part, ("other", ImportedIds::New)).await.unwrap();

        assert!(!report.problems.is_empty(), "{cut}");
        assert_eq!(rows(&server).await, before, "{cut}");
    }
}

async fn checked(server: &TestServer, request: &ImportRequest) -> ImportReport {
    server.app.imports().check(&Operator::default(), request).await.unwrap()
}

#[tokio::test]
async fn a_line_of_any_length_is_refused_without_being_read() {
    let server = TestServer::in_memory().await;
    // Two gigabytes of zeros take no room on the drive.
    let file = file(b"");
    file.set_len(2 << 30).unwrap();
    let request = ImportRequest { file, slug: None, ids: ImportedIds::New };

    let report = checked(&server, &request).await;

    let told: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("line 1: it has more than"), "{told:?}");
    assert!(told[0].contains(&LONGEST_LINE.to_string()), "{told:?}");
    assert!(report.counts.is_empty());
}

#[tokio::test]
async fn a_file_that_changes_after_it_was_checked_is_not_imported() {
    let server = TestServer::in_memory().await;
    let _ = workspace(&server).await;
    fill(&server, 600).await;
    let whole = text(&exported(&server, "acme").await);
    let before = rows(&server).await;
    let path = std::env::temp_dir().join(format!("hallpass_{}", uuid::Uuid::now_v7().simple()));
    std::fs::write(&path, &whole).unwrap();
    let opened = std::fs::File::open(&path).unwrap();
    let slug = Some("other".to_owned());
    let request = ImportRequest { file: opened, slug, ids: ImportedIds::New };
    let mut is_changed = false;
    let mut change = |_, _| {
        if !is_changed {
            is_changed = true;
            // As long as before, so that only its text is another one.
            std::fs::write(&path, whole.replace("Record 599", "Record 000")).unwrap();
        }
    };

    let ended = server.app.imports().run(&Operator::default(), &request, &mut change).await;

    std::fs::remove_file(&path).unwrap();
    assert!(format!("{ended:?}").contains("has changed since it was checked"), "{ended:?}");
    assert_eq!(rows(&server).await, before);
}

#[tokio::test]
async fn kept_ids_and_slugs_that_the_server_has_are_refused() {
    let server = TestServer::in_memory().await;
    let workspace = workspace(&server).await;
    let whole = text(&exported(&server, "acme").await);
    let before = rows(&server).await;
    let refused = async |text: &str, how: (&str, ImportedIds), part: &str| {
        let report = import(&server, text, how).await.unwrap();
        let told: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|one| one.contains(part)), "{part}: {told:?}");
        assert_eq!(rows(&server).await, before);
    };

    refused(&whole, ("acme", ImportedIds::New), "the slug `acme` is taken").await;
    refused(&whole, ("A slug", ImportedIds::New), "the slug:").await;
    refused(&whole, ("other", ImportedIds::Kept), "a workspace with its id").await;
    // A workspace of another id, and members of this server.
    let id = workspace.anna.get("").await.expect(200).id();
    let mut fresh = id.clone();
    let last = if fresh.pop() == Some('0') { '1' } else { '0' };
    fresh.push(last);
    let disguised = whole.replace(&id, &fresh);
    refused(&disguised, ("other", ImportedIds::Kept), "the server has the id `mbr_").await;
    // A service account with the id of the account of Anna.
    let account = workspace.anna.get("/api/v1/me").await.expect(200).id();
    let lines = exported(&server, "acme").await;
    let ben = member_of(&lines, "ben@example.com").to_string();
    let service = disguised.replace(&ben, &account.replace("acc_", "mbr_"));
    refused(&service, ("other", ImportedIds::Kept), &account.replace("acc_", "mbr_")).await;
}

#[tokio::test]
async fn a_workspace_that_was_purged_comes_back_with_new_ids_only() {
    let server = TestServer::in_memory().await;
    let workspace = workspace(&server).await;
    let whole = text(&exported(&server, "acme").await);
    let operator = Operator::default();
    server.app.workspaces().delete_as(&operator, "acme", "acme").await.unwrap();
    server.app.workspaces().purge(&operator, "acme", "acme").await.unwrap();

    // What is in memory of the workspace is known by its id and revision.
    let report = import(&server, &whole, ("acme", ImportedIds::Kept)).await.unwrap();
    assert!(report.problems[0].text.contains("was purged"), "{:?}", report.problems);
    let _ = imported(&server, &whole, ("acme", ImportedIds::New)).await;

    let records = workspace.anna.get("/records/contacts").await.expect(200);
    assert_eq!(records.items().len(), 3);
    is_sound(&server).await;
}

#[tokio::test]
async fn the_lines_before_the_records_are_bounded_together() {
    let server = TestServer::in_memory().await;
    let _acme = server.found("standard").await;
    let lines = exported(&server, "acme").await;
    let before = rows(&server).await;
    let mut file = file(text(&lines[..1]).as_bytes());
    file.seek(SeekFrom::End(0)).unwrap();
    // Each is nearly as long as a line may be, and 21 of them, with the first line, are less than the bound.
    for number in 0..22 {
        let id = DepartmentId::from(uuid::Uuid::from_u128(number));
        let start = format!(r#"{{"kind":"department","id":"{id}","name":"North {number}""#);
        let spaces = " ".repeat(LONGEST_LINE - start.len() - 2);
        file.write_all(format!("{start}{spaces}}}\n").as_bytes()).unwrap();
    }
    file.write_all(text(&lines[1..]).as_bytes()).unwrap();
    file.rewind().unwrap();
    let slug = Some("other".to_owned());
    let request = ImportRequest { file, slug, ids: ImportedIds::New };

    let report = checked(&server, &request).await;

    let told: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    let bound =
        |line: usize| format!("line {line}: what precedes the records has more than 256 MiB");
    assert!(told.contains(&bound(23)), "{told:?}");
    assert!((1..23).all(|line| !told.contains(&bound(line))), "{told:?}");
    assert_eq!(rows(&server).await, before);
}

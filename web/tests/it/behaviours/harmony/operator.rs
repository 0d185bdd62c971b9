//! What only the operator does, with the contact that members are told.

use hallpass_app::Rules;
use hallpass_app::operation::Operator;
use hallpass_app::workspace::operator::WorkspaceQuery;
use hallpass_domain::id::WorkspaceId;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

use super::{further, make, routes};

const CONTACT: &str = "help@hallpass.example";

async fn server() -> TestServer {
    TestServer::with_rules(Rules { operator_contact: CONTACT.to_owned(), ..Rules::default() })
        .await
}

/// Checks that the refusal names the operator's contact.
#[track_caller]
fn check_refers(answer: &Answer, what: &str) {
    answer.refused(403, "not_self_serve");
    let detail = answer.text("detail");
    assert!(detail.contains(CONTACT) && detail.contains(what), "{detail}");
}

/// A member with a custom role that has every grant.
async fn almighty(workspace: &TestWorkspace<'_>) -> Person {
    let role = json!({"name": "Almighty", "grants": ["*:*:all"]});
    let role = workspace.anna.post("/roles", role).await.expect(201).id();
    workspace.join("cleo", json!({"role": role})).await
}

fn wanted(slug: &str) -> Value {
    json!({"name": "Another", "slug": slug, "blueprint": "harmony"})
}

/// HARMONY-15
#[tokio::test]
async fn the_first_workspace_is_created_at_sign_up() {
    let server = server().await;
    let anna = server.sign_up("anna").await;
    assert_eq!(anna.get("/api/v1/me").await.body["workspaces"], json!([]));

    let _ = anna.post("/api/v1/workspaces", wanted("acme")).await.expect(201);

    let me = anna.at("acme").await.get("/me").await.expect(200);
    assert_eq!((me.text("role"), me.text("status")), ("admin".to_owned(), "active".to_owned()));
    let places = anna.get("/api/v1/me").await.expect(200).body["workspaces"].clone();
    assert_eq!(places.as_array().unwrap().len(), 1);
}

/// HARMONY-16
#[tokio::test]
async fn further_workspaces_are_created_by_the_operator() {
    let server = server().await;
    let workspace = server.found("harmony").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = almighty(&workspace).await;

    for person in [&workspace.anna, &ben, &cleo] {
        let refused = person.post("/api/v1/workspaces", wanted("more")).await;
        check_refers(&refused, "create a workspace");
        assert_eq!(person.get("").await.expect(200).body["self_serve"]["create"], false);
    }
    make(&server.app, "ben", "more").await;

    let more = ben.at("more").await;
    assert_eq!(more.get("/me").await.expect(200).text("role"), "admin");
    assert_eq!(more.get("/members").await.expect(200).body["total"], 1);
    let operations =
        server.app.operations().list(&Operator::default(), None, None, 10).await.unwrap().0;
    assert_eq!(
        (operations[0].actor.as_str(), operations[0].action.as_str()),
        ("olga", "workspace.create")
    );
    // With `self_serve`, members may do it.
    let open =
        TestServer::with_rules(Rules { opens_self_serve: true, ..Rules::default() }).await;
    let workspace = open.found("harmony").await;
    assert_eq!(workspace.anna.get("").await.body["self_serve"]["create"], true);
    let _ = workspace.anna.post("/api/v1/workspaces", wanted("more")).await.expect(201);
}

/// The lines of an operator's export of a workspace, by kind.
async fn exported(server: &TestServer, slug: &str) -> Vec<Value> {
    let (lines, mut taken) = tokio::sync::mpsc::channel(1_000);
    let operator = Operator::new("olga");
    server.app.exports().run_as(&operator, slug, &lines).await.unwrap();
    drop(lines);
    let mut text = Vec::new();
    while let Some(piece) = taken.recv().await {
        text.extend(piece);
    }
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

/// HARMONY-46
#[tokio::test]
async fn only_the_operator_exports_a_workspace_and_no_one_imports_one() {
    let server = server().await;
    let workspace = server.found("harmony").await;
    let cleo = almighty(&workspace).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let record = workspace.record(&workspace.anna, "insights", "Quartz").await;
    let secret = json!({"connections": {"slack": {"kind": "slack", "name": "Slack",
        "config": {"token": "xoxb-quartz"}}}});
    let _ = workspace.anna.patch("/settings/integrations", secret).await.expect(200);

    for person in [&workspace.anna, &cleo, &ben] {
        check_refers(&person.get("/export").await, "export a workspace");
        assert_eq!(person.get("").await.body["self_serve"]["export"], false);
    }
    let imports = |path: &str| path.contains("/import");
    assert!(routes(&server).await.iter().all(|(path, _)| !imports(path)));

    let lines = exported(&server, "acme").await;
    let kinds = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).count();
    assert_eq!((kinds("workspace"), kinds("member"), kinds("record")), (1, 3, 1));
    assert!(lines.iter().any(|line| line["id"] == record.as_str()));
    assert!(!json!(lines).to_string().contains("xoxb-quartz"));
    let operations =
        server.app.operations().list(&Operator::default(), None, None, 1).await.unwrap().0;
    assert_eq!(operations[0].action, "workspace.export");
    // With `self_serve`, the role decides.
    let open =
        TestServer::with_rules(Rules { opens_self_serve: true, ..Rules::default() }).await;
    let workspace = open.found("harmony").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    ben.get("/export").await.refused(403, "denied");
    let file = workspace.anna.get("/export").await.expect(200);
    assert!(
        file.text.lines().any(|line| line.contains("\"kind\":\"member\"")),
        "{}",
        file.text
    );
    let noted = workspace.anna.get("/audit?action=workspace.export").await.expect(200);
    assert_eq!(noted.items().len(), 1);
}

/// HARMONY-47
#[tokio::test]
async fn refusals_for_operator_tasks_name_the_operators_contact() {
    let server = server().await;
    let workspace = server.found("harmony").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let anna = &workspace.anna;

    // What the workspace tells every member about operator tasks.
    for person in [anna, &ben] {
        let here = person.get("").await.expect(200);
        assert_eq!(here.text("operator_contact"), CONTACT);
        let closed =
            json!({"create": false, "delete": false, "export": false, "mail_templates": false});
        assert_eq!(here.body["self_serve"], closed);
    }
    check_refers(&anna.post("/api/v1/workspaces", wanted("more")).await, "create");
    check_refers(&anna.get("/export").await, "export");
    check_refers(&anna.delete_with("", json!({"confirm": "acme"})).await, "delete");
    let footer = json!({"mail_footer": "Yours, Acme"});
    check_refers(&anna.patch("/settings/branding", footer).await, "mails");
}

/// HARMONY-48
#[tokio::test]
async fn members_cannot_delete_a_workspace() {
    let server = server().await;
    let workspace = server.found("harmony").await;
    let cleo = almighty(&workspace).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;

    for person in [&workspace.anna, &cleo, &ben] {
        let refused = person.delete_with("", json!({"confirm": "acme"})).await;
        check_refers(&refused, "delete a workspace");
        assert_eq!(person.get("").await.expect(200).body["self_serve"]["delete"], false);
    }

    let _ = workspace.anna.get("/members").await.expect(200);
    let denied = workspace.anna.get("/audit?outcome=denied").await.expect(200);
    assert_eq!(denied.each("action"), ["workspace:delete"; 3]);
}

/// The number of rows of a workspace in all tables.
async fn rows_of(server: &TestServer, id: WorkspaceId) -> i64 {
    let mut tx = server.app.db().read().await.unwrap();
    let tables = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
                  WHERE m.type = 'table' AND c.name = 'workspace_id'";
    let tables = tx.query(tables, &[]).await.unwrap();
    assert!(tables.len() > 10);
    let mut rows = 0;
    for table in tables {
        let sql =
            format!("SELECT count(*) FROM {} WHERE workspace_id = ?1", table.text(0).unwrap());
        rows += tx.query(&sql, &[id.into()]).await.unwrap()[0].int(0).unwrap();
    }
    rows
}

/// HARMONY-63
#[tokio::test]
async fn the_operator_deletes_a_workspace_with_an_audit_entry_and_a_grace_period() {
    let server = server().await;
    let workspace = server.found("harmony").await;
    let _ = workspace.record(&workspace.anna, "insights", "Quartz").await;
    let id: WorkspaceId = workspace.anna.get("").await.id().parse().unwrap();
    let (app, olga) = (&server.app, Operator::new("olga"));
    assert!(app.workspaces().delete_as(&olga, "acme", "Acme").await.is_err());

    app.workspaces().delete_as(&olga, "acme", "acme").await.unwrap();

    workspace.anna.get("").await.refused(404, "not_found");
    let asked = app.operations().list(&olga, None, None, 1).await.unwrap().0.remove(0);
    assert_eq!((asked.actor.as_str(), asked.action.as_str()), ("olga", "workspace.delete"));
    assert_eq!(asked.subject, id.to_string());
    assert_eq!(asked.detail["after"]["purge_at"], "2026-04-14T12:00:00Z");
    let due =
        app.workspaces().list_as(&olga, &WorkspaceQuery::default(), None, 10).await.unwrap().0
            [0]
        .purge_at
        .unwrap();
    assert_eq!(due.to_string(), "2026-04-14T12:00:00Z");
    server.advance_days(30);
    assert_eq!(app.workspaces().purge_due().await.unwrap(), 0);
    assert!(rows_of(&server, id).await > 0);
    server.clock.advance(hallpass_domain::time::Span::minutes(1));
    assert_eq!(app.workspaces().purge_due().await.unwrap(), 1);
    assert_eq!(rows_of(&server, id).await, 0);
    let purged = app.operations().list(&olga, None, None, 1).await.unwrap().0.remove(0);
    assert_eq!((purged.actor.as_str(), purged.action.as_str()), ("purge", "workspace.purge"));
    assert_eq!(purged.subject, id.to_string());
    assert_eq!(purged.detail["deleted_at"], "2026-03-15T12:00:00Z");
    let right = json!({"email": "anna@example.com", "password": "correct horse battery"});
    let again = server.anonymous();
    let _ = again.post("/api/v1/sessions", right).await.expect(201);
    assert_eq!(again.get("/api/v1/me").await.expect(200).body["workspaces"], json!([]));
}

/// The invitation mails of a workspace, without their individual parts.
async fn invitations(server: &TestServer) -> Vec<Value> {
    let letters = server.mails().await.into_iter().map(|(_, mail_template)| mail_template);
    let mut letters: Vec<Value> =
        letters.filter(|mail_template| mail_template["kind"] == "invitation").collect();
    for mail_template in &mut letters {
        for own in ["workspace", "token"] {
            assert!(mail_template.as_object_mut().unwrap().remove(own).is_some());
        }
    }
    letters
}

/// HARMONY-65
#[tokio::test]
async fn mail_texts_do_not_depend_on_the_branding_of_a_workspace() {
    let server = server().await;
    let workspace = server.found("harmony").await;
    let other = further(&server, &workspace.anna, "anna", "other").await;
    let cleo = almighty(&workspace).await;
    let footer = json!({"mail_footer": "Yours, Acme"});
    for person in [&workspace.anna, &cleo] {
        let refused = person.patch("/settings/branding", footer.clone()).await;
        check_refers(&refused, "change the texts of mails");
        assert_eq!(person.get("").await.body["self_serve"]["mail_templates"], false);
    }
    let branding = json!({"colour": "#336699", "logo": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg=="});
    let _ = workspace.anna.patch("/settings/branding", branding).await.expect(200);
    let before = invitations(&server).await.len();

    for workspace in [&workspace, &other] {
        let invited = workspace.invite(&workspace.anna, "ben", json!({"role": "member"})).await;
        let _ = invited.expect(201);
    }

    let letters = invitations(&server).await.split_off(before);
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0], letters[1]);
    let paths = routes(&server).await;
    // The address of an account is no text of a mail.
    let mut paths = paths.iter().filter(|(path, _)| path != "/api/v1/me/email");
    assert!(paths.all(|(path, _)| !path.contains("mail") && !path.contains("template")));
}

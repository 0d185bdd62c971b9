//! The access model of a workspace: read, compared with another one, replaced.

use hallpass_app::Rules;
use hallpass_app::account::operator::OperatorStatus;
use hallpass_app::app::OwnBlueprints;
use hallpass_app::operation::Operator;
use hallpass_app::workspace::NewWorkspace;
use hallpass_domain::id::WorkspaceId;
use hallpass_testkit::{Person, TestServer, TestWorkspace, compiles_before_it_locks};
use serde_json::{Value, json};

/// The standard model under an id of one's own, after a change of its text.
fn own_text(id: &str, old: &str, new: &str) -> String {
    let text = hallpass_domain::blueprint::find("standard").unwrap();
    let text = text.replacen("id = \"standard\"", &format!("id = \"{id}\""), 1);
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

async fn compare(person: &Person, text: &str) -> Value {
    let body = json!({"blueprint_text": text});
    person.post("/blueprint/compare", body).await.expect(200).body
}

async fn world(server: &TestServer) -> (TestWorkspace<'_>, Person, Person) {
    let workspace = server.found("standard").await;
    let admin = workspace.join("ben", json!({"role": "admin"})).await;
    let member = workspace.join("cleo", json!({"role": "member"})).await;
    (workspace, admin, member)
}

#[tokio::test]
async fn the_pages_of_a_comparison_list_every_member_once() {
    let server = TestServer::in_memory().await;
    let (workspace, ..) = world(&server).await;
    let anna = &workspace.anna;
    for name in ["dora", "eve", "fred"] {
        let _ = workspace.join(name, json!({"role": "member"})).await;
    }
    let body = json!({"blueprint_text": own_text("mine", "  \"invoices:read:own\",\n", "")});
    let page = async |parameters: &str| {
        let path = format!("/blueprint/compare?{parameters}");
        anna.post(&path, body.clone()).await
    };
    let whole = page("limit=200").await.expect(200).body;
    assert_eq!((&whole["members"], &whole["next_cursor"]), (&json!(4), &Value::Null));

    let (mut changes, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let part = page(&format!("limit=1{cursor}")).await.expect(200).body;
        assert_eq!((&part["members"], &part["id"]), (&whole["members"], &whole["id"]));
        changes.extend(part["changes"].as_array().unwrap().iter().cloned());
        pages += 1;
        let Some(next) = part["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }

    assert_eq!((pages, json!(changes)), (4, whole["changes"].clone()));
    let members = anna.get("/members?limit=1").await.expect(200).text("next_cursor");
    for wrong in ["limit=0", "limit=201", "cursor=x", &format!("cursor={members}")] {
        assert_eq!(page(wrong).await.status, 422, "{wrong}");
    }
}

const MANAGER: &str = "[roles.manager]";

#[tokio::test]
async fn an_access_model_is_replaced_by_one_that_was_compared_with_it() {
    let server = TestServer::in_memory().await;
    let (workspace, _, member) = world(&server).await;
    let anna = &workspace.anna;
    let before = anna.get("/blueprint").await.expect(200);
    assert_eq!(before.text("id"), "standard");
    assert!(before.text("text").contains(MANAGER));
    assert_eq!(before.body["has_upgrade"], false);
    let text = own_text("mine", "  \"invoices:read:own\",\n", "");

    let found = compare(anna, &text).await;

    assert_eq!(found["fits"], true, "{found}");
    let changes = found["changes"].as_array().unwrap();
    let loses = json!({"member": member.id, "name": "Cleo", "resource": "invoices",
        "action": "read", "before": "own + unowned", "after": "none"});
    assert_eq!(changes, &[loses], "{found}");
    assert_eq!(anna.get("/blueprint").await.text("id"), "standard", "nothing is changed");
    let body = json!({"blueprint_text": text, "comparison": found["id"]});
    let replaced = anna.put("/blueprint", body.clone()).await.expect(200);
    assert_eq!((replaced.text("id"), replaced.text("text")), ("mine".to_owned(), text.clone()));
    assert_eq!(anna.get("/blueprint").await.text("text"), text);
    let entry =
        anna.get("/audit?action=blueprint.replace").await.expect(200).items()[0].clone();
    assert_eq!(entry["before"]["blueprint"], "standard");
    assert_eq!(entry["after"]["text"], text.as_str());
    // The same request again is of an older revision.
    anna.put("/blueprint", body).await.refused(409, "comparison_outdated");
}

#[tokio::test]
async fn a_comparison_holds_for_its_text_and_revision_only() {
    let server = TestServer::in_memory().await;
    let (workspace, _, _) = world(&server).await;
    let text = own_text("mine", "name = ", "name = ");
    let other = own_text("other", "name = ", "name = ");
    let found = compare(&workspace.anna, &text).await;

    let swapped = json!({"blueprint_text": other, "comparison": found["id"]});
    workspace.anna.put("/blueprint", swapped).await.refused(409, "comparison_outdated");
    let _ = workspace.join("dora", json!({"role": "member"})).await;
    let late = json!({"blueprint_text": text, "comparison": found["id"]});
    workspace.anna.put("/blueprint", late).await.refused(409, "comparison_outdated");

    assert_eq!(workspace.anna.get("/blueprint").await.text("id"), "standard");
}

/// Replaces the access model on a server that has not compared it, while something else holds the workspace.
async fn replace_on_another_server(server: TestServer) {
    let (workspace, ..) = world(&server).await;
    let anna = &workspace.anna;
    let id: WorkspaceId = anna.get("").await.id().parse().unwrap();
    let text = own_text("mine", "name = ", "name = ");
    let elsewhere = server.with_session_at(server.another().await, anna);
    let found = compare(&elsewhere, &text).await;

    let body = json!({"blueprint_text": text, "comparison": found["id"]});
    let replaced = anna.put("/blueprint", body);
    let replaced = compiles_before_it_locks(&server.app, id, replaced).await;

    assert_eq!(replaced.expect(200).text("id"), "mine");
}

#[tokio::test]
async fn an_access_model_is_compiled_before_the_workspace_is_locked_on_sqlite() {
    replace_on_another_server(TestServer::on_file().await).await;
}

#[tokio::test]
async fn an_access_model_is_compiled_before_the_workspace_is_locked_on_postgres() {
    replace_on_another_server(TestServer::on_postgres().await).await;
}

#[tokio::test]
async fn what_does_not_fit_another_access_model_is_listed_and_nothing_changes() {
    let server = TestServer::in_memory().await;
    let (workspace, ..) = world(&server).await;
    let anna = &workspace.anna;
    let _ = workspace.record(anna, "tickets", "Broken window").await;
    for blueprint in ["harmony", "hari", "harmonia", "team-management", "halo"] {
        let found =
            anna.post("/blueprint/compare", json!({"blueprint": blueprint})).await.expect(200);
        assert_eq!(found.body["fits"], false, "{blueprint}: {}", found.body);
        let misfits = found.body["misfits"].to_string();
        assert!(!misfits.is_empty() && !misfits.contains("mbr_"), "{misfits}");

        let body = json!({"blueprint": blueprint, "comparison": found.body["id"]});
        let refused = anna.put("/blueprint", body).await;

        refused.refused(422, "invalid");
        assert_eq!(refused.pointers()[0], "/blueprint");
    }
    assert_eq!(anna.get("/blueprint").await.text("id"), "standard");
    let _ = anna.get("/records/tickets").await.expect(200);
}

#[tokio::test]
async fn only_the_top_role_replaces_the_access_model() {
    let server = TestServer::in_memory().await;
    let (workspace, admin, member) = world(&server).await;
    let eve = server.found_as("eve", "standard", "other").await.anna.at("acme").await;
    let text = own_text("mine", "name = ", "name = ");
    let found = compare(&workspace.anna, &text).await;
    let body = json!({"blueprint_text": text, "comparison": found["id"]});

    for (person, status) in [(&admin, 403), (&member, 403), (&eve, 404)] {
        assert_eq!(person.put("/blueprint", body.clone()).await.status, status);
        assert_eq!(person.get("/blueprint").await.status, status);
        let compared = person.post("/blueprint/compare", json!({"blueprint": "halo"})).await;
        assert_eq!(compared.status, status);
    }
}

#[tokio::test]
async fn the_ids_of_shipped_access_models_are_reserved() {
    let server = TestServer::in_memory().await;
    let (workspace, ..) = world(&server).await;
    let text = own_text("standard", "name = \"", "name = \"My ");
    let new = json!({"name": "Own", "slug": "own", "blueprint_text": text});
    let created = workspace.anna.post("/api/v1/workspaces", new).await;
    let compared =
        workspace.anna.post("/blueprint/compare", json!({"blueprint_text": text})).await;

    for answer in [created, compared] {
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers(), ["/blueprint_text"]);
    }
}

#[tokio::test]
async fn permissions_for_an_own_app_are_shown_as_such() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;

    let blueprint = server.anonymous().get("/api/v1/blueprints/standard").await.expect(200);
    let owner = anna.get("/roles/owner").await.expect(200);
    let member = anna.get("/roles/member").await.expect(200);

    let resources = blueprint.body["resources"].as_array().unwrap();
    let own_app = |key: &str| {
        let resource = resources.iter().find(|resource| resource["key"] == key).unwrap();
        resource["own_app"].clone()
    };
    assert_eq!(own_app("ask_ai"), json!(["use", "share"]));
    assert_eq!(own_app("workspace"), json!(["import"]));
    assert_eq!(own_app("contacts"), json!([]));
    let of_owner = json!([
        "ask_ai:use",
        "ask_ai:share",
        "webhooks:read",
        "webhooks:create",
        "webhooks:update",
        "webhooks:delete",
        "workspace:import",
    ]);
    assert_eq!(owner.body["own_app"], of_owner);
    assert_eq!(member.body["own_app"], json!(["ask_ai:use"]));
}

#[tokio::test]
async fn everything_that_an_open_invitation_names_must_fit() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let without_bot = own_text("mine", "[modules.ask_ai]", "[modules.bot]")
        .replace("ask_ai", "bot")
        .replace(
            "level = \"edit\", actions = [\"update\"] }]\n\n[settings.integrations]",
            "level = \"write\", actions = [\"update\"] }]\n\n[settings.integrations]",
        )
        .replace("schema = \"view\"", "schema = \"write\"");
    let same = own_text("mine", "name = ", "name = ");
    for (name, gives, fits) in [
        ("ben", json!({"landing": "ask_ai"}), false),
        ("cleo", json!({"levels": {"ask_ai": "use"}}), false),
        ("dora", json!({"levels": {"schema": "edit"}}), false),
        ("eve", json!({"levels": {"schema": "view"}, "landing": "contacts"}), true),
    ] {
        let mut ask = gives;
        ask["role"] = json!("member");
        let invitation = workspace.invite(anna, name, ask).await.expect(201).id();

        let found = compare(anna, &without_bot).await;

        assert_eq!(found["fits"], fits, "{name}: {found}");
        let told = found["misfits"].to_string();
        assert_eq!(told.contains("open invitation"), !fits, "{told}");
        assert_eq!(compare(anna, &same).await["fits"], true, "{name}");
        let _ = anna.delete(&format!("/invitations/{invitation}")).await.expect(204);
    }
}

#[tokio::test]
async fn a_key_replaces_the_access_model_as_its_member_may() {
    let server = TestServer::in_memory().await;
    let (workspace, admin, _) = world(&server).await;
    let anna = &workspace.anna;
    let text = own_text("mine", "name = ", "name = ");
    let key = async |of: &str| {
        let made = anna.post("/api-keys", json!({"name": "Sync", "member": of})).await;
        anna.with_api_key(&made.expect(201).text("key"))
    };
    let (of_owner, of_admin) = (key(&anna.id).await, key(&admin.id).await);
    let found = compare(&of_owner, &text).await;
    let body = json!({"blueprint_text": text, "comparison": found["id"]});

    of_admin.put("/blueprint", body.clone()).await.refused(403, "denied");
    assert_eq!(of_owner.put("/blueprint", body).await.expect(200).text("id"), "mine");

    let entry =
        anna.get("/audit?action=blueprint.replace").await.expect(200).items()[0].clone();
    assert_eq!(entry["actor"], anna.id.as_str(), "{entry}");
}

#[tokio::test]
async fn a_deleted_workspace_keeps_its_access_model() {
    let server = TestServer::in_memory().await;
    let (workspace, ..) = world(&server).await;
    let anna = &workspace.anna;
    let text = own_text("mine", "name = ", "name = ");
    let found = compare(anna, &text).await;
    let body = json!({"blueprint_text": text, "comparison": found["id"]});
    let _ = anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);

    let replaced = anna.put("/blueprint", body.clone()).await;
    let compared = anna.post("/blueprint/compare", json!({"blueprint_text": text})).await;

    assert_eq!((replaced.status, compared.status), (404, 404));
    let _ = anna.post("/restore", json!({})).await.expect(200);
    assert_eq!(anna.get("/blueprint").await.text("id"), "standard");
    anna.put("/blueprint", body).await.refused(409, "comparison_outdated");
}

/// In this model a custom role can grant the permission to replace the access model.
#[tokio::test]
async fn the_permission_alone_does_not_replace_the_access_model() {
    let server = TestServer::in_memory().await;
    let (workspace, ..) = world(&server).await;
    let anna = &workspace.anna;
    let role = json!({"name": "Deputy", "grants": ["workspace:delete:all"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let deputy = workspace.join("dora", json!({"role": role})).await;
    let text = own_text("mine", "name = ", "name = ");
    let found = compare(&deputy, &text).await;
    let body = json!({"blueprint_text": text, "comparison": found["id"]});

    deputy.put("/blueprint", body.clone()).await.refused(403, "top_role_only");

    assert_eq!(anna.put("/blueprint", body).await.expect(200).text("id"), "mine");
}

async fn with_own(own_blueprints: OwnBlueprints) -> TestServer {
    TestServer::with_rules(Rules { own_blueprints, ..Rules::default() }).await
}

async fn make_operator(server: &TestServer, name: &str) {
    let email = format!("{name}@example.com").parse().unwrap();
    let (accounts, root) = (server.app.accounts(), Operator::new("root"));
    let account = accounts.find_as(&root, &email).await.unwrap();
    let changed = accounts.set_operator_as(&root, account.id, OperatorStatus::Operator).await;
    assert!(changed.unwrap());
}

/// What each route that takes an access model answers to a holder of the top role.
async fn statuses(person: &Person, text: &str) -> [u16; 3] {
    let compared = person.post("/blueprint/compare", json!({"blueprint_text": text})).await;
    let comparison = compared.body["id"].as_str().unwrap_or_default().to_owned();
    let body = json!({"blueprint_text": text, "comparison": comparison});
    let replaced = person.put("/blueprint", body).await;
    let body = json!({"name": "More", "slug": "more", "blueprint_text": text});
    let created = person.post("/api/v1/workspaces", body).await;
    for answer in [&compared, &replaced, &created] {
        if answer.status == 403 {
            assert_eq!(answer.text("code"), "not_self_serve", "{}", answer.body);
        }
    }
    [compared.status, replaced.status, created.status]
}

#[tokio::test]
async fn the_operator_decides_who_brings_an_access_model() {
    let text = own_text("mine", "  \"invoices:read:own\",\n", "");
    for (rule, member, operator, machine) in [
        (OwnBlueprints::Everybody, [200, 200, 201], [200, 200, 201], true),
        (OwnBlueprints::Operators, [403; 3], [200, 200, 201], true),
        (OwnBlueprints::None, [403; 3], [403; 3], false),
    ] {
        for (is_operator, expected) in [(false, member), (true, operator)] {
            let server = with_own(rule).await;
            let workspace = server.found("standard").await;
            if is_operator {
                make_operator(&server, "anna").await;
            }
            assert_eq!(
                statuses(&workspace.anna, &text).await,
                expected,
                "{rule:?} {is_operator}"
            );
        }
        let server = with_own(rule).await;
        let _workspace = server.found("standard").await;
        let new = NewWorkspace {
            name: "Made".into(),
            slug: "made".into(),
            blueprint: None,
            blueprint_text: Some(text.clone()),
        };
        let email = "anna@example.com".parse().unwrap();
        let made =
            server.app.workspaces().create_as(&Operator::new("root"), &email, &new).await;
        assert_eq!(made.is_ok(), machine, "{rule:?}");
    }
}

#[tokio::test]
async fn a_shipped_access_model_is_taken_and_a_key_is_no_operator() {
    let server = with_own(OwnBlueprints::Operators).await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let shipped = hallpass_domain::blueprint::find("standard").unwrap();
    let text = own_text("mine", "  \"invoices:read:own\",\n", "");
    make_operator(&server, "anna").await;

    let key = anna.post("/api-keys", json!({"name": "Script"})).await.expect(201);
    let script = anna.with_api_key(&key.text("key"));

    let _ =
        anna.post("/blueprint/compare", json!({"blueprint_text": shipped})).await.expect(200);
    let _ =
        script.post("/blueprint/compare", json!({"blueprint_text": shipped})).await.expect(200);
    let refused = script.post("/blueprint/compare", json!({"blueprint_text": text})).await;
    refused.refused(403, "not_self_serve");
}

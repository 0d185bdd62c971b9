//! A name keeps its meaning: what another access model does with the permissions that members hold is
//! compared, and no grant, level or scope on a name becomes one on something else.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

/// A model whose clerks hold the general settings, and read and peek at deals.
const MODEL: &str = r#"
[blueprint]
id = "first"
name = "First"

[records.deals]
actions = ["create", "read", "update", "delete", "peek"]

[custom_entities]

[settings.general]
covers = ["general"]
actions = ["read", "create", "update", "delete"]

[settings.people]
covers = ["members", "roles"]
actions = ["read", "create", "update", "delete"]

[settings.technical]
covers = ["api_keys", "blueprint", "schema"]
actions = ["read", "create", "update", "delete"]

[roles.owner]
rank = 2
top = true
grants = ["*:*:all"]
given_by = ["owner"]
touched_by = ["owner"]

[roles.member]
name = "Clerk"
rank = 1
grants = ["general:*:all", "deals:read,peek:all", "deals:create:own"]
given_by = ["owner"]
touched_by = ["owner"]

[custom_roles]
rank = 1
given_by = ["owner"]
touched_by = ["owner"]
"#;

/// The model under another id, after changes of its text.
fn changed(id: &str, changes: &[(&str, &str)]) -> String {
    let text = MODEL.replacen("id = \"first\"", &format!("id = \"{id}\""), 1);
    changes.iter().fold(text, |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    })
}

async fn compare(anna: &Person, text: &str) -> Value {
    anna.post("/blueprint/compare", json!({"blueprint_text": text})).await.expect(200).body
}

async fn replace(anna: &Person, text: &str) {
    let found = compare(anna, text).await;
    assert_eq!(found["fits"], true, "{found}");
    let body = json!({"blueprint_text": text, "comparison": found["id"]});
    let _ = anna.put("/blueprint", body).await.expect(200);
}

async fn world(server: &TestServer) -> (TestWorkspace<'_>, Person) {
    let founder = server.sign_up("anna").await;
    let body = json!({"name": "Acme", "slug": "acme", "blueprint_text": MODEL});
    let _ = founder.post("/api/v1/workspaces", body).await.expect(201);
    let workspace = TestWorkspace::new(server, "first", "acme", founder.at("acme").await);
    let clerk = workspace.join("cleo", json!({"role": "member"})).await;
    (workspace, clerk)
}

const GENERAL: &str = "covers = [\"general\"]";

/// Changes of the text, what they let a clerk do, and a request that shows it: method, path and status.
type Case = (
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, &'static str)],
    (&'static str, &'static str, u16),
);

#[tokio::test]
async fn what_members_gain_by_the_meaning_of_their_permissions_is_compared_and_previewed() {
    let cases: [Case; 5] = [
        (
            &[
                (GENERAL, "covers = [\"general\", \"roles\"]"),
                ("\"members\", \"roles\"", "\"members\""),
            ],
            &[("roles", "read"), ("roles", "create"), ("roles", "update"), ("roles", "delete")],
            ("GET", "/roles", 200),
        ),
        (
            &[(GENERAL, "covers = [\"general\", \"api_keys\"]"), ("\"api_keys\", ", "")],
            &[("api_keys", "read"), ("api_keys", "create"), ("api_keys", "delete")],
            ("GET", "/api-keys", 200),
        ),
        (
            &[("\"peek\"]", "\"peek\"]\nupdate = \"read\"")],
            // Who updates a record may hand it over, where no action is for that.
            &[("deals", "update"), ("deals", "reassign")],
            ("PATCH", "/records/deals/ID", 200),
        ),
        (
            &[("\"peek\"]", "\"peek\"]\ndelete = \"peek\"")],
            &[("deals", "delete")],
            ("DELETE", "/records/deals/ID", 204),
        ),
        // The order of the text means nothing.
        (&[(GENERAL, "covers = [ \"general\" ]")], &[], ("GET", "/api-keys", 403)),
    ];
    for (changes, expected, (method, path, status)) in cases {
        let server = TestServer::in_memory().await;
        let (workspace, clerk) = world(&server).await;
        let anna = &workspace.anna;
        let deal = json!({"fields": {}});
        let deal = anna.post("/records/deals", deal).await.expect(201).id();
        let path = path.replace("ID", &deal);
        let body = (method == "PATCH").then(|| json!({"fields": {}}));
        let text = changed("second", changes);
        if !expected.is_empty() {
            let refused = clerk.request(method, &clerk.uri(&path), body.clone()).await;
            refused.refused(403, "denied");
        }

        let found = compare(anna, &text).await;

        let told: Vec<(Value, Value, Value)> = found["changes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["member"] == clerk.id)
            .map(|one| (one["resource"].clone(), one["action"].clone(), one["after"].clone()))
            .collect();
        let expected: Vec<(Value, Value, Value)> = expected
            .iter()
            .map(|(resource, action)| (json!(resource), json!(action), json!("all")))
            .collect();
        assert_eq!(told, expected, "{found}");
        let body_of_put = json!({"blueprint_text": text, "comparison": found["id"]});
        let change = json!({"method": "PUT", "path": "/blueprint", "body": body_of_put});
        let preview =
            anna.post("/access/preview", json!({ "change": change })).await.expect(200);
        assert_eq!(preview.body["allowed"], true, "{}", preview.text);
        let in_preview = preview.body["members"].to_string().contains(&clerk.id);
        assert_eq!(in_preview, !expected.is_empty(), "{}", preview.text);
        let _ = anna.put("/blueprint", body_of_put).await.expect(200);
        let then = clerk.request(method, &clerk.uri(&path), body).await;
        assert_eq!(then.status, status, "{}", then.text);
    }
}

#[tokio::test]
async fn a_grant_on_a_record_type_becomes_none_on_a_setting_with_its_key() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = world(&server).await;
    let anna = &workspace.anna;
    let with_crew =
        changed("crew", &[("[custom_entities]", "[records.crew]\n\n[custom_entities]")]);
    replace(anna, &with_crew).await;
    let role = json!({"name": "Crew", "grants": ["crew:read,update:all"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let as_setting = changed(
        "setting",
        &[
            ("[settings.people]", "[settings.crew]"),
            ("\"members\", \"roles\"", "\"roles\", \"members\""),
        ],
    );

    let found = compare(anna, &as_setting).await;

    assert_eq!(found["fits"], false, "{found}");
    let misfit = found["misfits"][0].as_str().unwrap();
    assert!(misfit.contains("`crew` is something of another kind"), "{misfit}");
    let body = json!({"blueprint_text": as_setting, "comparison": found["id"]});
    anna.put("/blueprint", body).await.refused(422, "invalid");
    // Without the grant there is nothing to mistake.
    let _ = anna.delete(&format!("/roles/{role}")).await.expect(204);
    replace(anna, &as_setting).await;
}

#[tokio::test]
async fn the_scopes_of_an_api_key_keep_their_record_type() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = world(&server).await;
    let anna = &workspace.anna;
    let entity = json!({"key": "crew", "name": "Crew", "fields": [{"key": "name", "name": "Name", "type": "text",
        "required": true}]});
    let _ = anna.post("/schema/entities", entity).await.expect(201);
    let named = json!({"name": "Named", "scopes": ["crew:read,update"]});
    let key = anna.post("/api-keys", named).await.expect(201).id();
    let wide = json!({"name": "Wide", "scopes": ["*:read", "@records:*"]});
    let _ = anna.post("/api-keys", wide).await.expect(201);

    let refused = anna.delete("/schema/entities/crew").await;
    refused.refused(409, "in_use");
    assert!(refused.text.contains("the API key Named"), "{}", refused.text);
    let as_setting = changed("setting", &[("[settings.people]", "[settings.crew]")]);
    let found = compare(anna, &as_setting).await;
    assert_eq!(found["fits"], false, "{found}");

    let _ = anna.delete(&format!("/api-keys/{key}")).await.expect(204);
    let _ = anna.delete("/schema/entities/crew").await.expect(204);
    replace(anna, &as_setting).await;
}

/// An access model that lacks what the scopes of a key name cannot give it back as something else.
#[tokio::test]
async fn an_access_model_without_what_a_scope_names_does_not_fit() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = world(&server).await;
    let anna = &workspace.anna;
    let key = json!({"name": "Peeker", "scopes": ["deals:peek"]});
    let _ = anna.post("/api-keys", key).await.expect(201);
    let without = changed("without", &[(", \"peek\"]", "]"), ("read,peek", "read")]);

    let found = compare(anna, &without).await;

    assert_eq!(found["fits"], false, "{found}");
    let misfit = found["misfits"][0].as_str().unwrap();
    assert!(misfit.contains("the API key Peeker"), "{misfit}");
}

/// A key of an earlier version may name a record type that is gone: none with that key comes within its scopes.
#[tokio::test]
async fn a_new_record_type_comes_within_no_scopes_by_its_name() {
    let server = TestServer::in_memory().await;
    let (workspace, _) = world(&server).await;
    let anna = &workspace.anna;
    let key = json!({"name": "Old", "scopes": ["deals:read"]});
    let key = anna.post("/api-keys", key).await.expect(201).id();
    let mut tx = server.app.db().write().await.unwrap();
    let gone = "UPDATE api_keys SET scopes = ?1 WHERE scopes = ?2";
    assert_eq!(tx.execute(gone, &["crew:read".into(), "deals:read".into()]).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let entity = |key: &str| {
        json!({"key": key, "name": key, "fields": [{"key": "name", "name": "Name",
            "type": "text", "required": true}]})
    };
    let with_crew =
        changed("crew", &[("[custom_entities]", "[records.crew]\n\n[custom_entities]")]);

    anna.post("/schema/entities", entity("crew")).await.refused(409, "in_use");
    assert_eq!(compare(anna, &with_crew).await["fits"], false);
    let _ = anna.post("/schema/entities", entity("boats")).await.expect(201);
    let _ = anna.delete(&format!("/api-keys/{key}")).await.expect(204);
    let _ = anna.post("/schema/entities", entity("crew")).await.expect(201);
}

/// The levels of members and of open invitations name what they are on.
#[tokio::test]
async fn a_level_on_a_record_type_becomes_none_on_a_setting_with_its_key() {
    let server = TestServer::in_memory().await;
    let (workspace, clerk) = world(&server).await;
    let anna = &workspace.anna;
    let ladder = "ladder = [{ level = \"view\", actions = [\"read\"] }]";
    let levels =
        ("rank = 1\ngrants = [\"general", "rank = 1\nlevels = true\ngrants = [\"general");
    let invitation =
        "[invitation]\nfields = [\"email\", \"role\", \"levels\"]\n\n[custom_roles]";
    let fields = ("[custom_roles]", invitation);
    let records = format!("[records.crew]\n{ladder}\n\n[custom_entities]");
    let as_records =
        changed("records", &[("[custom_entities]", records.as_str()), levels, fields]);
    let setting = format!("[settings.crew]\n{ladder}\n");
    let as_setting =
        changed("setting", &[("[settings.people]\n", setting.as_str()), levels, fields]);
    replace(anna, &as_records).await;
    let misfits = async || compare(anna, &as_setting).await["misfits"].to_string();
    assert_eq!(misfits().await, "[]");

    let given = json!({"levels": {"crew": "view"}});
    let path = format!("/members/{}", clerk.id);
    let _ = anna.patch(&path, given).await.expect(200);
    let of_member = misfits().await;
    let _ = anna.patch(&path, json!({"levels": {}})).await.expect(200);
    let invited =
        json!({"email": "dora@example.com", "role": "member", "levels": {"crew": "view"}});
    let invited = anna.post("/invitations", invited).await.expect(201);
    let of_invitation = misfits().await;

    assert!(of_member.contains("the levels of a member"), "{of_member}");
    assert!(
        of_invitation.contains("an open invitation gives a level on `crew`"),
        "{of_invitation}"
    );
    let _ = anna.delete(&format!("/invitations/{}", invited.id())).await.expect(204);
    assert_eq!(misfits().await, "[]");
}

#[tokio::test]
async fn rules_that_no_permission_shows_are_listed_on_the_first_page() {
    let server = TestServer::in_memory().await;
    let (workspace, clerk) = world(&server).await;
    let given = "\"deals:create:own\"]\ngiven_by = [\"owner\"]";
    let other = "\"deals:create:own\"]\ngiven_by = [\"member\", \"owner\"]";
    let text = changed("second", &[(given, other)]);

    let found = compare(&workspace.anna, &text).await;

    let rule =
        json!({"rule": "roles.member.given_by", "before": "owner", "after": "member, owner"});
    assert_eq!(found["rules"], json!([rule]));
    let same = compare(&workspace.anna, &changed("second", &[])).await;
    assert_eq!(same["rules"], json!([]));
    // A page that goes on from a member does not repeat them.
    let text = text.replacen("deals:read,peek:all", "deals:read:all", 1);
    let _ = workspace.join("dora", json!({"role": "member"})).await;
    let anna = &workspace.anna;
    let body = json!({"blueprint_text": text});
    let first = anna.post("/blueprint/compare?limit=1", body.clone()).await.expect(200).body;
    assert_eq!(
        (first["members"].as_u64(), first["rules"].as_array().unwrap().len()),
        (Some(2), 1)
    );
    let next = first["next_cursor"].as_str().unwrap();
    let second = anna.post(&format!("/blueprint/compare?limit=1&cursor={next}"), body).await;
    assert_eq!(second.expect(200).body["rules"], json!([]));
    clerk
        .post("/blueprint/compare", json!({"blueprint_text": MODEL}))
        .await
        .refused(403, "denied");
}

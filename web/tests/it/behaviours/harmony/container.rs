//! Everything belongs to one workspace: people, access, records, settings, billing.

use hallpass_domain::id::{MemberId, RecordId, RoleId, TeamId};
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{RECORDS, further, routes};

const LOGO: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg==";

/// Anna's two workspaces.
async fn two(server: &TestServer) -> (TestWorkspace<'_>, TestWorkspace<'_>) {
    let one = server.found("harmony").await;
    let other = further(server, &one.anna, "anna", "other").await;
    (one, other)
}

/// The workspaces that have a row with this id in a table.
async fn workspaces_of(server: &TestServer, table: &str, id: Uuid) -> Vec<Uuid> {
    let mut tx = server.app.db().read().await.unwrap();
    let sql = format!("SELECT workspace_id FROM {table} WHERE id = ?1");
    let rows = tx.query(&sql, &[id.into()]).await.unwrap();
    rows.iter().map(|row| row.id(0).unwrap()).collect()
}

/// HARMONY-01
#[tokio::test]
async fn everything_of_an_organization_belongs_to_its_workspace() {
    let server = TestServer::in_memory().await;
    let (workspace, other) = two(&server).await;
    let anna = &workspace.anna;
    let meeting: RecordId =
        workspace.record(anna, "conversations", "Kick-off").await.parse().unwrap();
    let team = anna.post("/teams", json!({"name": "Sales"})).await.expect(201).id();
    let role = json!({"name": "Analyst", "grants": ["insights:read:all"]});
    let role: RoleId = anna.post("/roles", role).await.expect(201).id().parse().unwrap();
    let member: MemberId = anna.id.parse().unwrap();
    let team: TeamId = team.parse().unwrap();
    let connection = json!({"slack": {"kind": "slack", "name": "Slack"}});
    let given = json!({"connections": connection});
    let _ = anna.patch("/settings/integrations", given).await.expect(200);
    let model = json!({"models": {"summary": "small"}});
    let _ = anna.patch("/settings/intelligence", model.clone()).await.expect(200);

    let here: hallpass_domain::id::WorkspaceId =
        anna.get("").await.expect(200).id().parse().unwrap();
    for (table, id) in
        [("records", meeting.0), ("teams", team.0), ("roles", role.0), ("members", member.0)]
    {
        assert_eq!(workspaces_of(&server, table, id).await, [here.0], "{table}");
    }
    let connected = anna.get("/settings/integrations").await.expect(200);
    assert_eq!(connected.body["connections"]["slack"]["name"], "Slack");
    assert_eq!(anna.get("/settings/intelligence").await.body["models"], model["models"]);
    for area in ["integrations", "intelligence"] {
        let elsewhere = other.anna.get(&format!("/settings/{area}")).await.expect(200);
        assert_eq!(elsewhere.body, json!({}), "{area}");
    }
    // Every other route belongs to an account.
    for (path, _) in routes(&server).await {
        let of_accounts = [
            "accounts",
            "sessions",
            "me",
            "password-resets",
            "confirmations",
            "deleted-workspaces",
            "setup",
            "address-changes",
        ];
        let rest = path.strip_prefix("/api/v1/").unwrap();
        let noun = rest.split('/').next().unwrap();
        let is_public = ["/api/v1/workspaces", "/api/v1/billing/stripe"].contains(&&*path)
            || ["blueprints", "invitations"].contains(&noun);
        assert!(
            path.starts_with("/api/v1/workspaces/{ws}")
                || of_accounts.contains(&noun)
                || is_public,
            "{path}"
        );
    }
}

/// HARMONY-04, HARMONY-05
#[tokio::test]
async fn each_workspace_has_its_own_members_and_teams() {
    let server = TestServer::in_memory().await;
    let (one, other) = two(&server).await;
    let sales = one.anna.post("/teams", json!({"name": "Sales"})).await.expect(201).id();
    let _ = other.anna.post("/teams", json!({"name": "Support"})).await.expect(201);

    let ben = one.join("ben", json!({"role": "member", "teams": [sales]})).await;

    assert_eq!(one.anna.get("/members").await.expect(200).each("first_name"), ["Anna", "Ben"]);
    assert_eq!(other.anna.get("/members").await.expect(200).each("first_name"), ["Anna"]);
    assert_eq!(one.anna.get("/teams").await.expect(200).each("name"), ["Sales"]);
    assert_eq!(other.anna.get("/teams").await.expect(200).each("name"), ["Support"]);
    for path in [format!("/teams/{sales}"), format!("/members/{}", ben.id)] {
        other.anna.get(&path).await.refused(404, "not_found");
    }
    // A member of one workspace cannot join a team of the other.
    let support = other.anna.get("/teams").await.items()[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/teams/{support}/members/{}", ben.id);
    other.anna.put(&path, json!({})).await.refused(404, "not_found");
}

/// HARMONY-06, HARMONY-07
#[tokio::test]
async fn each_workspace_has_its_own_roles_and_cannot_give_those_of_another() {
    let server = TestServer::in_memory().await;
    let (one, other) = two(&server).await;
    let analyst = json!({"name": "Analyst", "grants": ["insights:read:team"]});
    let here = one.anna.post("/roles", analyst.clone()).await.expect(201).id();
    let there = other.anna.post("/roles", analyst).await.expect(201).id();
    let ben = one.join("ben", json!({"role": here})).await;
    let cleo = other.join("cleo", json!({"role": "member"})).await;

    let wider = json!({"grants": ["insights:*:all"]});
    let _ = one.anna.patch(&format!("/roles/{here}"), wider).await.expect(200);
    let only = json!({"name": "Only here", "grants": ["contacts:read:all"]});
    let only = one.anna.post("/roles", only).await.expect(201).id();

    let names = |roles: hallpass_testkit::Answer| roles.expect(200).each("name");
    assert_eq!(
        names(one.anna.get("/roles").await),
        ["Admin", "Member", "Analyst", "Only here"]
    );
    assert_eq!(names(other.anna.get("/roles").await), ["Admin", "Member", "Analyst"]);
    let unchanged = other.anna.get(&format!("/roles/{there}")).await.expect(200);
    assert_eq!(unchanged.body["grants"], json!(["insights:read:team"]));
    assert_eq!(ben.get("/me").await.text("role_name"), "Analyst");
    let path = format!("/members/{}", cleo.id);
    for role in [&here, &only] {
        other.anna.get(&format!("/roles/{role}")).await.refused(404, "not_found");
        let given = other.anna.patch(&path, json!({"role": role})).await.expect(422);
        assert_eq!(given.pointers(), ["/role"]);
        let asked = json!({"email": "dan@example.com", "role": role});
        let invited = other.anna.post("/invitations", asked).await.expect(422);
        assert_eq!(invited.pointers(), ["/role"]);
    }
}

/// How many records each record type has, and what a search finds.
async fn seen(person: &Person) -> (Vec<i64>, usize) {
    let mut totals = Vec::new();
    for entity in RECORDS {
        let list = person.get(&format!("/records/{entity}")).await.expect(200);
        totals.push(list.body["total"].as_i64().unwrap());
    }
    let found = person.get("/search?q=Quartz").await.expect(200);
    (totals, found.items().len())
}

/// HARMONY-08, HARMONY-09
#[tokio::test]
async fn conversations_and_knowledge_stay_in_their_workspace() {
    let server = TestServer::in_memory().await;
    let (one, other) = two(&server).await;
    let mut made = Vec::new();
    for entity in RECORDS {
        made.push((entity, one.record(&one.anna, entity, "Quartz").await));
    }
    let _ = other.record(&other.anna, "insights", "Basalt").await;

    assert_eq!(seen(&one.anna).await, (vec![1; 9], 9));
    assert_eq!(seen(&other.anna).await, (vec![0, 0, 1, 0, 0, 0, 0, 0, 0], 0));
    for (entity, id) in made {
        let path = format!("/records/{entity}/{id}");
        let _ = one.anna.get(&path).await.expect(200);
        other.anna.get(&path).await.refused(404, "not_found");
        let change = json!({"fields": one.fields(entity, "Granite")});
        other.anna.patch(&path, change).await.refused(404, "not_found");
        other.anna.delete(&path).await.refused(404, "not_found");
    }
    assert_eq!(seen(&one.anna).await, (vec![1; 9], 9));
}

/// Changes a settings area in one workspace and checks that another is unchanged.
async fn set(server: &TestServer, area: &str, given: Value) {
    let (one, other) = two(server).await;
    let path = format!("/settings/{area}");
    let before = other.anna.get(&path).await.expect(200).body;

    let _ = one.anna.patch(&path, given.clone()).await.expect(200);

    let kept = one.anna.get(&path).await.expect(200).body;
    for (key, value) in given.as_object().unwrap() {
        if value.is_object() {
            let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect();
            let (kept, value): (Vec<String>, Vec<String>) = (keys(&kept[key]), keys(value));
            assert_eq!(kept, value);
        } else {
            assert_eq!(kept[key], *value);
        }
    }
    assert_eq!(other.anna.get(&path).await.expect(200).body, before);
    assert_ne!(kept, before);
}

/// HARMONY-10
#[tokio::test]
async fn an_integration_of_one_workspace_is_not_connected_in_another() {
    let slack = json!({"kind": "slack", "name": "Slack", "options": {"channel": "#sales"}});
    let given = json!({"connections": {"slack": slack}});
    set(&TestServer::in_memory().await, "integrations", given).await;
}

/// HARMONY-11
#[tokio::test]
async fn each_workspace_has_its_own_ai_providers_and_models() {
    let provider = json!({"kind": "openai", "name": "Ours", "options": {"region": "eu"}});
    let given = json!({"providers": {"ours": provider}, "models": {"summary": "large"}});
    set(&TestServer::in_memory().await, "intelligence", given).await;
}

/// HARMONY-12
#[tokio::test]
async fn each_workspace_has_its_own_name_logo_handbook_and_branding() {
    let given = json!({"logo": LOGO, "handbook": "Be kind."});
    set(&TestServer::in_memory().await, "general", given).await;
    set(&TestServer::in_memory().await, "branding", json!({"colour": "#336699", "logo": LOGO}))
        .await;
    let server = TestServer::in_memory().await;
    let (one, other) = two(&server).await;

    let _ = one.anna.patch("", json!({"name": "Acme & Sons"})).await.expect(200);

    assert_eq!(one.anna.get("").await.text("name"), "Acme & Sons");
    assert_eq!(other.anna.get("").await.text("name"), "The other");
    let places = one.anna.get("/api/v1/me").await.expect(200).body["workspaces"].clone();
    let names: Vec<&Value> =
        places.as_array().unwrap().iter().map(|place| &place["name"]).collect();
    assert!(names.contains(&&json!("Acme & Sons")) && names.contains(&&json!("The other")));
}

/// HARMONY-13, HARMONY-45
#[tokio::test]
async fn each_workspace_has_its_own_billing() {
    let server = TestServer::in_memory().await;
    let (one, other) = two(&server).await;
    let before = other.anna.get("/billing").await.expect(200).body;

    let _ = one.anna.post("/billing/plan", json!({"plan": "agency"})).await.expect(200);
    let _ = one.anna.patch("/billing", json!({"company": "Acme Ltd"})).await.expect(200);
    let _ = one.anna.post("/billing/cancel", json!({})).await.expect(200);

    let billing = one.anna.get("/billing").await.expect(200);
    assert_eq!(
        (&billing.body["company"], billing.text("state")),
        (&json!("Acme Ltd"), "cancelled".to_owned())
    );
    assert_eq!(other.anna.get("/billing").await.expect(200).body, before);
    for (path, methods) in routes(&server).await {
        let is_of_one = path.starts_with("/api/v1/workspaces/{ws}/billing");
        // The payment provider's webhook reports payments of any workspace.
        let is_of_stripe = path == "/api/v1/billing/stripe" && methods == ["POST"];
        assert!(!path.contains("billing") || is_of_one || is_of_stripe, "{path}");
    }
}

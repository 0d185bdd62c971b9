//! Two workspaces with one of everything in each, and callers with every level of access.

use std::collections::BTreeMap;

use axum::http::Request;
use hallpass_domain::bulk_job::{BulkJob, BulkJobKind, BulkJobState};
use hallpass_domain::export_file::{ExportFile, KEPT};
use hallpass_domain::id::{MemberId, RecordId, WorkspaceId};
use hallpass_store::Dialect;
use hallpass_store::export_file::{Reaches, StoredExport};
use hallpass_store::record::Reach;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};
use uuid::Uuid;

use super::book::Route;
use super::rules;

/// The id of a passkey.
pub(super) const PASSKEY: &str = "psk_019800000000700080000000000000a1";

/// The id of a trusted device.
pub(super) const DEVICE: &str = "dvc_019800000000700080000000000000a2";

/// The ids of one of everything in a workspace, by noun.
#[derive(Clone, Debug, Default)]
pub(super) struct Things {
    pub(super) slug: String,
    by_noun: BTreeMap<&'static str, String>,
}

impl Things {
    pub(super) fn of(&self, noun: &str) -> String {
        let found = self.by_noun.get(noun);
        found.unwrap_or_else(|| panic!("the workspace has no {noun}")).clone()
    }

    /// The same things, for requests of a person.
    pub(super) fn for_caller(&self, person: &Person) -> Things {
        let mut things = self.clone();
        things.by_noun.insert("caller", person.id.clone());
        things
    }

    /// The same things, with another one of a noun.
    pub(super) fn with(mut self, noun: &'static str, id: String) -> Things {
        self.by_noun.insert(noun, id);
        self
    }

    /// A value for each parameter of a route.
    pub(super) fn values(&self, route: &Route) -> Vec<String> {
        route.nouns().into_iter().map(|noun| self.of(noun)).collect()
    }
}

/// Two workspaces and their members.
pub(super) struct Scene {
    /// The workspace of Anna.
    pub(super) here: Things,
    /// The workspace of Eve.
    pub(super) there: Things,
    /// Has the top role `here`.
    pub(super) anna: Person,
    pub(super) admin: Person,
    /// A member whose role grants nothing.
    pub(super) plain: Person,
    /// Has the top role `there`, and is no member `here`.
    pub(super) eve: Person,
    /// Has not signed in.
    pub(super) anonymous: Person,
}

impl Scene {
    pub(super) async fn on(server: &TestServer) -> Scene {
        let workspace = server.found("standard").await;
        let other = server.found_as("eve", "standard", "other").await;
        let empty = json!({"name": "Guest", "grants": []});
        let empty = workspace.anna.post("/roles", empty).await.expect(201).id();
        let admin = workspace.join("ben", json!({"role": "admin"})).await;
        let plain = workspace.join("pat", json!({"role": empty})).await;
        let here = things(&workspace, "mia", "projects").await;
        let there = things(&other, "max", "campaigns").await;
        let (anna, eve) = (workspace.anna.same_session(), other.anna.same_session());
        let here = here.for_caller(&anna);
        let there = there.for_caller(&eve);
        Scene { here, there, anna, admin, plain, eve, anonymous: server.anonymous() }
    }

    /// Sends a valid request to a route.
    pub(super) async fn ask(&self, person: &Person, route: &Route) -> Answer {
        let address = route.address(&self.here.values(route));
        let address = format!("{address}{}", rules::needs(&route.name()));
        let things =
            if person.id.is_empty() { self.here.clone() } else { self.here.for_caller(person) };
        let body = route.has_body.then(|| rules::body(&route.name(), &things));
        person.same_session().request(&route.method, &address, body).await
    }
}

async fn things(workspace: &TestWorkspace<'_>, name: &str, own: &'static str) -> Things {
    let anna = &workspace.anna;
    let mut by_noun = BTreeMap::from([
        ("workspace", workspace.slug.clone()),
        ("record type", "contacts".to_owned()),
        ("action", "claim".to_owned()),
        ("report", "owners".to_owned()),
        ("area", "modules".to_owned()),
        ("blueprint", "halo".to_owned()),
        ("asset folder", "any".to_owned()),
        ("asset", "hallpass.css".to_owned()),
        ("own record type", own.to_owned()),
        // Those of no account: a test that needs them inserts them.
        ("passkey", PASSKEY.to_owned()),
        ("device", DEVICE.to_owned()),
        // Dead: there are accounts.
        ("set-up link", "set-up-link".to_owned()),
    ]);
    let member = workspace.join(name, json!({"role": "member"})).await;
    by_noun.insert("member", member.id.clone());
    let _ = workspace
        .invite(anna, &format!("guest-{name}"), json!({"role": "member"}))
        .await
        .expect(201);
    let invitations = anna.get("/invitations?limit=1").await.expect(200);
    by_noun.insert("invitation", invitations.each("id").remove(0));
    by_noun.insert("invitation link", workspace.token(&format!("guest-{name}")).await);
    let address = format!("{name}@example.com");
    let _ = member.post("/api/v1/password-resets", json!({"email": address})).await.expect(204);
    by_noun.insert("reset link", workspace.server.last_token("password_reset", &address).await);
    let me = anna.get("/api/v1/me").await.text("email");
    let newcomer = format!("newcomer-{name}");
    let _ = workspace.server.sign_up_unconfirmed(&newcomer).await;
    let address = format!("{newcomer}@example.com");
    by_noun.insert(
        "confirmation link",
        workspace.server.last_token("confirm_address", &address).await,
    );
    let mover = workspace.server.sign_up(&format!("mover-{name}")).await;
    let other = json!({"email": format!("moved-{name}@example.com")});
    let _ = mover.post("/api/v1/me/email", other).await.expect(204);
    let address = format!("mover-{name}@example.com");
    by_noun
        .insert("address link", workspace.server.last_token("address_change", &address).await);
    let field = json!({"key": "name", "name": "Name", "type": "text", "required": true});
    let made = [
        ("role", "/roles", json!({"name": "Contact viewer", "grants": ["contacts:read:all"]})),
        ("profile", "/profiles", json!({"name": "Sales", "grants": {}})),
        ("team", "/teams", json!({"name": "Key accounts"})),
        ("department", "/departments", json!({"name": "Sales"})),
        ("API key", "/api-keys", json!({"name": "Nightly export"})),
        (
            "connection",
            "/sso",
            json!({"name": "Northwind SAML", "kind": "saml",
            "metadata": include_str!("../../../../fuzz/corpus/saml/metadata.xml")}),
        ),
        (
            "saved report",
            "/saved-reports",
            json!({"name": "Contacts", "shared": true,
            "entity": "contacts", "group_by": "owner"}),
        ),
        (
            "saved view",
            "/views",
            json!({"name": "Newest contacts", "shared": true, "entity": "contacts"}),
        ),
    ];
    for (noun, path, body) in made {
        by_noun.insert(noun, anna.post(path, body).await.expect(201).id());
    }
    let domain = format!("{own}.example");
    let _ = anna.post("/domains", json!({"domain": domain})).await.expect(201);
    by_noun.insert("domain", domain);
    let name = format!("{}{}", own[..1].to_uppercase(), &own[1..]);
    let entity = json!({"key": own, "name": name, "fields": [field]});
    let _ = anna.post("/schema/entities", entity).await.expect(201);
    let unowned = json!({"owner": "unowned"});
    by_noun.insert("record", workspace.record_with(anna, "contacts", unowned, "Zoe").await);
    by_noun.insert("bulk job", insert_bulk_job(workspace).await);
    by_noun.insert("export", insert_export(workspace).await);
    // A second session, which can be ended.
    let body = json!({"email": me, "password": PASSWORD});
    let second = workspace.server.anonymous();
    let _ = second.post("/api/v1/sessions", body).await.expect(201);
    let sessions = second.get("/api/v1/me/sessions").await.expect(200);
    let mine = sessions.items().iter().find(|one| one["current"] == true).unwrap();
    by_noun.insert("session", mine["id"].as_str().unwrap().to_owned());
    // It is of this revision: nothing else changes access from here on.
    let compared = anna.post("/blueprint/compare", json!({})).await.expect(200);
    by_noun.insert("comparison", compared.id());
    Things { slug: workspace.slug.clone(), by_noun }
}

/// Inserts a bulk job of the founder that has run half of its batches.
async fn insert_bulk_job(workspace: &TestWorkspace<'_>) -> String {
    let app = &workspace.server.app;
    let entered = workspace.anna.get("").await.expect(200).id();
    let id: WorkspaceId = entered.parse().unwrap();
    let mut tx = app.db().write_in(id.0).await.unwrap().unwrap();
    let member: MemberId = workspace.anna.id.parse().unwrap();
    let digits = member.0.as_u128();
    let record = RecordId(Uuid::from_u128(digits ^ 2));
    let job = BulkJob {
        id: Uuid::from_u128(digits ^ 1).into(),
        kind: BulkJobKind::Reassignment,
        state: BulkJobState::Running,
        member,
        member_name: "Anna".to_owned(),
        api_key: None,
        request: "req_1".to_owned(),
        audit: Uuid::from_u128(digits ^ 3).into(),
        parameters: json!({"from": member, "to": "unowned", "parts": 0,
            "types": [{"entity": "contacts", "last": record}]}),
        done: 3_000,
        total: 7_400,
        position: json!({"found": {"place": 0, "after": record}}),
        result: json!({"counts": {"contacts": 3_000}, "out_of_reach": {"tickets": 2},
            "batches": 3}),
        reason: None,
        created_at: app.now(),
        updated_at: app.now(),
        ended_at: None,
        run_at: app.now(),
        failures: 0,
    };
    let part = json!({"contacts": [record]});
    tx.bulk_jobs().insert(&job).await.unwrap();
    tx.bulk_jobs().insert_part(job.id, 0, (&(), &part)).await.unwrap();
    tx.commit().await.unwrap();
    job.id.to_string()
}

/// Inserts an export of the founder whose file is ready.
async fn insert_export(workspace: &TestWorkspace<'_>) -> String {
    let app = &workspace.server.app;
    let entered = workspace.anna.get("").await.expect(200).id();
    let id: WorkspaceId = entered.parse().unwrap();
    let mut tx = app.db().write_in(id.0).await.unwrap().unwrap();
    let member: MemberId = workspace.anna.id.parse().unwrap();
    let digits = member.0.as_u128();
    let head = b"id,title,owner,owner_name,stage,created_at,updated_at,name\r\n".to_vec();
    let job = BulkJob {
        id: Uuid::from_u128(digits ^ 4).into(),
        kind: BulkJobKind::Export,
        state: BulkJobState::Done,
        member,
        member_name: "Anna".to_owned(),
        api_key: None,
        request: "req_1".to_owned(),
        audit: Uuid::from_u128(digits ^ 5).into(),
        parameters: json!({"entity": "contacts", "filter": {}, "has_mark": false,
            "is_total_exact": true}),
        done: 0,
        total: 0,
        position: json!(null),
        result: json!({"counts": {"contacts": 0}}),
        reason: None,
        created_at: app.now(),
        updated_at: app.now(),
        ended_at: Some(app.now()),
        run_at: app.now(),
        failures: 0,
    };
    let file = ExportFile {
        job: job.id,
        member,
        bytes: i64::try_from(head.len()).unwrap(),
        pieces: 1,
        expires_at: Some(app.now() + KEPT),
    };
    tx.bulk_jobs().insert(&job).await.unwrap();
    let stored = StoredExport { file, reach: Reaches::of("contacts", Reach::All) };
    tx.export_files().insert(&stored).await.unwrap();
    tx.export_files().insert_piece(job.id, 0, head).await.unwrap();
    tx.commit().await.unwrap();
    job.id.to_string()
}

/// Sends the bytes of a body unchanged.
pub(super) async fn send(
    person: &Person,
    route: &Route,
    things: &Things,
    kind: &str,
    body: Vec<u8>,
) -> Answer {
    let address = route.address(&things.values(route));
    let request = Request::builder().method(route.method.as_str()).uri(address);
    let request = request.header("content-type", kind).body(body.into()).unwrap();
    // A copy, so that a new session does not replace that of the person.
    person.same_session().send(request).await
}

/// The number of rows of each table, except denials and sign-in attempts.
pub(super) async fn census(server: &TestServer) -> Vec<(String, i64)> {
    let sql = match server.app.db().dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Dialect::Postgres => {
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'"
        }
    };
    let mut tx = server.app.db().read().await.unwrap();
    let tables = tx.query(sql, &[]).await.unwrap();
    let tables = tables.iter().map(|row| row.text(0).unwrap().to_owned());
    let apart = ["attempts", "audit", "stored_responses"];
    let mut counts: Vec<(String, String)> = tables
        .filter(|table| !apart.contains(&table.as_str()))
        .map(|table| (table.clone(), format!("SELECT count(*) FROM {table}")))
        .collect();
    counts.sort_unstable();
    assert!(counts.len() > 20, "{counts:?}");
    let sums = [
        ("revisions", "SELECT CAST(sum(revision) AS BIGINT) FROM workspaces"),
        ("done", "SELECT count(*) FROM audit WHERE outcome = 'done'"),
        ("versions", "SELECT CAST(sum(version) AS BIGINT) FROM records"),
        ("members", "SELECT CAST(sum(version) AS BIGINT) FROM members"),
        ("accounts", "SELECT CAST(sum(version) AS BIGINT) FROM accounts"),
    ];
    counts.extend(sums.map(|(name, sql)| (name.to_owned(), sql.to_owned())));
    let mut census = Vec::new();
    for (name, sql) in counts {
        census.push((name, tx.query_one(&sql, &[]).await.unwrap().int(0).unwrap()));
    }
    census
}

/// The body with each of its values in turn replaced by another.
pub(super) fn replaced(body: &Value, by: &Value) -> Vec<Value> {
    let mut all = vec![by.clone()];
    match body {
        Value::Object(map) => {
            for (key, value) in map {
                for inner in replaced(value, by) {
                    let mut other = map.clone();
                    other.insert(key.clone(), inner);
                    all.push(Value::Object(other));
                }
            }
        }
        Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                for inner in replaced(value, by) {
                    let mut other = list.clone();
                    other[place] = inner;
                    all.push(Value::Array(other));
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    all
}

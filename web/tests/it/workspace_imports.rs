//! A workspace is made of its export: on another server or the same one, with the same ids or new ones, it is the same.

mod accounts;
mod broken;
mod hostile;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::sync::Arc;

use hallpass_app::environment::SystemRandom;
use hallpass_app::export::PIECES_AHEAD;
use hallpass_app::hasher::HashCost;
use hallpass_app::import::{ImportReport, ImportRequest, ImportedIds};
use hallpass_app::naming::OwnerRef;
use hallpass_app::operation::Operator;
use hallpass_app::record::change::NewRecord;
use hallpass_app::record::import::{ImportLine, Imported};
use hallpass_app::snapshot::Snapshot;
use hallpass_app::{App, Error, Rules};
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::import::IdMap;
use hallpass_domain::time::Span;
use hallpass_engine::Target;
use hallpass_store::checkup::{FindingState, Repair};
use hallpass_testkit::test_size::first_seed;
use hallpass_testkit::{TestDatabase, TestServer};
use serde_json::{Value, json};

use crate::predicate::change::some_change;
use crate::predicate::world::World;

/// The export of a workspace, line by line.
async fn exported(server: &TestServer, slug: &str) -> Vec<Value> {
    let (lines, mut taken) = tokio::sync::mpsc::channel(PIECES_AHEAD);
    let export = async move {
        server.app.exports().run_as(&Operator::default(), slug, &lines).await.unwrap();
    };
    let take = async {
        let mut text: Vec<u8> = Vec::new();
        while let Some(piece) = taken.recv().await {
            text.extend(piece);
        }
        text
    };
    let ((), text) = tokio::join!(export, take);
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

fn text(lines: &[Value]) -> String {
    lines.iter().flat_map(|line| [line.to_string(), "\n".to_owned()]).collect()
}

/// A file with a text, which ends with the test.
fn file(text: &[u8]) -> File {
    let path = std::env::temp_dir().join(format!("hallpass_{}", uuid::Uuid::now_v7().simple()));
    let mut file = File::options().read(true).write(true).create_new(true).open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    file.write_all(text).unwrap();
    file.rewind().unwrap();
    file
}

async fn import(
    server: &TestServer,
    text: &str,
    (slug, ids): (&str, ImportedIds),
) -> Result<ImportReport, Error> {
    let slug = Some(slug.to_owned());
    let request = ImportRequest { file: file(text.as_bytes()), slug, ids };
    server.app.imports().run(&Operator::default(), &request, &mut |_, _| {}).await
}

/// Imports a text that is right.
async fn imported(server: &TestServer, text: &str, how: (&str, ImportedIds)) -> WorkspaceId {
    let report = import(server, text, how).await.unwrap();
    assert_eq!(report.problems, [], "{report:?}");
    report.workspace.unwrap()
}

/// The lines of an export as they can be compared: with moved ids, without what every import changes, and in
/// an order that no database decides.
fn comparable(lines: &[Value], map: IdMap, slug: &str) -> Vec<String> {
    let is_kept = |line: &&Value| line["action"] != "workspace.import" && line["kind"] != "end";
    let moved = lines.iter().filter(is_kept).map(|line| {
        let mut line = map.value(line);
        if line["kind"] == "workspace" {
            line["slug"] = json!(slug);
        }
        line.to_string()
    });
    let mut moved: Vec<String> = moved.collect();
    moved.sort_unstable();
    moved
}

/// The ids of a kind, in the order of an export.
fn ids(lines: &[Value], kind: &str, map: IdMap) -> Vec<String> {
    let of_kind = lines.iter().filter(|line| line["kind"] == kind);
    of_kind.map(|line| map.text(line["id"].as_str().unwrap())).collect()
}

/// Compares two exports, the second of an import of the first.
fn same(before: &[Value], after: &[Value], map: IdMap) {
    let (expected, found) =
        (comparable(before, map, "same"), comparable(after, IdMap::Kept, "same"));
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected, found);
    }
    assert_eq!(expected.len(), found.len());
    for kind in ["record", "event"] {
        assert_eq!(ids(before, kind, map), ids(after, kind, IdMap::Kept), "{kind}");
    }
    let entries = ids(after, "audit", IdMap::Kept);
    assert_eq!(ids(before, "audit", map), entries[1..]);
}

/// The map from the ids of one workspace to those of its copy.
fn map_between(before: &[Value], after: &[Value]) -> IdMap {
    let id =
        |lines: &[Value]| lines[0]["id"].as_str().unwrap().parse::<WorkspaceId>().unwrap().0;
    let low = |id: uuid::Uuid| id.as_u128() & ((1 << 62) - 1);
    let (before, after) = (id(before), id(after));
    if before == after {
        return IdMap::Kept;
    }
    let distance = low(after).wrapping_sub(low(before)) & ((1 << 62) - 1);
    let map = IdMap::Moved(u64::try_from(distance).unwrap());
    assert_eq!(map.id(before), after);
    map
}

/// The access of a workspace, compiled again from what is stored.
async fn snapshot(server: &TestServer, slug: &str) -> Snapshot {
    let (clock, rng) = (Arc::clone(&server.clock), Arc::new(SystemRandom::default()));
    let db = server.app.db().clone();
    let app = App::with(db, Rules::default(), clock, rng, HashCost::CHEAP).unwrap();
    let ctx = app.enter_as(&Operator::default(), slug).await.unwrap();
    ctx.snapshot().clone()
}

/// Every decision about every member, action and owner, by the ids of the first workspace.
fn decisions(snapshot: &Snapshot, members: &[(String, String)]) -> BTreeMap<String, bool> {
    let policy = snapshot.model.policy();
    let mut found = BTreeMap::new();
    for (name, id) in members {
        let Some(member) = policy.member(id) else { continue };
        for resource in policy.resources() {
            for action in &resource.actions {
                let cell = policy.cell(&resource.key, &action.key).unwrap();
                let owners = members.iter().map(|(owner, id)| {
                    let known = policy.member(id);
                    (owner.as_str(), known.map_or(Target::OwnedByNonMember, Target::OwnedBy))
                });
                for (owner, target) in
                    owners.chain([("-", Target::Unowned), ("*", Target::Any)])
                {
                    let key = format!("{name} {}:{} {owner}", resource.key, action.key);
                    found.insert(key, policy.decide(member, cell, target));
                }
            }
        }
    }
    found
}

/// Compares what two workspaces decide.
async fn same_decisions(
    (one, slug): (&TestServer, &str),
    (other, copy): (&TestServer, &str),
    members: &[String],
    map: IdMap,
) {
    let of_one: Vec<_> = members.iter().map(|id| (id.clone(), id.clone())).collect();
    let of_other: Vec<_> = members.iter().map(|id| (id.clone(), map.text(id))).collect();
    let expected = decisions(&snapshot(one, slug).await, &of_one);
    let found = decisions(&snapshot(other, copy).await, &of_other);
    assert!(expected.values().any(|yes| *yes) && expected.values().any(|yes| !*yes));
    assert_eq!(expected.len(), found.len());
    for ((cell, expected), found) in expected.iter().zip(found.values()) {
        assert_eq!(expected, found, "{cell}");
    }
}

/// The doctor finds nothing wrong: another process, as the command is.
async fn is_sound(server: &TestServer) {
    let db = match &server.database {
        TestDatabase::Memory => server.app.db().clone(),
        TestDatabase::Folder(_) | TestDatabase::Server { .. } => {
            server.another().await.db().clone()
        }
    };
    let findings = db.check(Repair::Never).await;
    let wrong: Vec<_> = findings.iter().filter(|one| one.state == FindingState::Bad).collect();
    assert!(wrong.is_empty() && findings.len() > 3, "{findings:?}");
}

/// What a random world lacks: something saved, an open invitation, a service account, settings, aliases.
async fn furnish(world: &World<'_>) {
    let entity = world.entities[0].clone();
    let owner = world.people[1].id.clone();
    let report = json!({"name": "By owner", "entity": entity, "group_by": "owner",
        "measure": "count", "owner": owner, "shared": true});
    let _ = world.founder("POST", "/saved-reports", report).await;
    let view = json!({"name": "Theirs", "entity": entity, "filter": {"owner": owner, "q": "acme"},
        "sort": "-created", "columns": ["owner", "created"]});
    let _ = world.founder("POST", "/views", view).await;
    let role = world.blueprint.roles.iter().find(|role| !role.is_top).unwrap().key.clone();
    let invitation = json!({"email": "zoe@example.com", "role": role});
    let _ = world.founder("POST", "/invitations", invitation).await.expect(201);
    let service = json!({"name": "Robot", "role": role});
    let _ = world.founder("POST", "/service-accounts", service).await;
    let general = json!({"locale": "de", "time_zone": "Europe/Zurich", "currency": "CHF"});
    let _ = world.founder("PATCH", "/settings/general", general).await;
    let alias = json!({"alias": "Support"});
    let _ = world.founder("PATCH", &format!("/members/{owner}"), alias).await;
}

/// Exports a random workspace, imports it with new ids beside it and with its own ids on an empty server, and
/// compares everything.
async fn comes_back(blueprint: &str, on: impl AsyncFn() -> TestServer) {
    let server = on().await;
    let mut world = World::of(&server, blueprint, first_seed(77)).await;
    furnish(&world).await;
    for _ in 0..12 {
        some_change(&mut world).await.unwrap();
    }
    let before = exported(&server, "acme").await;
    let kinds = |kind: &str| before.iter().filter(|line| line["kind"] == kind).count();
    for kind in ["member", "record", "event", "audit", "audit_subject", "end"] {
        assert!(kinds(kind) > 0, "{kind}");
    }
    let saved = kinds("report") + kinds("view");
    assert_eq!(saved, if blueprint == "standard" { 2 } else { saved });
    let members = ids(&before, "member", IdMap::Kept);
    // An id that is made in the same millisecond could come before one that has moved.
    server.clock.advance(Span::seconds(1));

    let _ = imported(&server, &text(&before), ("copy", ImportedIds::New)).await;
    let copy = exported(&server, "copy").await;
    let map = map_between(&before, &copy);
    assert_ne!(map, IdMap::Kept);
    same(&before, &copy, map);
    same_decisions((&server, "acme"), (&server, "copy"), &members, map).await;
    is_sound(&server).await;
    // Nothing of the first workspace has changed, and its founder is in the second one, too.
    assert_eq!(before, exported(&server, "acme").await);
    let me = world.workspace.anna.at("copy").await.get("/me").await.expect(200);
    assert_eq!(me.text("role"), world.workspace.anna.get("/me").await.expect(200).text("role"));

    let empty = on().await;
    empty.advance_days(60);
    let id = imported(&empty, &text(&before), ("acme", ImportedIds::Kept)).await;
    assert_eq!(json!(id), before[0]["id"]);
    let moved = exported(&empty, "acme").await;
    same(&before, &moved, IdMap::Kept);
    same_decisions((&server, "acme"), (&empty, "acme"), &members, IdMap::Kept).await;
    is_sound(&empty).await;
    // Once more, with new ids of ids that were new.
    let _ = imported(&empty, &text(&copy), ("third", ImportedIds::New)).await;
    let third = exported(&empty, "third").await;
    let twice = map_between(&copy, &third);
    let audit = copy.iter().filter(|line| line["action"] == "workspace.import").count();
    assert_eq!(audit, 1);
    assert_eq!(ids(&copy, "record", twice), ids(&third, "record", IdMap::Kept));
    is_sound(&empty).await;
}

macro_rules! blueprints {
    ($($name:ident = $blueprint:literal;)*) => {$(
        mod $name {
            use hallpass_testkit::TestServer;

            #[tokio::test]
            async fn an_export_comes_back_as_it_was_on_sqlite() {
                super::comes_back($blueprint, TestServer::on_file).await;
            }

            #[tokio::test]
            async fn an_export_comes_back_as_it_was_on_postgres() {
                super::comes_back($blueprint, TestServer::on_postgres).await;
            }
        }
    )*};
}

blueprints! {
    harmonia = "harmonia";
    harmony = "harmony";
    hari = "hari";
    team_management = "team-management";
    halo = "halo";
    standard = "standard";
}

/// Creates so many contacts of no one in `acme`.
async fn fill(server: &TestServer, n: usize) {
    let mut ctx = server.app.enter_as(&Operator::default(), "acme").await.unwrap();
    let contacts = ctx.snapshot().record_type("contacts").unwrap();
    let required = contacts.fields.iter().filter(|field| field.required);
    let keys: Vec<String> = required.map(|field| field.key.clone()).collect();
    let line = |number: usize| {
        let fields = keys.iter().map(|key| (key.clone(), json!(format!("Record {number}"))));
        let record =
            NewRecord { fields: fields.collect(), owner: Some(OwnerRef::Unowned), stage: None };
        ImportLine { number, record }
    };
    let lines: Vec<ImportLine> = (0..n).map(line).collect();
    let done = ctx.records().import("contacts", &lines).await.unwrap();
    assert!(matches!(done, Imported::Done(all) if all == n), "{done:?}");
}

/// A member id of an export by its address.
fn member_of(lines: &[Value], email: &str) -> MemberId {
    let found = lines.iter().find(|line| line["kind"] == "member" && line["email"] == email);
    found.unwrap()["id"].as_str().unwrap().parse().unwrap()
}

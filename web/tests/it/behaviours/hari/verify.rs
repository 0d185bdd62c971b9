//! Verifies a profile by acting as a member whom it governs.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

use super::{ACTIONS, RECORDS, in_team, team};

const PROFILES: [&str; 5] =
    ["sales_representative", "manager", "finance", "marketing", "read_only"];

/// A profile's scope for each record type and action, as its page shows it.
async fn written(
    workspace: &TestWorkspace<'_>,
    profile: &str,
) -> BTreeMap<(String, String), String> {
    let shown = workspace.anna.get(&format!("/profiles/{profile}")).await.expect(200);
    let mut cells = BTreeMap::new();
    for entity in RECORDS {
        for action in ACTIONS {
            let scope = shown.body["matrix"][entity][action].as_str().unwrap();
            cells.insert((entity.to_owned(), action.to_owned()), scope.to_owned());
        }
    }
    cells
}

/// HARI-113
#[tokio::test]
async fn a_profile_is_verified_by_signing_in_as_a_member_with_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;
    for profile in PROFILES {
        let id = team(&workspace, profile, profile).await;
        let name = profile.replace('_', "");
        let person = in_team(&workspace, &name, &id).await;
        let _ = person.delete("/api/v1/sessions/current").await.expect(204);

        let browser = server.anonymous();
        let email = format!("{name}@example.com");
        let right = json!({"email": email, "password": "correct horse battery"});
        let _ = browser.post("/api/v1/sessions", right).await.expect(201);
        let tester = browser.at("acme").await;

        let me = tester.get("/me").await.expect(200);
        let cells = written(&workspace, profile).await;
        // A grant reaches at least one owner; `none` reaches nothing.
        for ((entity, action), scope) in &cells {
            let grants = me.body["grants"].as_array().unwrap();
            let is_it = |right: &&Value| {
                right["resource"] == entity.as_str() && right["action"] == action.as_str()
            };
            let reached = grants
                .iter()
                .find(is_it)
                .map_or("none", |right| right["reach"].as_str().unwrap());
            assert_eq!(
                reached == "none",
                scope == "none",
                "{profile} {entity} {action} {reached}"
            );
            assert_eq!(
                reached == "all",
                scope == "all",
                "{profile} {entity} {action} {reached}"
            );
        }
        let open: BTreeSet<&str> = RECORDS
            .into_iter()
            .filter(|one| cells[&((*one).to_owned(), "read".to_owned())] != "none")
            .collect();
        let shown: BTreeSet<&str> = me.body["navigation"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap())
            .collect();
        assert_eq!(shown, open, "{profile}");
        // A member who manages users sees the same without signing in as them.
        let told = anna.get(&format!("/members/{}/access", tester.id)).await.expect(200);
        assert_eq!(told.body["items"], me.body["grants"], "{profile}");
    }
}

/// The owner of a record: the member, a teammate, or another member.
struct Owners<'o> {
    of_team: [&'o str; 2],
    every: [&'o str; 3],
}

impl Owners<'_> {
    fn reached(&self, scope: &str) -> BTreeSet<&str> {
        match scope {
            "all" => self.every.into(),
            "team" => self.of_team.into(),
            "own" => [self.of_team[0]].into(),
            _ => BTreeSet::new(),
        }
    }
}

/// Compares what is shown, checked and tried with the cells of a profile.
async fn check_actions(
    workspace: &TestWorkspace<'_>,
    person: &Person,
    owners: &Owners<'_>,
    (entity, cells): (&str, [&str; 4]),
) {
    let [create, read, update, delete] = cells.map(|scope| owners.reached(scope));
    for owner in owners.every {
        let record = workspace
            .record_with(&workspace.anna, entity, json!({"owner": owner}), "Quartz")
            .await;
        let sees = read.contains(owner);
        let may = [
            create.contains(owner),
            sees,
            sees && update.contains(owner),
            sees && delete.contains(owner),
        ];
        let what = format!("{} {entity} of {owner}", person.id);
        let checks: Vec<Value> = ACTIONS
            .iter()
            .map(|action| json!({"resource": entity, "action": action, "owner": owner}))
            .collect();
        let asked = person.post("/access/check", json!({"checks": checks})).await.expect(200);
        assert_eq!(asked.body["results"], json!(may), "{what}");

        let path = format!("/records/{entity}/{record}");
        let shown = person.get(&path).await;
        assert_eq!(shown.status, if sees { 200 } else { 404 }, "{what}");
        if sees {
            let buttons: Vec<&str> = ACTIONS
                .into_iter()
                .zip(may)
                .skip(1)
                .filter(|(_, may)| *may)
                .map(|(one, _)| one)
                .collect();
            assert_eq!(shown.body["allowed"], json!(buttons), "{what}");
        }
        let refused = if sees { 403 } else { 404 };
        let fields = json!({"fields": workspace.fields(entity, "Mica")});
        let made = json!({"fields": fields["fields"], "owner": owner});
        let made = person.post(&format!("/records/{entity}"), made).await;
        assert_eq!(made.status, if may[0] { 201 } else { 403 }, "{what} {}", made.text);
        let changed = person.patch(&path, fields).await;
        assert_eq!(changed.status, if may[2] { 200 } else { refused }, "{what}");
        let deleted = person.delete(&path).await;
        assert_eq!(deleted.status, if may[3] { 204 } else { refused }, "{what}");
    }
}

/// HARI-115
#[tokio::test]
async fn a_user_can_do_exactly_what_the_profile_grants() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    for (number, profile) in PROFILES.into_iter().enumerate() {
        let id = team(&workspace, profile, profile).await;
        let user = in_team(&workspace, &format!("user{number}"), &id).await;
        let mate = in_team(&workspace, &format!("mate{number}"), &id).await;
        let owners = Owners {
            of_team: [&user.id, &mate.id],
            every: [&user.id, &mate.id, &workspace.anna.id],
        };
        let cells = written(&workspace, profile).await;
        for entity in RECORDS {
            let row =
                ACTIONS.map(|action| cells[&(entity.to_owned(), action.to_owned())].as_str());
            check_actions(&workspace, &user, &owners, (entity, row)).await;
        }
    }
}

/// Every contact that a person sees, by each way of reading.
async fn ways(person: &Person, every: &[String]) -> Vec<(&'static str, BTreeSet<String>)> {
    let list = person.get("/records/contacts?limit=200").await.expect(200);
    let listed: BTreeSet<String> = list.each("id").into_iter().collect();
    assert_eq!(list.body["total"], listed.len(), "the count beside the list");
    let mut details = BTreeSet::new();
    for id in every {
        let found = person.get(&format!("/records/contacts/{id}")).await;
        if found.status == 200 {
            details.insert(found.id());
        } else {
            found.refused(404, "not_found");
        }
    }
    let filtered = person.get("/records/contacts?q=quartz&limit=200").await.expect(200);
    assert_eq!(filtered.body["total"], filtered.items().len(), "the count beside a filter");
    let mut paged = BTreeSet::new();
    let mut next = String::new();
    loop {
        let page = person.get(&format!("/records/contacts?limit=2{next}")).await.expect(200);
        paged.extend(page.each("id"));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    let search = person.get("/search?q=quartz").await.expect(200);
    let records = search.items().iter().flat_map(|one| one["records"].as_array().unwrap());
    let searched = records.map(|one| one["id"].as_str().unwrap().to_owned());
    let file = person.get("/records/contacts/export").await.expect(200);
    let rows = file.text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned());
    let mut ways = vec![
        ("list", listed),
        ("detail", details),
        ("filter", filtered.each("id").into_iter().collect()),
        ("pages", paged),
        ("search", searched.collect()),
        ("export", rows.collect()),
    ];
    let file = person.get("/records/contacts/export?q=quartz").await.expect(200);
    let rows = file.text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned());
    ways.push(("export of a filter", rows.collect()));
    ways
}

/// HARI-117
#[tokio::test]
async fn list_detail_search_export_and_counts_have_the_same_scope() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let mut people = Vec::new();
    for (name, scope) in [("ben", "own"), ("cleo", "team"), ("dan", "all")] {
        let ask = json!({"name": scope, "grants": {"contacts": {"read": scope}}});
        let profile = workspace.anna.post("/profiles", ask).await.expect(201).id();
        let id = team(&workspace, scope, &profile).await;
        let person = in_team(&workspace, name, &id).await;
        let mate = in_team(&workspace, &format!("{name}mate"), &id).await;
        people.push((scope, person, mate));
    }
    let mut made: Vec<(String, String)> = Vec::new();
    let owners = people.iter().flat_map(|(_, person, mate)| [&person.id, &mate.id]);
    for owner in owners.map(String::as_str).chain(["unowned"]) {
        let ask = json!({"owner": owner});
        let id = workspace.record_with(&workspace.anna, "contacts", ask, "Quartz").await;
        made.push((owner.to_owned(), id));
    }
    let every: Vec<String> = made.iter().map(|(_, id)| id.clone()).collect();

    for (scope, person, mate) in &people {
        let is_reached = |owner: &str| match *scope {
            "own" => owner == person.id,
            "team" => owner == person.id || owner == mate.id,
            _ => true,
        };
        let reached = made.iter().filter(|(owner, _)| is_reached(owner));
        let reached: BTreeSet<String> = reached.map(|(_, id)| id.clone()).collect();
        for (way, seen) in ways(person, &every).await {
            assert_eq!(seen, reached, "{scope} {way}");
        }
    }
    // A member who reads none of a type exports none of it.
    let (_, ben, _) = &people[0];
    ben.get("/records/leads").await.refused(403, "denied");
    ben.get("/records/leads/export").await.refused(403, "denied");
    let owned = ben.get(&format!("/records/contacts/export?owner={}", workspace.anna.id)).await;
    assert_eq!(owned.expect(200).text.lines().count(), 1);
}

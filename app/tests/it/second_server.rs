//! A second server on a database: after a change that another one has made, it follows the change, and then
//! has exactly what a compilation of the workspace makes.

use std::collections::BTreeMap;

use hallpass_app::App;
use hallpass_app::entity::NewEntity;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::{ProfileRef, RoleRef};
use hallpass_app::operation::Operator;
use hallpass_app::profile::ProfileChange;
use hallpass_app::role::RoleChange;
use hallpass_app::service_account::NewServiceAccount;
use hallpass_app::setting::GeneralChange;
use hallpass_app::snapshot::Snapshot;
use hallpass_domain::id::{ProfileId, WorkspaceId};
use hallpass_engine::Owner;
use hallpass_testkit::TestDatabase;
use hallpass_testkit::test_size::either;
use serde_json::json;

use crate::guards::world::World;
use crate::test_server::TestServer;
use crate::worlds::in_random_worlds;

/// How many steps are run in a workspace.
const STEPS: usize = 60;

/// The snapshot of a workspace, as an app has it.
async fn snapshot(app: &App, workspace: WorkspaceId) -> Snapshot {
    let ctx = app.enter_as(&Operator::default(), &workspace.to_string()).await.unwrap();
    ctx.snapshot().clone()
}

/// Everything that a snapshot says, in an order that does not depend on its past.
fn said(snapshot: &Snapshot, profiles: &[ProfileId]) -> String {
    let model = &snapshot.model;
    let members: Vec<_> = model.members().collect();
    let departments: BTreeMap<_, _> = model.departments().map(|one| (&one.id, one)).collect();
    let mut lines = vec![
        format!("revision {}", snapshot.revision),
        format!("{:?}", snapshot.workspace),
        format!("{:?}", snapshot.sign_in),
        format!("{:?}", snapshot.entities),
        format!("{members:?}"),
        format!("{:?}", model.teams().collect::<Vec<_>>()),
        format!("{:?}", model.custom_roles().collect::<Vec<_>>()),
        format!("{departments:?}"),
        format!("{:?}", model.billing_contact()),
        format!("{:?}", model.services().collect::<Vec<_>>()),
    ];
    let named = model.teams().map(|team| &team.id);
    for id in named.chain(model.custom_roles().map(|role| &role.id)) {
        lines.push(format!("{id} is {}", snapshot.name(id)));
    }
    for id in profiles {
        let name = snapshot.name(&id.to_string());
        lines.push(format!("{id} is {name}: {:?}", model.profile(*id)));
    }
    for switch in &model.blueprint().switches {
        lines.push(format!("{} {}", switch.key, model.is_on(&switch.key)));
    }
    for role in &model.blueprint().roles {
        let holders: Vec<_> = model.active_holders(&role.key).collect();
        lines.push(format!("{} {holders:?} of {}", role.key, model.count_holders(&role.key)));
    }
    let policy = model.policy();
    for member in &members {
        for cell in policy.cells() {
            let (resource, action) = policy.keys(cell);
            let owners = members.iter().map(|owner| Owner::Member(&owner.id));
            let answers: String = [Owner::Any, Owner::Unowned]
                .into_iter()
                .chain(owners)
                .map(|owner| match policy.check(&member.id, resource, action, owner) {
                    Some(true) => '1',
                    Some(false) => '0',
                    None => '?',
                })
                .collect();
            lines.push(format!("{} {resource}:{action} {answers}", member.id));
        }
    }
    lines.join("\n")
}

/// Compares two texts and tells the first line that differs.
fn difference(is: &str, expected: &str) -> Option<String> {
    if is == expected {
        return None;
    }
    let lines = is.lines().zip(expected.lines());
    let first = lines.into_iter().find(|(is, expected)| is != expected);
    Some(first.map_or_else(
        || "one has more lines".to_owned(),
        |(is, expected)| format!("followed: {is}\ncompiled: {expected}"),
    ))
}

/// Runs random use cases on one server, and compares what a second one follows with what a third one compiles.
async fn run_on(
    database: TestDatabase,
    (blueprint, seed): (&str, u64),
    counts: &mut BTreeMap<String, usize>,
) {
    let mut world = World::on(database, blueprint, seed).await;
    let second = world.another();
    let (mut log, mut reads) = (Vec::new(), 0_u64);
    let mut known = snapshot(&second, world.workspace).await.revision;
    for _ in 0..STEPS {
        let view = world.view().await;
        let step = if world.rng.percent(5) {
            world.any_step(&view).await
        } else {
            world.step(&view).await
        };
        log.push(format!("{} {:?}", step.what, step.result));
        *counts
            .entry(if step.result.is_ok() { "done" } else { "refused" }.into())
            .or_default() += 1;
        // Often, it follows several revisions at once.
        if world.rng.percent(60) {
            continue;
        }
        let followed = snapshot(&second, world.workspace).await;
        let compiled = snapshot(&world.another(), world.workspace).await;
        reads += u64::from(followed.revision > known);
        known = followed.revision;
        if let Some(difference) =
            difference(&said(&followed, &view.profiles), &said(&compiled, &view.profiles))
        {
            let last = log.iter().rev().take(12).rev().cloned().collect::<Vec<_>>().join("\n");
            panic!("{blueprint}, seed {seed}, after {last}\n{difference}");
        }
    }
    let compilations = second.snapshot_usage().compilations - 1;
    assert!(compilations * 2 <= reads, "{compilations} of {reads} were compiled");
    for (what, n) in [("read after a change", reads), ("of them compiled", compilations)] {
        *counts.entry(what.to_owned()).or_default() += usize::try_from(n).unwrap();
    }
}

async fn run(blueprint: &str, seed: u64, counts: &mut BTreeMap<String, usize>) {
    run_on(TestDatabase::Memory, (blueprint, seed), counts).await;
}

async fn run_on_postgres(blueprint: &str, seed: u64, counts: &mut BTreeMap<String, usize>) {
    run_on(TestDatabase::server().await, (blueprint, seed), counts).await;
}

in_random_worlds! {
    either(4, 40), run;
    a_second_server_follows_changes_of_simple_roles: "harmonia", 71;
    a_second_server_follows_changes_of_permission_strings: "harmony", 72;
    a_second_server_follows_changes_of_profiles_and_teams: "hari", 73;
    a_second_server_follows_changes_of_a_role_ladder: "team-management", 74;
    a_second_server_follows_changes_of_levels_and_presets: "halo", 75;
    a_second_server_follows_changes_of_everything: "standard", 76;
}

in_random_worlds! {
    either(1, 10), run_on_postgres;
    a_second_server_on_postgres_follows_changes_of_simple_roles: "harmonia", 81;
    a_second_server_on_postgres_follows_changes_of_permission_strings: "harmony", 82;
    a_second_server_on_postgres_follows_changes_of_profiles_and_teams: "hari", 83;
    a_second_server_on_postgres_follows_changes_of_a_role_ladder: "team-management", 84;
    a_second_server_on_postgres_follows_changes_of_levels_and_presets: "halo", 85;
    a_second_server_on_postgres_follows_changes_of_everything: "standard", 86;
}

/// How much an app has compiled, and which revision it has.
async fn compiled(app: &App, workspace: WorkspaceId) -> (u64, i64) {
    let revision = snapshot(app, workspace).await.revision;
    (app.snapshot_usage().compilations, revision)
}

async fn check_that_only_what_is_not_told_is_compiled(database: TestDatabase) {
    let server = TestServer::on(database).await;
    let anna = server.sign_up("anna@example.com").await;
    let workspace = server.found(&anna, "standard", "acme").await;
    let second = server.beside();
    let (_, first) = compiled(&second, workspace).await;
    let enter = async || server.app.enter_to_write(&anna, "acme").await.unwrap();
    let name = |name: &str| Some(name.to_owned());

    let role = RoleChange { name: name("Clerk"), ..RoleChange::default() };
    let role = enter().await.roles().create(&role).await.unwrap();
    assert_eq!(compiled(&second, workspace).await, (1, first + 1));
    let profile = ProfileChange { name: name("Sellers"), ..ProfileChange::default() };
    let profile = enter().await.profiles().create(&profile).await.unwrap().profile;
    assert_eq!(compiled(&second, workspace).await, (1, first + 2));
    let access =
        AccessChange { role: Some(RoleRef::from("member")), ..AccessChange::default() };
    let bot = NewServiceAccount { name: "Bot".to_owned(), access };
    let bot = enter().await.service_accounts().create(&bot).await.unwrap();
    let access = AccessChange { role: Some(RoleRef::from("admin")), ..AccessChange::default() };
    enter().await.members().update(bot.id, &access.into()).await.unwrap();
    enter().await.members().remove(bot.id).await.unwrap();
    enter().await.profiles().delete(ProfileRef::Id(profile.id)).await.unwrap();
    let switches = json!({"indirect_reports": true});
    enter().await.settings().update_switches(switches.as_object().unwrap()).await.unwrap();
    let general = GeneralChange { name: name("Acme and Sons"), slug: None };
    enter().await.settings().update_general(&general).await.unwrap();
    assert_eq!(compiled(&second, workspace).await, (1, first + 8));
    let is = said(&snapshot(&second, workspace).await, &[profile.id]);
    let expected = said(&snapshot(&server.beside(), workspace).await, &[profile.id]);
    assert_eq!(difference(&is, &expected), None);
    assert!(is.contains("Acme and Sons") && is.contains("indirect_reports true"), "{role:?}");

    let field = json!({"key": "name", "name": "Name", "type": "text", "required": true});
    let things = NewEntity {
        key: "things".to_owned(),
        name: "Things".to_owned(),
        fields: vec![serde_json::from_value(field).unwrap()],
        ..NewEntity::default()
    };
    enter().await.entities().create(&things).await.unwrap();
    assert_eq!(compiled(&second, workspace).await, (2, first + 9));

    // A server of another version notes nothing.
    let mut tx = server.app.db().write_in(workspace.0).await.unwrap().unwrap();
    tx.bump_revision().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(compiled(&second, workspace).await, (3, first + 10));
}

#[tokio::test]
async fn only_what_is_not_told_is_compiled_on_sqlite() {
    check_that_only_what_is_not_told_is_compiled(TestDatabase::folder()).await;
}

#[tokio::test]
async fn only_what_is_not_told_is_compiled_on_postgres() {
    check_that_only_what_is_not_told_is_compiled(TestDatabase::server().await).await;
}

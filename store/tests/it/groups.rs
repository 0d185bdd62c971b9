//! Roles, profiles, teams, departments and record types.

use hallpass_domain::department::Department;
use hallpass_domain::id::{DepartmentId, MemberId, ProfileId, RoleId, TeamId};
use hallpass_domain::name::Name;
use hallpass_domain::profile::Profile;
use hallpass_domain::role::Role;
use hallpass_domain::team::Team;
use hallpass_engine::{Cells, Scope, Sharing};
use hallpass_store::entity::StoredEntity;
use hallpass_store::{Error, WorkspaceTx};
use serde_json::json;

use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        a_role_is_inserted_updated_and_deleted,
        a_profile_is_inserted_updated_and_deleted,
        a_team_is_inserted_updated_and_deleted,
        a_department_is_inserted_updated_and_deleted,
        names_are_unique,
        groups_are_listed_by_name,
        groups_are_found_by_a_part_of_their_names,
        a_record_type_is_inserted_updated_and_deleted,
        settings_of_a_workspace_are_updated,
    ],
    persistent: [],
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

async fn enter(fixture: &Fixture) -> WorkspaceTx {
    let workspace = insert_workspace(&fixture.db, 1).await;
    fixture.db.write_in(workspace).await.unwrap().unwrap()
}

pub(crate) fn role(number: u128, text: &str) -> Role {
    Role {
        id: RoleId(id(number)),
        name: name(text),
        description: "What\nit is for".to_owned(),
        grants: vec!["contacts:read,update:own".parse().unwrap(), "*:*:all".parse().unwrap()],
        version: 1,
    }
}

async fn a_role_is_inserted_updated_and_deleted(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    tx.roles().insert(&role(2, "Sales")).await.unwrap();
    tx.roles().insert(&role(1, "audit")).await.unwrap();
    assert_eq!(tx.roles().list_all().await.unwrap(), [role(1, "audit"), role(2, "Sales")]);

    let changed = Role { grants: Vec::new(), ..role(2, "Sellers") };
    assert!(tx.roles().update(&changed).await.unwrap());
    assert!(!tx.roles().update(&changed).await.unwrap());
    let found = tx.roles().find(changed.id).await.unwrap();
    assert_eq!(found, Some(Role { version: 2, ..changed }));

    tx.roles().delete(RoleId(id(2))).await.unwrap();
    assert_eq!(tx.roles().list_all().await.unwrap(), [role(1, "audit")]);
}

pub(crate) fn profile(number: u128, text: &str) -> Profile {
    let mut cells = Cells::default();
    cells.set("contacts", "read", Some(Scope::Team));
    cells.set("contacts", "delete", None);
    Profile {
        id: ProfileId(id(number)),
        template: Some("finance".to_owned()),
        name: name(text),
        description: String::new(),
        cells,
        version: 1,
    }
}

async fn a_profile_is_inserted_updated_and_deleted(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    tx.profiles().insert(&profile(1, "Finance")).await.unwrap();
    assert_eq!(tx.profiles().list_all().await.unwrap(), [profile(1, "Finance")]);

    let changed = Profile { template: None, cells: Cells::default(), ..profile(1, "Money") };
    assert!(tx.profiles().update(&changed).await.unwrap());
    assert!(!tx.profiles().update(&changed).await.unwrap());
    let found = tx.profiles().find(changed.id).await.unwrap();
    assert_eq!(found, Some(Profile { version: 2, ..changed }));

    tx.profiles().delete(ProfileId(id(1))).await.unwrap();
    assert_eq!(tx.profiles().list_all().await.unwrap(), []);
}

pub(crate) fn team(number: u128, text: &str) -> Team {
    Team {
        id: TeamId(id(number)),
        name: name(text),
        description: String::new(),
        profile: Some(ProfileId(id(9))),
        sharing: Sharing::Team,
        version: 1,
    }
}

async fn a_team_is_inserted_updated_and_deleted(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    tx.teams().insert(&team(1, "North")).await.unwrap();
    assert_eq!(tx.teams().list_all().await.unwrap(), [team(1, "North")]);
    assert!(tx.teams().member_counts().await.unwrap().is_empty());

    let changed = Team { profile: None, sharing: Sharing::Own, ..team(1, "South") };
    assert!(tx.teams().update(&changed).await.unwrap());
    assert!(!tx.teams().update(&changed).await.unwrap());
    let found = tx.teams().find(changed.id).await.unwrap();
    assert_eq!(found, Some(Team { version: 2, ..changed }));

    tx.teams().delete(TeamId(id(1))).await.unwrap();
    assert_eq!(tx.teams().find(TeamId(id(1))).await.unwrap(), None);
}

pub(crate) fn department(number: u128, text: &str, parent: Option<u128>) -> Department {
    Department {
        id: DepartmentId(id(number)),
        name: name(text),
        parent: parent.map(|number| DepartmentId(id(number))),
        manager: Some(MemberId(id(3))),
        version: 1,
    }
}

async fn a_department_is_inserted_updated_and_deleted(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let (top, below) = (department(1, "Sales", None), department(2, "EU", Some(1)));
    for one in [&top, &below] {
        tx.departments().insert(one).await.unwrap();
    }
    assert_eq!(tx.departments().list_all().await.unwrap(), [below.clone(), top.clone()]);

    let changed = Department { parent: None, manager: None, ..below };
    assert!(tx.departments().update(&changed).await.unwrap());
    assert!(!tx.departments().update(&changed).await.unwrap());
    tx.departments().delete(top.id).await.unwrap();
    assert_eq!(
        tx.departments().list_all().await.unwrap(),
        [Department { version: 2, ..changed }]
    );
}

async fn names_are_unique(fixture: Fixture) {
    for (number, noun) in (1..).zip(["role", "profile", "team"]) {
        let workspace = insert_workspace(&fixture.db, number).await;
        let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
        let taken = match noun {
            "role" => {
                tx.roles().insert(&role(1, "Sales")).await.unwrap();
                tx.roles().insert(&role(2, "SALES")).await
            }
            "profile" => {
                tx.profiles().insert(&profile(1, "Sales")).await.unwrap();
                tx.profiles().insert(&profile(2, "sales")).await
            }
            _ => {
                tx.teams().insert(&team(1, "Sales")).await.unwrap();
                tx.teams().insert(&team(2, "sAles")).await
            }
        };
        assert!(matches!(taken, Err(Error::Conflict(_))), "{noun}");
    }
}

async fn groups_are_found_by_a_part_of_their_names(fixture: Fixture) {
    let other = insert_workspace(&fixture.db, 2).await;
    let mut tx = enter(&fixture).await;
    for (number, text) in (1..).zip(["Sales North", "Nordic", "100%", "Support", "NORTH"]) {
        tx.teams().insert(&team(number, text)).await.unwrap();
        tx.departments().insert(&department(number, text, None)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut foreign = fixture.db.write_in(other).await.unwrap().unwrap();
    foreign.teams().insert(&team(9, "North of another")).await.unwrap();
    foreign.departments().insert(&department(9, "North of another", None)).await.unwrap();
    foreign.commit().await.unwrap();
    let mut tx = fixture.db.write_in(id(1)).await.unwrap().unwrap();

    // (text, teams, departments): teams whose names begin with the text come first.
    let cases: [(&str, &[&str], &[&str]); 5] = [
        ("nOr", &["Nordic", "NORTH", "Sales North"], &["Nordic", "NORTH", "Sales North"]),
        ("s", &["Sales North", "Support"], &["Sales North", "Support"]),
        ("%", &["100%"], &["100%"]),
        ("north of", &[], &[]),
        ("", &["100%", "Nordic", "NORTH"], &["100%", "Nordic", "NORTH"]),
    ];
    for (text, teams, departments) in cases {
        let found = tx.teams().pick(text, 3).await.unwrap();
        assert_eq!(found.iter().map(|(_, name)| name).collect::<Vec<_>>(), teams, "{text}");
        let found = tx.departments().pick(text, 3).await.unwrap();
        assert_eq!(
            found.iter().map(|(_, name)| name).collect::<Vec<_>>(),
            departments,
            "{text}"
        );
    }
    let names =
        tx.departments().names(&[DepartmentId(id(4)), DepartmentId(id(9))]).await.unwrap();
    assert_eq!(names.into_values().collect::<Vec<_>>(), ["Support"]);
}

async fn groups_are_listed_by_name(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let sorted = ["Banken", "éclat", "Emil", "Öl", "Oz", "Zebra"];
    for (number, text) in (1..).zip(["Zebra", "Öl", "Emil", "Oz", "éclat", "Banken"]) {
        tx.roles().insert(&role(number, text)).await.unwrap();
        tx.profiles().insert(&profile(number, text)).await.unwrap();
        tx.teams().insert(&team(number, text)).await.unwrap();
        tx.departments().insert(&department(number, text, None)).await.unwrap();
    }
    tx.departments().insert(&department(7, "Emil", None)).await.unwrap();

    let roles = tx.roles().list_all().await.unwrap();
    let profiles = tx.profiles().list_all().await.unwrap();
    let teams = tx.teams().list_all().await.unwrap();
    let with_profile = tx.teams().list_with_profile(ProfileId(id(9))).await.unwrap();
    let departments = tx.departments().list_all().await.unwrap();

    assert!(roles.iter().map(|role| role.name.as_str()).eq(sorted));
    assert!(profiles.iter().map(|profile| profile.name.as_str()).eq(sorted));
    assert!(teams.iter().map(|team| team.name.as_str()).eq(sorted));
    assert_eq!(with_profile, teams);
    let emils = departments.iter().filter(|one| one.name.as_str() == "Emil");
    assert!(emils.map(|one| one.id).eq([3, 7].map(|number| DepartmentId(id(number)))));
    let mut names: Vec<&str> = departments.iter().map(|one| one.name.as_str()).collect();
    names.dedup();
    assert_eq!(names, sorted);
}

async fn a_record_type_is_inserted_updated_and_deleted(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let entity = StoredEntity {
        entity: "ships".to_owned(),
        is_added: true,
        name: Some("Ships".to_owned()),
        one: None,
        fields: Some(json!([{"key": "name", "name": "Name", "type": "text"}])),
        stages: None,
        version: 1,
    };
    tx.entities().upsert(&entity).await.unwrap();
    assert_eq!(tx.entities().list_all().await.unwrap(), std::slice::from_ref(&entity));
    assert_eq!(entity.said().fields.unwrap()[0].holds, "text");

    let other = StoredEntity { fields: None, stages: Some(json!([])), ..entity };
    tx.entities().upsert(&other).await.unwrap();
    let stored = tx.entities().list_all().await.unwrap();
    assert_eq!(stored, [StoredEntity { version: 2, ..other }]);

    tx.entities().delete("ships").await.unwrap();
    assert_eq!(tx.entities().list_all().await.unwrap(), []);
}

async fn settings_of_a_workspace_are_updated(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let settings = json!({"modules": {"inbox": false}}).as_object().unwrap().clone();

    tx.update_settings(&settings).await.unwrap();
    tx.rename(&name("Other"), &hallpass_domain::slug::Slug::parse("other").unwrap())
        .await
        .unwrap();

    let about = tx.load_workspace().await.unwrap();
    assert_eq!(
        (about.settings, about.name.as_str(), about.slug.as_str()),
        (settings, "Other", "other")
    );
}

//! What is stored of a change is read as the same, and what cannot be told is everything.

use hallpass_domain::id::{MemberId, ProfileId, RoleId, TeamId};
use hallpass_engine::{Change, Member};
use uuid::Uuid;

use super::*;

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

#[test]
fn what_is_stored_is_read_as_the_same() {
    let mut first = Touched::default();
    let mut second = Touched::default();
    let member = |number| Member::new(&id::<MemberId>(number).to_string(), "owner");

    first.add(&Change::PutMember(member(1)));
    first.add(&Change::RemoveMember(id::<MemberId>(2).to_string()));
    first.add(&Change::SetSwitch("open".to_owned(), true));
    second.add(&Change::PutMember(member(1)));
    second.add(&Change::RemoveRole(id::<RoleId>(3).to_string()));
    second.add(&Change::RemoveProfile(id::<ProfileId>(4).to_string()));
    second.add(&Change::RemoveTeam(id::<TeamId>(5).to_string()));
    second.add(&Change::SetDepartments(Vec::new()));

    let texts = [first.to_text().unwrap(), second.to_text().unwrap()];
    let read = TouchedIds::parse(&texts).unwrap();
    assert_eq!(read.members, BTreeSet::from([id(1), id(2)]));
    assert_eq!(read.roles, BTreeSet::from([id(3)]));
    assert_eq!(read.profiles, BTreeSet::from([id(4)]));
    assert_eq!(read.teams, BTreeSet::from([id(5)]));
    assert!(read.has_departments);
    assert_eq!(read.len(), 5);
}

#[test]
fn a_change_of_nothing_but_switches_touches_no_id() {
    let mut touched = Touched::default();

    touched.add(&Change::SetSwitch("open".to_owned(), true));

    assert_eq!(touched.to_text().as_deref(), Some(""));
    assert_eq!(TouchedIds::parse(&[String::new()]), Some(TouchedIds::default()));
}

#[test]
fn a_text_of_a_newer_version_says_nothing() {
    assert_eq!(TouchedIds::parse(&["departments stages".to_owned()]), None);
}

#[test]
fn more_ids_than_are_kept_are_everything() {
    let mut touched = Touched::default();

    for number in 0..=200 {
        assert!(touched.to_text().is_some());
        touched.add(&Change::RemoveMember(id::<MemberId>(number).to_string()));
    }

    assert_eq!(touched.to_text(), None);
    touched.add(&Change::RemoveMember(id::<MemberId>(1).to_string()));
    assert_eq!(touched, Touched::Everything);
}

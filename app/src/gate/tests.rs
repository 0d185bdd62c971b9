//! What the gate keeps shut.

use std::sync::Arc;

use hallpass_store::{Db, Options};

use super::*;
use crate::account::SignUp;
use crate::caller::Caller;
use crate::hasher::Cost;
use crate::house::{House, Rules};
use crate::outside::{SystemChance, SystemClock};
use crate::session::Origin;
use crate::workspace::NewWorkspace;

/// A house with two workspaces of one founder.
async fn house() -> (House, Caller) {
    let db = Db::open(":memory:", &Options::default()).await.unwrap();
    let chance = Arc::new(SystemChance::default());
    let clock = Arc::new(SystemClock);
    let house = House::with(db, Rules::default(), clock, chance, Cost::Cheap).unwrap();
    let ask = SignUp {
        email: "anna@example.com".to_owned(),
        password: "a long password".to_owned(),
        first_name: "Anna".to_owned(),
        last_name: String::new(),
    };
    let (_, token) = house.sign_up(&ask, &Origin::default()).await.unwrap();
    let caller = house.caller(&token, "req_1").await.unwrap().unwrap();
    for slug in ["north", "south"] {
        let ask = NewWorkspace {
            name: slug.to_owned(),
            slug: slug.to_owned(),
            blueprint: None,
            blueprint_text: None,
        };
        house.create_workspace(&caller, &ask).await.unwrap();
    }
    (house, caller)
}

fn is_broken<T>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Broken(_)))
}

#[tokio::test]
async fn a_pass_opens_nothing_in_another_workspace() {
    let (house, caller) = house().await;
    let mut north = house.visit(&caller, "north").await.unwrap();
    let pass = north.check(door::ReadTeams).await.unwrap();
    assert!(north.tx(&pass).is_ok());
    drop(north);

    let mut south = house.visit(&caller, "south").await.unwrap();

    assert!(is_broken(&south.tx(&pass)));
    assert!(is_broken(&south.commit(&pass).await));
}

#[tokio::test]
async fn a_pass_opens_nothing_in_the_next_visit() {
    let (house, caller) = house().await;
    let mut before = house.visit(&caller, "north").await.unwrap();
    let pass = before.check(door::CreateTeams).await.unwrap();
    drop(before);

    let mut after = house.visit_to_write(&caller, "north").await.unwrap();

    assert!(is_broken(&after.tx(&pass)));
    assert!(is_broken(&after.commit(&pass).await));
}

#[tokio::test]
async fn a_member_is_let_in_by_doors_and_by_no_proof() {
    let (house, caller) = house().await;
    let visit = house.visit(&caller, "north").await.unwrap();

    assert!(is_broken(&visit.admit(Proof::Account)));
}

#[tokio::test]
async fn nothing_opens_after_a_visit() {
    let (house, caller) = house().await;
    let mut visit = house.visit(&caller, "north").await.unwrap();
    let pass = visit.check(door::ReadTeams).await.unwrap();
    visit.commit(&pass).await.unwrap();

    assert!(is_broken(&visit.tx(&pass)));
}

#[tokio::test]
async fn no_door_opens_for_somebody_from_outside() {
    let (house, _) = house().await;
    let id = house.workspace_named("north").await.unwrap();
    let tx = house.db().read_in(id.0).await.unwrap().unwrap();
    let mut visit = house.begin_as(tx, Me::Outside("a stranger"), String::new()).await.unwrap();

    let present = visit.check(Present).await;
    let teams = visit.check(door::ReadTeams).await;

    assert!(matches!(present, Err(Error::Missing { .. })), "{present:?}");
    assert!(matches!(teams, Err(Error::Missing { .. })), "{teams:?}");
}

#[tokio::test]
async fn whoever_has_signed_out_meanwhile_writes_nothing() {
    let (house, caller) = house().await;
    assert!(house.visit_to_write(&caller, "north").await.is_ok());
    house.sign_out(&caller).await.unwrap();

    let late = house.visit_to_write(&caller, "north").await;

    assert!(matches!(late, Err(Error::NotSignedIn)));
}

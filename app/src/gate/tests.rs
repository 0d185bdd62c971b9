//! What the gate keeps shut.

use std::sync::Arc;

use hallpass_store::{Db, Options};

use super::*;
use crate::account::SignUp;
use crate::app::{App, Rules};
use crate::environment::{SystemClock, SystemRandom};
use crate::hasher::HashCost;
use crate::principal::Principal;
use crate::session::Origin;
use crate::workspace::NewWorkspace;

/// A house with two workspaces of one founder.
async fn app() -> (App, Principal) {
    let db = Db::open(":memory:", &Options::default()).await.unwrap();
    let random = Arc::new(SystemRandom::default());
    let clock = Arc::new(SystemClock);
    let app = App::with(db, Rules::default(), clock, random, HashCost::Cheap).unwrap();
    let ask = SignUp {
        email: "anna@example.com".to_owned(),
        password: "a long password".to_owned(),
        first_name: "Anna".to_owned(),
        last_name: String::new(),
    };
    let (_, token) = app.sign_up(&ask, &Origin::default()).await.unwrap();
    let principal = app.principal(&token, "req_1").await.unwrap().unwrap();
    for slug in ["north", "south"] {
        let ask = NewWorkspace {
            name: slug.to_owned(),
            slug: slug.to_owned(),
            blueprint: None,
            blueprint_text: None,
        };
        app.create_workspace(&principal, &ask).await.unwrap();
    }
    (app, principal)
}

fn is_broken<T>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Broken(_)))
}

#[tokio::test]
async fn a_pass_opens_nothing_in_another_workspace() {
    let (app, principal) = app().await;
    let mut north = app.enter(&principal, "north").await.unwrap();
    let pass = north.check(permission::ReadTeams).await.unwrap();
    assert!(north.tx(&pass).is_ok());
    drop(north);

    let mut south = app.enter(&principal, "south").await.unwrap();

    assert!(is_broken(&south.tx(&pass)));
    assert!(is_broken(&south.commit(&pass).await));
}

#[tokio::test]
async fn a_pass_opens_nothing_in_the_next_visit() {
    let (app, principal) = app().await;
    let mut before = app.enter(&principal, "north").await.unwrap();
    let pass = before.check(permission::CreateTeams).await.unwrap();
    drop(before);

    let mut after = app.enter_to_write(&principal, "north").await.unwrap();

    assert!(is_broken(&after.tx(&pass)));
    assert!(is_broken(&after.commit(&pass).await));
}

#[tokio::test]
async fn a_member_is_let_in_by_doors_and_by_no_proof() {
    let (app, principal) = app().await;
    let ctx = app.enter(&principal, "north").await.unwrap();

    assert!(is_broken(&ctx.admit(Credential::Account)));
}

#[tokio::test]
async fn nothing_opens_after_a_visit() {
    let (app, principal) = app().await;
    let mut ctx = app.enter(&principal, "north").await.unwrap();
    let pass = ctx.check(permission::ReadTeams).await.unwrap();
    ctx.commit(&pass).await.unwrap();

    assert!(is_broken(&ctx.tx(&pass)));
}

#[tokio::test]
async fn no_door_opens_for_somebody_from_outside() {
    let (app, _) = app().await;
    let id = app.workspace_named("north").await.unwrap();
    let tx = app.db().read_in(id.0).await.unwrap().unwrap();
    let mut ctx =
        app.open_context(tx, Actor::Outside("a stranger"), String::new()).await.unwrap();

    let present = ctx.check(AnyMember).await;
    let teams = ctx.check(permission::ReadTeams).await;

    assert!(matches!(present, Err(Error::Missing { .. })), "{present:?}");
    assert!(matches!(teams, Err(Error::Missing { .. })), "{teams:?}");
}

#[tokio::test]
async fn whoever_has_signed_out_meanwhile_writes_nothing() {
    let (app, principal) = app().await;
    assert!(app.enter_to_write(&principal, "north").await.is_ok());
    app.sign_out(&principal).await.unwrap();

    let late = app.enter_to_write(&principal, "north").await;

    assert!(matches!(late, Err(Error::NotSignedIn)));
}

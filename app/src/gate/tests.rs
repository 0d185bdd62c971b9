//! What the gate refuses.

use std::sync::Arc;

use hallpass_domain::secret::Secret;
use hallpass_store::{Db, Options};

use super::*;
use crate::account::SignUp;
use crate::app::{App, Rules};
use crate::environment::{SystemClock, SystemRandom};
use crate::hasher::HashCost;
use crate::origin::Origin;
use crate::principal::Principal;
use crate::workspace::NewWorkspace;

/// Creates an app with two workspaces of one founder.
pub(crate) async fn app() -> (App, Principal) {
    let db = Db::open(":memory:", &Options::default()).await.unwrap();
    let random = Arc::new(SystemRandom::default());
    let clock = Arc::new(SystemClock);
    let app = App::with(db, Rules::default(), clock, random, HashCost::CHEAP).unwrap();
    let ask = SignUp {
        email: "anna@example.com".to_owned(),
        password: Secret::new("a long enough password".to_owned()),
        first_name: "Anna".to_owned(),
        last_name: String::new(),
        locale: None,
    };
    let (_, token) = app.accounts().sign_up(&ask, &Origin::default()).await.unwrap();
    let principal = app
        .principals()
        .find_by_session(&token, (&Origin::default(), "req_1"))
        .await
        .unwrap()
        .unwrap();
    for slug in ["north", "south"] {
        let ask = NewWorkspace {
            name: slug.to_owned(),
            slug: slug.to_owned(),
            blueprint: None,
            blueprint_text: None,
        };
        app.workspaces().create(&principal, &ask).await.unwrap();
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
    let pass = north.check(permission::CreateTeams).await.unwrap();
    assert!(north.tx(&pass).is_ok());
    drop(north);

    let mut south = app.enter(&principal, "south").await.unwrap();

    assert!(is_broken(&south.tx(&pass)));
    assert!(is_broken(&south.commit(&pass).await));
}

#[tokio::test]
async fn a_pass_opens_nothing_in_the_next_context() {
    let (app, principal) = app().await;
    let mut before = app.enter(&principal, "north").await.unwrap();
    let pass = before.check(permission::CreateTeams).await.unwrap();
    drop(before);

    let mut after = app.enter_to_write(&principal, "north").await.unwrap();

    assert!(is_broken(&after.tx(&pass)));
    assert!(is_broken(&after.commit(&pass).await));
}

#[tokio::test]
async fn a_member_is_not_admitted_by_a_credential() {
    let (app, principal) = app().await;
    let ctx = app.enter(&principal, "north").await.unwrap();

    assert!(is_broken(&ctx.admit(Credential::Account)));
}

#[tokio::test]
async fn nothing_opens_after_the_commit() {
    let (app, principal) = app().await;
    let mut ctx = app.enter(&principal, "north").await.unwrap();
    let pass = ctx.check(permission::CreateTeams).await.unwrap();
    ctx.commit(&pass).await.unwrap();

    assert!(is_broken(&ctx.tx(&pass)));
}

#[tokio::test]
async fn no_permission_is_granted_to_outsiders() {
    let (app, _) = app().await;
    let id = app.workspace_id("north").await.unwrap();
    let tx = app.db().read_in(id.0).await.unwrap().unwrap();
    let mut ctx =
        app.open_context(tx, Actor::Outside("a stranger"), String::new()).await.unwrap();

    let any = ctx.check(AnyMember).await;
    let teams = ctx.check(permission::ReadTeams).await;

    assert!(matches!(any, Err(Error::Missing { .. })), "{any:?}");
    assert!(matches!(teams, Err(Error::Missing { .. })), "{teams:?}");
}

#[tokio::test]
async fn a_request_cannot_write_after_its_session_has_ended() {
    let (app, principal) = app().await;
    assert!(app.enter_to_write(&principal, "north").await.is_ok());
    app.sessions().sign_out(&principal).await.unwrap();

    let late = app.enter_to_write(&principal, "north").await;

    assert!(matches!(late, Err(Error::NotSignedIn)));
}

/// An access model with no settings at all, whose members may do everything with records.
const OPEN: &str = r#"
[blueprint]
id = "open"
name = "Open"
[records.notes]
[custom_entities]
[roles.owner]
rank = 1
top = true
grants = ["*:*:all"]
"#;

#[tokio::test]
async fn an_area_that_nothing_covers_is_closed_to_everybody() {
    let (app, principal) = app().await;
    let new = NewWorkspace {
        name: "Open".to_owned(),
        slug: "open".to_owned(),
        blueprint: None,
        blueprint_text: Some(OPEN.to_owned()),
    };
    app.workspaces().create(&principal, &new).await.unwrap();
    for area in hallpass_engine::AREAS {
        for verb in area.verbs {
            let mut ctx = app.enter(&principal, "open").await.unwrap();
            let question = Question::Area { area: area.name, verb };
            match ctx.grant(question, Target::Any, "").await {
                Err(Error::Denied(denial)) => {
                    let because = "the access model does not cover it";
                    assert!(denial.because.contains(because), "{question:?}: {denial:?}");
                }
                refused => assert!(matches!(refused, Err(Error::Refused(_))), "{question:?}"),
            }
            let member = ctx.member_id().unwrap();
            assert!(!ctx.may(member, area.name, verb), "{question:?}");
        }
    }
}

#[test]
fn each_question_has_words_for_the_audit_log() {
    let area = Question::Area { area: "members", verb: "update" };
    let records = Question::Records { resource: "deals", action: "close" };
    assert_eq!(area.words(), ("members", "update"));
    assert_eq!(records.words(), ("deals", "close"));
    assert_eq!(Question::Membership.words(), ("", "read"));
    assert_eq!(Question::OwnMembership.words(), ("", "leave"));
    assert_eq!(Question::Nothing.words(), ("", ""));
}

/// A cell whose resource has the name of an area answers no question about the area.
#[test]
fn the_name_of_an_area_is_not_taken_for_a_resource() {
    let blueprint = Blueprint::parse(OPEN).unwrap();
    for area in hallpass_engine::AREAS {
        for verb in area.verbs {
            let question = Question::Area { area: area.name, verb };
            assert_eq!(covering(&blueprint, question), None, "{question:?}");
        }
    }
}

/// The sources of this crate without its tests, each with its path.
pub(crate) fn sources() -> Vec<(std::path::PathBuf, String)> {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

#[test]
fn every_verb_of_an_area_is_checked_by_a_use_case_or_for_an_own_app() {
    let sources = sources();
    let users = sources.iter().filter(|(path, _)| !path.ends_with("gate/permission.rs"));
    let words: std::collections::HashSet<&str> =
        users.flat_map(|(_, text)| text.split(|c: char| !c.is_ascii_alphanumeric())).collect();

    for area in hallpass_engine::AREAS {
        for verb in area.verbs {
            let mut asked = permission::OF_AREAS
                .iter()
                .filter(|(_, of, by)| (of, by) == (&area.name, verb));
            let is_checked = asked.any(|(name, ..)| words.contains(name));
            let is_own_app = area.own_app.contains(verb);
            assert_ne!(is_checked, is_own_app, "{}:{verb}", area.name);
        }
    }
}

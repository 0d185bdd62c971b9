//! The replacement of an access model: what was compared is compiled before anyone has to wait for it.

use hallpass_app::App;
use hallpass_app::blueprint::BlueprintSource;
use hallpass_app::setting::GeneralChange;
use hallpass_domain::blueprint;
use hallpass_testkit::TestDatabase;

use crate::test_server::TestServer;

/// An access model of one's own, with a name.
fn source(name: &str) -> BlueprintSource {
    let text = blueprint::find("standard").unwrap();
    let text = text.replacen("id = \"standard\"", &format!("id = \"{name}\""), 1);
    BlueprintSource { id: None, text: Some(text) }
}

async fn check(database: TestDatabase) {
    let server = TestServer::on(database).await;
    let anna = server.sign_up("anna@example.com").await;
    let _acme = server.found(&anna, "standard", "acme").await;
    let second = server.beside();
    let compare = async |app: &App, name: &str| {
        let mut ctx = app.enter(&anna, "acme").await.unwrap();
        ctx.blueprint().compare(&source(name), None, 50).await.unwrap().id
    };
    let replace = async |app: &App, name: &str, comparison: &str| {
        let mut ctx = app.enter_to_write(&anna, "acme").await.unwrap();
        let before = app.snapshot_usage().compilations;
        let replaced = ctx.blueprint().replace(&source(name), comparison).await.unwrap();
        assert_eq!(replaced.id, name);
        app.snapshot_usage().compilations - before
    };

    let first = compare(&server.app, "first").await;
    assert_eq!(replace(&server.app, "first", &first).await, 0);

    // A server that has not compared it compiles it before the replacement.
    let prepare = async |app: &App, name: &str, comparison: &str| {
        let mut ctx = app.enter(&anna, "acme").await.unwrap();
        let before = app.snapshot_usage().compilations;
        let prepared = ctx.blueprint().prepare(&source(name), comparison).await;
        (prepared.is_ok(), app.snapshot_usage().compilations - before)
    };
    let other = compare(&server.app, "other").await;
    assert_eq!(prepare(&second, "other", &first).await, (false, 0));
    assert_eq!(prepare(&second, "other", &other).await, (true, 1));
    assert_eq!(prepare(&second, "other", &other).await, (true, 0));
    assert_eq!(replace(&second, "other", &other).await, 0);

    // What was compared is of one revision.
    let third = compare(&server.app, "third").await;
    let general = GeneralChange { name: Some("Acme and Sons".to_owned()), slug: None };
    let mut ctx = server.app.enter_to_write(&anna, "acme").await.unwrap();
    ctx.settings().update_general(&general).await.unwrap();
    assert_eq!(prepare(&server.app, "third", &third).await, (false, 0));
    let mut ctx = server.app.enter_to_write(&anna, "acme").await.unwrap();
    let refused = ctx.blueprint().replace(&source("third"), &third).await.unwrap_err();
    assert!(refused.to_string().contains("compar"), "{refused}");
    drop(ctx);
    let again = compare(&server.app, "third").await;
    assert_eq!(replace(&server.app, "third", &again).await, 0);
}

#[tokio::test]
async fn what_was_compared_is_not_compiled_while_others_wait_on_sqlite() {
    check(TestDatabase::folder()).await;
}

#[tokio::test]
async fn what_was_compared_is_not_compiled_while_others_wait_on_postgres() {
    check(TestDatabase::server().await).await;
}

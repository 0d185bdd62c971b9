//! What takes the processor for long is done before others wait to write, wherever it is asked for.

use hallpass_app::account::SignUp;
use hallpass_app::blueprint::BlueprintSource;
use hallpass_app::operation::Operator;
use hallpass_app::origin::Origin;
use hallpass_domain::blueprint;
use hallpass_domain::secret::Secret;
use hallpass_testkit::{TestDatabase, compiles_before_it_locks};

use crate::test_server::{PASSWORD, TestServer};

/// Every server has compiled nothing yet, like a command.
async fn check(database: TestDatabase) {
    let server = TestServer::on(database).await;
    let anna = server.sign_up("anna@example.com").await;
    let acme = server.found(&anna, "standard", "acme").await;
    let root = Operator::new("root");

    let cold = server.beside();
    let entered = cold.enter_to_write(&anna, "acme");
    let entered = compiles_before_it_locks(&cold, acme, entered).await;
    // What has entered holds the workspace.
    drop(entered.unwrap_or_else(|error| panic!("a member: {error}")));
    let cold = server.beside();
    let entered = compiles_before_it_locks(&cold, acme, cold.enter_as(&root, "acme")).await;
    drop(entered.unwrap_or_else(|error| panic!("the operator: {error}")));

    let cold = server.beside();
    let link = async {
        let accounts = cold.accounts();
        let account = accounts.load(&anna).await.unwrap();
        accounts.create_link_as(&root, account.id).await
    };
    assert!(compiles_before_it_locks(&cold, acme, link).await.is_ok(), "an account");

    let text = blueprint::find("standard").unwrap();
    let text = text.replacen("id = \"standard\"", "id = \"mine\"", 1);
    let source = BlueprintSource { id: None, text: Some(text) };
    let (first, second) = (server.beside(), server.beside());
    let compared = first.workspaces().compare_blueprint_as(&root, "acme", &source, 50).await;
    let compared = compared.unwrap();
    assert!(second.enter(&anna, "acme").await.is_ok());
    let workspaces = second.workspaces();
    let replaced = workspaces.replace_blueprint_as(&root, "acme", &source, &compared.id);
    let replaced = compiles_before_it_locks(&second, acme, replaced).await.unwrap();
    assert_eq!(replaced.id, "mine");
    let mut ctx = server.app.enter(&anna, "acme").await.unwrap();
    assert_eq!(ctx.blueprint().load().await.unwrap().id, "mine");
}

#[tokio::test]
async fn a_workspace_is_compiled_before_it_is_locked_on_sqlite() {
    check(TestDatabase::folder()).await;
}

#[tokio::test]
async fn a_workspace_is_compiled_before_it_is_locked_on_postgres() {
    check(TestDatabase::server().await).await;
}

/// A file has one writer at a time.
#[tokio::test]
async fn the_first_password_is_checked_and_hashed_before_others_wait() {
    let server = TestServer::on(TestDatabase::folder()).await;
    let accounts = server.app.accounts();
    let link = accounts.create_setup_link().await.unwrap().unwrap();
    let sign_up = |password: &str| SignUp {
        email: "anna@example.com".to_owned(),
        password: Secret::new(password.to_owned()),
        first_name: "Anna".to_owned(),
        last_name: String::new(),
        locale: None,
    };
    let origin = Origin::default();

    let writer = server.app.db().write().await.unwrap();
    let refused = accounts.set_up(&link, &sign_up("short"), &origin).await;
    drop(writer);

    let refused = refused.err().unwrap().to_string();
    assert!(refused.contains("password"), "{refused}");
    let made = accounts.set_up(&link, &sign_up(PASSWORD), &origin).await.unwrap();
    assert!(made.0.is_operator);
    let again = accounts.set_up(&link, &sign_up("short"), &origin).await.err().unwrap();
    assert!(again.to_string().contains("link"), "{again}");
}

//! Restoring a workspace whose members deleted their accounts while it was deleted.

use hallpass_app::account::deletion::DELETE;
use hallpass_app::invitation::NewInvitation;
use hallpass_app::member::access::AccessChange;
use hallpass_app::operation::Operator;
use hallpass_app::{Error, Principal};
use hallpass_domain::email::Email;
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::member::Status;
use hallpass_domain::refusal::Refusal;
use hallpass_testkit::TestDatabase;

use crate::test_server::TestServer;

async fn delete(server: &TestServer, principal: &Principal, place: WorkspaceId) {
    let ctx = server.app.enter_to_write(principal, &place.to_string()).await;
    ctx.unwrap().workspace().delete("acme").await.unwrap();
}

/// The role and the status of an account's member, if there is one.
async fn access(
    server: &TestServer,
    place: WorkspaceId,
    principal: &Principal,
) -> Option<(String, Status)> {
    let mut tx = server.app.db().read_in(place.0).await.unwrap().unwrap();
    let member = tx.members().find_by_account(principal.person().unwrap()).await.unwrap();
    member.map(|member| (member.access.role, member.status))
}

async fn restore(
    server: &TestServer,
    place: WorkspaceId,
    owner: Option<&str>,
) -> Result<(), Error> {
    let owner = owner.map(|email| Email::parse(email).unwrap());
    let operator = Operator::new("root");
    let named = place.to_string();
    server.app.workspaces().restore_as(&operator, &named, owner.as_ref()).await.map(drop)
}

#[tokio::test]
async fn a_restore_needs_an_owner_and_removes_deleted_accounts() {
    for blueprint in ["harmonia", "team-management", "halo", "standard"] {
        for database in [TestDatabase::Memory, TestDatabase::server().await] {
            let server = TestServer::on(database).await;
            let anna = server.sign_up("anna@example.com").await;
            let ben = server.sign_up("ben@example.com").await;
            let place = server.found(&anna, blueprint, "acme").await;
            delete(&server, &anna, place).await;
            server.app.accounts().delete(&anna, DELETE).await.unwrap();

            let refused = restore(&server, place, None).await;
            let unknown = restore(&server, place, Some("unknown@example.com")).await;

            let Err(Error::Refused(Refusal::Fields(errors))) = refused else {
                panic!("{blueprint}: {refused:?}")
            };
            assert_eq!(errors[0].pointer, "/owner");
            assert!(matches!(unknown, Err(Error::Missing { noun: "account" })), "{unknown:?}");
            let gone = server.app.enter(&ben, &place.to_string()).await;
            assert!(gone.is_err(), "{blueprint}: the refused restore took effect");

            restore(&server, place, Some("ben@example.com")).await.unwrap();

            let (_, status) = access(&server, place, &anna).await.unwrap();
            assert_eq!(status, Status::Removed, "{blueprint}");
            let ctx = server.app.enter(&ben, &place.to_string()).await.unwrap();
            let top = ctx.model().blueprint().top_role().unwrap().key.clone();
            drop(ctx);
            assert_eq!(access(&server, place, &ben).await.unwrap(), (top, Status::Active));
        }
    }
}

#[tokio::test]
async fn a_member_who_restores_finds_deleted_accounts_removed() {
    let server = TestServer::on(TestDatabase::Memory).await;
    let anna = server.sign_up("anna@example.com").await;
    let ben = server.sign_up("ben@example.com").await;
    let place = server.found(&anna, "harmonia", "acme").await;
    let ask = NewInvitation {
        email: "ben@example.com".to_owned(),
        access: AccessChange { role: Some("member".into()), ..AccessChange::default() },
        given: vec!["email", "role"],
        ..NewInvitation::default()
    };
    let ctx = server.app.enter_to_write(&anna, "acme").await;
    let invited = ctx.unwrap().invitations().send(&[ask]).await.unwrap();
    let link = server.link(invited[0].id).await;
    server.app.invitations().accept(&ben, &link).await.unwrap();
    delete(&server, &anna, place).await;
    server.app.accounts().delete(&ben, DELETE).await.unwrap();

    server.app.workspaces().restore(&anna, "acme").await.unwrap();

    assert_eq!(access(&server, place, &ben).await.unwrap().1, Status::Removed);
    assert_eq!(access(&server, place, &anna).await.unwrap().1, Status::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_deleted_during_a_restore_is_no_member() {
    for database in [TestDatabase::folder(), TestDatabase::server().await] {
        let server = TestServer::on(database).await;
        let anna = server.sign_up("anna@example.com").await;
        for round in 0..20 {
            let email = format!("ben{round}@example.com");
            let ben = server.sign_up(&email).await;
            let place = server.found(&ben, "harmonia", &format!("acme-{round}")).await;
            let ctx = server.app.enter_to_write(&ben, &place.to_string()).await;
            ctx.unwrap().workspace().delete(&format!("acme-{round}")).await.unwrap();
            let (one, other) = (server.app.clone(), server.app.clone());
            let named = place.to_string();

            let back = tokio::spawn(async move {
                let owner = Email::parse("anna@example.com").unwrap();
                one.workspaces().restore_as(&Operator::new("root"), &named, Some(&owner)).await
            });
            let gone = {
                let ben = ben.clone();
                tokio::spawn(async move { other.accounts().delete(&ben, DELETE).await })
            };
            let (back, gone) = (back.await.unwrap(), gone.await.unwrap());

            assert!(back.is_ok(), "{back:?}");
            let (_, status) = access(&server, place, &ben).await.unwrap();
            match gone {
                Ok(()) => assert_eq!(status, Status::Removed, "round {round}"),
                Err(Error::Refused(Refusal::Stale)) => assert_eq!(status, Status::Active),
                Err(error) => panic!("{error:?}"),
            }
            assert!(access(&server, place, &anna).await.is_some());
        }
    }
}

//! Restoring a workspace whose people deleted their accounts while nobody could enter it.

use hallpass_app::account::deletion::DELETE;
use hallpass_app::invitation::NewInvitation;
use hallpass_app::operation::Operator;
use hallpass_app::{Caller, Error};
use hallpass_domain::email::Email;
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::member::{SeatChange, Status};
use hallpass_domain::refusal::Refusal;
use hallpass_testkit::Ground;

use crate::town::Town;

async fn delete(town: &Town, caller: &Caller, place: WorkspaceId) {
    let visit = town.house.visit_to_write(caller, &place.to_string()).await;
    visit.unwrap().delete_workspace("acme").await.unwrap();
}

/// The role and the status of an account's member, if there is one.
async fn seat(town: &Town, place: WorkspaceId, caller: &Caller) -> Option<(String, Status)> {
    let mut tx = town.house.db().read_in(place.0).await.unwrap().unwrap();
    let member = tx.members().by_account(caller.person().unwrap()).await.unwrap();
    member.map(|member| (member.seat.role, member.status))
}

async fn restore(town: &Town, place: WorkspaceId, owner: Option<&str>) -> Result<(), Error> {
    let owner = owner.map(|email| Email::parse(email).unwrap());
    let operator = Operator::new("root");
    let named = place.to_string();
    town.house.restore_workspace_for(&operator, &named, owner.as_ref()).await.map(drop)
}

#[tokio::test]
async fn it_comes_back_without_whoever_deleted_their_account() {
    for blueprint in ["harmonia", "team-management", "halo", "standard"] {
        for ground in [Ground::Memory, Ground::server().await] {
            let town = Town::on(ground).await;
            let anna = town.sign_up("anna@example.com").await;
            let ben = town.sign_up("ben@example.com").await;
            let place = town.found(&anna, blueprint, "acme").await;
            delete(&town, &anna, place).await;
            town.house.delete_account(&anna, DELETE).await.unwrap();

            let refused = restore(&town, place, None).await;
            let unknown = restore(&town, place, Some("nobody@example.com")).await;

            let Err(Error::Refused(Refusal::Fields(errors))) = refused else {
                panic!("{blueprint}: {refused:?}")
            };
            assert_eq!(errors[0].pointer, "/owner");
            assert!(matches!(unknown, Err(Error::Missing { noun: "account" })), "{unknown:?}");
            let gone = town.house.visit(&ben, &place.to_string()).await;
            assert!(gone.is_err(), "{blueprint}: what was refused restored it");

            restore(&town, place, Some("ben@example.com")).await.unwrap();

            let (_, status) = seat(&town, place, &anna).await.unwrap();
            assert_eq!(status, Status::Removed, "{blueprint}");
            let visit = town.house.visit(&ben, &place.to_string()).await.unwrap();
            let top = visit.model().blueprint().top_role().unwrap().key.clone();
            drop(visit);
            assert_eq!(seat(&town, place, &ben).await.unwrap(), (top, Status::Active));
        }
    }
}

#[tokio::test]
async fn whoever_restores_it_themselves_finds_no_member_whom_nobody_is() {
    let town = Town::on(Ground::Memory).await;
    let anna = town.sign_up("anna@example.com").await;
    let ben = town.sign_up("ben@example.com").await;
    let place = town.found(&anna, "harmonia", "acme").await;
    let ask = NewInvitation {
        email: "ben@example.com".to_owned(),
        seat: SeatChange { role: Some("member".to_owned()), ..SeatChange::default() },
        given: vec!["email", "role"],
        ..NewInvitation::default()
    };
    let visit = town.house.visit_to_write(&anna, "acme").await;
    let invited = visit.unwrap().invite_all(&[ask]).await.unwrap();
    let link = town.link(invited[0].id).await;
    town.house.accept_invitation(&ben, &link).await.unwrap();
    delete(&town, &anna, place).await;
    town.house.delete_account(&ben, DELETE).await.unwrap();

    town.house.restore_workspace(&anna, "acme").await.unwrap();

    assert_eq!(seat(&town, place, &ben).await.unwrap().1, Status::Removed);
    assert_eq!(seat(&town, place, &anna).await.unwrap().1, Status::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_deletes_their_account_while_it_comes_back_is_no_member_of_it() {
    for ground in [Ground::folder(), Ground::server().await] {
        let town = Town::on(ground).await;
        let anna = town.sign_up("anna@example.com").await;
        for round in 0..20 {
            let email = format!("ben{round}@example.com");
            let ben = town.sign_up(&email).await;
            let place = town.found(&ben, "harmonia", &format!("acme-{round}")).await;
            let visit = town.house.visit_to_write(&ben, &place.to_string()).await;
            visit.unwrap().delete_workspace(&format!("acme-{round}")).await.unwrap();
            let (one, other) = (town.house.clone(), town.house.clone());
            let named = place.to_string();

            let back = tokio::spawn(async move {
                let heir = Email::parse("anna@example.com").unwrap();
                one.restore_workspace_for(&Operator::new("root"), &named, Some(&heir)).await
            });
            let gone = {
                let ben = ben.clone();
                tokio::spawn(async move { other.delete_account(&ben, DELETE).await })
            };
            let (back, gone) = (back.await.unwrap(), gone.await.unwrap());

            assert!(back.is_ok(), "{back:?}");
            let (_, status) = seat(&town, place, &ben).await.unwrap();
            match gone {
                Ok(()) => assert_eq!(status, Status::Removed, "round {round}"),
                Err(Error::Refused(Refusal::Stale)) => assert_eq!(status, Status::Active),
                Err(error) => panic!("{error:?}"),
            }
            assert!(seat(&town, place, &anna).await.is_some());
        }
    }
}

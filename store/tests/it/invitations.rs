//! Invitations: one pending for an address, found by the hash of their token.

use hallpass_domain::email::Email;
use hallpass_domain::id::{InvitationId, MemberId, TeamId};
use hallpass_domain::invitation::{Invitation, InvitationState};
use hallpass_domain::member::MemberAccess;
use hallpass_domain::time::Span;
use hallpass_engine::Visibility;
use hallpass_store::invitation::InvitationQuery;
use hallpass_store::{Error, WorkspaceTx};

use crate::accounts::NOW;
use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        an_invitation_is_read_as_inserted,
        an_address_has_one_pending_invitation,
        a_new_token_replaces_the_old_one,
        an_invitation_of_an_old_version_is_not_updated,
        invitations_are_listed_latest_first,
    ],
    persistent: [],
}

pub(crate) fn invitation(number: u128, email: &str) -> Invitation {
    Invitation {
        id: InvitationId(id(number)),
        email: Email::parse(email).unwrap(),
        name: Some("Ben".to_owned()),
        access: MemberAccess {
            role: "member".to_owned(),
            levels: vec![("inbox".to_owned(), "view".to_owned())],
            visibility: Visibility::All,
            department: None,
            manager: Some(MemberId(id(3))),
            teams: vec![TeamId(id(4))],
            is_billing_contact: true,
        },
        landing: Some("inbox".to_owned()),
        state: InvitationState::Pending,
        invited_by: Some(MemberId(id(5))),
        invited_at: NOW,
        expires_at: NOW + Span::days(14),
        version: 1,
    }
}

async fn enter(fixture: &Fixture) -> WorkspaceTx {
    let workspace = insert_workspace(&fixture.db, 1).await;
    fixture.db.write_in(workspace).await.unwrap().unwrap()
}

async fn an_invitation_is_read_as_inserted(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let ben = invitation(1, "Ben@Example.com");
    tx.invitations().insert(b"token", &ben).await.unwrap();

    assert_eq!(tx.invitations().find(ben.id).await.unwrap(), Some(ben.clone()));
    assert_eq!(tx.invitations().find_by_token(b"token").await.unwrap(), Some(ben.clone()));
    assert_eq!(tx.invitations().find_by_token(b"other").await.unwrap(), None);
    let email = Email::parse("ben@example.com").unwrap();
    assert_eq!(tx.invitations().find_pending(&email).await.unwrap(), Some(ben.clone()));
    assert_eq!(tx.invitations().list_pending().await.unwrap(), [ben]);
}

async fn an_address_has_one_pending_invitation(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let first = invitation(1, "ben@example.com");
    tx.invitations().insert(b"1", &first).await.unwrap();
    let revoked = Invitation { state: InvitationState::Revoked, ..first };
    assert!(tx.invitations().update(&revoked).await.unwrap());
    tx.invitations().insert(b"2", &invitation(2, "ben@example.com")).await.unwrap();

    let third = tx.invitations().insert(b"3", &invitation(3, "BEN@example.com")).await;

    assert!(matches!(third, Err(Error::Conflict(_))), "{third:?}");
}

async fn a_new_token_replaces_the_old_one(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let ben = invitation(1, "ben@example.com");
    tx.invitations().insert(b"old", &ben).await.unwrap();

    tx.invitations().replace_token(ben.id, b"new").await.unwrap();

    assert_eq!(tx.invitations().find_by_token(b"old").await.unwrap(), None);
    assert_eq!(tx.invitations().find_by_token(b"new").await.unwrap(), Some(ben));
}

async fn an_invitation_of_an_old_version_is_not_updated(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let ben = invitation(1, "ben@example.com");
    tx.invitations().insert(b"1", &ben).await.unwrap();
    let accepted = Invitation { state: InvitationState::Accepted, ..ben.clone() };
    assert!(tx.invitations().update(&accepted).await.unwrap());

    assert!(
        !tx.invitations()
            .update(&Invitation { state: InvitationState::Revoked, ..ben })
            .await
            .unwrap()
    );

    assert_eq!(tx.invitations().list_pending().await.unwrap(), []);
}

async fn invitations_are_listed_latest_first(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    for number in 1..=5 {
        let one = invitation(number, &format!("person{number}@example.com"));
        tx.invitations().insert(&number.to_be_bytes(), &one).await.unwrap();
    }
    let mut numbers = Vec::new();
    let mut below = None;
    loop {
        let page = tx.invitations().list(&InvitationQuery::default(), below, 2).await.unwrap();
        let Some(last) = page.items.last() else { break };
        below = Some(last.id);
        numbers.extend(page.items.iter().map(|one| one.id.0.as_u128()));
    }
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
    assert_eq!(tx.invitations().count(&InvitationQuery::default()).await.unwrap(), 5);
}

//! Returning members: a removed member still owns their records, and the guards count these
//! records when the member is invited again.

use hallpass_app::invitation::NewInvitation;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::TeamRef;
use hallpass_app::role::RoleChange;
use hallpass_app::team::TeamChange;
use hallpass_app::{Error, Principal, WorkspaceContext};
use hallpass_domain::id::{MemberId, TeamId, WorkspaceId};
use hallpass_domain::refusal::Refusal;
use hallpass_testkit::TestDatabase;

use crate::test_server::TestServer;

async fn enter(
    server: &TestServer,
    principal: &Principal,
    workspace: WorkspaceId,
) -> WorkspaceContext {
    server.app.enter_to_write(principal, &workspace.to_string()).await.unwrap()
}

/// Invites a person with a role into some teams, and accepts for them.
async fn join(
    server: &TestServer,
    workspace: WorkspaceId,
    (by, role, teams): (&Principal, &str, &[TeamId]),
    (guest, email): (&Principal, &str),
) -> Result<MemberId, Error> {
    let teams = teams.iter().copied().map(TeamRef::from).collect::<Vec<_>>();
    let teams = (!teams.is_empty()).then_some(teams);
    let ask = NewInvitation {
        email: email.to_owned(),
        access: AccessChange { role: Some(role.into()), teams, ..AccessChange::default() },
        given: vec!["email", "role", "teams"],
        ..NewInvitation::default()
    };
    let invited = enter(server, by, workspace).await.invitations().send(&[ask]).await?;
    let link = server.link(invited[0].id).await;
    server.app.invitations().accept(guest, &link).await.map(|joined| joined.member.id)
}

#[tokio::test]
async fn whoever_comes_back_brings_their_records_to_nobody_who_did_not_reach_them() {
    let server = TestServer::on(TestDatabase::Memory).await;
    let anna = server.sign_up("anna@example.com").await;
    let ben = server.sign_up("ben@example.com").await;
    let cleo = server.sign_up("cleo@example.com").await;
    let dora = server.sign_up("dora@example.com").await;
    let place = server.found(&anna, "standard", "acme").await;
    for (name, grants) in [
        ("Lead", &["team:*:all", "teams:update:all", "contacts:read:team"][..]),
        ("Plain", &[][..]),
    ] {
        let grants = Some(grants.iter().map(|grant| (*grant).to_owned()).collect());
        let ask = RoleChange { name: Some(name.to_owned()), grants, ..RoleChange::default() };
        enter(&server, &anna, place).await.roles().create(&ask).await.unwrap();
    }
    let team = TeamChange { name: Some("Sales".to_owned()), ..TeamChange::default() };
    let team = enter(&server, &anna, place).await.teams().create(&team).await.unwrap().team.id;
    let by_anna = |role| (&anna, role, &[][..]);
    join(&server, place, (&anna, "Lead", &[team]), (&ben, "ben@example.com")).await.unwrap();
    let left =
        join(&server, place, by_anna("Plain"), (&cleo, "cleo@example.com")).await.unwrap();
    enter(&server, &anna, place).await.members().remove(left).await.unwrap();

    let new = join(&server, place, (&ben, "Plain", &[team]), (&dora, "dora@example.com")).await;
    let back =
        join(&server, place, (&ben, "Plain", &[team]), (&cleo, "cleo@example.com")).await;

    // Ben would read what Cleo owned before she left.
    assert!(new.is_ok());
    let Err(Error::Refused(Refusal::InvitationOutdated { why })) = back else {
        panic!("{back:?}")
    };
    assert_eq!(why, "the member who sent it may no longer give what it contains");
    let change = AccessChange { teams: Some(vec![team.into()]), ..AccessChange::default() };
    let change = MemberChange::from(change);
    let moved = enter(&server, &ben, place).await.members().update(left, &change).await;
    assert!(matches!(moved, Err(Error::Missing { .. })));
}

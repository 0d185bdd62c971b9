//! Coming back: whoever was removed still owns what they owned, and whoever invites them anew is
//! asked about it.

use hallpass_app::invitation::NewInvitation;
use hallpass_app::member::MemberChange;
use hallpass_app::role::RoleChange;
use hallpass_app::team::TeamChange;
use hallpass_app::{Caller, Error, Visit};
use hallpass_domain::id::{MemberId, TeamId, WorkspaceId};
use hallpass_domain::member::SeatChange;
use hallpass_domain::refusal::Refusal;
use hallpass_testkit::Ground;

use crate::town::Town;

async fn visit(town: &Town, caller: &Caller, workspace: WorkspaceId) -> Visit {
    town.house.visit_to_write(caller, &workspace.to_string()).await.unwrap()
}

/// Invites somebody with a role into some teams, and lets them accept.
async fn join(
    town: &Town,
    workspace: WorkspaceId,
    (by, role, teams): (&Caller, &str, &[TeamId]),
    (guest, email): (&Caller, &str),
) -> Result<MemberId, Error> {
    let role = visit(town, by, workspace).await.role_named(role);
    let teams = (!teams.is_empty()).then(|| teams.to_vec());
    let ask = NewInvitation {
        email: email.to_owned(),
        seat: SeatChange { role: Some(role), teams, ..SeatChange::default() },
        given: vec!["email", "role", "teams"],
        ..NewInvitation::default()
    };
    let invited = visit(town, by, workspace).await.invite_all(&[ask]).await?;
    let link = town.link(invited[0].id).await;
    town.house.accept_invitation(guest, &link).await.map(|joined| joined.member.id)
}

#[tokio::test]
async fn whoever_comes_back_brings_their_records_to_nobody_who_did_not_reach_them() {
    let town = Town::on(Ground::Memory).await;
    let anna = town.sign_up("anna@example.com").await;
    let ben = town.sign_up("ben@example.com").await;
    let cleo = town.sign_up("cleo@example.com").await;
    let dora = town.sign_up("dora@example.com").await;
    let place = town.found(&anna, "standard", "acme").await;
    for (name, grants) in
        [("Lead", &["team:*:all", "contacts:read:team"][..]), ("Plain", &[][..])]
    {
        let grants = Some(grants.iter().map(|grant| (*grant).to_owned()).collect());
        let ask = RoleChange { name: Some(name.to_owned()), grants, ..RoleChange::default() };
        visit(&town, &anna, place).await.create_role(&ask).await.unwrap();
    }
    let team = TeamChange { name: Some("Sales".to_owned()), ..TeamChange::default() };
    let team = visit(&town, &anna, place).await.create_team(&team).await.unwrap().id;
    let by_anna = |role| (&anna, role, &[][..]);
    join(&town, place, (&anna, "Lead", &[team]), (&ben, "ben@example.com")).await.unwrap();
    let left = join(&town, place, by_anna("Plain"), (&cleo, "cleo@example.com")).await.unwrap();
    visit(&town, &anna, place).await.remove_member(left).await.unwrap();

    let new = join(&town, place, (&ben, "Plain", &[team]), (&dora, "dora@example.com")).await;
    let back = join(&town, place, (&ben, "Plain", &[team]), (&cleo, "cleo@example.com")).await;

    // Ben would read what Cleo owned before she left.
    assert!(new.is_ok());
    let Err(Error::Refused(Refusal::InvitationOutdated { why })) = back else {
        panic!("{back:?}")
    };
    assert!(why.contains("contacts:read"), "{why}");
    let change = SeatChange { teams: Some(vec![team]), ..SeatChange::default() };
    let change = MemberChange { seat: change, landing: None };
    let moved = visit(&town, &ben, place).await.change_member(left, &change, None).await;
    assert!(matches!(moved, Err(Error::Missing { .. })));
}

//! Returning members: a removed member still owns their records, and the guards count these
//! records when the member is invited again.

use hallpass_app::department::DepartmentChange;
use hallpass_app::invitation::NewInvitation;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::TeamRef;
use hallpass_app::role::RoleChange;
use hallpass_app::team::TeamChange;
use hallpass_app::workspace::NewWorkspace;
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

/// Leads invite, and read what is in their department and what belongs to members assigned to them.
const MODEL: &str = r#"
[blueprint]
id = "comeback"
name = "Comeback"

[records.contacts]

[settings.people]
covers = ["members"]
actions = ["read", "create", "update", "delete"]

[settings.structure]
covers = ["departments"]
actions = ["read", "create", "update", "delete"]

[managers]
[departments]

[roles.owner]
rank = 3
top = true
grants = ["*:*:all"]
given_by = ["owner"]
touched_by = ["owner"]

[roles.lead]
rank = 2
manages = true
grants = ["people:*:all", "contacts:read:department", "contacts:read:assigned"]
given_by = ["owner"]
touched_by = ["owner"]

[roles.plain]
rank = 1
grants = []
given_by = ["owner", "lead"]
touched_by = ["owner", "lead"]

[invitation]
fields = ["email", "role", "department"]
required = ["email", "role"]
start_role = "plain"

[membership]
verbs = ["remove"]
"#;

#[tokio::test]
async fn whoever_comes_back_to_a_department_or_a_manager_brings_them_no_records() {
    let server = TestServer::on(TestDatabase::Memory).await;
    let anna = server.sign_up("anna@example.com").await;
    let ben = server.sign_up("ben@example.com").await;
    let ask = NewWorkspace {
        name: "Acme".to_owned(),
        slug: "acme".to_owned(),
        blueprint: None,
        blueprint_text: Some(MODEL.to_owned()),
    };
    let place = server.app.workspaces().create(&anna, &ask).await.unwrap().id;
    let north =
        DepartmentChange { name: Some("North".to_owned()), ..DepartmentChange::default() };
    let north = enter(&server, &anna, place)
        .await
        .departments()
        .create(&north)
        .await
        .unwrap()
        .department
        .id;
    let invite = async |by: &Principal, guest: (&Principal, &str), access: AccessChange| {
        let ask = NewInvitation {
            email: guest.1.to_owned(),
            access,
            given: vec!["email", "role", "department"],
            ..NewInvitation::default()
        };
        let invited = enter(&server, by, place).await.invitations().send(&[ask]).await.unwrap();
        let link = server.link(invited[0].id).await;
        server.app.invitations().accept(guest.0, &link).await.map(|joined| joined.member.id)
    };
    let with_role =
        |role: &str| AccessChange { role: Some(role.into()), ..AccessChange::default() };
    let in_north =
        |role: &str| AccessChange { department: Some(Some(north.into())), ..with_role(role) };
    let lead = invite(&anna, (&ben, "ben@example.com"), in_north("lead")).await.unwrap();
    // An imported invitation may name a manager too.
    let under_ben = || AccessChange { manager: Some(Some(lead)), ..with_role("plain") };
    for name in ["department", "manager", "neither"] {
        let access = || match name {
            "department" => in_north("plain"),
            "manager" => under_ben(),
            _ => with_role("plain"),
        };
        let email = format!("{name}@example.com");
        let new_email = format!("new.{name}@example.com");
        let (guest, new) = (server.sign_up(&email).await, server.sign_up(&new_email).await);
        let left = invite(&anna, (&guest, &email), with_role("plain")).await.unwrap();
        enter(&server, &anna, place).await.members().remove(left).await.unwrap();

        // Who is new owns nothing, and who was there owns what Ben does not read.
        assert!(invite(&ben, (&new, &new_email), access()).await.is_ok(), "{name}");
        let back = invite(&ben, (&guest, &email), access()).await;
        assert_eq!(back.is_ok(), name == "neither", "{name}: {back:?}");
        if let Err(error) = back {
            let outdated = matches!(error, Error::Refused(Refusal::InvitationOutdated { .. }));
            assert!(outdated, "{name}: {error:?}");
        }
    }
}

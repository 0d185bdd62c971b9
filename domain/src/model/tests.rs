//! The guards, one by one.

use std::sync::Arc;

use hallpass_engine::{
    Blueprint, Cells, Change, CustomRole, Department, EVERY, Member, Profile, ResourceKind,
    Scope, Sharing, Team, Visibility, Workspace,
};
use uuid::Uuid;

use super::{ChangeKind, Grantor, Model};
use crate::id::{DepartmentId, MemberId, ProfileId, RoleId, TeamId};
use crate::refusal::Refusal;

const ANNA: MemberId = MemberId(Uuid::from_u128(1));
const BEN: MemberId = MemberId(Uuid::from_u128(2));
const CLEO: MemberId = MemberId(Uuid::from_u128(3));
const SALES: TeamId = TeamId(Uuid::from_u128(1));
const FULL: ProfileId = ProfileId(Uuid::from_u128(1));
const NORTH: DepartmentId = DepartmentId(Uuid::from_u128(1));
const SOUTH: DepartmentId = DepartmentId(Uuid::from_u128(2));
const LEAD: RoleId = RoleId(Uuid::from_u128(1));
const PLAIN: RoleId = RoleId(Uuid::from_u128(2));
const READER: RoleId = RoleId(Uuid::from_u128(3));

/// Anna owns the workspace. Cleo may change members, teams and departments, and reads contacts with
/// a scope. Ben has a role without grants. Neither is in a team or a department.
fn model(scope: &str) -> Model {
    let text = crate::blueprint::find("standard").unwrap();
    let blueprint = Arc::new(Blueprint::parse(text).unwrap());
    let role = |id: RoleId, grants: &[&str]| CustomRole {
        id: id.to_string(),
        grants: grants.iter().map(|grant| grant.parse().unwrap()).collect(),
    };
    let reading = format!("contacts:read:{scope}");
    let lead = ["team,teams,departments,security:read,update:all", reading.as_str()];
    let member = |id: MemberId, role: &str| Member {
        visibility: Visibility::All,
        ..Member::new(&id.to_string(), role)
    };
    let team = Team { id: SALES.to_string(), profile: None, sharing: Sharing::default() };
    let department = |id: DepartmentId| Department { id: id.to_string(), parent: None };
    let workspace = Workspace {
        roles: vec![role(LEAD, &lead), role(PLAIN, &[])],
        teams: vec![team],
        departments: vec![department(NORTH), department(SOUTH)],
        members: vec![
            member(ANNA, "owner"),
            member(BEN, &PLAIN.to_string()),
            member(CLEO, &LEAD.to_string()),
        ],
        ..Workspace::default()
    };
    Model::compile(&blueprint, workspace).unwrap()
}

/// A model after a change by the operator.
fn changed(model: &Model, id: MemberId, change: impl FnOnce(&mut Member)) -> Model {
    let mut member = model.member(id).unwrap().clone();
    change(&mut member);
    model.change(Grantor::Operator, ChangeKind::Edit, &[Change::PutMember(member)]).unwrap()
}

/// The outcome of a change of a member.
fn outcome_of(
    model: &Model,
    by: MemberId,
    id: MemberId,
    change: impl FnOnce(&mut Member),
) -> String {
    let mut member = model.member(id).unwrap().clone();
    change(&mut member);
    outcome(model.change(Grantor::Member(by), ChangeKind::Edit, &[Change::PutMember(member)]))
}

fn outcome(changed: Result<Model, Refusal>) -> String {
    match changed {
        Ok(_) => "done".to_owned(),
        Err(Refusal::GrantCeiling { rights, .. }) => rights.join(", "),
        Err(refusal) => refusal.code().to_owned(),
    }
}

#[test]
fn adding_a_member_to_a_team_is_limited_by_the_ceiling() {
    let model = changed(&model("team"), CLEO, |cleo| cleo.teams = vec![SALES.to_string()]);
    let join = |ben: &mut Member| ben.teams = vec![SALES.to_string()];

    let by_cleo = outcome_of(&model, CLEO, BEN, join);

    // Cleo would read Ben's contacts from then on.
    assert_eq!(by_cleo, "contacts:read");
    assert_eq!(outcome_of(&model, ANNA, BEN, join), "done");
}

#[test]
fn assigning_a_manager_is_limited_by_the_ceiling() {
    let model = model("assigned");
    let assign = |ben: &mut Member| ben.manager = Some(CLEO.to_string());

    let by_cleo = outcome_of(&model, CLEO, BEN, assign);

    assert_eq!(by_cleo, "contacts:read");
    assert_eq!(outcome_of(&model, ANNA, BEN, assign), "done");
}

#[test]
fn adding_a_member_to_a_department_is_limited_by_the_ceiling() {
    let model = changed(&model("department"), CLEO, |cleo| {
        cleo.department = Some(NORTH.to_string());
    });
    let join = |ben: &mut Member| ben.department = Some(NORTH.to_string());

    let by_cleo = outcome_of(&model, CLEO, BEN, join);

    assert_eq!(by_cleo, "contacts:read");
    assert_eq!(outcome_of(&model, ANNA, BEN, join), "done");
}

#[test]
fn moving_a_department_is_limited_by_the_ceiling() {
    let model = changed(&model("department"), CLEO, |cleo| {
        cleo.department = Some(NORTH.to_string());
    });
    let model = changed(&model, BEN, |ben| ben.department = Some(SOUTH.to_string()));
    let tree = [(NORTH, None), (SOUTH, Some(NORTH))];
    let tree = tree.map(|(id, parent)| Department {
        id: id.to_string(),
        parent: parent.map(|id: DepartmentId| id.to_string()),
    });
    let moved = Change::SetDepartments(tree.to_vec());
    let by = |who| {
        outcome(model.change(
            Grantor::Member(who),
            ChangeKind::Edit,
            std::slice::from_ref(&moved),
        ))
    };

    let by_cleo = by(CLEO);

    // Any member of North with the visibility of a department would see what Ben owns.
    assert!(by_cleo.split(", ").any(|right| right == "contacts:read"), "{by_cleo}");
    assert!(by_cleo.split(", ").any(|right| right == "tasks:read"), "{by_cleo}");
    assert_eq!(by(ANNA), "done");
}

/// Both Admins are bound by the visibility of their department.
#[test]
fn a_member_moves_the_department_that_they_reach_and_no_other() {
    let switch = Change::SetSwitch("visibility_for_admins".to_owned(), true);
    let start = model("own").change(Grantor::Operator, ChangeKind::Edit, &[switch]).unwrap();
    let bound = |model: &Model, id: MemberId, department: DepartmentId| {
        changed(model, id, |member| {
            member.role = "admin".to_owned();
            member.visibility = Visibility::Department;
            member.department = Some(department.to_string());
        })
    };
    for (own, other) in [(NORTH, SOUTH), (SOUTH, NORTH)] {
        let model = bound(&bound(&start, BEN, own), CLEO, other);
        let move_below = |moved: DepartmentId, above: DepartmentId| {
            let node = |id: DepartmentId| Department {
                id: id.to_string(),
                parent: (id == moved).then(|| above.to_string()),
            };
            let change = Change::SetDepartments(vec![node(NORTH), node(SOUTH)]);
            outcome(model.change(Grantor::Member(BEN), ChangeKind::Edit, &[change]))
        };

        // Cleo then sees the records that Ben sees.
        assert_eq!(move_below(own, other), "done");
        // Ben would see more.
        assert!(move_below(other, own).contains("contacts:read"));
    }
}

#[test]
fn setting_a_switch_is_limited_by_the_ceiling() {
    let model = changed(&model("assigned"), BEN, |ben| ben.manager = Some(CLEO.to_string()));
    let dora = MemberId(Uuid::from_u128(4));
    let dora = Member {
        manager: Some(BEN.to_string()),
        ..Member::new(&dora.to_string(), &PLAIN.to_string())
    };
    let model =
        model.change(Grantor::Operator, ChangeKind::Join, &[Change::PutMember(dora)]).unwrap();
    let turn = [Change::SetSwitch("indirect_reports".to_owned(), true)];
    let by = |who| outcome(model.change(Grantor::Member(who), ChangeKind::Edit, &turn));

    let by_cleo = by(CLEO);

    // Dora is assigned to Ben, who is assigned to Cleo; and there may be other managers later.
    assert!(by_cleo.split(", ").any(|right| right == "contacts:read"), "{by_cleo}");
    assert!(by_cleo.split(", ").any(|right| right == "tasks:update"), "{by_cleo}");
    assert_eq!(by(ANNA), "done");
}

#[test]
fn an_admin_limited_by_visibility_cannot_lift_that_limit() {
    let admin = |member: &mut Member| {
        "admin".clone_into(&mut member.role);
        member.visibility = Visibility::Own;
    };
    let model = changed(&model("own"), BEN, admin);
    let turn = |on| [Change::SetSwitch("visibility_for_admins".to_owned(), on)];
    let bound = model.change(Grantor::Member(ANNA), ChangeKind::Edit, &turn(true)).unwrap();

    let by_ben = outcome(bound.change(Grantor::Member(BEN), ChangeKind::Edit, &turn(false)));

    assert!(by_ben.contains("contacts:read"), "{by_ben}");
    let by_anna = bound.change(Grantor::Member(ANNA), ChangeKind::Edit, &turn(false));
    assert_eq!(outcome(by_anna), "done");
}

#[test]
fn a_grant_without_effect_yet_is_limited_by_the_ceiling() {
    for scope in ["team", "department"] {
        let model = model("own");
        let role = CustomRole {
            id: READER.to_string(),
            grants: vec![format!("contacts:read:{scope}").parse().unwrap()],
        };
        let by_operator = model
            .change(Grantor::Operator, ChangeKind::Edit, &[Change::PutRole(role)])
            .unwrap();

        let by_cleo = outcome_of(&by_operator, CLEO, BEN, |ben| ben.role = READER.to_string());

        // Ben is in no team and no department, but may be tomorrow.
        assert_eq!(by_cleo, "contacts:read");
    }
}

#[test]
fn the_reports_of_a_member_who_leaves_have_no_manager() {
    let admin = |member: &mut Member| {
        "admin".clone_into(&mut member.role);
        member.manager = Some(CLEO.to_string());
    };
    let model = changed(&model("own"), BEN, admin);
    let gone = [Change::RemoveMember(CLEO.to_string())];

    let left = model.change(Grantor::Member(CLEO), ChangeKind::Leave, &gone);

    assert_eq!(left.unwrap().member(BEN).unwrap().manager, None);
}

/// A profile that gives an action on contacts, or on every record type, with the scope `all`.
fn profile(resource: &str) -> Profile {
    let mut cells = Cells::default();
    cells.set(resource, "read", Some(Scope::All));
    Profile { id: FULL.to_string(), cells }
}

fn sales(profile: Option<ProfileId>) -> Change {
    let profile = profile.map(|id| id.to_string());
    Change::PutTeam(Team { id: SALES.to_string(), profile, sharing: Sharing::default() })
}

fn edit(model: &Model, by: MemberId, change: Change) -> String {
    outcome(model.change(Grantor::Member(by), ChangeKind::Edit, &[change]))
}

#[test]
fn a_profile_on_an_empty_team_is_limited_by_the_ceiling() {
    let model = model("own");
    let added = [Change::PutProfile(profile("contacts"))];
    let model = model.change(Grantor::Operator, ChangeKind::Edit, &added).unwrap();

    let by_cleo = edit(&model, CLEO, sales(Some(FULL)));

    assert_eq!(by_cleo, "contacts:read");
    assert_eq!(edit(&model, ANNA, sales(Some(FULL))), "done");
}

#[test]
fn a_profile_of_an_empty_team_is_limited_by_the_ceiling() {
    let model = model("own");
    let nothing = Profile { id: FULL.to_string(), cells: Cells::default() };
    let added = [Change::PutProfile(nothing), sales(Some(FULL))];
    let model = model.change(Grantor::Operator, ChangeKind::Edit, &added).unwrap();

    let by_cleo = edit(&model, CLEO, Change::PutProfile(profile("contacts")));

    assert_eq!(by_cleo, "contacts:read");
    assert_eq!(edit(&model, ANNA, Change::PutProfile(profile("contacts"))), "done");
}

#[test]
fn a_role_with_an_inactive_holder_only_is_limited_by_the_ceiling() {
    let model = changed(&model("department"), CLEO, |cleo| {
        cleo.department = Some(NORTH.to_string());
    });
    let model = changed(&model, BEN, |ben| {
        ben.department = Some(SOUTH.to_string());
        ben.is_active = false;
    });
    let grants = vec!["contacts:read:department".parse().unwrap()];
    let wider = Change::PutRole(CustomRole { id: PLAIN.to_string(), grants });

    let by_cleo = edit(&model, CLEO, wider.clone());

    // Reactivated by another, Ben would read the contacts of South.
    assert_eq!(by_cleo, "contacts:read");
    assert_eq!(edit(&model, ANNA, wider), "done");
}

#[test]
fn what_is_added_later_is_granted_by_holders_of_a_wildcard_only() {
    let records = model("own").blueprint().resources.clone().into_iter();
    let records = records.filter(|known| known.kind == ResourceKind::Records);
    let names: Vec<String> = records.map(|known| known.key).collect();
    let lead = |grants: &str| CustomRole {
        id: LEAD.to_string(),
        grants: vec![grants.parse().unwrap(), "roles,team:read,update:all".parse().unwrap()],
    };
    let by_name = format!("{}:read:all", names.join(","));
    let every = Change::PutRole(CustomRole {
        id: READER.to_string(),
        grants: vec!["@records:read:all".parse().unwrap()],
    });
    for (grants, expected) in
        [(by_name.as_str(), "@records:read"), ("@records:read:all", "done")]
    {
        let model = model("own");
        let change = [Change::PutRole(lead(grants))];
        let model = model.change(Grantor::Operator, ChangeKind::Edit, &change).unwrap();

        assert_eq!(edit(&model, CLEO, every.clone()), expected, "a role, {grants}");
        let profile = Change::PutProfile(profile(EVERY));
        assert_eq!(edit(&model, CLEO, profile), expected, "a profile, {grants}");
        let given = [every.clone()];
        let model = model.change(Grantor::Operator, ChangeKind::Edit, &given).unwrap();
        let by_cleo = outcome_of(&model, CLEO, BEN, |ben| ben.role = READER.to_string());
        assert_eq!(by_cleo, expected, "given, {grants}");
    }
}

/// A workspace with the members of [`model`], changed.
fn admitted(change: impl FnOnce(&mut Workspace)) -> Result<Model, Vec<String>> {
    let known = model("own");
    let mut workspace = known.to_workspace(known.blueprint(), Vec::new());
    change(&mut workspace);
    Model::admit(known.blueprint(), workspace)
}

#[test]
fn a_workspace_from_outside_is_admitted_as_the_guards_would_have_kept_it() {
    let set = |at: usize, change: fn(&mut Member)| {
        admitted(|workspace| change(&mut workspace.members[at])).map(drop)
    };
    let found = |outcome: Result<(), Vec<String>>, part: &str| {
        let misfits = outcome.unwrap_err();
        assert!(misfits.iter().any(|misfit| misfit.contains(part)), "{part}: {misfits:?}");
    };

    assert_eq!(admitted(|_| {}).map(drop), Ok(()));
    found(set(0, |anna| anna.is_active = false), "no active member has the role Owner");
    found(set(0, |anna| anna.manager = Some(ANNA.to_string())), "form a cycle");
    found(set(1, |ben| ben.role = "pope".to_owned()), "pope");
    found(set(1, |ben| ben.teams = vec![TeamId(Uuid::from_u128(9)).to_string()]), "tea_");
    found(set(1, |ben| ben.manager = Some(MemberId(Uuid::from_u128(9)).to_string())), "mbr_");
    let circle = admitted(|workspace| {
        workspace.members[0].manager = Some(CLEO.to_string());
        workspace.members[2].manager = Some(ANNA.to_string());
    });
    found(circle.map(drop), "form a cycle");
    let contacts = admitted(|workspace| {
        workspace.members.iter_mut().for_each(|member| member.is_billing_contact = true);
    });
    found(contacts.map(drop), "more than one member is the billing contact");
    let twice = admitted(|workspace| workspace.members.push(workspace.members[1].clone()));
    found(twice.map(drop), "mbr_");
    let tree = admitted(|workspace| {
        workspace.departments[0].parent = Some(SOUTH.to_string());
        workspace.departments[1].parent = Some(NORTH.to_string());
    });
    found(tree.map(drop), "dep_");
    let service = admitted(|workspace| {
        workspace.members[0].is_service = true;
        workspace.members[1].manager = Some(ANNA.to_string());
    });
    found(service.map(drop), "service account");
}

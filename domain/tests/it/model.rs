//! A small access model with every guard, people by name, and what their changes come to.

use std::sync::Arc;

use hallpass_domain::id::{DepartmentId, MemberId, ProfileId, RoleId, TeamId};
use hallpass_domain::model::{ChangeKind, Grantor, Model};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Blueprint, Change, CustomRole, Department, Member, Workspace};
use uuid::Uuid;

mod advice;
mod catch_up;
mod ceiling;
mod change;
mod comparison;
mod lookup;
mod manager;
mod offer;
mod preset;
mod rank;
mod removal;
mod replacement;
mod service;
mod stand_in;
mod top_role;

const ANNA: MemberId = MemberId(Uuid::from_u128(1));
const BEN: MemberId = MemberId(Uuid::from_u128(2));
const CLEO: MemberId = MemberId(Uuid::from_u128(3));
const DORA: MemberId = MemberId(Uuid::from_u128(4));
const EMIL: MemberId = MemberId(Uuid::from_u128(5));
const NEW: MemberId = MemberId(Uuid::from_u128(9));
const SALES: TeamId = TeamId(Uuid::from_u128(1));
const SUPPORT: TeamId = TeamId(Uuid::from_u128(2));
const SELLERS: ProfileId = ProfileId(Uuid::from_u128(1));
const NORTH: DepartmentId = DepartmentId(Uuid::from_u128(1));
const SOUTH: DepartmentId = DepartmentId(Uuid::from_u128(2));
const CLERK: RoleId = RoleId(Uuid::from_u128(1));

const EVERY_KIND: [ChangeKind; 8] = [
    ChangeKind::Edit,
    ChangeKind::Join,
    ChangeKind::Remove,
    ChangeKind::Leave,
    ChangeKind::DeleteAccount,
    ChangeKind::TransferOwnership,
    ChangeKind::TransferBilling,
    ChangeKind::Restore,
];

/// Owners hold everything, leads all deals and people, agents their own deals, clerks (a custom role)
/// what the test gives them.
const TEXT: &str = r#"
[blueprint]
id = "rules"
name = "Rules"

[records.deals]
ladder = [
  { level = "view", actions = ["read"] },
  { level = "edit", actions = ["create", "update", "delete"] },
]

[modules.assistant]
actions = ["use", "share"]
read = "use"

[settings.people]
covers = ["members"]
actions = ["read", "create", "update", "delete"]

[settings.payments]
actions = ["read", "update"]

[roles.owner]
name = "Owner"
rank = 3
top = true
holders = "many"
manages = true
grants = ["*:*:all"]
given_by = ["owner"]
touched_by = ["owner"]

[roles.lead]
name = "Lead"
rank = 2
manages = true
grants = ["deals:*:all", "people:*:all"]
given_by = ["owner", "lead"]
touched_by = ["owner", "lead"]

[roles.agent]
name = "Agent"
rank = 1
levels = true
grants = ["deals:create,read,update:own"]
given_by = ["owner", "lead", "custom"]
touched_by = ["owner", "lead", "custom"]

[custom_roles]
rank = 1
scopes = ["own", "assigned", "team", "department", "all"]
levels = false
manages = false
given_by = ["owner", "lead"]
touched_by = ["owner", "lead"]

[managers]

[departments]

[visibility]
start = "own"

[teams]
start_sharing = "all"

[profiles]

[presets.viewer]
name = "Viewer"
[presets.viewer.levels]
deals = "view"

[presets.editor]
name = "Editor"
[presets.editor.levels]
deals = "edit"

[billing_contact]
grants = ["payments:*:all"]

[switches.open]
name = "Agents delete"
adds = ["deals:delete:all"]

[membership]
verbs = ["remove", "deactivate", "reactivate", "leave"]
guards = []
"#;

/// The access model with some guards.
fn blueprint(guards: &[&str]) -> String {
    TEXT.replace("guards = []", &format!("guards = {guards:?}"))
}

/// The access model in which only one member has the top role.
fn with_one_owner(text: &str) -> String {
    text.replace("holders = \"many\"", "holders = \"one\"")
}

fn member(id: MemberId, role: &str) -> Member {
    Member::new(&id.to_string(), role)
}

/// The members of most tests: Anna is the owner, Ben and Emil are leads, Cleo and Dora agents.
fn people() -> Vec<Member> {
    vec![
        member(ANNA, "owner"),
        member(BEN, "lead"),
        member(CLEO, "agent"),
        member(DORA, "agent"),
        member(EMIL, "lead"),
    ]
}

fn compile(text: &str, members: Vec<Member>) -> Model {
    with_clerk(text, &[], members)
}

/// A model whose custom role has some grants.
fn with_clerk(text: &str, grants: &[&str], members: Vec<Member>) -> Model {
    let team = |id: TeamId| hallpass_engine::Team {
        id: id.to_string(),
        profile: None,
        sharing: hallpass_engine::Sharing::default(),
    };
    let department = |id: DepartmentId| Department { id: id.to_string(), parent: None };
    let workspace = Workspace {
        roles: vec![clerk(grants)],
        teams: vec![team(SALES), team(SUPPORT)],
        departments: vec![department(NORTH), department(SOUTH)],
        members,
        ..Workspace::default()
    };
    let blueprint = Arc::new(Blueprint::parse(text).unwrap());
    Model::compile(&blueprint, workspace).unwrap()
}

fn clerk(grants: &[&str]) -> CustomRole {
    let grants = grants.iter().map(|grant| grant.parse().unwrap());
    CustomRole { id: CLERK.to_string(), grants: grants.collect() }
}

/// The members of most tests, changed.
fn people_with(change: impl Fn(MemberId, &mut Member)) -> Vec<Member> {
    let mut people = people();
    for member in &mut people {
        change(member.id.parse().unwrap(), member);
    }
    people
}

/// What a change comes to: `done`, the code of the refusal, or where it is about fields or rights,
/// these.
fn outcome(changed: Result<Model, Refusal>) -> String {
    match changed {
        Ok(_) => "done".to_owned(),
        Err(refusal) => reason(&refusal),
    }
}

fn verdict(checked: Result<(), Refusal>) -> String {
    checked.map_or_else(|refusal| reason(&refusal), |()| "done".to_owned())
}

fn reason(refusal: &Refusal) -> String {
    if let Refusal::GrantCeiling { rights, .. } = refusal {
        return rights.join(", ");
    }
    if let Refusal::Fields(errors) = refusal {
        let named = errors.iter().map(|error| format!("{} {}", error.pointer, error.code));
        return named.collect::<Vec<_>>().join(", ");
    }
    if let Refusal::MayNotGive { role }
    | Refusal::MayNotTouch { role }
    | Refusal::TransferOnly { role } = refusal
    {
        return format!("{} {role}", refusal.code());
    }
    refusal.code().to_owned()
}

fn by(id: MemberId) -> Grantor {
    Grantor::Member(id)
}

/// A change of one member.
fn put(model: &Model, id: MemberId, change: impl FnOnce(&mut Member)) -> Change {
    let mut member = model.member(id).cloned().unwrap_or_else(|| member(id, "agent"));
    change(&mut member);
    Change::PutMember(member)
}

fn edit(
    model: &Model,
    grantor: Grantor,
    id: MemberId,
    change: impl FnOnce(&mut Member),
) -> String {
    outcome(model.change(grantor, ChangeKind::Edit, &[put(model, id, change)]))
}

fn role(key: &str) -> impl FnOnce(&mut Member) + use<'_> {
    move |member| key.clone_into(&mut member.role)
}

fn deactivate(member: &mut Member) {
    member.is_active = false;
}

fn remove(model: &Model, grantor: Grantor, kind: ChangeKind, id: MemberId) -> String {
    outcome(model.change(grantor, kind, &[Change::RemoveMember(id.to_string())]))
}

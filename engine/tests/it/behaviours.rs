//! The behaviours of the five systems, on the shipped blueprints; `docs/behaviours.txt` has their
//! ids. The reach of a permission is written as its owners, such as "anna ben unowned".

mod halo;
mod hari;
mod harmonia;
mod harmony;
mod team_management;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use hallpass_engine::{
    Blueprint, CUSTOM, Cell, Cells, Change, CustomRole, Department, Member, MemberIndex, Owner,
    Policy, Profile, Scope, Sharing, Target, Team, Workspace,
};

/// Builds a workspace.
struct WorkspaceBuilder {
    blueprint: Arc<Blueprint>,
    workspace: Workspace,
}

impl WorkspaceBuilder {
    /// An empty workspace of a shipped blueprint.
    fn new(id: &str) -> WorkspaceBuilder {
        WorkspaceBuilder { blueprint: blueprint(id), workspace: Workspace::default() }
    }

    fn from_text(text: &str) -> WorkspaceBuilder {
        WorkspaceBuilder { blueprint: parsed(text), workspace: Workspace::default() }
    }

    fn with(mut self, member: Member) -> WorkspaceBuilder {
        self.workspace.members.push(member);
        self
    }

    fn role(mut self, id: &str, grants: &[&str]) -> WorkspaceBuilder {
        self.workspace.roles.push(custom(id, grants));
        self
    }

    fn profile(mut self, id: &str, cells: &[(&str, &str, &str)]) -> WorkspaceBuilder {
        self.workspace.profiles.push(profile(id, cells));
        self
    }

    /// Adds a profile from the template with a name.
    fn template(mut self, name: &str) -> WorkspaceBuilder {
        self.workspace.profiles.push(template(&self.blueprint, name));
        self
    }

    fn team(mut self, id: &str, profile: Option<&str>) -> WorkspaceBuilder {
        self.workspace.teams.push(team(id, profile, Sharing::All));
        self
    }

    fn department(mut self, id: &str, parent: Option<&str>) -> WorkspaceBuilder {
        let parent = parent.map(str::to_owned);
        self.workspace.departments.push(Department { id: id.to_owned(), parent });
        self
    }

    fn compile(&self) -> Policy {
        Policy::compile(&self.blueprint, &self.workspace)
            .unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    /// Compiles an invalid workspace and returns the mistakes.
    fn compile_error(&self) -> String {
        Policy::compile(&self.blueprint, &self.workspace).unwrap_err().to_string()
    }
}

fn text(id: &str) -> String {
    let path = format!("{}/../blueprints/{id}.toml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn parsed(text: &str) -> Arc<Blueprint> {
    Arc::new(Blueprint::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}")))
}

/// Parses a shipped blueprint once.
fn blueprint(id: &str) -> Arc<Blueprint> {
    static READ: Mutex<BTreeMap<String, Arc<Blueprint>>> = Mutex::new(BTreeMap::new());
    let known = READ.lock().unwrap().get(id).cloned();
    known.unwrap_or_else(|| {
        let read = parsed(&text(id));
        READ.lock().unwrap().insert(id.to_owned(), Arc::clone(&read));
        read
    })
}

pub(crate) fn custom(id: &str, grants: &[&str]) -> CustomRole {
    let grants = grants.iter().map(|grant| grant.parse().unwrap()).collect();
    CustomRole { id: id.to_owned(), grants }
}

/// A profile with cells of record type, action and scope.
pub(crate) fn profile(id: &str, cells: &[(&str, &str, &str)]) -> Profile {
    let mut matrix = Cells::default();
    for (resource, action, scope) in cells {
        matrix.set(resource, action, Scope::parse(scope));
    }
    Profile { id: id.to_owned(), cells: matrix }
}

fn template(blueprint: &Blueprint, name: &str) -> Profile {
    let templates = &blueprint.profiles.as_ref().unwrap().templates;
    let found = templates.iter().find(|template| template.name == name).unwrap();
    Profile { id: name.to_owned(), cells: found.cells.clone() }
}

pub(crate) fn team(id: &str, profile: Option<&str>, sharing: Sharing) -> Team {
    Team { id: id.to_owned(), profile: profile.map(str::to_owned), sharing }
}

pub(crate) fn in_teams(id: &str, role: &str, teams: &[&str]) -> Member {
    let teams = teams.iter().map(|team| (*team).to_owned()).collect();
    Member { teams, ..Member::new(id, role) }
}

pub(crate) fn assigned_to(manager: &str, member: Member) -> Member {
    Member { manager: Some(manager.to_owned()), ..member }
}

fn put(policy: &Policy, member: Member) -> Policy {
    policy.apply(&[Change::PutMember(member)]).unwrap()
}

fn index(policy: &Policy, member: &str) -> MemberIndex {
    policy.member(member).unwrap_or_else(|| panic!("no member {member}"))
}

fn cell(policy: &Policy, right: &str) -> Cell {
    let (resource, action) = right.split_once(':').unwrap();
    policy.cell(resource, action).unwrap_or_else(|| panic!("no right {right}"))
}

/// The owners whose records a permission covers: members, then `unowned`, then `nonmember` for a
/// non-member.
fn reach_of(policy: &Policy, member: &str, right: &str) -> String {
    let (asker, cell) = (index(policy, member), cell(policy, right));
    let reached = owners_of(policy, |owner| policy.decide(asker, cell, owner));
    assert_eq!(listed(policy, member, right), reached, "list and check of {right}, {member}");
    reached
}

/// The owners of the records in a list.
fn listed(policy: &Policy, member: &str, right: &str) -> String {
    let list = policy.filter(index(policy, member), cell(policy, right));
    owners_of(policy, |owner| list.admits(owner))
}

fn owners_of(policy: &Policy, admits: impl Fn(Target) -> bool) -> String {
    let members = policy.members().map(|owner| (policy.id(owner), Target::OwnedBy(owner)));
    let others = [("unowned", Target::Unowned), ("nonmember", Target::OwnedByNonMember)];
    let owners = members.chain(others).filter(|(_, owner)| admits(*owner));
    owners.map(|(name, _)| name).collect::<Vec<_>>().join(" ")
}

/// Whether a permission is granted with any scope.
fn may(policy: &Policy, member: &str, right: &str) -> bool {
    policy.decide(index(policy, member), cell(policy, right), Target::Any)
}

/// Whether a member may do an action on the record of an owner.
fn may_on(policy: &Policy, member: &str, right: &str, owner: &str) -> bool {
    let target = policy.target(Owner::Member(owner));
    policy.decide(index(policy, member), cell(policy, right), target)
}

/// Whether a verb of an area of the product is allowed; an area without a resource is closed.
fn opens(policy: &Policy, member: &str, area: &str, verb: &str) -> bool {
    let right = policy.blueprint().area(area, verb);
    right.is_some_and(|(resource, action)| may(policy, member, &format!("{resource}:{action}")))
}

/// The members who have a permission with any scope.
fn who(policy: &Policy, right: &str) -> String {
    let members = policy.who(cell(policy, right), Target::Any);
    members.map(|member| policy.id(member)).collect::<Vec<_>>().join(" ")
}

/// Every permission of a member, as `resource:action`.
fn granted(policy: &Policy, member: &str) -> BTreeSet<String> {
    let asker = index(policy, member);
    let cells = policy.cells().filter(|cell| policy.decide(asker, *cell, Target::Any));
    cells.map(|cell| right_of(policy, cell)).collect()
}

fn right_of(policy: &Policy, cell: Cell) -> String {
    let (resource, action) = policy.keys(cell);
    format!("{resource}:{action}")
}

/// Every permission of the blueprint.
fn rights(policy: &Policy) -> Vec<String> {
    policy.cells().map(|cell| right_of(policy, cell)).collect()
}

fn set<const N: usize>(rights: [&str; N]) -> BTreeSet<String> {
    rights.into_iter().map(str::to_owned).collect()
}

/// The names in the navigation of a member.
fn sidebar(policy: &Policy, member: &str) -> Vec<String> {
    let resources = policy.navigation(index(policy, member));
    resources.map(|resource| resource.name.clone()).collect()
}

/// The roles that the rank rules let a member assign.
fn assignable_roles(policy: &Policy, member: &str) -> String {
    let grantor = index(policy, member);
    all_roles(policy)
        .into_iter()
        .filter(|role| policy.may_give(grantor, role))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The roles whose holders the rank rules let a member change.
fn changeable_roles(policy: &Policy, member: &str) -> String {
    let actor = index(policy, member);
    all_roles(policy)
        .into_iter()
        .filter(|role| policy.may_touch(actor, role))
        .collect::<Vec<_>>()
        .join(" ")
}

fn all_roles(policy: &Policy) -> Vec<&str> {
    let blueprint = policy.blueprint();
    let built_in = blueprint.roles.iter().map(|role| role.key.as_str());
    built_in.chain(blueprint.custom_roles.iter().map(|_| CUSTOM)).collect()
}

/// The permissions that a changed member would have beyond what the grantor holds.
fn excess(policy: &Policy, grantor: &str, member: Member) -> BTreeSet<String> {
    let id = member.id.clone();
    let after = put(policy, member);
    let found = policy.excess(index(policy, grantor), &after, &id).into_iter();
    // Resources added later are tested on their own.
    let present = found.filter(|one| !one.resource.starts_with('@'));
    present.map(|one| format!("{}:{}", one.resource, one.action)).collect()
}

fn role_names(blueprint: &Blueprint) -> Vec<&str> {
    blueprint.roles.iter().map(|role| role.name.as_str()).collect()
}

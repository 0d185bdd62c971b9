//! The grant ceiling: no member grants more than they hold.
//!
//! **Invariant:** what a change gives is checked three times. What a container (role, switch,
//! profile, team, department) gives is checked when it changes, whether or not it has members. What
//! a member is granted is compared with what the grantor holds, permission by permission, whether or
//! not it reaches any record now; an inactive member counts as active, because another grantor may
//! reactivate them. And every owner whom a change brings within a member's reach must be within the
//! grantor's: a team, a department or a manager can widen a reach that a member already has.

use std::collections::BTreeSet;

use hallpass_engine::{
    Cell, Change, Describe, Difference, Filter, Ids, Member, MemberIndex, Policy, Profile,
    Target,
};

use super::grantor::gone;
use crate::id::{DepartmentId, MemberId};
use crate::model::{ChangeKind, Grantor, Model};
use crate::refusal::Refusal;

/// No member grants more than they hold.
pub(super) fn check(
    before: &Model,
    after: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    changes: &[Change],
) -> Result<(), Refusal> {
    let Grantor::Member(grantor) = grantor else { return Ok(()) };
    match kind {
        // Transfers are permissions of their own, and who leaves grants nothing.
        ChangeKind::TransferOwnership
        | ChangeKind::TransferBilling
        | ChangeKind::Remove
        | ChangeKind::Leave
        | ChangeKind::DeleteAccount
        | ChangeKind::Restore => return Ok(()),
        ChangeKind::Edit | ChangeKind::Join => {}
    }
    let grantor = before.index(grantor).ok_or_else(gone)?;
    let mut excess = BTreeSet::new();
    excess.extend(before.policy().excess_of_containers(grantor, after.policy()));
    for change in changes {
        excess.extend(excess_of_members(before, after, grantor, change));
    }
    if excess.is_empty() {
        return Ok(());
    }
    Err(grant_ceiling(after.policy(), excess))
}

/// No member gives a new member a role that grants more than they hold. As [`check`] for a member
/// in no team and no department, without making the change.
pub(super) fn check_role(
    model: &Model,
    grantor: MemberId,
    member: &Member,
) -> Result<(), Refusal> {
    let grantor = model.index(grantor).ok_or_else(gone)?;
    let policy = model.policy();
    let excess = policy.excess_of_role(grantor, &member.role, member.visibility);
    if excess.is_empty() {
        return Ok(());
    }
    Err(grant_ceiling(policy, excess))
}

/// The refusal that names some permissions, in the words of the access model. Those on resources added
/// later are left out where one on a present resource says enough.
pub fn grant_ceiling(policy: &Policy, cells: impl IntoIterator<Item = Cell>) -> Refusal {
    let is_present = |cell: &Cell| !policy.keys(*cell).0.starts_with('@');
    let (present, later): (Vec<Cell>, Vec<Cell>) = cells.into_iter().partition(is_present);
    let named = if present.is_empty() { later } else { present };
    let describe = Describe::new(policy, &Ids);
    let mut pairs: Vec<(String, String)> = named
        .into_iter()
        .map(|cell| {
            let (resource, action) = policy.keys(cell);
            (format!("{resource}:{action}"), describe.action(cell))
        })
        .collect();
    pairs.sort_unstable();
    let (rights, words) = pairs.into_iter().unzip();
    Refusal::GrantCeiling { rights, words }
}

/// What a change grants to any present member beyond what the grantor holds.
fn excess_of_members(
    before: &Model,
    after: &Model,
    grantor: MemberIndex,
    change: &Change,
) -> Vec<Cell> {
    // Where the grantor reaches every record, they may grant whatever the change grants: then the
    // members need not be looked at.
    let limited: Vec<Cell> = cells_of(before, after, change)
        .into_iter()
        .filter(|cell| !reaches_all(before.policy(), after.policy(), grantor, *cell))
        .collect();
    if limited.is_empty() {
        return Vec::new();
    }
    let members = affected(before, after, change);
    let (policy, then) = as_active(before, after, &members);
    let mut found = policy.excess_among(grantor, &then, members.iter().copied(), &limited);
    found.extend(excess_of_owners(&policy, &then, grantor, &members, &limited));
    found
}

/// Both policies as they would be if the inactive ones of some members were active. Members whom the
/// change itself activates or deactivates stay as they are.
fn as_active(before: &Model, after: &Model, members: &[MemberIndex]) -> (Policy, Policy) {
    let id = |index: &MemberIndex| after.policy().id(*index).parse::<MemberId>().ok();
    let inactive = |model: &Model, id: MemberId| {
        let member = model.member(id).filter(|member| !member.is_active)?;
        Some(Change::PutMember(Member { is_active: true, ..member.clone() }))
    };
    let (mut was, mut then) = (Vec::new(), Vec::new());
    for id in members.iter().filter_map(id) {
        let Some(change) = inactive(after, id) else { continue };
        match (before.member(id), inactive(before, id)) {
            // Deactivated by this change.
            (Some(_), None) => continue,
            (_, known) => was.extend(known),
        }
        then.push(change);
    }
    let activated = |model: &Model, changes: &[Change]| {
        // A model takes its own members.
        model.policy().apply(changes).unwrap_or_else(|_| model.policy().clone())
    };
    (activated(before, &was), activated(after, &then))
}

fn reaches_all(policy: &Policy, then: &Policy, grantor: MemberIndex, cell: Cell) -> bool {
    let (resource, action) = then.keys(cell);
    let cell = policy.grantable_cell(resource, action);
    cell.is_some_and(|cell| policy.reaches_all(grantor, cell))
}

/// The cells, of the policy after it, in which a change can grant anything.
fn cells_of(before: &Model, after: &Model, change: &Change) -> Vec<Cell> {
    let policy = after.policy();
    let Change::PutProfile(profile) = change else { return policy.grantable_cells().collect() };
    let known = profile.id.parse().ok().and_then(|id| before.profile(id));
    let scope = |profile: &Profile, cell: Cell| policy.scope_in(&profile.cells, cell);
    let differs =
        |cell: &Cell| scope(profile, *cell) != known.and_then(|known| scope(known, *cell));
    // Reading limits the other actions of a resource, so that all of them may change with it.
    let changed: BTreeSet<&str> =
        policy.grantable_cells().filter(differs).map(|cell| policy.keys(cell).0).collect();
    policy.grantable_cells().filter(|cell| changed.contains(policy.keys(*cell).0)).collect()
}

/// The members who can gain anything by a change.
fn affected(before: &Model, after: &Model, change: &Change) -> Vec<MemberIndex> {
    let policy = after.policy();
    match change {
        Change::PutMember(member) => affected_by(before, after, member),
        Change::PutRole(role) => {
            after.members.holders(&role.id).filter_map(|(id, _)| after.index(id)).collect()
        }
        Change::PutProfile(profile) => {
            let teams = after.teams.values();
            let carrying = teams.filter(|team| team.profile.as_ref() == Some(&profile.id));
            carrying.flat_map(|team| policy.team_members(&team.id)).collect()
        }
        Change::PutTeam(team) => policy.team_members(&team.id).collect(),
        Change::SetDepartments(departments) => {
            departments.iter().flat_map(|one| policy.department_members(&one.id)).collect()
        }
        // A switch replaces what roles grant, for every member.
        Change::SetSwitch(..) => after.members.indexes().collect(),
        Change::RemoveMember(_)
        | Change::RemoveRole(_)
        | Change::RemoveProfile(_)
        | Change::RemoveTeam(_) => Vec::new(),
    }
}

/// Actions by which owners come within the reach of some members who are not within the grantor's.
fn excess_of_owners(
    before: &Policy,
    after: &Policy,
    grantor: MemberIndex,
    members: &[MemberIndex],
    cells: &[Cell],
) -> Vec<Cell> {
    let has_owners =
        |key: &str| before.resources().iter().any(|one| one.key == key && one.scoped);
    let with_owners = cells.iter().copied().filter(|cell| has_owners(after.keys(*cell).0));
    let with_owners: Vec<Cell> = with_owners.collect();
    let compared = before.compare_some(after, members.iter().copied(), &with_owners);
    let gains = compared.iter().filter(|difference| difference.gains);
    let excessive = gains.filter(|gain| is_excessive(before, after, grantor, gain));
    excessive.filter_map(|gain| after.cell(&gain.resource, &gain.action)).collect()
}

/// Whether a member gains owners whom the grantor does not reach.
fn is_excessive(
    before: &Policy,
    after: &Policy,
    grantor: MemberIndex,
    gain: &Difference,
) -> bool {
    let reach = |policy: &Policy| {
        let cell = policy.cell(&gain.resource, &gain.action);
        cell.map_or(Filter::Nothing, |cell| policy.filter(grantor, cell))
    };
    let (held, then) = (reach(before), reach(after));
    let is_held = |owner: MemberIndex| {
        let is_own = after.id(owner) == gain.member;
        let is_new = before.member(after.id(owner)).is_none();
        held.admits(Target::OwnedBy(owner))
            || (is_own && held.admits(Target::OwnedBy(grantor)))
            // A new member owns nothing yet.
            || (is_new && then.admits(Target::OwnedBy(owner)))
    };
    let was = |target: Target| gain.before.filter.admits(target);
    match &gain.after.filter {
        Filter::Nothing => false,
        Filter::All => held != Filter::All,
        Filter::Owners(owners) => {
            let gained = owners.members.iter().filter(|owner| !was(Target::OwnedBy(**owner)));
            (owners.unowned && !was(Target::Unowned) && !held.admits(Target::Unowned))
                || gained.into_iter().any(|owner| !is_held(*owner))
        }
    }
}

/// The members whose reach a change of one member can widen: the member, the managers above the new
/// one, and the members of the teams and departments that the member joins.
fn affected_by(before: &Model, after: &Model, member: &Member) -> Vec<MemberIndex> {
    let policy = after.policy();
    let known = member.id.parse().ok().and_then(|id| before.member(id));
    let mut affected: BTreeSet<MemberIndex> = policy.member(&member.id).into_iter().collect();
    if known.is_none_or(|known| known.manager != member.manager) {
        affected.extend(managers_above(after, member));
    }
    for team in &member.teams {
        if known.is_none_or(|known| !known.teams.contains(team)) {
            affected.extend(policy.team_members(team));
        }
    }
    if known.is_none_or(|known| known.department != member.department) {
        for department in departments_above(after, member) {
            affected.extend(policy.department_members(&department));
        }
    }
    affected.into_iter().collect()
}

fn managers_above(after: &Model, member: &Member) -> Vec<MemberIndex> {
    let manager = |member: &Member| member.manager.as_deref()?.parse::<MemberId>().ok();
    let next = |id: &MemberId| after.member(*id).and_then(manager);
    // No chain is longer than there are members.
    let above = std::iter::successors(manager(member), next).take(after.members.len());
    above.filter_map(|id| after.index(id)).collect()
}

fn departments_above(after: &Model, member: &Member) -> Vec<String> {
    let found = |text: Option<&str>| after.department(text?.parse::<DepartmentId>().ok()?);
    let first = found(member.department.as_deref());
    let above = std::iter::successors(first, |one| found(one.parent.as_deref()));
    above.take(after.departments.len()).map(|one| one.id.clone()).collect()
}

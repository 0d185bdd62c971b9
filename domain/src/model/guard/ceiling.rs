//! The grant ceiling: nobody gives more than they hold.
//!
//! It is asked twice. What is given is held against what the giver holds, right by right, whether or
//! not it reaches anybody now. And whoever comes within somebody's reach must be within the giver's:
//! a team, a department or a manager can widen a reach that everybody already has.

use hallpass_engine::{Change, Filter, Member, MemberIndex, Policy, Target};

use super::gone;
use crate::model::{ChangeKind, Grantor, Model};
use crate::refusal::Refusal;

/// Nobody gives more than they hold.
pub(super) fn check(
    before: &Model,
    after: &Model,
    grantor: Grantor,
    kind: ChangeKind,
    changes: &[Change],
) -> Result<(), Refusal> {
    let Grantor::Member(grantor) = grantor else { return Ok(()) };
    match kind {
        // Both are rights of their own, and whoever goes takes nothing but their own away.
        ChangeKind::TransferOwnership
        | ChangeKind::TransferBilling
        | ChangeKind::Remove
        | ChangeKind::Leave
        | ChangeKind::DeleteAccount
        | ChangeKind::Restore => return Ok(()),
        ChangeKind::Edit | ChangeKind::Join => {}
    }
    let Some(index) = before.policy().member(&grantor.to_string()) else {
        return Err(gone());
    };
    let mut rights: Vec<String> = Vec::new();
    for change in changes {
        rights.extend(excess_of(before, after, index, change));
    }
    rights.extend(excess_of_owners(before.policy(), after.policy(), index));
    rights.sort_unstable();
    rights.dedup();
    if rights.is_empty() { Ok(()) } else { Err(Refusal::GrantCeiling { rights }) }
}

/// What a change gives to anybody beyond what the giver holds.
fn excess_of(
    before: &Model,
    after: &Model,
    grantor: MemberIndex,
    change: &Change,
) -> Vec<String> {
    let named = |resource: &str, action: &str| format!("{resource}:{action}");
    let of_members = |ids: Vec<String>| {
        let mut found = Vec::new();
        for id in ids {
            let excess = before.policy().excess(grantor, after.policy(), &id);
            found.extend(excess.iter().map(|one| named(&one.resource, &one.action)));
        }
        found
    };
    match change {
        Change::PutMember(member) => of_members(reached_by(before, after, member)),
        Change::PutRole(role) => {
            let known = before.roles.get(&role.id).map(|known| known.grants.as_slice());
            let is_new = |grant: &&hallpass_engine::Grant| {
                !known.is_some_and(|known| known.contains(grant))
            };
            let added: Vec<_> = role.grants.iter().filter(is_new).cloned().collect();
            let excess = before.policy().excess_of_grants(grantor, &added);
            let mut found: Vec<String> =
                excess.iter().map(|one| named(&one.resource, &one.action)).collect();
            let holders = after.members().filter(|member| member.role == role.id);
            found.extend(of_members(holders.map(|member| member.id.clone()).collect()));
            found
        }
        Change::PutProfile(profile) => {
            let mut found = excess_of_profile(before, grantor, profile);
            let carries = |team: &String| {
                after.teams.get(team).and_then(|team| team.profile.as_ref())
                    == Some(&profile.id)
            };
            let reached = after.members().filter(|member| member.teams.iter().any(carries));
            found.extend(of_members(reached.map(|member| member.id.clone()).collect()));
            found
        }
        Change::PutTeam(team) => {
            let reached = after.members().filter(|member| member.teams.contains(&team.id));
            of_members(reached.map(|member| member.id.clone()).collect())
        }
        Change::SetDepartments(_) => {
            let reached = after.members().filter(|member| member.department.is_some());
            of_members(reached.map(|member| member.id.clone()).collect())
        }
        // A switch replaces what roles grant, for everybody at once.
        Change::SetSwitch(..) => {
            of_members(after.members().map(|member| member.id.clone()).collect())
        }
        Change::RemoveMember(_)
        | Change::RemoveRole(_)
        | Change::RemoveProfile(_)
        | Change::RemoveTeam(_) => Vec::new(),
    }
}

/// Rights by which owners come within somebody's reach who are not within the giver's.
fn excess_of_owners(before: &Policy, after: &Policy, grantor: MemberIndex) -> Vec<String> {
    let with_owners = before.resources().iter().filter(|resource| resource.scoped);
    let mut cells = with_owners
        .flat_map(|resource| resource.actions.iter().map(|action| (&resource.key, &action.key)))
        .filter_map(|(resource, action)| before.cell(resource, action));
    if cells.all(|cell| before.filter(grantor, cell) == Filter::All) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for gain in before.compare(after).iter().filter(|difference| difference.gains) {
        let has_owners =
            before.resources().iter().any(|one| one.key == gain.resource && one.scoped);
        let Some(cell) = before.cell(&gain.resource, &gain.action).filter(|_| has_owners)
        else {
            continue;
        };
        let (held, then) = (before.filter(grantor, cell), after.filter(grantor, cell));
        let is_held = |owner: MemberIndex| {
            let is_own = after.id(owner) == gain.member;
            let is_new = before.member(after.id(owner)).is_none();
            held.admits(Target::OwnedBy(owner))
                || (is_own && held.admits(Target::OwnedBy(grantor)))
                // Somebody new owns nothing yet.
                || (is_new && then.admits(Target::OwnedBy(owner)))
        };
        let was = |target: Target| gain.before.filter.admits(target);
        let is_excessive = match &gain.after.filter {
            Filter::Nothing => false,
            Filter::All => held != Filter::All,
            Filter::Owners(owners) => {
                let members = owners.members.iter().copied();
                (owners.unowned && !was(Target::Unowned) && !held.admits(Target::Unowned))
                    || members
                        .filter(|owner| !was(Target::OwnedBy(*owner)))
                        .any(|owner| !is_held(owner))
            }
        };
        if is_excessive {
            found.push(format!("{}:{}", gain.resource, gain.action));
        }
    }
    found
}

/// What the cells that a profile gains would give, whoever comes to carry it.
fn excess_of_profile(
    before: &Model,
    grantor: MemberIndex,
    profile: &hallpass_engine::Profile,
) -> Vec<String> {
    let policy = before.policy();
    let known = before.profiles.get(&profile.id);
    let mut found = Vec::new();
    for resource in policy.resources() {
        for action in &resource.actions {
            let scope = profile.cells.grants(resource, &action.key);
            let was = known.and_then(|known| known.cells.grants(resource, &action.key));
            let Some(scope) = scope.filter(|_| scope != was) else { continue };
            let text = format!("{}:{}:{scope}", resource.key, action.key);
            let Ok(grant) = text.parse::<hallpass_engine::Grant>() else { continue };
            let excess = policy.excess_of_grants(grantor, &[grant]);
            found.extend(excess.iter().map(|one| format!("{}:{}", one.resource, one.action)));
        }
    }
    found
}

/// Whose rights a change of one member touches: the member's, those of the manager to whom they
/// come, and those of the teams and departments that they join.
fn reached_by(before: &Model, after: &Model, member: &Member) -> Vec<String> {
    let known = before.members.get(&member.id);
    let mut reached = vec![member.id.clone()];
    if member.manager.is_some() && known.is_none_or(|known| known.manager != member.manager) {
        reached.extend(managers_above(after, member));
    }
    let joined: Vec<&String> = member
        .teams
        .iter()
        .filter(|team| known.is_none_or(|known| !known.teams.contains(team)))
        .collect();
    let department = member
        .department
        .as_deref()
        .filter(|_| known.is_none_or(|known| known.department != member.department));
    let above = department.map_or_else(Vec::new, |id| departments_above(after, id));
    if !joined.is_empty() || !above.is_empty() {
        let is_mate = |other: &&Member| {
            other.teams.iter().any(|team| joined.contains(&team))
                || other.department.as_deref().is_some_and(|id| above.contains(&id))
        };
        reached.extend(after.members().filter(is_mate).map(|other| other.id.clone()));
    }
    reached
}

fn managers_above(after: &Model, member: &Member) -> Vec<String> {
    let next = |id: &String| after.members.get(id).and_then(|member| member.manager.clone());
    std::iter::successors(member.manager.clone(), next).take(after.members.len()).collect()
}

fn departments_above<'m>(after: &'m Model, id: &'m str) -> Vec<&'m str> {
    let next = |id: &&'m str| {
        let found = after.departments.iter().find(|department| department.id == *id);
        found.and_then(|department| department.parent.as_deref())
    };
    std::iter::successors(Some(id), next).take(after.departments.len() + 1).collect()
}

//! The edits that may turn a denial, to be verified.

use hallpass_engine::{Cell, Member, MemberIndex, Scope, Sharing, Target, Visibility};

use super::edit::Edit;
use crate::id::{MemberId, ProfileId, TeamId};
use crate::model::Model;
use crate::model::guard::has_levels;

/// How many teams, and how many custom roles, are considered.
const MOST_CONSIDERED: usize = 16;

/// The scopes from narrow to wide.
const SCOPES: [Scope; 6] =
    [Scope::Own, Scope::Assigned, Scope::Team, Scope::Department, Scope::Unowned, Scope::All];

/// The scopes of profiles from narrow to wide.
const PROFILE_SCOPES: [Scope; 3] = [Scope::Own, Scope::Team, Scope::All];

/// Lists edits, of each kind the smaller first.
pub(super) fn list(
    model: &Model,
    (id, index): (MemberId, MemberIndex),
    questions: &[(Cell, Target)],
) -> Vec<Edit> {
    let Some(member) = model.member(id) else { return Vec::new() };
    if !member.is_active {
        let can = model.blueprint().membership.verbs.iter().any(|verb| verb == "reactivate");
        return can.then_some(Edit::Reactivate { member: id }).into_iter().collect();
    }
    let cells = lacking(model, index, questions);
    let mut edits = levels(model, id, member, &cells);
    edits.extend(visibilities(model, id, member));
    edits.extend(relations(model, id, questions));
    edits.extend(teams(model, id, member));
    edits.extend(roles(model, id, member));
    edits.extend(containers(model, member, &cells));
    let switches = model.blueprint().switches.iter();
    edits.extend(
        switches.map(|switch| Edit::Switch {
            key: switch.key.clone(),
            on: !model.is_on(&switch.key),
        }),
    );
    edits
}

/// The keys of the cells that lack a sufficient grant.
fn lacking(
    model: &Model,
    index: MemberIndex,
    questions: &[(Cell, Target)],
) -> Vec<(String, String)> {
    let policy = model.policy();
    let mut cells: Vec<Cell> = Vec::new();
    for (cell, target) in questions {
        let why = policy.explain(index, *cell, *target);
        for need in &why.would_need {
            if !cells.contains(&need.cell()) {
                cells.push(need.cell());
            }
        }
    }
    let named = cells.into_iter().map(|cell| policy.keys(cell));
    named.map(|(resource, action)| (resource.to_owned(), action.to_owned())).collect()
}

fn levels(
    model: &Model,
    id: MemberId,
    member: &Member,
    cells: &[(String, String)],
) -> Vec<Edit> {
    if !has_levels(model.blueprint(), &member.role) {
        return Vec::new();
    }
    let resources = model.policy().resources().iter();
    let known = resources.filter(|one| cells.iter().any(|(resource, _)| *resource == one.key));
    let edits = known.flat_map(|resource| {
        let held = member.levels.iter().find(|(key, _)| *key == resource.key);
        let held = held.and_then(|(_, level)| resource.level(level));
        let higher = resource.ladder.iter().skip(held.map_or(0, |at| at + 1));
        higher.map(move |level| Edit::Level {
            member: id,
            resource: resource.key.clone(),
            level: level.key.clone(),
        })
    });
    edits.collect()
}

fn visibilities(model: &Model, id: MemberId, member: &Member) -> Vec<Edit> {
    let is_used = model.blueprint().visibility.is_some();
    let now = member.visibility;
    let wider = Visibility::EVERY.into_iter().filter(move |one| is_used && *one > now);
    wider.map(|visibility| Edit::Visibility { member: id, visibility }).collect()
}

/// Edits that relate the owner to the member.
fn relations(model: &Model, id: MemberId, questions: &[(Cell, Target)]) -> Vec<Edit> {
    let owners = questions.iter().filter_map(|(_, target)| match target {
        Target::OwnedBy(owner) => model.policy().id(*owner).parse::<MemberId>().ok(),
        Target::Any | Target::Unowned | Target::OwnedByNonMember => None,
    });
    let Some(owner) = owners.into_iter().find(|owner| *owner != id) else { return Vec::new() };
    let blueprint = model.blueprint();
    let mut edits = Vec::new();
    if blueprint.has_managers {
        edits.push(Edit::Assign { member: owner, manager: id });
    }
    if blueprint.departments.is_some() {
        edits.push(Edit::Department { member: id, other: owner });
    }
    let mine = model.member(id).map(|member| member.teams.as_slice()).unwrap_or_default();
    let join = |team: &String| Some(Edit::Join { member: owner, team: team.parse().ok()? });
    edits.extend(mine.iter().take(MOST_CONSIDERED).filter_map(join));
    edits
}

fn teams(model: &Model, id: MemberId, member: &Member) -> Vec<Edit> {
    let others = model.teams().filter(|team| !member.teams.contains(&team.id));
    let others = others.take(MOST_CONSIDERED);
    others
        .filter_map(|team| Some(Edit::Join { member: id, team: team.id.parse().ok()? }))
        .collect()
}

fn roles(model: &Model, id: MemberId, member: &Member) -> Vec<Edit> {
    let built_in = model.blueprint().roles.iter().map(|role| role.key.clone());
    let custom = model.custom_roles().take(MOST_CONSIDERED).map(|role| role.id.clone());
    let others = built_in.chain(custom).filter(|role| *role != member.role);
    others.map(|role| Edit::Role { member: id, role }).collect()
}

/// Edits of the profiles, the record sharing and the custom role of the member.
fn containers(model: &Model, member: &Member, cells: &[(String, String)]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut profiles: Vec<ProfileId> = Vec::new();
    for id in member.teams.iter().filter_map(|id| id.parse::<TeamId>().ok()) {
        let Some(team) = model.team(id) else { continue };
        let Some(profile) = team.profile.as_ref().and_then(|id| id.parse().ok()) else {
            continue;
        };
        let wider = Sharing::EVERY.into_iter().filter(|wider| *wider > team.sharing);
        edits.extend(wider.map(|sharing| Edit::Sharing { team: id, sharing }));
        if !profiles.contains(&profile) && profiles.len() < MOST_CONSIDERED {
            profiles.push(profile);
        }
    }
    for scope in PROFILE_SCOPES {
        edits.extend(profiles.iter().map(|profile| Edit::Profile {
            profile: *profile,
            cells: cells.to_vec(),
            scope,
        }));
    }
    if let Ok(role) = member.role.parse() {
        let rules = model.blueprint().custom_roles.as_ref();
        let scopes = SCOPES.into_iter();
        let scopes =
            scopes.filter(|scope| rules.is_some_and(|rules| rules.scopes.contains(scope)));
        edits.extend(scopes.map(|scope| Edit::Grants { role, cells: cells.to_vec(), scope }));
    }
    edits
}

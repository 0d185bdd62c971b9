//! Advice is true: with any need of each action that lacks something, the answer turns.

use std::sync::Arc;

use hallpass_engine::{
    Blueprint, Cells, CustomRole, Department, Describe, Ids, Member, Need, Policy, Profile,
    Scope, Sharing, Target, Team, Visibility, Workspace,
};

use crate::render::blueprint;
use crate::rng::Rng;
use crate::shipped::SHIPPED;
use crate::test_size::{either, first_seed};

/// The parts that a need changes.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) blueprint: Blueprint,
    pub(crate) workspace: Workspace,
}

impl World {
    /// A world with holders of every role, custom roles that read less than they write, teams with and
    /// without a profile, and departments, as far as the blueprint has these.
    pub(crate) fn of(text: &str, rng: &mut Rng) -> World {
        let blueprint = Blueprint::clone(&blueprint(text));
        let mut workspace = Workspace::default();
        let switches = blueprint.switches.iter().map(|switch| switch.key.clone());
        workspace.switches = switches.map(|key| (key, rng.below(2) == 0)).collect();
        if blueprint.custom_roles.is_some() {
            for (id, read, write) in [("c1", "own", "all"), ("c2", "all", "own")] {
                let grant = |action: &str, scope: &str| {
                    format!("contacts:{action}:{scope}").parse().unwrap()
                };
                let grants = vec![grant("read", read), grant("update", write)];
                workspace.roles.push(CustomRole { id: id.to_owned(), grants });
            }
        }
        if blueprint.departments.is_some() {
            for (id, parent) in [("top", None), ("low", Some("top")), ("aside", None)] {
                let parent = parent.map(str::to_owned);
                workspace.departments.push(Department { id: id.to_owned(), parent });
            }
        }
        if blueprint.teams.is_some() {
            let templates = blueprint.profiles.iter().flat_map(|profiles| &profiles.templates);
            let template = templates.clone().nth(rng.below(templates.count().max(1)));
            let profiles = template
                .iter()
                .map(|template| Profile { id: "p1".to_owned(), cells: template.cells.clone() });
            workspace.profiles = profiles.collect();
            let profile = template.map(|_| "p1".to_owned());
            for (id, profile) in [("t1", profile), ("t2", None)] {
                let sharing = Sharing::EVERY[rng.below(3)];
                workspace.teams.push(Team { id: id.to_owned(), profile, sharing });
            }
        }
        let roles = blueprint.roles.iter().map(|role| role.key.clone());
        let roles = roles.chain(workspace.roles.iter().map(|role| role.id.clone()));
        let roles: Vec<String> = roles.collect();
        let top = blueprint.top_role().map(|role| role.key.as_str());
        let others: Vec<&String> =
            roles.iter().filter(|role| Some(role.as_str()) != top).collect();
        for number in 0..8 {
            let role = others[number % others.len()];
            let mut member = Member::new(&format!("m{number}"), role);
            if blueprint.visibility.is_some() {
                member.visibility = Visibility::EVERY[rng.below(3)];
            }
            let departments = workspace.departments.get(rng.below(4));
            member.department = departments.map(|department| department.id.clone());
            let teams = workspace.teams.iter().filter(|_| rng.below(2) == 0);
            member.teams = teams.map(|team| team.id.clone()).collect();
            let custom =
                || blueprint.custom_roles.as_ref().is_some_and(|rules| rules.has_levels);
            if blueprint.role(role).map_or_else(custom, |role| role.has_levels) {
                for resource in &blueprint.resources {
                    if let Some(level) = resource.ladder.get(rng.below(6)) {
                        member.levels.push((resource.key.clone(), level.key.clone()));
                    }
                }
            }
            member.is_billing_contact = blueprint.billing_contact.is_some() && number == 0;
            if blueprint.has_managers && number > 0 {
                member.manager = Some(format!("m{}", rng.below(number)));
            }
            workspace.members.push(member);
        }
        World { blueprint, workspace }
    }

    pub(crate) fn policy(&self) -> Policy {
        let policy = Policy::compile(&Arc::new(self.blueprint.clone()), &self.workspace);
        policy.unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    /// The world in which a member has what a need says.
    pub(crate) fn with(mut self, policy: &Policy, member: &str, need: &Need<'_>) -> World {
        let (resource, action) = policy.keys(need.cell());
        let grant = |scope: Scope| format!("{resource}:{action}:{scope}").parse().unwrap();
        let members = &mut self.workspace.members;
        let place = members.iter().position(|known| known.id == member).unwrap();
        match need {
            Need::Grant { scope, visibility, .. } => {
                let role = members[place].role.clone();
                let mut custom = self.workspace.roles.iter_mut();
                match custom.find(|known| known.id == role) {
                    Some(role) => role.grants.push(grant(*scope)),
                    None => {
                        let mut roles = self.blueprint.roles.iter_mut();
                        let known = roles.find(|known| known.key == role).unwrap();
                        known.grants.push(grant(*scope));
                        let switches = self.blueprint.switches.iter_mut();
                        let replaced = switches.flat_map(|switch| &mut switch.replaces);
                        for (_, grants) in replaced.filter(|(key, _)| *key == role) {
                            grants.push(grant(*scope));
                        }
                    }
                }
                let now = members[place].visibility;
                members[place].visibility = visibility.unwrap_or(now);
            }
            Need::Role { scope, .. } => {
                let id = members[place].role.clone();
                let mut custom = self.workspace.roles.iter();
                if let Some(custom) = custom.find(|known| known.id == id) {
                    let mut role = self.blueprint.roles[0].clone();
                    "another".clone_into(&mut role.key);
                    role.is_top = false;
                    role.grants.clone_from(&custom.grants);
                    self.blueprint.roles.push(role);
                    "another".clone_into(&mut members[place].role);
                }
                self.blueprint.roles.last_mut().unwrap().grants.push(grant(*scope));
            }
            Need::Visibility { visibility, .. } => members[place].visibility = *visibility,
            Need::Profile { scope, team, sharing, .. } => {
                let mut teams = self.workspace.teams.iter_mut();
                let team = teams.find(|known| known.id == *team).unwrap();
                let profile = self.workspace.profiles.iter();
                let mut profile = profile
                    .clone()
                    .find(|known| Some(&known.id) == team.profile.as_ref())
                    .cloned()
                    .unwrap_or_else(|| Profile { id: String::new(), cells: Cells::default() });
                profile.id = format!("p{}", self.workspace.profiles.len() + 1);
                profile.cells.set(resource, action, Some(*scope));
                team.profile = Some(profile.id.clone());
                team.sharing = sharing.unwrap_or(team.sharing);
                self.workspace.profiles.push(profile);
            }
            Need::Team { scope, .. } => {
                let mut cells = Cells::default();
                cells.set(resource, action, Some(*scope));
                let number = self.workspace.profiles.len() + 1;
                let (id, profile) = (format!("n{number}"), format!("p{number}"));
                self.workspace.profiles.push(Profile { id: profile.clone(), cells });
                let sharing = Sharing::All;
                let team = Team { id: id.clone(), profile: Some(profile), sharing };
                self.workspace.teams.push(team);
                members[place].teams.push(id);
            }
        }
        self
    }
}

#[test]
fn every_advice_turns_the_answer() {
    let (mut seed, mut verified) = (first_seed(41), [0; 5]);
    let mut denied = 0;
    while denied < either(3_000, 60_000) {
        let (id, text) = SHIPPED[usize::try_from(seed).unwrap() % SHIPPED.len()];
        let mut rng = Rng::new(seed);
        seed += 1;
        let world = World::of(text, &mut rng);
        let policy = world.policy();
        let cells: Vec<_> = policy.cells().collect();
        let members: Vec<_> = policy.members().collect();
        for _ in 0..60 {
            let (me, cell) = (members[rng.below(8)], cells[rng.below(cells.len())]);
            let target = match rng.below(12) {
                owner @ 0..8 => Target::OwnedBy(members[owner]),
                8 | 9 => Target::Unowned,
                10 => Target::OwnedByNonMember,
                _ => Target::Any,
            };
            let why = policy.explain(me, cell, target);
            if why.allowed {
                continue;
            }
            denied += 1;
            let mut lacking: Vec<_> = why.would_need.iter().map(Need::cell).collect();
            lacking.dedup();
            for need in &why.would_need {
                let others = lacking.iter().filter(|cell| **cell != need.cell());
                let of = |cell| why.would_need.iter().find(|need| need.cell() == cell);
                let others: Vec<&Need<'_>> = others.filter_map(|cell| of(*cell)).collect();
                let needs = std::iter::once(need).chain(others);
                let name = policy.id(me);
                let after =
                    needs.fold(world.clone(), |world, need| world.with(&policy, name, need));
                let after = after.policy();

                let (resource, action) = policy.keys(cell);
                let then = match target {
                    Target::OwnedBy(owner) => {
                        Target::OwnedBy(after.member(policy.id(owner)).unwrap())
                    }
                    Target::Any | Target::Unowned | Target::OwnedByNonMember => target,
                };
                let allowed = after.decide(
                    after.member(name).unwrap(),
                    after.cell(resource, action).unwrap(),
                    then,
                );
                let advice = Describe::new(&policy, &Ids).needs(&why);
                assert!(allowed, "{id}: {need:?} for {resource}:{action}: {advice:?}");
                let kind = match need {
                    Need::Grant { visibility: None, .. } | Need::Role { .. } => 0,
                    Need::Grant { visibility: Some(_), .. } => 1,
                    Need::Visibility { .. } => 2,
                    Need::Profile { .. } => 3,
                    Need::Team { .. } => 4,
                };
                verified[kind] += 1;
            }
        }
    }
    assert!(verified.iter().all(|count| *count > 10), "{verified:?}");
}

#[test]
fn advice_names_only_scopes_that_the_access_model_can_grant() {
    for (id, text) in SHIPPED {
        let world = World::of(text, &mut Rng::new(7));
        let policy = world.policy();
        let has = |need: &Need<'_>| match need {
            Need::Grant { scope: Scope::Assigned, .. } => world.blueprint.has_managers,
            Need::Grant { scope: Scope::Unowned, .. } => text.contains(":unowned\""),
            Need::Grant { scope: Scope::Own, .. } => text.contains(":own\""),
            Need::Visibility { .. } => world.blueprint.visibility.is_some(),
            Need::Profile { .. } | Need::Team { .. } => world.blueprint.profiles.is_some(),
            Need::Grant { .. } | Need::Role { .. } => true,
        };
        for member in policy.members() {
            for cell in policy.cells() {
                for target in [Target::Unowned, Target::OwnedBy(member), Target::Any] {
                    for need in policy.explain(member, cell, target).would_need {
                        assert!(has(&need), "{id}: {need:?}");
                    }
                }
            }
        }
    }
}

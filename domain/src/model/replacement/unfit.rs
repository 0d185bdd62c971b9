//! The parts of a workspace that an access model does not compile.

use std::collections::BTreeMap;
use std::sync::Arc;

use hallpass_engine::{Blueprint, Member, Policy, Visibility, Workspace};

use crate::misfit::UnfitPart;

/// What the search costs at most: its compilations, times what the access model permits. A large access model is
/// compiled less often, so that a request stays short.
const MOST: usize = 400_000;

/// Finds them, each by itself: a part is unfit if the access model refuses a workspace that has nothing else. None if
/// that would cost too much.
pub(super) fn parts(
    blueprint: &Arc<Blueprint>,
    workspace: &Workspace,
) -> Option<Vec<UnfitPart>> {
    let mut search = Search::new(blueprint);
    let mut found = Vec::new();
    let unfit = search.find(&workspace.entities, &|entities| Workspace {
        entities: entities.to_vec(),
        ..Workspace::default()
    })?;
    let entities = workspace.entities.iter().filter(|key| !unfit.contains(key));
    let base = Workspace { entities: entities.cloned().collect(), ..Workspace::default() };
    found.extend(unfit.iter().map(|key| UnfitPart::RecordType { key: (*key).clone() }));
    let roles = search
        .find(&workspace.roles, &|roles| Workspace { roles: roles.to_vec(), ..base.clone() })?;
    found.extend(roles.iter().map(|role| UnfitPart::Role { id: role.id.clone() }));
    let profiles = search.find(&workspace.profiles, &|profiles| Workspace {
        profiles: profiles.to_vec(),
        ..base.clone()
    })?;
    found.extend(profiles.iter().map(|profile| UnfitPart::Profile { id: profile.id.clone() }));
    if blueprint.teams.is_none() && !workspace.teams.is_empty() {
        found.push(UnfitPart::Teams);
    }
    if blueprint.departments.is_none() && !workspace.departments.is_empty() {
        found.push(UnfitPart::Departments);
    }
    found.extend(of_members(blueprint, workspace));
    Some(found)
}

/// A search by halves: what compiles together has no unfit part.
struct Search<'b> {
    blueprint: &'b Arc<Blueprint>,
    /// The compilations that are left.
    left: usize,
}

impl Search<'_> {
    fn new(blueprint: &Arc<Blueprint>) -> Search<'_> {
        let actions: usize = blueprint.resources.iter().map(|known| known.actions.len()).sum();
        Search { blueprint, left: MOST / (actions * blueprint.roles.len()).max(1) }
    }

    /// The items that do not compile; none if no compilation is left.
    fn find<'i, T>(
        &mut self,
        items: &'i [T],
        with: &impl Fn(&[T]) -> Workspace,
    ) -> Option<Vec<&'i T>> {
        if items.is_empty() {
            return Some(Vec::new());
        }
        self.left = self.left.checked_sub(1)?;
        if Policy::compile(self.blueprint, &with(items)).is_ok() {
            return Some(Vec::new());
        }
        if let [one] = items {
            return Some(vec![one]);
        }
        let (first, rest) = items.split_at(items.len() / 2);
        let mut found = self.find(first, with)?;
        found.extend(self.find(rest, with)?);
        Some(found)
    }
}

fn of_members(blueprint: &Blueprint, workspace: &Workspace) -> Vec<UnfitPart> {
    let count = |is_meant: fn(&Member) -> bool| {
        workspace.members.iter().filter(|member| is_meant(member)).count()
    };
    let mut found = Vec::new();
    let managed = count(|member| member.manager.is_some());
    if !blueprint.has_managers && managed > 0 {
        found.push(UnfitPart::Managers { members: managed });
    }
    let seeing = count(|member| member.visibility != Visibility::Own);
    if blueprint.visibility.is_none() && seeing > 0 {
        found.push(UnfitPart::Visibility { members: seeing });
    }
    if blueprint.billing_contact.is_none() && count(|member| member.is_billing_contact) > 0 {
        found.push(UnfitPart::BillingContact);
    }
    let has = |resource: &str, level: &str| {
        let mut known = blueprint.resources.iter();
        let known = known.find(|known| known.key == resource && !known.ladder.is_empty());
        known.is_some_and(|known| level == "none" || known.level(level).is_some())
    };
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    for (resource, level) in workspace.members.iter().flat_map(|member| &member.levels) {
        if !has(resource, level) {
            *missing.entry(resource).or_default() += 1;
        }
    }
    found.extend(missing.into_iter().map(|(resource, members)| UnfitPart::Level {
        resource: resource.to_owned(),
        members,
    }));
    found
}

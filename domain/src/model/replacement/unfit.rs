//! The parts of a workspace that an access model does not compile.

use std::collections::BTreeMap;
use std::sync::Arc;

use hallpass_engine::{Blueprint, Member, Policy, Visibility, Workspace};

use crate::misfit::UnfitPart;

/// Finds them, each by itself: a part is unfit if the access model refuses a workspace that has nothing else.
pub(super) fn parts(blueprint: &Arc<Blueprint>, workspace: &Workspace) -> Vec<UnfitPart> {
    let compiles = |part: &Workspace| Policy::compile(blueprint, part).is_ok();
    let mut found = Vec::new();
    let mut entities = Vec::new();
    for key in &workspace.entities {
        if compiles(&Workspace { entities: vec![key.clone()], ..Workspace::default() }) {
            entities.push(key.clone());
        } else {
            found.push(UnfitPart::RecordType { key: key.clone() });
        }
    }
    let base = Workspace { entities, ..Workspace::default() };
    for role in &workspace.roles {
        if !compiles(&Workspace { roles: vec![role.clone()], ..base.clone() }) {
            found.push(UnfitPart::Role { id: role.id.clone() });
        }
    }
    for profile in &workspace.profiles {
        if !compiles(&Workspace { profiles: vec![profile.clone()], ..base.clone() }) {
            found.push(UnfitPart::Profile { id: profile.id.clone() });
        }
    }
    if blueprint.teams.is_none() && !workspace.teams.is_empty() {
        found.push(UnfitPart::Teams);
    }
    if blueprint.departments.is_none() && !workspace.departments.is_empty() {
        found.push(UnfitPart::Departments);
    }
    found.extend(of_members(blueprint, workspace));
    found
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

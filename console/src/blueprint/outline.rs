//! What an access model does: the reach of each role, preset and profile, by the engine's own decision.

use std::sync::Arc;

use hallpass_engine::{
    Blueprint, Member, Policy, Profile, Resource, ResourceKind, Sharing, Team, Workspace,
};

use crate::reach::Reach;
use crate::text::Text;

/// The record types and modules that are shown at most.
const SHOWN: usize = 12;

/// The roles, presets and profiles that are shown at most.
const SUBJECTS: usize = 60;

/// What may be done with a record type or module.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// The record type or module.
    pub(crate) title: String,
    /// The names of its actions.
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// A role, preset or profile.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) cells: Vec<Reach>,
}

impl Table {
    #[cfg(test)]
    pub(crate) fn sample() -> Table {
        let cells = vec![Reach::of(Text::default(), "own")];
        let row = Row { name: "<script>".into(), cells };
        Table { title: "Jobs".into(), columns: vec!["Read".into()], rows: vec![row] }
    }
}

/// What an access model has, in a sentence.
pub(crate) fn summary(text: Text, blueprint: &Blueprint) -> String {
    let records = blueprint.resources.iter().filter(|one| one.kind == ResourceKind::Records);
    let top = blueprint.top_role().map(|role| role.name.clone()).unwrap_or_default();
    text!(
        text,
        "blueprint-outline",
        roles = blueprint.roles.len(),
        records = records.count(),
        top = top
    )
}

/// What each role, preset and profile may do.
pub(crate) fn tables(text: Text, blueprint: &Arc<Blueprint>) -> Vec<Table> {
    let (names, workspace) = subjects(blueprint);
    let Ok(policy) = Policy::compile(blueprint, &workspace) else { return Vec::new() };
    let shown = |resource: &&Resource| resource.kind != ResourceKind::Settings;
    let table = |resource: &Resource| {
        let row = |(name, member): (&String, &Member)| {
            let index = policy.member(&member.id);
            let cell = |action: &hallpass_engine::Action| {
                let cell = policy.cell(&resource.key, &action.key);
                let reach = index.zip(cell).map(|(index, cell)| policy.reach(index, cell));
                let words = reach.map(|reach| reach.to_string()).unwrap_or_default();
                Reach::of_cell(text, resource.scoped, &words)
            };
            Row { name: name.clone(), cells: resource.actions.iter().map(cell).collect() }
        };
        Table {
            title: resource.name.clone(),
            columns: resource.actions.iter().map(|action| action.name.clone()).collect(),
            rows: names.iter().zip(&workspace.members).take(SUBJECTS).map(row).collect(),
        }
    };
    blueprint.resources.iter().filter(shown).take(SHOWN).map(table).collect()
}

/// A member for each role, for each preset on the lowest role with levels, and for each profile on the lowest
/// role; and the name of each.
fn subjects(blueprint: &Blueprint) -> (Vec<String>, Workspace) {
    let mut names = Vec::new();
    let mut workspace = Workspace::default();
    for role in &blueprint.roles {
        names.push(role.name.clone());
        workspace.members.push(Member::new(&role.key, &role.key));
    }
    let lowest = |has_levels: bool| {
        let roles = blueprint.roles.iter().filter(|role| role.has_levels || !has_levels);
        roles.min_by_key(|role| role.rank)
    };
    for (preset, role) in blueprint.presets.iter().zip(std::iter::repeat(lowest(true))) {
        let Some(role) = role else { continue };
        let id = format!("preset {}", preset.key);
        names.push(format!("{}: {}", role.name, preset.name));
        let member = Member::new(&id, &role.key);
        workspace.members.push(Member { levels: preset.levels.clone(), ..member });
    }
    for template in blueprint.profiles.iter().flat_map(|profiles| &profiles.templates) {
        let Some(role) = lowest(false) else { continue };
        let id = format!("profile {}", template.key);
        names.push(format!("{}: {}", role.name, template.name));
        let profile = Profile { id: id.clone(), cells: template.cells.clone() };
        workspace.profiles.push(profile);
        let team = Team { id: id.clone(), profile: Some(id.clone()), sharing: Sharing::All };
        workspace.teams.push(team);
        let member = Member::new(&id, &role.key);
        workspace.members.push(Member { teams: vec![id], ..member });
    }
    (names, workspace)
}

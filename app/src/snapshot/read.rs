//! Reads what a snapshot is made of: everything in a workspace, or what has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hallpass_domain::department::Department;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_domain::model::Model;
use hallpass_domain::model::catch_up::Latest;
use hallpass_domain::profile::Profile;
use hallpass_domain::role::Role;
use hallpass_domain::team::Team;
use hallpass_engine::{CustomRole, Workspace};
use hallpass_store::WorkspaceTx;
use hallpass_store::entity::StoredEntity;
use imbl::OrdMap;

use crate::access_change::TouchedIds;
use crate::error::Error;

type Members = BTreeMap<MemberId, Option<hallpass_engine::Member>>;

/// Everything in a workspace.
pub(super) struct Everything {
    pub(super) given: Workspace,
    /// Names of teams, profiles and roles, by id.
    pub(super) names: OrdMap<String, String>,
    pub(super) entities: Arc<Vec<StoredEntity>>,
}

/// Reads everything in a workspace.
pub(super) async fn everything(
    tx: &mut WorkspaceTx,
    switches: Vec<(String, bool)>,
) -> Result<Everything, Error> {
    let members = tx.members().list_all().await?;
    let roles = tx.roles().list_all().await?;
    let profiles = tx.profiles().list_all().await?;
    let teams = tx.teams().list_all().await?;
    let departments = tx.departments().list_all().await?;
    let entities = tx.entities().list_all().await?;
    let mut names = OrdMap::new();
    names.extend(roles.iter().map(|role| (role.id.to_string(), role.name.to_string())));
    names.extend(profiles.iter().map(|one| (one.id.to_string(), one.name.to_string())));
    names.extend(teams.iter().map(|team| (team.id.to_string(), team.name.to_string())));
    let added = entities.iter().filter(|entity| entity.is_added);
    let given = Workspace {
        switches,
        entities: added.map(|entity| entity.entity.clone()).collect(),
        roles: roles.into_iter().map(role).collect(),
        profiles: profiles.into_iter().map(profile).collect(),
        teams: teams.iter().map(team).collect(),
        departments: departments.iter().map(department).collect(),
        members: members.iter().map(Member::to_engine).collect(),
    };
    Ok(Everything { given, names, entities: Arc::new(entities) })
}

/// What was changed, as it is now.
pub(super) struct Changed {
    /// Without the switches.
    pub(super) present: Latest,
    /// Names of teams, profiles and roles, by id; none for what is gone.
    pub(super) names: BTreeMap<String, Option<String>>,
}

/// Reads what has changed since a model; `None` where that is more than so many members.
pub(super) async fn changed(
    tx: &mut WorkspaceTx,
    before: &Model,
    touched: TouchedIds,
    most: usize,
) -> Result<Option<Changed>, Error> {
    let mut present = Latest::default();
    let mut names = BTreeMap::new();
    for id in touched.profiles {
        let found = tx.profiles().find(id).await?;
        names.insert(id.to_string(), found.as_ref().map(|one| one.name.to_string()));
        present.profiles.insert(id, found.map(profile));
    }
    for id in touched.roles {
        let found = tx.roles().find(id).await?;
        names.insert(id.to_string(), found.as_ref().map(|one| one.name.to_string()));
        present.roles.insert(id, found.map(role));
    }
    for id in touched.teams {
        let found = tx.teams().find(id).await?;
        names.insert(id.to_string(), found.as_ref().map(|one| one.name.to_string()));
        present.teams.insert(id, found.as_ref().map(team));
    }
    if touched.has_departments {
        let all = tx.departments().list_all().await?;
        present.departments = Some(all.iter().map(department).collect());
    }
    let members = members(tx, before, touched.members, most).await?;
    Ok(members.map(|members| Changed { present: Latest { members, ..present }, names }))
}

/// The members of some ids as they are now. Where one is gone, those who were assigned to it have changed with it.
async fn members(
    tx: &mut WorkspaceTx,
    before: &Model,
    ids: BTreeSet<MemberId>,
    most: usize,
) -> Result<Option<Members>, Error> {
    let mut all = Members::new();
    let mut wanted: Vec<MemberId> = ids.into_iter().collect();
    while !wanted.is_empty() {
        if all.len() + wanted.len() > most {
            return Ok(None);
        }
        let found = tx.members().list_some(&wanted).await?;
        all.extend(wanted.drain(..).map(|id| (id, None)));
        all.extend(found.iter().map(|member| (member.id, Some(member.to_engine()))));
        let gone = all.iter().filter(|(_, member)| member.is_none());
        let mut reports: Vec<MemberId> = gone.flat_map(|(id, _)| before.reports(*id)).collect();
        reports.retain(|id| !all.contains_key(id));
        wanted = reports;
    }
    Ok(Some(all))
}

fn role(role: Role) -> CustomRole {
    CustomRole { id: role.id.to_string(), grants: role.grants }
}

fn profile(profile: Profile) -> hallpass_engine::Profile {
    hallpass_engine::Profile { id: profile.id.to_string(), cells: profile.cells }
}

fn team(team: &Team) -> hallpass_engine::Team {
    hallpass_engine::Team {
        id: team.id.to_string(),
        profile: team.profile.map(|id| id.to_string()),
        sharing: team.sharing,
    }
}

fn department(department: &Department) -> hallpass_engine::Department {
    hallpass_engine::Department {
        id: department.id.to_string(),
        parent: department.parent.map(|id| id.to_string()),
    }
}

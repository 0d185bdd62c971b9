//! Profiles: matrices that members get through their teams.

use std::collections::BTreeMap;

use hallpass_domain::model::ChangeKind;
use hallpass_domain::profile::{Profile, change_cells, write_cells};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::team::Team;
use hallpass_engine::{Cells, Change, Scope};
use serde_json::{Map, Value, json};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{
    CreateProfiles, DeleteProfiles, ReadProfiles, ReadTeams, UpdateProfiles,
};
use crate::gate::{Pass, Permission, WritePermission};
use crate::naming::label::Label;
use crate::naming::{self, ProfileRef, Unresolved};

/// The fields of a new profile, or a change of one; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Cells; those that are left out stay.
    pub grants: Option<Map<String, Value>>,
}

/// A profile, with what it grants and who gets it.
#[derive(Clone, Debug)]
pub struct ProfileDetails {
    /// The profile.
    pub profile: Profile,
    /// The scope that it grants, by record type and action.
    pub matrix: BTreeMap<String, BTreeMap<String, &'static str>>,
    /// The teams that have it, by name, for a caller who may read teams.
    pub teams: Vec<Team>,
    /// The cells that differ from its template; none for a profile without a template.
    pub changes: Option<Vec<ChangedCell>>,
}

/// A cell in which a profile differs from its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedCell {
    /// The record type.
    pub resource: String,
    /// The action.
    pub action: String,
    /// The scope in the template.
    pub template: &'static str,
    /// The scope in the profile.
    pub profile: &'static str,
}

/// Returns the scope of a cell as a word.
#[must_use]
pub fn scope_word(scope: Option<Scope>) -> &'static str {
    scope.map_or("none", Scope::word)
}

/// The profiles of a workspace.
pub struct Profiles<'c>(pub(crate) &'c mut WorkspaceContext);

impl Profiles<'_> {
    /// Lists the profiles by name.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<ProfileDetails>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadProfiles).await?;
        let profiles = ctx.read(&pass)?.profiles().list_all().await?;
        let teams = ctx.read(&pass)?.teams().list_all().await?;
        let with =
            |id| teams.iter().filter(move |team| team.profile == Some(id)).cloned().collect();
        let profiles = profiles.into_iter();
        Ok(profiles.map(|profile| details(ctx, with(profile.id), profile)).collect())
    }

    /// Loads a profile.
    #[boxed]
    pub async fn load(&mut self, profile: ProfileRef) -> Result<ProfileDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadProfiles).await?;
        let profile = load(ctx, &pass, &profile).await?;
        let teams = ctx.read(&pass)?.teams().list_with_profile(profile.id).await?;
        Ok(details(ctx, teams, profile))
    }

    /// Creates a profile.
    ///
    /// # Errors
    ///
    /// `NoSuchLayer` where the access model has no profiles.
    #[boxed]
    pub async fn create(&mut self, change: &ProfileChange) -> Result<ProfileDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(CreateProfiles).await?;
        if ctx.model().blueprint().profiles.is_none() {
            return Err(Refusal::NoSuchLayer { layer: "profiles" }.into());
        }
        let label = Label::create(change.name.as_deref(), change.description.as_deref())?;
        let cells = change.grants.as_ref();
        let new = Cells::default();
        let cells = cells.map(|grants| change_cells(ctx.policy().resources(), &new, grants));
        let profile = Profile {
            id: ctx.id(),
            template: None,
            name: label.name,
            description: label.description,
            cells: cells.transpose()?.unwrap_or_default(),
            version: 1,
        };
        check_name(ctx, &pass, &profile).await?;
        ctx.apply(ChangeKind::Edit, &[profile.put()])?;
        ctx.tx(&pass)?.profiles().insert(&profile).await?;
        ctx.set_name(&profile.id, &profile.name);
        let view = audit_view(&profile);
        ctx.record_audit(&pass, "profile.create", profile.id, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(details(ctx, Vec::new(), profile))
    }

    /// Updates a profile. The change takes
    /// effect with the next request of each member who has it (HARI-118).
    ///
    /// # Errors
    ///
    /// `GrantCeiling` when a member gains more than the caller has.
    #[boxed]
    pub async fn update(
        &mut self,
        profile: ProfileRef,
        change: &ProfileChange,
    ) -> Result<ProfileDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateProfiles).await?;
        let before = load(ctx, &pass, &profile).await?;
        ctx.check_version(before.version)?;
        let current =
            Label { name: before.name.clone(), description: before.description.clone() };
        let label = current.update(change.name.as_deref(), change.description.as_deref())?;
        let cells = match &change.grants {
            Some(grants) => change_cells(ctx.policy().resources(), &before.cells, grants)?,
            None => before.cells.clone(),
        };
        let Label { name, description } = label;
        let after = Profile { name, description, cells, ..before.clone() };
        check_name(ctx, &pass, &after).await?;
        ctx.apply(ChangeKind::Edit, &[after.put()])?;
        save(ctx, &pass, &before, &after).await?;
        let teams = ctx.read(&pass)?.teams().list_with_profile(after.id).await?;
        ctx.commit(&pass).await?;
        Ok(details(ctx, teams, Profile { version: after.version + 1, ..after }))
    }

    /// Deletes a profile that no team has.
    ///
    /// # Errors
    ///
    /// `InUse` while a team has it.
    #[boxed]
    pub async fn delete(&mut self, profile: ProfileRef) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(DeleteProfiles).await?;
        let profile = load(ctx, &pass, &profile).await?;
        ctx.check_version(profile.version)?;
        let id = profile.id;
        let teams = ctx.read(&pass)?.teams().list_with_profile(id).await?;
        let names: Vec<&str> = teams.iter().map(|team| team.name.as_str()).collect();
        if !names.is_empty() {
            let by = if ctx.opens(&ReadTeams) {
                format!("the teams {}", names.join(", "))
            } else {
                "teams".to_owned()
            };
            return Err(Refusal::InUse { noun: "profile", by }.into());
        }
        ctx.apply(ChangeKind::Edit, &[Change::RemoveProfile(id.to_string())])?;
        ctx.tx(&pass)?.profiles().delete(id).await?;
        ctx.record_audit(&pass, "profile.delete", id, &audit_view(&profile), &()).await?;
        ctx.commit(&pass).await.map(drop)
    }

    /// Saves a profile after a change that the guards have allowed, without a commit.
    pub(crate) async fn save(
        &mut self,
        pass: &Pass<impl WritePermission>,
        before: &Profile,
        after: &Profile,
    ) -> Result<(), Error> {
        save(self.0, pass, before, after).await
    }
}

fn details(ctx: &WorkspaceContext, teams: Vec<Team>, profile: Profile) -> ProfileDetails {
    let mut matrix: BTreeMap<String, BTreeMap<String, &'static str>> = BTreeMap::new();
    for resource in ctx.policy().resources().iter().filter(|known| known.scoped) {
        let cell = |action: &hallpass_engine::Action| {
            let scope = profile.cells.grants(resource, &action.key);
            (action.key.clone(), scope_word(scope))
        };
        matrix.insert(resource.key.clone(), resource.actions.iter().map(cell).collect());
    }
    let changes = changes_from_template(ctx, &profile);
    let teams = if ctx.opens(&ReadTeams) { teams } else { Vec::new() };
    ProfileDetails { profile, matrix, teams, changes }
}

fn changes_from_template(
    ctx: &WorkspaceContext,
    profile: &Profile,
) -> Option<Vec<ChangedCell>> {
    let rules = ctx.model().blueprint().profiles.as_ref()?;
    let key = profile.template.as_ref()?;
    let template = rules.templates.iter().find(|known| known.key == *key)?;
    let mut changed = Vec::new();
    for resource in ctx.policy().resources().iter().filter(|known| known.scoped) {
        for action in &resource.actions {
            let was = template.cells.grants(resource, &action.key);
            let is = profile.cells.grants(resource, &action.key);
            if was != is {
                changed.push(ChangedCell {
                    resource: resource.key.clone(),
                    action: action.key.clone(),
                    template: scope_word(was),
                    profile: scope_word(is),
                });
            }
        }
    }
    Some(changed)
}

async fn load(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    profile: &ProfileRef,
) -> Result<Profile, Error> {
    let id = naming::profile(ctx, pass, profile).await?.map_err(Unresolved::missing)?;
    ctx.read(pass)?.profiles().find(id).await?.ok_or(Error::Missing { noun: "profile" })
}

async fn save(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    before: &Profile,
    after: &Profile,
) -> Result<(), Error> {
    if !ctx.tx(pass)?.profiles().update(after).await? {
        return Err(Refusal::Stale.into());
    }
    ctx.set_name(&after.id, &after.name);
    let (was, is) = (audit_view(before), audit_view(after));
    ctx.record_audit(pass, "profile.update", after.id, &was, &is).await
}

async fn check_name(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    profile: &Profile,
) -> Result<(), Error> {
    let key = profile.name.key();
    let mut others = ctx.read(pass)?.profiles().list_all().await?.into_iter();
    if others.any(|known| known.id != profile.id && known.name.key() == key) {
        let name = profile.name.to_string();
        return Err(Refusal::NameTaken { noun: "profile", name }.into());
    }
    Ok(())
}

/// Returns a profile as the audit log and the export show it.
pub(crate) fn audit_view(profile: &Profile) -> Value {
    json!({
        "name": profile.name.as_str(),
        "description": profile.description,
        "grants": write_cells(&profile.cells),
    })
}

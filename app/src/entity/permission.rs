//! The permissions of a record type: its column of the matrix of profiles or roles.

use hallpass_domain::model::ChangeKind;
use hallpass_domain::profile::Profile;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::{Cells, Change, Resource};
use serde_json::{Map, Value};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReadProfiles, ReadSchema, UpdateProfiles};
use crate::gate::{Pass, Permission};
use crate::naming::{self, ProfileRef};
use crate::profile::scope_word;

/// Whether a row is a profile or a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A profile.
    Profile,
    /// A role.
    Role,
}

/// What a profile or role grants on a record type.
#[derive(Clone, Debug)]
pub struct PermissionRow {
    /// Whether it is a profile or a role.
    pub holder: Holder,
    /// The id; the key of a built-in role.
    pub id: String,
    /// The key of a profile's template, or of a built-in role.
    pub key: Option<String>,
    /// The name.
    pub name: String,
    /// The scope of each action, in the order of the actions.
    pub cells: Vec<(String, String)>,
}

/// The permissions of a record type.
#[derive(Clone, Debug)]
pub struct EntityPermissionTable {
    /// The record type.
    pub resource: Resource,
    /// A row for each profile, or for each role where the access model has no profiles.
    pub rows: Vec<PermissionRow>,
}

/// Which rows a list contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Those that grant something on the record type.
    Granted,
    /// All.
    All,
}

/// Cells of a profile to be changed.
#[derive(Clone, Debug)]
pub struct PermissionChange {
    /// The profile.
    pub profile: ProfileRef,
    /// The new scopes by action; actions that are left out stay.
    pub cells: Map<String, Value>,
}

/// The permissions of record types.
pub struct EntityPermissions<'c>(pub(crate) &'c mut WorkspaceContext);

impl EntityPermissions<'_> {
    /// Lists what profiles grant on a record type, or roles where the access model has no profiles.
    #[boxed]
    pub async fn list(
        &mut self,
        entity: &str,
        rows: Rows,
    ) -> Result<EntityPermissionTable, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadSchema).await?;
        if ctx.model().blueprint().profiles.is_some() {
            ctx.check(ReadProfiles).await?;
        } else {
            ctx.roles().check_read().await?;
        }
        table(ctx, &pass, entity, rows).await
    }

    /// Updates what some profiles grant on a record type, all of them or none, and lists what
    /// profiles then grant on it.
    ///
    /// # Errors
    ///
    /// `NoSuchLayer` where the access model has no profiles; `GrantCeiling` when a member gains more
    /// than the caller has.
    #[boxed]
    pub async fn update(
        &mut self,
        entity: &str,
        changes: &[PermissionChange],
    ) -> Result<EntityPermissionTable, Error> {
        let ctx = &mut *self.0;
        // The answer contains the matrix.
        ctx.check(ReadSchema).await?;
        let pass = ctx.check(UpdateProfiles).await?;
        if ctx.model().blueprint().profiles.is_none() {
            return Err(Refusal::NoSuchLayer { layer: "profiles" }.into());
        }
        ctx.check(ReadProfiles).await?;
        let resource = load(ctx, entity)?;
        // The table is made of several profiles: only the revision counts its changes.
        ctx.check_version(ctx.revision())?;
        let mut edits = edits(ctx, &pass, &resource, changes).await?;
        edits.retain(|(before, after)| before != after);
        let changes: Vec<Change> = edits.iter().map(|(_, after)| after.put()).collect();
        ctx.apply(ChangeKind::Edit, &changes)?;
        for (before, after) in &edits {
            ctx.profiles().save(&pass, before, after).await?;
        }
        let table = table(ctx, &pass, entity, Rows::Granted).await?;
        ctx.commit(&pass).await?;
        Ok(table)
    }
}

fn load(ctx: &WorkspaceContext, entity: &str) -> Result<Resource, Error> {
    ctx.snapshot().record_type(entity).ok_or(Error::Missing { noun: "record type" })
}

async fn table(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    entity: &str,
    wanted: Rows,
) -> Result<EntityPermissionTable, Error> {
    let resource = load(ctx, entity)?;
    let mut rows: Vec<PermissionRow> = if ctx.model().blueprint().profiles.is_some() {
        let profiles = ctx.read(pass)?.profiles().list_all().await?;
        profiles.iter().map(|profile| profile_row(&resource, profile)).collect()
    } else {
        role_rows(ctx, pass, &resource).await?
    };
    if wanted == Rows::Granted {
        rows.retain(|row| row.cells.iter().any(|(_, scope)| scope != "none"));
    }
    Ok(EntityPermissionTable { resource, rows })
}

async fn role_rows(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    resource: &Resource,
) -> Result<Vec<PermissionRow>, Error> {
    let custom = ctx.read(pass)?.roles().list_all().await?;
    let custom =
        custom.into_iter().map(|role| (role.id.to_string(), None, role.name.into_string()));
    let built_in = ctx.model().blueprint().roles.iter();
    let built_in =
        built_in.map(|role| (role.key.clone(), Some(role.key.clone()), role.name.clone()));
    let row = |(id, key, name): (String, Option<String>, String)| {
        let granted = ctx.policy().granted_by_role(&id);
        let cell = |action: &hallpass_engine::Action| {
            let scopes = granted
                .iter()
                .find(|(known, act, _)| *known == resource.key && *act == action.key)
                .map_or_else(|| "none".to_owned(), |(_, _, scopes)| scopes.to_string());
            (action.key.clone(), scopes)
        };
        let cells = resource.actions.iter().map(cell).collect();
        PermissionRow { holder: Holder::Role, id, key, name, cells }
    };
    Ok(built_in.chain(custom).map(row).collect())
}

fn profile_row(resource: &Resource, profile: &Profile) -> PermissionRow {
    let cell = |action: &hallpass_engine::Action| {
        let scope = profile.cells.grants(resource, &action.key);
        (action.key.clone(), scope_word(scope).to_owned())
    };
    PermissionRow {
        holder: Holder::Profile,
        id: profile.id.to_string(),
        key: profile.template.clone(),
        name: profile.name.to_string(),
        cells: resource.actions.iter().map(cell).collect(),
    }
}

/// Returns each profile before and after its change.
async fn edits(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    resource: &Resource,
    changes: &[PermissionChange],
) -> Result<Vec<(Profile, Profile)>, Error> {
    let mut errors = Vec::new();
    let mut edits: Vec<(Profile, Profile)> = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        let pointer = format!("/rows/{index}/id");
        let id = match naming::profile(ctx, pass, &change.profile).await? {
            Ok(id) => id,
            Err(unresolved) => {
                errors.push(unresolved.field(pointer));
                continue;
            }
        };
        if edits.iter().any(|(known, _)| known.id == id) {
            let detail = "another row changes the same profile";
            errors.push(FieldError::new(pointer, "twice", detail));
            continue;
        }
        let before = ctx.read(pass)?.profiles().find(id).await?;
        let before = before.ok_or(Error::Missing { noun: "profile" })?;
        let mut after = before.clone();
        for (action, scope) in &change.cells {
            let word = scope.as_str().unwrap_or_default();
            match Cells::check(ctx.policy().resources(), &resource.key, action, word) {
                Ok(scope) => after.cells.set(&resource.key, action, scope),
                Err(bad) => {
                    let pointer = format!("/rows/{index}/cells/{action}");
                    errors.push(FieldError::new(pointer, "bad_cell", bad.to_string()));
                }
            }
        }
        edits.push((before, after));
    }
    if errors.is_empty() { Ok(edits) } else { Err(Refusal::Fields(errors).into()) }
}

//! The permissions of a record type: the matrix of who may do what with it, seen from its side.

use hallpass_domain::profile::Profile;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::{Cells, Resource};
use serde_json::{Map, Value};

use super::no_entity;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReadProfiles, ReadSchema, UpdateProfiles};
use crate::gate::{Pass, Permission};
use crate::profile::scope_word;

/// Who a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A profile.
    Profile,
    /// A role.
    Role,
}

/// A row: what a profile or role gives on a record type.
#[derive(Clone, Debug)]
pub struct PermissionRow {
    /// Profile or role.
    pub holder: Holder,
    /// The id; the key of a built-in role.
    pub id: String,
    /// The key of the template of a profile, or of a built-in role.
    pub key: Option<String>,
    /// The name.
    pub name: String,
    /// Action and scope, in the order of the actions.
    pub cells: Vec<(String, String)>,
}

/// Which rows are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Those with a grant on the record type.
    Granted,
    /// Every one.
    All,
}

/// What to change: for a profile, by id, key or name, some actions and their scopes.
pub type PermissionChange = Vec<(String, Map<String, Value>)>;

impl WorkspaceContext {
    /// The matrix of a record type: rows are profiles where the access model has them, else roles.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`.
    pub async fn list_permissions(
        &mut self,
        entity: &str,
        rows: Rows,
    ) -> Result<(Resource, Vec<PermissionRow>), Error> {
        let pass = self.check(ReadSchema).await?;
        let has_profiles = self.model().blueprint().profiles.is_some();
        if has_profiles {
            self.check(ReadProfiles).await?;
        } else {
            self.check_reading_roles().await?;
        }
        let resource = self.entity(entity).ok_or_else(no_entity)?.resource;
        let mut found = if has_profiles {
            let profiles = self.tx(&pass)?.profiles().list_all().await?;
            profiles.iter().map(|profile| row_of_profile(&resource, profile)).collect()
        } else {
            self.rows_of_roles(&pass, &resource).await?
        };
        if rows == Rows::Granted {
            found.retain(|row: &PermissionRow| {
                row.cells.iter().any(|(_, scope)| scope != "none")
            });
        }
        Ok((resource, found))
    }

    async fn rows_of_roles(
        &mut self,
        pass: &Pass<impl Permission>,
        resource: &Resource,
    ) -> Result<Vec<PermissionRow>, Error> {
        let custom = self.tx(pass)?.roles().list_all().await?;
        let built_in = self
            .model()
            .blueprint()
            .roles
            .iter()
            .map(|role| (role.key.clone(), Some(role.key.clone()), role.name.clone()));
        let custom =
            custom.into_iter().map(|role| (role.id.to_string(), None, role.name.into_string()));
        let row = |(id, key, name): (String, Option<String>, String)| {
            let granted = self.policy().granted_by_role(&id);
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

    /// Changes what some profiles give on a record type: all of it or nothing.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`; `NoSuchLayer` where there are no profiles; `Fields`, `GrantCeiling`.
    pub async fn change_permissions(
        &mut self,
        entity: &str,
        changes: &PermissionChange,
    ) -> Result<(), Error> {
        // Whoever changes the matrix sees it afterwards.
        self.check(ReadSchema).await?;
        let pass = self.check(UpdateProfiles).await?;
        if self.model().blueprint().profiles.is_none() {
            return Err(Refusal::NoSuchLayer { layer: "profiles" }.into());
        }
        let resource = self.entity(entity).ok_or_else(no_entity)?.resource;
        let mut errors = Vec::new();
        let mut edits: Vec<(Profile, Profile)> = Vec::new();
        for (place, (named, cells)) in changes.iter().enumerate() {
            let id = self.profile_named(named).await?;
            let Some(before) = self.tx(&pass)?.profiles().find(id).await? else {
                let detail = "there is no such profile";
                errors.push(FieldError::new(format!("/rows/{place}/id"), "unknown", detail));
                continue;
            };
            if edits.iter().any(|(known, _)| known.id == before.id) {
                let detail = "the profile stands here twice";
                errors.push(FieldError::new(format!("/rows/{place}/id"), "twice", detail));
                continue;
            }
            let mut after = before.clone();
            for (action, scope) in cells {
                let word = scope.as_str().unwrap_or_default();
                let checked =
                    Cells::check(self.policy().resources(), &resource.key, action, word);
                match checked {
                    Ok(scope) => after.cells.set(&resource.key, action, scope),
                    Err(bad) => {
                        let pointer = format!("/rows/{place}/cells/{action}");
                        errors.push(FieldError::new(pointer, "bad_cell", bad.to_string()));
                    }
                }
            }
            edits.push((before, after));
        }
        if !errors.is_empty() {
            return Err(Refusal::Fields(errors).into());
        }
        for (before, after) in edits.iter().filter(|(before, after)| before != after) {
            self.save_profile(&pass, before, after).await?;
        }
        self.commit(&pass).await.map(drop)
    }
}

fn row_of_profile(resource: &Resource, profile: &Profile) -> PermissionRow {
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

//! Roles: those that are built in, and those that the workspace makes.

pub mod assignment;

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::{AuditId, RoleId};
use hallpass_domain::member::{Member, start_visibility};
use hallpass_domain::model::ChangeKind;
use hallpass_domain::model::guard::check_role;
use hallpass_domain::name::{Name, description};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::role::{MOST_HOLDERS_NAMED, Role, check_unused, read_grants, read_matrix};
use hallpass_engine::{Change, Grant, Resource};
use hallpass_store::audit::AuditQuery;
use hallpass_store::member::MemberQuery;
use serde_json::{Map, Value, json};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{
    AnyOf, CreateRoles, DeleteRoles, Invite, ReadMembers, ReadRoles, UpdateMembers, UpdateRoles,
};
use crate::gate::{Pass, Permission};
use crate::member::check_version;

/// A role that somebody asks for, or a change of one; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct RoleChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it grants, as permission strings.
    pub grants: Option<Vec<String>>,
    /// The same as a matrix of resource and action, instead.
    pub matrix: Option<Map<String, Value>>,
}

/// What somebody wants to do to a role that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleAction {
    /// Change it.
    Change,
    /// Delete it.
    Delete,
}

fn no_role() -> Error {
    Error::Missing { noun: "role" }
}

impl WorkspaceContext {
    /// The custom roles, by name. The built-in ones are in the blueprint.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_roles(&mut self) -> Result<Vec<Role>, Error> {
        let pass = self.check_reading_roles().await?;
        Ok(self.tx(&pass)?.roles().list_all().await?)
    }

    /// A custom role.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`.
    pub async fn load_role(&mut self, id: RoleId) -> Result<Role, Error> {
        let pass = self.check_reading_roles().await?;
        self.tx(&pass)?.roles().find(id).await?.ok_or_else(no_role)
    }

    /// Whether the visitor may look at roles, those that are built in among them.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn look_at_roles(&mut self) -> Result<(), Error> {
        self.check_reading_roles().await.map(drop)
    }

    /// Roles are seen by whoever may see roles, or people and what they hold.
    pub(crate) async fn check_reading_roles(&mut self) -> Result<Pass<AnyOf>, Error> {
        let opens = self.model().blueprint().area("roles", "read").is_some();
        let opens = opens && self.opens(&ReadRoles);
        self.check(if opens { ReadRoles.as_any_of() } else { ReadMembers.as_any_of() }).await
    }

    /// Whether the visitor may give a role, by the rank rules and by what they hold.
    #[must_use]
    pub fn may_give(&self, role: &str) -> bool {
        let visibility = start_visibility(self.model().blueprint(), role);
        (self.opens(&Invite) || self.opens(&UpdateMembers))
            && check_role(self.model(), self.grantor(), role, visibility).is_ok()
    }

    /// What a built-in role grants while the switches stand as they do.
    #[must_use]
    pub fn grants_of_built_in(&self, role: &str) -> Vec<Grant> {
        let model = self.model();
        let on = model.blueprint().switches.iter().filter(|switch| model.is_on(&switch.key));
        let mut replaced = on.flat_map(|switch| &switch.replaces);
        let usual = || model.blueprint().role(role).map(|role| role.grants.clone());
        let replaced = replaced.rfind(|(key, _)| key == role);
        replaced.map(|(_, grants)| grants.clone()).or_else(usual).unwrap_or_default()
    }

    /// Refuses to change what is built in, to whoever could change it if it were not.
    ///
    /// # Errors
    ///
    /// `Denied`, `BuiltIn`.
    pub async fn refuse_built_in(&mut self, role: &str, deed: RoleAction) -> Result<(), Error> {
        match deed {
            RoleAction::Change => self.check(UpdateRoles).await.map(drop)?,
            RoleAction::Delete => self.check(DeleteRoles).await.map(drop)?,
        }
        Err(Refusal::BuiltIn { role: self.snapshot().role_name(role) }.into())
    }

    /// What was done to a role, the latest first, and whether there is more.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`.
    pub async fn history_of_role(
        &mut self,
        role: &str,
        below: Option<AuditId>,
        limit: usize,
    ) -> Result<(Vec<Entry>, bool), Error> {
        let pass = self.check_reading_roles().await?;
        if !self.model().has_role(role) {
            return Err(no_role());
        }
        let query = AuditQuery {
            subject: Some(role.to_owned()),
            outcome: Some(Outcome::Done),
            ..AuditQuery::default()
        };
        self.audit().list_with(&pass, &query, below, limit).await
    }

    /// Makes a role.
    ///
    /// # Errors
    ///
    /// `Denied`; `NoSuchLayer` where workspaces make none; `Fields`, `NameTaken`, `GrantCeiling`.
    pub async fn create_role(&mut self, ask: &RoleChange) -> Result<Role, Error> {
        let pass = self.check(CreateRoles).await?;
        if self.model().blueprint().custom_roles.is_none() {
            return Err(Refusal::NoSuchLayer { layer: "roles of one's own" }.into());
        }
        let blank = Role {
            id: self.id(),
            name: Name::parse("-").map_err(|why| Error::broken(why.to_string()))?,
            description: String::new(),
            grants: Vec::new(),
            version: 1,
        };
        if ask.name.is_none() {
            return Err(Refusal::field("/name", "missing", "it is missing").into());
        }
        let role = changed(self.policy().resources(), &blank, ask)?;
        self.check_role_name(&pass, &role).await?;
        self.apply(ChangeKind::Edit, &[role.put()])?;
        self.tx(&pass)?.roles().insert(&role).await?;
        self.snapshot_mut().names.insert(role.id.to_string(), role.name.to_string());
        self.record_audit(&pass, "role.create", role.id, &(), &audit_view(&role)).await?;
        self.commit(&pass).await?;
        Ok(role)
    }

    /// Changes a role. With a version, only if nobody else did since it was read.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::create_role`], and `Missing`, `Stale`.
    pub async fn change_role(
        &mut self,
        id: RoleId,
        ask: &RoleChange,
        version: Option<i64>,
    ) -> Result<Role, Error> {
        let pass = self.check(UpdateRoles).await?;
        let before = self.tx(&pass)?.roles().find(id).await?.ok_or_else(no_role)?;
        check_version(before.version, version)?;
        let after = changed(self.policy().resources(), &before, ask)?;
        self.check_role_name(&pass, &after).await?;
        self.apply(ChangeKind::Edit, &[after.put()])?;
        if !self.tx(&pass)?.roles().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        self.snapshot_mut().names.insert(id.to_string(), after.name.to_string());
        self.record_audit(&pass, "role.update", id, &audit_view(&before), &audit_view(&after))
            .await?;
        self.commit(&pass).await?;
        Ok(Role { version: after.version + 1, ..after })
    }

    /// Deletes a role that nobody has, and no pending invitation gives.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `InUse`.
    pub async fn delete_role(&mut self, id: RoleId) -> Result<(), Error> {
        let pass = self.check(DeleteRoles).await?;
        let role = self.tx(&pass)?.roles().find(id).await?.ok_or_else(no_role)?;
        let key = id.to_string();
        let holders = self.model().count_holders(&key);
        let query = MemberQuery { role: Some(key.clone()), ..MemberQuery::default() };
        let first = self
            .tx(&pass)?
            .members()
            .list(&query, None, i64::try_from(MOST_HOLDERS_NAMED).unwrap_or(i64::MAX))
            .await?;
        let names: Vec<String> = first.iter().map(Member::name).collect();
        check_unused(holders, &names)?;
        let pending = self.tx(&pass)?.invitations().list_pending().await?;
        let now = self.now;
        let gives = |one: &&hallpass_domain::invitation::Invitation| {
            one.access.role == key && !one.is_expired(now)
        };
        if let Some(invitation) = pending.iter().find(gives) {
            let by = format!("the invitation of `{}`", invitation.email.as_str());
            return Err(Refusal::InUse { noun: "role", by }.into());
        }
        self.apply(ChangeKind::Edit, &[Change::RemoveRole(key)])?;
        self.tx(&pass)?.roles().delete(id).await?;
        self.record_audit(&pass, "role.delete", id, &audit_view(&role), &()).await?;
        self.commit(&pass).await.map(drop)
    }

    async fn check_role_name(
        &mut self,
        pass: &Pass<impl Permission>,
        role: &Role,
    ) -> Result<(), Error> {
        let built_in = self
            .model()
            .blueprint()
            .roles
            .iter()
            .any(|known| hallpass_domain::text::fold(&known.name) == role.name.key());
        let others = self.tx(pass)?.roles().list_all().await?;
        let is_taken = others
            .iter()
            .any(|known| known.id != role.id && known.name.key() == role.name.key());
        if built_in || is_taken {
            let name = role.name.to_string();
            return Err(Refusal::NameTaken { noun: "role", name }.into());
        }
        Ok(())
    }
}

fn changed(resources: &[Resource], role: &Role, ask: &RoleChange) -> Result<Role, Refusal> {
    let (name, text) =
        names(&role.name, &role.description, ask.name.as_deref(), ask.description.as_deref())?;
    let grants = match (&ask.grants, &ask.matrix) {
        (Some(_), Some(_)) => {
            let detail = "send `grants` or `matrix`, not both";
            return Err(Refusal::field("/matrix", "ambiguous", detail));
        }
        (Some(texts), None) => read_grants(texts)?,
        (None, Some(matrix)) => read_matrix(resources, matrix)?,
        (None, None) => role.grants.clone(),
    };
    Ok(Role { name, description: text, grants, ..role.clone() })
}

/// Name and description after a change.
pub(crate) fn names(
    name: &Name,
    text: &str,
    new_name: Option<&str>,
    new_text: Option<&str>,
) -> Result<(Name, String), Refusal> {
    let mut errors = Vec::new();
    let name = new_name.map_or(Ok(name.clone()), Name::parse);
    if let Err(why) = &name {
        errors.push(FieldError::new("/name", "bad_name", why.to_string()));
    }
    let text = new_text.map_or(Ok(text.to_owned()), description);
    if let Err(why) = &text {
        errors.push(FieldError::new("/description", "bad_description", why.to_string()));
    }
    match (name, text) {
        (Ok(name), Ok(text)) => Ok((name, text)),
        _ => Err(Refusal::Fields(errors)),
    }
}

pub(crate) fn audit_view(role: &Role) -> Value {
    json!({
        "name": role.name.as_str(),
        "description": role.description,
        "grants": role.grants.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

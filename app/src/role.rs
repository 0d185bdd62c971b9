//! Roles: the built-in ones of the access model, and the custom ones of a workspace.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::AuditId;
use hallpass_domain::invitation::Invitation;
use hallpass_domain::member::{Member, start_visibility};
use hallpass_domain::model::ChangeKind;
use hallpass_domain::model::guard::check_role;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::role::{MOST_HOLDERS_NAMED, Role, check_unused, read_grants, read_matrix};
use hallpass_domain::text::looks_like;
use hallpass_engine::{Change, Grant};
use hallpass_store::audit::AuditQuery;
use hallpass_store::member::MemberQuery;
use serde_json::{Map, Value, json};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{
    AnyOf, CreateRoles, DeleteRoles, Invite, ReadMembers, ReadRoles, UpdateMembers, UpdateRoles,
};
use crate::gate::{Pass, Permission};
use crate::invitation::check_not_invited;
use crate::naming::label::Label;
use crate::naming::{self, FoundRole, RoleRef, Unresolved};

pub mod assignment;
pub mod drift;

/// The fields of a new role, or a change of one; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct RoleChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it grants, as permission strings.
    pub grants: Option<Vec<String>>,
    /// What it grants, as a matrix of resource and action, in place of `grants`.
    pub matrix: Option<Map<String, Value>>,
}

/// A role, with its holders and what it grants.
#[derive(Clone, Debug)]
pub struct RoleDetails {
    /// The key of a built-in role, or the id of a custom one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its place in the order of roles; a higher rank comes first.
    pub rank: u32,
    /// Whether the access model defines it.
    pub is_built_in: bool,
    /// Whether a workspace always has an active holder of it.
    pub is_top: bool,
    /// The number of members who have it, active or not; none for a caller who may not read members.
    pub holders: Option<usize>,
    /// Whether the caller may assign it.
    pub may_give: bool,
    /// The rule that keeps a caller who assigns roles from assigning this one.
    pub why_not: Option<Refusal>,
    /// What it grants.
    pub grants: Vec<Grant>,
    /// The scopes that it grants, by resource and action.
    pub matrix: BTreeMap<String, BTreeMap<String, String>>,
    /// What of it the server has no use case for, as `resource:action`.
    pub own_app: Vec<String>,
    /// Increases with each change; none for a built-in role.
    pub version: Option<i64>,
}

/// The roles of a workspace.
pub struct Roles<'c>(pub(crate) &'c mut WorkspaceContext);

impl Roles<'_> {
    /// Lists the roles, the highest rank first; of the same rank the built-in ones, then by name.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<RoleDetails>, Error> {
        let ctx = &mut *self.0;
        let pass = check_read(ctx).await?;
        let custom = ctx.read(&pass)?.roles().list_all().await?;
        let built_in = ctx.model().blueprint().roles.iter();
        let mut roles: Vec<RoleDetails> =
            built_in.map(|role| built_in_role(ctx, role)).collect();
        roles.extend(custom.iter().map(|role| custom_role(ctx, role)));
        roles.sort_by_key(|role| (Reverse(role.rank), !role.is_built_in));
        Ok(roles)
    }

    /// Loads a role.
    #[boxed]
    pub async fn load(&mut self, role: RoleRef) -> Result<RoleDetails, Error> {
        let ctx = &mut *self.0;
        let pass = check_read(ctx).await?;
        let id = match naming::role(ctx, &pass, &role).map_err(Unresolved::missing)? {
            FoundRole::BuiltIn(key) => {
                let role = ctx.model().blueprint().role(&key).ok_or_else(no_role)?;
                return Ok(built_in_role(ctx, role));
            }
            FoundRole::Custom(id) => id,
        };
        let role = ctx.read(&pass)?.roles().find(id).await?.ok_or_else(no_role)?;
        Ok(custom_role(ctx, &role))
    }

    /// Creates a custom role.
    ///
    /// # Errors
    ///
    /// `NoSuchLayer` where the access model has no custom roles; `GrantCeiling` when the role grants
    /// more than the caller has.
    #[boxed]
    pub async fn create(&mut self, change: &RoleChange) -> Result<RoleDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(CreateRoles).await?;
        if ctx.model().blueprint().custom_roles.is_none() {
            return Err(Refusal::NoSuchLayer { layer: "custom roles" }.into());
        }
        let label = Label::create(change.name.as_deref(), change.description.as_deref())?;
        let role = Role {
            id: ctx.id(),
            name: label.name,
            description: label.description,
            grants: grants(ctx, change)?.unwrap_or_default(),
            version: 1,
        };
        check_name(ctx, &pass, &role).await?;
        ctx.apply(ChangeKind::Edit, &[role.put()])?;
        ctx.tx(&pass)?.roles().insert(&role).await?;
        ctx.set_name(&role.id, &role.name);
        ctx.record_audit(&pass, "role.create", role.id, &(), &audit_view(&role)).await?;
        ctx.commit(&pass).await?;
        Ok(custom_role(ctx, &role))
    }

    /// Updates a custom role.
    ///
    /// # Errors
    ///
    /// `BuiltIn` for a role of the access model; `GrantCeiling` when a holder gains more than the
    /// caller has.
    #[boxed]
    pub async fn update(
        &mut self,
        role: RoleRef,
        change: &RoleChange,
    ) -> Result<RoleDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateRoles).await?;
        let before = load_custom(ctx, &pass, &role).await?;
        ctx.check_version(before.version)?;
        let current =
            Label { name: before.name.clone(), description: before.description.clone() };
        let label = current.update(change.name.as_deref(), change.description.as_deref())?;
        let grants = grants(ctx, change)?.unwrap_or_else(|| before.grants.clone());
        let Label { name, description } = label;
        let after = Role { name, description, grants, ..before.clone() };
        check_name(ctx, &pass, &after).await?;
        ctx.apply(ChangeKind::Edit, &[after.put()])?;
        if !ctx.tx(&pass)?.roles().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        ctx.set_name(&after.id, &after.name);
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "role.update", after.id, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(custom_role(ctx, &Role { version: after.version + 1, ..after }))
    }

    /// Deletes a custom role that no member has and no pending invitation gives.
    ///
    /// # Errors
    ///
    /// `BuiltIn` for a role of the access model; `InUse`.
    #[boxed]
    pub async fn delete(&mut self, role: RoleRef) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(DeleteRoles).await?;
        let role = load_custom(ctx, &pass, &role).await?;
        ctx.check_version(role.version)?;
        let key = role.id.to_string();
        check_no_holder(ctx, &pass, &key).await?;
        let gives = |invitation: &Invitation| invitation.access.role == key;
        check_not_invited(ctx, &pass, "role", gives).await?;
        ctx.apply(ChangeKind::Edit, &[Change::RemoveRole(key)])?;
        ctx.tx(&pass)?.roles().delete(role.id).await?;
        ctx.record_audit(&pass, "role.delete", role.id, &audit_view(&role), &()).await?;
        ctx.commit(&pass).await.map(drop)
    }

    /// Lists what was done to a role, the newest first, and returns whether there is more.
    #[boxed]
    pub async fn history(
        &mut self,
        role: RoleRef,
        below: Option<AuditId>,
        limit: usize,
    ) -> Result<(Vec<Entry>, bool), Error> {
        let ctx = &mut *self.0;
        let pass = check_read(ctx).await?;
        let role = naming::role(ctx, &pass, &role).map_err(Unresolved::missing)?;
        let query = AuditQuery {
            subject: Some(role.key()),
            outcome: Some(Outcome::Done),
            ..AuditQuery::default()
        };
        ctx.audit().list_with(&pass, &query, below, limit).await
    }

    /// Asks the gate for reading roles.
    pub(crate) async fn check_read(&mut self) -> Result<Pass<AnyOf>, Error> {
        check_read(self.0).await
    }
}

/// Roles are visible to members who may read roles, or members and what they have.
async fn check_read(ctx: &mut WorkspaceContext) -> Result<Pass<AnyOf>, Error> {
    let is_area = ctx.model().blueprint().area("roles", "read").is_some();
    let may_read_roles = is_area && ctx.opens(&ReadRoles);
    ctx.check(if may_read_roles { ReadRoles.as_any_of() } else { ReadMembers.as_any_of() })
        .await
}

fn no_role() -> Error {
    Error::Missing { noun: "role" }
}

fn custom_role(ctx: &WorkspaceContext, role: &Role) -> RoleDetails {
    let rules = ctx.model().blueprint().custom_roles.as_ref();
    let id = role.id.to_string();
    RoleDetails {
        name: role.name.to_string(),
        description: role.description.clone(),
        rank: rules.map_or(0, |rules| rules.rank),
        is_built_in: false,
        is_top: false,
        holders: ctx.visible_number(ctx.model().count_holders(&id)),
        may_give: may_give(ctx, &id),
        why_not: refusal_to_give(ctx, &id),
        grants: role.grants.clone(),
        own_app: own_app(ctx, &id),
        matrix: matrix(ctx, &id),
        version: Some(role.version),
        id,
    }
}

fn built_in_role(ctx: &WorkspaceContext, role: &hallpass_engine::Role) -> RoleDetails {
    RoleDetails {
        id: role.key.clone(),
        name: role.name.clone(),
        description: role.description.clone(),
        rank: role.rank,
        is_built_in: true,
        is_top: role.is_top,
        holders: ctx.visible_number(ctx.model().count_holders(&role.key)),
        may_give: may_give(ctx, &role.key),
        why_not: refusal_to_give(ctx, &role.key),
        grants: built_in_grants(ctx, role),
        own_app: own_app(ctx, &role.key),
        matrix: matrix(ctx, &role.key),
        version: None,
    }
}

/// Returns what a built-in role grants with the switches as they are.
fn built_in_grants(ctx: &WorkspaceContext, role: &hallpass_engine::Role) -> Vec<Grant> {
    let model = ctx.model();
    let on = model.blueprint().switches.iter().filter(|switch| model.is_on(&switch.key));
    let mut replacements = on.flat_map(|switch| &switch.replaces);
    let replacement = replacements.rfind(|(key, _)| *key == role.key);
    replacement.map_or_else(|| role.grants.clone(), |(_, grants)| grants.clone())
}

/// Returns what a role grants that the server has no use case for.
fn own_app(ctx: &WorkspaceContext, role: &str) -> Vec<String> {
    let policy = ctx.policy();
    let marked = |resource: &str, action: &str| {
        let known = policy.resources().iter().find(|known| known.key == resource);
        known.is_some_and(|known| known.own_app().any(|key| key == action))
    };
    let granted = policy.granted_by_role(role).into_iter();
    let marked = granted.filter(|(resource, action, _)| marked(resource, action));
    marked.map(|(resource, action, _)| format!("{resource}:{action}")).collect()
}

fn matrix(ctx: &WorkspaceContext, role: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut matrix: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (resource, action, scopes) in ctx.policy().granted_by_role(role) {
        let row = matrix.entry(resource.to_owned()).or_default();
        row.insert(action.to_owned(), scopes.to_string());
    }
    matrix
}

/// Returns whether the caller may assign a role, by the rank rules and by what they have.
fn may_give(ctx: &WorkspaceContext, role: &str) -> bool {
    (ctx.opens(&Invite) || ctx.opens(&UpdateMembers)) && refusal_to_give(ctx, role).is_none()
}

/// The rank rule or the ceiling that keeps the caller from assigning a role.
fn refusal_to_give(ctx: &WorkspaceContext, role: &str) -> Option<Refusal> {
    let visibility = start_visibility(ctx.model().blueprint(), role);
    let refusal = check_role(ctx.model(), ctx.grantor(), role, visibility).err()?;
    let (snapshot, workspace) = (ctx.snapshot(), &ctx.snapshot().workspace.name);
    Some(refusal.with_names(workspace.as_str(), |role| snapshot.role_name(role)))
}

async fn load_custom(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    role: &RoleRef,
) -> Result<Role, Error> {
    match naming::role(ctx, pass, role).map_err(Unresolved::missing)? {
        FoundRole::BuiltIn(key) => {
            Err(Refusal::BuiltIn { role: ctx.snapshot().role_name(&key) }.into())
        }
        FoundRole::Custom(id) => ctx.read(pass)?.roles().find(id).await?.ok_or_else(no_role),
    }
}

fn grants(ctx: &WorkspaceContext, change: &RoleChange) -> Result<Option<Vec<Grant>>, Refusal> {
    match (&change.grants, &change.matrix) {
        (Some(_), Some(_)) => {
            let detail = "send `grants` or `matrix`, not both";
            Err(Refusal::field("/matrix", "ambiguous", detail))
        }
        (Some(texts), None) => read_grants(texts).map(Some),
        (None, Some(matrix)) => read_matrix(ctx.policy().resources(), matrix).map(Some),
        (None, None) => Ok(None),
    }
}

async fn check_name(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    role: &Role,
) -> Result<(), Error> {
    let (name, key) = (role.name.as_str(), role.name.key());
    let built_in = &ctx.model().blueprint().roles;
    let mut is_taken = built_in
        .iter()
        .any(|known| looks_like(name, &known.name) || looks_like(name, &known.key));
    let custom = ctx.read(pass)?.roles().list_all().await?;
    is_taken |= custom.iter().any(|known| known.id != role.id && known.name.key() == key);
    if is_taken {
        return Err(Refusal::NameTaken { noun: "role", name: role.name.to_string() }.into());
    }
    Ok(())
}

async fn check_no_holder(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    role: &str,
) -> Result<(), Error> {
    let holders = ctx.model().count_holders(role);
    let query = MemberQuery { role: Some(role.to_owned()), ..MemberQuery::default() };
    let most = i64::try_from(MOST_HOLDERS_NAMED).unwrap_or(i64::MAX);
    let first = ctx.read(pass)?.members().list(&query, None, most).await?;
    let names: Vec<String> = first.iter().map(Member::name).collect();
    let names = Some(names).filter(|_| ctx.opens(&ReadMembers));
    Ok(check_unused(holders, names.as_deref())?)
}

/// Returns a role as the audit log and the export show it.
pub(crate) fn audit_view(role: &Role) -> Value {
    json!({
        "name": role.name.as_str(),
        "description": role.description,
        "grants": role.grants.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

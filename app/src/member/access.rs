//! What a member or an invitation is given, as a request names it.

use std::collections::BTreeSet;

use hallpass_domain::id::{MemberId, TeamId};
use hallpass_domain::member::{MemberAccess, MemberAccessChange};
use hallpass_domain::model::guard::has_levels;
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::text::{one_of, suggestion};
use hallpass_engine::{Change, Visibility};
use uuid::Uuid;

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::UpdateTeams;
use crate::gate::{Pass, Permission};
use crate::naming::{self, DepartmentRef, RoleRef, TeamRef};

/// A change of what a member may do; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct AccessChange {
    /// The role.
    pub role: Option<RoleRef>,
    /// The level on each resource.
    pub levels: Option<Vec<(String, String)>>,
    /// The preset whose levels are copied, by key.
    pub preset: Option<String>,
    /// The visibility.
    pub visibility: Option<Visibility>,
    /// The department, or none.
    pub department: Option<Option<DepartmentRef>>,
    /// The manager, or none.
    pub manager: Option<Option<MemberId>>,
    /// The teams, all of them.
    pub teams: Option<Vec<TeamRef>>,
    /// Whether the member is the billing contact.
    pub billing_contact: Option<bool>,
}

impl From<MemberAccessChange> for AccessChange {
    fn from(change: MemberAccessChange) -> AccessChange {
        let teams = change.teams.map(|ids| ids.into_iter().map(TeamRef::from).collect());
        AccessChange {
            role: change.role.map(RoleRef::from),
            levels: change.levels,
            preset: change.preset,
            visibility: change.visibility,
            department: change.department.map(|id| id.map(DepartmentRef::from)),
            manager: change.manager,
            teams,
            billing_contact: change.billing_contact,
        }
    }
}

/// Returns what a change makes of access. Everything that the change names must exist in the workspace.
pub(crate) async fn changed(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    access: &MemberAccess,
    change: &AccessChange,
) -> Result<MemberAccess, Error> {
    let (change, errors) = resolve(ctx, pass, change).await?;
    // Parts that the access model does not have are reported before names that do not exist.
    let changed = access.change(ctx.model().blueprint(), &change)?;
    Refusal::unless_valid(errors)?;
    check_preset(ctx, &changed, &change)?;
    check_teams(ctx, &access.teams, &changed.teams).await?;
    Ok(changed)
}

/// Checks that the caller may put members into teams and take them out, where teams differ: it takes
/// the same permission in whatever request.
pub(crate) async fn check_teams(
    ctx: &mut WorkspaceContext,
    before: &[TeamId],
    after: &[TeamId],
) -> Result<(), Error> {
    let set = |teams: &[TeamId]| teams.iter().copied().collect::<BTreeSet<TeamId>>();
    if set(before) == set(after) {
        return Ok(());
    }
    ctx.check(UpdateTeams).await.map(drop)
}

/// Returns the access of a new member with a role, as a change says.
pub(crate) async fn create(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    role: &RoleRef,
    change: &AccessChange,
) -> Result<MemberAccess, Error> {
    let change = AccessChange { role: Some(role.clone()), ..change.clone() };
    let (change, errors) = resolve(ctx, pass, &change).await?;
    let blueprint = ctx.model().blueprint();
    let start = MemberAccess::new(blueprint, change.role.as_deref().unwrap_or_default());
    let access = start.change(blueprint, &change)?;
    Refusal::unless_valid(errors)?;
    check_preset(ctx, &access, &change)?;
    check_teams(ctx, &[], &access.teams).await?;
    Ok(access)
}

/// Checks that a preset is offered on the role.
pub(crate) fn check_preset(
    ctx: &WorkspaceContext,
    access: &MemberAccess,
    change: &MemberAccessChange,
) -> Result<(), Refusal> {
    let (model, role) = (ctx.model(), access.role.as_str());
    let preset = change.preset.as_deref().and_then(|key| model.blueprint().preset(key));
    let Some(preset) = preset.filter(|preset| !model.is_offered(preset, role)) else {
        return Ok(());
    };
    // That a role has no levels at all is a refusal of the guards.
    if !has_levels(model.blueprint(), role) {
        return Ok(());
    }
    let (preset, role) = (&preset.name, ctx.snapshot().role_name(role));
    let detail = format!(
        "the preset {preset} only reads, and the role {role} does more; choose another preset, or \
         a role that only reads"
    );
    Err(Refusal::field("/preset", "not_offered", detail))
}

/// Resolves the references of a change. The errors say what does not exist; the null id is in its
/// place.
async fn resolve(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    change: &AccessChange,
) -> Result<(MemberAccessChange, Vec<FieldError>), Error> {
    let mut errors = Vec::new();
    let role = change.role.as_ref().map(|role| match naming::role(ctx, pass, role) {
        Ok(role) => role.key(),
        Err(unresolved) => {
            errors.push(unresolved.field("/role"));
            role.to_string()
        }
    });
    let department = match &change.department {
        Some(Some(department)) => {
            let found = naming::department(ctx, pass, department).await?;
            Some(Some(found.unwrap_or_else(|unresolved| {
                errors.push(unresolved.field("/department"));
                Uuid::nil().into()
            })))
        }
        Some(None) => Some(None),
        None => None,
    };
    let teams = match &change.teams {
        None => None,
        Some(wanted) => {
            let found = naming::teams(ctx, pass, wanted).await?.into_iter().enumerate();
            let resolved = found.map(|(index, found)| {
                found.unwrap_or_else(|unresolved| {
                    errors.push(unresolved.field(format!("/teams/{index}")));
                    Uuid::nil().into()
                })
            });
            Some(resolved.collect())
        }
    };
    if let Some(Some(id)) = change.manager
        && ctx.model().member(id).is_none()
    {
        errors.push(FieldError::new("/manager", "unknown", format!("no member `{id}`")));
    }
    errors.extend(unknown_levels(ctx, change.levels.iter().flatten(), ""));
    let change = MemberAccessChange {
        role,
        levels: change.levels.clone(),
        preset: change.preset.clone(),
        visibility: change.visibility,
        department,
        manager: change.manager,
        teams,
        billing_contact: change.billing_contact,
    };
    Ok((change, errors))
}

/// The mistakes of levels, below a pointer.
pub(crate) fn unknown_levels<'l>(
    ctx: &WorkspaceContext,
    levels: impl IntoIterator<Item = &'l (String, String)>,
    pointer: &str,
) -> Vec<FieldError> {
    let resources = ctx.policy().resources();
    let mut errors = Vec::new();
    for (key, level) in levels {
        let detail = match resources.iter().find(|known| known.key == *key) {
            None => {
                let with_levels = resources.iter().filter(|known| !known.ladder.is_empty());
                let names = with_levels.map(|known| known.key.as_str());
                let suggestion = suggestion(key, names);
                let suggestion = suggestion.map(|text| format!("; {text}")).unwrap_or_default();
                format!("no resource `{key}`{suggestion}")
            }
            Some(known) if level != "none" && known.level(level).is_none() => {
                let rungs = known.ladder.iter().map(|rung| rung.key.as_str());
                let levels = one_of(std::iter::once("none").chain(rungs));
                format!("no level `{level}`; expected {levels}")
            }
            Some(_) => continue,
        };
        errors.push(FieldError::new(format!("{pointer}/levels/{key}"), "unknown", detail));
    }
    errors
}

/// Checks that a page exists on which a member can land.
pub(crate) fn check_landing(
    ctx: &WorkspaceContext,
    landing: Option<&str>,
) -> Result<(), Refusal> {
    let Some(landing) = landing else { return Ok(()) };
    let pages = ctx.policy().resources().iter().map(|known| known.key.as_str());
    if pages.clone().any(|page| page == landing) {
        return Ok(());
    }
    let suggestion = suggestion(landing, pages).map(|text| format!("; {text}"));
    let detail = format!("no page `{landing}`{}", suggestion.unwrap_or_default());
    Err(Refusal::field("/landing", "unknown", detail))
}

/// Checks that a grantor may give access to a new member, with everything that follows from it.
pub(crate) fn check_grantable(
    ctx: &WorkspaceContext,
    grantor: Grantor,
    access: &MemberAccess,
) -> Result<(), Refusal> {
    let newcomer = MemberId(Uuid::max());
    // The flag moves from its holder, which takes a permission of its own.
    let access = MemberAccess { is_billing_contact: false, ..access.clone() };
    let change = Change::PutMember(access.to_engine(newcomer, true));
    ctx.model().change(grantor, ChangeKind::Join, &[change]).map(drop)
}

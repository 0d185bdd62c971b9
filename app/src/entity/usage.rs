//! What records, roles and profiles use of a record type, and so cannot be taken away.

use hallpass_domain::entity::{lost_fields, lost_stages};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Grant, GrantTarget, Resource, Scope};
use hallpass_store::record::{GroupBy, GroupKey, Reach};

use crate::context::WorkspaceContext;
use crate::context::visible::user;
use crate::error::Error;
use crate::gate::permission::{ReadMembers, ReadProfiles, ReadRoles};
use crate::gate::{Pass, Permission};

/// Checks that no record is lost where another access model replaces the present one: a record type
/// that it does not have has no records, and neither has a field or a stage.
pub(crate) async fn check_replaced(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Resource,
    after: Option<&Resource>,
) -> Result<(), Error> {
    let Some(after) = after else {
        return check_no_records(ctx, pass, &before.key).await;
    };
    check_unused_fields(ctx, pass, before, after).await?;
    check_unused_stages(ctx, pass, before, after).await
}

pub(super) async fn check_unused_fields(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Resource,
    after: &Resource,
) -> Result<(), Error> {
    for field in lost_fields(&before.fields, &after.fields) {
        if ctx.read(pass)?.records().any_has_field(&before.key, field).await? {
            let by = format!("records that have a value in `{field}`");
            return Err(Refusal::InUse { noun: "field", by }.into());
        }
    }
    Ok(())
}

pub(super) async fn check_unused_stages(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Resource,
    after: &Resource,
) -> Result<(), Error> {
    let lost = lost_stages(&before.stages, &after.stages);
    if lost.is_empty() {
        return Ok(());
    }
    let by_stage = GroupBy::Stage;
    let sums =
        ctx.read(pass)?.records().summary(&before.key, &Reach::All, by_stage, &[]).await?;
    for sum in sums {
        if let GroupKey::Stage(Some(stage)) = &sum.group
            && lost.contains(&stage.as_str())
        {
            let by = format!("{} in `{stage}`", ctx.visible_records(&before.key, sum.n));
            return Err(Refusal::InUse { noun: "stage", by }.into());
        }
    }
    Ok(())
}

/// Checks that a record type has no records, and that no role or profile names it.
pub(super) async fn check_unused(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    key: &str,
) -> Result<(), Error> {
    let in_use = |by: String| Err(Refusal::InUse { noun: "record type", by }.into());
    check_no_records(ctx, pass, key).await?;
    let names_it = |grant: &Grant| match &grant.on {
        GrantTarget::Named(keys) => keys.iter().any(|known| known == key),
        GrantTarget::Everything | GrantTarget::ResourceKind(_) => false,
    };
    let roles = ctx.read(pass)?.roles().list_all().await?;
    if let Some(role) = roles.iter().find(|role| role.grants.iter().any(names_it)) {
        let may_name = ctx.opens(&ReadRoles) || ctx.opens(&ReadMembers);
        return in_use(user(may_name, "role", role.name.as_str()));
    }
    let is_on_it = |(resource, _, _): (&str, &str, Option<Scope>)| resource == key;
    let profiles = ctx.read(pass)?.profiles().list_all().await?;
    if let Some(profile) = profiles.iter().find(|one| one.cells.iter().any(is_on_it)) {
        return in_use(user(ctx.opens(&ReadProfiles), "profile", profile.name.as_str()));
    }
    Ok(())
}

async fn check_no_records(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    key: &str,
) -> Result<(), Error> {
    let records = ctx.read(pass)?.records().total(key, &Reach::All).await?;
    if records > 0 {
        let by = ctx.visible_records(key, records);
        return Err(Refusal::InUse { noun: "record type", by }.into());
    }
    Ok(())
}

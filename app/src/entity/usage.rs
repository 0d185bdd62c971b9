//! What records, roles, profiles and API keys use of a record type, and so cannot be taken away.

use hallpass_domain::entity::{lost_fields, lost_options, lost_stages};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::saved_report::SavedReport;
use hallpass_engine::{Resource, Scope};
use hallpass_store::record::{GroupBy, GroupKey, Reach};

use crate::context::WorkspaceContext;
use crate::context::visible::user;
use crate::error::Error;
use crate::gate::permission::{ReadApiKeys, ReadMembers, ReadProfiles, ReadReports, ReadRoles};
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
    check_unused_options(ctx, pass, before, after).await
}

async fn check_unused_options(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Resource,
    after: &Resource,
) -> Result<(), Error> {
    for (field, lost) in lost_options(&before.fields, &after.fields) {
        for (value, n) in ctx.read(pass)?.records().count_values(&before.key, field).await? {
            if lost.contains(&value.as_str()) {
                let records = ctx.visible_records(&before.key, n);
                let by = format!("{records} with `{value}` in `{field}`");
                return Err(Refusal::InUse { noun: "option", by }.into());
            }
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
    let of = [(before.key.clone(), Reach::All)];
    let figures = ctx.read(pass)?.records().figures(&of, &[GroupBy::Stage], &[]).await?;
    for sum in figures.into_iter().flat_map(|figures| figures.stages) {
        if let GroupKey::Stage(Some(stage)) = &sum.group
            && lost.contains(&stage.as_str())
        {
            let by = format!("{} in `{stage}`", ctx.visible_records(&before.key, sum.n));
            return Err(Refusal::InUse { noun: "stage", by }.into());
        }
    }
    let removed = |stage: &str| !after.stages.iter().any(|known| known.key == stage);
    let reports = ctx.read(pass)?.saved_reports().list_all().await?;
    let counts_lost = |report: &&SavedReport| {
        report.entity == before.key && report.stage.as_deref().is_some_and(removed)
    };
    if let Some(report) = reports.iter().find(counts_lost) {
        let may_name = ctx.opens(&ReadReports) && report.sharing.is_visible_to(ctx.member_id());
        let by = user(may_name, "report", report.name.as_str());
        return Err(Refusal::InUse { noun: "stage", by }.into());
    }
    Ok(())
}

/// Checks that a record type has no records, and that no role, profile or API key names it.
pub(super) async fn check_unused(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    key: &str,
) -> Result<(), Error> {
    let in_use = |by: String| Err(Refusal::InUse { noun: "record type", by }.into());
    check_no_records(ctx, pass, key).await?;
    let roles = ctx.read(pass)?.roles().list_all().await?;
    if let Some(role) =
        roles.iter().find(|role| role.grants.iter().any(|grant| grant.names(key)))
    {
        let may_name = ctx.opens(&ReadRoles) || ctx.opens(&ReadMembers);
        return in_use(user(may_name, "role", role.name.as_str()));
    }
    let is_on_it = |(resource, _, _): (&str, &str, Option<Scope>)| resource == key;
    let profiles = ctx.read(pass)?.profiles().list_all().await?;
    if let Some(profile) = profiles.iter().find(|one| one.cells.iter().any(is_on_it)) {
        return in_use(user(ctx.opens(&ReadProfiles), "profile", profile.name.as_str()));
    }
    let left = ctx.policy().resources().iter().filter(|known| known.key != key);
    let (left, present) =
        (left.cloned().collect::<Vec<_>>(), ctx.policy().resources().to_vec());
    check_scopes(ctx, pass, "record type", (&present, &left)).await
}

/// Checks that the scopes of no API key name other things among some resources than among the present
/// ones.
pub(super) async fn check_scopes(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    noun: &'static str,
    resources: (&[Resource], &[Resource]),
) -> Result<(), Error> {
    match list_keys_with_other_scopes(ctx, pass, resources).await?.first() {
        Some(name) => {
            let by = user(ctx.opens(&ReadApiKeys), "API key", name);
            Err(Refusal::InUse { noun, by }.into())
        }
        None => Ok(()),
    }
}

/// The names of the API keys whose scopes name other things after a change of the resources than before.
/// Scopes are words: what has these words later would come within them.
pub(crate) async fn list_keys_with_other_scopes(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    (before, after): (&[Resource], &[Resource]),
) -> Result<Vec<String>, Error> {
    let mut keys = ctx.read(pass)?.api_keys().list_all().await?;
    keys.retain(|key| {
        let scopes = key.scopes.as_ref().filter(|_| key.is_alive(ctx.now));
        scopes.is_some_and(|scopes| scopes.check(after).len() != scopes.check(before).len())
    });
    Ok(keys.into_iter().map(|key| key.name).collect())
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

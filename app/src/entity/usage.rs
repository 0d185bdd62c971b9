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

/// What records or saved reports use, and would be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The record type, by key.
    pub entity: String,
    /// What is used.
    pub part: LostPart,
    /// What uses it, in the words of the API.
    pub by: String,
}

/// A part of a record type that is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LostPart {
    /// The record type has records.
    RecordType,
    /// Records have a value in a field.
    Field {
        /// The key of the field.
        field: String,
    },
    /// Records have an option of a field.
    Option {
        /// The key of the field.
        field: String,
        /// The key of the option.
        option: String,
    },
    /// Records are in a stage.
    Stage {
        /// The key of the stage.
        stage: String,
    },
    /// A saved report counts a stage.
    Report {
        /// Its name, for a caller who may read it.
        name: Option<String>,
    },
}

impl Lost {
    fn new(entity: &str, part: LostPart, by: String) -> Lost {
        Lost { entity: entity.to_owned(), part, by }
    }

    /// The refusal to take it away.
    pub(crate) fn refusal(self) -> Refusal {
        let noun = match self.part {
            LostPart::RecordType => "record type",
            LostPart::Field { .. } => "field",
            LostPart::Option { .. } => "option",
            LostPart::Stage { .. } | LostPart::Report { .. } => "stage",
        };
        Refusal::InUse { noun, by: self.by }
    }

    /// What uses it, in a sentence.
    pub(crate) fn sentence(&self) -> String {
        self.clone().refusal().to_string()
    }
}

/// Finds what would be lost where another access model replaces the present one: a record type that it does not have has
/// no records, and neither has a field or a stage.
pub(crate) async fn find_replaced(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Resource,
    after: Option<&Resource>,
) -> Result<Option<Lost>, Error> {
    let Some(after) = after else {
        return find_records(ctx, pass, &before.key).await;
    };
    match find_used_field(ctx, pass, before, after).await? {
        Some(lost) => Ok(Some(lost)),
        None => find_used_stage(ctx, pass, before, after).await,
    }
}

fn refused(lost: Option<Lost>) -> Result<(), Error> {
    lost.map_or(Ok(()), |lost| Err(lost.refusal().into()))
}

pub(super) async fn check_unused_fields(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Resource,
    after: &Resource,
) -> Result<(), Error> {
    refused(find_used_field(ctx, pass, before, after).await?)
}

async fn find_used_field(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Resource,
    after: &Resource,
) -> Result<Option<Lost>, Error> {
    for field in lost_fields(&before.fields, &after.fields) {
        if ctx.read(pass)?.records().any_has_field(&before.key, field).await? {
            let by = format!("records that have a value in `{field}`");
            let part = LostPart::Field { field: field.to_owned() };
            return Ok(Some(Lost::new(&before.key, part, by)));
        }
    }
    find_used_option(ctx, pass, before, after).await
}

async fn find_used_option(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Resource,
    after: &Resource,
) -> Result<Option<Lost>, Error> {
    for (field, lost) in lost_options(&before.fields, &after.fields) {
        for (value, n) in ctx.read(pass)?.records().count_values(&before.key, field).await? {
            if lost.contains(&value.as_str()) {
                let records = ctx.visible_records(&before.key, n);
                let by = format!("{records} with `{value}` in `{field}`");
                let part = LostPart::Option { field: field.to_owned(), option: value };
                return Ok(Some(Lost::new(&before.key, part, by)));
            }
        }
    }
    Ok(None)
}

pub(super) async fn check_unused_stages(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Resource,
    after: &Resource,
) -> Result<(), Error> {
    refused(find_used_stage(ctx, pass, before, after).await?)
}

async fn find_used_stage(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Resource,
    after: &Resource,
) -> Result<Option<Lost>, Error> {
    let lost = lost_stages(&before.stages, &after.stages);
    if lost.is_empty() {
        return Ok(None);
    }
    let of = [(before.key.clone(), Reach::All)];
    let figures = ctx.read(pass)?.records().figures(&of, &[GroupBy::Stage], &[]).await?;
    for sum in figures.into_iter().flat_map(|figures| figures.stages) {
        if let GroupKey::Stage(Some(stage)) = &sum.group
            && lost.contains(&stage.as_str())
        {
            let by = format!("{} in `{stage}`", ctx.visible_records(&before.key, sum.n));
            return Ok(Some(Lost::new(
                &before.key,
                LostPart::Stage { stage: stage.clone() },
                by,
            )));
        }
    }
    let removed = |stage: &str| !after.stages.iter().any(|known| known.key == stage);
    let reports = ctx.read(pass)?.saved_reports().list_all().await?;
    let counts_lost = |report: &&SavedReport| {
        report.entity == before.key && report.stage.as_deref().is_some_and(removed)
    };
    let Some(report) = reports.iter().find(counts_lost) else { return Ok(None) };
    let may_name = ctx.opens(&ReadReports) && report.sharing.is_visible_to(ctx.member_id());
    let by = user(may_name, "report", report.name.as_str());
    let name = may_name.then(|| report.name.to_string());
    Ok(Some(Lost::new(&before.key, LostPart::Report { name }, by)))
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
    refused(find_records(ctx, pass, key).await?)
}

async fn find_records(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    key: &str,
) -> Result<Option<Lost>, Error> {
    let records = ctx.read(pass)?.records().total(key, &Reach::All).await?;
    if records == 0 {
        return Ok(None);
    }
    Ok(Some(Lost::new(key, LostPart::RecordType, ctx.visible_records(key, records))))
}

//! Saved reports over HTTP: create, list, update, delete, run.

use hallpass_app::record::owner_word;
use hallpass_app::saved_report::ReportChange;
use hallpass_domain::id::ReportId;
use hallpass_domain::record::Owner;
use hallpass_domain::saved_report::{Grouping, Measure, SavedReport};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dashboard::RecordGroup;
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, Path, given, id};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(load, change, remove))
        .routes(routes!(run))
}

/// A saved report.
#[derive(Serialize, ToSchema)]
struct SavedReportResponse {
    /// The id.
    #[schema(value_type = scalar::ReportId)]
    id: String,
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// Whether others who may read reports see it.
    shared: bool,
    /// The member who created it.
    #[schema(value_type = scalar::MemberId)]
    created_by: String,
    /// The key of the record type.
    #[schema(value_type = scalar::Key)]
    entity: String,
    /// Only records in this stage; `null` for every stage.
    stage: Option<String>,
    /// Only records of this owner; `null` for every owner.
    #[schema(value_type = Option<scalar::RecordOwner>)]
    owner: Option<String>,
    /// What records are grouped by.
    #[schema(value_type = scalar::ReportGrouping)]
    group_by: &'static str,
    /// What is measured of each group.
    #[schema(value_type = scalar::ReportMeasure)]
    measure: &'static str,
    /// The version, also in `ETag`.
    #[schema(minimum = 0)]
    version: i64,
}

impl From<SavedReport> for SavedReportResponse {
    fn from(report: SavedReport) -> SavedReportResponse {
        SavedReportResponse {
            id: report.id.to_string(),
            name: report.name.into_string(),
            shared: report.sharing.is_shared,
            created_by: report.sharing.created_by.to_string(),
            entity: report.entity,
            stage: report.stage,
            owner: report.owner.map(owner_word),
            group_by: report.grouping.word(),
            measure: report.measure.word(),
            version: report.version,
        }
    }
}

/// A new report, or changes to one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SavedReportRequest {
    /// The name; required for a new report.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
    /// Whether others who may read reports see it; a new report is not shared.
    shared: Option<bool>,
    /// The key of a record type; required for a new report.
    #[schema(value_type = Option<scalar::Key>)]
    entity: Option<String>,
    /// Only records in this stage, or `null` for every stage.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::Key>)]
    stage: Option<Option<String>>,
    /// Only records of this owner, a member's id or `unowned`, or `null` for every owner.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<scalar::RecordOwner>)]
    owner: Option<Option<String>>,
    /// What records are grouped by; required for a new report.
    #[schema(value_type = Option<scalar::ReportGrouping>)]
    group_by: Option<String>,
    /// What is measured of each group; `count` for a new report.
    #[schema(value_type = Option<scalar::ReportMeasure>)]
    measure: Option<String>,
}

impl SavedReportRequest {
    fn read(self) -> Result<ReportChange, Problem> {
        let owner = match self.owner {
            Some(Some(text)) => Some(Some(owner(&text)?)),
            Some(None) => Some(None),
            None => None,
        };
        let grouping = self.group_by.as_deref().map(|word| {
            Grouping::parse(word).ok_or_else(|| {
                let detail = "expected `stage`, `owner` or `month`";
                Problem::field("/group_by", "unknown", detail)
            })
        });
        let measure = self.measure.as_deref().map(|word| {
            Measure::parse(word).ok_or_else(|| {
                let detail = "expected `count`, `open` or `amount`";
                Problem::field("/measure", "unknown", detail)
            })
        });
        Ok(ReportChange {
            name: self.name,
            is_shared: self.shared,
            entity: self.entity,
            stage: self.stage,
            owner,
            grouping: grouping.transpose()?,
            measure: measure.transpose()?,
        })
    }
}

fn owner(text: &str) -> Result<Owner, Problem> {
    if text == "unowned" {
        return Ok(Owner::Unowned);
    }
    text.parse().map(Owner::Member).map_err(|_| {
        Problem::field("/owner", "bad_owner", "expected a member's id or `unowned`")
    })
}

/// List saved reports
///
/// Lists the caller's own reports and the shared ones, the first created first. Requires
/// `reports: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/saved-reports", tag = "Figures", params(PageParams),
    responses((status = 200, body = Page<SavedReportResponse>),
        (status = 403, description = "`denied`: the caller may not read reports.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<PageParams>,
) -> Answer<Page<SavedReportResponse>> {
    let reports = ctx.saved_reports().list().await?;
    let items = reports.into_iter().map(SavedReportResponse::from).collect();
    let page = Page::part("saved reports", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page).at(ctx.revision()))
}

/// Create a saved report
///
/// Saves a report on a record type that the caller may read. `name`, `entity` and `group_by` are
/// required. Requires `reports: create`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/saved-reports", tag = "Figures", request_body = SavedReportRequest,
    responses((status = 201, body = SavedReportResponse),
        (status = 403, description = "`denied`: the caller may not create reports, or may not read the record type.")))]
async fn create(
    WriteContextWith(mut ctx, ask): WriteContextWith<SavedReportRequest>,
) -> Answer<SavedReportResponse> {
    let report = ctx.saved_reports().create(&ask.read()?).await?;
    let version = report.version;
    Ok(Reply::created(report.into()).at(ctx.revision()).version(version))
}

/// Get a saved report
///
/// Gets a report of the caller, or a shared one. Requires `reports: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/saved-reports/{id}", tag = "Figures",
    responses((status = 200, body = SavedReportResponse),
        (status = 403, description = "`denied`: the caller may not read reports.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, report)): Path<(String, String)>,
) -> Answer<SavedReportResponse> {
    let report: ReportId = id(&report, "report")?;
    let report = ctx.saved_reports().load(report).await?;
    let version = report.version;
    Ok(Reply::ok(report.into()).at(ctx.revision()).version(version))
}

/// Update a saved report
///
/// Changes the fields that the request names; the others keep their value. Requires
/// `reports: update`, and that the report is shared or the caller's own.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/saved-reports/{id}", tag = "Figures", request_body = SavedReportRequest,
    responses((status = 200, body = SavedReportResponse),
        (status = 403, description = "`denied`: the caller may not change reports, or may not read the record type.")))]
async fn change(
    Path((_, report)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<SavedReportRequest>,
) -> Answer<SavedReportResponse> {
    let report: ReportId = id(&report, "report")?;
    let report = ctx.saved_reports().update(report, &ask.read()?).await?;
    let version = report.version;
    Ok(Reply::ok(report.into()).at(ctx.revision()).version(version))
}

/// Delete a saved report
///
/// Deletes a report; no record changes. Requires `reports: delete`, and that the report is shared
/// or the caller's own.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}/saved-reports/{id}", tag = "Figures",
    responses((status = 204),
        (status = 403, description = "`denied`: the caller may not delete reports.")))]
async fn remove(
    WriteContext(mut ctx): WriteContext,
    Path((_, report)): Path<(String, String)>,
) -> Answer<()> {
    let report: ReportId = id(&report, "report")?;
    ctx.saved_reports().delete(report).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// The result of a saved report.
#[derive(Serialize, ToSchema)]
struct SavedReportResult {
    /// The report.
    report: SavedReportResponse,
    /// The groups, with what each measures.
    groups: Vec<MeasuredGroup>,
}

/// A group of records, measured.
#[derive(Serialize, ToSchema)]
struct MeasuredGroup {
    /// What the report measures of the group.
    #[schema(value_type = f64)]
    value: serde_json::Number,
    #[serde(flatten)]
    group: RecordGroup,
}

/// Run a saved report
///
/// Groups and measures the records that the caller may read, regardless of who created the report. Of owners
/// the 20 largest have a group each, and the others are one group, `others`. Requires `reports: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/saved-reports/{id}/result", tag = "Figures",
    responses((status = 200, body = SavedReportResult),
        (status = 403, description = "`denied`: the caller may not read reports, or no record of this type."),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn run(
    ReadContext(mut ctx): ReadContext,
    Path((_, report)): Path<(String, String)>,
) -> Answer<SavedReportResult> {
    let report: ReportId = id(&report, "report")?;
    let (report, resource, sums) = ctx.saved_reports().run(report).await?;
    let names = ctx.dashboard().owner_names(sums.iter().collect()).await?;
    let groups = RecordGroup::each(&resource, &names, &sums).into_iter();
    let measure = report.measure;
    let groups = groups.map(|group| MeasuredGroup { value: group.measured(measure), group });
    let told = SavedReportResult { groups: groups.collect(), report: report.into() };
    Ok(Reply::ok(told).at(ctx.revision()))
}

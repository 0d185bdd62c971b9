//! Reports over HTTP: one figure by itself.

use hallpass_app::report::Report;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dashboard::{RecordGroup, RecordTotals};
use crate::error::Problem;
use crate::extract::context::ReadContext;
use crate::extract::{Params, Path};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(load))
}

/// On what to report.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ReportParams {
    /// The key of a record type; all that the caller may read if absent.
    #[param(value_type = Option<scalar::Key>)]
    entity: Option<String>,
}

/// A report on a record type.
#[derive(Serialize, ToSchema)]
struct EntityReport {
    /// The key of the record type.
    entity: String,
    /// The name of the record type.
    name: String,
    #[serde(flatten)]
    total: RecordTotals,
    /// The groups of the report.
    groups: Vec<RecordGroup>,
}

/// Get a report
///
/// Counts and sums the records that the caller may read: `pipeline` by stage, `owners` by
/// owner, `months` by month of creation in the time zone of the workspace. Of owners, the 20 with
/// the most records have a group each; the others are one group, `others`. Requires
/// `reports: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/reports/{report}", tag = "Figures", params(ReportParams),
    responses((status = 200, body = Page<EntityReport>),
        (status = 403, description = "`denied`: the caller may not read reports.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, report)): Path<(String, String)>,
    Params(ask): Params<ReportParams>,
) -> Answer<Page<EntityReport>> {
    let report = Report::parse(&report).ok_or_else(|| Problem::missing("report"))?;
    let told = ctx.reports().load(report, ask.entity.as_deref()).await?;
    let names = ctx
        .dashboard()
        .owner_names(told.iter().flat_map(|(_, _, sums)| sums).collect())
        .await?;
    let items = told.iter().map(|(resource, total, sums)| EntityReport {
        entity: resource.key.clone(),
        name: resource.name.clone(),
        total: RecordTotals::of(*total),
        groups: RecordGroup::each(resource, &names, sums),
    });
    Ok(Reply::ok(Page::whole(items.collect())).at(ctx.revision()))
}

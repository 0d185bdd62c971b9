//! The dashboard over HTTP: figures over what one may see.

use std::collections::HashMap;

use hallpass_app::dashboard::{Figures, GroupKey, GroupSum, Total};
use hallpass_app::record::owner_word;
use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use hallpass_domain::saved_report::Measure;
use hallpass_engine::Resource;
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::context::ReadContext;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(load))
}

/// The figures of a record type.
#[derive(Serialize, ToSchema)]
struct EntityFigures {
    /// The key of the record type.
    entity: String,
    /// The name of the record type.
    name: String,
    #[serde(flatten)]
    total: RecordTotals,
    /// By stage, in their order; empty for a record type without stages.
    by_stage: Vec<RecordGroup>,
    /// The 20 owners with the most records, then the others as one group.
    by_owner: Vec<RecordGroup>,
    /// By the month of creation, in the time zone of the workspace.
    by_month: Vec<RecordGroup>,
}

/// Counts and sums of records.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordTotals {
    /// How many records there are.
    #[schema(minimum = 0)]
    count: i64,
    /// How many of them still need work.
    #[schema(minimum = 0)]
    open: i64,
    /// The sum of their money fields.
    #[schema(value_type = f64)]
    amount: Number,
}

impl RecordTotals {
    pub(crate) fn of(total: Total) -> RecordTotals {
        RecordTotals { count: total.n, open: total.open, amount: money(total.amount) }
    }
}

/// A group of records.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordGroup {
    /// The key of a stage, a member's id, `unowned`, or `others` for the owners who have no group of
    /// their own, or a month such as `2026-03`; `null` for no stage.
    key: Option<String>,
    /// The name of the stage or owner.
    name: Option<String>,
    /// How many owners the group `others` has; absent in other groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i64, minimum = 1)]
    owners: Option<i64>,
    #[serde(flatten)]
    total: RecordTotals,
}

impl RecordGroup {
    /// What a report measures of the group.
    pub(crate) fn measured(&self, measure: Measure) -> Number {
        match measure {
            Measure::Count => self.total.count.into(),
            Measure::Open => self.total.open.into(),
            Measure::Amount => self.total.amount.clone(),
        }
    }

    pub(crate) fn each(
        resource: &Resource,
        names: &HashMap<MemberId, String>,
        sums: &[GroupSum],
    ) -> Vec<RecordGroup> {
        let view = |sum: &GroupSum| {
            let mut owners = None;
            let (key, name) = match &sum.group {
                GroupKey::Stage(stage) => {
                    let known =
                        resource.stages.iter().find(|one| Some(&one.key) == stage.as_ref());
                    (stage.clone(), known.map(|one| one.name.clone()))
                }
                GroupKey::Owner(owner) => {
                    let name = match owner {
                        Owner::Unowned => None,
                        Owner::Member(id) => names.get(id).cloned(),
                    };
                    (Some(owner_word(*owner)), name)
                }
                GroupKey::OtherOwners(n) => {
                    owners = Some(*n);
                    (Some("others".to_owned()), None)
                }
                GroupKey::Month(month) => (Some(month_word(*month)), None),
            };
            let total = Total { n: sum.n, open: sum.open, amount: sum.amount };
            RecordGroup { key, name, owners, total: RecordTotals::of(total) }
        };
        sums.iter().map(view).collect()
    }
}

fn month_word(month: i64) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// Hundredths as fields of records have them.
fn money(hundredths: i64) -> Number {
    if hundredths % 100 == 0 {
        return Number::from(hundredths / 100);
    }
    // Written out and read back, it is the nearest number that there is.
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, part) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    let number = format!("{sign}{whole}.{part:02}").parse::<f64>().ok();
    number.and_then(Number::from_f64).unwrap_or_else(|| Number::from(hundredths / 100))
}

/// Get the dashboard
///
/// Counts and sums the records of each record type that the caller may read, by stage, owner
/// and month. The figures are exact at any size. The 20 owners with the most records have a group
/// each; the other owners are one group, `others`, with their number in `owners`. Requires `dashboard: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/dashboard", tag = "Figures",
    responses((status = 200, body = Page<EntityFigures>),
        (status = 403, description = "`denied`: the caller may not read the dashboard.")))]
async fn load(ReadContext(mut ctx): ReadContext) -> Answer<Page<EntityFigures>> {
    let all = ctx.dashboard().load().await?;
    let names =
        ctx.dashboard().owner_names(all.iter().flat_map(|one| &one.owners).collect()).await?;
    let view = |one: &Figures| EntityFigures {
        entity: one.resource.key.clone(),
        name: one.resource.name.clone(),
        total: RecordTotals::of(one.total),
        by_stage: RecordGroup::each(&one.resource, &names, &one.stages),
        by_owner: RecordGroup::each(&one.resource, &names, &one.owners),
        by_month: RecordGroup::each(&one.resource, &names, &one.months),
    };
    let items = all.iter().map(view).collect();
    Ok(Reply::ok(Page::whole(items)).at(ctx.revision()))
}

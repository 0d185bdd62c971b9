//! The dashboard: figures over the records that the reader may see, by stage, owner and month.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::dashboard::Figures;
use hallpass_domain::saved_report::Measure;
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::figure::{Chart, has_amounts};
use crate::form::Form;
use crate::frame::Frame;
use crate::record::kind::Kind;
use crate::record::reach::Reach;
use crate::record::value;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/workspace/{ws}/dashboard", show)
}

/// The dashboard.
#[derive(Template)]
#[template(path = "dashboard/page.html")]
pub(crate) struct DashboardPage {
    frame: Frame,
    /// Whose figures they are: everybody's, of a part, or the reader's own.
    scope: String,
    /// What the figures count of the record type.
    counted: String,
    /// What the reader sees of it.
    reach: Reach,
    types: Vec<TypeLink>,
    totals: Vec<(String, String)>,
    name: String,
    charts: Vec<Chart>,
}

/// A record type to look at.
#[derive(Clone, Debug)]
struct TypeLink {
    name: String,
    href: String,
    count: String,
    is_current: bool,
}

impl DashboardPage {
    #[cfg(test)]
    pub(crate) fn sample() -> DashboardPage {
        DashboardPage {
            frame: Frame::sample(),
            scope: "Your own figures.".to_owned(),
            counted: "You see 87 deals: 12 of your own.".to_owned(),
            reach: Reach::sample(),
            types: vec![TypeLink {
                name: "<script>".to_owned(),
                href: "#".to_owned(),
                count: "87".to_owned(),
                is_current: true,
            }],
            totals: vec![("Open".to_owned(), "87".to_owned())],
            name: "Deals".to_owned(),
            charts: vec![Chart::sample(true), Chart::sample(false)],
        }
    }

    async fn load(
        ctx: &mut WorkspaceContext,
        mut frame: Frame,
        query: &Form,
    ) -> Result<DashboardPage, Failure> {
        let all = ctx.dashboard().load().await?;
        frame.expect(query, "type", |key| all.iter().any(|one| one.resource.key == key));
        let wanted = query.text("type");
        let first = |one: &&Figures| has_amounts(&one.resource) && one.total.n > 0;
        let found = all.iter().find(|one| one.resource.key == wanted);
        let found = found.or_else(|| all.iter().find(first)).or(all.first());
        let scope = scope(ctx, &frame).await?;
        let current = found.map(|one| one.resource.key.clone()).unwrap_or_default();
        let link = |one: &Figures| TypeLink {
            name: one.resource.name.clone(),
            href: format!("{}/dashboard?type={}", frame.base, one.resource.key),
            count: frame.number(one.total.n),
            is_current: one.resource.key == current,
        };
        let types = all.iter().map(link).collect();
        let Some(figures) = found else {
            return Ok(DashboardPage {
                frame,
                scope,
                counted: String::new(),
                reach: Reach::default(),
                types,
                totals: Vec::new(),
                name: String::new(),
                charts: Vec::new(),
            });
        };
        let kind = Kind::of(ctx, &frame, figures.resource.clone());
        let reach = Reach::load(ctx, &frame, &kind).await?;
        let names = ctx.dashboard().owner_names(figures.owners.iter().collect()).await?;
        let has_amounts = has_amounts(&figures.resource);
        let measure = if has_amounts { Measure::Amount } else { Measure::Count };
        let parts = [
            ("figure-by-stage", &figures.stages, measure),
            ("figure-by-owner", &figures.owners, measure),
            ("figure-by-month", &figures.months, Measure::Count),
        ];
        let shown = parts.into_iter().filter(|(_, sums, _)| !sums.is_empty());
        let charts = shown.map(|(title, sums, measure)| {
            Chart::of(&frame, frame.t(title), (&figures.resource, &names), sums, measure)
        });
        Ok(DashboardPage {
            charts: charts.collect(),
            scope,
            counted: counted(&frame, &kind, &reach, figures.total.n),
            reach,
            types,
            totals: totals(&frame, figures, has_amounts),
            name: kind.name,
            frame,
        })
    }
}

/// What figures count: what the reader sees, or the part of it that their dashboard covers.
fn counted(frame: &Frame, kind: &Kind, reach: &Reach, count: i64) -> String {
    let all = reach.total.unwrap_or_default();
    if count == all {
        return reach.sentence.clone();
    }
    let (n, all) = (frame.number(count), frame.number(all));
    text!(frame.text, "dashboard-counts", n = n, all = all, things = &kind.many)
}

fn totals(frame: &Frame, figures: &Figures, has_amounts: bool) -> Vec<(String, String)> {
    let total = &figures.total;
    let mut totals = vec![
        (frame.t("figure-count"), frame.number(total.n)),
        (frame.t("figure-open"), frame.number(total.open)),
    ];
    if has_amounts {
        totals.push((frame.t("figure-amount"), value::amount(frame, total.amount)));
        if total.n > 0 {
            totals.push((
                frame.t("figure-average"),
                value::amount(frame, total.amount / total.n),
            ));
        }
    }
    totals
}

/// Whose figures the dashboard shows the reader: everybody's, those of a part, or their own.
async fn scope(ctx: &mut WorkspaceContext, frame: &Frame) -> Result<String, Failure> {
    let Some(member) = ctx.member_id() else { return Ok(frame.t("dashboard-full")) };
    let rights = ctx.access().rights(member).await?;
    let covered = ctx.model().blueprint().area("dashboard", "read");
    let own = rights
        .iter()
        .find(|right| covered == Some((right.resource.as_str(), right.action.as_str())));
    let reach = own.map_or("", |right| right.reach.as_str());
    Ok(match reach {
        "own" => frame.t("dashboard-personal"),
        reach if reach.starts_with("all") => frame.t("dashboard-full"),
        _ => frame.t("dashboard-scoped"),
    })
}

async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&DashboardPage::load(&mut ctx, frame, &query).await?)
}

//! The saved reports that the reader may run: their own, and the shared ones.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::CreateReports;
use hallpass_domain::saved_report::{Grouping, Measure, SavedReport};

use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The saved reports.
#[derive(Template)]
#[template(path = "report/list.html")]
pub(crate) struct ReportsPage {
    frame: Frame,
    rows: Vec<Row>,
    may_create: bool,
}

/// A saved report.
#[derive(Clone, Debug)]
struct Row {
    href: String,
    name: String,
    about: String,
    is_shared: bool,
    is_own: bool,
}

/// What a report counts, in words: "Deals by stage, amount".
pub(super) fn about(ctx: &WorkspaceContext, frame: &Frame, report: &SavedReport) -> String {
    let kind = ctx.snapshot().record_type(&report.entity);
    let things = kind.map_or_else(|| report.entity.clone(), |kind| kind.name);
    let (grouping, measure) =
        (frame.t(grouping(report.grouping)), frame.t(measure(report.measure)));
    text!(frame.text, "report-about", things = things, grouping = grouping, measure = measure)
}

/// The key of the name of a grouping.
pub(super) const fn grouping(grouping: Grouping) -> &'static str {
    match grouping {
        Grouping::Stage => "figure-by-stage",
        Grouping::Owner => "figure-by-owner",
        Grouping::Month => "figure-by-month",
    }
}

/// The key of the name of a measure.
pub(super) const fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Count => "figure-count",
        Measure::Open => "figure-open",
        Measure::Amount => "figure-amount",
    }
}

impl ReportsPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ReportsPage {
        let row = Row {
            href: "#".to_owned(),
            name: "<script>".to_owned(),
            about: "Deals by stage".to_owned(),
            is_shared: true,
            is_own: true,
        };
        ReportsPage { frame: Frame::sample(), rows: vec![row], may_create: true }
    }
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let reports = ctx.saved_reports().list().await?;
    let me = ctx.member_id();
    let rows = reports.iter().map(|report| Row {
        href: format!("{}/reports/{}", frame.base, report.id),
        name: report.name.to_string(),
        about: about(&ctx, &frame, report),
        is_shared: report.sharing.is_shared,
        is_own: me == Some(report.sharing.created_by),
    });
    let rows = rows.collect();
    let may_create = ctx.opens(&CreateReports);
    reply::page(&ReportsPage { frame, rows, may_create })
}

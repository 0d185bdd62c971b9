//! The result of a saved report, counted for its reader.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{DeleteReports, UpdateReports};
use hallpass_domain::id::ReportId;

use super::list::{about, grouping};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::figure::Chart;
use crate::frame::Frame;
use crate::record::kind::Kind;
use crate::record::reach::Reach;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The result of a saved report.
#[derive(Template)]
#[template(path = "report/result.html")]
pub(crate) struct ResultPage {
    frame: Frame,
    path: String,
    name: String,
    about: String,
    reach: Reach,
    chart: Chart,
    may_edit: bool,
    may_delete: bool,
    dialog: Option<Dialog>,
}

impl ResultPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ResultPage {
        ResultPage {
            frame: Frame::sample(),
            path: "#".to_owned(),
            name: "<script>".to_owned(),
            about: "Deals by stage".to_owned(),
            reach: Reach::sample(),
            chart: Chart::sample(false),
            may_edit: true,
            may_delete: true,
            dialog: Some(Dialog::sample()),
        }
    }

    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        report: &str,
    ) -> Result<ResultPage, Failure> {
        let id: ReportId = report.parse().map_err(|_| Failure::missing("report"))?;
        let (report, resource, sums) = ctx.saved_reports().run(id).await?;
        let names = ctx.dashboard().owner_names(sums.iter().collect()).await?;
        let kind = Kind::of(ctx, &frame, resource);
        let reach = Reach::load(ctx, &frame, &kind).await?;
        let title = frame.t(grouping(report.grouping));
        let chart = Chart::of(&frame, title, (&kind.resource, &names), &sums, report.measure);
        Ok(ResultPage {
            path: format!("{}/reports/{id}", frame.base),
            name: report.name.to_string(),
            about: about(ctx, &frame, &report),
            reach,
            chart,
            may_edit: ctx.opens(&UpdateReports),
            may_delete: ctx.opens(&DeleteReports),
            dialog: None,
            frame,
        })
    }
}

pub(super) async fn show(Path((_, report)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&ResultPage::load(&mut ctx, frame, &report).await?)
}

pub(super) async fn ask(Path((_, report)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let mut page = ResultPage::load(&mut ctx, frame.covered(), &report).await?;
    if !page.may_delete {
        return Err(Failure::refused(&page.frame.t("report-not-deletable")));
    }
    page.dialog = Some(Dialog {
        title: text!(page.frame.text, "report-delete-title", name = &page.name),
        effects: vec![page.frame.t("report-delete-effect")],
        action: format!("{}/delete", page.path),
        verb: page.frame.t("report-delete"),
        keep: page.frame.t("record-keep"),
        back: page.path.clone(),
        word: None,
    });
    reply::page(&page)
}

pub(super) async fn delete(
    Path((_, report)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id: ReportId = report.parse().map_err(|_| Failure::missing("report"))?;
    let mut ctx = submission.write().await?;
    ctx.saved_reports().delete(id).await?;
    let frame = &submission.frame;
    reply::done(&format!("{}/reports", frame.base), &frame.t("report-deleted"))
}

//! The form of a saved report.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{CreateReports, UpdateReports};
use hallpass_app::record::owner_word;
use hallpass_app::saved_report::ReportChange;
use hallpass_domain::id::ReportId;
use hallpass_domain::record::Owner;
use hallpass_domain::saved_report::{Grouping, Measure};
use hallpass_engine::ResourceKind;
use hallpass_web::error::Problem;

use super::list::{grouping, measure};
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::record::choice::Choice;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The form of a saved report.
#[derive(Template)]
#[template(path = "report/editor.html")]
pub(crate) struct EditorPage {
    frame: Frame,
    title: String,
    action: String,
    back: String,
    version: Option<i64>,
    refused: Option<String>,
    name: String,
    entities: Vec<Choice>,
    groupings: Vec<Choice>,
    measures: Vec<Choice>,
    owners: Vec<Choice>,
    is_shared: bool,
    verb: String,
}

impl EditorPage {
    #[cfg(test)]
    pub(crate) fn sample() -> EditorPage {
        let one =
            || vec![Choice { value: "deals".into(), name: "<script>".into(), is_chosen: true }];
        EditorPage {
            frame: Frame::sample(),
            title: "New report".to_owned(),
            action: "#".to_owned(),
            back: "#".to_owned(),
            version: Some(2),
            refused: Some("The name is required.".to_owned()),
            name: "<script>".to_owned(),
            entities: one(),
            groupings: one(),
            measures: one(),
            owners: one(),
            is_shared: true,
            verb: "Save report".to_owned(),
        }
    }

    fn of(
        ctx: &WorkspaceContext,
        frame: Frame,
        form: &Form,
        id: Option<ReportId>,
    ) -> EditorPage {
        let shown = ctx.member_id().map(|id| ctx.snapshot().navigation(id)).unwrap_or_default();
        let resources = ctx.policy().resources().iter();
        let types = resources
            .filter(|one| one.kind == ResourceKind::Records && shown.contains(&one.key));
        let choice = |value: &str, name: String, field: &str| Choice {
            is_chosen: form.text(field) == value,
            value: value.to_owned(),
            name,
        };
        let list = format!("{}/reports", frame.base);
        let path = id.map(|id| format!("{list}/{id}"));
        let mut owners = vec![
            choice("", frame.t("report-every-owner"), "owner"),
            choice("unowned", frame.t("records-unassigned"), "owner"),
        ];
        if let Some(me) = ctx.member_id() {
            owners.push(choice(&me.to_string(), frame.t("report-own"), "owner"));
        }
        let owner = form.text("owner");
        if !owners.iter().any(|one| one.value == owner) {
            owners.push(choice(owner, frame.t("records-other-owner"), "owner"));
        }
        EditorPage {
            entities: types.map(|one| choice(&one.key, one.name.clone(), "entity")).collect(),
            groupings: Grouping::EVERY
                .iter()
                .map(|one| choice(one.word(), frame.t(grouping(*one)), "group_by"))
                .collect(),
            measures: Measure::EVERY
                .iter()
                .map(|one| choice(one.word(), frame.t(measure(*one)), "measure"))
                .collect(),
            owners,
            name: form.text("name").to_owned(),
            is_shared: form.is_checked("shared"),
            title: frame.t(if id.is_some() { "report-edit" } else { "report-new" }),
            action: match &path {
                Some(path) => format!("{path}/edit"),
                None => format!("{list}/new"),
            },
            back: path.unwrap_or(list),
            version: form.text("version").parse().ok(),
            refused: None,
            verb: frame.t("report-save"),
            frame,
        }
    }
}

fn change(form: &Form) -> Result<ReportChange, Problem> {
    let owner = match form.text("owner") {
        "" => None,
        "unowned" => Some(Owner::Unowned),
        id => {
            let wrong = |_| Problem::field("/owner", "unknown", "choose one of the list");
            Some(Owner::Member(id.parse().map_err(wrong)?))
        }
    };
    Ok(ReportChange {
        name: Some(form.text("name").to_owned()),
        is_shared: Some(form.is_checked("shared")),
        entity: Some(form.text("entity").to_owned()),
        stage: None,
        owner: Some(owner),
        grouping: Grouping::parse(form.text("group_by")),
        measure: Measure::parse(form.text("measure")),
    })
}

async fn refuse(submission: &mut Submission, id: Option<ReportId>, problem: Problem) -> Shown {
    if problem.status == 404 || problem.status >= 500 {
        return Err(Failure(problem));
    }
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let mut page = EditorPage::of(&ctx, frame, &submission.form, id);
    page.refused = Some(if problem.status == 412 {
        page.frame.t("record-stale")
    } else {
        refusal::of_problem(page.frame.text, &problem)
    });
    if let Some(id) = id {
        page.version = Some(ctx.saved_reports().load(id).await?.version);
    }
    reply::refused(problem.status, &page)
}

pub(super) async fn blank(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    // The list refuses a reader who may read none.
    let _ = ctx.saved_reports().list().await?;
    if !ctx.opens(&CreateReports) {
        return Err(Failure::refused(&frame.t("report-not-creatable")));
    }
    reply::page(&EditorPage::of(&ctx, frame, &query, None))
}

pub(super) async fn create(mut submission: Submission) -> Shown {
    let change = change(&submission.form)?;
    let mut ctx = submission.write().await?;
    match ctx.saved_reports().create(&change).await {
        Ok(report) => {
            let frame = &submission.frame;
            let path = format!("{}/reports/{}", frame.base, report.id);
            reply::done(&path, &text!(frame.text, "report-saved", name = report.name.as_str()))
        }
        Err(error) => {
            drop(ctx);
            refuse(&mut submission, None, error.into()).await
        }
    }
}

pub(super) async fn edit(Path((_, report)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let id: ReportId = report.parse().map_err(|_| Failure::missing("report"))?;
    let report = ctx.saved_reports().load(id).await?;
    if !ctx.opens(&UpdateReports) {
        return Err(Failure::refused(&frame.t("report-not-editable")));
    }
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("name", report.name.as_str())
        .append_pair("entity", &report.entity)
        .append_pair("group_by", report.grouping.word())
        .append_pair("measure", report.measure.word())
        .append_pair("owner", &report.owner.map(owner_word).unwrap_or_default())
        .append_pair("version", &report.version.to_string());
    if report.sharing.is_shared {
        form.append_pair("shared", "on");
    }
    let form = Form::parse(form.finish().as_bytes());
    reply::page(&EditorPage::of(&ctx, frame, &form, Some(id)))
}

pub(super) async fn save(
    Path((_, report)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id: ReportId = report.parse().map_err(|_| Failure::missing("report"))?;
    let change = change(&submission.form)?;
    let mut ctx = submission.write().await?;
    match ctx.saved_reports().update(id, &change).await {
        Ok(report) => {
            let frame = &submission.frame;
            let path = format!("{}/reports/{id}", frame.base);
            reply::done(&path, &text!(frame.text, "report-saved", name = report.name.as_str()))
        }
        Err(error) => {
            drop(ctx);
            refuse(&mut submission, Some(id), error.into()).await
        }
    }
}

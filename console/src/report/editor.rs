//! The form of a saved report.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{CreateReports, UpdateReports};
use hallpass_app::record::owner_word;
use hallpass_app::saved_report::ReportChange;
use hallpass_domain::id::ReportId;
use hallpass_domain::record::Owner;
use hallpass_domain::saved_report::{Grouping, Measure, SavedReport};
use hallpass_engine::ResourceKind;
use hallpass_web::error::Problem;

use super::list::{grouping, measure};
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::{CHECKED, Form, MADE_FROM};
use crate::frame::Frame;
use crate::picker::Choice;
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
    /// The version that the form was opened with; none for a new report.
    version: Option<String>,
    made_from: String,
    refused: Vec<String>,
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
            version: Some("2".to_owned()),
            made_from: String::new(),
            refused: vec!["The name is required.".to_owned()],
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
            version: form.filled("version").map(str::to_owned),
            made_from: form.exact(MADE_FROM).to_owned(),
            refused: Vec::new(),
            verb: frame.t("report-save"),
            frame,
        }
    }
}

/// The change that a form makes. What its sender left as it was stays.
fn change(form: &Form) -> Result<ReportChange, Problem> {
    let wrong = |_| Problem::field("/owner", "unknown", "choose one of the list");
    let owner = match form.find("owner") {
        None => None,
        Some("") => Some(None),
        Some("unowned") => Some(Some(Owner::Unowned)),
        Some(id) => Some(Some(Owner::Member(id.parse().map_err(wrong)?))),
    };
    let is_shared = form.is_checked("shared");
    Ok(ReportChange {
        name: form.find("name").map(str::to_owned),
        is_shared: (!form.is_untouched("shared")).then_some(is_shared),
        entity: form.find("entity").map(str::to_owned),
        stage: None,
        owner,
        grouping: form.find("group_by").and_then(Grouping::parse),
        measure: form.find("measure").and_then(Measure::parse),
    })
}

/// A report as its form has it, with what the form is made from.
fn form_of(report: &SavedReport) -> Form {
    let values = values_of(report);
    let pairs: Vec<(&str, &str)> =
        values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let shown: Vec<(&str, &str)> =
        pairs.iter().copied().filter(|(_, value)| !value.is_empty()).collect();
    Form::parse(Form::query_of(&shown).as_bytes())
        .put("version", report.version.to_string())
        .put(MADE_FROM, Form::made_from(&pairs))
}

/// The fields of the form, as they are saved.
fn values_of(report: &SavedReport) -> [(&'static str, String); 6] {
    let shared = if report.sharing.is_shared { CHECKED } else { "" };
    [
        ("name", report.name.to_string()),
        ("entity", report.entity.clone()),
        ("group_by", report.grouping.word().to_owned()),
        ("measure", report.measure.word().to_owned()),
        ("owner", report.owner.map(owner_word).unwrap_or_default()),
        ("shared", shared.to_owned()),
    ]
}

impl EditorPage {
    /// The fields of the form, as they are saved now.
    fn saved(&self, report: &SavedReport) -> Vec<Saved> {
        let labels = [
            ("report-name", &[][..]),
            ("report-type", &self.entities),
            ("report-grouping", &self.groupings),
            ("report-measure", &self.measures),
            ("report-owner", &self.owners),
            ("report-share", &[]),
        ];
        let fields = values_of(report).into_iter().zip(labels);
        let saved = |((name, value), (label, choices)): ((&str, String), (&str, &[Choice]))| {
            let names = choices.iter().map(|one| (one.value.clone(), one.name.clone()));
            let names: Vec<(String, String)> = names.collect();
            Saved::new(&self.frame, (name, &value, label)).named(&names)
        };
        fields.map(saved).collect()
    }
}

async fn refuse(submission: &mut Submission, id: Option<ReportId>, problem: Problem) -> Shown {
    if problem.status == 404 || problem.status >= 500 {
        return Err(Failure(problem));
    }
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let stored = match id {
        Some(id) => Some(ctx.saved_reports().load(id).await?),
        None => None,
    };
    let Some(stored) = stored else {
        let mut page = EditorPage::of(&ctx, frame, form, None);
        page.refused = Faults::of(page.frame.text, &problem, &[]).whole;
        return reply::refused(problem.status, &page);
    };
    let mut page = EditorPage::of(&ctx, frame, &form.over(form_of(&stored)), id);
    if problem.status == 412 {
        page.refused = Faults::stale(&page.frame, form, &page.saved(&stored)).whole;
    } else {
        page.refused = Faults::of(page.frame.text, &problem, &[]).whole;
        page.version = form.filled("version").map(str::to_owned);
        form.exact(MADE_FROM).clone_into(&mut page.made_from);
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
    let form = form_of(&report);
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

//! The page of a workspace: how large it is and who holds its top role; its plan, deletion, restoration.

use askama::Template;
use axum::extract::State;
use hallpass_app::operation::Operator;
use hallpass_app::workspace::operator::WorkspaceDetails;
use hallpass_domain::email::Email;
use hallpass_domain::workspace::GRACE;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;

use super::gate::{OperatorSubmission, OperatorViewer};
use super::workspace_list::WorkspaceRow;
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};

/// The page of a workspace.
#[derive(Template)]
#[template(path = "operator/workspace.html")]
pub(crate) struct WorkspacePage {
    frame: Frame,
    id: String,
    row: WorkspaceRow,
    blueprint_name: String,
    blueprint_href: String,
    /// The plans to change to: key, name, whether it is the present one.
    plans: Vec<(String, String, bool)>,
    top_role: String,
    /// The active holders of the top role: name, address.
    holders: Vec<(String, String)>,
    /// How many more of them there are.
    others: usize,
    /// The single sign-on connections: id, name, whether it is on.
    connections: Vec<(String, String, bool)>,
    owner: String,
    faults: Faults,
    dialog: Option<Dialog>,
}

impl WorkspacePage {
    async fn load(
        web: &Web,
        (operator, workspace): (&Operator, &str),
        frame: Frame,
        (form, faults): (&Form, Faults),
    ) -> Result<WorkspacePage, Failure> {
        let found = web.app.workspaces().load_as(operator, workspace).await?;
        let WorkspaceDetails { overview, blueprint_name, top_role, holders, holder_count } =
            found;
        let connections = if overview.purge_at.is_some() {
            Vec::new()
        } else {
            web.app.connections().list_as(operator, workspace).await?
        };
        let connections = connections.into_iter().map(|one| {
            let one = one.connection;
            (one.id.to_string(), one.name, one.is_on)
        });
        let plans = web.app.rules().plans.iter().map(|plan| {
            let is_current = overview.plan.as_ref() == Some(&plan.key);
            (plan.key.clone(), plan.name.clone(), is_current)
        });
        let hash = data_encoding::HEXLOWER.encode(&overview.workspace.blueprint_hash);
        Ok(WorkspacePage {
            id: overview.workspace.id.to_string(),
            row: WorkspaceRow::of(&frame, &overview),
            blueprint_name,
            blueprint_href: format!("/operator/blueprints/{hash}"),
            plans: plans.collect(),
            top_role,
            others: holder_count.saturating_sub(holders.len()),
            holders,
            connections: connections.collect(),
            owner: form.text("owner").to_owned(),
            faults,
            dialog: None,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> WorkspacePage {
        WorkspacePage {
            frame: Frame::sample(),
            id: "wsp_1".into(),
            row: WorkspaceRow::sample(),
            blueprint_name: "<script>".into(),
            blueprint_href: "#".into(),
            plans: vec![("agency".into(), "<script>".into(), true)],
            top_role: "<script>".into(),
            holders: vec![("<script>".into(), "dana@northwind.io".into())],
            others: 3,
            connections: vec![("con_1".into(), "<script>".into(), true)],
            owner: String::new(),
            faults: Faults::field("owner", "Wrong.".into()),
            dialog: Some(Dialog::sample()),
        }
    }
}

pub(super) async fn show(
    State(web): State<Web>,
    Path(workspace): Path<String>,
    viewer: OperatorViewer,
) -> Shown {
    let OperatorViewer { operator, frame, .. } = viewer;
    let untyped = (&Form::default(), Faults::default());
    reply::page(&WorkspacePage::load(&web, (&operator, &workspace), frame, untyped).await?)
}

/// Changes the plan, or restores the workspace.
pub(super) async fn act(
    State(web): State<Web>,
    Path(workspace): Path<String>,
    submission: OperatorSubmission,
) -> Shown {
    let OperatorSubmission { operator, frame, form, .. } = submission;
    let done = match form.text("do") {
        "restore" => restore(&web, &operator, &workspace, &form)
            .await
            .map(|()| frame.t("operator-restored")),
        "plan" => web
            .app
            .workspaces()
            .change_plan_as(&operator, &workspace, form.text("plan"))
            .await
            .map(|()| frame.t("operator-plan-changed"))
            .map_err(Problem::from),
        _ => return Err(Failure::missing("page")),
    };
    match done {
        Ok(message) => reply::done(&format!("/operator/workspaces/{workspace}"), &message),
        Err(problem) if problem.status == 404 && form.filled("owner").is_some() => {
            let faults = Faults::field("owner", frame.t("operator-no-account"));
            let typed = (&form, faults);
            let page = WorkspacePage::load(&web, (&operator, &workspace), frame, typed).await?;
            reply::refused(404, &page)
        }
        Err(problem) => {
            let faults = Faults::of_form(&frame, &problem, &["owner", "plan"])?;
            let typed = (&form, faults);
            let page = WorkspacePage::load(&web, (&operator, &workspace), frame, typed).await?;
            reply::refused(problem.status, &page)
        }
    }
}

async fn restore(
    web: &Web,
    operator: &Operator,
    workspace: &str,
    form: &Form,
) -> Result<(), Problem> {
    let owner = form.filled("owner").map(Email::parse).transpose();
    let owner = owner.map_err(|why| Problem::field("/owner", "bad_email", why.to_string()))?;
    let restored = web.app.workspaces().restore_as(operator, workspace, owner.as_ref()).await;
    Ok(restored.map(drop)?)
}

/// Asks before the workspace is deleted.
pub(super) async fn ask(
    State(web): State<Web>,
    Path(workspace): Path<String>,
    viewer: OperatorViewer,
) -> Shown {
    let OperatorViewer { operator, frame, .. } = viewer;
    dialog(&web, (&operator, &workspace), frame, (200, Faults::default())).await
}

async fn dialog(
    web: &Web,
    of: (&Operator, &str),
    frame: Frame,
    (status, faults): (u16, Faults),
) -> Shown {
    let frame = frame.covered();
    let page = WorkspacePage::load(web, of, frame, (&Form::default(), faults)).await?;
    if page.row.purge.is_some() {
        return Err(Failure::missing("page"));
    }
    let (frame, row) = (&page.frame, &page.row);
    let until = frame.moment(frame.now + GRACE).exact;
    let path = format!("/operator/workspaces/{}", row.slug);
    let title = text!(frame.text, "delete-title", workspace = &row.name);
    let dialog = Dialog {
        effects: vec![
            text!(
                frame.text,
                "operator-delete-members",
                members = &row.members,
                records = &row.records
            ),
            frame.t("delete-programs"),
            text!(frame.text, "operator-delete-restore", until = until),
        ],
        action: format!("{path}/delete"),
        verb: title.clone(),
        title,
        keep: frame.t("keep-it"),
        back: path,
        word: Some(row.slug.clone()),
    };
    reply::refused(status, &WorkspacePage { dialog: Some(dialog), ..page })
}

pub(super) async fn delete(
    State(web): State<Web>,
    Path(workspace): Path<String>,
    submission: OperatorSubmission,
) -> Shown {
    let OperatorSubmission { operator, frame, form, .. } = submission;
    let confirm = form.exact("confirm");
    match web.app.workspaces().delete_as(&operator, &workspace, confirm).await {
        Ok(()) => {
            let message = frame.t("operator-deleted-done");
            reply::done(&format!("/operator/workspaces/{workspace}"), &message)
        }
        Err(error) => {
            let problem = Problem::from(error);
            let faults = Faults::of_form(&frame, &problem, &[])?;
            dialog(&web, (&operator, &workspace), frame, (problem.status, faults)).await
        }
    }
}

//! The page of the danger zone. Each step is a dialog of its own.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{
    DeleteWorkspace, ExportWorkspace, ReadBlueprint, TransferOwnership, UpdateBlueprint,
};
use hallpass_web::error::Problem;

use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::picker::{Blank, Noun, Picker, Place};
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The page of the danger zone.
#[derive(Template)]
#[template(path = "deletion/page.html")]
pub(crate) struct DangerPage {
    pub(super) frame: Frame,
    title: String,
    intro: String,
    /// Whether the reader can transfer ownership, and to whom.
    may_transfer: bool,
    to: Picker,
    may_export: bool,
    may_replace: bool,
    model: String,
    may_leave: bool,
    may_delete: bool,
    /// Who deletes or exports the workspace, where its members do not.
    operator: Option<String>,
    faults: Faults,
    pub(super) dialog: Option<Dialog>,
}

impl DangerPage {
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        form: &Form,
        faults: Faults,
    ) -> Result<DangerPage, Failure> {
        let blueprint = ctx.model().blueprint();
        let self_serve = ctx.self_serve();
        let (deletes, exports) = (ctx.opens(&DeleteWorkspace), ctx.opens(&ExportWorkspace));
        let is_reserved = (deletes && !self_serve.delete) || (exports && !self_serve.export);
        let operator = is_reserved
            .then(|| text!(frame.text, "danger-operator", contact = ctx.operator_contact()));
        let role = ctx.member_id().and_then(|id| ctx.model().member(id));
        let top = blueprint.top_role();
        let is_top = role.zip(top).is_some_and(|(member, top)| member.role == top.key);
        let may_transfer = is_top && ctx.opens(&TransferOwnership);
        let model = blueprint.name.clone();
        let to =
            if may_transfer { recipient(ctx, &frame, form).await? } else { Picker::default() };
        let (title, intro) = if deletes {
            (frame.t("rail-danger"), frame.t("danger-intro"))
        } else {
            (frame.t("rail-delete-account"), frame.t("danger-own-intro"))
        };
        Ok(DangerPage {
            title,
            intro,
            may_transfer,
            to,
            may_export: exports && self_serve.export,
            may_replace: is_top && ctx.opens(&ReadBlueprint) && ctx.opens(&UpdateBlueprint),
            model,
            may_leave: may_leave(ctx),
            may_delete: deletes && self_serve.delete,
            operator,
            faults,
            dialog: None,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> DangerPage {
        DangerPage {
            frame: Frame::sample(),
            title: "Danger zone".into(),
            intro: "Each step is audited.".into(),
            may_transfer: true,
            to: Picker::sample(),
            may_export: true,
            may_replace: true,
            model: "Everything".into(),
            may_leave: true,
            may_delete: true,
            operator: Some("<script>".into()),
            faults: Faults::whole("Not confirmed.".into()),
            dialog: Some(Dialog::sample()),
        }
    }
}

/// The choice of the member to whom the reader may transfer ownership.
async fn recipient(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    form: &Form,
) -> Result<Picker, Failure> {
    let (input, label) = (("f-to", "to"), frame.t("choose-member"));
    let place = Place::one(Noun::Members, Blank::Member, input, label)
        .shown_again(format!("{}/settings/delete", frame.base), "get");
    let own = ctx.member_id().map(|id| id.to_string());
    let is_other = |id: &str| own.as_deref() != Some(id);
    Picker::of_members(ctx, frame, place, (form.text("to"), is_other), form).await
}

/// Whether members leave workspaces of this access model by themselves.
pub(super) fn may_leave(ctx: &WorkspaceContext) -> bool {
    let verbs = &ctx.model().blueprint().membership.verbs;
    verbs.iter().any(|verb| verb == "leave")
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&DangerPage::load(&mut ctx, frame, &query, Faults::default()).await?)
}

/// Shows the page with a dialog over it.
pub(super) async fn with_dialog(
    mut ctx: WorkspaceContext,
    frame: Frame,
    dialog: impl FnOnce(&Frame) -> Dialog,
) -> Shown {
    let (form, faults) = (Form::default(), Faults::default());
    let mut page = DangerPage::load(&mut ctx, frame.covered(), &form, faults).await?;
    page.dialog = Some(dialog(&page.frame));
    reply::page(&page)
}

/// Shows the page with what was refused.
pub(super) async fn refused(mut submission: Submission, problem: &Problem) -> Shown {
    let faults = Faults::of_form(&submission.frame, problem, &[])?;
    let mut ctx = submission.read().await?;
    let page = DangerPage::load(&mut ctx, submission.frame, &submission.form, faults).await?;
    reply::refused(problem.status, &page)
}

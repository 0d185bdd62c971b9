//! The transfer of the billing contact: find a member, confirm (HALO-044, HALO-045, HALO-046).

use axum::extract::RawQuery;
use hallpass_app::context::WorkspaceContext;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_web::error::Problem;

use super::list::{self, TeamPage, member_id};
use super::over::{Over, Picker};
use super::picker;
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

pub(crate) async fn ask(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    if ctx.model().blueprint().billing_contact.is_none() {
        return Err(Failure::missing("page"));
    }
    let over = match query.filled("to") {
        Some(to) => Over::Dialog(confirmation(&mut ctx, &frame, member_id(to)?).await?),
        None => Over::Picker(choice(&mut ctx, &frame, &query).await?),
    };
    reply::page(&TeamPage::behind(&mut ctx, frame, over).await?)
}

async fn choice(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    query: &Form,
) -> Result<Picker, Failure> {
    let back = format!("{}/settings/team", frame.base);
    let action = format!("{back}/billing");
    let search = query.text("q").to_owned();
    let href = |id: MemberId| format!("{action}?to={id}");
    let is_out = |member: &Member| member.access.is_billing_contact || member.is_service();
    let (found, has_more) = picker::find((ctx, frame), &search, is_out, href).await?;
    let intro = match holder(ctx).await? {
        Some(name) => text!(frame.text, "team-billing-now", name = name),
        None => frame.t("team-billing-vacant"),
    };
    let title = frame.word("transfer_billing");
    Ok(Picker { title, intro, action, search, found, has_more, back })
}

async fn confirmation(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    to: MemberId,
) -> Result<Dialog, Failure> {
    let name = ctx.members().load(to).await?.member.name();
    let back = format!("{}/settings/team", frame.base);
    let gains = text!(frame.text, "team-billing-gains", name = &name);
    let loses = holder(ctx).await?;
    let loses = loses.map(|name| text!(frame.text, "team-billing-loses", name = name));
    Ok(Dialog {
        title: text!(frame.text, "team-billing-title", name = &name),
        effects: [Some(gains), loses].into_iter().flatten().collect(),
        action: format!("{back}/billing?to={to}"),
        verb: frame.word("transfer_billing"),
        keep: frame.t("team-keep-contact"),
        back,
        word: None,
    })
}

/// The name of the billing contact.
async fn holder(ctx: &mut WorkspaceContext) -> Result<Option<String>, Failure> {
    let Some(id) = ctx.model().billing_contact().map(|(id, _)| id) else { return Ok(None) };
    Ok(Some(ctx.members().load(id).await?.member.name()))
}

pub(crate) async fn transfer(RawQuery(query): RawQuery, mut submission: Submission) -> Shown {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let to = member_id(query.text("to"))?;
    let done: Result<String, Problem> = async {
        let mut ctx = submission.write().await?;
        let name = ctx.members().load(to).await?.member.name();
        ctx.billing().transfer(to).await?;
        Ok(name)
    }
    .await;
    match done {
        Ok(name) => {
            let frame = &submission.frame;
            let message = text!(frame.text, "team-billing-done", name = name);
            reply::done(&format!("{}/settings/team", frame.base), &message)
        }
        Err(problem) => list::refuse(submission, problem).await,
    }
}

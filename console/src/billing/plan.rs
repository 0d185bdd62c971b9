//! The plan: another one, and the end of the subscription.

use axum::extract::State;
use hallpass_web::Web;
use hallpass_web::error::Problem;

use super::overview::{BillingPage, finish};
use crate::dialog::Dialog;
use crate::faults::Faults;
use crate::form::Form;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

pub(super) async fn change(State(web): State<Web>, mut submission: Submission) -> Shown {
    let saved = choose(&mut submission).await;
    finish(&web, submission, saved, "billing-plan-changed").await
}

async fn choose(submission: &mut Submission) -> Result<(), Problem> {
    let key = submission.form.text("plan").to_owned();
    let mut ctx = submission.write().await?;
    ctx.billing().change_plan(&key).await?;
    Ok(())
}

pub(super) async fn ask(State(web): State<Web>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let (form, faults) = (Form::default(), Faults::default());
    let mut page = BillingPage::load(&web, &mut ctx, frame.covered(), &form, faults).await?;
    let frame = &page.frame;
    let path = format!("{}/settings/billing", frame.base);
    page.dialog = Some(Dialog {
        title: frame.t("billing-cancel-title"),
        effects: vec![frame.t("billing-cancel-effect"), frame.t("billing-cancel-data")],
        action: format!("{path}/cancel"),
        verb: frame.t("billing-cancel"),
        keep: frame.t("billing-keep"),
        back: path,
        word: None,
    });
    reply::page(&page)
}

pub(super) async fn cancel(State(web): State<Web>, mut submission: Submission) -> Shown {
    let saved = end(&mut submission).await;
    finish(&web, submission, saved, "billing-cancel-done").await
}

async fn end(submission: &mut Submission) -> Result<(), Problem> {
    let mut ctx = submission.write().await?;
    ctx.billing().cancel().await?;
    Ok(())
}

//! How an account signs in, as the operator sees and changes it: disabled or not, second factors, sessions.

use axum::extract::State;
use hallpass_app::operation::Operator;
use hallpass_domain::id::AccountId;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;

use super::account::{AccountPage, id};
use super::gate::{OperatorSubmission, OperatorViewer};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::refusal;
use crate::reply::{self, Shown};

/// What asks before it is done.
#[derive(Clone, Copy)]
enum Danger {
    Disable,
    ResetFactors,
}

/// Enables the account, or ends sessions: what is easily made good.
pub(super) async fn act(
    State(web): State<Web>,
    Path(account): Path<String>,
    submission: OperatorSubmission,
) -> Shown {
    let OperatorSubmission { operator, frame, form, .. } = submission;
    let (accounts, account) = (web.app.accounts(), id(&account)?);
    let message = match form.text("do") {
        "enable" => {
            accounts.enable_as(&operator, account).await?;
            "operator-enabled"
        }
        "end-sessions" => {
            accounts.end_sessions_as(&operator, account).await?;
            "operator-sessions-ended"
        }
        "end-session" => {
            let session = form.text("session").parse();
            let session = session.map_err(|_| Failure::missing("session"))?;
            accounts.end_session_as(&operator, account, session).await?;
            "session-ended"
        }
        _ => return Err(Failure::missing("page")),
    };
    reply::done(&path(account), &frame.t(message))
}

pub(super) async fn ask_to_disable(
    State(web): State<Web>,
    Path(account): Path<String>,
    viewer: OperatorViewer,
) -> Shown {
    let OperatorViewer { operator, frame, .. } = viewer;
    dialog(&web, (&operator, id(&account)?), frame, Danger::Disable, None).await
}

pub(super) async fn disable(
    State(web): State<Web>,
    Path(account): Path<String>,
    submission: OperatorSubmission,
) -> Shown {
    let OperatorSubmission { operator, frame, .. } = submission;
    let account = id(&account)?;
    match web.app.accounts().disable_as(&operator, account).await {
        Ok(_) => reply::done(&path(account), &frame.t("operator-disabled")),
        Err(error) => {
            let of = (&operator, account);
            dialog(&web, of, frame, Danger::Disable, Some(error.into())).await
        }
    }
}

pub(super) async fn ask_to_reset(
    State(web): State<Web>,
    Path(account): Path<String>,
    viewer: OperatorViewer,
) -> Shown {
    let OperatorViewer { operator, frame, .. } = viewer;
    dialog(&web, (&operator, id(&account)?), frame, Danger::ResetFactors, None).await
}

pub(super) async fn reset(
    State(web): State<Web>,
    Path(account): Path<String>,
    submission: OperatorSubmission,
) -> Shown {
    let OperatorSubmission { operator, frame, .. } = submission;
    let account = id(&account)?;
    match web.app.accounts().reset_factors_as(&operator, account).await {
        Ok(()) => reply::done(&path(account), &frame.t("operator-factors-gone")),
        Err(error) => {
            let of = (&operator, account);
            dialog(&web, of, frame, Danger::ResetFactors, Some(error.into())).await
        }
    }
}

fn path(account: AccountId) -> String {
    format!("/operator/accounts/{account}")
}

/// The dialog, with why it was refused before.
async fn dialog(
    web: &Web,
    (operator, account): (&Operator, AccountId),
    frame: Frame,
    danger: Danger,
    problem: Option<Problem>,
) -> Shown {
    let page = AccountPage::load(web, operator, frame.covered(), account).await?;
    let (frame, name) = (page.frame(), page.name());
    let (title, verb, effects, part) = match danger {
        Danger::Disable => (
            text!(frame.text, "operator-disable-title", name = name),
            "operator-disable",
            ["operator-disable-ways", "operator-disable-sessions", "operator-disable-stays"],
            "disable",
        ),
        Danger::ResetFactors => (
            text!(frame.text, "operator-factors-title", name = name),
            "operator-factors-reset",
            ["operator-factors-gone-too", "operator-factors-mail", "operator-factors-link"],
            "factors",
        ),
    };
    let (status, refused) = match problem {
        Some(problem) if problem.status == 409 => {
            let known = match problem.code {
                "last_operator" => frame.t("operator-last"),
                "no_second_factor" => frame.t("operator-no-factor"),
                "account_disabled" => frame.t("operator-is-disabled-first"),
                _ => refusal::of_problem(frame.text, &problem),
            };
            (409, Some(known))
        }
        Some(problem) => return Err(problem.into()),
        None => (200, None),
    };
    let dialog = Dialog {
        title,
        effects: effects.iter().map(|key| frame.t(key)).collect(),
        action: format!("{}/{part}", path(account)),
        verb: frame.t(verb),
        keep: frame.t("cancel"),
        back: path(account),
        word: None,
    };
    reply::refused(status, &page.with_dialog(dialog, refused))
}

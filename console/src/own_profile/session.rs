//! The end of one's own sessions.

use axum::extract::State;
use hallpass_domain::id::SessionId;
use hallpass_web::Web;
use hallpass_web::extract::{Path, no_session_cookie};

use crate::failure::Failure;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Authenticated;

pub(super) async fn end(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Path((_, session)): Path<(String, String)>,
    submission: Submission,
) -> Shown {
    let id: SessionId = session.parse().map_err(|_| Failure::missing("session"))?;
    web.app.sessions().revoke(&principal, id).await?;
    let frame = &submission.frame;
    if principal.session()? == id {
        let mut response = reply::done("/sign-in", &frame.t("session-ended"))?;
        reply::add_cookie(&mut response, &no_session_cookie(&web));
        return Ok(response);
    }
    reply::done(&format!("{}/profile", frame.base), &frame.t("session-ended"))
}

/// Ends every session but the one of the request.
pub(super) async fn end_others(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    submission: Submission,
) -> Shown {
    let (sessions, current) = (web.app.sessions(), principal.session()?);
    for session in sessions.list(&principal).await? {
        if session.id != current {
            sessions.revoke(&principal, session.id).await?;
        }
    }
    let frame = &submission.frame;
    reply::done(&format!("{}/profile", frame.base), &frame.t("sessions-ended"))
}

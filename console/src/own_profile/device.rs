//! The end of the trust in a device.

use axum::extract::State;
use hallpass_domain::id::DeviceId;
use hallpass_web::Web;
use hallpass_web::extract::Path;

use crate::failure::Failure;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Authenticated;

pub(super) async fn revoke(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Path((_, device)): Path<(String, String)>,
    submission: Submission,
) -> Shown {
    let id: DeviceId = device.parse().map_err(|_| Failure::missing("device"))?;
    web.app.devices().revoke(&principal, id).await?;
    let frame = &submission.frame;
    reply::done(&format!("{}/profile", frame.base), &frame.t("device-revoked"))
}

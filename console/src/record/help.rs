//! Whom to ask where the access of the reader does not reach.

use hallpass_app::context::WorkspaceContext;

use crate::failure::Failure;
use crate::frame::Frame;

/// Says whom to ask: members who can give the reader access and whom the reader may know, or an administrator.
pub(super) async fn ask(ctx: &mut WorkspaceContext, frame: &Frame) -> Result<String, Failure> {
    if ctx.member_id().is_none() {
        return Ok(frame.t("no-access-administrator"));
    }
    let people = ctx.workspace().helpers().await?;
    Ok(if people.is_empty() {
        frame.t("no-access-administrator")
    } else {
        text!(frame.text, "no-access-advice", people = people.join(", "))
    })
}
